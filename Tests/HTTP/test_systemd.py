"""The units under a real systemd: an instance of its own, as `systemd --user`, in a mount namespace where it believes to be at home."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import unittest

import service
from service import ServiceCase
from test_limits import UnixClient

UNITS = pathlib.Path(__file__).resolve().parent.parent.parent / "systemd"
MANAGER = "/lib/systemd/systemd"


def can_run():
    """Whether this machine has a systemd, and lets us have a namespace."""
    return pathlib.Path(MANAGER).exists() and subprocess.run(
        ["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/run"], capture_output=True).returncode == 0


class SystemdCase(ServiceCase):
    """One instance of systemd a test."""

    watchdog = "WatchdogSec=60s"

    def start(self):
        units = self.folder / "config" / "systemd" / "user"
        units.mkdir(parents=True)
        self.socket, self.metrics = self.folder / "http", self.folder / "metrics"
        (units / "basic.target").write_text("[Unit]\n")
        (units / "securityd.service").write_text(self.service_unit())
        (units / "securityd.socket").write_text(
            (UNITS / "securityd.socket.in").read_text().replace("127.0.0.1:8080", str(self.socket)))
        (units / "securityd-metrics.socket").write_text(
            f"[Socket]\nListenStream={self.metrics}\nFileDescriptorName=metrics\nService=securityd.service\n")
        runtime = self.folder / "run"
        runtime.mkdir(mode=0o700)
        self.environment = {
            **os.environ, "XDG_RUNTIME_DIR": str(runtime), "XDG_CONFIG_HOME": str(self.folder / "config")}
        self.manager = subprocess.Popen(
            ["unshare", "-m", "sh", "-c", "mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/system && exec \"$@\"", "sh",
             MANAGER, "--user", "--unit=basic.target", "--log-target=null"], env=self.environment)
        self.addCleanup(self.end)
        self.until(lambda: "basic.target" in self.control("list-units", "--state=active", check=False))
        self.control("start", "securityd.socket", "securityd-metrics.socket")

    def service_unit(self):
        """The unit for a folder of ours, without the user and the sandbox, which are for the system's manager to give."""
        text = (UNITS / "securityd.service.in").read_text()
        text = text[:text.index("# It needs its configuration")].replace("@sbindir@", str(service.DIST / "sbin"))
        text = text.replace("/etc/libsecurity/security.toml", str(self.config))
        text = re.sub("^(User|Group|UMask|After|Wants)=.*\n", "", text, flags=re.MULTILINE)
        return text.replace("WatchdogSec=30s", self.watchdog)

    def stop(self):
        pass

    def end(self):
        self.control("exit", check=False)
        try:
            self.manager.wait(30)
        except subprocess.TimeoutExpired:
            self.manager.kill()
            self.manager.wait()

    def control(self, *words, check=True):
        done = subprocess.run(
            ["systemctl", "--user", *words], env=self.environment, capture_output=True, text=True, timeout=60)
        if check:
            self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def state(self):
        text = self.control("show", "securityd.service", "-p", "ActiveState,StatusText,MainPID,NRestarts,Result")
        return dict(line.split("=", 1) for line in text.splitlines())


@unittest.skipUnless(can_run(), "no systemd, or not root")
class Units(SystemdCase):
    def test_a_connection_starts_it_and_a_reload_is_told(self):
        self.assertEqual(self.state()["ActiveState"], "inactive")
        self.assertEqual(UnixClient(self.socket).get("/healthz").status, 200)
        self.until(lambda: self.state()["ActiveState"] == "active")
        self.assertEqual(self.state()["StatusText"], "Serving")
        self.assertEqual(UnixClient(self.metrics).get("/metrics").status, 200)
        right = self.config.read_text()
        for text, status in ((right + "SECURITY_NONSENSE = 1\n", "Serving by the old configuration"), (right, "Serving")):
            self.config.write_text(text)
            self.control("reload", "securityd.service")
            self.until(lambda: self.state()["ActiveState"] == "active" and self.state()["StatusText"].split(":")[0] == status)
        self.assertEqual(self.state()["NRestarts"], "0")

    def test_it_is_not_started_before_its_database_is_there(self):
        hidden = self.folder / "elsewhere.db"
        self.database.rename(hidden)
        self.control("start", "--no-block", "securityd.service")
        self.until(lambda: self.state()["StatusText"] == "Waiting for the account database")
        self.assertEqual(self.state()["ActiveState"], "activating")
        hidden.rename(self.database)
        # Returns when it is ready.
        self.control("start", "securityd.service")
        self.assertEqual(self.state()["ActiveState"], "active")

    def test_a_restart_turns_nobody_away(self):
        self.control("start", "securityd.service")
        self.control("stop", "securityd.service")
        self.assertEqual(self.state()["Result"], "success")
        with socket.socket(socket.AF_UNIX) as early:
            early.settimeout(30)
            early.connect(str(self.socket))
            early.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            self.control("restart", "securityd.service")
            self.assertIn(b" 200 ", early.recv(1000))


@unittest.skipUnless(can_run(), "no systemd, or not root")
class Watchdog(SystemdCase):
    watchdog = "WatchdogSec=5s"

    def test_a_service_that_hangs_is_replaced(self):
        self.control("start", "securityd.service")
        first = self.state()["MainPID"]
        os.kill(int(first), signal.SIGSTOP)
        for _ in range(300):
            state = self.state()
            if state["ActiveState"] == "active" and state["MainPID"] != first:
                break
            time.sleep(0.1)
        self.assertNotEqual(state["MainPID"], first)
        self.assertEqual(UnixClient(self.socket).get("/healthz").status, 200)
