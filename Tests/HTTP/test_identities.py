"""Names of an account other than its mail address: phone numbers and user names (SECURITY_USER_IDENTITY_ATTRIBUTES)."""

import base64

from service import PASSWORD, ServiceCase

OTHER = "another plain staple"
PAGE = """
[[LIBSECURITY_PROTECTED]]
path = "/mine"
mechanisms = ["basic"]
content = "page"
"""


class Identities(ServiceCase):
    settings = {
        "SECURITY_USERNAME_ENABLE": True,
        "SECURITY_USER_IDENTITY_ATTRIBUTES": [
            {"email": {"mapper": "uia_email_mapper", "case_insensitive": True}},
            {"us_phone_number": {"mapper": "uia_phone_mapper"}},
            {"username": {"mapper": "uia_username_mapper"}},
        ],
    }
    tables = PAGE

    def setUp(self):
        super().setUp()
        self.query("UPDATE user SET us_phone_number = '+16502530000', username = 'annabel' WHERE email = 'ann@example.com'")

    def basic(self, name, password=PASSWORD):
        word = base64.b64encode(f"{name}:{password}".encode()).decode()
        return self.client().get("/mine", headers={"Authorization": "Basic " + word}).status

    def test_basic_authentication_takes_each_of_them(self):
        for name, status in (
                ("ann@example.com", 200), ("Ann@Example.com", 200), ("annabel", 200), ("Annabel", 401), ("annabell", 401),
                ("+16502530000", 200), ("+1 650-253-0000", 200), ("(650) 253-0000", 200), ("6502530000", 200),
                ("+16502530001", 401), ("2530000", 401), ("+1650253", 401), ("", 401)):
            with self.subTest(name=name):
                self.assertEqual(self.basic(name), status)
                self.assertEqual(self.basic(name, OTHER), 401)

    def test_what_reads_as_a_phone_number_is_no_user_name(self):
        self.ctl("users", "create", "bob@example.com", "--password", OTHER, "--active")
        self.ctl("users", "confirm", "bob@example.com")
        self.query("UPDATE user SET username = '6502530000' WHERE email = 'bob@example.com'")
        self.assertEqual((self.basic("6502530000", OTHER), self.basic("6502530000")), (401, 200))
        self.assertEqual(self.basic("bob@example.com", OTHER), 200)

    def test_the_region_of_the_configuration_reads_numbers_without_one(self):
        self.restart(SECURITY_PHONE_REGION_DEFAULT="DE")
        self.query("UPDATE user SET us_phone_number = '+4930123456' WHERE email = 'ann@example.com'")
        self.assertEqual((self.basic("030 123456"), self.basic("+49 30 123456"), self.basic("(650) 253-0000")), (200, 200, 401))

    def test_who_is_inactive_is_nobody_by_any_name(self):
        self.ctl("users", "deactivate", "ann@example.com")
        for name in ("ann@example.com", "annabel", "+16502530000"):
            self.assertEqual(self.basic(name), 401)

    def test_the_sign_in_form_takes_addresses_and_user_names(self):
        for field, name, wrong in (
                ("email", "Ann@Example.com", None), ("username", "annabel", None), ("username", "Annabel", "username"),
                ("email", "+16502530000", "email"), ("username", "6502530000", "username")):
            with self.subTest(field=field, name=name):
                answer = self.client().post_json("/login", {field: name, "password": PASSWORD})
                if wrong:
                    self.assertEqual((answer.status, list(answer.json["field_errors"])), (400, [wrong]))
                else:
                    self.assertEqual(answer.status, 200)

    def test_an_address_comes_before_a_user_name(self):
        answer = self.client().post_json(
            "/login", {"email": "nobody@example.com", "username": "annabel", "password": PASSWORD})
        self.assertEqual((answer.status, list(answer.json["field_errors"])), (400, ["email"]))

    def test_the_form_tells_what_names_an_account(self):
        answer = self.client().get("/login", headers={"Accept": "application/json"})
        self.assertEqual(answer.json["identity_attributes"], ["email", "us_phone_number", "username"])

    def test_an_address_may_name_nobody(self):
        self.restart(SECURITY_USER_IDENTITY_ATTRIBUTES=[{"us_phone_number": {"mapper": "uia_phone_mapper"}}])
        self.assertEqual((self.basic("(650) 253-0000"), self.basic("ann@example.com")), (200, 401))
        answer = self.client().post_json("/login", {"email": "ann@example.com", "password": PASSWORD})
        self.assertEqual(answer.status, 400)

    def test_the_first_that_an_account_has_is_its_name(self):
        phone, address = {"us_phone_number": {"mapper": "uia_phone_mapper"}}, {"email": {"mapper": "uia_email_mapper"}}
        self.restart(SECURITY_USER_IDENTITY_ATTRIBUTES=[phone, address], LIBSECURITY_PROXY_FIX={"trusted": ["127.0.0.1"]})
        word = base64.b64encode(f"ann@example.com:{PASSWORD}".encode()).decode()
        asked = {"X-Forwarded-Method": "GET", "X-Forwarded-Uri": "/mine", "Authorization": "Basic " + word}
        self.assertEqual(self.client().get("/authz", headers=asked).headers["X-Auth-User"], "+16502530000")
        self.query("UPDATE user SET us_phone_number = NULL")
        self.assertEqual(self.client().get("/authz", headers=asked).headers["X-Auth-User"], "ann@example.com")
