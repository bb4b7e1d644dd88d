"""What the tests share: both releases of Flask-Security, a fresh site for each test."""
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

import policy
from codes import App
from native import Library, Native
from peer import Peer

HERE = pathlib.Path(__file__).resolve().parent
# The models that an application of that release would be written with.
RELEASES = {"5.0.2": "fsqla_v3", "5.9.2": "fsqla_v4"}
PASSWORD = "correct horse battery staple"

_peers = {}
_library = None


def library():
    """libsecurity.so.1 and securityctl of the build in LSEC_DIST."""
    global _library
    _library = _library or Library(pathlib.Path(os.environ["LSEC_DIST"]).resolve())
    return _library


def peer(release):
    """The process of a release, started once."""
    if release not in _peers:
        made = subprocess.run([HERE / "venv.sh", release], check=True, text=True, stdout=subprocess.PIPE)
        _peers[release] = Peer(made.stdout.strip() + "/bin/python", release, RELEASES[release])
    return _peers[release]


def close_peers():
    for one in _peers.values():
        one.close()
    _peers.clear()


def both_releases(case):
    """Makes of a test class one for each release."""
    namespace = vars(sys.modules[case.__module__])
    for release in RELEASES:
        name = f"{case.__name__}_{release.replace('.', '_')}"
        namespace[name] = type(name, (case, InteropCase), {"release": release, "__module__": case.__module__})


class InteropCase(unittest.TestCase):
    """A test over one site: a folder with security.toml and users.db, which both sides use."""

    release = ""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="interop-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.config = self.folder / "security.toml"
        self.database = self.folder / "users.db"
        self.there = peer(self.release)
        self.here = None
        self.addCleanup(self._close)

    def _close(self):
        if self.here is not None:
            self.here.close()

    def start(self, model=None, **keys):
        """Both sides with this configuration, over the database that is there or that Flask-Security makes.

        A key of None is left out. May be called again with other keys: both sides start anew.
        """
        self._close()
        self.here = None
        keys = {**policy.BASE, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{self.database}", **keys}
        self.config.write_text(policy.toml({key: one for key, one in keys.items() if one is not None}))
        self.config.chmod(0o600)
        self.there.start(self.config, model=model)
        self.here = Native(library(), self.config)

    def sql(self, statement, *values):
        """What stands in the file, by neither side."""
        connection = sqlite3.connect(self.database, timeout=30)
        try:
            with connection:
                return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    def column(self, email, column):
        return self.sql(f'SELECT {column} FROM "user" WHERE email = ?', email)[0][0]

    # Accounts.

    def made_there(self, email="ann@example.org", password=PASSWORD, **attributes):
        self.there.create_user(email=email, password=password, **attributes)
        return email

    def made_here(self, email="ann@example.org", password=PASSWORD, *options):
        self.here.ctl("users", "create", email, "--active", "--confirmed", "--password-stdin", *options, stdin=password)
        return email

    def enrolled_there(self, session, email):
        """A second factor set up through Flask-Security's own pages, by somebody who is signed in."""
        answer = self.there.post(session, "/tf-setup", {"setup": "authenticator"})
        app = App(answer["tf_authr_key"].replace("-", ""))
        done = self.there.post(session, self.validation(answer), {"code": app.code()})
        self.assertEqual(done["status"], 200, done)
        return app

    @staticmethod
    def validation(answer):
        """Where the first code of a method goes: since 5.5 the answer has a token for it."""
        token = answer.get("tf_state_token")
        return f"/tf-setup/{token}" if token else "/tf-validate"

    def enrolled_here(self, email):
        """A second factor set up through the C ABI."""
        key, _ = self.here.generate_totp(email)
        app = App(key)
        self.assertTrue(self.here.enrol_totp(email, key, app.code()))
        return app

    def signed_in_there(self, email, password=PASSWORD):
        """A session of somebody who signed in there."""
        session = self.session()
        self.assertTrue(self.there.login(session, email, password))
        return session

    def session(self):
        """The name of a browser that nobody used before."""
        self.sessions = getattr(self, "sessions", 0) + 1
        return f"session {self.sessions}"

    # What the tests say.

    def assert_in_there(self, email, password, **evidence):
        self.assertTrue(self.there.login(self.session(), email, password, **evidence), f"{email} is refused there")

    def assert_out_there(self, email, password, **evidence):
        self.assertFalse(self.there.login(self.session(), email, password, **evidence), f"{email} signs in there")

    def assert_in_here(self, email, password, code=None):
        self.assertEqual(self.here.login(email, password, code), "granted")

    def assert_out_here(self, email, password, reason, code=None):
        self.assertEqual(self.here.login(email, password, code), reason)
