"""What the host tests share: a site in a temporary folder, the pamhost program, and one line for each check."""

import base64
import hashlib
import hmac
import json
import os
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
VECTORS = os.path.join(ROOT, "Tests", "Vectors")
ANN_KEY = b"\x01" * 20
ANN_PASSWORD = "correct horse battery staple"
RECOVERY_CODES = ["0123-4567-89ab", "1111-2222-3333", "aaaa-bbbb-cccc", "dead-beef-0001", "cafe-f00d-9999"]

# One account of each kind of pam/outcomes.tsv, out of the sample database: user name, password, what the row gets.
ACCOUNTS = {
    "app": ("annlee", ANN_PASSWORD),
    "codes": ("judy", "pässwörd ① naïve"),
    "other": ("bob", "Tr0ub4dor&3 Tr0ub4dor"),
    "none": ("lea", "pbkdf2 sha256 password"),
    "unknown": ("nobody-here", "whatever it is"),
    "inactive": ("dan", "disabled account password"),
    "unconfirmed": ("eve", "never confirmed password"),
    "not-admitted": ("ken", "sha256 crypt password"),
    "superuser": ("root", "plain text on disk!"),
}
BARRED = ["unknown", "inactive", "unconfirmed", "not-admitted", "superuser"]
POLICIES = {
    "off": {"SECURITY_TWO_FACTOR": False, "SECURITY_WEBAUTHN": False},
    "opt-in": {"SECURITY_TWO_FACTOR": True},
    "required": {"SECURITY_TWO_FACTOR": True, "SECURITY_TWO_FACTOR_REQUIRED": True},
}


