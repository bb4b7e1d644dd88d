"""What one address may take from the others; docs/known-attacks.md names these tests."""

import concurrent.futures
import http.client
import socket
import threading
import time

from service import PASSWORD, PATIENCE, Client, ServiceCase

SLOW = b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{"


class FromElsewhere(Client):
    """A client at another address of loopback."""

    def __init__(self, port, source):
        super().__init__(port)
        self.source = source

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE, source_address=(self.source, 0))


class Hashing(ServiceCase):
    settings = {
        "LIBSECURITY_HTTP_QUEUE": 8, "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {"bcrypt__rounds": 11},
        "LIBSECURITY_THROTTLE_HOST_FREE": 1000,
    }

    def flood(self, stop, number, answers):
        client = FromElsewhere(self.port, "127.0.0.2")
        token = client.token()
        while not stop.is_set():
            try:
                began = time.monotonic()
                answer = client.request("POST", "/login", form={
                    "email": f"x{number}@example.com", "password": "wrong", "csrf_token": token})
                answers.append((answer.status, time.monotonic() - began, answer.headers["Retry-After"]))
            except OSError:
                pass

    def test_one_address_keeps_no_other_from_signing_in(self):
        stop, answers = threading.Event(), []
        threads = [threading.Thread(target=self.flood, args=(stop, number, answers)) for number in range(40)]
        for thread in threads:
            thread.start()
        try:
            self.until(lambda: any(status == 503 for status, _, _ in answers))
            statuses = [FromElsewhere(self.port, "127.0.0.3").sign_in().status for _ in range(6)]
        finally:
            stop.set()
            for thread in threads:
                thread.join(PATIENCE)
        self.assertEqual(statuses, [302] * 6)
        refused = [(seconds, after) for status, seconds, after in answers if status == 503]
        # A refusal is told when its client may come back, not before.
        for seconds, after in refused:
            self.assertGreaterEqual(seconds, float(after) * 0.95)


class Slow(ServiceCase):
    settings = {"LIBSECURITY_HTTP_CONNECTIONS": 64, "LIBSECURITY_HTTP_IDLE_TIMEOUT": 120, "LIBSECURITY_HTTP_REQUEST_TIMEOUT": 120}

    def hold(self, count, first, source="127.0.0.2"):
        held = []
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", self.port), 5, source_address=(source, 0))
            self.addCleanup(connection.close)
            if first:
                connection.sendall(first)
            held.append(connection)
        return held

    def is_alive(self, source="127.0.0.1", path="/healthz"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5, source_address=(source, 0))
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        finally:
            connection.close()

    def test_slow_bodies_of_one_address_keep_nobody_out(self):
        for first in (SLOW, b"GET /login HTTP/1.1\r\nHost: x\r\nX-A: ", b"GET /", b""):
            self.hold(100, first)
            self.assertTrue(self.is_alive(), first)
            self.assertTrue(self.is_alive(path="/login"), first)
            self.assertTrue(self.is_alive("127.0.0.2"), first)

    def test_connections_of_all_addresses_leave_a_reserve_for_healthz(self):
        held = []
        for number in range(9):
            held += self.hold(8, SLOW, f"127.0.1.{number + 1}")
        time.sleep(0.2)
        self.assertTrue(self.is_alive())

    def test_fewer_than_half_are_nobodys_share(self):
        held = self.hold(30, SLOW)
        self.assertTrue(self.is_alive("127.0.0.2"))
        for connection in held:
            connection.setblocking(False)
            with self.assertRaises(BlockingIOError):
                connection.recv(1)


class Listed(Slow):
    """A listed proxy has no share; the clients that it names have."""

    settings = {**Slow.settings, "LIBSECURITY_PROXY_FIX": {"x_for": 1, "trusted": ["127.0.0.2"]}}

    def named(self, address):
        return SLOW.replace(b"\r\nContent-Type", b"\r\nX-Forwarded-For: " + address + b"\r\nContent-Type")

    def test_slow_bodies_of_one_address_keep_nobody_out(self):
        held = self.hold(60, self.named(b"192.0.2.7"))
        self.until(lambda: self.is_alive())
        closed = 0
        for connection in held:
            connection.settimeout(1)
            try:
                closed += b" 503 " in connection.recv(1000)
            except TimeoutError:
                pass
        self.assertGreaterEqual(closed, 60 - 32 - 1)
        more = self.hold(1, self.named(b"192.0.2.8"))[0]
        more.settimeout(0.5)
        with self.assertRaises(TimeoutError):
            more.recv(1)

    def test_fewer_than_half_are_nobodys_share(self):
        """As above."""

    def test_connections_of_all_addresses_leave_a_reserve_for_healthz(self):
        """As above."""
