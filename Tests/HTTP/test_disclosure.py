"""What neither answers nor the log may tell; docs/known-attacks.md names these tests."""

import base64
import re
import time
import urllib.parse

from service import PASSWORD, ServiceCase

PROTECTED = """
[[LIBSECURITY_PROTECTED]]
path = "/api"
mechanisms = ["basic"]
content = "private"
"""


def basic(name, password=PASSWORD):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


class Basic(ServiceCase):
    settings = {
        "SECURITY_API_ENABLED_METHODS": ["session", "token", "basic"], "LIBSECURITY_PROXY_FIX": {"trusted": ["127.0.0.1"]},
        "SECURITY_TWO_FACTOR": True, "SECURITY_TOTP_SECRETS": {"1": "TjQ9Qa31VOrfEzuPy4VHQWPCTmRzCnFzMKLxXYiZu9B"},
        "SECURITY_TOTP_ISSUER": "test",
    }
    tables = PROTECTED

    def setUp(self):
        super().setUp()
        for name in ("eve", "off", "two"):
            self.ctl("users", "create", f"{name}@example.com", "--password", PASSWORD, "--active")
        for name in ("off", "two"):
            self.ctl("users", "confirm", f"{name}@example.com")
        self.ctl("users", "deactivate", "off@example.com")
        self.ctl("users", "totp", "enrol", "two@example.com", "--no-verify")

    def ask(self, name, password=PASSWORD, path="/api", **headers):
        return self.client().get(path, headers={**basic(f"{name}@example.com", password), **headers})

    def test_basic_obeys_the_whole_decision(self):
        self.assertEqual(self.ask("ann").status, 200)
        for name in ("eve", "off", "two", "nobody"):
            self.assertEqual(self.ask(name).status, 401, name)
            answer = self.ask(name, path="/authz", **{"X-Original-Method": "GET", "X-Original-URI": "/api"})
            self.assertEqual(answer.status, 401, name)
            self.assertNotIn("X-Auth-User", answer.headers)
            answer = self.client().request(
                "POST", "/change", headers={**basic(f"{name}@example.com"), "Accept": "application/json"},
                json_body={"password": PASSWORD, "new_password": "n" * 20, "new_password_confirm": "n" * 20})
            self.assertEqual(answer.status, 401, name)

    def test_basic_obeys_the_throttle(self):
        for _ in range(5):
            self.ask("ann", "wrong")
        self.assertEqual(self.ask("ann").status, 401)
        self.assertGreater(self.said("reason=throttled"), 0)

    def test_basic_writes_an_audit_line(self):
        for _ in range(3):
            self.ask("ann")
        # A minute may end between two of them.
        self.assertIn(self.said("verdict=granted user=? account=1 rhost=127.0.0.1 factor=basic"), (1, 2))
        for name, reason in (("eve", "unconfirmed"), ("off", "inactive"), ("two", "second-factor-due")):
            self.ask(name)
            self.ask(name)
            self.assertEqual(self.said(f"verdict=denied reason={reason} user=? account="), 2, name)
        self.ask("ann", "wrong")
        self.assertEqual(self.said("verdict=denied reason=wrong-password"), 1)

    def test_basic_is_no_recorded_sign_in(self):
        self.ask("ann")
        self.assertEqual(self.query("SELECT login_count FROM user WHERE id = 1"), [(None,)])


