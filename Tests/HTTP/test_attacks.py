"""What went wrong elsewhere must not go wrong here; docs/known-attacks.md names these tests."""

import base64
import concurrent.futures
import json

from service import PASSWORD, ServiceCase

EVIL = ["//evil.example", "\\\\evil.example", "/\\evil.example", "///evil.example", "http://evil.example/", " //evil.example",
        "http:evil.example", "javascript:alert(1)", "/\t/evil.example", "////evil.example", "\\/evil.example"]


class Attacks(ServiceCase):
    def test_no_target_leads_out_of_the_site(self):
        for target in EVIL:
            browser = self.client()
            answer = browser.sign_in(next=target)
            self.assertIn(answer.status, (200, 302), target)
            if answer.status == 302:
                self.assertEqual(answer.location, "/", target)

    def test_links_do_not_follow_the_host_header(self):
        browser = self.client()
        browser.post("/reset", {"email": "ann@example.com"}, headers={"Host": "evil.example"})
        self.assertNotIn("evil.example", self.mail.messages[-1].as_string())
        self.link()

    def test_a_scanner_that_opens_links_changes_nothing(self):
        self.client().post("/register", {"email": "bob@example.com", "password": PASSWORD})
        path = self.link()
        for _ in range(3):
            self.assertEqual(self.client().get(path).status, 200)
        self.assertEqual(self.query("SELECT confirmed_at FROM user WHERE email = 'bob@example.com'"), [(None,)])

    def test_of_fifty_who_redeem_a_link_one_wins(self):
        self.client().post("/reset", {"email": "ann@example.com"})
        path = self.link()
        before = self.query("SELECT fs_uniquifier FROM user WHERE id = 1")

        def redeem(number):
            browser = self.client()
            new = f"battery staple number {number}"
            return browser.post(path, {"password": new, "password_confirm": new}, at="/login").location

        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            targets = list(pool.map(redeem, range(50)))
        self.assertEqual(targets.count("/"), 1, targets)
        self.assertNotEqual(self.query("SELECT fs_uniquifier FROM user WHERE id = 1"), before)

    def test_a_session_that_was_ended_is_refused_from_a_copy(self):
        browser = self.client()
        browser.sign_in()
        copy = self.client()
        copy.cookies = dict(browser.cookies)
        self.assertEqual(copy.get("/change").status, 200)
        browser.get("/logout")
        self.assertEqual(copy.get("/change").status, 302)

    def test_a_new_password_ends_the_other_sessions(self):
        first, second = self.client(), self.client()
        first.sign_in()
        second.sign_in()
        new = "another battery staple"
        first.post("/change", {"password": PASSWORD, "new_password": new, "new_password_confirm": new})
        self.assertEqual(first.get("/change").status, 200)
        self.assertEqual(second.get("/change").status, 302)

    def test_the_other_sessions_can_be_ended(self):
        here, there = self.client(), self.client()
        here.sign_in()
        there.sign_in(remember="y")
        script = self.client().post_json("/login?include_auth_token", {"email": "ann@example.com", "password": PASSWORD})
        token = {"Authentication-Token": script.json["user"]["authentication_token"]}
        self.assertEqual(here.get("/end-sessions").status, 200)
        self.assertEqual(there.get("/change").status, 200)
        answer = here.request("POST", "/end-sessions", form={})
        self.assertNotIn("here alone", answer.body)
        answer = here.post("/end-sessions", {})
        self.assertIn("You are signed in here alone", answer.body)
        self.assertEqual(here.get("/change").status, 200)
        self.assertEqual(there.get("/change").status, 302)
        self.assertNotEqual(self.client().get("/change", headers=token).status, 200)
        self.ctl("users", "end-sessions", "ann@example.com")
        self.assertEqual(here.get("/change").status, 302)

    def test_deactivated_accounts_are_out_at_once(self):
        browser = self.client()
        browser.sign_in()
        self.ctl("users", "deactivate", "ann@example.com")
        self.assertEqual(browser.get("/change").status, 302)

    def test_guesses_are_slowed_down_in_both_forms(self):
        for _ in range(3):
            self.client().sign_in(password="wrong")
        for _ in range(3):
            self.client().post_json("/login", {"email": "ann@example.com", "password": "wrong"})
        self.assertEqual(self.client().sign_in().status, 200)

    def test_a_forged_forwarded_for_buys_no_guesses(self):
        for number in range(6):
            browser = self.client()
            browser.post("/login", {"email": "ann@example.com", "password": "wrong"},
                         headers={"X-Forwarded-For": f"192.0.2.{number}"})
        self.assertEqual(self.client().sign_in().status, 200)

    def test_identity_never_comes_from_the_body(self):
        columns = {"id": 1, "user_id": 1, "_user_id": 1, "fs_uniquifier": "x", "active": True, "roles": ["admin"]}
        answer = self.client().post_json("/change", {**columns, "new_password": "n" * 20, "new_password_confirm": "n" * 20})
        self.assertEqual(answer.status, 401)
        self.client().post_json(
            "/register", {"email": "eve@example.com", "password": PASSWORD, "confirmed_at": "2020-01-01", **columns})
        self.assertEqual(self.query("SELECT confirmed_at, login_count FROM user WHERE email = 'eve@example.com'")[0][0], None)

    def test_a_form_is_not_taken_for_json(self):
        answer = self.client().request(
            "POST", "/login", json.dumps({"email": "ann@example.com", "password": PASSWORD}),
            {"Content-Type": "text/plain; a=application/json"})
        self.assertNotIn("session", answer.headers.get("Set-Cookie", "").split("_user_id"))
        self.assertEqual(answer.status, 200)

    def test_a_page_of_another_site_is_refused(self):
        browser = self.client()
        token = browser.token()
        form = {"email": "ann@example.com", "password": PASSWORD, "csrf_token": token}
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            self.assertEqual(browser.request("POST", "/login", form=form, headers=headers).status, 403)

    def test_values_of_wrong_types_are_no_crash(self):
        for value in (None, [], {}, 1, True, [["a", "b"]], "\ud800", "\x00", "٣" * 6):
            for field in ("email", "password"):
                fields = {"email": "ann@example.com", "password": PASSWORD, field: value}
                answer = self.client().post_json("/login", fields)
                self.assertEqual(answer.status, 400, (field, value, answer.body))
        for body in ("[]", "[1]", '"a"', "1", "{", "[[[[", ""):
            answer = self.client().request("POST", "/login", body, {"Content-Type": "application/json"})
            self.assertEqual(answer.status, 400, body)

    def test_a_csrf_token_of_another_session_is_refused(self):
        token = self.client().token()
        answer = self.client().request(
            "POST", "/login", form={"email": "ann@example.com", "password": PASSWORD, "csrf_token": token})
        self.assertEqual(answer.status, 200)
        self.assertIn("CSRF", answer.body)

    def test_hostile_names_stay_text(self):
        hostile = '"><script>alert(1)</script>{{7*7}}'
        page = self.client().post("/login", {"email": hostile, "password": "x"})
        self.assertNotIn("<script>", page.body)
        self.assertIn("{{7*7}}", page.body)


