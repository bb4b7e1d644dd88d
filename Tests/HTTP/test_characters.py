"""Characters that join with a delimiter beside them: no parser may overlook the delimiter. One test for each way in."""

import socket
import urllib.parse

from service import PATIENCE, Client, ServiceCase
from test_nginx import NginxCase

# Prepend: they join with what follows. Extend: they join with what is before them.
MARKS = ["\u0600", "\u08e2", "\U000110bd", "\u0301", "\u034f", "\u180b", "\u200d", "\ufe0f", "\U000e0100"]


def quoted(text):
    return urllib.parse.quote(text, safe="")


class Authorized(NginxCase):
    tables = """
[[LIBSECURITY_PROTECTED]]
prefix = "/"

[[LIBSECURITY_PROTECTED]]
prefix = "/admin"
mechanisms = ["session"]
roles_required = ["admin"]
"""

    def status(self, target):
        """The status of nginx's answer to a target that is sent as it is."""
        with socket.create_connection(("127.0.0.1", self.front), PATIENCE) as connection:
            connection.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            return int(connection.makefile("rb").readline().split()[1])

    def test_no_path_climbs_behind_a_joining_character(self):
        for mark in map(quoted, MARKS):
            for target in (
                f"/x{mark}/../admin/a", f"/x{mark}/%2e%2e/admin/a", f"/{mark}/../admin/a", f"/x/..{mark}/../../admin/a",
                f"/x{mark}//admin/a", f"/x{mark}%2Fadmin", f"/x/..;{mark}/admin", f"/x{mark}/..;/admin", f"/x{mark};/admin",
                f"/admin/{mark}a", f"/admin/{mark}", f"/x/.{mark}/../../admin/a", f"/x{mark}./../admin",
            ):
                self.assertNotEqual(self.status(target), 200, target)

    def test_honest_paths_and_queries_pass(self):
        for mark in map(quoted, MARKS):
            for target in (
                f"/x{mark}/{mark}y", f"/caf{mark}", f"/x?next=%2Fhome{mark}", f"/x?u=https%3A%2F%2F{mark}a/../b",
                f"/x?{mark}=%5C;//..", f"/x/{mark}/",
            ):
                self.assertEqual(self.status(target), 200, target)

    def test_no_path_parameter_or_other_reading_passes(self):
        for target in (
            "/x/..;/admin", "/admin;/x", "/x;/../admin", "/x;a=b/admin", "/x%3B/admin", "/ADMIN/x", "/Admin", "/admin./x",
            "/admin%20/x", "/admin%C2%A0/x", "/x//admin", "/x/%2e%2e/admin", "/x/%2E./admin", "/x%2fadmin", "/x%5cadmin",
            "/x%252fadmin", "/x%00/admin", "/x%0a/admin", "/x%c0%af/admin", "/x%ff/admin",
        ):
            self.assertNotEqual(self.status(target), 200, target)


