"""Text messages, and what an administrator learns of mails and texts by securityd --send-trial."""

import base64
import http.server
import json
import subprocess
import threading
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


class Texts(ServiceCase):
    def trial(self, recipient=NUMBER, status=0, **settings):
        self.write_config(settings)
        ended = subprocess.run([service.DIST / "sbin/securityd", "--config", self.config, "--send-trial", recipient],
                               capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(ended.returncode, status, ended.stdout + ended.stderr)
        return ended.stdout + ended.stderr

    def by(self, name, **entries):
        return {"SECURITY_SMS_SERVICE": name, "SECURITY_SMS_SERVICE_CONFIG": {"PHONE_NUMBER": "+15005550006", **entries}}

    def test_into_a_file(self):
        path = self.folder / "texts"
        for _ in range(2):
            self.trial(**self.by("file", PATH=str(path)))
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        self.assertEqual(lines, [{"from": "+15005550006", "to": NUMBER, "body": TRIAL}] * 2)
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        said = self.trial(status=1, **self.by("file", PATH=str(self.folder / "nowhere" / "texts")))
        self.assertIn("cannot be written", said)

    def test_through_a_command(self):
        program = self.folder / "send"
        program.write_text(f'#!/bin/sh\n[ "$1" = {NUMBER} ] || {{ echo unknown number >&2; exit 67; }}\ncat >"$0.text"\n')
        program.chmod(0o700)
        self.trial(**self.by("command", COMMAND=str(program)))
        self.assertEqual((self.folder / "send.text").read_text(), TRIAL)
        self.assertIn("status 67: unknown number", self.trial("+1", 1, **self.by("command", COMMAND=str(program))))

    def test_through_twilio(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Twilio)
        server.requests = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        settings = self.by("Twilio", ACCOUNT_SID="AC 1", AUTH_TOKEN="token",
                           URL=f"http://127.0.0.1:{server.server_address[1]}")
        self.trial(**settings)
        basic = "Basic " + base64.b64encode(b"AC 1:token").decode()
        fields = {"From": "+15005550006", "To": NUMBER, "Body": TRIAL}
        self.assertEqual(server.requests, [("/2010-04-01/Accounts/AC%201/Messages.json", basic, fields)])
        self.assertIn("status 400", self.trial("+1", 1, **settings))

    def test_what_is_missing_is_named(self):
        for settings, said in (
                (self.by("pigeon"), "SECURITY_SMS_SERVICE is none of"), (self.by("file"), "needs PATH"),
                (self.by("command", COMMAND="send"), "needs COMMAND"), (self.by("Twilio"), "needs ACCOUNT_SID and AUTH_TOKEN"),
                (self.by("Twilio", ACCOUNT_SID="a", AUTH_TOKEN="b", URL="http://sms.example"), "not https")):
            self.assertIn(said, self.refused(**settings))

    def test_a_mail_is_tried_too(self):
        self.trial("ann@example.com")
        self.assertEqual(self.mail.messages[-1]["Subject"], TRIAL)
        self.mail.mode = "reject"
        self.assertIn("not taken for ann@example.com", self.trial("ann@example.com", 1))
