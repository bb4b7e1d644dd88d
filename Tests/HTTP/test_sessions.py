"""Sessions that end before their cookie does."""

import pathlib
import sys
import time

from service import DIST, ServiceCase

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "Interop"))

from native import Library, Native  # noqa: E402


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
        self.assertEqual(self.verdicts(cookie), ("valid", "valid"))
        browser.get("/logout")
        self.assertEqual(self.verdicts(cookie), ("ended", "ended"))

    def verdicts(self, cookie):
        """What libsecurity and securityctl say of it."""
        library = Native(Library(DIST), self.config)
        self.addCleanup(library.close)
        found, word = library.session(cookie)
        self.assertEqual(found.account, 1)
        return word, library.inspect(cookie)["verdict"]
