"""Tokens and session cookies: made on one side and judged on the other, with the same verdict."""
import time
import unittest

from case import PASSWORD, InteropCase, both_releases
from coverage import covers

DAY = 86_400
ANN = "ann@example.org"
NEW_PASSWORD = "an entirely different password"
TIME_NONE = -2**63
#: Ours, in the fewer words of Flask-Security.
THEIR_WORDS = {"valid": "valid", "expired": "expired", "invalid": "invalid", "unknown-account": "invalid",
               "changed": "invalid", "inactive": "invalid"}
# The releases have different age limits by default.
KEYS = {"SECURITY_CONFIRMABLE": True, "SECURITY_RECOVERABLE": True, "SECURITY_CONFIRM_EMAIL_WITHIN": "5 days",
        "SECURITY_RESET_PASSWORD_WITHIN": "5 days", "SECURITY_LOGIN_WITHIN": "1 days"}


def tampered(token):
    """The same token with another letter in its payload."""
    return ("B" if token[3] != "B" else "C").join([token[:3], token[4:]])


@both_releases
class Tokens:
    def assert_read_here(self, purpose):
        self.start(**KEYS)
        self.made_there(confirmed=False)
        token = self.there.token(email=ANN, purpose=purpose)
        found, word = self.here.check_token(token, purpose)
        self.assertEqual(word, "valid")
        self.assertEqual(found.account, self.here.id(ANN))
        if purpose != "remember":
            self.assertLess(abs(found.issued_at - time.time()), 60)
        for other in {"confirm", "reset", "login", "authentication", "remember"} - {purpose}:
            self.assertEqual(self.here.check_token(token, other)[1], "invalid")

    def assert_read_there(self, purpose):
        self.start(**KEYS)
        self.made_there()
        self.assertEqual(self.there.token_status(token=self.here.token(ANN, purpose), purpose=purpose), "valid")

    @covers("confirmation token", reads=True)
    def test_a_confirmation_made_there_is_good_here(self):
        self.assert_read_here("confirm")

    @covers("confirmation token", reads=False)
    def test_a_confirmation_made_here_confirms_there(self):
        self.start(**KEYS)
        self.made_there(confirmed=False)
        self.there.get(self.session(), "/confirm/" + self.here.token(ANN, "confirm"))
        self.assertIsNotNone(self.column(ANN, "confirmed_at"))

    @covers("reset token", reads=True)
    def test_a_reset_made_there_is_good_here(self):
        self.assert_read_here("reset")

    @covers("reset token", reads=False)
    def test_a_reset_made_here_sets_a_password_there(self):
        self.start(**KEYS)
        self.made_there()
        answer = self.there.post(self.session(), "/reset/" + self.here.token(ANN, "reset"),
                                 {"password": NEW_PASSWORD, "password_confirm": NEW_PASSWORD})
        self.assertEqual(answer["status"], 200, answer)
        self.assert_in_there(ANN, NEW_PASSWORD)

    @covers("sign-in token", reads=True)
    def test_a_sign_in_link_made_there_is_good_here(self):
        self.assert_read_here("login")

    @covers("sign-in token", reads=False)
    def test_a_sign_in_link_made_here_signs_in_there(self):
        self.start(SECURITY_PASSWORDLESS=True)
        self.made_there()
        session = self.session()
        self.there.get(session, "/login/" + self.here.token(ANN, "login"))
        self.assertEqual(self.there.get(session, "/private")["status"], 200)

    @covers("authentication token", reads=True)
    def test_an_authentication_token_made_there_is_good_here(self):
        self.assert_read_here("authentication")

    @covers("authentication token", reads=False)
    def test_an_authentication_token_made_here_is_good_there(self):
        self.assert_read_there("authentication")

    @covers("authentication token", reads=True)
    def test_the_time_in_an_authentication_token_is_read(self):
        self.start(**KEYS)
        self.made_there()
        found, _ = self.here.check_token(self.there.token(email=ANN, purpose="authentication"), "authentication")
        if self.release == "5.0.2":
            self.assertEqual(found.authenticated_at, TIME_NONE)
        else:
            self.assertLess(abs(found.authenticated_at - time.time()), 60)

    @covers("remember cookie", reads=True)
    def test_a_remember_cookie_made_there_is_good_here(self):
        self.assert_read_here("remember")

    @covers("remember cookie", reads=False)
    def test_a_remember_cookie_made_here_is_good_there(self):
        self.assert_read_there("remember")

    def test_both_sides_have_the_same_verdicts(self):
        self.start(**KEYS, SECURITY_TOKEN_MAX_AGE=3600)
        self.made_there(confirmed=False)
        made = {}
        for purpose, limit in (("confirm", 5 * DAY), ("reset", 5 * DAY), ("login", DAY),
                               ("authentication", 3600)):
            made[purpose] = self.there.token(email=ANN, purpose=purpose)
            for token in (made[purpose], self.here.token(ANN, purpose), tampered(made[purpose]), made[purpose] + "A",
                          made[purpose][:-4], "", ".", "a.b.c",
                          self.there.token(email=ANN, purpose=purpose, age=limit - 60),
                          self.there.token(email=ANN, purpose=purpose, age=5 * DAY + 60),
                          self.there.token(email=ANN, purpose=purpose, age=-600)):
                self.assert_same_verdict(token, purpose)
        self.there.change_password(email=ANN, password=NEW_PASSWORD)
        for purpose, token in made.items():
            self.assertEqual(self.here.check_token(token, purpose)[1], "unknown-account")
            self.assert_same_verdict(token, purpose)

    def assert_same_verdict(self, token, purpose):
        here = THEIR_WORDS[self.here.check_token(token, purpose)[1]]
        if purpose == "authentication" and here == "expired":
            here = "invalid"
        self.assertEqual(here, self.there.token_status(token=token, purpose=purpose), f"{purpose} {token}")

    def test_a_link_that_was_redeemed_here_is_used(self):
        self.start(**KEYS)
        self.made_there(confirmed=False)
        for purpose in ("confirm", "reset", "login"):
            token = self.there.token(email=ANN, purpose=purpose)
            self.assertEqual(self.here.redeem_token(token, purpose)[1], "valid")
            self.assertEqual(self.here.redeem_token(token, purpose)[1], "used")
        self.assertTrue(self.there.state(email=ANN)["confirmed_at"])

    def test_a_link_that_was_used_there_is_used_up_here(self):
        self.start(**KEYS)
        self.made_there(confirmed=False)
        token = self.there.token(email=ANN, purpose="confirm")
        self.there.get(self.session(), "/confirm/" + token)
        self.assertEqual(self.here.check_token(token, "confirm")[1], "used")

    def test_a_key_that_was_replaced_is_still_believed(self):
        self.start(**KEYS, SECRET_KEY="an older key of this site, long enough")
        self.made_there()
        older = {purpose: self.there.token(email=ANN, purpose=purpose) for purpose in ("reset", "authentication")}
        self.start(**KEYS, SECRET_KEY_FALLBACKS=["an older key of this site, long enough"])
        for purpose, token in older.items():
            self.assertEqual(self.here.check_token(token, purpose)[1], "valid")
            self.assertIn("FALLBACKS", self.here.ctl("token", "inspect", stdin=token))
        self.start(**KEYS)
        for purpose, token in older.items():
            self.assertEqual(self.here.check_token(token, purpose)[1], "invalid")


