"""Programs that people use: pamtester as root, and without root through pam_wrapper; su; passwd."""

import os
import re
import shutil
import subprocess
import tempfile
import time

import hosts
import pexpect
from hosts import ANN_PASSWORD, POLICIES, RECOVERY_CODES

NEW = "a new and long password"


def run(checks, programs):
    site = hosts.Site(POLICIES["required"])
    site.one_line()
    unprivileged(checks, programs)
    with hosts.UnixHost(site) as host:
        pamtester(site, host, checks)
        if host.is_private:
            su(site, host, checks)
            passwd(site, host, checks)
            if shutil.which("sudo"):
                sudo(site, host, checks)
            else:
                print("skipped sudo: not installed")
        else:
            print("skipped su and passwd: no private /etc here (unshare -m), and the machine's own is left alone")
    site.remove()


def dialogue(command, steps, environment=None):
    """Runs a program on a terminal and answers its prompts; its exit status and all that it wrote."""
    child = pexpect.spawn(command[0], command[1:], encoding="utf-8", timeout=30, env=environment or clean_environment())
    written = ""
    for prompt, answer in steps:
        found = child.expect([re.escape(prompt), pexpect.EOF, pexpect.TIMEOUT])
        written += child.before + (prompt if found == 0 else "")
        if found != 0:
            break
        # misc_conv throws away what was typed before it was ready.
        time.sleep(0.3)
        child.sendline(answer)
    child.expect([pexpect.EOF, pexpect.TIMEOUT])
    written += child.before if isinstance(child.before, str) else ""
    child.close()
    return child.exitstatus, written


def clean_environment():
    return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TERM": "dumb"}


def pamtester(site, host, checks):
    site.reset()
    service = host.service("lsec-pamtester", site.confdir)
    command = ["pamtester", service, "annlee"]
    code = hosts.totp()
    status, text = dialogue(
        [*command, "authenticate", "acct_mgmt", "setcred", "open_session", "close_session"],
        [("Password: ", ANN_PASSWORD), ("Verification code: ", code)])
    checks.true("pamtester: a whole login", status == 0 and "successfully authenticated" in text
                and "credential info has successfully been set" in text, text)
    status, text = dialogue([*command, "authenticate"], [("Password: ", ANN_PASSWORD), ("Verification code: ", code)])
    checks.true("pamtester: the same code again", status != 0 and "Authentication failure" in text, text)


def unprivileged(checks, programs):
    """Everything as a user who is nobody, with files of his own."""
    folder = tempfile.mkdtemp(prefix="lsec-hosts-")
    site = hosts.Site(POLICIES["required"], folder=folder)
    site.one_line(name="lsec-wrapped")
    for path, _, files in os.walk(folder):
        for name in [path] + [os.path.join(path, name) for name in files]:
            os.chown(name, 65534, 65534)
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    report = programs.run(site, "annlee", "auth acct", [ANN_PASSWORD, hosts.totp()], "lsec-wrapped", prefix=nobody)
    checks.equal("pamhost without root", (report.code("auth"), report.code("acct")), ("PAM_SUCCESS", "PAM_SUCCESS"))
    environment = dict(
        clean_environment(), LD_PRELOAD="libpam_wrapper.so", PAM_WRAPPER="1", PAM_WRAPPER_SERVICE_DIR=site.confdir,
        TMPDIR=folder)
    command = [*nobody, "pamtester", "lsec-wrapped", "annlee", "authenticate", "acct_mgmt"]
    status, text = dialogue(
        command, [("Password: ", ANN_PASSWORD), ("Verification code: ", RECOVERY_CODES[0])], environment)
    checks.true("pam_wrapper without root: in", status == 0 and "successfully authenticated" in text, text)
    status, text = dialogue(
        command, [("Password: ", ANN_PASSWORD), ("Verification code: ", RECOVERY_CODES[0])], environment)
    checks.true("pam_wrapper without root: the same code again", "Authentication failure" in text, text)
    site.remove()


