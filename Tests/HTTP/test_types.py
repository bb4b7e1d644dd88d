"""JSON that holds something else where a form has text: told of its field, and never taken for text."""

import re

from service import PASSWORD, ServiceCase

NEW = "another plain staple"
NO_TEXTS = (12345678, 0, 1.5, 1e400, True, False, [], ["ann@example.com"], {}, {"email": "ann@example.com"})
TOLD = ["Input not appropriate for requested API"]
ANN = {"email": "ann@example.com"}


class Types(ServiceCase):
    settings = {"WTF_CSRF_ENABLED": False, "SECURITY_USERNAME_ENABLE": True, "LIBSECURITY_THROTTLE": False}

    def signed_in(self):
        browser = self.client()
        self.assertEqual(browser.request("POST", "/login", json_body={**ANN, "password": PASSWORD}).status, 200)
        return browser

    def judge(self, browser, path, fields, *texts):
        """Each of the texts as each of the other types, then all of them; all that is text is as it should be."""
        for name in texts:
            for value in NO_TEXTS:
                with self.subTest(path=path, field=name, value=value):
                    answer = browser.request("POST", path, json_body={**fields, name: value})
                    self.assertEqual((answer.status, answer.json), (400, {
                        "errors": TOLD, "field_errors": {name: TOLD}}), answer.body)
        answer = browser.request("POST", path, json_body={**fields, **{name: 1 for name in texts}})
        self.assertEqual(answer.json["field_errors"], {name: TOLD for name in texts})

    def field_errors(self, browser, path, fields):
        answer = browser.request("POST", path, json_body=fields)
        return answer.status, answer.json.get("field_errors")

    def test_login(self):
        fields = {**ANN, "password": PASSWORD}
        browser = self.client()
        self.judge(browser, "/login", fields, "email", "username", "password", "next")
        self.assertEqual(browser.get("/verify", headers={"Accept": "application/json"}).status, 401)
        self.assertEqual(self.field_errors(browser, "/login", {**fields, "password": None}), (
            400, {"password": ["Password not provided"]}))
        for optional in ({"username": None}, {"next": None}, {"of no form": 1}):
            self.assertEqual(self.field_errors(self.client(), "/login", {**fields, **optional}), (200, None))

    def test_a_box_that_is_ticked_or_not_may_be_anything(self):
        for value in (*NO_TEXTS, None, "yes"):
            browser = self.client()
            answer = browser.request("POST", "/login", json_body={**ANN, "password": PASSWORD, "remember": value})
            self.assertEqual(answer.status, 200, value)
            self.assertEqual("remember_token" in browser.cookies, value in (None, {}) or bool(value), value)

    def test_register(self):
        fields = {"email": "bob@example.com", "username": "robert", "password": PASSWORD}
        self.judge(self.client(), "/register", fields, "email", "username", "password")
        self.assertEqual(self.query("SELECT count(*) FROM user"), [(1,)])
        for name, said in (("email", "Email not provided"), ("password", "Password not provided")):
            self.assertEqual(self.field_errors(self.client(), "/register", {**fields, name: None}), (400, {name: [said]}))
        self.assertEqual(self.field_errors(self.client(), "/register", {**fields, "username": None}), (200, None))
        self.assertEqual(self.query("SELECT username FROM user WHERE email = 'bob@example.com'"), [(None,)])

    def test_confirm_and_forgot(self):
        for path in ("/confirm", "/reset"):
            self.judge(self.client(), path, ANN, "email")
            self.assertEqual(self.field_errors(self.client(), path, {"email": None}), (
                400, {"email": ["Email not provided"]}))
        self.assertEqual(self.mail.messages, [])

    def test_reset(self):
        self.client().request("POST", "/reset", json_body=ANN)
        path = self.link()
        self.judge(self.client(), path, {"password": NEW, "password_confirm": NEW}, "password", "password_confirm")
        answer = self.client().request("POST", path, json_body={"password": NEW, "password_confirm": NEW})
        self.assertEqual(answer.status, 200, answer.body)

    def test_verify(self):
        browser = self.signed_in()
        self.judge(browser, "/verify", {"password": PASSWORD}, "password")
        self.assertEqual(self.field_errors(browser, "/verify", {"password": None}), (
            400, {"password": ["Password not provided"]}))
        # Who is not signed in is told that first.
        self.assertEqual(self.client().request("POST", "/verify", json_body={"password": 1}).status, 401)

    def test_change(self):
        browser = self.signed_in()
        fields = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
        self.judge(browser, "/change", fields, *fields)
        self.assertEqual(self.field_errors(browser, "/change", {**fields, "new_password": None})[1]["new_password"], [
            "Password not provided"])
        self.assertEqual(self.field_errors(browser, "/change", fields), (200, None))

    def test_digits_without_quotes_are_no_password(self):
        self.ctl("users", "create", "eve@example.com", "--password", "7351902846", "--active")
        self.ctl("users", "confirm", "eve@example.com")
        self.assertEqual(self.field_errors(self.client(), "/login", {"email": "eve@example.com", "password": 7351902846}), (
            400, {"password": TOLD}))
        self.assertEqual(
            self.field_errors(self.client(), "/login", {"email": "eve@example.com", "password": "7351902846"}), (200, None))


class Tokens(ServiceCase):
    def test_a_csrf_token_is_text(self):
        browser = self.client()
        self.assertTrue(re.search("csrf_token", browser.get("/login").body))
        for value in (*NO_TEXTS, None):
            answer = browser.request("POST", "/login", json_body={**ANN, "password": PASSWORD, "csrf_token": value})
            self.assertEqual(answer.status, 400, value)
            self.assertEqual(list(answer.json["field_errors"]), ["csrf_token"], value)


class SignInLinks(ServiceCase):
    settings = {"WTF_CSRF_ENABLED": False, "SECURITY_PASSWORDLESS": True}
    judge = Types.judge

    def test_an_address_is_text(self):
        self.judge(self.client(), "/login", ANN, "email")
        self.assertEqual(self.mail.messages, [])