@both_releases
class Sessions:
    def signed_in(self, **keys):
        self.start(**keys)
        self.made_there()
        name = self.signed_in_there(ANN)
        return name, self.there.cookie(session=name, name="session")

    @covers("session cookie", reads=True)
    def test_a_session_made_there_is_its_owners_here(self):
        _, cookie = self.signed_in()
        found, word = self.here.session(cookie)
        self.assertEqual((word, found.account), ("valid", self.here.id(ANN)))
        self.assertLess(abs(found.authenticated_at - time.time()), 60)
        self.assertEqual(found.expires_at, found.issued_at + 31 * DAY)
        self.assertLess(abs(found.fresh_until - time.time() - DAY), 60)

    def test_a_session_ends_here_when_it_ends_there(self):
        name, cookie = self.signed_in()
        self.there.set_active(email=ANN, active=False)
        self.assertEqual(self.here.session(cookie)[1], "inactive")
        self.assertNotEqual(self.there.get(name, "/private")["status"], 200)
        self.there.set_active(email=ANN, active=True)
        self.there.change_password(email=ANN, password=NEW_PASSWORD)
        self.assertEqual(self.here.session(cookie)[1], "unknown-account")
        self.assertNotEqual(self.there.get(name, "/private")["status"], 200)

    def test_a_password_set_here_ends_the_session_there(self):
        name, cookie = self.signed_in()
        self.here.ctl("users", "set-password", ANN, "--password-stdin", stdin=NEW_PASSWORD)
        self.assertEqual(self.here.session(cookie)[1], "unknown-account")
        self.assertNotEqual(self.there.get(name, "/private")["status"], 200)

    def test_a_changed_cookie_is_nobodys(self):
        _, cookie = self.signed_in()
        for other in (tampered(cookie), cookie[:-3], "", "a.b.c"):
            self.assertEqual(self.here.session(other)[1], "invalid")

    def test_whoever_has_not_shown_the_second_factor_is_nobody(self):
        self.start()
        self.made_here()
        self.enrolled_here(ANN)
        name = self.session()
        self.there.post(name, "/login", {"email": ANN, "password": PASSWORD})
        found, word = self.here.session(self.there.cookie(session=name, name="session"))
        self.assertEqual((word, found.account), ("anonymous", 0))


