"""Mail addresses and user names: both sides store the same form, find each other's accounts, refuse the same texts."""
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


if __name__ == "__main__":
    unittest.main()
