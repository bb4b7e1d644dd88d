"""Stored passwords: what one side makes the other verifies, and both agree when a hash is out of date."""
import unicodedata
import unittest

from case import PASSWORD, both_releases
from coverage import covers

SCHEMES = ["bcrypt", "argon2", "pbkdf2_sha256", "pbkdf2_sha512", "sha256_crypt", "sha512_crypt"]
# Composed letters, ligatures, Hangul, circled digits, an emoji with joiners, blanks at the ends, compatibility letters,
# the longest that the policy takes, and what shells, SQL and URIs care about.
TEXTS = [
    "pässwörd naïve", "ﬁligran ﬀ ﬂ", "비밀번호 한글 단어", "① ② ③ circled", "👩‍👩‍👧 family", "  blanks around  ",
    "Ångström Ω ohm", "x" * 128, "quote ' and \" and \\ and ; -- %00",
]
# Costs and forms of new hashes; names without their "scheme__".
COSTS = {
    "bcrypt": [{"rounds": 5}, {"rounds": 4, "ident": "2a"}, {"rounds": 4, "ident": "2y"}],
    "argon2": [{"rounds": 1, "memory_cost": 64, "parallelism": 4}, {"rounds": 3, "memory_cost": 100, "parallelism": 3},
               {"rounds": 2, "memory_cost": 64, "parallelism": 1, "type": "i"}],
    "pbkdf2_sha256": [{"rounds": 1}, {"rounds": 1001, "salt_size": 24}],
    "pbkdf2_sha512": [{"rounds": 1}, {"rounds": 1001, "salt_size": 9}],
    "sha256_crypt": [{"rounds": 5000}, {"rounds": 1001, "salt_size": 9}],
    "sha512_crypt": [{"rounds": 5000}, {"rounds": 1001, "salt_size": 8}],
}


