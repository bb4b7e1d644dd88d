"""What a login leaves behind in the process that asked for it: nothing. 1,000 rounds, forks, dlclose in any order."""

import base64
import os
import re
import subprocess
import tempfile

import hosts
from hosts import ANN_PASSWORD, POLICIES

ROUNDS = 1000
SECRETS = [
    "sample-secret-key-0123456789abcdef",
    "146585145368132386173505678016728509634",
    "rotated-secret-kept-as-second-tag-00000000",
    "TjQ9Qa31VOrfEzuPy4VHQWPCTmRzCnFzMKLxXYiZu9B",
]
NEW_PASSWORD = "0ne m0re passw0rd, never typed"


def run(checks, programs):
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    site = hosts.Site(folder=tempfile.mkdtemp(prefix="lsec-hosts-", dir=memory))
    site.one_line()
    key = os.urandom(20)
    granted(site, checks, programs, key)
    refused(site, checks, programs, key)
    changed(site, checks, programs, key)
    clones(site, checks, programs)
    site.remove()


def rounds(site, programs, key, answers, count, expected, *words):
    """Runs pamrounds; what it printed."""
    lines = ["answer " + answer.encode().hex() for answer in answers]
    texts = [secret.encode() for secret in SECRETS] + [key, base64.b32encode(key)]
    lines += ["secret " + text.hex() for text in texts]
    command = [os.path.join(programs.programs, "pamrounds"), site.module, site.confdir, "one", "annlee", str(count)]
    process = subprocess.run(
        [*command, str(expected), *words], input="\n".join(lines) + "\n", stdout=subprocess.PIPE, encoding="utf-8", timeout=600
    )
    return process.stdout


def judge(checks, name, output, count):
    for line in output.splitlines():
        if line.startswith(("same ", "CHANGED ")):
            checks.true("%s: %s unchanged" % (name, line.split(" ", 1)[1]), line.startswith("same "))
    checks.true(name + ": all properties were compared", len(re.findall("^(same|CHANGED) ", output, re.M)) == 13, output[-500:])
    checks.true(name + ": each round went as expected", "rounds %d of %d\n" % (count, count) in output, output[-500:])
    grown = re.search("^grown (-?[0-9]+)$", output, re.M)
    checks.true(name + ": memory grew by less than 1 MB", grown and int(grown.group(1)) < 1024, grown and grown.group(0))
    checks.true(name + ": no copy of a secret is left", "copies 0\n" in output and "copy of" not in output, output[:2000])
    checks.true(name + ": a broken call is refused and keeps errno", "misuse ok\n" in output, output[-500:])


def granted(site, checks, programs, key):
    settings = {"LIBSECURITY_TOTP_SINGLE_USE": False, "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 1800}
    site.configure(dict(POLICIES["required"], **settings))
    site.sql("UPDATE user SET tf_totp_secret = ? WHERE id = 1", hosts.wallet(key, cost=4))
    output = rounds(site, programs, key, [ANN_PASSWORD, hosts.totp(key)], ROUNDS, 0)
    judge(checks, "%d logins" % ROUNDS, output, ROUNDS)


def refused(site, checks, programs, key):
    """The same with every scheme's failing branch: a wrong password, and a code that is not looked up."""
    site.configure(dict(POLICIES["required"], LIBSECURITY_THROTTLE=False))
    for number, (scheme, stored) in enumerate(sorted(hashes().items())):
        site.sql("UPDATE user SET password = ? WHERE id = 1", stored)
        count = 60 + number
        output = rounds(site, programs, key, [NEW_PASSWORD, "135792"], count, 7)
        judge(checks, "wrong password, " + scheme, output, count)


def changed(site, checks, programs, key):
    """A password change by root, and one that the policy refuses."""
    site.configure(POLICIES["required"])
    output = rounds(site, programs, key, [NEW_PASSWORD, NEW_PASSWORD], 60, 0, "change")
    judge(checks, "password change", output, 60)
    site.configure(dict(POLICIES["required"], SECURITY_PASSWORD_LENGTH_MIN=40))
    output = rounds(site, programs, key, [NEW_PASSWORD, NEW_PASSWORD], 60, 20, "change")
    judge(checks, "refused password change", output, 60)


def hashes():
    """One stored string of each scheme that the sample database has."""
    connection = hosts.sqlite3.connect(os.path.join(hosts.VECTORS, "sample.db"))
    rows = connection.execute("SELECT password FROM user WHERE password LIKE '$%'").fetchall()
    connection.close()
    return {row[0].split("$")[1]: row[0] for row in rows}


def clones(site, checks, programs):
    """No thread and no child: the kernel ends a process that asks for one."""
    report = programs.run(site, "annlee", "fork acct", options=["-s"])
    checks.true("the filter ends who forks", report.status != 0 and report.code("acct") is None, report.lines)
    site.reset()
    site.configure(POLICIES["required"])
    report = programs.run(
        site, "annlee", "auth acct setcred open close chauthtok", [ANN_PASSWORD, hosts.totp(), NEW_PASSWORD, NEW_PASSWORD],
        options=["-s"])
    codes = [report.code(name) for name in ["auth", "acct", "setcred", "open", "close", "chauthtok"]]
    checks.equal("bcrypt: every group without a clone", codes, ["PAM_SUCCESS"] * 6)
    site.configure(dict(POLICIES["off"], SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=None, SECURITY_PASSWORD_HASH="argon2"))
    site.sql("UPDATE user SET password = (SELECT password FROM user WHERE username = 'bob') WHERE username = 'lea'")
    for user in ["lea", "bob", "nobody-here"]:
        report = programs.run(site, user, "auth", ["Tr0ub4dor&3 Tr0ub4dor"], options=["-s"])
        expected = "PAM_AUTH_ERR" if user == "nobody-here" else "PAM_SUCCESS"
        checks.equal("argon2, %s: without a clone" % user, report.code("auth"), expected)
    report = programs.run(site, "annlee", "chauthtok", [ANN_PASSWORD] * 2, options=["-s"])
    checks.equal("argon2: a new hash without a clone", report.code("chauthtok"), "PAM_SUCCESS")
