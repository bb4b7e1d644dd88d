"""Every message of the service in a site's own words: SECURITY_MSG_*."""

import time

from service import PASSWORD, ServiceCase


class Messages(ServiceCase):
    """Whatever is answered is kept; at the end the words that were expected must be in it."""

    mails_at_will = True
    own = {}

    def setUp(self):
        self.settings = {**self.settings, **self.own}
        super().setUp()
        self.seen = ""

    def see(self, answer):
        self.seen += answer.body
        return answer

    def say(self, path, browser=None, **fields):
        """A form sent as JSON."""
        return self.see((browser or self.client()).post_json(path, fields))

    def go(self, path, browser=None, at=None, **fields):
        """A form sent from its page, and the page after it."""
        browser = browser or self.client()
        self.see(browser.post(path, fields, at=at))
        self.see(browser.get("/login"))
        self.see(browser.get("/change"))
        return browser

    def go_too_late(self, within, path, **fields):
        """Uses a mailed link when its time is over, for which another is sent: that one has an hour."""
        self.configure(**{within: "1 seconds"})
        # Times in links are whole seconds.
        time.sleep(2.1)
        self.go(path, at="/login", **fields)
        self.configure()

    def assert_all_seen(self):
        missing = [key for key, (text, _) in self.own.items() if text.partition("%")[0].strip() not in self.seen]
        self.assertEqual(missing, [])


class InTheirWords(Messages):
    settings = {
        "SECURITY_USERNAME_ENABLE": True, "SECURITY_PASSWORD_LENGTH_MIN": 12,
        "SECURITY_CONFIRM_EMAIL_WITHIN": "1 hours", "SECURITY_RESET_PASSWORD_WITHIN": "1 hours",
        "SECURITY_FRESHNESS": "1 seconds", "SECURITY_FRESHNESS_GRACE_PERIOD": "0 seconds",
    }
    tables = """
[[LIBSECURITY_PROTECTED]]
path = "/admin"
content = "For administrators"
mechanisms = ["session"]
roles_required = ["admin"]

[[LIBSECURITY_PROTECTED]]
path = "/vault"
content = "For those who were just here"
mechanisms = ["session"]
fresh_within = 1
"""
    own = {
        "SECURITY_MSG_ALREADY_CONFIRMED": ["Own words 1", "info"],
        "SECURITY_MSG_ANONYMOUS_USER_REQUIRED": ["Own words 2", "error"],
        "SECURITY_MSG_CONFIRMATION_EXPIRED": ["Own words 3 %(within)s %(email)s", "error"],
        "SECURITY_MSG_CONFIRMATION_REQUEST": ["Own words 4 %(email)s", "info"],
        "SECURITY_MSG_CONFIRMATION_REQUIRED": ["Own words 5", "error"],
        "SECURITY_MSG_CONFIRM_REGISTRATION": ["Own words 6 %(email)s", "success"],
        "SECURITY_MSG_DISABLED_ACCOUNT": ["Own words 7", "error"],
        "SECURITY_MSG_EMAIL_ALREADY_ASSOCIATED": ["Own words 8 %(email)s", "error"],
        "SECURITY_MSG_EMAIL_CONFIRMED": ["Own words 9", "success"],
        "SECURITY_MSG_EMAIL_NOT_PROVIDED": ["Own words 10", "error"],
        "SECURITY_MSG_FORGOT_PASSWORD": ["Own words 11", "info"],
        "SECURITY_MSG_INVALID_CONFIRMATION_TOKEN": ["Own words 12", "error"],
        "SECURITY_MSG_INVALID_EMAIL_ADDRESS": ["Own words 13", "error"],
        "SECURITY_MSG_INVALID_PASSWORD": ["Own words 14", "error"],
        "SECURITY_MSG_INVALID_REDIRECT": ["Own words 15", "error"],
        "SECURITY_MSG_INVALID_RESET_PASSWORD_TOKEN": ["Own words 16", "error"],
        "SECURITY_MSG_LOGIN": ["Own words 17", "info"],
        "SECURITY_MSG_PASSWORD_CHANGE": ["Own words 18", "success"],
        "SECURITY_MSG_PASSWORD_RESET": ["Own words 19", "success"],
        "SECURITY_MSG_PASSWORD_RESET_EXPIRED": ["Own words 20 %(within)s %(email)s", "error"],
        "SECURITY_MSG_PASSWORD_RESET_REQUEST": ["Own words 21 %(email)s", "info"],
        "SECURITY_MSG_REAUTHENTICATION_REQUIRED": ["Own words 22", "error"],
        "SECURITY_MSG_REAUTHENTICATION_SUCCESSFUL": ["Own words 23", "info"],
        "SECURITY_MSG_RETYPE_PASSWORD_MISMATCH": ["Own words 24", "error"],
        "SECURITY_MSG_UNAUTHORIZED": ["Own words 25", "error"],
        "SECURITY_MSG_UNAUTHENTICATED": ["Own words 26", "error"],
        "SECURITY_MSG_USER_DOES_NOT_EXIST": ["Own words 27", "error"],
        "SECURITY_MSG_USERNAME_INVALID_LENGTH": ["Own words 28 %(min)d %(max)d", "error"],
        "SECURITY_MSG_USERNAME_ILLEGAL_CHARACTERS": ["Own words 29", "error"],
        "SECURITY_MSG_USERNAME_DISALLOWED_CHARACTERS": ["Own words 30", "error"],
        "SECURITY_MSG_USERNAME_NOT_PROVIDED": ["Own words 31", "error"],
        "SECURITY_MSG_USERNAME_ALREADY_ASSOCIATED": ["Own words 32 %(username)s", "error"],
        "SECURITY_MSG_PASSWORD_NOT_PROVIDED": ["Own words 33", "error"],
        "SECURITY_MSG_PASSWORD_IS_THE_SAME": ["Own words 34", "error"],
        "SECURITY_MSG_PASSWORD_INVALID_LENGTH": ["Own words 35 %(length)s", "error"],
    }

    def test_each_is_said(self):
        self.registration()
        self.confirmation()
        self.sign_in_and_change()
        self.reset()
        self.protected_pages()
        self.restart(SECURITY_USERNAME_REQUIRED=True)
        self.say("/register", email="eve@example.com", password=PASSWORD, username="")
        self.assert_all_seen()

    def registration(self):
        taken = {"email": "ann@example.com", "password": PASSWORD, "username": "robert"}
        self.go("/register", email="bob@example.com", password=PASSWORD, username="robert")
        self.say("/register", **taken)
        for name in ("bob", "bob<b>", "bob bobson"):
            self.say("/register", email="eve@example.com", password=PASSWORD, username=name)
        self.say("/register", email="", password="short", username="evelyn")
        self.say("/register", email="no address", password="", username="evelyn")

    def confirmation(self):
        self.say("/login", email="bob@example.com", password=PASSWORD)
        self.say("/confirm", email="ann@example.com")
        self.go("/confirm", email="bob@example.com")
        path = self.link()
        self.go("/confirm/nonsense", at="/login")
        self.go_too_late("SECURITY_CONFIRM_EMAIL_WITHIN", path)
        self.go(self.link(), at="/login")

    def sign_in_and_change(self):
        self.ctl("users", "create", "carl@example.com", "--username", "charles", "--password", PASSWORD, "--confirmed")
        self.say("/login", email="carl@example.com", password=PASSWORD)
        self.say("/login", email="nobody@example.com", password=PASSWORD)
        self.say("/login", email="ann@example.com", password="wrong")
        self.see(self.client().sign_in(next="//evil.example"))
        self.see(self.client().get("/change", headers={"Accept": "application/json"}))
        browser = self.client()
        browser.get("/change")
        self.see(browser.get("/login"))
        browser.sign_in()
        self.say("/register", browser, email="x@example.com")
        self.see(browser.post("/change", {"password": PASSWORD, "new_password": "a", "new_password_confirm": "b"}))
        self.see(browser.post("/change", dict.fromkeys(("password", "new_password", "new_password_confirm"), PASSWORD)))
        new = "another battery staple"
        browser.post("/change", {"password": PASSWORD, "new_password": new, "new_password_confirm": new})
        self.see(browser.get("/change"))
        browser.post("/verify", {"password": new})
        self.see(browser.get("/change"))

    def reset(self):
        self.go("/reset", email="ann@example.com")
        path = self.link()
        self.go("/reset/nonsense", at="/login")
        fields = {"password": PASSWORD, "password_confirm": PASSWORD}
        self.go_too_late("SECURITY_RESET_PASSWORD_WITHIN", path, **fields)
        browser = self.client()
        browser.post(self.link(), fields, at="/login")
        self.see(browser.get("/change"))

    def protected_pages(self):
        browser = self.client()
        browser.sign_in()
        self.see(browser.get("/admin", headers={"Accept": "application/json"}))
        time.sleep(1.5)
        self.see(browser.get("/vault", headers={"Accept": "application/json"}))


