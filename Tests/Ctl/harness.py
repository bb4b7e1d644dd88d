"""A private site for each test, securityctl as a process, and an independent look at what it wrote."""

import base64
import hashlib
import hmac
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import tempfile
import time
import unittest

BINARY = ""
PASSWORD = "correct horse battery staple"
SALT = "146585145368132386173505678016728509634"
TOTP_SECRET = "TjQ9Qa31VOrfEzuPy4VHQWPCTmRzCnFzMKLxXYiZu9B"
#: Cheap hashes, everything that securityctl can do switched on.
SETTINGS = {
    "SECRET_KEY": '"tests-only-0123456789abcdef0123456789abcdef"',
    "SECURITY_PASSWORD_HASH": '"bcrypt"',
    "SECURITY_PASSWORD_SALT": f'"{SALT}"',
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": "{ bcrypt__rounds = 4 }",
    "SECURITY_TOTP_SECRETS": f'{{ 1 = "{TOTP_SECRET}" }}',
    "SECURITY_TOTP_ISSUER": '"Test Site"',
    "SECURITY_TWO_FACTOR": "true",
    "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": "30",
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES": "true",
}


class Result:
    def __init__(self, process):
        self.status = process.returncode
        self.out = process.stdout.decode()
        self.err = process.stderr.decode()

    @property
    def json(self):
        return json.loads(self.out)


def run(*arguments, stdin=b"", **options):
    """Runs securityctl without a terminal."""
    process = subprocess.run(
        [BINARY, *arguments], input=stdin, capture_output=True, timeout=60, start_new_session=True, check=False,
        **options)
    return Result(process)


def unprivileged():
    """What makes run() go on as somebody who is not root: the options, and the ids that files must have."""
    if os.geteuid() != 0:
        return {}, os.geteuid(), os.getegid()
    return {"user": 65534, "group": 65534, "extra_groups": []}, 65534, 65534


class SiteTest(unittest.TestCase):
    """A test with its own configuration and empty database."""

    settings = {}

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="securityctl-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.config = os.path.join(self.folder, "security.toml")
        self.database = os.path.join(self.folder, "users.db")
        self.configure(**self.settings)
        self.succeed("init", "--database-only")

    def configure(self, **changes):
        """Writes the configuration; None leaves a key out."""
        database = {"SQLALCHEMY_DATABASE_URI": f'"sqlite:///{self.database}"'}
        values = {key: value for key, value in (SETTINGS | database | changes).items() if value is not None}
        with open(self.config, "w", encoding="utf-8") as file:
            file.write("".join(f"{key} = {value}\n" for key, value in values.items()))
        os.chmod(self.config, 0o600)

    def ctl(self, *arguments, stdin=b""):
        return run("--config", self.config, *arguments, stdin=stdin)

    def succeed(self, *arguments, stdin=b""):
        result = self.ctl(*arguments, stdin=stdin)
        self.assertEqual(result.status, 0, result.err)
        return result

    def fail_with(self, status, text, *arguments, stdin=b""):
        """The command ends with a status, says a text on standard error, and prints no result."""
        result = self.ctl(*arguments, stdin=stdin)
        self.assertEqual(result.status, status, result.out + result.err)
        self.assertIn(text, result.err)
        self.assertEqual(result.out, "")
        return result

    def create(self, email, *arguments, password=PASSWORD):
        return self.succeed("users", "create", email, *arguments, "--password-stdin", stdin=password.encode())

    def rows(self, statement, *values):
        with sqlite3.connect(self.database) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(statement, values)]

    def execute(self, statement, *values):
        with sqlite3.connect(self.database) as connection:
            connection.execute(statement, values)

    def user(self, email):
        (row,) = self.rows("SELECT * FROM user WHERE email = ?", email)
        return row


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def double_hash(password):
    """What Flask-Security hands to the scheme: base64 of an HMAC-SHA512 keyed with the salt."""
    digest = hmac.new(SALT.encode(), password.encode(), hashlib.sha512).digest()
    return base64.b64encode(digest).decode()


def totp(key, now=None):
    """RFC 6238 with SHA-1, 6 digits, 30 seconds."""
    counter = int(time.time() if now is None else now) // 30
    digest = hmac.new(key, counter.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(int.from_bytes(digest[offset:offset + 4], 'big') & 0x7FFFFFFF) % 1000000:06d}"


def unpad(text):
    return base64.b32decode(text + "=" * (-len(text) % 8))


def open_wallet(text):
    """The key in a passlib wallet, by OpenSSL's command line."""
    entry = json.loads(text)["enckey"]
    derived = hashlib.pbkdf2_hmac("sha256", TOTP_SECRET.encode(), unpad(entry["s"]), 1 << entry["c"], 48)
    command = ["openssl", "enc", "-d", "-aes-256-ctr", "-K", derived[:32].hex(), "-iv", derived[32:].hex()]
    return subprocess.run(command, input=unpad(entry["k"]), capture_output=True, check=True).stdout