class Log(ServiceCase):
    settings = {"SECURITY_USERNAME_ENABLE": True, "LIBSECURITY_MAIL_INTERVAL": 0}

    def launch(self):
        import service
        dist = service.DIST
        wrapper = self.folder / "sbin"
        wrapper.mkdir(exist_ok=True)
        program = wrapper / "securityd"
        program.write_text(f'#!/bin/sh\nexec {dist.resolve()}/sbin/securityd "$@" --log-level debug\n')
        program.chmod(0o700)
        service.DIST = self.folder
        try:
            return super().launch()
        finally:
            service.DIST = dist

    def test_no_token_or_address_is_in_the_log(self):
        secrets = []
        browser = self.client()
        browser.post("/reset", {"email": "ann@example.com"})
        self.client().post("/register", {"email": "new@example.com", "username": "newer", "password": PASSWORD})
        for index in (0, 1):
            link = self.link(index)
            token = link.rsplit("/", 1)[1]
            secrets.append(token)
            page = self.client().get(link)
            self.assertEqual(page.status, 200)
            # Mistyped, of another route, of another case, in the query, as a method.
            for path in (link + "x", link + "/", link.upper(), "/nowhere" + link, link.replace("/", "//", 1),
                         f"/login?token={token}", f"/healthz/{token}", f"/static/{token}", f"/{token}"):
                self.client().get(path)
            self.client().request("POST", link, form={"password": "x"})
            self.client().request("A" + re.sub("[^A-Za-z]", "", token)[:60], "/login")
        script = self.client().post_json("/login?include_auth_token", {"email": "ann@example.com", "password": PASSWORD})
        token = script.json["user"]["authentication_token"]
        secrets += [token, PASSWORD, "typed@example.com", "ann@example.com", "new@example.com", "a wrong password"]
        self.client().get(f"/change?auth_token={token}")
        self.client().get("/change", headers={"Authentication-Token": token})
        self.client().sign_in("typed@example.com", "a wrong password")
        self.client().sign_in("ann@example.com", "a wrong password")
        self.client().post_json("/login", {"email": "ann@example.com", "password": "a wrong password"})
        self.client().get("/login?email=typed@example.com&next=/typed@example.com")
        self.client().post("/confirm", {"email": "typed@example.com"})
        self.client().post("/confirm", {"email": "new@example.com"})
        for mode in ("refuse", "reject", "drop"):
            self.mail.mode = mode
            self.client().post("/reset", {"email": "ann@example.com"})
        signed = self.client()
        signed.sign_in(remember="y")
        secrets += list(signed.cookies.values())
        signed.get("/logout")
        log = (self.folder / "log").read_text()
        self.assertIn("path=/reset/{token}", log)
        self.assertIn("path=other", log)
        for secret in secrets:
            for text in (secret, urllib.parse.quote(secret, safe=""), secret[:40].upper(), secret.split("@")[0] + "@"):
                if len(text) > 4:
                    self.assertNotIn(text.upper(), log.upper(), text)
        self.assertNotRegex(log, r"\w@\w")


class Health(ServiceCase):
    settings = {"SECURITY_RETURN_GENERIC_RESPONSES": True, "LIBSECURITY_MAIL_FIRST_ATTEMPT": "worker"}

    def test_healthz_tells_nothing_of_the_outbox(self):
        self.mail.mode = "refuse"
        for name in ("ann", "nobody"):
            self.client().post("/reset", {"email": f"{name}@example.com"})
            answer = self.client().get("/healthz")
            self.assertEqual((answer.status, answer.body), (200, "ok\n"))
        self.assertEqual(self.query("SELECT count(*) FROM lsec_outbox"), [(1,)])
        self.database.rename(self.folder / "gone")
        answer = self.client().get("/healthz")
        self.assertEqual((answer.status, len(answer.body.splitlines())), (503, 1))
        self.assertNotIn(str(self.folder), answer.body)


