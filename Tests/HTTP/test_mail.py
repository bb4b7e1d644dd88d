"""The ways by which mail leaves: a mail server with TLS and a password, a mailer like sendmail, a Maildir."""

import mailbox
import shutil
import signal
import ssl

from service import PASSWORD, MailServer, ServiceCase


class WayOut(ServiceCase):
    mails_at_will = True

    def reset(self):
        answer = self.client().post("/reset", {"email": "ann@example.com"})
        self.assertEqual(answer.status, 200)

    def assert_sent(self):
        self.assertEqual(self.query("SELECT * FROM lsec_outbox"), [])

    def assert_waits(self, reason="", is_final=False):
        """The mail is still there after one attempt."""
        (attempts, given_up, error), = self.query("SELECT attempts, due IS NULL, error FROM lsec_outbox")
        self.assertEqual((attempts, given_up), (1, is_final), error)
        self.assertIn(reason, error)


class MailServerWithTLS(WayOut):
    settings = {"MAIL_USERNAME": "securityd", "MAIL_PASSWORD": "pass word"}

    def serve(self, at_once=False, **settings):
        certificate, key = self.certificate()
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate, key)
        self.mail = MailServer(tls, at_once)
        self.addCleanup(self.mail.close)
        self.restart(**{"LIBSECURITY_MAIL_CA": str(certificate), **settings})
        self.reset()

    def assert_secured(self):
        self.assert_sent()
        self.assertTrue(self.mail.secured)
        self.assertEqual(self.mail.logins, [b"\0securityd\0pass word"])
        self.link()

    def assert_nothing_told(self):
        self.assertEqual((self.mail.logins, self.mail.messages), ([], []))
        self.assert_waits()

    def test_starttls_then_the_password(self):
        self.serve(MAIL_USE_TLS=True)
        self.assert_secured()

    def test_tls_from_the_first_byte(self):
        self.serve(at_once=True, MAIL_USE_SSL=True)
        self.assert_secured()

    def test_a_server_without_tls_hears_no_password(self):
        self.restart(MAIL_USE_TLS=True)
        self.reset()
        self.assert_nothing_told()

    def test_a_server_that_nobody_vouches_for_hears_no_password(self):
        self.serve(MAIL_USE_TLS=True, LIBSECURITY_MAIL_CA="")
        self.assert_nothing_told()


class Maildir(WayOut):
    def begin(self):
        self.place = self.folder / "mails"
        self.restart(LIBSECURITY_MAIL=f"maildir:{self.place}")

    def test_mails_are_found_there(self):
        self.begin()
        self.reset()
        self.reset()
        mails = mailbox.Maildir(self.place, create=False)
        self.assertEqual(len(mails), 2)
        message = mails.popitem()[1]
        self.assertEqual(message["To"], "<ann@example.com>")
        self.assertIn("http://id.example.com/reset/", message.get_payload(0).get_payload())
        self.assert_sent()
        self.assertEqual(self.place.stat().st_mode & 0o777, 0o700)
        self.assertEqual(list((self.place / "tmp").iterdir()), [])

    def test_a_folder_that_cannot_be_made_keeps_them(self):
        self.begin()
        self.place.write_text("no folder")
        self.reset()
        self.assert_waits("cannot be written")


class Sendmail(WayOut):
    def begin(self, program=None):
        """With a real one: msmtp, which hands on to the mail server of the test."""
        rules = self.folder / ".msmtprc"
        rules.write_text(f"account default\nhost 127.0.0.1\nport {self.mail.port}\nfrom no-reply@localhost\n")
        rules.chmod(0o600)
        self.environment = {"HOME": str(self.folder)}
        self.restart(LIBSECURITY_MAIL=f"sendmail:{program or shutil.which('msmtp')}")

    def test_a_mailer_hands_it_on(self):
        self.begin()
        self.reset()
        self.assert_sent()
        self.assertEqual(self.mail.messages[-1]["To"].addresses[0].addr_spec, "ann@example.com")
        self.link()

    def test_what_it_refuses_waits_and_says_why(self):
        self.begin()
        self.mail.mode = "refuse"
        self.reset()
        self.assert_waits("not accepted by the server")
        self.mail.mode = "take"
        self.query("UPDATE lsec_outbox SET due = 0")
        self.until(lambda: len(self.mail.messages) == 1)

    def test_there_is_none(self):
        self.begin("/nowhere/sendmail")
        self.reset()
        self.assert_waits("/nowhere/sendmail cannot be run")

    def test_what_it_can_never_deliver_is_given_up(self):
        program = self.folder / "mailer"
        program.write_text("#!/bin/sh\necho nobody of that name >&2\nexit 67\n")
        program.chmod(0o700)
        self.begin(program)
        self.reset()
        self.assert_waits("status 67: nobody of that name", is_final=True)


class OtherWays(WayOut):
    def test_there_are_none(self):
        for way in ("pigeon", "maildir", "maildir:relative", "smtp:/somewhere"):
            self.assertIn("LIBSECURITY_MAIL is none of", self.refused(LIBSECURITY_MAIL=way))


