"""A real sshd: keyboard-interactive with two factors, its method `password`, public keys, and names that it refuses."""

import os
import subprocess

import hosts
from hosts import ANN_PASSWORD, POLICIES, RECOVERY_CODES
from sshd import Sshd

SERVICE = "lsec-sshd"
PROMPTS = ["Password: ", "Verification code: "]


def run(checks, programs):
    site = hosts.Site(POLICIES["required"])
    site.one_line()
    site.one_line("factor=code", "code")
    with hosts.UnixHost(site) as host:
        host.account("annlee")
        host.account("dan")
        host.service(SERVICE, site.confdir)
        interactive(site, checks)
        password_method(site, checks)
        public_key(site, host, checks)
    site.remove()


def short(prompts):
    """The prompts without what newer clients put before them: (user@host)."""
    return [prompt.split(") ")[-1] for prompt in prompts]


def counted(site, factor):
    """Failures of a kind; 0 when nothing was ever counted."""
    if not site.sql("SELECT 1 FROM sqlite_master WHERE name = 'lsec_throttle'"):
        return 0
    return site.sql("SELECT coalesce(sum(failures), 0) FROM lsec_throttle WHERE factor = ?", factor)[0][0]


def interactive(site, checks):
    options = ["KbdInteractiveAuthentication=yes", "PasswordAuthentication=no", "PermitRootLogin=no"]
    with Sshd(site.folder, SERVICE, options) as sshd:
        code = hosts.totp()
        came, prompts = sshd.login("annlee", [ANN_PASSWORD, code])
        checks.equal("password and code", (came, short(prompts)), (True, PROMPTS))
        tracked = site.sql("SELECT login_count, current_login_ip FROM user WHERE username = 'annlee'")[0]
        checks.equal("the sign-in is recorded once", tracked, (1, "127.0.0.1"))
        for name, answers in [
            ("the same code again", [ANN_PASSWORD, code]), ("a wrong password", ["wrong", hosts.totp(steps=1)]),
            ("a wrong code", [ANN_PASSWORD, "000000"]), ("a very long answer", [ANN_PASSWORD, "1" * 1000]),
        ]:
            came, prompts = sshd.login("annlee", answers)
            checks.equal(name + " is refused after the same prompts", (came, short(prompts)), (False, PROMPTS))
        came, _ = sshd.login("annlee", [ANN_PASSWORD, RECOVERY_CODES[0]])
        checks.true("a recovery code", came)
        came, _ = sshd.login("annlee", [ANN_PASSWORD, RECOVERY_CODES[0]])
        checks.true("the same recovery code again is refused", not came)
        came, prompts = sshd.login("dan", ["disabled account password", "000000"])
        checks.equal("a disabled account gets the same prompts", (came, short(prompts)), (False, PROMPTS))
        site.reset()
        # sshd refuses these itself, and answers PAM's questions with dummies of its own.
        for user in ["bob", "root"]:
            came, prompts = sshd.login(user, ["Tr0ub4dor&3 Tr0ub4dor", "000000"])
            checks.equal("%s is no user of sshd: the same prompts" % user, (came, short(prompts)), (False, PROMPTS))
        checks.equal("and nothing is counted", (counted(site, "password"), counted(site, "code")), (0, 0))


def password_method(site, checks):
    site.reset()
    with Sshd(site.folder, SERVICE, ["KbdInteractiveAuthentication=no", "PasswordAuthentication=yes"]) as sshd:
        came, _ = sshd.login("annlee", [ANN_PASSWORD], "password")
        checks.true("method password: the password is not enough", not came)
        checks.equal("method password: no attempt at a code is burnt", counted(site, "code"), 0)
        site.configure(POLICIES["off"])
        came, _ = sshd.login("annlee", [ANN_PASSWORD], "password")
        checks.true("method password: in where the policy wants no code", came)
        site.configure(POLICIES["required"])


def public_key(site, host, checks):
    key = os.path.join(site.folder, "user_key")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    options = ["PubkeyAuthentication=yes", "AuthorizedKeysFile=%s.pub" % key, "PasswordAuthentication=no"]
    host.service(SERVICE, site.confdir, "code")
    site.reset()
    both = ["KbdInteractiveAuthentication=yes", "AuthenticationMethods=publickey,keyboard-interactive"]
    with Sshd(site.folder, SERVICE, [*options, *both]) as sshd:
        methods = "publickey,keyboard-interactive"
        code = hosts.totp()
        came, prompts = sshd.login("annlee", [code], methods, key)
        checks.equal("a key and a code", (came, short(prompts)), (True, PROMPTS[1:]))
        came, _ = sshd.login("annlee", [code], methods, key)
        checks.true("a key and a used code are refused", not came)
    with Sshd(site.folder, SERVICE, [*options, "KbdInteractiveAuthentication=no"]) as sshd:
        came, prompts = sshd.login("annlee", [], "publickey", key)
        checks.equal("a key alone: account and session without authentication of ours", (came, prompts), (True, []))
        came, _ = sshd.login("dan", [], "publickey", key)
        checks.true("a key alone: a disabled account is refused", not came)
