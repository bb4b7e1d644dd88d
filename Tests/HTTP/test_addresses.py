"""New mail addresses are looked up in the DNS where the configuration asks for it."""

import os
import pathlib
import subprocess
import unittest

import service
from service import PASSWORD, PATIENCE, ServiceCase
from test_limits import UnixClient

NAMES = pathlib.Path(__file__).resolve().parents[1] / "SecurityNetworkTests" / "dns_server.py"
# A network of its own, whose only server is the one of these tests.
HOST = """
ip link set lo up
mount --bind "$1/resolv.conf" /etc/resolv.conf
sleep 3600 | python3 "$2" 53 >"$1/port" &
until [ -s "$1/port" ]; do sleep 0.1; done
exec "$3" --config "$4" --listen "unix:$1/socket"
"""


@unittest.skipUnless(os.geteuid() == 0, "a network of its own needs root")
class Deliverability(ServiceCase):
    settings = {"SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": True, "timeout": 5},
                "SECURITY_SEND_REGISTER_EMAIL": False, "LIBSECURITY_MAIL_FIRST_ATTEMPT": "worker"}

    def start(self):
        (self.folder / "resolv.conf").write_text("nameserver 127.0.0.1\n")
        self.socket = self.folder / "socket"
        self.process = subprocess.Popen(
            ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", HOST, "sh", self.folder, NAMES,
             service.DIST / "sbin/securityd", self.config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(self.stop)
        self.until(self.socket.exists)

    def stop(self):
        # The end of unshare is that of all in the network.
        self.process.kill()
        self.process.wait(PATIENCE)

    def client(self):
        return UnixClient(self.socket)

    def ctl(self, *words):
        # Accounts are not made in the network of the tests.
        return "" if words[:2] in (("users", "create"), ("users", "confirm")) else super().ctl(*words)

    def test_a_domain_that_takes_no_mail_is_refused(self):
        for domain, status in (("mail.example", 200), ("nullmx.example", 400), ("nobody.example", 400)):
            answer = self.client().post_json("/register", {"email": f"bob@{domain}", "password": PASSWORD})
            self.assertEqual(answer.status, status, f"{domain}: {answer.body}")
        self.assertEqual(self.query("SELECT email FROM user"), [("bob@mail.example",)])
