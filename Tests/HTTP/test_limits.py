"""What one client may cost the others, and what no request may look like."""

import concurrent.futures
import http.client
import signal
import socket
import subprocess
import time

import service
from service import PASSWORD, PATIENCE, Client, ServiceCase


class Limits(ServiceCase):
    settings = {
        "LIBSECURITY_HTTP_BODY_MAX": 2000, "LIBSECURITY_HTTP_HEADER_MAX": 4000, "LIBSECURITY_HTTP_IDLE_TIMEOUT": "2 seconds",
        "LIBSECURITY_HTTP_REQUEST_TIMEOUT": 4,
    }

    def raw(self, text):
        """The first line of the answer to bytes; empty for a connection that was closed without one."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as connection:
            try:
                connection.sendall(text)
                return connection.recv(1000).split(b"\r\n")[0]
            except ConnectionError:
                return b""

    def wait_until_closed(self, first, each, pause):
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as connection:
            begin = time.monotonic()
            connection.sendall(first)
            connection.settimeout(pause)
            while time.monotonic() - begin < 60:
                try:
                    connection.sendall(each)
                    if not connection.recv(1000):
                        break
                except TimeoutError:
                    continue
                except OSError:
                    break
            else:
                self.fail("the connection stays open")

    def test_a_body_that_trickles_in_is_cut_off(self):
        head = b"POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
        self.wait_until_closed(head, b" ", 0.2)

    def test_a_header_that_trickles_in_is_cut_off(self):
        self.wait_until_closed(b"GET /login HTTP/1.1\r\nHost: a\r\nX: ", b"a", 0.2)

    def test_silence_is_cut_off(self):
        self.wait_until_closed(b"", b"", 0.2)

    def test_a_body_beyond_the_limit_is_not_waited_for(self):
        self.assertIn(b" 413 ", self.raw(b"POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n"))
        chunk = b"%x\r\n%s\r\n" % (3000, b"a" * 3000)
        self.assertIn(b" 413 ", self.raw(b"POST /login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk))

    def test_a_header_beyond_the_limit(self):
        self.assertNotIn(b" 200 ", self.raw(b"GET /login HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 9000 + b"\r\n\r\n"))

    def test_there_is_one_host(self):
        self.assertIn(b" 200 ", self.raw(b"GET /login HTTP/1.1\r\nHost: a\r\n\r\n"))
        self.assertIn(b" 400 ", self.raw(b"GET /login HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"))
        self.assertIn(b" 400 ", self.raw(b"GET /login HTTP/1.1\r\n\r\n"))


class Connections(ServiceCase):
    settings = {"LIBSECURITY_HTTP_CONNECTIONS": 3, "LIBSECURITY_HTTP_IDLE_TIMEOUT": 120}

    def healthy(self, connection):
        return b" 200 " in connection.recv(1000)

    def test_they_are_bounded(self):
        held = [socket.create_connection(("127.0.0.1", self.port), PATIENCE) for _ in range(4)]
        for connection in held:
            self.addCleanup(connection.close)
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        *served, further = held
        self.assertTrue(all(self.healthy(connection) for connection in served))
        further.settimeout(0.5)
        with self.assertRaises(TimeoutError):
            further.recv(1000)
        served[0].close()
        further.settimeout(PATIENCE)
        self.assertTrue(self.healthy(further))


class Queue(ServiceCase):
    settings = {"LIBSECURITY_HTTP_QUEUE": 1, "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {"bcrypt__rounds": 13}}

    def processor_ticks(self):
        """User time of the service, in hundredths of a second."""
        with open(f"/proc/{self.process.pid}/stat") as file:
            return int(file.read().rpartition(")")[2].split()[11])

    def sign_in_later(self, pool):
        browser = self.client()
        form = {"email": "ann@example.com", "password": PASSWORD, "csrf_token": browser.token()}
        return pool.submit(lambda: browser.request("POST", "/login", form=form))

    def test_a_flood_of_logins_leaves_the_others_alone(self):
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            waiting = [self.sign_in_later(pool) for _ in range(16)]
            self.assertEqual(self.client().get("/login").status, 200)
            answers = [each.result() for each in waiting]
        statuses = {answer.status for answer in answers}
        self.assertEqual(statuses, {302, 503})
        self.assertTrue(all(answer.headers["Retry-After"] for answer in answers if answer.status == 503))

    def test_the_end_waits_for_a_login(self):
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            idle = self.processor_ticks()
            answer = self.sign_in_later(pool)
            # The password is being hashed.
            self.until(lambda: self.processor_ticks() > idle + 10)
            self.process.send_signal(signal.SIGTERM)
            self.assertEqual(answer.result().status, 302)
        self.assertEqual(self.process.wait(PATIENCE), 0)


class UnixClient(Client):
    """A client of a socket in the file system."""

    def __init__(self, path):
        super().__init__(0)
        self.path = str(path)

    def connect(self):
        connection = http.client.HTTPConnection("localhost", timeout=PATIENCE)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(self.path)
        return connection


class Listeners(ServiceCase):
    def test_a_socket_in_the_file_system(self):
        self.stop()
        path = self.folder / "socket"
        process = subprocess.Popen(
            [service.DIST / "sbin/securityd", "--config", self.config, "--listen", f"unix:{path}", "--listen",
             f"127.0.0.1:{self.port}"], stderr=self.log)
        self.addCleanup(process.wait, PATIENCE)
        self.addCleanup(process.terminate)
        self.until(path.exists)
        self.assertEqual(UnixClient(path).sign_in().status, 302)
        self.assertEqual(self.client().sign_in().status, 302)

    def test_requests_are_logged_without_their_secrets(self):
        self.client().get("/login?auth_token=secret")
        self.client().sign_in(password="a wrong password")
        log = (self.folder / "log").read_text()
        self.assertIn("path=/login status=200", log)
        self.assertIn("reason=wrong-password", log)
        self.assertNotIn("secret", log)
        self.assertNotIn("a wrong password", log)
