"""A securityd with a database of its own, a client that keeps cookies, and an SMTP server that can misbehave."""

import base64
import email
import email.policy
import http.client
import http.cookies
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse

DIST = pathlib.Path("dist")
SCHEMA = pathlib.Path(__file__).parent.parent / "Vectors" / "ddl" / "fsqla_v3-sqlite.sql"
PASSWORD = "a plain battery staple"
# Seconds for what must happen, however slow the machine is: no test is faster for less.
PATIENCE = 120

BASE = {
    "SECRET_KEY": "the key of these tests, 40 characters long",
    "SECURITY_PASSWORD_SALT": "146585145368132386173505678016728509634",
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {"bcrypt__rounds": 4},
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "SECURITY_REGISTERABLE": True,
    "SECURITY_CONFIRMABLE": True,
    "SECURITY_RECOVERABLE": True,
    "SECURITY_CHANGEABLE": True,
    "SECURITY_TRACKABLE": True,
    "LIBSECURITY_PUBLIC_URL": "http://id.example.com",
    "LIBSECURITY_CLI_PASSWORD_ARGUMENT": True,
    "LIBSECURITY_MAIL_FIRST_ATTEMPT": "request",
}


def toml(value):
    """A value as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(toml(v) for v in value) + "]"
    return json.dumps(value)


class MailServer:
    """An SMTP server on loopback; with `tls`, an SSLContext, it speaks TLS after STARTTLS, or from the first byte.

    `logins` are what came with AUTH PLAIN, `secured` whether the last message came through TLS. `mode`: take, refuse (450), reject (550), drop (hang up in the middle of a message), stranger (no password is right), hold
    (answers a message when `released` is set; `held` tells how many have come).
    """

    def __init__(self, tls=None, at_once=False, port=0):
        self.mode = "take"
        self.tls, self.at_once = tls, at_once
        self.messages, self.logins = [], []
        self.secured = False
        self.held = 0
        self.released = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            # A reply of several lines would wait for the acknowledgement of its first one.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.at_once:
                connection = self.tls.wrap_socket(connection, server_side=True)
            if self.talk(connection, "220 test") == "starttls":
                connection = self.tls.wrap_socket(connection, server_side=True)
                self.talk(connection)
        except OSError:
            # The client went away, as one does that trusts no certificate of ours.
            pass
        finally:
            connection.close()

    def talk(self, connection, greeting=None):
        secured = isinstance(connection, ssl.SSLSocket)
        with connection.makefile("rwb") as stream:
            def say(line):
                stream.write(line.encode() + b"\r\n")
                stream.flush()

            if greeting:
                say(greeting)
            for line in stream:
                word = line.strip().upper()
                if word.startswith((b"EHLO", b"HELO")):
                    say("250-test")
                    if self.tls and not secured:
                        say("250-STARTTLS")
                    say("250 AUTH PLAIN")
                elif word == b"STARTTLS":
                    say("220 go on")
                    return "starttls"
                elif word.startswith(b"AUTH"):
                    say("334 ")
                    self.logins.append(base64.b64decode(stream.readline()))
                    say("535 who?" if self.mode == "stranger" else "235 welcome")
                elif word.startswith(b"RCPT") and self.mode in ("refuse", "reject"):
                    say("450 later" if self.mode == "refuse" else "550 never")
                elif word == b"DATA":
                    say("354 go on")
                    if self.mode == "drop":
                        stream.readline()
                        return None
                    body = b""
                    for row in stream:
                        if row == b".\r\n":
                            break
                        body += row[1:] if row.startswith(b".") else row
                    if self.mode == "hold":
                        self.held += 1
                        self.released.wait()
                    self.secured = secured
                    self.messages.append(email.message_from_bytes(body, policy=email.policy.default))
                    say("250 taken")
                elif word == b"QUIT":
                    say("221 bye")
                    return None
                else:
                    say("250 ok")

    def close(self):
        if self.listener.fileno() >= 0:
            # Whoever waits in accept() would keep the port open.
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read().decode()

    @property
    def json(self):
        return json.loads(self.body)["response"]

    @property
    def location(self):
        return self.headers["Location"]


class Client:
    """A browser as far as these tests need one: it keeps cookies."""

    def __init__(self, port):
        self.port = port
        self.cookies = {}

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def request(self, method, path, body=None, headers=None, form=None, json_body=None):
        headers = dict(headers or {})
        if self.cookies:
            headers.setdefault("Cookie", "; ".join(f"{k}={v}" for k, v in self.cookies.items()))
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if json_body is not None:
            body = json.dumps(json_body)
            headers["Content-Type"] = "application/json"
        connection = self.connect()
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = Answer(response)
        finally:
            connection.close()
        for field in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in http.cookies.SimpleCookie(field).items():
                if morsel.value:
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
        return answer

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def token(self, path="/login"):
        """The CSRF token of a page."""
        page = self.get(path)
        found = re.search(r'name="csrf_token" value="([^"]+)"', page.body)
        assert found, page.body
        return found.group(1)

    def post(self, path, fields, at=None, **more):
        """Sends a page's form."""
        return self.request("POST", path, form={**fields, "csrf_token": self.token(at or path)}, **more)

    def post_json(self, path, fields, **more):
        token = self.get("/login", headers={"Accept": "application/json"}).json["csrf_token"]
        return self.request("POST", path, json_body={**fields, "csrf_token": token}, **more)

    def sign_in(self, name="ann@example.com", password=PASSWORD, **more):
        return self.post("/login", {"email": name, "password": password, **more})


