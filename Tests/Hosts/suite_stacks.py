"""The files of pam/ as they are shipped: the examples, and the profile of pam-auth-update in the stack that it makes."""

import os
import re
import shutil
import subprocess

import hosts
from hosts import ANN_PASSWORD, POLICIES, ROOT

EXAMPLES = os.path.join(ROOT, "pam", "examples")
LOCAL_PASSWORD = "a password of /etc/shadow"


def run(checks, programs):
    site = hosts.Site(POLICIES["opt-in"])
    with hosts.UnixHost(site) as host:
        if not host.is_private:
            print("skipped: no private /etc here (unshare -m), and the machine's own is left alone")
            site.remove()
            return
        for name in ["annlee", "lea", "localann"]:
            host.account(name)
            subprocess.run(["chpasswd"], input="%s:%s\n" % (name, LOCAL_PASSWORD), text=True, check=True)
        for name in os.listdir(EXAMPLES):
            install(site, os.path.join(EXAMPLES, name), name)
        beside(site, checks, programs)
        behind(site, checks, programs)
        fresh(site, checks, programs)
        sshd(site, checks, programs)
        profile(site, checks, programs)
    site.remove()


def install(site, source, name):
    """An example with our module and configuration, and with the common files that it includes beside it."""
    with open(source, encoding="utf-8") as example:
        text = example.read()
    for common in re.findall("^@include (.*)$", text, re.M):
        shutil.copyfile(os.path.join("/etc/pam.d", common), os.path.join(site.confdir, common))
    text = text.replace("pam_security.so", "%s config=%s" % (site.module, site.config))
    with open(os.path.join(site.confdir, name), "w", encoding="utf-8") as service:
        service.write(text)


def beside(site, checks, programs):
    def login(user, *answers):
        site.reset()
        report = programs.run(site, user, "auth acct setcred", answers, "first-factor-beside-pam_unix")
        return report.code("auth"), report.code("acct"), len(report.prompts)

    checks.equal("beside pam_unix: an account of libsecurity", login("annlee", ANN_PASSWORD, hosts.totp()),
                 ("PAM_SUCCESS", "PAM_SUCCESS", 2))
    checks.equal("beside pam_unix: its password of /etc/shadow is none", login("annlee", LOCAL_PASSWORD)[0], "PAM_AUTH_ERR")
    checks.equal("beside pam_unix: a wrong code is no way to pam_unix", login("annlee", ANN_PASSWORD, "000000")[0], "PAM_AUTH_ERR")
    checks.equal("beside pam_unix: a local account", login("localann", LOCAL_PASSWORD), ("PAM_SUCCESS", "PAM_SUCCESS", 1))
    checks.equal("beside pam_unix: a local account's wrong password", login("localann", "wrong")[0], "PAM_AUTH_ERR")
    site.reset()
    new = "a new and long password"
    for user in ["annlee", "localann"]:
        report = programs.run(site, user, "chauthtok", [new, new], "first-factor-beside-pam_unix")
        checks.equal("beside pam_unix: %s changes a password" % user, report.code("chauthtok"), "PAM_SUCCESS")
    report = programs.run(site, "annlee", "auth", [new, hosts.totp()], "first-factor-beside-pam_unix")
    checks.equal("beside pam_unix: each where it belongs (libsecurity)", report.code("auth"), "PAM_SUCCESS")
    report = programs.run(site, "localann", "auth", [new], "first-factor-beside-pam_unix")
    checks.equal("beside pam_unix: each where it belongs (host)", report.code("auth"), "PAM_SUCCESS")


def behind(site, checks, programs):
    def login(user, *answers):
        site.reset()
        report = programs.run(site, user, "auth acct setcred open", answers, "second-factor-behind-pam_unix")
        return report.code("auth"), len(report.prompts)

    checks.equal("behind pam_unix: password of the host, code of libsecurity", login("annlee", LOCAL_PASSWORD, hosts.totp()),
                 ("PAM_SUCCESS", 2))
    checks.equal("behind pam_unix: wrong code", login("annlee", LOCAL_PASSWORD, "000000"), ("PAM_AUTH_ERR", 2))
    checks.equal("behind pam_unix: behind a wrong password nobody is asked for a code", login("annlee", "wrong", hosts.totp()),
                 ("PAM_AUTH_ERR", 1))
    for name in ["annlee", "lea", "nobody-here"]:
        checks.equal("behind pam_unix: the prompts do not tell who has a factor: " + name, login(name, "wrong")[1], 1)
    checks.equal("behind pam_unix: the password again is no code", login("annlee", LOCAL_PASSWORD, LOCAL_PASSWORD)[0],
                 "PAM_AUTH_ERR")
    checks.equal("behind pam_unix: nullok, without a factor", login("lea", LOCAL_PASSWORD), ("PAM_SUCCESS", 1))
    site.configure(POLICIES["required"])
    checks.equal("behind pam_unix: nullok, but the policy requires one", login("lea", LOCAL_PASSWORD, "000000"),
                 ("PAM_AUTH_ERR", 2))
    site.configure(POLICIES["opt-in"])


