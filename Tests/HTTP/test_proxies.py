"""What the service takes from its connections and from the proxies in front of it."""

import subprocess

import service
from service import PATIENCE, ServiceCase
from test_limits import UnixClient

FORWARDED = {"X-Forwarded-For": "203.0.113.9, 198.51.100.1"}


class Proxies(ServiceCase):
    def guess(self, client=None, headers=FORWARDED):
        """Where a wrong password is counted."""
        if self.query("SELECT 1 FROM sqlite_master WHERE name = 'lsec_throttle'"):
            self.query("DELETE FROM lsec_throttle")
        (client or self.client()).post("/login", {"email": "ann@example.com", "password": "wrong"}, headers=headers)
        return [origin for origin, in self.query("SELECT DISTINCT origin FROM lsec_throttle")]

    def test_only_a_listed_proxy_says_where_a_client_is(self):
        self.assertEqual(self.guess(headers={}), ["ip:127.0.0.1"])
        # A neighbour that forwards and is not listed is a proxy; which of its clients asks cannot be seen.
        self.assertIn("unseen", self.guess()[0])
        self.configure(LIBSECURITY_PROXY_FIX={"x_for": 1, "trusted": ["10.0.0.1"]})
        self.assertIn("unseen", self.guess()[0])
        for table, origin in (({"x_for": 1, "trusted": ["127.0.0.1"]}, "ip:198.51.100.1"),
                              ({"x_for": 2, "trusted": ["127.0.0.1"]}, "ip:203.0.113.9"),
                              ({"x_for": 3, "trusted": ["127.0.0.1"]}, "ip:127.0.0.1")):
            self.configure(LIBSECURITY_PROXY_FIX=table)
            self.assertEqual(self.guess(), [origin], table)

    def test_a_proxy_at_a_socket_of_the_file_system_is_ours(self):
        self.stop()
        self.write_config({"LIBSECURITY_PROXY_FIX": {"x_for": 1, "trusted": ["10.0.0.1"]}})
        path = self.folder / "socket"
        process = subprocess.Popen(
            [service.DIST / "sbin/securityd", "--config", self.config, "--listen", f"unix:{path}"], stderr=self.log)
        self.addCleanup(process.wait, PATIENCE)
        self.addCleanup(process.terminate)
        self.until(path.exists)
        self.assertEqual(self.guess(UnixClient(path)), ["ip:198.51.100.1"])


class SecondFactor(ServiceCase):
    settings = {
        "SECURITY_TWO_FACTOR": True, "SECURITY_TOTP_ISSUER": "Test", "SECURITY_PASSWORDLESS": False,
        "SECURITY_TOTP_SECRETS": {"1": "TjQ9Qa31VOrfEzuPy4VHQWPCTmRzCnFzMKLxXYiZu9B"},
    }

    def test_no_mailed_link_and_no_password_signs_in_who_has_a_second_factor(self):
        before = self.client()
        before.sign_in()
        self.assertEqual(before.get("/change").status, 200)
        self.ctl("users", "totp", "enrol", "ann@example.com", "--no-verify")
        browser = self.client()
        browser.sign_in()
        self.assertEqual(browser.get("/change").status, 302)
        browser.post("/reset", {"email": "ann@example.com"})
        new = "battery staple number two"
        answer = browser.post(self.link(), {"password": new, "password_confirm": new}, at="/login")
        self.assertEqual(answer.location, "/login")
        self.assertEqual(browser.get("/change").status, 302)
        self.query("UPDATE user SET confirmed_at = NULL")
        browser.post("/confirm", {"email": "ann@example.com"})
        browser.post(self.link(), {})
        self.assertNotEqual(self.query("SELECT confirmed_at FROM user"), [(None,)])
        self.assertEqual(browser.get("/change").status, 302)
        self.restart(SECURITY_PASSWORDLESS=True)
        browser = self.client()
        browser.post("/login", {"email": "ann@example.com"})
        browser.post(self.link(), {})
        self.assertEqual(browser.get("/change").status, 302)