def su(site, host, checks):
    site.reset()
    host.account("annlee")
    host.account("caller")
    host.service("su", site.confdir)
    caller = ["setpriv", "--reuid=caller", "--regid=nogroup", "--clear-groups"]
    command = [*caller, "su", "annlee", "-c", "echo now $(id -un)"]
    code = hosts.totp()
    status, text = dialogue(command, [("Password: ", ANN_PASSWORD), ("Verification code: ", code)])
    checks.true("su: in with password and code", status == 0 and "now annlee" in text, text)
    for name, answers in [
        ("the same code again", [ANN_PASSWORD, code]), ("a wrong password", ["wrong", hosts.totp(steps=1)]),
        ("a wrong code", [ANN_PASSWORD, "000000"]),
    ]:
        status, text = dialogue(command, list(zip(["Password: ", "Verification code: "], answers)))
        checks.true("su: %s is refused" % name, status != 0 and "now" not in text, text)
    status, text = dialogue(command, [("Password: ", ANN_PASSWORD), ("Verification code: ", RECOVERY_CODES[0])])
    checks.true("su: in with a recovery code", status == 0 and "now annlee" in text, text)
    uid = subprocess.check_output(["id", "-u", "caller"], text=True).strip()
    origins = {row[0] for row in site.sql("SELECT DISTINCT origin FROM lsec_origin")}
    checks.equal("su: the origin is the caller's real uid", origins, {"uid:" + uid})
    site.sql("UPDATE user SET active = 0 WHERE username = 'annlee'")
    status, text = dialogue(command, [("Password: ", ANN_PASSWORD), ("Verification code: ", RECOVERY_CODES[1])])
    checks.true("su: a disabled account is refused", status != 0 and "now" not in text, text)


def passwd(site, host, checks):
    site.reset()
    host.account("annlee")
    host.service("passwd", site.confdir)
    user = ["setpriv", "--reuid=annlee", "--regid=nogroup", "--clear-groups", "passwd"]
    prompts = ["Current password: ", "New password: ", "Retype new password: "]
    status, text = dialogue(user, list(zip(prompts, [ANN_PASSWORD, NEW, NEW])))
    checks.true("passwd: a user changes a password", status == 0 and "updated successfully" in text, text)
    status, text = dialogue(user, list(zip(prompts, [ANN_PASSWORD])))
    checks.true("passwd: the old one is gone", status != 0, text)
    status, text = dialogue(user, list(zip(prompts, [NEW, "short", "short"])))
    checks.true("passwd: a short one is refused, with the reason", status != 0 and "at least 8 characters" in text, text)
    status, text = dialogue(["passwd", "annlee"], list(zip(prompts[1:], [ANN_PASSWORD, ANN_PASSWORD])))
    checks.true("passwd: root needs no old one", status == 0 and "updated successfully" in text, text)
    report_hash = site.sql("SELECT password FROM user WHERE username = 'annlee'")[0][0]
    checks.true("passwd: the new hash is of the policy's scheme", report_hash.startswith("$2b$05$"), report_hash)


def sudo(site, host, checks):
    """A code once in a while for each terminal: sudo's own time stamp is off, `fresh` decides."""
    site.configure(dict(POLICIES["required"], LIBSECURITY_FRESHNESS=900, LIBSECURITY_FRESHNESS_GRACE_PERIOD=0))
    site.reset()
    host.account("annlee")
    site.one_line("factor=code fresh", "fresh")
    host.service("sudo", site.confdir, "fresh")
    with open("/etc/sudoers", "w", encoding="utf-8") as sudoers:
        sudoers.write("Defaults timestamp_timeout=0\nannlee ALL=(ALL) ALL\n")
    os.chmod("/etc/sudoers", 0o440)
    user = ["setpriv", "--reuid=annlee", "--regid=nogroup", "--clear-groups"]
    script = "sudo id -un; sudo id -un"
    code = hosts.totp()
    status, text = dialogue([*user, "sh", "-c", script], [("Verification code: ", code)])
    checks.true("sudo: one code for two commands on one terminal",
                status == 0 and text.count("root") == 2 and text.count("Verification code") == 1, text)
    # Names of terminals are used again: hold the one that is free now.
    held = os.openpty()
    status, text = dialogue([*user, "sudo", "id", "-un"], [("Verification code: ", code)])
    for descriptor in held:
        os.close(descriptor)
    checks.true("sudo: another terminal is asked, and a used code refused",
                "Verification code" in text and "root" not in text, text)
    uid = subprocess.check_output(["id", "-u", "annlee"], text=True).strip()
    origins = {row[0] for row in site.sql("SELECT DISTINCT origin FROM lsec_origin")}
    checks.equal("sudo: the origin is the caller's real uid", origins, {"uid:" + uid})