def fresh(site, checks, programs):
    site.reset()
    # sudo calls pam_setcred for whom it becomes.
    place = ["tty=pts/7", "auth", "acct", "user=root", "setcred"]
    report = programs.run(site, "annlee", place, [LOCAL_PASSWORD, hosts.totp()], "sudo-fresh")
    checks.equal("sudo: password and code", (report.code("auth"), len(report.prompts)), ("PAM_SUCCESS", 2))
    report = programs.run(site, "annlee", place, [LOCAL_PASSWORD], "sudo-fresh")
    checks.equal("sudo: the password alone a little later", (report.code("auth"), len(report.prompts)), ("PAM_SUCCESS", 1))


def sshd(site, checks, programs):
    site.reset()
    report = programs.run(site, "annlee", "auth acct setcred", [ANN_PASSWORD, hosts.totp()], "sshd-two-factors")
    codes = [report.code(name) for name in ["auth", "acct", "setcred"]]
    checks.equal("sshd: two factors", codes, ["PAM_SUCCESS"] * 3)


def profile(site, checks, programs):
    """Enables the profile and runs the common-auth that comes of it."""
    shutil.copyfile(os.path.join(ROOT, "pam", "libsecurity.profile"), "/usr/share/pam-configs/libsecurity")
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    update = ["pam-auth-update", "--package", "--force", "--enable", "libsecurity"]
    subprocess.run(update, env=environment, check=True, stdout=subprocess.DEVNULL)
    with open("/etc/pam.d/common-auth", encoding="utf-8") as common:
        lines = [line.split() for line in common if line.strip() and not line.startswith("#")]
    ours = [line for line in lines if "pam_security.so" in line]
    checks.equal("profile: one line, required", ours, [["auth", "required", "pam_security.so", "factor=code"]])
    names = [line[2] if line[1][0] != "[" else " ".join(line).split("]")[1].split()[0] for line in lines]
    checks.true("profile: after the password was right", names.index("pam_security.so") > names.index("pam_permit.so"), names)
    install(site, "/etc/pam.d/common-auth", "generated")
    site.reset()
    for name, answers, expected in [
        ("password and code", [LOCAL_PASSWORD, hosts.totp()], "PAM_SUCCESS"),
        ("wrong code", [LOCAL_PASSWORD, "000000"], "PAM_AUTH_ERR"),
        ("wrong password", ["wrong", hosts.totp(steps=1)], "PAM_AUTH_ERR"),
    ]:
        report = programs.run(site, "annlee", "auth", answers, "generated")
        checks.equal("profile: " + name, report.code("auth"), expected)
    every_code(site, checks, programs)
    subprocess.run([*update[:2], "--remove", "libsecurity"], env=environment, check=True, stdout=subprocess.DEVNULL)
    with open("/etc/pam.d/common-auth", encoding="utf-8") as common:
        checks.true("profile: gone when it is removed", "pam_security" not in common.read())


def every_code(site, checks, programs):
    """Whatever our line answered, only success lets in. pam_debug stands in, as it can be told its answer."""
    with open(os.path.join(site.confdir, "generated"), encoding="utf-8") as generated:
        stack = generated.read()
    let_in = []
    words = [
        "success", "open_err", "symbol_err", "service_err", "system_err", "buf_err", "perm_denied", "auth_err",
        "cred_insufficient", "authinfo_unavail", "user_unknown", "maxtries", "new_authtok_reqd", "acct_expired",
        "session_err", "cred_unavail", "cred_expired", "cred_err", "no_module_data", "conv_err", "authtok_err",
        "authtok_recover_err", "authtok_lock_busy", "authtok_disable_aging", "try_again", "abort", "authtok_expired",
        "module_unknown", "bad_item", "conv_again", "incomplete",
    ]
    for word in words:
        with open(os.path.join(site.confdir, "every"), "w", encoding="utf-8") as service:
            service.write(re.sub(r"\S*pam_security.so.*", "pam_debug.so auth=" + word, stack))
        if programs.run(site, "annlee", "auth", [LOCAL_PASSWORD], "every").code("auth") == "PAM_SUCCESS":
            let_in.append(word)
    checks.equal("profile: of all codes but ignore only success lets in", let_in, ["success"])
