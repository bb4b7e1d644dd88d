#!/usr/bin/env python3
"""The main job, step by step: a user logs in through the real libpam and a real sshd with a password and a code.

    Scripts/demo.py DIST        as root: sshd needs a Unix account and a PAM service

Everything is made for the occasion: configuration, database, user, Unix account, sshd with its own host key on a port of
127.0.0.1. Nothing is left behind, also after Ctrl-C.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import pexpect

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PASSWORD = "correct horse battery staple"


def say(text=""):
    print(text, flush=True)


def title(text):
    say("\n\033[1m%s\033[0m" % text if sys.stdout.isatty() else "\n" + text)


class Demo:
    def __init__(self, dist):
        self.dist = os.path.abspath(dist)
        self.folder = tempfile.mkdtemp(prefix="libsecurity-demo-")
        os.chmod(self.folder, 0o755)
        self.config = os.path.join(self.folder, "security.toml")
        self.name = "lsecdemo%d" % os.getpid()
        self.service = "lsecdemo-sshd%d" % os.getpid()
        self.sshd = None
        self.undo = [lambda: shutil.rmtree(self.folder, ignore_errors=True)]
        self.failures = 0

    # MARK: Small parts

    def run(self, *words, **options):
        result = subprocess.run(words, text=True, capture_output=True, check=False, **options)
        if result.returncode != 0:
            raise SystemExit("demo: %s failed:\n%s%s" % (" ".join(words[:3]), result.stdout, result.stderr))
        return result.stdout

    def ctl(self, *words, **options):
        say("  $ securityctl " + " ".join(words))
        return self.run(os.path.join(self.dist, "bin/securityctl"), "--config", self.config, *words, **options)

    def code(self, steps=0):
        moment = "@%d" % (time.time() + 30 * steps)
        return self.run("oathtool", "--totp", "-b", "--now", moment, self.key).strip()

    def expect(self, what, found, expected):
        mark = "ok" if found == expected else "NOT AS EXPECTED"
        self.failures += found != expected
        say("  %-58s %-8s %s" % (what, found, mark))

    def cleanup(self):
        for step in reversed(self.undo):
            step()
        self.undo = []

    # MARK: The site

    def make_site(self):
        title("1. A site: configuration, database, a user with an authenticator app and recovery codes")
        self.ctl("init", "--database", os.path.join(self.folder, "users.db"), "--issuer", "demo")
        with open(self.config, "a") as file:
            # The first delay is one second, too short to be seen here.
            file.write('\nLIBSECURITY_THROTTLE_DELAY = "1 minute"\n')
            # The demo's password is famous, and a demo asks no service of others.
            file.write('LIBSECURITY_BREACHED_URL = "http://127.0.0.1:1/"\n')
        self.ctl("users", "create", "--username", self.name, "--active", "--confirmed", "--password-stdin",
                 self.name + "@example.org", input=PASSWORD)
        shown = self.ctl("users", "totp", "enrol", "--no-verify", self.name)
        say(shown)
        uri = next(word for word in shown.split() if word.startswith("otpauth://"))
        self.key = uri.split("secret=")[1].split("&")[0]
        self.recovery = json.loads(self.ctl("users", "recovery-codes", "--json", self.name))
        say("  recovery codes: " + ", ".join(self.recovery))

    # MARK: libpam

    def make_host(self):
        self.host = os.path.join(self.folder, "pamhost")
        self.run("gcc", "-O1", "-o", self.host, os.path.join(ROOT, "Tests/Hosts/pamhost.c"), "-lpam")
        self.confdir = os.path.join(self.folder, "pam.d")
        os.mkdir(self.confdir)
        self.write_service(os.path.join(self.confdir, "demo"))

    def write_service(self, path):
        module = "%s/lib/security/pam_security.so config=%s" % (self.dist, self.config)
        with open(path, "w") as file:
            file.write("auth required %s\naccount required %s\nsession optional %s\n" % (module, module, module))

    def pam(self, *answers):
        words = [self.host]
        for answer in answers:
            words += ["-a", answer]
        out = self.run(*words, self.confdir, "demo", self.name, "rhost=192.0.2.7", "auth", "acct")
        lines = dict(line.split(": ", 1) for line in out.splitlines() if ": " in line)
        return "in" if lines.get("auth") == "PAM_SUCCESS" and lines.get("acct") == "PAM_SUCCESS" else "refused"

    def show_libpam(self):
        title("2. The real libpam, with a service file of its own")
        self.make_host()
        code = self.code()
        self.expect("right password, right code", self.pam(PASSWORD, code), "in")
        self.expect("right password, the same code again", self.pam(PASSWORD, code), "refused")
        self.expect("wrong password", self.pam("wrong", self.code()), "refused")
        self.expect("right password, a recovery code", self.pam(PASSWORD, self.recovery[0]), "in")
        self.expect("right password, the same recovery code again", self.pam(PASSWORD, self.recovery[0]), "refused")

    # MARK: sshd

    def start_sshd(self):
        self.run("useradd", "-M", "-N", "-d", "/", "-s", "/bin/sh", self.name)
        self.undo.append(lambda: subprocess.run(["userdel", self.name], capture_output=True))
        # sshd names its PAM service after itself, so a copy of it has a service of its own.
        program = os.path.join(self.folder, self.service)
        shutil.copy("/usr/sbin/sshd", program)
        service = os.path.join("/etc/pam.d", self.service)
        self.undo.append(lambda: os.path.exists(service) and os.remove(service))
        self.write_service(service)
        key = os.path.join(self.folder, "host_key")
        self.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        os.makedirs("/run/sshd", exist_ok=True)
        options = ["ListenAddress=127.0.0.1", "Port=%d" % self.port, "HostKey=" + key, "UsePAM=yes", "UseDNS=no",
                   "KbdInteractiveAuthentication=yes", "PasswordAuthentication=no", "PubkeyAuthentication=no",
                   "PidFile=none", "StrictModes=no", "LogLevel=ERROR"]
        words = [program, "-D", "-e", "-f", "/dev/null"]
        for option in options:
            words += ["-o", option]
        self.sshd = subprocess.Popen(words, stderr=subprocess.DEVNULL)
        self.undo.append(self.stop_sshd)
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise SystemExit("demo: sshd did not start")

    def stop_sshd(self):
        self.sshd.terminate()
        self.sshd.wait()

    def ssh(self, *answers):
        child = pexpect.spawn("ssh", [
            "-F", "none", "-p", str(self.port), "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
            "-o", "LogLevel=ERROR", "-o", "PreferredAuthentications=keyboard-interactive", "-o",
            "NumberOfPasswordPrompts=1", self.name + "@127.0.0.1", "echo logged-in-as $(id -un)"],
            timeout=30, encoding="utf-8", env={"PATH": os.environ["PATH"], "LC_ALL": "C"})
        for answer in answers:
            if child.expect([r"(Password|Verification code): $", pexpect.EOF]) == 1:
                return "refused"
            time.sleep(0.1)
            child.sendline(answer)
        child.expect(pexpect.EOF)
        return "in" if "logged-in-as " + self.name in child.before else "refused"

    def show_sshd(self):
        title("3. A real sshd on a port of 127.0.0.1: keyboard-interactive with two factors")
        self.start_sshd()
        code = self.code(1)
        self.expect("right password, right code", self.ssh(PASSWORD, code), "in")
        self.expect("right password, the same code again", self.ssh(PASSWORD, code), "refused")
        self.expect("wrong password", self.ssh("wrong"), "refused")
        self.expect("right password, a recovery code", self.ssh(PASSWORD, self.recovery[1]), "in")
        self.expect("right password, the same recovery code again", self.ssh(PASSWORD, self.recovery[1]), "refused")

    def show_throttle(self):
        title("4. Too many failures")
        for number in range(4):
            self.expect("wrong password, number %d" % (number + 1), self.ssh("wrong"), "refused")
        self.expect("right password, but not before a minute has passed", self.ssh(PASSWORD, self.recovery[2]), "refused")
        say("  " + self.ctl("users", "unlock", self.name).strip())
        self.expect("right password, after the administrator's word", self.ssh(PASSWORD, self.recovery[2]), "in")

    # MARK: C

    def show_c(self):
        title("5. A C program that links libsecurity")
        environment = dict(os.environ, PKG_CONFIG_PATH=os.path.join(self.dist, "lib/pkgconfig"))
        flags = self.run("pkg-config", "--cflags", "--libs", "libsecurity", env=environment).split()
        program = os.path.join(self.folder, "login")
        say("  $ gcc login.c $(pkg-config --cflags --libs libsecurity)")
        self.run("gcc", "-o", program, os.path.join(ROOT, "Examples/login.c"), *flags)
        for what, answers, expected in [
            ("right password, a recovery code", [PASSWORD, self.recovery[3]], "in"),
            ("wrong password", ["wrong"], "refused"),
        ]:
            child = pexpect.spawn(program, [self.config, self.name + "@example.org"], timeout=30, encoding="utf-8",
                                  env=dict(os.environ, LD_LIBRARY_PATH=os.path.join(self.dist, "lib")))
            for answer in answers:
                child.expect(": ")
                time.sleep(0.1)
                child.sendline(answer)
            child.expect(pexpect.EOF)
            child.close()
            self.expect(what, "in" if child.exitstatus == 0 else "refused", expected)


def main():
    if len(sys.argv) != 2:
        raise SystemExit("usage: demo.py DIST")
    if os.geteuid() != 0:
        raise SystemExit("demo: run as root: sshd needs a Unix account and a PAM service, both made for the occasion")
    demo = Demo(sys.argv[1])
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    try:
        demo.make_site()
        demo.show_libpam()
        demo.show_sshd()
        demo.show_throttle()
        demo.show_c()
    except KeyboardInterrupt:
        raise SystemExit("demo: interrupted; nothing is left behind")
    finally:
        demo.cleanup()
    title("All as expected; nothing is left behind." if demo.failures == 0 else "%d not as expected" % demo.failures)
    sys.exit(demo.failures != 0)


if __name__ == "__main__":
    main()
