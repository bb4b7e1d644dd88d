"""Codes of unified sign-in: wallets that Flask-Security stored answer the code question here, and stay readable there."""
from case import PASSWORD, both_releases
from codes import code, now
from coverage import covers

KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
METHODS = ("authenticator", "email", "sms")


@both_releases
class Unified:
    def begin(self, name="ann", **changes):
        # Whatever method: a list of those that need a second factor behind them that names the password alone.
        self.start(**{"SECURITY_UNIFIED_SIGNIN": True, "SECURITY_TWO_FACTOR": True, "SECURITY_TWO_FACTOR_REQUIRED": True,
                      "SECURITY_US_MFA_REQUIRED": ["password"], **changes})
        return self.made_there(f"{name}@example.org")

    def signs_in_there(self, email, typed):
        answer = self.there.post(self.session(), "/us-signin", {"identity": email, "passcode": typed})
        return answer["status"] == 200

    @covers("unified sign-in: TOTP wallets", reads=True)
    def test_a_wallet_that_was_stored_there_answers_the_code_question_here_once(self):
        for method in METHODS:
            with self.subTest(method):
                email = self.begin(method)
                self.there.store_unified(email=email, method=method, source=None)
                typed = code(self.there.unified(email=email)[method], now())
                self.assertTrue(self.signs_in_there(email, typed))
                self.assert_out_here(email, PASSWORD, "wrong-code", "000000")
                self.assert_in_here(email, PASSWORD, typed)
                self.assert_out_here(email, PASSWORD, "used-code", typed)

    @covers("unified sign-in: TOTP wallets", reads=False)
    def test_a_wallet_that_was_sealed_anew_here_works_there_and_the_others_are_as_they_were(self):
        email = self.begin()
        clear = self.there.make_wallet(key=KEY, form="clear")
        for method in METHODS:
            self.there.store_unified(email=email, method=method, source=None)
        self.there.store_unified(email=email, method="sms", source=clear)
        before = self.there.unified(email=email)
        self.assertIn(KEY, self.column(email, "us_totp_secrets"))
        self.assert_in_here(email, PASSWORD, code(KEY, now()))
        self.assertNotIn(KEY, self.column(email, "us_totp_secrets"))
        self.assertEqual(self.there.unified(email=email), before)
        self.assertTrue(self.signs_in_there(email, code(KEY, now())))

    def test_a_method_that_needs_a_second_factor_there_is_none_here(self):
        email = self.begin(SECURITY_US_MFA_REQUIRED=["password", "email"])
        self.there.store_unified(email=email, method="email", source=self.there.make_wallet(key=KEY, form="encrypted"))
        answer = self.there.post(self.session(), "/us-signin", {"identity": email, "passcode": code(KEY, now())})
        self.assertTrue(answer.get("tf_required"), answer)
        self.assert_out_here(email, PASSWORD, "no-factor", code(KEY, now()))

    def test_both_sides_have_the_same_window(self):
        email = self.begin(SECURITY_US_TOKEN_VALIDITY=60, SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY=300)
        self.there.store_unified(
            email=email, method="authenticator", source=self.there.make_wallet(key=KEY, form="encrypted"))
        self.assertFalse(self.signs_in_there(email, code(KEY, now() + 4)))
        self.assert_out_here(email, PASSWORD, "wrong-code", code(KEY, now() + 4))
        self.assertTrue(self.signs_in_there(email, code(KEY, now() + 2)))
        self.assert_in_here(email, PASSWORD, code(KEY, now() + 2))

    def test_without_the_feature_or_the_method_it_is_not_looked_at(self):
        for name, changes in (("off", {"SECURITY_UNIFIED_SIGNIN": False}),
                              ("mail", {"SECURITY_US_ENABLED_METHODS": ["password", "email"]})):
            with self.subTest(name):
                email = self.begin(name, **changes)
                self.there.store_unified(
                    email=email, method="authenticator", source=self.there.make_wallet(key=KEY, form="encrypted"))
                self.assert_out_here(email, PASSWORD, "no-factor", code(KEY, now()))
