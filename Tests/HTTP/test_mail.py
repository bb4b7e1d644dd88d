"""The ways by which mail leaves: a mail server with TLS and a password, a mailer like sendmail, a Maildir."""

import mailbox
import shutil
import ssl

from service import MailServer, ServiceCase


class WayOut(ServiceCase):
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
