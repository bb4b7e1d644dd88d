"""The whole way of a person in a real Chromium, with a picture of each page in .build-pages/."""

import pathlib

import browser
from service import PASSWORD, ServiceCase

PICTURES = pathlib.Path(__file__).parents[2] / ".build-pages"
NEW = "another battery staple"


class InABrowser(ServiceCase):
    tables = """
[[LIBSECURITY_PROTECTED]]
path = "/"
content = "The application"
"""

    def setUp(self):
        super().setUp()
        PICTURES.mkdir(exist_ok=True)
        self.browser = browser.Browser()
        self.addCleanup(self.browser.close)
        self.site = f"http://127.0.0.1:{self.port}"

    def visit(self, path):
        self.browser.open(self.site + path)

    def picture(self, name):
        self.browser.picture(PICTURES / f"{name}.png")
        wide = self.browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        self.assertLessEqual(wide, 0, f"{name} scrolls sideways")
        unnamed = self.browser.run(
            "return [...document.querySelectorAll('input:not([type=hidden])')].filter(i => !i.labels.length).length")
        self.assertEqual(unnamed, 0, f"{name} has a field without a label")

    def test_from_registration_to_sign_out(self):
        page = self.browser
        self.visit("/register")
        self.picture("register")
        page.fill(email="bob@example.com", password=PASSWORD)
        page.submit()
        self.assertIn("Confirmation instructions", page.text(".flash"))
        self.picture("registered")
        self.visit(self.link())
        self.picture("confirm-link")
        page.submit()
        self.assertIn("confirmed", page.text(".flash"))
        self.assertIn("Welcome bob@example.com", page.text("main"))
        self.picture("signed-in")
        self.visit("/change")
        self.picture("change")
        page.fill(password=PASSWORD, new_password=NEW, new_password_confirm="something else")
        page.submit()
        self.assertEqual(page.text("#new_password_confirm-errors"), "Passwords do not match")
        self.assertEqual(page.attribute("#new_password_confirm", "aria-invalid"), "true")
        self.picture("change-errors")
        page.fill(password=PASSWORD, new_password=NEW, new_password_confirm=NEW)
        page.submit()
        self.assertIn("changed your password", page.text(".flash"))
        self.visit("/logout")
        self.assertIn("Log in", page.text("main"))
        self.visit("/login")
        page.fill(email="bob@example.com", password=PASSWORD)
        page.submit()
        self.assertEqual(page.text("#password-errors"), "Invalid password")
        self.picture("login-errors")
        self.visit("/reset")
        self.picture("forgot")
        page.fill(email="bob@example.com")
        page.submit()
        self.visit(self.link())
        self.picture("reset")
        page.fill(password=PASSWORD, password_confirm=PASSWORD)
        page.submit()
        self.assertIn("reset your password", page.text(".flash"))
        self.assertIn("Welcome bob@example.com", page.text("main"))
        self.visit("/verify")
        self.picture("verify")
        page.fill(password=PASSWORD)
        page.submit()
        self.assertIn("Reauthentication successful", page.text(".flash"))
        self.visit("/end-sessions")
        self.picture("end-sessions")
        page.submit()
        self.assertIn("signed in here alone", page.text("main"))
        self.picture("sessions-ended")
        self.visit("/logout")
        self.visit("/nothing")
        self.assertEqual(page.heading, "Not Found")
        self.picture("not-found")

    def test_nothing_comes_from_elsewhere_and_no_script_runs(self):
        self.visit("/login")
        self.picture("login")
        loaded = self.browser.run("return performance.getEntriesByType('resource').map(r => r.name)")
        self.assertEqual(loaded, [f"{self.site}/fs-static/style.css"])
        self.assertEqual(self.browser.run("return document.scripts.length"), 0)
        # The stylesheet is really applied: no flaw of the policy for content blocks it.
        self.assertNotEqual(self.browser.run("return getComputedStyle(document.querySelector('main')).maxWidth"), "none")
