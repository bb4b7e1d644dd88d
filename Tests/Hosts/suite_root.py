"""root.tsv, cell by cell: each shipped example, with a configuration or an account database that fails."""

import contextlib
import os
import sqlite3
import subprocess

import hosts
from hosts import ANN_PASSWORD, POLICIES
from suite_stacks import EXAMPLES, LOCAL_PASSWORD, install

TABLE = os.path.join(hosts.HERE, "root.tsv")
# Longer than a lock is waited for.
DEADLINE = 20


def run(checks, programs):
    site = hosts.Site(POLICIES["opt-in"])
    with hosts.UnixHost(site) as host:
        if not host.is_private:
            print("skipped: no private /etc here (unshare -m), and the machine's own is left alone")
            site.remove()
            return
        host.account("annlee")
        for name in ["annlee", "root"]:
            subprocess.run(["chpasswd"], input="%s:%s\n" % (name, LOCAL_PASSWORD), text=True, check=True)
        stacks = {stack for stack, *_ in rows()}
        checks.equal("each example stands in the table", stacks, set(os.listdir(EXAMPLES)))
        for stack, state, root, user in rows():
            for name, expected in [("root", root), ("annlee", user)]:
                answer(checks, programs, site, (stack, state, name, expected))
        root_changes(checks, programs, site)
    site.remove()


def rows():
    with open(TABLE, encoding="utf-8") as table:
        for line in table:
            if not line.startswith("#"):
                yield line.rstrip("\n").split("\t")


def answer(checks, programs, site, cell):
    stack, state, name, expected = cell
    site.reset()
    site.configure(POLICIES["opt-in"])
    is_whole = stack in ["sshd-two-factors", "first-factor-beside-pam_unix"]
    password = ANN_PASSWORD if is_whole and name == "annlee" else LOCAL_PASSWORD
    with STATES[state](site):
        install(site, os.path.join(EXAMPLES, stack), stack)
        found = login(programs, site, name, stack, [password, hosts.totp()])
    checks.true("%s | %s | %s: %s" % (stack, state, name, expected), found == expected, found)


def login(programs, site, name, stack, answers):
    """The answer of the whole login: authentication, and account management after a success."""
    try:
        command = programs.command(site, name, ["tty=pts/7", "auth"], answers, stack)
        process = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", timeout=DEADLINE)
    except subprocess.TimeoutExpired:
        return "hangs"
    code = hosts.Report(process).code("auth") if process.returncode == 0 else process.returncode
    if code != "PAM_SUCCESS":
        return code
    return programs.run(site, name, "acct", (), stack).code("acct")


def root_changes(checks, programs, site):
    """Root's own password, and a password that the policy lets nobody change."""
    stack = "first-factor-beside-pam_unix"
    for state in ["missing", "no configuration"]:
        site.reset()
        site.configure(POLICIES["opt-in"])
        with STATES[state](site):
            install(site, os.path.join(EXAMPLES, stack), stack)
            report = programs.run(site, "root", "chauthtok", [LOCAL_PASSWORD, LOCAL_PASSWORD], stack)
        checks.equal("root changes a password of the host: " + state, report.code("chauthtok"), "PAM_SUCCESS")
    site.reset()
    site.configure(dict(POLICIES["opt-in"], SECURITY_CHANGEABLE=False))
    report = programs.run(site, "root", "chauthtok", [LOCAL_PASSWORD, LOCAL_PASSWORD], stack)
    checks.equal("root's password is the host's, whatever SECURITY_CHANGEABLE says", report.code("chauthtok"), "PAM_SUCCESS")


@contextlib.contextmanager
def fine(_site):
    yield


@contextlib.contextmanager
def missing(site):
    os.remove(site.database)
    yield


@contextlib.contextmanager
def damaged(site):
    with open(site.database, "r+b") as database:
        database.write(b"x" * 8192)
    yield


@contextlib.contextmanager
def locked(site):
    connection = sqlite3.connect(site.database, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.rollback()
        connection.close()


@contextlib.contextmanager
def full(site):
    """The database on a file system without room."""
    folder = os.path.join(site.folder, "full")
    os.makedirs(folder)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m,mode=0700", "tmpfs", folder], check=True)
    try:
        database = os.path.join(folder, "sample.db")
        subprocess.run(["cp", site.database, database], check=True)
        os.chmod(database, 0o600)
        with open(os.path.join(folder, "filling"), "wb", buffering=0) as filling:
            with contextlib.suppress(OSError):
                while True:
                    filling.write(b"x" * 4096)
        site.configure(dict(POLICIES["opt-in"], SQLALCHEMY_DATABASE_URI="sqlite:///" + database))
        yield
    finally:
        subprocess.run(["umount", folder], check=True)
        os.rmdir(folder)


@contextlib.contextmanager
def hanging(site):
    journal = site.database + "-journal"
    os.mkfifo(journal)
    try:
        yield
    finally:
        os.remove(journal)


@contextlib.contextmanager
def no_configuration(site):
    os.remove(site.config)
    yield


@contextlib.contextmanager
def invalid_configuration(site):
    with open(site.config, "a", encoding="utf-8") as config:
        config.write("SECURITY_TWO_FACTER = true\n")
    yield


STATES = {
    "fine": fine, "missing": missing, "damaged": damaged, "locked": locked, "full": full, "hanging": hanging,
    "no configuration": no_configuration, "invalid configuration": invalid_configuration,
}