@both_releases
class Schemes:
    @covers([f"password hash: {scheme}" for scheme in SCHEMES], reads=True)
    def test_a_hash_of_every_scheme_made_there_verifies_here(self):
        for scheme in SCHEMES:
            for single in ([], [scheme]):
                with self.subTest(scheme=scheme, single_hash=bool(single)):
                    self.start(SECURITY_PASSWORD_HASH=scheme, SECURITY_PASSWORD_SINGLE_HASH=single)
                    email = self.made_there(f"{scheme}-{len(single)}@example.org")
                    stored = self.column(email, "password")
                    self.assert_in_here(email, PASSWORD)
                    self.assert_out_here(email, PASSWORD + " ", "wrong-password")
                    self.assertEqual(self.column(email, "password"), stored, "a current hash is renewed")

    @covers([f"password hash: {scheme}" for scheme in SCHEMES], reads=False)
    def test_a_hash_of_every_scheme_made_here_verifies_there(self):
        for scheme in SCHEMES:
            for single in ([], [scheme]):
                with self.subTest(scheme=scheme, single_hash=bool(single)):
                    self.start(SECURITY_PASSWORD_HASH=scheme, SECURITY_PASSWORD_SINGLE_HASH=single)
                    email = self.made_here(f"{scheme}-{len(single)}@example.org")
                    stored = self.column(email, "password")
                    self.assert_in_there(email, PASSWORD)
                    self.assert_out_there(email, PASSWORD + " ")
                    self.assertEqual(self.column(email, "password"), stored, "passlib finds the hash out of date")

    @covers("password hash: renewal of old hashes", reads=True)
    def test_an_old_scheme_is_renewed_here_and_the_new_hash_is_accepted_there(self):
        for scheme in SCHEMES[1:] + ["plaintext"]:
            with self.subTest(scheme=scheme):
                self.start(SECURITY_PASSWORD_SCHEMES=[*SCHEMES, "plaintext"])
                email = self.made_there(f"{scheme}@example.org")
                old = PASSWORD if scheme == "plaintext" else self.there.hash(password=PASSWORD, scheme=scheme)
                self.there.store_password(email=email, stored=old)
                before = self.there.state(email=email)
                self.assert_in_here(email, PASSWORD)
                after = self.there.state(email=email)
                self.assertTrue(after["password"].startswith("$2b$04$"), after["password"])
                self.assertEqual(after["fs_uniquifier"], before["fs_uniquifier"], "a renewed hash ended the sessions")
                self.assert_in_there(email, PASSWORD)
                self.assertEqual(self.column(email, "password"), after["password"], "passlib renews it once more")

    @covers("password hash: renewal of old hashes", reads=False)
    def test_an_old_scheme_is_renewed_there_and_the_new_hash_is_accepted_here(self):
        for scheme in SCHEMES[1:]:
            with self.subTest(scheme=scheme):
                self.start(SECURITY_PASSWORD_HASH=scheme)
                email = self.made_here(f"{scheme}@example.org")
                self.start()
                self.assert_in_there(email, PASSWORD)
                renewed = self.column(email, "password")
                self.assertTrue(renewed.startswith("$2b$04$"), renewed)
                self.assert_in_here(email, PASSWORD)
                self.assertEqual(self.column(email, "password"), renewed)

    @covers("password hash: single hash", reads=True)
    @covers("password hash: single hash", reads=False)
    def test_the_password_itself_is_hashed_where_every_scheme_is_single(self):
        self.start(SECURITY_PASSWORD_SINGLE_HASH=True)
        there, here = self.made_there("t@example.org"), self.made_here("h@example.org")
        self.assert_in_here(there, PASSWORD)
        self.assert_in_there(here, PASSWORD)

    def test_a_second_factor_does_not_keep_a_hash_from_being_renewed_here(self):
        # Flask-Security 5.0 loses the new hash there.
        self.start()
        email = self.made_there()
        app = self.enrolled_there(self.signed_in_there(email), email)
        self.there.store_password(email=email, stored=self.there.hash(password=PASSWORD, scheme="pbkdf2_sha512"))
        self.assert_in_here(email, PASSWORD, app.code())
        self.assertTrue(self.column(email, "password").startswith("$2b$04$"))
        self.assert_in_there(email, PASSWORD, code=app.code())

    @covers("password hash: renewal of old hashes", reads=True)
    @covers("password hash: renewal of old hashes", reads=False)
    def test_both_sides_renew_by_the_same_options(self):
        changes = [
            ("bcrypt", {"bcrypt__rounds": 4}, {"bcrypt__rounds": 5}, True),
            ("bcrypt", {"bcrypt__rounds": 4}, {"bcrypt__min_rounds": 4}, False),
            ("bcrypt", {"bcrypt__rounds": 4}, {"bcrypt__min_rounds": 5, "bcrypt__default_rounds": 5}, True),
            ("sha512_crypt", {"sha512_crypt__rounds": 1000}, {"sha512_crypt__rounds": 5000}, True),
            ("pbkdf2_sha256", {"pbkdf2_sha256__rounds": 500}, {"pbkdf2_sha256__rounds": 501}, True),
            ("argon2", {"argon2__rounds": 2, "argon2__memory_cost": 256, "argon2__parallelism": 1},
             {"argon2__rounds": 2, "argon2__memory_cost": 512, "argon2__parallelism": 1}, True),
            ("argon2", {"argon2__rounds": 2, "argon2__memory_cost": 256, "argon2__parallelism": 1},
             {"argon2__rounds": 2, "argon2__memory_cost": 256, "argon2__parallelism": 2}, True),
        ]
        for number, (scheme, old, new, is_due) in enumerate(changes):
            with self.subTest(scheme=scheme, old=old, new=new):
                self.start(SECURITY_PASSWORD_HASH=scheme, SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=old)
                here, there = self.made_here(f"h{number}@example.org"), self.made_there(f"t{number}@example.org")
                stored = {email: self.column(email, "password") for email in (here, there)}
                self.start(SECURITY_PASSWORD_HASH=scheme, SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=new)
                # Each side reads what the other wrote.
                self.assert_in_here(there, PASSWORD)
                self.assert_in_there(here, PASSWORD)
                self.assertEqual(self.column(there, "password") != stored[there], is_due, "here")
                self.assertEqual(self.column(here, "password") != stored[here], is_due, "there")
                self.assert_in_there(there, PASSWORD)
                self.assert_in_here(here, PASSWORD)


