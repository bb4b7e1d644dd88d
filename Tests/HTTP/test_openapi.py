"""The description of the JSON interface: it is of what is switched on, and every answer is as it says.

schemathesis makes requests of all sorts from the description; a client goes the flows with its real tokens and
passwords. Both hold each answer against the description.
"""

import pathlib
import subprocess
import sys
import urllib.parse

import requests
import schemathesis
import yaml
from schemathesis.core.transport import Response
from schemathesis.specs.openapi import checks

from service import PASSWORD, PATIENCE, Client, ServiceCase

JSON = {"Accept": "application/json"}
NEW = "another battery staple"
CHECKS = ["not_a_server_error", "status_code_conformance", "content_type_conformance",
          "response_headers_conformance", "response_schema_conformance", "unsupported_method", "allow_header_conformance"]
PAGES = """
[[LIBSECURITY_PROTECTED]]
path = "/report"
mechanisms = ["session", "token"]
json = { answer = 42 }

[[LIBSECURITY_PROTECTED]]
path = "/admin"
mechanisms = ["token"]
roles_required = ["admin"]
json = { answer = 43 }
"""


class JudgedClient(Client):
    """Holds each answer to JSON against the description, and remembers which operations it saw succeed."""

    def __init__(self, port):
        super().__init__(port)
        self.description = schemathesis.openapi.from_url(f"http://127.0.0.1:{port}/openapi.yaml")
        self.succeeded = set()

    def operation(self, method, path):
        for template in self.description:
            start, _, end = template.partition("{token}")
            token = path[len(start):len(path) - len(end)]
            if path == template or (start != template and path.startswith(start) and token and "/" not in token):
                return template, self.description[template][method]
        raise AssertionError(f"{path} is not described")

    def request(self, method, path, **more):
        headers = {**JSON, **more.pop("headers", {})}
        answer = super().request(method, path, headers=headers, **more)
        template, operation = self.operation(method, urllib.parse.urlsplit(path).path)
        fields = {name: answer.headers.get_all(name) for name in answer.headers.keys()}
        sent = requests.Request(method, f"http://127.0.0.1:{self.port}{path}").prepare()
        operation.Case().validate_response(
            Response(answer.status, fields, answer.body.encode(), sent, 0, False),
            checks=[checks.status_code_conformance, checks.content_type_conformance,
                    checks.response_headers_conformance, checks.response_schema_conformance])
        if answer.status < 400:
            self.succeeded.add((method, template))
        return answer


class Described(ServiceCase):
    mails_at_will = True

    def description(self, path="/openapi.yaml"):
        return yaml.safe_load(self.client().get(path).body)

    def operations(self):
        return {(method.upper(), path) for path, item in self.description()["paths"].items()
                for method in item if method in ("get", "post")}

    def fuzz(self, *options, path="/openapi.yaml"):
        """Runs schemathesis on the service."""
        base = f"http://127.0.0.1:{self.port}"
        run = subprocess.run(
            [pathlib.Path(sys.executable).with_name("schemathesis"), "run", base + path, "--url", base, "--checks",
             ",".join(CHECKS), "--max-examples", "15", "--seed", "1", "--no-color", "--continue-on-failure", "--phases",
             "examples,coverage,fuzzing", *options],
            cwd=self.folder, capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        return run.stdout


class EverythingOn(Described):
    settings = {
        "SECURITY_USERNAME_ENABLE": True,
        "SECURITY_API_ENABLED_METHODS": ["session", "token", "basic"],
        "LIBSECURITY_USER_PAYLOAD": {"email": "email", "last_login": "last_login_at", "logins": "login_count"},
    }
    tables = PAGES

    def test_everybody_may_read_the_description_and_no_more(self):
        answer = self.client().get("/openapi.yaml")
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "application/yaml"))
        self.assertNotIn("Set-Cookie", answer.headers)
        head = self.client().request("HEAD", "/openapi.yaml")
        self.assertEqual((head.status, head.body), (200, ""))
        self.assertEqual(self.client().request("POST", "/openapi.yaml").status, 405)

    def test_each_operation_succeeds_as_described(self):
        script = JudgedClient(self.port)
        script.get("/login")
        answer = script.post_json("/register", {"email": "bob@example.com", "username": "robert", "password": PASSWORD})
        self.assertEqual(answer.status, 200, answer.body)
        script.get("/register")
        script.get("/confirm")
        self.assertEqual(script.post_json("/confirm", {"email": "bob@example.com"}).status, 200)
        link = self.link()
        script.get(link)
        self.assertEqual(script.post_json(link, {}).status, 302)
        self.sign_in_and_change(script)
        self.reset(script)
        self.documents(script)
        self.assertEqual(self.operations() - script.succeeded, set())

    def sign_in_and_change(self, script):
        script.get("/logout")
        answer = script.post_json("/login?include_auth_token", {"username": "robert", "password": PASSWORD})
        self.assertIn("authentication_token", answer.json["user"])
        self.assertEqual(script.get("/login").json["user"]["email"], "bob@example.com")
        script.get("/verify")
        self.assertEqual(script.post_json("/verify", {"password": PASSWORD}).status, 200)
        script.get("/change")
        change = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
        self.assertEqual(script.post_json("/change", change).status, 200)
        script.get("/end-sessions")
        self.assertEqual(script.post_json("/end-sessions", {}).status, 200)
        self.assertEqual(script.request("POST", "/logout", json_body={}).status, 200)

    def reset(self, script):
        script.get("/reset")
        self.assertEqual(script.post_json("/reset", {"email": "bob@example.com"}).status, 200)
        link = self.link()
        script.get(link)
        answer = script.post_json(link, {"password": PASSWORD, "password_confirm": PASSWORD})
        self.assertEqual(answer.status, 200, answer.body)

    def documents(self, script):
        self.ctl("roles", "create", "admin")
        self.ctl("roles", "add", "bob@example.com", "admin")
        answer = script.post_json("/verify?include_auth_token", {"password": PASSWORD})
        script.get("/report")
        script.get("/admin", headers={"Authentication-Token": answer.json["user"]["authentication_token"]})

    def test_each_refusal_is_as_described(self):
        script = JudgedClient(self.port)
        for path in ("/verify", "/change", "/report", "/admin"):
            self.assertEqual(script.get(path).status, 401)
        self.assertEqual(script.request("POST", "/login", json_body={}).json["field_errors"].keys(), {
            "password", "csrf_token"})
        self.assertEqual(script.post_json("/login", {"email": "ann@example.com", "password": NEW}).status, 400)
        self.assertEqual(script.post_json(f"/reset/{NEW[:7]}", {"password": NEW, "password_confirm": NEW}).status, 400)
        self.assertEqual(script.get("/reset/a%2Fb").status, 404)
        self.assertEqual(script.request("POST", "/login", body="{", headers={
            "Content-Type": "application/json"}).status, 400)
        self.assertEqual(script.request("POST", "/login", body=b" " * 70_000).status, 413)
        self.assertEqual(script.post_json("/login", {"email": "ann@example.com", "password": PASSWORD}).status, 200)
        self.assertEqual(script.post_json("/reset", {"email": "ann@example.com"}).status, 400)
        self.assertEqual(script.post_json("/login", {}, headers={"Origin": "http://evil.example"}).status, 403)


