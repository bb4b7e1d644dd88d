"""Sessions that end before their cookie does."""

import json
import subprocess
import time

from service import DIST, ServiceCase


class Sessions(ServiceCase):
    def test_a_session_that_nobody_uses_is_over(self):
        self.configure(LIBSECURITY_SESSION_IDLE=2)
        browser, remembered = self.client(), self.client()
        browser.sign_in()
        remembered.sign_in(remember="y")
        before = remembered.cookies["session"]
        time.sleep(4)
        self.assertEqual(browser.get("/change").status, 302)
        # The remember cookie begins another session, as if the browser had been closed.
        self.assertEqual(remembered.get("/change").status, 200)
        self.assertNotEqual(remembered.cookies["session"], before)

    def test_every_program_knows_of_a_session_that_was_ended(self):
        browser = self.client()
        browser.sign_in()
        cookie = browser.cookies["session"]
        self.assertEqual("valid", self.verdict(cookie))
        browser.get("/logout")
        self.assertEqual("ended", self.verdict(cookie))

    def verdict(self, cookie):
        told = subprocess.run(
            [DIST / "bin/securityctl", "token", "inspect", "--json", "--config", self.config], input=cookie,
            capture_output=True, text=True)
        return json.loads(told.stdout)["verdict"]