class OwnTemplates(ServiceCase):
    """A site's own templates of mails, and what they are given."""

    mails_at_will = True
    every = ("{{user.id}}|{{user.email}}|{{user.username}}|{{user.active}}|"
             "{{#security.confirmable}}C{{/security.confirmable}}{{#security.recoverable}}R{{/security.recoverable}}"
             "{{#security.registerable}}G{{/security.registerable}}{{#security.changeable}}H{{/security.changeable}}"
             "{{#security.passwordless}}P{{/security.passwordless}}{{#security.trackable}}T{{/security.trackable}}|"
             "{{url_for_security.forgot_password}}|{{url_for_security.login}}|{{url_for_security.send_login}}|"
             "{{#_fsdomain}}Your password has been changed.{{/_fsdomain}}|{{within}}|{{email}}|{{username}}|"
             "{{confirmation_link}}|{{confirmation_token}}|{{recovery_link}}|{{login_link}}|{{login_token}}|"
             "{{reset_link}}|{{reset_token}}")

    def write(self, name, text):
        path = self.folder / "templates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def begin(self, *names, **settings):
        for name in names:
            for kind, text in (("txt", self.every), ("html", f"<b>{self.every}</b>")):
                self.write(f"security/email/{name}.{kind}", text)
        self.restart(LIBSECURITY_TEMPLATE_DIR=str(self.folder / "templates"), **settings)

    def values(self, headers=None):
        """What the text part of the last mail says; the HTML part says the same."""
        mail = self.mail.messages[-1]
        text = mail.get_body(("plain",)).get_content().strip()
        html = mail.get_body(("html",)).get_content().strip()
        self.assertEqual(html, f"<b>{text.replace(chr(39), '&#39;')}</b>")
        return text.split("|")

    def test_a_reset_is_given_its_link_and_all_that_is_common(self):
        self.begin("reset_instructions")
        self.client().post("/reset", {"email": "ann@example.com"})
        values = self.values()
        base = "http://id.example.com"
        self.assertEqual(values[:13], ["1", "ann@example.com", "", "true", "CRGHT", f"{base}/reset", f"{base}/login", "",
                                       "Your password has been changed.", "5 days", "", "", ""])
        self.assertEqual(values[17], f"{base}/reset/{values[18]}")
        self.assertEqual(values[13:17], [""] * 4)
        answer = self.client().get(f"/reset/{values[18]}")
        self.assertEqual(answer.status, 200)

    def test_a_confirmation_and_a_welcome_are_given_theirs(self):
        self.begin("welcome", "confirmation_instructions", SECURITY_CONFIRM_EMAIL_WITHIN="2 hours")
        self.client().post("/register", {"email": "bob@example.com", "password": PASSWORD})
        for _ in range(2):
            values = self.values()
            self.assertEqual((values[1], values[9]), ("bob@example.com", "2 hours"))
            self.assertEqual(values[12], f"http://id.example.com/confirm/{values[13]}")
            self.client().post("/confirm", {"email": "bob@example.com"})
        self.assertEqual(len(self.mail.messages), 3)

    def test_a_sign_in_link_is_given_its_own(self):
        self.begin("login_instructions", SECURITY_PASSWORDLESS=True)
        self.client().post("/login", {"email": "ann@example.com"})
        values = self.values()
        self.assertEqual(values[4], "CRGHPT")
        self.assertEqual(values[15], f"http://id.example.com/login/{values[16]}")

    def test_notices_know_the_account(self):
        self.begin("change_notice")
        browser = self.client()
        browser.sign_in()
        new = "another battery staple"
        browser.post("/change", {"password": PASSWORD, "new_password": new, "new_password_confirm": new})
        self.assertEqual(self.values()[1], "ann@example.com")

    def test_who_is_known_already_is_given_the_way_to_a_new_password(self):
        self.begin("welcome_existing", SECURITY_RETURN_GENERIC_RESPONSES=True)
        self.client().post("/register", {"email": "ann@example.com", "password": PASSWORD, "password_confirm": PASSWORD})
        self.assertEqual(self.values()[14], "http://id.example.com/reset")

    def test_a_flaw_in_one_is_found_at_the_start(self):
        for text, line, flaw in (("{{#user}}\nHello", 2, "has a section that is not closed"),
                                 ("Hello\n{{user.email", 2, "ends within a tag"),
                                 ("{{#user}}\n\n{{/mail}}\n", 3, "closes a section that is not the open one")):
            for name in ("security/email/welcome.txt", "security/email/welcome.html", "security/login_user.html"):
                path = self.write(name, text)
                said = self.refused(LIBSECURITY_TEMPLATE_DIR=str(self.folder / "templates"))
                self.assertIn(f"{path}:{line}: ", said)
                self.assertIn(flaw, said)
                path.unlink()

    def test_all_flaws_are_told_and_a_reload_keeps_the_old_ones(self):
        self.begin("reset_notice")
        paths = [self.write("security/email/reset_notice.html", "{{#user}}"), self.write("security/reset_password.html", "{{/form}}")]
        self.process.send_signal(signal.SIGHUP)
        self.until(lambda: all(str(path) in (self.folder / "log").read_text() for path in paths))
        self.assertEqual(self.client().get("/login").status, 200)
        self.client().post("/reset", {"email": "ann@example.com"})
        new = "another battery staple"
        path = self.link()
        self.client().post(path, {"password": new, "password_confirm": new})
        self.assertEqual(self.values()[1], "ann@example.com")

    def test_a_page_of_ones_own_is_shown_and_one_that_is_no_text_is_refused(self):
        self.write("security/login_user.html", "<h1>Mine {{login_user_form.email.label}}</h1>")
        self.begin()
        self.assertIn("<h1>Mine Email Address</h1>", self.client().get("/login").body)
        (self.folder / "templates/security/login_user.html").write_bytes(b"\xff")
        self.assertIn("is not UTF-8", self.refused(LIBSECURITY_TEMPLATE_DIR=str(self.folder / "templates")))
