"""Whole flows as a person or a script goes through them, and what the outbox does when the mail server fails."""

import re
import subprocess

import service
from service import PASSWORD, PATIENCE, ServiceCase

NEW = "another battery staple"


class Flows(ServiceCase):
    mails_at_will = True

    def test_from_registration_to_sign_out(self):
        browser = self.client()
        answer = browser.post("/register", {"email": "bob@example.com", "password": PASSWORD})
        self.assertEqual((answer.status, answer.location), (302, "/"))
        path = self.link()
        page = browser.get(path)
        self.assertEqual(page.status, 200)
        self.assertEqual(self.query("SELECT confirmed_at FROM user WHERE email = 'bob@example.com'"), [(None,)])
        self.assertEqual(browser.post(path, {}).status, 302)
        self.assertNotEqual(self.query("SELECT confirmed_at FROM user WHERE email = 'bob@example.com'"), [(None,)])
        self.assertEqual(browser.get("/change").status, 200)
        answer = browser.post(
            "/change", {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW})
        self.assertEqual(answer.status, 302, answer.body)
        self.assertIn("changed", self.mail.messages[-1]["Subject"])
        self.assertEqual(browser.get("/logout").status, 302)
        self.assertEqual(browser.get("/change").location, "/login?next=%2Fchange")
        self.assertEqual(browser.post("/reset", {"email": "bob@example.com"}).status, 200)
        path = self.link()
        answer = browser.post(path, {"password": PASSWORD, "password_confirm": PASSWORD})
        self.assertEqual(answer.status, 302)
        self.assertEqual(browser.get("/change").status, 200)

    def test_the_same_in_json(self):
        script = self.client()
        answer = script.post_json("/login?include_auth_token", {"email": "ann@example.com", "password": PASSWORD})
        self.assertEqual(answer.status, 200, answer.body)
        token = answer.json["user"]["authentication_token"]
        other = self.client()
        answer = other.get("/change", headers={"Accept": "application/json", "Authentication-Token": token})
        self.assertEqual((answer.status, answer.json["active_password"]), (200, True))
        answer = other.get("/change?auth_token=" + token, headers={"Accept": "application/json"})
        self.assertEqual(answer.status, 200)
        self.assertEqual(self.client().get("/change", headers={"Accept": "application/json"}).status, 401)

    def test_sign_in_is_recorded(self):
        self.client().sign_in()
        self.assertEqual(
            self.query("SELECT login_count, current_login_ip FROM user WHERE id = 1"), [(1, "127.0.0.1")])

    def test_remembered(self):
        browser = self.client()
        browser.sign_in(remember="y")
        del browser.cookies["session"]
        self.assertEqual(browser.get("/change").status, 200)

    def test_pages_carry_their_headers(self):
        page = self.client().get("/login")
        self.assertIn("frame-ancestors 'none'", page.headers["Content-Security-Policy"])
        self.assertEqual(page.headers["Cache-Control"], "private, no-store")
        self.assertEqual(page.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn('autocomplete="current-password"', page.body)
        self.assertEqual(self.client().get("/fs-static/style.css").status, 200)

    def test_in_german(self):
        page = self.client().get("/login", headers={"Accept-Language": "de"})
        self.assertIn("<h1>Anmelden</h1>", page.body)
        self.assertIn('lang="de"', page.body)


class Subdomain(ServiceCase):
    settings = {"SECURITY_SUBDOMAIN": "auth", "SERVER_NAME": "example.org:8000"}

    def test_the_flows_are_there_alone(self):
        for host, status in (("auth.example.org", 200), ("AUTH.example.org:8000", 200), ("example.org", 404),
                             ("auth.example.org.evil.example", 404)):
            self.assertEqual(self.client().get("/login", headers={"Host": host}).status, status, host)
        self.assertEqual(self.client().get("/healthz").status, 200)

    def test_links_lead_there(self):
        browser, here = self.client(), {"Host": "auth.example.org:8000"}
        page = browser.get("/reset", headers=here)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.body).group(1)
        browser.request("POST", "/reset", form={"email": "ann@example.com", "csrf_token": token}, headers=here)
        self.assertIn("http://auth.example.org:8000/reset/", self.mail.messages[-1].get_body(("plain",)).get_content())

    def test_it_needs_a_name_to_be_below(self):
        self.assertIn("SERVER_NAME, which is not set", self.refused(SERVER_NAME=""))


class EndpointNames(ServiceCase):
    settings = {"SECURITY_BLUEPRINT_NAME": "accounts", "SECURITY_URL_PREFIX": "/id",
                "SECURITY_POST_LOGIN_VIEW": "accounts.change_password", "SECURITY_POST_LOGOUT_VIEW": "accounts.login"}

    def test_they_stand_for_their_paths(self):
        browser = self.client()
        answer = browser.post("/id/login", {"email": "ann@example.com", "password": PASSWORD})
        self.assertEqual(answer.location, "/id/change")
        self.assertEqual(browser.get("/id/logout").location, "/id/login")


