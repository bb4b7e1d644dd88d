"""Second factors: authenticators and recovery codes set up on one side and used on the other."""
import json
import time
import unittest

from case import PASSWORD, InteropCase, both_releases
from codes import App, code, now
from coverage import covers

KEYS = {"1": "TjQ9Qa31VOrfEzuPy4VHQWPCTmRzCnFzMKLxXYiZu9B", "2": "a second key, made later by the administrator",
        "10": "a tenth key, greater as a number and smaller as a text"}

FERNET_KEYS = ["QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]


class WithFactor:
    def with_factor(self):
        email = self.made_there()
        session = self.signed_in_there(email)
        return email, session, self.enrolled_there(session, email)


@both_releases
class Authenticators:
    @covers("TOTP wallet", reads=True)
    def test_one_set_up_there_works_here(self):
        self.start()
        email = self.made_there()
        app = self.enrolled_there(self.signed_in_there(email), email)
        self.assert_out_here(email, PASSWORD, "asked-for-code")
        self.assert_out_here(email, PASSWORD, "wrong-code", code="000000")
        first = app.code()
        self.assert_in_here(email, PASSWORD, first)
        self.assert_out_here(email, PASSWORD, "used-code", first)
        self.assert_in_here(email, PASSWORD, app.code())

    @covers("TOTP wallet", reads=False)
    def test_one_set_up_here_works_there(self):
        self.start()
        email = self.made_here()
        app = self.enrolled_here(email)
        self.assertEqual(self.there.wallet(email=email), app.key)
        self.assert_out_there(email, PASSWORD)
        self.assert_out_there(email, PASSWORD, code="000000")
        self.assert_in_there(email, PASSWORD, code=app.code())
        self.assert_in_here(email, PASSWORD, app.code())

    def test_one_set_up_by_the_administrator_works_on_both_sides(self):
        self.start()
        email = self.made_there()
        enrolment = json.loads(self.here.ctl("users", "totp", "enrol", email, "--no-verify", "--json"))
        app = App(enrolment["key"].replace("-", "").replace(" ", ""))
        self.assertEqual(self.there.wallet(email=email), app.key)
        self.assertIn(f"secret={app.key}", enrolment["otpauth"])
        self.assert_in_there(email, PASSWORD, code=app.code())
        self.assert_in_here(email, PASSWORD, app.code())

    def test_both_sides_accept_the_same_steps(self):
        self.start()
        email = self.made_here()
        app = self.enrolled_here(email)
        # Whatever second it is: four steps in the future are within 120 seconds, five in the past are not.
        self.assertFalse(self.there.check_code(email=email, code=code(app.key, now() - 5)))
        self.assert_out_here(email, PASSWORD, "wrong-code", code(app.key, now() - 5))
        self.assertTrue(self.there.check_code(email=email, code=code(app.key, now() + 4)))
        self.assert_in_here(email, PASSWORD, code(app.key, now() + 4))

    def test_a_code_used_here_is_refused_here_although_it_was_used_there_in_between(self):
        self.start()
        email = self.made_there()
        app = self.enrolled_there(self.signed_in_there(email), email)
        used = app.code()
        self.assert_in_here(email, PASSWORD, used)
        self.assert_in_there(email, PASSWORD, code=used)
        self.assert_out_here(email, PASSWORD, "used-code", used)

    def test_taking_it_away_there_counts_here_and_the_other_way_round(self):
        self.start()
        email = self.made_there()
        session = self.signed_in_there(email)
        self.enrolled_there(session, email)
        self.assertEqual(self.there.post(session, "/tf-setup", {"setup": "disable"})["status"], 200)
        self.assert_in_here(email, PASSWORD)
        self.enrolled_here(email)
        self.assert_out_there(email, PASSWORD)
        self.here.ctl("users", "totp", "remove", email)
        self.assert_in_there(email, PASSWORD)
        self.assert_in_here(email, PASSWORD)

    def test_new_ones_are_sealed_with_the_newest_key_and_old_ones_stay_readable(self):
        self.start()
        there, here = self.made_there("t@example.org"), self.made_there("h@example.org")
        old = {there: self.enrolled_there(self.signed_in_there(there), there), here: self.enrolled_here(here)}
        self.start(SECURITY_TOTP_SECRETS=KEYS)
        for email, app in old.items():
            self.assertEqual(self.tag(email), "1")
            self.assert_in_there(email, PASSWORD, code=app.code())
            self.assertEqual(self.tag(email), "1")
            self.assert_in_here(email, PASSWORD, app.code())
        new_there, new_here = self.made_there("t10@example.org"), self.made_there("h10@example.org")
        new = {new_there: self.enrolled_there(self.signed_in_there(new_there), new_there),
               new_here: self.enrolled_here(new_here)}
        for email, app in new.items():
            self.assertEqual(self.tag(email), "10")
            self.assert_in_here(email, PASSWORD, app.code())
            self.assert_in_there(email, PASSWORD, code=app.code())

    def test_tags_that_are_texts_are_ordered_the_same(self):
        self.start(SECURITY_TOTP_SECRETS={"1": KEYS["1"], "9": KEYS["2"], "2020-05-01": KEYS["10"]})
        there, here = self.made_there("t@example.org"), self.made_there("h@example.org")
        self.enrolled_there(self.signed_in_there(there), there)
        self.enrolled_here(here)
        self.assertEqual(self.tag(there), self.tag(here))

    def test_a_cheaper_wallet_is_read_there(self):
        self.start(LIBSECURITY_TOTP_WALLET_COST=4)
        email = self.made_here()
        app = self.enrolled_here(email)
        self.assertEqual(json.loads(self.column(email, "tf_totp_secret"))["enckey"]["c"], 4)
        self.assertEqual(self.there.wallet(email=email), app.key)
        self.assert_in_there(email, PASSWORD, code=app.code())

    @covers("TOTP wallet, plain and otpauth URI", reads=True)
    def test_every_form_that_passlib_writes_is_read_here(self):
        self.start(SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY=60)
        email, key = self.made_there(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        cases = [({}, form) for form in ("encrypted", "clear", "uri")]
        cases += [({"alg": "sha256"}, "encrypted"), ({"alg": "sha512", "digits": 8}, "clear"), ({"digits": 8}, "uri"),
                  ({"period": 60}, "encrypted")]
        for number, (parameters, form) in enumerate(cases):
            with self.subTest(parameters=parameters, form=form):
                # A new account for each, as a code counts as used whatever key it was made with.
                email = self.made_there(f"ann{number}@example.org")
                self.there.store_wallet(email=email, source=self.there.make_wallet(key=key, form=form, **parameters))
                counter = int(time.time()) // parameters.get("period", 30)
                typed = code(key, counter, parameters.get("digits", 6), parameters.get("alg", "sha1"))
                self.assertTrue(self.there.check_code(email=email, code=typed))
                self.assert_out_here(email, PASSWORD, "wrong-code", "0" * len(typed))
                self.assert_in_here(email, PASSWORD, typed)

    def test_a_text_that_passlib_cannot_read_lets_nobody_in(self):
        self.start()
        email = self.made_there()
        for source in ("JBSWY3DPEHPK3PXP", "{}", '{"type":"totp","v":2,"key":"GEZDGNBVGY3TQOJQ"}', ""):
            with self.subTest(source=source):
                self.there.store_wallet(email=email, source=source)
                self.assertNotEqual(self.here.login(email, PASSWORD, "123456"), "granted")

    @covers("one-time code by mail", reads=True)
    def test_a_code_that_was_mailed_there_is_accepted_here_once(self):
        self.start()
        email, _ = self.with_mail()
        self.there.post(self.session(), "/login", {"email": email, "password": PASSWORD})
        mailed = self.there.mailed_code()
        self.assert_out_here(email, PASSWORD, "wrong-code", "000000")
        self.assert_in_here(email, PASSWORD, mailed)
        self.assert_out_here(email, PASSWORD, "used-code", mailed)

    @covers("one-time code by mail", reads=False)
    def test_the_code_of_a_mail_method_is_the_same_on_both_sides(self):
        # Codes of the same steps: ten half minutes and no more, whichever side made the secret's seal.
        self.start(LIBSECURITY_CODE_SINGLE_USE=False)
        email, _ = self.with_mail()
        key = self.there.wallet(email=email)
        for steps in (-10, 10):
            self.assert_in_here(email, PASSWORD, code(key, now() + steps))
        self.assert_out_here(email, PASSWORD, "wrong-code", code(key, now() - 12))
        self.assert_out_here(email, PASSWORD, "wrong-code", code(key, now() + 12))
        self.assert_in_there(email, PASSWORD, code=code(key, now()))

    @covers("one-time code by SMS", reads=False)
    def test_the_code_of_an_sms_method_is_the_same_on_both_sides(self):
        self.start(LIBSECURITY_CODE_SINGLE_USE=False, SECURITY_TWO_FACTOR_ENABLED_METHODS=["email", "sms"])
        email, _ = self.with_mail()
        self.sql("UPDATE user SET tf_primary_method = 'sms', tf_phone_number = '+16505551234'")
        key = self.there.wallet(email=email)
        for steps in (-4, 4):
            self.assert_in_here(email, PASSWORD, code(key, now() + steps))
        self.assert_out_here(email, PASSWORD, "wrong-code", code(key, now() - 6))
        self.assert_in_there(email, PASSWORD, code=code(key, now()))
        self.assert_in_there(email, PASSWORD, code=code(key, now() - 3))

    @covers("TOTP wallet", reads=False)
    def test_a_seal_brought_up_to_date_here_is_read_there(self):
        self.start()
        email = self.made_there()
        app = self.enrolled_there(self.signed_in_there(email), email)
        self.start(SECURITY_TOTP_SECRETS=KEYS)
        self.assertEqual(self.tag(email), "1")
        self.assert_in_here(email, PASSWORD, app.code())
        self.assertEqual(self.tag(email), "10")
        self.assertEqual(self.there.wallet(email=email), app.key)
        self.assert_in_there(email, PASSWORD, code=app.code())

    def test_a_method_that_cannot_be_asked_here_leaves_the_recovery_codes(self):
        self.start()
        email, session = self.with_mail()
        codes = self.there.post(session, "/mf-recovery-codes", {})["recovery_codes"]
        self.sql("UPDATE user SET tf_primary_method = 'carrier pigeon'")
        self.assert_out_here(email, PASSWORD, "wrong-code", "123456")
        self.assert_in_here(email, PASSWORD, codes[0])
        self.sql("UPDATE user SET mf_recovery_codes = NULL")
        self.assert_out_here(email, PASSWORD, "no-usable-factor", codes[1])

    def with_mail(self):
        """An account whose second factor is mail, set up through Flask-Security's own pages."""
        email = self.made_there()
        session = self.signed_in_there(email)
        answer = self.there.post(session, "/tf-setup", {"setup": "email"})
        self.there.post(session, self.validation(answer), {"code": self.there.mailed_code()})
        self.assertEqual(self.column(email, "tf_primary_method"), "email")
        return email, session

    def tag(self, email):
        return json.loads(self.column(email, "tf_totp_secret"))["enckey"]["t"]


@both_releases
class RecoveryCodes(WithFactor):
    @covers("recovery codes", reads=True)
    def test_those_made_there_are_taken_here_once_and_are_gone_there(self):
        self.start()
        email, session, _ = self.with_factor()
        codes = self.there.post(session, "/mf-recovery-codes", {})["recovery_codes"]
        self.assertEqual(len(codes), 5)
        for number, one in enumerate(codes):
            self.assert_in_here(email, PASSWORD, one)
            self.assert_out_here(email, PASSWORD, "wrong-code", one)
            self.assert_out_there(email, PASSWORD, recovery_code=one)
            self.assertEqual(self.there.state(email=email)["mf_recovery_codes"], codes[number + 1:])

    @covers("recovery codes", reads=False)
    def test_those_made_here_are_taken_there_once_and_are_gone_here(self):
        self.start(SECURITY_MULTI_FACTOR_RECOVERY_CODES_N=3)
        email, session, _ = self.with_factor()
        codes = self.here.generate_recovery_codes(email)
        self.assertEqual(len(codes), 3)
        self.assertEqual(self.there.get(session, "/mf-recovery-codes")["recovery_codes"], codes)
        for one in codes:
            self.assert_in_there(email, PASSWORD, recovery_code=one)
            self.assert_out_here(email, PASSWORD, "wrong-code", one)
        self.assertEqual(self.there.state(email=email)["mf_recovery_codes"], [])

    def test_a_new_set_made_on_one_side_ends_the_old_one_on_the_other(self):
        self.start()
        email, session, _ = self.with_factor()
        old = self.there.post(session, "/mf-recovery-codes", {})["recovery_codes"]
        listed = json.loads(self.here.ctl("users", "recovery-codes", email, "--json"))
        new = listed["recovery_codes"] if isinstance(listed, dict) else listed
        self.assert_out_there(email, PASSWORD, recovery_code=old[0])
        self.assert_in_there(email, PASSWORD, recovery_code=new[0])
        newest = self.there.post(session, "/mf-recovery-codes", {})["recovery_codes"]
        self.assert_out_here(email, PASSWORD, "wrong-code", new[1])
        self.assert_in_here(email, PASSWORD, newest[0])

    def test_one_that_a_stale_request_writes_back_is_refused_here(self):
        self.start()
        email, session, _ = self.with_factor()
        codes = self.there.post(session, "/mf-recovery-codes", {})["recovery_codes"]
        self.there.hold(name="slow request", email=email)
        self.assert_in_here(email, PASSWORD, codes[0])
        self.there.finish_with_recovery_code(name="slow request", code=codes[1])
        self.assertIn(codes[0], self.there.state(email=email)["mf_recovery_codes"], "the column was not rewritten")
        self.assert_out_here(email, PASSWORD, "wrong-code", codes[0])
        self.assert_out_here(email, PASSWORD, "wrong-code", codes[1])
        self.assert_in_here(email, PASSWORD, codes[2])


class EncryptedRecoveryCodes_5_9_2(WithFactor, InteropCase):
    """5.0.2 does not encrypt them."""

    release = "5.9.2"

    @covers("recovery codes, encrypted", reads=True)
    def test_encrypted_ones_made_there_are_taken_here(self):
        self.start(SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS=FERNET_KEYS[1:])
        email, session, _ = self.with_factor()
        codes = self.there.post(session, "/mf-recovery-codes", {})["recovery_codes"]
        self.assertTrue(self.column(email, "mf_recovery_codes").startswith("gAAAA"))
        # A new first key: the old one still opens.
        self.start(SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS=FERNET_KEYS)
        self.assert_in_here(email, PASSWORD, codes[0])
        self.assert_out_here(email, PASSWORD, "wrong-code", codes[0])
        self.assert_out_there(email, PASSWORD, recovery_code=codes[0])
        self.assert_in_there(email, PASSWORD, recovery_code=codes[1])
        self.assert_out_here(email, PASSWORD, "wrong-code", codes[1])

    @covers("recovery codes, encrypted", reads=False)
    def test_encrypted_ones_made_here_are_taken_there(self):
        self.start(SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS=FERNET_KEYS)
        email, session, _ = self.with_factor()
        codes = self.here.generate_recovery_codes(email)
        self.assertTrue(self.column(email, "mf_recovery_codes").startswith("gAAAA"))
        self.assertEqual(self.there.get(session, "/mf-recovery-codes")["recovery_codes"], codes)
        self.assert_in_there(email, PASSWORD, recovery_code=codes[0])
        self.assert_out_here(email, PASSWORD, "wrong-code", codes[0])
        listed = json.loads(self.here.ctl("users", "recovery-codes", email, "--json"))
        self.assert_in_there(email, PASSWORD, recovery_code=listed[0])

    def test_with_keys_plain_ones_count_on_neither_side(self):
        self.start()
        email, _, _ = self.with_factor()
        codes = self.here.generate_recovery_codes(email)
        self.start(SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS=FERNET_KEYS)
        self.assert_out_there(email, PASSWORD, recovery_code=codes[0])
        self.assert_out_here(email, PASSWORD, "wrong-code", codes[0])

    def test_encrypted_ones_end_with_their_time_on_both_sides(self):
        self.start(SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS=FERNET_KEYS, SECURITY_MULTI_FACTOR_RECOVERY_CODE_TTL=3600)
        email, session, _ = self.with_factor()
        made = {age: self.there.fernet(key=FERNET_KEYS[0], text=f"0000-0000-{age}", age=int(age))
                for age in ("3500", "3700")}
        self.sql("UPDATE user SET mf_recovery_codes = ?", ",".join(made.values()))
        self.assertEqual(self.there.get(session, "/mf-recovery-codes")["recovery_codes"], ["0000-0000-3500"])
        self.assert_out_here(email, PASSWORD, "wrong-code", "0000-0000-3700")
        self.assert_in_here(email, PASSWORD, "0000-0000-3500")


if __name__ == "__main__":
    unittest.main()
