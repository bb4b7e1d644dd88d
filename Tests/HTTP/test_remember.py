"""Copies of remember cookies; docs/known-attacks.md names these tests."""

from service import PASSWORD, ServiceCase


class Remember(ServiceCase):
    def remembered(self):
        browser = self.client()
        browser.sign_in(remember="y")
        self.assertIn("remember_token", browser.cookies)
        return browser

    def copy(self, cookies, *names):
        """Whether a browser with these cookies alone is signed in."""
        other = self.client()
        other.cookies = {name: value for name, value in cookies.items() if name in names}
        return other.get("/change").status == 200

    def test_end_sessions_ends_a_copied_remember_cookie(self):
        cookies = dict(self.remembered().cookies)
        self.assertTrue(self.copy(cookies, "remember_token"))
        here = self.client()
        here.sign_in()
        here.post("/end-sessions", {})
        self.assertFalse(self.copy(cookies, "remember_token"))

    def test_a_compatible_cookie_outlives_signing_out(self):
        browser = self.remembered()
        cookies = dict(browser.cookies)
        self.assertNotIn("remember_token_bound", cookies)
        browser.get("/logout")
        self.assertTrue(self.copy(cookies, "remember_token"))


class Bound(Remember):
    settings = {"LIBSECURITY_REMEMBER": "bound", "REMEMBER_COOKIE_SAMESITE": "Lax", "REMEMBER_COOKIE_SECURE": True}
    both = ("remember_token", "remember_token_bound")

    def test_a_compatible_cookie_outlives_signing_out(self):
        """Not here."""

    def test_end_sessions_ends_a_copied_remember_cookie(self):
        cookies = dict(self.remembered().cookies)
        self.assertTrue(self.copy(cookies, *self.both))
        here = self.client()
        here.sign_in()
        here.post("/end-sessions", {})
        self.assertFalse(self.copy(cookies, *self.both))

    def test_a_bound_cookie_copied_before_signing_out_is_refused(self):
        browser = self.remembered()
        cookies = dict(browser.cookies)
        self.assertTrue(self.copy(cookies, *self.both))
        browser.get("/logout")
        self.assertFalse(self.copy(cookies, *self.both))
        self.assertEqual(self.query("SELECT count(*) FROM lsec_remember"), [(0,)])
        self.assertFalse(set(self.both) & set(browser.cookies))

    def test_a_bound_cookie_needs_its_companion(self):
        cookies = dict(self.remembered().cookies)
        self.assertFalse(self.copy(cookies, "remember_token"))
        self.assertFalse(self.copy({**cookies, "remember_token_bound": "0" * 64}, *self.both))
        self.ctl("users", "create", "bob@example.com", "--password", PASSWORD, "--active")
        self.ctl("users", "confirm", "bob@example.com")
        other = self.client()
        other.sign_in("bob@example.com", remember="y")
        # The companion of another account is none.
        self.assertFalse(self.copy({**cookies, "remember_token_bound": other.cookies["remember_token_bound"]}, *self.both))

    def test_the_companion_has_the_attributes_of_the_cookie(self):
        answer = self.client().sign_in(remember="y")
        fields = [field.split("; ") for field in answer.headers.get_all("Set-Cookie")]
        first, second = ([part for part in field if "=" not in part or not part.startswith("remember_token")]
                         for field in sorted(fields) if field[0].startswith("remember_token"))
        self.assertEqual(first, second)
        self.assertIn("HttpOnly", first)

    def test_the_database_holds_no_companion(self):
        browser = self.remembered()
        value = browser.cookies["remember_token_bound"]
        self.assertEqual(self.query("SELECT count(*) FROM lsec_remember WHERE digest = ?", value), [(0,)])
        self.assertEqual(self.query("SELECT user_id FROM lsec_remember"), [(1,)])
        self.query("UPDATE lsec_remember SET expires = 1")
        self.assertFalse(self.copy(browser.cookies, *self.both))
