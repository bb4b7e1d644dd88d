"""A real sshd of our own on a port of 127.0.0.1, and a client that types."""

import os
import shutil
import socket
import subprocess
import time

import pexpect

PROGRAM = "/usr/sbin/sshd"


class Sshd:
    """sshd with its own host key. It names its PAM service after its program, so it runs as a copy of its own name."""

    def __init__(self, folder, service, options=()):
        self.folder = folder
        self.service = service
        self.options = ["UsePAM=yes", "UseDNS=no", "PidFile=none", "StrictModes=no", "LogLevel=ERROR", *options]

    def __enter__(self):
        program = os.path.join(self.folder, self.service)
        shutil.copy(PROGRAM, program)
        key = os.path.join(self.folder, "host_key")
        if not os.path.exists(key):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        os.makedirs("/run/sshd", exist_ok=True)
        command = [program, "-D", "-e", "-f", "/dev/null"]
        for option in ["ListenAddress=127.0.0.1", "Port=%d" % self.port, "HostKey=" + key, *self.options]:
            command += ["-o", option]
        self.log = open(os.path.join(self.folder, "sshd.log"), "a+", encoding="utf-8")
        self.process = subprocess.Popen(command, stderr=self.log)
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.05)
        self.__exit__()
        raise RuntimeError("sshd did not start")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.log.close()

    def login(self, user, answers, methods="keyboard-interactive", identity=None):
        """Whether the login goes through, and the prompts that came."""
        command = ["-F", "none", "-p", str(self.port), "-l", user, "-o", "StrictHostKeyChecking=no",
                   "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-o", "NumberOfPasswordPrompts=1",
                   "-o", "PreferredAuthentications=" + methods, "-o", "IdentitiesOnly=yes"]
        if identity:
            command += ["-i", identity]
        child = pexpect.spawn("ssh", [*command, "127.0.0.1", "echo logged in as $(id -un)"], timeout=60,
                              encoding="utf-8", env={"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": self.folder})
        prompts = []
        answers = iter(answers)
        while child.expect([r"([^\r\n]*: )$", pexpect.EOF]) == 0:
            prompts.append(child.match.group(1))
            answer = next(answers, None)
            if answer is None:
                child.close(force=True)
                return False, prompts
            time.sleep(0.1)
            child.sendline(answer)
        written = child.before
        child.close()
        return "logged in as " + user in written, prompts