class SignInByLink(Messages):
    settings = {"SECURITY_PASSWORDLESS": True, "SECURITY_LOGIN_WITHIN": "1 hours"}
    own = {
        "SECURITY_MSG_INVALID_LOGIN_TOKEN": ["Own words 1", "error"],
        "SECURITY_MSG_LOGIN_EMAIL_SENT": ["Own words 2 %(email)s", "success"],
        "SECURITY_MSG_LOGIN_EXPIRED": ["Own words 3 %(within)s %(email)s", "error"],
        "SECURITY_MSG_PASSWORDLESS_LOGIN_SUCCESSFUL": ["Own words 4", "success"],
    }

    def test_each_is_said(self):
        self.go("/login", email="ann@example.com")
        path = self.link()
        self.go("/login/nonsense", at="/login")
        self.go_too_late("SECURITY_LOGIN_WITHIN", path)
        browser = self.client()
        browser.post(self.link(), {}, at="/login")
        self.see(browser.get("/change"))
        self.assert_all_seen()


class Generic(Messages):
    settings = {"SECURITY_RETURN_GENERIC_RESPONSES": True, "SECURITY_AUTO_LOGIN_AFTER_RESET": False}
    own = {
        "SECURITY_MSG_GENERIC_AUTHN_FAILED": ["Own words 1", "error"],
        "SECURITY_MSG_PASSWORD_RESET_NO_LOGIN": ["Own words 2", "success"],
    }

    def test_each_is_said(self):
        self.say("/login", email="ann@example.com", password="wrong")
        self.client().post("/reset", {"email": "ann@example.com"})
        self.go(self.link(), at="/login", password=PASSWORD, password_confirm=PASSWORD)
        self.assert_all_seen()