def totp(key=ANN_KEY, steps=0, at=None):
    """RFC 6238 with SHA-1, six digits, thirty seconds."""
    counter = int((time.time() if at is None else at) // 30) + steps
    digest = hmac.new(key, struct.pack(">Q", counter), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return "%06d" % ((struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 1000000)


def wallet(key, secret="rotated-secret-kept-as-second-tag-00000000", tag="2", cost=14):
    """The JSON in which passlib's AppWallet keeps a TOTP key."""
    salt = os.urandom(12)
    derived = hashlib.pbkdf2_hmac("sha256", secret.encode(), salt, 1 << cost, 48)
    command = ["openssl", "enc", "-aes-256-ctr", "-K", derived[:32].hex(), "-iv", derived[32:].hex()]
    sealed = subprocess.run(command, input=key, stdout=subprocess.PIPE, check=True).stdout

    def text(data):
        return base64.b32encode(data).decode().rstrip("=")

    entry = {"c": cost, "k": text(sealed), "s": text(salt), "t": tag, "v": 1}
    return json.dumps({"enckey": entry, "type": "totp", "v": 1}, separators=(",", ":"), sort_keys=True)


class Checks:
    """Prints one line for each check and counts."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def equal(self, name, found, expected):
        return self.true(name, found == expected, "found %r, expected %r" % (found, expected))

    def true(self, name, condition, detail=""):
        if condition:
            self.passed += 1
            print("ok      " + name)
        else:
            self.failed += 1
            print("FAILED  %s%s" % (name, ": " + str(detail) if detail else ""))
        sys.stdout.flush()
        return condition


class Site:
    """A private configuration, account database and confdir."""

    folders = []

    def __init__(self, settings=None, folder=None):
        self.folder = folder or tempfile.mkdtemp(prefix="lsec-hosts-")
        Site.folders.append(self.folder)
        os.chmod(self.folder, 0o755)
        self.config = os.path.join(self.folder, "security.toml")
        self.database = os.path.join(self.folder, "sample.db")
        self.confdir = os.path.join(self.folder, "pam.d")
        os.makedirs(self.confdir, exist_ok=True)
        self.reset()
        self.configure(settings or {})

    def reset(self):
        """The sample database, with a user name for everybody."""
        for name in os.listdir(self.folder):
            if name.startswith("sample.db"):
                os.remove(os.path.join(self.folder, name))
        shutil.copyfile(os.path.join(VECTORS, "sample.db"), self.database)
        os.chmod(self.database, 0o600)
        self.sql("UPDATE user SET username = substr(email, 1, instr(email, '@') - 1) WHERE id NOT IN (1)")
        self.sql("UPDATE user SET username = 'root' WHERE email = 'heidi@example.org'")
        self.sql("UPDATE user SET mf_recovery_codes = ? WHERE username = 'judy'", ",".join(RECOVERY_CODES))
        self.sql("INSERT INTO role (name) VALUES ('staff')")
        self.sql(
            "INSERT INTO roles_users (user_id, role_id)"
            " SELECT u.id, r.id FROM user u, role r WHERE r.name = 'staff' AND u.username <> 'ken'"
        )

    def sql(self, statement, *values):
        with sqlite3.connect(self.database, timeout=10) as connection:
            rows = connection.execute(statement, values).fetchall()
        connection.close()
        return rows

    def configure(self, settings):
        """sample.toml with other values; None takes a key out."""
        values = {
            "SQLALCHEMY_DATABASE_URI": "sqlite:///" + self.database,
            "LIBSECURITY_PAM_ROLES_ACCEPTED": ["staff"],
            "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
        }
        values.update(settings)
        with open(os.path.join(VECTORS, "sample.toml"), encoding="utf-8") as sample:
            lines = [line for line in sample if line.split("=")[0].strip() not in values]
        for key, value in values.items():
            if value is not None:
                lines.append("%s = %s\n" % (key, toml(value)))
        descriptor = os.open(self.config, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as config:
            config.writelines(lines)

    def service(self, name, *lines):
        """Writes a service file; a line without a path to a module means ours: "auth required @ factor=code"."""
        text = "".join(line.replace(" @", " %s config=%s" % (self.module, self.config)) + "\n" for line in lines)
        with open(os.path.join(self.confdir, name), "w", encoding="utf-8") as service:
            service.write(text)
        return name

    def one_line(self, arguments="", name="one"):
        """A service all of whose groups are one line of ours."""
        groups = ["auth", "account", "session", "password"]
        return self.service(name, *["%s required @ %s" % (group, arguments) for group in groups])

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def remove_all():
        for folder in Site.folders:
            shutil.rmtree(folder, ignore_errors=True)


def toml(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join("%s = %s" % (key, toml(item)) for key, item in value.items()) + " }"
    return '"%s"' % value


class Report:
    """What one run of pamhost printed."""

    def __init__(self, process):
        self.status = process.returncode
        self.lines = process.stdout.splitlines()
        self.stderr = process.stderr

    def all(self, kind):
        return [line[len(kind) + 2 :] for line in self.lines if line.startswith(kind + ": ")]

    def code(self, operation):
        codes = self.all(operation)
        return codes[-1] if codes else None

    @property
    def prompts(self):
        return self.all("prompt") + self.all("shown")

    @property
    def logs(self):
        return self.all("log")


class Hosts:
    """The programs under test."""

    def __init__(self, dist, programs):
        self.dist = dist
        self.programs = programs
        Site.module = os.path.join(dist, "lib", "security", "pam_security.so")

    def command(self, site, user, operations, answers=(), service="one", options=()):
        command = [os.path.join(self.programs, "pamhost"), *options]
        for answer in answers:
            command += ["-a", answer]
        if isinstance(operations, str):
            operations = operations.split()
        return [*command, site.confdir, service, user, *operations]

    def run(self, *args, prefix=(), **kwargs):
        command = [*prefix, *self.command(*args, **kwargs)]
        process = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", errors="surrogateescape", timeout=120
        )
        return Report(process)


class UnixHost:
    """Accounts and services that real programs find in /etc. Under run.sh that is a private copy of /etc; without one,
    what was made is taken away again, and names that the machine has are left alone."""

    is_private = os.environ.get("LSEC_PRIVATE_ETC") == "1"

    def __init__(self, site):
        self.site = site
        self.made = []
        self.services = set()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for undo in reversed(self.made):
            undo()

    def account(self, name):
        """A Unix account without a password of its own."""
        if subprocess.run(["id", name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
            return name
        subprocess.run(["useradd", "-M", "-N", "-d", "/", "-s", "/bin/sh", name], check=True, stderr=subprocess.DEVNULL)
        self.made.append(lambda: subprocess.run(["userdel", name], stderr=subprocess.DEVNULL))
        return name

    def service(self, name, confdir, source="one"):
        """Installs a service of a site under a name that programs look for."""
        path = os.path.join("/etc/pam.d", name)
        if os.path.exists(path) and not self.is_private and path not in self.services:
            raise RuntimeError(path + " is the machine's own")
        shutil.copyfile(os.path.join(confdir, source), path)
        self.services.add(path)
        self.made.append(lambda: os.path.exists(path) and os.remove(path))
        return name
