"""Tokens of ceremonies under way, session cookies and CSRF tokens: signed on one side, judged on the other."""
import time
import unittest

from case import PASSWORD, InteropCase, both_releases
from codes import code, now
from coverage import covers
from test_tokens import tampered

ANN = "ann@example.org"
KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
REGISTRATION = {"challenge": "vJ-b0W", "name": "Schl\u00fcssel", "usage": "first", "user_verification": True}
ASSERTION = {"challenge": "vJ-b0W", "user_verification": False}
CSRF = "0123456789abcdef0123456789abcdef01234567"


def unified(wallet, method="authenticator", phone=None):
    return {"totp_secret": wallet, "chosen_method": method, "phone_number": phone}


@both_releases
class States:
    def begin(self, **keys):
        self.start(**{"SECURITY_UNIFIED_SIGNIN": True, **keys})
        return self.made_there()

    def assert_read_there(self, name, token, value):
        self.assertEqual(self.there.read_state(name=name, token=token), [False, False, value])
        self.assertTrue(self.there.read_state(name=name, token=tampered(token))[1])

    @covers("two-factor validity token", reads=True)
    def test_a_validity_token_made_there_is_its_owners_here(self):
        self.begin()
        name = self.here.uniquifier(ANN)
        found = self.here.inspect(self.there.sign_state(name="tf_validity", value=name))
        self.assertEqual((found["kind"], found["verdict"]), ("two-factor validity token", "valid"))
        self.assertIn(ANN, str(found))

    @covers("two-factor validity token", reads=False)
    def test_a_validity_token_made_here_is_good_there(self):
        self.begin()
        name = self.here.uniquifier(ANN)
        self.assert_read_there("tf_validity", self.here.write_state("two-factor-validity", name), name)

    @covers("unified sign-in set-up", reads=True)
    def test_a_set_up_begun_there_is_known_here(self):
        self.begin()
        token = self.there.sign_state(name="us_setup", value=unified("{}", "sms", "+16505551234"))
        found = self.here.inspect(token)
        self.assertEqual((found["kind"], found["verdict"]), ("set-up of a unified sign-in method", "valid"))
        self.assertIn("+16505551234", str(found))

    @covers("unified sign-in set-up", reads=False)
    def test_a_set_up_begun_here_ends_there(self):
        email = self.begin()
        wallet = self.there.make_wallet(key=KEY, form="encrypted")
        token = self.here.write_state("us-setup", unified(wallet))
        self.assert_read_there("us_setup", token, unified(wallet))
        answer = self.there.post(self.signed_in_there(email), f"/us-setup/{token}", {"passcode": code(KEY, now())})
        self.assertEqual(answer["status"], 200, answer)
        self.assertEqual(self.there.unified(email=email), {"authenticator": KEY})

    @covers("security key state", reads=True)
    def test_the_state_of_a_security_key_made_there_is_known_here(self):
        self.begin()
        for value, kind in ((REGISTRATION, "registration of a security key"), (ASSERTION, "sign-in with a security key")):
            found = self.here.inspect(self.there.sign_state(name="wan", value=value))
            self.assertEqual((found["kind"], found["verdict"]), (kind, "valid"))

    @covers("security key state", reads=False)
    def test_the_state_of_a_security_key_made_here_is_read_there(self):
        self.begin()
        for value in (REGISTRATION, ASSERTION):
            self.assert_read_there("wan", self.here.write_state("webauthn", value), value)

    @covers("CSRF token", reads=True)
    def test_a_csrf_token_made_there_is_known_here(self):
        self.begin()
        found = self.here.inspect(self.there.sign_csrf(text=CSRF))
        self.assertEqual((found["kind"], found["verdict"]), ("CSRF token", "valid"))

    @covers("CSRF token", reads=False)
    def test_a_csrf_token_made_here_is_good_there(self):
        self.begin()
        token = self.here.write_state("csrf", CSRF)
        self.assertIsNone(self.there.csrf_verdict(text=CSRF, token=token))
        self.assertIsNotNone(self.there.csrf_verdict(text=CSRF[::-1], token=token))
        self.assertIsNotNone(self.there.csrf_verdict(text=CSRF, token=tampered(token)))

    @covers("session cookie", reads=False)
    def test_a_session_made_here_is_signed_in_there(self):
        email = self.begin()
        for person, status in ((self.here.uniquifier(email), 200), ("0" * 32, 401)):
            browser = self.session()
            value = {"_user_id": person, "_fresh": True, "fs_cc": "set", "fs_paa": time.time()}
            self.there.set_cookie(session=browser, name="session", value=self.here.write_state("session", value))
            self.assertEqual(self.there.get(browser, "/private")["status"], status)


class FactorSetUps_5_9_2(InteropCase):
    """5.0.2 keeps them in the session."""

    release = "5.9.2"

    @covers("second factor set-up", reads=True)
    def test_a_set_up_begun_there_is_known_here(self):
        self.start()
        email = self.made_there()
        answer = self.there.post(self.signed_in_there(email), "/tf-setup", {"setup": "authenticator"})
        found = self.here.inspect(answer["tf_state_token"])
        self.assertEqual((found["kind"], found["verdict"]), ("set-up of a second factor", "valid"))
        self.assertIn("authenticator", str(found))

    @covers("second factor set-up", reads=False)
    def test_a_set_up_begun_here_ends_there(self):
        self.start()
        email = self.made_there()
        wallet = self.there.make_wallet(key=KEY, form="encrypted")
        token = self.here.write_state("tf-setup", {"totp_secret": wallet, "method": "authenticator", "phone": None})
        answer = self.there.post(self.signed_in_there(email), f"/tf-setup/{token}", {"code": code(KEY, now())})
        self.assertEqual(answer["status"], 200, answer)
        self.assertEqual(self.there.wallet(email=email), KEY)
        self.assert_in_there(email, PASSWORD, code=code(KEY, now() + 1))


if __name__ == "__main__":
    unittest.main()
