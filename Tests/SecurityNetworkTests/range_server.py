#!/usr/bin/env python3
"""A range API of breached passwords on loopback, well-behaved and otherwise: the first part of the path says how.

Usage: range_server.py [CERTIFICATE KEY]    prints its port; ends when standard input does

It knows "password 0" to "password 999"; the count of each is its number modulo 50, plus 1.
"""

import hashlib
import http.server
import os
import ssl
import sys
import threading

KNOWN = {hashlib.sha1(f"password {number}".encode()).hexdigest().upper(): number % 50 + 1 for number in range(1000)}


def lines(prefix):
    """The range of a prefix with padding, among it the hash of "padding" wherever it belongs."""
    known = [f"{digest[5:]}:{count}" for digest, count in KNOWN.items() if digest.startswith(prefix)]
    padded = hashlib.sha1(b"padding").hexdigest().upper()
    padding = [f"{hashlib.sha1(f'{prefix} {number}'.encode()).hexdigest().upper()[:35]}:0" for number in range(800)]
    return sorted(known + padding + ([padded[5:] + ":0"] if padded.startswith(prefix) else []))


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers /BEHAVIOUR/PREFIX."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        """Any behaviour but those named below is the one of the real service."""
        behaviour, _, prefix = self.path[1:].partition("/")
        if self.headers["Add-Padding"] != "true" or not self.headers["User-Agent"] or len(prefix) != 5:
            return self.answer(b"", 400)
        body = "\r\n".join(lines(prefix)).encode()
        getattr(self, behaviour, self.answer)(body)

    def answer(self, body, status=200, length=None):
        """A complete answer, unless the length is another."""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def bom(self, body):
        """With a byte order mark and an end of the last line."""
        self.answer(b"\xef\xbb\xbf" + body + b"\r\n")

    def missing(self, body):
        """Not found."""
        self.answer(body, 404)

    def busy(self, body):
        """Too many requests."""
        self.answer(body, 429)

    def broken(self, body):
        """A server's own error, with a body that looks right."""
        self.answer(body, 503)

    def moved(self, body):
        """A redirect to the right answer."""
        self.send_response(302)
        self.send_header("Location", self.path.replace("/moved/", "/range/"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def truncated(self, body):
        """Fewer bytes than announced."""
        self.answer(body, length=len(body) + 50)
        self.close_connection = True

    def cut(self, body):
        """An end in the middle of a line, without an announced length."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body[:-20])
        self.close_connection = True

    def huge(self, body):
        """Right lines without end."""
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(body + b"\r\n")
        except OSError:
            self.close_connection = True

    def silent(self, body):
        """Nothing at all until the client goes."""
        self.rfile.read(1)
        self.close_connection = True

    def trickle(self, body):
        """A byte now and then."""
        self.send_response(200)
        self.end_headers()
        try:
            while not threading.Event().wait(0.02):
                self.wfile.write(b"0")
        except OSError:
            self.close_connection = True

    def empty(self, body):
        """No line."""
        self.answer(b"")

    def page(self, body):
        """What a captive portal says."""
        self.answer(b"<!DOCTYPE html><title>Sign in</title>")

    def letters(self, body):
        """A count that is none."""
        self.answer(body.replace(b":", b":x", 1))

    def log_message(self, *arguments):
        """Says nothing."""


class Server(http.server.ThreadingHTTPServer):
    """Says nothing of clients that go away or do not trust it."""

    daemon_threads = True

    def handle_error(self, request, client_address):
        """Nothing."""


def main():
    """Serves until standard input ends."""
    server = Server(("127.0.0.1", 0), Handler)
    if len(sys.argv) > 1:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()
    os._exit(0)


main()