class ChangesOfAddress_5_9_2(InteropCase):
    """5.0.2 does not have them."""

    release = "5.9.2"
    NEW = "new@example.org"
    KEYS = {"SECURITY_CHANGE_EMAIL": True, "SECURITY_CHANGE_EMAIL_WITHIN": "1 hours"}

    @covers("change-of-address token", reads=True)
    def test_a_link_made_there_changes_the_address_here_once(self):
        self.start(**self.KEYS)
        self.made_there(confirmed=False)
        token = self.there.change_email_token(email=ANN, new_email=self.NEW)
        self.assertEqual(self.here.new_email(token), self.NEW)
        self.assertEqual(self.here.redeem_token(token, "change-email")[1], "valid")
        self.assertIsNotNone(self.column(self.NEW, "confirmed_at"))
        self.assertEqual(self.here.redeem_token(token, "change-email")[1], "used")
        self.assertEqual(self.there.change_email_verdict(token=token), "invalid")
        self.assert_in_there(self.NEW, PASSWORD)

    @covers("change-of-address token", reads=False)
    def test_a_link_made_here_changes_the_address_there(self):
        self.start(**self.KEYS)
        self.made_there()
        token = self.here.change_email_token(ANN, self.NEW)
        self.there.get(self.session(), "/change-email/" + token)
        self.assertEqual(self.sql('SELECT email FROM "user"'), [(self.NEW,)])
        self.assertIsNone(self.here.new_email(token))

    def test_both_sides_have_the_same_verdicts(self):
        self.start(**self.KEYS)
        self.made_there()
        bob = self.made_there("bob@example.org")
        there = self.there.change_email_token(email=ANN, new_email=self.NEW)
        old = self.there.change_email_token(email=ANN, new_email=self.NEW, age=3700)
        cases = {there: self.NEW, self.here.change_email_token(ANN, self.NEW): self.NEW, old: "expired",
                 self.there.change_email_token(email=ANN, new_email=bob): "invalid",
                 self.there.change_email_token(email=ANN, new_email=ANN): "invalid",
                 self.there.token(email=ANN, purpose="reset"): "invalid", tampered(there): "invalid"}
        for token, verdict in cases.items():
            self.assert_verdict(token, verdict)
        self.sql("UPDATE user SET email = 'third@example.org' WHERE email = ?", ANN)
        self.assert_verdict(there, "invalid")
        self.assert_verdict(old, "expired")

    def assert_verdict(self, token, verdict):
        self.assertEqual(self.there.change_email_verdict(token=token), verdict)
        word = self.here.check_token(token, "change-email")[1]
        self.assertEqual(self.here.new_email(token) if word == "valid" else THEIR_WORDS[word], verdict)


if __name__ == "__main__":
    unittest.main()