class Fuzzed(Described):
    """CSRF tokens are off, or nothing else would be reached."""

    settings = {**EverythingOn.settings, "WTF_CSRF_ENABLED": False}
    tables = PAGES

    def test_a_browser_that_nobody_knows(self):
        self.fuzz()

    def test_a_script_that_nobody_knows(self):
        self.fuzz("--header", "Accept: application/json")

    def test_a_script_with_a_token(self):
        answer = self.client().request("POST", "/login?include_auth_token", json_body={
            "email": "ann@example.com", "password": PASSWORD})
        token = answer.json["user"]["authentication_token"]
        self.fuzz("--header", "Accept: application/json", "--header", f"Authentication-Token: {token}")

    def test_a_browser_that_is_signed_in(self):
        browser = self.client()
        browser.request("POST", "/login", json_body={"email": "ann@example.com", "password": PASSWORD})
        # A sign-out would end the session.
        self.fuzz("--header", f"Cookie: session={browser.cookies['session']}", "--exclude-path", "/logout")


class OtherNames(Described):
    settings = {
        "SECURITY_URL_PREFIX": "/accounts",
        "SECURITY_LOGIN_URL": "/sign-{in}/",
        "SECURITY_PASSWORDLESS": True,
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_RECOVERABLE": False,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_TOKEN_AUTHENTICATION_HEADER": "X-Token",
        "SECURITY_TOKEN_AUTHENTICATION_KEY": "key",
        "SESSION_COOKIE_NAME": "who",
        "LIBSECURITY_CSRF_PROTECT": True,
    }

    def test_the_description_has_the_names_of_the_configuration(self):
        described = self.description("/accounts/openapi.yaml")
        self.assertEqual(list(described["paths"]), [
            "/accounts/sign-%7Bin%7D/", "/accounts/sign-%7Bin%7D/{token}/", "/accounts/logout", "/accounts/verify",
            "/accounts/register", "/accounts/confirm", "/accounts/confirm/{token}", "/accounts/change",
            "/accounts/end-sessions"])
        self.assertNotIn("get", described["paths"]["/accounts/logout"])
        schemes = described["components"]["securitySchemes"]
        self.assertEqual([schemes[name]["name"] for name in ("session", "token", "tokenInQuery")], ["who", "X-Token", "key"])
        parameters = described["paths"]["/accounts/change"]["post"]["parameters"]
        self.assertEqual([each["name"] for each in parameters if each["in"] == "header" and each["required"]],
                         ["x-csrftoken"])
        self.assertEqual(described["servers"], [{"url": "http://id.example.com"}])

    def test_requests_of_all_sorts(self):
        self.fuzz("--header", "Accept: application/json", path="/accounts/openapi.yaml")


class Undescribed(Described):
    settings = {"LIBSECURITY_OPENAPI": False}

    def test_a_description_that_is_switched_off_is_not_served(self):
        self.assertEqual(self.client().get("/openapi.yaml").status, 404)