class EqualAnswers(ServiceCase):
    """With generic answers a flow tells of no account, whatever becomes of it."""

    settings = {
        "SECURITY_RETURN_GENERIC_RESPONSES": True, "SECURITY_USERNAME_ENABLE": True, "LIBSECURITY_MAIL_FIRST_ATTEMPT": "worker",
        "LIBSECURITY_USER_PAYLOAD": {"email": "email"},
    }
    names = ("ann", "nobody", "off", "eve")
    identities = ("email", "username", "identity", "phone")

    def make_accounts(self):
        for name in ("off", "eve"):
            self.ctl("users", "create", f"{name}@example.com", "--username", f"{name}name", "--password", PASSWORD, "--active")
        self.ctl("users", "confirm", "off@example.com")
        self.ctl("users", "deactivate", "off@example.com")

    def flows(self):
        """The paths of the description that take an identity in JSON, with the names of all their fields."""
        import yaml
        description = yaml.safe_load(self.client().get("/openapi.yaml").body)
        found = {}
        for path, methods in description["paths"].items():
            body = methods.get("post", {}).get("requestBody", {})
            fields = self.fields(description, body)
            if "{" not in path and set(fields) & set(self.identities):
                found[path] = fields
        return found

    def fields(self, description, node):
        """All names of properties below a node, references followed."""
        names = []
        if isinstance(node, dict):
            if "$ref" in node:
                target = description
                for part in node["$ref"].lstrip("#/").split("/"):
                    target = target[part]
                return self.fields(description, target)
            names += list(node.get("properties", {}))
            for value in node.values():
                names += self.fields(description, value)
        elif isinstance(node, list):
            for value in node:
                names += self.fields(description, value)
        return names

    def answer(self, path, fields, name, as_json):
        values = {"email": f"{name}@example.com", "username": f"{name}name", "identity": f"{name}@example.com",
                  "phone": "+16505551234", "password": "a wrong battery staple"}
        form = {field: values[field] for field in fields if field in values}
        if path == "/register":
            form.pop("username", None)
        browser = self.client()
        answer = browser.post_json(path, form) if as_json else browser.post(path, form)
        # A name in the page is the one that was typed.
        body = answer.body.replace(f"{name}@example.com", "X").replace(f"{name}name", "X")
        body = re.sub(r'("?csrf_token"?(: ?"| value="))[^"]*', r"\1", body)
        body = re.sub(r"href=\"[^\"]*\?", "", body)
        kept = {key: value for key, value in answer.headers.items()
                if key.lower() not in ("date", "x-request-id", "set-cookie", "content-length")}
        return answer.status, body, kept, sorted(browser.cookies)

    def compare(self, least):
        self.make_accounts()
        flows = self.flows()
        self.assertGreaterEqual(set(flows), least)
        for path, fields in flows.items():
            for as_json in (True, False):
                answers = {name: self.answer(path, fields, name, as_json) for name in self.names}
                first = answers["nobody"]
                self.assertNotEqual(first[0], 500)
                for name, answer in answers.items():
                    self.assertEqual(answer, first, (path, as_json, name))

    def test_every_flow_that_takes_an_identity_answers_alike(self):
        self.compare({"/login", "/reset", "/confirm", "/register"})

    def test_a_sign_in_link_is_answered_alike_for_every_name(self):
        self.restart(SECURITY_PASSWORDLESS=True)
        self.compare({"/login", "/reset", "/confirm", "/register"})
        self.until(lambda: any("/login/" in mail.as_string() for mail in self.mail.messages))

    def test_requests_for_links_cost_one_work(self):
        """No clock: a mail is written for every name, and taken away again where nobody is to get it."""
        self.restart(SECURITY_PASSWORDLESS=True)
        self.client().post_json("/reset", {"email": "somebody@example.com"})
        last = "SELECT seq FROM sqlite_sequence WHERE name = 'lsec_outbox'"
        for path in ("/login", "/reset", "/confirm"):
            for name in ("nobody", "ann"):
                before = self.query(last)[0][0]
                self.client().post_json(path, {"email": f"{name}@example.com"})
                self.assertEqual(self.query(last)[0][0] - before, 1, (path, name))


class Warnings(ServiceCase):
    cases = [
        ("LIBSECURITY_MAIL_FIRST_ATTEMPT", {"SECURITY_RETURN_GENERIC_RESPONSES": True}),
        ("SECURITY_REGISTERABLE", {"SECURITY_RETURN_GENERIC_RESPONSES": True, "SECURITY_CONFIRMABLE": False}),
        ("LIBSECURITY_PROXY_FIX", {"LIBSECURITY_PROXY_FIX": {"x_for": 1}}),
    ]

    def test_what_tells_strangers_more_is_said_at_the_start(self):
        for key, settings in self.cases:
            before = self.said(key)
            self.restart(**settings)
            self.assertGreater(self.said(key), before, key)
            self.assertIn(key, self.ctl("config", "check"))
