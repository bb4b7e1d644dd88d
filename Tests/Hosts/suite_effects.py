"""What a login leaves behind in the process that asked for it: nothing. 1,000 rounds, forks, dlclose in any order."""

import base64
import os
import re
import subprocess
import tempfile

import hosts
from hosts import ANN_PASSWORD, POLICIES

ROUNDS = 1000
# malloc overwrites the beginning of what is freed and soon uses small pieces again, so secrets are long, and a code stands
# behind many blanks.
BLANKS = " " * 3000


class Secrets:
    """Everything that must not be found, new in each run."""

    def __init__(self):
        self.password, self.new_password = [os.urandom(32).hex() for _ in range(2)]
        self.secret_key, self.salt, self.wallet_secret = [os.urandom(32).hex() for _ in range(3)]
        self.key = os.urandom(64)

    def settings(self):
        return {
            "SECRET_KEY": self.secret_key,
            "SECURITY_PASSWORD_SALT": self.salt,
            "SECURITY_TOTP_SECRETS": {"1": self.wallet_secret},
        }

    def named(self):
        texts = {
            "password": self.password, "new password": self.new_password, "SECRET_KEY": self.secret_key,
            "PASSWORD_SALT": self.salt, "wallet secret": self.wallet_secret,
        }
        named = {name: text.encode() for name, text in texts.items()}
        return dict(named, key=self.key, base32=base64.b32encode(self.key).rstrip(b"="))


def run(checks, programs):
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    site = hosts.Site(folder=tempfile.mkdtemp(prefix="lsec-hosts-", dir=memory))
    site.one_line()
    secrets = Secrets()
    granted(site, checks, programs, secrets)
    refused(site, checks, programs, secrets)
    changed(site, checks, programs, secrets)
    clones(site, checks, programs)
    site.remove()


def enrol(site, programs, secrets, settings):
    """An account with these secrets; the password is set by the module itself."""
    site.reset()
    site.configure(dict(settings, **secrets.settings()))
    sealed = hosts.wallet(secrets.key, secrets.wallet_secret, "1", cost=4)
    site.sql("UPDATE user SET tf_totp_secret = ? WHERE id = 1", sealed)
    programs.run(site, "annlee", "chauthtok", [secrets.password] * 2)


def rounds(site, programs, secrets, answers, count, expected, *words):
    """Runs pamrounds; what it printed, with the names of the secrets that it found."""
    named = list(secrets.named().items())
    named += [("answer %d" % number, answer.strip().encode()) for number, answer in enumerate(answers, 1)]
    lines = ["answer " + answer.encode().hex() for answer in answers]
    lines += ["secret " + text.hex() for _, text in named]
    command = [os.path.join(programs.programs, "pamrounds"), site.module, site.confdir, "one", "annlee", str(count)]
    process = subprocess.run(
        [*command, str(expected), *words], input="\n".join(lines) + "\n", stdout=subprocess.PIPE, encoding="utf-8",
        timeout=600)
    names = {str(number): name for number, (name, _) in enumerate(named, len(answers))}
    return re.sub("^copy of secret ([0-9]+)", lambda found: "copy of " + names[found[1]], process.stdout, flags=re.M)


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


def granted(site, checks, programs, secrets):
    lasting = {"LIBSECURITY_TOTP_SINGLE_USE": False, "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 1800}
    enrol(site, programs, secrets, dict(POLICIES["required"], **lasting))
    answers = [secrets.password, BLANKS + hosts.totp(secrets.key)]
    judge(checks, "%d logins" % ROUNDS, rounds(site, programs, secrets, answers, ROUNDS, 0), ROUNDS)


def refused(site, checks, programs, secrets):
    """A used code, and a wrong password against each scheme."""
    enrol(site, programs, secrets, dict(POLICIES["required"], LIBSECURITY_THROTTLE=False))
    used = [secrets.password, BLANKS + hosts.totp(secrets.key, steps=-1)]
    programs.run(site, "annlee", "auth", [secrets.password, hosts.totp(secrets.key)])
    judge(checks, "used code", rounds(site, programs, secrets, used, 60, 7), 60)
    for scheme, stored in sorted(hashes().items()):
        site.sql("UPDATE user SET password = ? WHERE id = 1", stored)
        answers = [secrets.new_password, BLANKS + "135792"]
        judge(checks, "wrong password, " + scheme, rounds(site, programs, secrets, answers, 60, 7), 60)


def changed(site, checks, programs, secrets):
    """A password change by root, and one that the policy refuses."""
    enrol(site, programs, secrets, POLICIES["required"])
    answers = [secrets.new_password] * 2
    judge(checks, "password change", rounds(site, programs, secrets, answers, 60, 0, "change"), 60)
    site.configure(dict(POLICIES["required"], SECURITY_PASSWORD_LENGTH_MIN=100, **secrets.settings()))
    judge(checks, "refused password change", rounds(site, programs, secrets, answers, 60, 20, "change"), 60)


def hashes():
    """One stored string of each scheme that the sample database has."""
    connection = hosts.sqlite3.connect(os.path.join(hosts.VECTORS, "sample.db"))
    rows = connection.execute("SELECT password FROM user WHERE password LIKE '$%'").fetchall()
    connection.close()
    return {row[0].split("$")[1]: row[0] for row in rows}


def clones(site, checks, programs):
    """No thread and no child: the kernel ends a process that asks for one."""
    site.reset()
    site.configure(POLICIES["required"])
    report = programs.run(site, "annlee", "fork acct", options=["-s"])
    checks.true("the filter ends who forks", report.status != 0 and report.code("acct") is None, report.lines)
    report = programs.run(
        site, "annlee", "auth acct setcred open close chauthtok", [ANN_PASSWORD, hosts.totp(), "a new and long password", "a new and long password"],
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
