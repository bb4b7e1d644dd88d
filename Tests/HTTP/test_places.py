"""A proxy that is not listed hides its clients: none of them is at the owner's place; docs/known-attacks.md names these tests."""

from service import PASSWORD, ServiceCase
from test_limits import UnixClient

import subprocess

import service


class Unlisted(ServiceCase):
    def guess(self, headers, count=5):
        for _ in range(count):
            self.client().post("/login", {"email": "ann@example.com", "password": "wrong"}, headers=headers)

    def sign_in(self, headers):
        return self.client().post("/login", {"email": "ann@example.com", "password": PASSWORD}, headers=headers)

    def test_an_unlisted_proxy_is_no_trusted_place(self):
        for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host"):
            behind = {name: "192.0.2.7"}
            self.assertEqual(self.sign_in(behind).status, 302, name)
        # The owner, at the machine itself, has a place of her own.
        self.assertEqual(self.sign_in({}).status, 302)
        self.guess({"X-Forwarded-For": "198.51.100.9"})
        self.assertEqual(self.sign_in({"X-Forwarded-For": "198.51.100.9"}).status, 200)
        self.assertEqual(self.sign_in({}).status, 302)
        origins = {origin for origin, in self.query("SELECT origin FROM lsec_origin")}
        self.assertEqual(origins, {"ip:127.0.0.1"})

    def test_an_unlisted_proxy_has_no_host_delay(self):
        for number in range(25):
            self.client().post("/login", {"email": f"n{number}@example.com", "password": "wrong"},
                               headers={"X-Forwarded-For": "192.0.2.7"})
        self.assertEqual(self.sign_in({"X-Forwarded-For": "192.0.2.8"}).status, 302)

    def test_one_line_names_the_key(self):
        for _ in range(3):
            self.sign_in({"X-Forwarded-For": "192.0.2.7"})
        self.assertEqual(self.said("a proxy at 127.0.0.1 forwards requests"), 1)
        self.assertEqual(self.said('LIBSECURITY_PROXY_FIX = { x_for = 1, trusted = ["127.0.0.1"] }'), 1)

    def test_a_listed_proxy_says_whose_place_it_is(self):
        self.restart(LIBSECURITY_PROXY_FIX={"x_for": 1, "trusted": ["127.0.0.1"]})
        self.sign_in({"X-Forwarded-For": "192.0.2.7"})
        self.assertEqual(self.query("SELECT origin FROM lsec_origin"), [("ip:192.0.2.7",)])
        self.assertEqual(self.said("forwards requests"), 0)

    def test_a_socket_in_the_file_system_is_no_place(self):
        self.stop()
        path = self.folder / "socket"
        process = subprocess.Popen([service.DIST / "sbin/securityd", "--config", self.config, "--listen", f"unix:{path}"],
                                   stderr=self.log)
        self.addCleanup(process.wait, service.PATIENCE)
        self.addCleanup(process.terminate)
        self.until(path.exists)
        self.assertEqual(UnixClient(path).sign_in().status, 302)
        self.assertEqual(self.query("SELECT count(*) FROM lsec_origin"), [(0,)])