class ServiceCase(unittest.TestCase):
    """One securityd a test."""

    settings = {}
    tables = ""
    environment = {}
    # Whether the test asks for more mails to one address than a stranger may.
    mails_at_will = False

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="securityd-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.mail = MailServer()
        self.addCleanup(self.mail.close)
        self.database = self.folder / "users.db"
        connection = sqlite3.connect(self.database)
        connection.executescript("PRAGMA journal_mode=WAL;" + SCHEMA.read_text())
        connection.close()
        self.config = self.folder / "security.toml"
        self.write_config(self.settings)
        self.ctl("users", "create", "ann@example.com", "--password", PASSWORD, "--active")
        self.ctl("users", "confirm", "ann@example.com")
        self.start()

    def write_config(self, settings):
        at_will = dict.fromkeys(
            ("LIBSECURITY_MAIL_INTERVAL", "LIBSECURITY_MAIL_HOURLY_ACCOUNT", "LIBSECURITY_MAIL_HOURLY_ORIGIN",
             "LIBSECURITY_REGISTER_HOURLY_ORIGIN"), 0)
        values = {**BASE, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{self.database}", "MAIL_SERVER": "127.0.0.1",
                  "MAIL_PORT": self.mail.port, **(at_will if self.mails_at_will else {}), **settings}
        text = "".join(f"{key} = {toml(value)}\n" for key, value in values.items()) + self.tables
        self.config.write_text(text)
        self.config.chmod(0o600)

    def ctl(self, *words):
        return subprocess.run([DIST / "bin/securityctl", *words, "--config", self.config], check=True,
                              capture_output=True, text=True).stdout

    def start(self):
        self.log = open(self.folder / "log", "ab")
        self.addCleanup(self.log.close)
        self.process, self.port = self.launch()
        self.addCleanup(self.stop)

    def launch(self):
        """One more process of the service that answers, and its port."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        process = subprocess.Popen(
            [DIST / "sbin/securityd", "--config", self.config, "--listen", f"127.0.0.1:{port}"],
            stderr=self.log, stdout=self.log, env={**os.environ, **self.environment})
        self.addCleanup(self.end, process)
        for _ in range(20 * PATIENCE):
            try:
                if Client(port).get("/healthz").status == 200:
                    return process, port
            except OSError:
                if process.poll() is not None:
                    break
                time.sleep(0.05)
        raise AssertionError("securityd does not answer\n" + (self.folder / "log").read_text())

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)

    def stop(self):
        self.end(self.process)

    def restart(self, **settings):
        """Starts it anew with other settings besides those of the class."""
        self.stop()
        self.write_config({**self.settings, **settings})
        self.start()

    def said(self, text):
        """How often a text stands in the log."""
        return (self.folder / "log").read_text().count(text)

    def configure(self, **settings):
        """Has it read its configuration anew, with other settings besides those of the class."""
        before = self.said("configuration read anew")
        self.write_config({**self.settings, **settings})
        self.process.send_signal(signal.SIGHUP)
        self.until(lambda: self.said("configuration read anew") > before)

    def refused(self, **settings):
        """What it says when it does not start with such settings."""
        self.stop()
        self.write_config({**self.settings, **settings})
        ended = subprocess.run(
            [DIST / "sbin/securityd", "--config", self.config, "--listen", "127.0.0.1:0"], capture_output=True,
            text=True, timeout=PATIENCE)
        self.assertEqual(ended.returncode, 78, ended.stderr)
        return ended.stderr

    def client(self):
        return Client(self.port)

    def query(self, sql, *values):
        connection = sqlite3.connect(self.database)
        try:
            with connection:
                return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def certificate(self, name=""):
        """A certificate of 127.0.0.1 that signs itself, and its key."""
        certificate, key = self.folder / f"{name}certificate.pem", self.folder / f"{name}key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
        return certificate, key

    def until(self, condition):
        for _ in range(10 * PATIENCE):
            if condition():
                return
            time.sleep(0.1)
        self.fail("it does not happen")

    def link(self, index=-1):
        """The path of the link in a mail's text."""
        text = self.mail.messages[index].get_body(("plain",)).get_content()
        found = re.search(r"^http://id\.example\.com(/\S+)\r?$", text, re.MULTILINE)
        self.assertTrue(found, text)
        return found.group(1)