class Pages(ServiceCase):
    settings = {"SECURITY_USERNAME_ENABLE": True}

    def test_no_markup_comes_through_a_joining_character(self):
        for mark in MARKS:
            typed = f"/x\"{mark} >{mark} {mark}<{mark}meta {mark}'{mark}&{mark}\""
            browser = Client(self.port)
            pages = [browser.get(f"/login?next={quoted(typed)}&email={quoted(typed)}"),
                     browser.get(f"/register?next={quoted(typed)}"), browser.get(f"/verify?next={quoted(typed)}"),
                     browser.post("/login", {"email": typed, "username": typed, "next": typed, "password": "x"}),
                     browser.post("/register", {"email": typed, "username": typed, "next": typed, "password": "x"})]
            for page in pages:
                self.assertNotIn(f"<{mark}meta", page.body)
                self.assertNotIn(f"x\"{mark}", page.body)

    def test_no_markup_comes_into_own_templates_and_mails(self):
        folder = self.folder / "templates"
        for name in ("security/login_user.html", "security/email/welcome.html"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(
                "{{#login_user_form}}<i title=\"{{csrf_token}}{{next}}\">{{next}}</i>"
                "<b>{{csrf_token}}</b>{{/login_user_form}}<u>{{user.username}}</u>")
        self.restart(LIBSECURITY_TEMPLATE_DIR=str(folder), SECURITY_USERNAME_ALLOWED_CHARS=[])
        for mark in MARKS:
            typed = f"/x\"{mark}>{mark}<{mark}b{mark}'{mark}&{mark}"
            page = Client(self.port).get(f"/login?next={quoted(typed)}").body
            self.assertIn(f"/x&#34;{mark}&gt;{mark}&lt;{mark}b{mark}&#39;{mark}&amp;{mark}</i>", page)
        said = self.refused(LIBSECURITY_TEMPLATE_DIR=self.template("{{#a}}\u0301 {{/a}}"))
        self.assertIn("beside a character that joins with it", said)

    def template(self, text):
        """A folder whose template of the sign-in page has this text."""
        path = self.folder / "flawed" / "security" / "login_user.html"
        path.parent.mkdir(parents=True)
        path.write_text(text)
        return str(self.folder / "flawed")

    def test_no_redirect_leaves_the_site_by_a_character_that_browsers_drop(self):
        for mark in MARKS:
            for target in (f"//{mark}evil.example", f"//evil.example{mark}", f"/{mark}\\evil.example", f"\\{mark}\\evil.example",
                           f"http://{mark}evil.example", f"http://127.0.0.1:{self.port}{mark}@evil.example", f"//{mark}/evil"):
                location = Client(self.port).get("/logout?next=" + quoted(target)).location
                self.assertEqual(location, "/", target)
            honest = f"/caf{mark}?q={mark}//{mark}"
            self.assertEqual(urllib.parse.unquote(Client(self.port).get("/logout?next=" + quoted(honest)).location), honest)

    def test_a_cookie_does_not_swallow_the_next_one(self):
        browser = Client(self.port)
        self.assertEqual(browser.sign_in().status, 302)
        session = browser.cookies["session"]
        for mark in MARKS:
            cookie = f"a={mark}; session={session}; b={mark}"
            answer = Client(self.port).get("/change", headers={"Cookie": cookie.encode()})
            self.assertEqual(answer.status, 200, mark.encode())


class Forwarded(ServiceCase):
    settings = {"LIBSECURITY_PROXY_FIX": {"x_for": 1, "trusted": ["127.0.0.1"]}}

    def origins(self):
        return {origin for (origin,) in self.query("SELECT DISTINCT origin FROM lsec_throttle WHERE origin <> ''")}

    def test_no_client_chooses_its_address(self):
        for mark in MARKS:
            for forged in (f"198.51.100.5{mark}", f"198.51.100.5%{mark}", mark, f"{mark}198.51.100.5"):
                browser = Client(self.port)
                token = browser.token()
                form = urllib.parse.urlencode({"email": "ann@example.com", "password": "wrong", "csrf_token": token})
                browser.request("POST", "/login", form, {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "X-Forwarded-For": f"{forged}, 203.0.113.9".encode()})
        self.assertEqual({origin for origin in self.origins() if "198" in origin or "host:" in origin}, set())


class Roles(ServiceCase):
    settings = {"SECURITY_API_ENABLED_METHODS": ["session"]}
    tables = """
[[LIBSECURITY_PROTECTED]]
path = "/composed"
mechanisms = ["session"]
roles_required = ["caf\\u00e9"]
content = "secret"

[[LIBSECURITY_PROTECTED]]
path = "/decomposed"
mechanisms = ["session"]
roles_accepted = ["cafe\\u0301"]
permissions_required = ["read"]
content = "secret"
"""

    def test_a_role_is_its_bytes(self):
        self.ctl("roles", "create", "caf\u00e9", "--permissions", "read")
        self.ctl("roles", "add", "ann@example.com", "caf\u00e9")
        browser = Client(self.port)
        browser.sign_in()
        self.assertEqual(browser.get("/composed").status, 200)
        self.assertEqual(browser.get("/decomposed").status, 403)
