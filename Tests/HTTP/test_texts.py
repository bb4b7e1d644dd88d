"""Text messages, and what an administrator learns of mails and texts by securityd --send-trial."""

import base64
import http.server
import json
import subprocess
import threading
import time
import urllib.parse

import service
from service import PATIENCE, ServiceCase

NUMBER = "+16505551234"
TRIAL = "This is a trial of securityd."


class Twilio(http.server.BaseHTTPRequestHandler):
    """Takes what Twilio's interface takes, and says that no number but one is one."""

    def do_POST(self):
        fields = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self.server.requests.append((self.path, self.headers["Authorization"], fields))
        self.send_response(201 if fields["To"] == NUMBER else 400)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


def twilio(case):
    """One that runs until the end of a test."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Twilio)
    server.requests = []
    server.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    case.addCleanup(server.server_close)
    case.addCleanup(server.shutdown)
    return server


def service_of_texts(name, **entries):
    """The settings of a way by which text messages leave."""
    return {"SECURITY_SMS_SERVICE": name, "SECURITY_SMS_SERVICE_CONFIG": {"PHONE_NUMBER": "+15005550006", **entries}}


class Texts(ServiceCase):
    def trial(self, recipient=NUMBER, status=0, **settings):
        self.write_config(settings)
        ended = subprocess.run([service.DIST / "sbin/securityd", "--config", self.config, "--send-trial", recipient],
                               capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(ended.returncode, status, ended.stdout + ended.stderr)
        return ended.stdout + ended.stderr

    def left(self):
        return self.query("SELECT count(*) FROM lsec_outbox")

    def test_into_a_file(self):
        path = self.folder / "texts"
        for _ in range(2):
            self.trial(**service_of_texts("file", PATH=str(path)))
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        self.assertEqual(lines, [{"from": "+15005550006", "to": NUMBER, "body": TRIAL}] * 2)
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        said = self.trial(status=1, **service_of_texts("file", PATH=str(self.folder / "nowhere" / "texts")))
        self.assertIn("cannot be written", said)
        # A trial is tried once.
        self.assertEqual(self.left(), [(0,)])

    def test_through_a_command(self):
        program = self.folder / "send"
        program.write_text(f'#!/bin/sh\n[ "$1" = {NUMBER} ] || {{ echo unknown number >&2; exit 67; }}\ncat >"$0.text"\n')
        program.chmod(0o700)
        self.trial(**service_of_texts("command", COMMAND=str(program)))
        self.assertEqual((self.folder / "send.text").read_text(), TRIAL)
        self.assertIn("status 67: unknown number", self.trial("+1", 1, **service_of_texts("command", COMMAND=str(program))))

    def test_through_twilio(self):
        server = twilio(self)
        settings = service_of_texts("Twilio", ACCOUNT_SID="AC 1", AUTH_TOKEN="token", URL=server.url)
        self.trial(**settings)
        basic = "Basic " + base64.b64encode(b"AC 1:token").decode()
        fields = {"From": "+15005550006", "To": NUMBER, "Body": TRIAL}
        self.assertEqual(server.requests, [("/2010-04-01/Accounts/AC%201/Messages.json", basic, fields)])
        self.assertIn("status 400", self.trial("+1", 1, **settings))

    def test_what_is_missing_is_named(self):
        for settings, said in (
                (service_of_texts("pigeon"), "SECURITY_SMS_SERVICE is none of"), (service_of_texts("file"), "needs PATH"),
                (service_of_texts("command", COMMAND="send"), "needs COMMAND"), (service_of_texts("Twilio"), "needs ACCOUNT_SID and AUTH_TOKEN"),
                (service_of_texts("Twilio", ACCOUNT_SID="a", AUTH_TOKEN="b", URL="http://sms.example"), "not https")):
            self.assertIn(said, self.refused(**settings))

    def test_a_mail_is_tried_too(self):
        self.trial("ann@example.com")
        self.assertEqual(self.mail.messages[-1]["Subject"], TRIAL)
        self.mail.mode = "reject"
        self.assertIn("not taken for ann@example.com", self.trial("ann@example.com", 1))
        self.assertEqual(self.left(), [(0,)])


class OutboxOfTexts(ServiceCase):
    """What a request wrote and could not send, as a worker finds it."""

    mails_at_will = True

    def begin(self, tables=(), **settings):
        self.stop()
        for sql in tables:
            self.query(sql)
        # A mail of the service makes the table, or brings the columns of one that is old.
        self.mail.mode = "refuse"
        self.write_config(settings)
        self.start()
        self.client().post("/reset", {"email": "ann@example.com"})
        self.until(lambda: self.query("SELECT attempts FROM lsec_outbox WHERE channel = 'mail' AND attempts = 1"))

    def write(self, number=NUMBER, expires=None, due=0):
        created = int(time.time() * 1e6)
        self.query("INSERT INTO lsec_outbox (channel, sender, recipient, subject, message, created, expires, attempts, due) "
                   "VALUES ('text', '+15005550006', ?, '', 'Use code 123456', ?, ?, 1, ?)", number, created, expires, due)

    def recipients(self):
        return [message["To"].addresses[0].addr_spec for message in self.mail.messages]

    def texts(self):
        return self.query("SELECT attempts, due IS NULL, error FROM lsec_outbox WHERE channel = 'text'")

    def test_a_worker_sends_what_waits(self):
        path = self.folder / "texts"
        self.begin(**service_of_texts("file", PATH=str(path)))
        self.write()
        self.until(lambda: self.texts() == [])
        self.assertEqual([json.loads(line) for line in path.read_text().splitlines()],
                         [{"from": "+15005550006", "to": NUMBER, "body": "Use code 123456"}])
        # The mail beside it goes its own way.
        self.mail.mode = "take"
        self.query("UPDATE lsec_outbox SET due = 0")
        self.until(lambda: self.query("SELECT * FROM lsec_outbox") == [])
        self.assertEqual(self.recipients(), ["ann@example.com"])

    def test_what_twilio_refuses_for_good_is_given_up(self):
        server = twilio(self)
        self.begin(**service_of_texts("Twilio", ACCOUNT_SID="AC1", AUTH_TOKEN="token", URL=server.url))
        self.write(number="+1")
        self.write()
        self.until(lambda: self.texts() == [(2, 1, "Twilio: status 400")])
        self.until(lambda: sorted(fields["To"] for _, _, fields in server.requests) == ["+1", NUMBER])

    def test_a_message_that_expired_is_given_up_unsent(self):
        path = self.folder / "texts"
        self.begin(**service_of_texts("file", PATH=str(path)))
        self.write(expires=int(time.time() * 1e6) - 1)
        self.until(lambda: self.texts() == [(2, 1, "it expired before it could be sent")])
        self.assertFalse(path.exists())
        number = self.query("SELECT id FROM lsec_outbox WHERE channel = 'text'")[0][0]
        with self.assertRaises(subprocess.CalledProcessError) as refused:
            self.ctl("outbox", "retry", str(number))
        self.assertIn("has expired", refused.exception.stderr)

    def test_an_administrator_sees_the_channel_and_no_code(self):
        self.begin(**service_of_texts("Dummy"))
        self.write(due=None)
        listed = self.ctl("outbox", "list").splitlines()
        self.assertRegex(listed[0], r"^\d+  mail  waiting after 1  ann@example\.com  Password reset instructions")
        self.assertRegex(listed[1], r"^\d+  text  given up after 1  \+16505551234$")
        number = listed[1].split()[0]
        self.ctl("outbox", "retry", number)
        self.until(lambda: self.texts() == [])

    def test_the_table_of_an_earlier_version_goes_on(self):
        mail = ("INSERT INTO lsec_outbox (sender, recipient, subject, message, created, attempts, due) VALUES "
                "('a@example.com', 'bob@example.com', 'Hello', ?, 0, 0, NULL)")
        columns = ("id INTEGER PRIMARY KEY AUTOINCREMENT, sender TEXT NOT NULL, recipient TEXT NOT NULL, "
                   "subject TEXT NOT NULL, message TEXT NOT NULL, created INTEGER NOT NULL, attempts INTEGER NOT NULL, "
                   "due INTEGER, error TEXT")
        self.begin([f"CREATE TABLE lsec_outbox ({columns})",
                    "CREATE INDEX lsec_outbox_due ON lsec_outbox (due) WHERE due IS NOT NULL",
                    mail.replace("?", "'To: <bob@example.com>' || char(13, 10, 13, 10) || 'Hello' || char(13, 10)")])
        self.write()
        self.until(lambda: self.texts() == [])
        self.assertEqual(self.ctl("outbox", "list").splitlines()[0], "1  mail  given up after 0  bob@example.com  Hello")
        self.mail.mode = "take"
        self.ctl("outbox", "retry", "1")
        self.until(lambda: "bob@example.com" in self.recipients())
