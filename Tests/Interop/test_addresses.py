"""Mail addresses, user names, phone numbers: both sides store the same form, find each other's accounts, refuse the same texts."""
import unittest

from case import PASSWORD, both_releases
from coverage import covers

# As typed, as stored.
ADDRESSES = [
    ("Ann@Example.ORG", "Ann@example.org"),
    ("jo\u0308rg@example.org", "j\u00f6rg@example.org"),
    ("ann@B\u00dcCHER.example", "ann@b\u00fccher.example"),
    ("bob@xn--bcher-kva.example", "bob@b\u00fccher.example"),
    ("carl@\u81fa\u7db2\u4e2d\u5fc3.tw", "carl@\u81fa\u7db2\u4e2d\u5fc3.tw"),
]
REFUSED = ["ann", "ann@", "ann@example", "a b@example.org", "ann@x.test", "ann@localhost", "\"ann\"@example.org",
           "ann@[127.0.0.1]", "ann@-x.org", "ann@xn---bbk.example", "ann@\u2488example.org", "a..b@example.org",
           "ann@" + "l" * 64 + ".org"]
ARGUMENTS = {"SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False}}


@both_releases
class Addresses:
    @covers("mail address", reads=True)
    def test_an_address_made_there_is_found_here(self):
        self.start(**ARGUMENTS)
        for typed, stored in ADDRESSES:
            with self.subTest(typed):
                made = self.there.cli(arguments=["users", "create", typed, "--password", PASSWORD, "--active"])
                self.assertEqual(made["code"], 0, made)
                self.assertEqual(self.here.show(typed)["email"], stored)
                self.assertEqual(self.column(stored, "email"), stored)

    @covers("mail address", reads=False)
    def test_an_address_made_here_is_found_there(self):
        self.start(**ARGUMENTS)
        for typed, stored in ADDRESSES:
            with self.subTest(typed):
                self.made_here(typed)
                self.assertIsNotNone(self.there.state(email=stored))
                session = self.session()
                self.there.login(session, typed, PASSWORD)
                self.assertTrue(self.there.is_signed_in(session, stored))

    @covers("mail address", reads=False)
    def test_both_sides_refuse_the_same_texts(self):
        self.start(**ARGUMENTS)
        for text in REFUSED:
            with self.subTest(text):
                self.here.ctl("users", "create", text, "--no-password", status=2)
                made = self.there.cli(arguments=["users", "create", text, "--password", PASSWORD])
                self.assertNotEqual(made["code"], 0, made)
        self.assertEqual(self.sql('SELECT * FROM "user"'), [])


# As typed, as stored.
USERNAMES = [("annlee", "annlee"), ("\u00c4nn2", "A\u0308nn2"), ("\u5c0f\u660e\u5c0f\u660e", "\u5c0f\u660e\u5c0f\u660e")]
REFUSED_USERNAMES = ["ann", "A\u0308nnlee", "n" * 33, "ann lee", "ann_lee", "ann@lee", "<script>", "ann\u200dlee"]


@both_releases
class Usernames:
    @covers("user name", reads=True)
    def test_a_name_made_there_is_found_here(self):
        # By its page: its command line stores a name as it was typed, not normalised.
        self.start(**ARGUMENTS, SECURITY_REGISTERABLE=True)
        for typed, stored in USERNAMES:
            with self.subTest(typed):
                email = f"{len(stored)}{ord(stored[0])}@example.org"
                made = self.there.post(
                    self.session(), "/register", {"email": email, "username": typed, "password": PASSWORD,
                                                   "password_confirm": PASSWORD})
                self.assertEqual(made["status"], 200, made)
                self.assertEqual(self.column(email, "username"), stored)
                self.assertEqual(self.here.show(typed)["email"], email)

    @covers("user name", reads=False)
    def test_a_name_made_here_signs_in_there(self):
        self.start(**ARGUMENTS)
        for typed, stored in USERNAMES:
            with self.subTest(typed):
                email = f"{len(stored)}{ord(stored[0])}@example.org"
                self.made_here(email, PASSWORD, "--username", typed)
                self.assertEqual(self.column(email, "username"), stored)
                session = self.session()
                self.there.post(session, "/login", {"username": typed, "password": PASSWORD,
                                                   "password_confirm": PASSWORD})
                self.assertTrue(self.there.is_signed_in(session, email))

    @covers("user name", reads=False)
    def test_both_sides_refuse_the_same_names(self):
        self.start(**ARGUMENTS)
        for text in REFUSED_USERNAMES:
            with self.subTest(text):
                self.here.ctl("users", "create", "ann@example.org", "--username", text, "--no-password", status=2)
                made = self.there.cli(arguments=[
                    "users", "create", "email:ann@example.org", f"username:{text}", "--password", PASSWORD])
                self.assertNotEqual(made["code"], 0, made)
        self.assertEqual(self.sql('SELECT * FROM "user"'), [])


@both_releases
class PhoneNumbers:
    TYPED = ["(650) 253-0000", "+1 650 253 0000", "650.253.0000"]
    KEYS = {
        **ARGUMENTS, "SECURITY_UNIFIED_SIGNIN": True, "SECURITY_PHONE_REGION_DEFAULT": "US",
        "SECURITY_USER_IDENTITY_ATTRIBUTES": [
            {"email": {"mapper": "uia_email_mapper", "case_insensitive": True}},
            {"us_phone_number": {"mapper": "uia_phone_mapper"}}]}

    @covers("phone number", reads=True)
    def test_a_number_stored_there_names_its_owner_here(self):
        self.start(**self.KEYS)
        self.made_there(us_phone_number="+16502530000")
        for typed in self.TYPED:
            self.assertEqual(self.here.show(typed)["email"], "ann@example.org")
        self.here.ctl("users", "show", "253", status=2)

    @covers("phone number", reads=False)
    def test_a_number_stored_here_signs_in_there(self):
        self.start(**self.KEYS)
        self.here.ctl("users", "create", "email:ann@example.org", f"us_phone_number:{self.TYPED[0]}", "--active",
                      "--confirmed", "--password-stdin", stdin=PASSWORD)
        self.assertEqual(self.column("ann@example.org", "us_phone_number"), "+16502530000")
        for typed in self.TYPED:
            session = self.session()
            self.there.post(session, "/us-signin", {"identity": typed, "passcode": PASSWORD})
            self.assertTrue(self.there.is_signed_in(session, "ann@example.org"))


if __name__ == "__main__":
    unittest.main()