@both_releases
class Texts:
    def test_any_spelling_of_a_text_is_the_same_password_on_both_sides(self):
        self.start()
        for number, text in enumerate(TEXTS):
            with self.subTest(text=text):
                here = self.made_here(f"h{number}@example.org", unicodedata.normalize("NFC", text))
                there = self.made_there(f"t{number}@example.org", unicodedata.normalize("NFD", text))
                self.assert_in_there(here, unicodedata.normalize("NFD", text))
                self.assert_in_here(there, unicodedata.normalize("NFC", text))
                self.assert_in_here(there, text)

    @covers("password hash: normalisation", reads=True)
    @covers("password hash: normalisation", reads=False)
    def test_every_normalisation_form_means_the_same(self):
        text = "ﬁn Ångström ①"
        for form in ("NFC", "NFD", "NFKC", "NFKD"):
            with self.subTest(form=form):
                self.start(SECURITY_PASSWORD_NORMALIZE_FORM=form)
                here = self.made_here(f"h-{form.lower()}@example.org", text)
                there = self.made_there(f"t-{form.lower()}@example.org", text)
                self.assert_in_there(here, text)
                self.assert_in_here(there, text)
                compatible = unicodedata.normalize("NFKD", text)
                for email in (here, there):
                    is_same = self.here.login(email, compatible) == "granted"
                    self.assertEqual(is_same, form in ("NFKC", "NFKD"))
                    self.assertEqual(self.there.verify(email=email, password=compatible), is_same)


@both_releases
class Plaintext:
    STORED = "plain text on disk!"

    @covers("password hash: plaintext", reads=True)
    def test_plain_text_verifies_where_the_file_names_the_scheme(self):
        self.start(SECURITY_PASSWORD_SCHEMES=["bcrypt", "plaintext"], SECURITY_DEPRECATED_PASSWORD_SCHEMES=[])
        email = self.made_there()
        self.there.store_password(email=email, stored=self.STORED)
        self.assert_in_here(email, self.STORED)
        self.assertEqual(self.column(email, "password"), self.STORED, "nothing is deprecated, so nothing is renewed")
        self.assert_in_there(email, self.STORED)

    def test_plain_text_is_no_password_here_unless_the_file_says_so(self):
        self.start()
        email = self.made_there()
        self.there.store_password(email=email, stored=self.STORED)
        self.assert_out_here(email, self.STORED, "unusable-password")

    def test_a_locked_or_unknown_hash_is_never_its_own_password_here(self):
        self.start(SECURITY_PASSWORD_SCHEMES=["bcrypt", "plaintext"])
        email = self.made_there()
        for stored in ("$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7",
                       "$1$abcdefgh$WSdr2Lr3rm2RQQKbIUdo2.", "{SSHA}AAAAAAAAAAAAAAAA"):
            with self.subTest(stored=stored):
                self.there.store_password(email=email, stored=stored)
                self.assertTrue(self.there.verify(email=email, password=stored), "Flask-Security lets it in")
                self.there.store_password(email=email, stored=stored)
                self.assert_out_here(email, stored, "unusable-password")


@both_releases
class Matrix:
    def test_each_hash_that_libsecurity_makes_at_any_cost_verifies_in_passlib(self):
        number = 0
        for scheme, all_options in COSTS.items():
            for options in all_options:
                options = {f"{scheme}__{name}": value for name, value in options.items()}
                self.start(SECURITY_PASSWORD_HASH=scheme, SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=options)
                email = self.made_there(f"{scheme}{number}@example.org")
                number += 1
                for text in TEXTS[:4]:
                    with self.subTest(scheme=scheme, options=options, text=text):
                        self.here.set_password(email, text)
                        self.assertTrue(self.there.verify(email=email, password=text), self.column(email, "password"))
                        self.assertFalse(self.there.verify(email=email, password=text + "x"))


if __name__ == "__main__":
    unittest.main()