class GenericAnswers(ServiceCase):
    settings = {"SECURITY_RETURN_GENERIC_RESPONSES": True}

    def both(self, path, known, unknown):
        first = self.client().post_json(path, known)
        second = self.client().post_json(path, unknown)
        strip = {"csrf_token"}
        return (
            (first.status, {k: v for k, v in first.json.items() if k not in strip}),
            (second.status, {k: v for k, v in second.json.items() if k not in strip}))

    def test_known_and_unknown_users_get_one_answer(self):
        known, unknown = {"email": "ann@example.com"}, {"email": "nobody@example.com"}
        for path, more in (("/login", {"password": "wrong"}), ("/reset", {}), ("/confirm", {}),
                           ("/register", {"password": PASSWORD})):
            first, second = self.both(path, {**known, **more}, {**unknown, **more})
            self.assertEqual(first, second, path)


class Authz(ServiceCase):
    settings = {"LIBSECURITY_PROXY_FIX": {"trusted": ["127.0.0.1"]}}
    tables = """
[[LIBSECURITY_PROTECTED]]
prefix = "/app"
mechanisms = ["session", "basic"]

[[LIBSECURITY_PROTECTED]]
prefix = "/app/admin"
mechanisms = ["session"]
roles_required = ["admin"]

[[LIBSECURITY_PROTECTED]]
path = "/open"
"""

    def ask(self, target, client=None, method="GET", **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return (client or self.client()).get(
            "/authz", headers={"X-Forwarded-Method": method, "X-Forwarded-Uri": target, **named})

    def test_rules(self):
        self.assertEqual(self.ask("/open").status, 200)
        self.assertEqual(self.ask("/elsewhere").status, 403)
        self.assertEqual(self.ask("/applepie").status, 403)
        self.assertEqual(self.ask("/app/x", method="POST").status, 403)
        browser = self.client()
        browser.sign_in()
        answer = self.ask("/app/x?y=1", browser)
        self.assertEqual((answer.status, answer.headers["X-Auth-Email"]), (200, "ann@example.com"))
        self.assertEqual(self.ask("/app/admin/x", browser).status, 403)
        self.ctl("roles", "create", "admin")
        self.ctl("roles", "add", "ann@example.com", "admin")
        answer = self.ask("/app/admin/x", browser)
        self.assertEqual((answer.status, answer.headers["X-Auth-Roles"]), (200, "admin"))

    def test_a_comma_in_a_role_is_not_two_roles(self):
        for role in ("a,admin", "100%2C"):
            self.ctl("roles", "create", role)
            self.ctl("roles", "add", "ann@example.com", role)
        browser = self.client()
        browser.sign_in()
        self.assertEqual(self.ask("/app/x", browser).headers["X-Auth-Roles"], "100%252C,a%2Cadmin")

    def test_who_is_not_signed_in_is_sent_to_the_page(self):
        answer = self.ask("/app/admin/x")
        self.assertEqual((answer.status, answer.location), (302, "/login?next=%2Fapp%2Fadmin%2Fx"))
        self.assertEqual(self.ask("/app/admin/x", Accept="application/json").status, 401)

    def test_basic_authentication(self):
        word = base64.b64encode(f"ann@example.com:{PASSWORD}".encode()).decode()
        self.assertEqual(self.ask("/app/x", Authorization="Basic " + word).status, 200)
        self.assertEqual(self.ask("/app/x", Authorization="Basic !!").status, 401)

    def test_malformed_requests_are_never_let_in(self):
        browser = self.client()
        browser.sign_in()
        for target in ("", "open", "/app/../open", "/app/%2e%2e/open", "/app%2Fx", "/app//x", "/app\\x", "/app/%00", "/app x",
                       "/app#x", "/app/%25", "/app/%ff"):
            self.assertEqual(self.ask(target, browser).status, 400, target)
        self.assertEqual(browser.get("/authz").status, 400)
        self.assertEqual(self.ask("/open", X_Original_URI="/app").status, 400)
        self.assertEqual(self.ask("/open", X_Original_Method="GET").status, 400)


class AuthzWithoutProxies(ServiceCase):
    tables = '[[LIBSECURITY_PROTECTED]]\npath = "/open"\n'

    def test_nobody_is_a_proxy_by_default(self):
        answer = self.client().get("/authz", headers={"X-Forwarded-Method": "GET", "X-Forwarded-Uri": "/open"})
        self.assertEqual(answer.status, 400)