class Outbox(ServiceCase):
    mails_at_will = True

    def reset(self):
        self.client().post("/reset", {"email": "ann@example.com"})

    def waiting(self):
        return self.query("SELECT attempts, due IS NULL FROM lsec_outbox")

    def test_no_mail_is_lost_while_the_server_refuses(self):
        self.mail.mode = "refuse"
        self.reset()
        self.assertEqual(self.waiting(), [(1, 0)])
        self.mail.mode = "take"
        self.query("UPDATE lsec_outbox SET due = 0")
        self.until(lambda: self.waiting() == [])
        self.assertEqual(len(self.mail.messages), 1)

    def test_a_connection_that_drops_is_tried_again(self):
        self.mail.mode = "drop"
        self.reset()
        self.assertEqual(self.waiting(), [(1, 0)])

    def test_a_final_refusal_stays_visible(self):
        self.mail.mode = "reject"
        self.reset()
        self.assertEqual(self.waiting(), [(1, 1)])

    def test_a_mail_outlives_the_service(self):
        self.mail.mode = "refuse"
        self.reset()
        self.process.kill()
        self.process.wait()
        self.mail.mode = "take"
        self.query("UPDATE lsec_outbox SET due = 0")
        self.start()
        self.until(lambda: len(self.mail.messages) == 1)

    def test_an_administrator_sees_and_mends(self):
        self.mail.mode = "reject"
        self.reset()
        listed = self.ctl("outbox", "list")
        self.assertIn("given up after 1  ann@example.com  Password reset instructions", listed)
        self.assertNotIn("/reset/", listed)
        number = listed.split()[0]
        self.mail.mode = "take"
        self.ctl("outbox", "retry", number)
        self.until(lambda: len(self.mail.messages) == 1)
        self.until(lambda: self.waiting() == [])
        self.mail.mode = "reject"
        self.reset()
        self.ctl("outbox", "drop", self.ctl("outbox", "list").split()[0])
        self.assertEqual(self.waiting(), [])


class Worker(ServiceCase):
    settings = {"LIBSECURITY_MAIL_FIRST_ATTEMPT": "worker"}

    def test_no_answer_waits_for_the_mail_server(self):
        self.client().post("/reset", {"email": "ann@example.com"})
        self.until(lambda: self.query("SELECT count(*) FROM lsec_outbox") == [(0,)])
        self.assertEqual(len(self.mail.messages), 1)

    def test_a_worker_claims_no_more_than_it_sends_at_once(self):
        self.mail.mode = "refuse"
        self.client().post("/reset", {"email": "ann@example.com"})
        self.until(lambda: self.query("SELECT attempts FROM lsec_outbox") == [(1,)])
        self.stop()
        self.query("INSERT INTO lsec_outbox (sender, recipient, subject, message, created, attempts) "
                   "SELECT sender, recipient, subject, message, created, 0 FROM lsec_outbox")
        self.query("UPDATE lsec_outbox SET due = 0")
        self.mail.mode = "hold"
        self.start()
        self.addCleanup(self.mail.released.set)
        self.until(lambda: self.mail.held == 1)
        self.assertEqual(self.query("SELECT count(*) FROM lsec_outbox WHERE due > 0"), [(1,)])
        self.mail.released.set()
        self.until(lambda: self.query("SELECT count(*) FROM lsec_outbox") == [(0,)])
        self.assertEqual(len(self.mail.messages), 2)


class WrongMailPassword(ServiceCase):
    settings = {"MAIL_USERNAME": "securityd", "MAIL_PASSWORD": "not this one"}

    def test_a_mail_waits_for_a_server_that_does_not_know_us(self):
        self.mail.mode = "stranger"
        self.client().post("/reset", {"email": "ann@example.com"})
        self.assertEqual(self.query("SELECT attempts, due IS NULL FROM lsec_outbox"), [(1, 0)])
        self.mail.mode = "take"
        self.query("UPDATE lsec_outbox SET due = 0")
        self.until(lambda: len(self.mail.messages) == 1)


class NoPublicURL(ServiceCase):
    def test_links_need_somewhere_to_lead(self):
        self.stop()
        self.config.write_text(self.config.read_text().replace("LIBSECURITY_PUBLIC_URL", "# LIBSECURITY_PUBLIC_URL"))
        ended = subprocess.run(
            [service.DIST / "sbin/securityd", "--config", self.config, "--listen", "127.0.0.1:0"], capture_output=True, timeout=PATIENCE)
        self.assertEqual(ended.returncode, 78)
        self.assertIn(b"LIBSECURITY_PUBLIC_URL", ended.stderr)


class Service(ServiceCase):
    def test_a_wrong_configuration_does_not_replace_a_good_one(self):
        text = self.config.read_text()
        self.config.write_text(text + 'SECURITY_REGISTERABLES = true\n')
        self.process.send_signal(1)
        self.until(lambda: self.said("the configuration stays as it was"))
        self.assertEqual(self.client().get("/register").status, 200)
        self.config.write_text(text.replace("SECURITY_REGISTERABLE = true", "SECURITY_REGISTERABLE = false"))
        self.process.send_signal(1)
        self.until(lambda: self.client().get("/register").status == 404)

    def test_the_end_is_clean(self):
        self.stop()
        self.assertEqual(self.process.returncode, 0)

    def test_a_body_beyond_the_limit(self):
        answer = self.client().request("POST", "/login", "a" * 70_000, {"Content-Type": "application/json"})
        self.assertEqual(answer.status, 413)

    def test_methods_that_a_route_has_not(self):
        for method in ("PUT", "DELETE", "PATCH"):
            self.assertEqual(self.client().request(method, "/login").status, 405)

    def test_what_is_not_there(self):
        self.assertEqual(self.client().get("/nothing").status, 404)
