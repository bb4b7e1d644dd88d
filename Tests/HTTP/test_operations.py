"""What supervisors and Prometheus see of securityd: readiness, watchdog, inherited sockets, metrics."""

import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

import service
from service import PATIENCE, Client, ServiceCase
from test_limits import UnixClient

TREE = pathlib.Path(__file__).resolve().parent.parent.parent
UNITS, DOCS = TREE / "systemd", TREE / "docs"

# Puts its descriptor arguments at 3 and further, as systemd does, tells so in the environment, and becomes the program.
INHERITOR = """
import fcntl, os, sys
names, count = sys.argv[1], int(sys.argv[2])
# Copies that are in nobody's way, whatever the numbers of the sockets are.
copies = [fcntl.fcntl(int(number), fcntl.F_DUPFD, 100) for number in sys.argv[3:3 + count]]
for offset, copy in enumerate(copies):
    os.dup2(copy, 3 + offset)
    os.set_inheritable(3 + offset, True)
os.closerange(3 + count, 1024)
os.environ.update(LISTEN_FDS=str(count), LISTEN_PID=str(os.getpid()))
if names:
    os.environ["LISTEN_FDNAMES"] = names
os.execv(sys.argv[3 + count], sys.argv[3 + count:])
"""


class OperationsCase(ServiceCase):
    """Starts securityd by its own hand, because what is looked at is the start."""

    def start(self):
        self.port = 0
        self.processes = 0

    def stop(self):
        pass

    def launch(self, *words, wrapper=(), environment=None, pass_fds=()):
        self.processes += 1
        self.log_path = self.folder / f"log-{self.processes}"
        log = open(self.log_path, "ab")
        self.addCleanup(log.close)
        process = subprocess.Popen(
            [*wrapper, service.DIST / "sbin/securityd", "--config", self.config, *words], stdout=log, stderr=log,
            env={**os.environ, **(environment or {})}, pass_fds=pass_fds)
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        if process.poll() is None:
            process.terminate()
        return process.wait(PATIENCE)

    def launch_with(self, sockets, *words, names="", environment=None):
        """With inherited sockets."""
        numbers = [each.fileno() for each in sockets]
        wrapper = [sys.executable, "-c", INHERITOR, names, str(len(numbers)), *map(str, numbers)]
        return self.launch(*words, wrapper=wrapper, environment=environment, pass_fds=numbers)

    def ports(self, service=1, metrics=0):
        """The ports of a service that was told to take free ones, by its log: those of the service, then those of the metrics."""
        found = []
        for _ in range(10 * PATIENCE):
            lines = [line for line in self.log_path.read_text().splitlines() if line.endswith("listening")]
            found = [[int(re.search(r"port=(\d+)", line).group(1)) for line in lines if ("for=metrics" in line) == is_metrics]
                     for is_metrics in (False, True)]
            if [len(each) for each in found] == [service, metrics]:
                return sum(found, [])
            time.sleep(0.1)
        self.fail(f"not everything listens: {found}\n" + self.log_path.read_text())

    def listener(self, address=("127.0.0.1", 0), family=socket.AF_INET):
        listening = socket.socket(family)
        self.addCleanup(listening.close)
        listening.bind(address)
        listening.listen()
        return listening

    def answers(self, port, path="/healthz"):
        try:
            return Client(port).get(path).status == 200
        except OSError:
            return False


def was_read(connection):
    """Whether the service has taken all that came over a connection to 127.0.0.1 (proc_pid_net(5): its queue is empty)."""
    port = f"{connection.getsockname()[1]:04X}"
    for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
        words = line.split()
        if words[2].endswith(":" + port) and words[3] == "01":
            return words[4].endswith(":00000000") and words[9] != "0"
    return False


class Supervisor:
    """The other end of NOTIFY_SOCKET."""

    def __init__(self, address):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address)
        self.socket.settimeout(PATIENCE)
        self.name = address if isinstance(address, str) else "@" + address[1:].decode()

    def next(self):
        """The next message as a dictionary."""
        text = self.socket.recv(4096).decode()
        return dict(line.split("=", 1) for line in text.splitlines())

    def until(self, key):
        """The next message that has a key."""
        while True:
            message = self.next()
            if key in message:
                return message


class Notifications(OperationsCase):
    def supervisor(self, address=None):
        supervisor = Supervisor(address or str(self.folder / "notify"))
        self.addCleanup(supervisor.socket.close)
        return supervisor

    def test_ready_is_said_when_every_listener_accepts(self):
        supervisor = self.supervisor()
        free = "127.0.0.1:0"
        self.launch(
            "--listen", free, "--listen", free, "--metrics", free, environment={"NOTIFY_SOCKET": supervisor.name})
        self.assertEqual(supervisor.next()["READY"], "1")
        ports = self.ports(service=2, metrics=1)
        for port in ports[:2]:
            self.assertEqual(Client(port).get("/healthz").status, 200)
        self.assertEqual(Client(ports[2]).get("/metrics").status, 200)

    def test_an_abstract_socket(self):
        supervisor = self.supervisor(b"\0securityd-test-%d" % os.getpid())
        self.launch("--listen", "127.0.0.1:0", environment={"NOTIFY_SOCKET": supervisor.name})
        self.assertEqual(supervisor.next()["READY"], "1")

    def test_ready_waits_for_the_database(self):
        supervisor = self.supervisor()
        hidden = self.folder / "elsewhere.db"
        self.database.rename(hidden)
        process = self.launch("--listen", "127.0.0.1:0", environment={"NOTIFY_SOCKET": supervisor.name})
        self.assertEqual(supervisor.next(), {"STATUS": "Waiting for the account database"})
        self.assertIn("cannot be read", self.log_path.read_text())
        # Neither does a SIGHUP make it look ready.
        process.send_signal(signal.SIGHUP)
        self.until(lambda: "read anew" in self.log_path.read_text())
        hidden.rename(self.database)
        self.assertEqual(supervisor.next(), {"READY": "1", "STATUS": "Serving"})

    def test_the_end_may_come_before_the_database(self):
        supervisor = self.supervisor()
        self.database.unlink()
        process = self.launch("--listen", "127.0.0.1:0", environment={"NOTIFY_SOCKET": supervisor.name})
        supervisor.until("STATUS")
        self.assertEqual(self.end(process), 0)
        self.assertEqual(supervisor.next()["STOPPING"], "1")

    def test_stopping_is_said_before_the_last_request_is_answered(self):
        supervisor = self.supervisor()
        process = self.launch("--listen", "127.0.0.1:0", environment={"NOTIFY_SOCKET": supervisor.name})
        supervisor.until("READY")
        port, = self.ports()
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n1")
            self.until(lambda: was_read(connection))
            process.send_signal(signal.SIGTERM)
            self.assertEqual(supervisor.until("STOPPING")["STOPPING"], "1")
            self.assertIsNone(process.poll())
            connection.sendall(b"2")
            self.assertIn(b" 200 ", connection.recv(1000))
        self.assertEqual(process.wait(PATIENCE), 0)

    def test_reloading_is_said_around_a_hang_up_whatever_comes_of_it(self):
        supervisor = self.supervisor()
        process = self.launch("--listen", "127.0.0.1:0", environment={"NOTIFY_SOCKET": supervisor.name})
        supervisor.until("READY")
        for text, status in (("", "Serving"), ("SECURITY_NONSENSE = 1\n", "Serving by the old configuration")):
            self.config.write_text(self.config.read_text() + text)
            before = time.clock_gettime(time.CLOCK_MONOTONIC)
            process.send_signal(signal.SIGHUP)
            reloading = supervisor.next()
            self.assertEqual(reloading["RELOADING"], "1")
            moment = int(reloading["MONOTONIC_USEC"]) / 1e6
            self.assertTrue(before - 0.001 <= moment <= time.clock_gettime(time.CLOCK_MONOTONIC), moment)
            ready = supervisor.next()
            self.assertEqual(ready["READY"], "1")
            self.assertTrue(ready["STATUS"].startswith(status), ready)

    def test_the_watchdog_hears_of_a_living_service_twice_in_its_time(self):
        supervisor = self.supervisor()
        process = self.launch(
            "--listen", "127.0.0.1:0", environment={"NOTIFY_SOCKET": supervisor.name, "WATCHDOG_USEC": "400000"})
        beats = []
        while len(beats) < 6:
            supervisor.until("WATCHDOG")
            beats.append(time.monotonic())
        # Never faster than half of its time, on whatever machine.
        self.assertGreater(beats[-1] - beats[0], 0.8)
        # A service that does not live says nothing.
        process.send_signal(signal.SIGSTOP)
        supervisor.socket.settimeout(1)
        with self.assertRaises(TimeoutError):
            for _ in range(100):
                supervisor.next()
        process.send_signal(signal.SIGCONT)
        supervisor.socket.settimeout(PATIENCE)
        supervisor.until("WATCHDOG")

    def test_the_watchdog_of_another_process_is_left_alone(self):
        supervisor = self.supervisor()
        self.launch("--listen", "127.0.0.1:0", environment={
            "NOTIFY_SOCKET": supervisor.name, "WATCHDOG_USEC": "200000", "WATCHDOG_PID": "1"})
        supervisor.until("READY")
        supervisor.socket.settimeout(1)
        with self.assertRaises(TimeoutError):
            supervisor.next()

    def test_nobody_need_listen(self):
        for name in (str(self.folder / "nobody"), "vsock:2:1234", "@" + "x" * 200, "@", ""):
            process = self.launch("--listen", "127.0.0.1:0", environment={"NOTIFY_SOCKET": name})
            port, = self.ports()
            self.until(lambda: self.answers(port))
            self.assertEqual(self.end(process), 0)


class Inheritance(OperationsCase):
    def test_inherited_sockets_serve_and_stand_in_for_the_standard_address(self):
        first, second = self.listener(), self.listener(str(self.folder / "socket"), socket.AF_UNIX)
        process = self.launch_with([first, second])
        port = first.getsockname()[1]
        # Before the service accepts, the system keeps the connection.
        self.assertEqual(Client(port).get("/healthz").status, 200)
        self.assertEqual(UnixClient(self.folder / "socket").get("/healthz").status, 200)
        self.assertEqual(self.addresses(process), {port})
        self.assertEqual(self.end(process), 0)
        # They are the supervisor's: nothing closed or removed them, so the next start serves who came between.
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as early:
            early.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            self.launch_with([first, second])
            self.assertIn(b" 200 ", early.recv(1000))
        self.assertTrue((self.folder / "socket").exists())

    def addresses(self, process):
        """The TCP ports that a process listens at."""
        found = set()
        for descriptor in pathlib.Path(f"/proc/{process.pid}/fd").iterdir():
            try:
                target = os.readlink(descriptor)
            except FileNotFoundError:
                # A connection that has just ended.
                continue
            if match := re.fullmatch(r"socket:\[(\d+)\]", target):
                for name in ("tcp", "tcp6"):
                    for line in pathlib.Path(f"/proc/{process.pid}/net/{name}").read_text().splitlines()[1:]:
                        words = line.split()
                        if words[9] == match.group(1) and words[3] == "0A":
                            found.add(int(words[1].rsplit(":", 1)[1], 16))
        return found

    def test_listen_adds_to_them(self):
        listening = self.listener()
        self.launch_with([listening], "--listen", "127.0.0.1:0")
        ports = self.ports(service=2)
        self.assertIn(listening.getsockname()[1], ports)
        for port in ports:
            self.assertEqual(Client(port).get("/healthz").status, 200)

    def test_a_socket_named_metrics_is_for_the_metrics_only(self):
        main, metrics = self.listener(), self.listener()
        self.launch_with([metrics, main], names="metrics:http")
        self.assertEqual(Client(metrics.getsockname()[1]).get("/metrics").status, 200)
        self.assertEqual(Client(metrics.getsockname()[1]).get("/login").status, 404)
        self.assertEqual(Client(main.getsockname()[1]).get("/login").status, 200)
        self.assertEqual(Client(main.getsockname()[1]).get("/metrics").status, 404)

    def test_sockets_of_another_process_are_left_alone(self):
        self.launch("--listen", "127.0.0.1:0", environment={"LISTEN_PID": "1", "LISTEN_FDS": "2"})
        port, = self.ports()
        self.assertEqual(Client(port).get("/healthz").status, 200)

    def test_what_is_no_listening_socket_is_refused(self):
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        deaf = socket.socket()
        self.addCleanup(datagrams.close)
        self.addCleanup(deaf.close)
        with open("/dev/null") as file:
            for wrong in (datagrams, deaf, file):
                process = self.launch_with([self.listener(), wrong])
                self.assertEqual(process.wait(PATIENCE), 78)
                self.assertIn("descriptor 4 of LISTEN_FDS is no stream socket", self.log_path.read_text())

    def test_a_number_that_is_none_is_refused(self):
        for count in ("-1", "1025", "two", ""):
            process = self.launch(
                wrapper=["sh", "-c", f'LISTEN_PID=$$ LISTEN_FDS={count} exec "$@"', "sh"])
            self.assertEqual(process.wait(PATIENCE), 78)
            self.assertIn(f'LISTEN_FDS is "{count}"', self.log_path.read_text())

    def test_names_must_match_the_sockets(self):
        process = self.launch_with([self.listener()], names="a:b")
        self.assertEqual(process.wait(PATIENCE), 78)
        self.assertIn("LISTEN_FDNAMES has 2 names for LISTEN_FDS=1", self.log_path.read_text())

    def test_the_listeners_end_together(self):
        first, second = self.listener(), self.listener()
        process = self.launch_with([first, second])
        ports = [each.getsockname()[1] for each in (first, second)]
        for port in ports:
            self.until(lambda: self.answers(port))
        held = [socket.create_connection(("127.0.0.1", port), PATIENCE) for port in ports]
        for connection in held:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n")
        self.until(lambda: all(was_read(connection) for connection in held))
        process.send_signal(signal.SIGTERM)
        # While each still has a request in flight, neither listens.
        self.until(lambda: not self.addresses(process))
        self.assertIsNone(process.poll())
        for connection in held:
            connection.sendall(b"1")
            self.assertIn(b" 200 ", connection.recv(1000))
            connection.close()
        self.assertEqual(process.wait(PATIENCE), 0)

    def test_an_address_that_is_taken_is_named(self):
        port = self.listener().getsockname()[1]
        process = self.launch("--listen", f"127.0.0.1:{port}")
        self.assertEqual(process.wait(PATIENCE), 1)
        self.assertIn(f"cannot listen at 127.0.0.1:{port}", self.log_path.read_text())

    @unittest.skipUnless(shutil.which("systemd-socket-activate"), "systemd's own activator is not installed")
    def test_systemd_itself_hands_over_its_sockets(self):
        main, metrics = self.folder / "main", self.folder / "metrics"
        self.launch(wrapper=["systemd-socket-activate", "-l", main, "-l", metrics, "--fdname=http:metrics"])
        self.until(metrics.exists)
        # The first connection starts the service.
        self.assertEqual(UnixClient(main).get("/healthz").status, 200)
        self.assertEqual(UnixClient(metrics).get("/metrics").status, 200)
        self.assertEqual(UnixClient(main).get("/metrics").status, 404)


LINE = re.compile(r'^([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\[\\n"])*",?)*)\})? (\S+)$')
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')


def parse(text):
    """The metrics of a text: {(name, ((label, value), ...)): number}; checks what Prometheus would."""
    values, types = {}, {}
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name not in types, line
            assert kind in ("counter", "gauge", "histogram"), line
            types[name] = kind
        elif line.startswith("# HELP "):
            assert len(line.split(" ", 3)) == 4, line
        else:
            match = LINE.match(line)
            assert match, line
            name, labels, value = match.groups()
            family = name if name in types else re.sub(r"_(bucket|sum|count)$", "", name)
            assert family in types, line
            assert (types[family] == "counter") == name.endswith("_total"), line
            key = (name, tuple(LABEL.findall(labels or "")))
            assert key not in values, line
            values[key] = float(value)
    return values


class Prometheus(OperationsCase):
    mails_at_will = True
    settings = {"SECURITY_PASSWORDLESS": False, "LIBSECURITY_HTTP_QUEUE": 1}

    def start(self):
        super().start()
        self.process = self.launch("--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0")
        self.port, self.metrics = self.ports(metrics=1)
        self.until(lambda: self.answers(self.port))

    def scrape(self):
        answer = Client(self.metrics).get("/metrics")
        self.assertEqual(answer.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        self.text = answer.body
        return parse(answer.body)

    def value(self, name, **labels):
        return self.scrape().get((name, tuple(labels.items())))

    def test_requests_are_counted_by_route_method_and_class(self):
        def count(**labels):
            return self.value("securityd_http_requests_total", **labels)

        self.client().get("/login")
        self.assertEqual(count(route="/login", method="GET", status="2xx"), 1)
        self.client().sign_in()
        self.assertEqual(count(route="/login", method="POST", status="3xx"), 1)
        self.client().request("DELETE", "/login")
        self.assertEqual(count(route="/login", method="DELETE", status="4xx"), 1)
        self.client().request("PROPFIND", "/login")
        self.assertEqual(count(route="/login", method="other", status="4xx"), 1)

    def test_no_label_comes_from_a_request(self):
        browser = self.client()
        browser.get("/reset/a-secret-token")
        browser.get("/confirm/a%2Dsecret%2Dtoken")
        browser.get("/nowhere/a-secret-path")
        browser.get("/login?next=a-secret-query")
        browser.sign_in("a-secret-name@example.com")
        browser.sign_in(password="a-secret-password")
        values = self.scrape()
        self.assertNotIn("secret", self.text.lower())
        self.assertNotIn("ann@", self.text)
        routes = {dict(labels)["route"] for name, labels in values if name == "securityd_http_requests_total"}
        self.assertEqual(routes, {"/healthz", "/login", "/reset/{token}", "/confirm/{token}", "other"})

    def test_durations_are_a_histogram(self):
        for _ in range(5):
            self.client().get("/login")
        values = self.scrape()
        name = "securityd_http_request_duration_seconds"
        buckets = [(dict(labels)["le"], value) for (each, labels), value in values.items()
                   if each == name + "_bucket" and dict(labels)["route"] == "/login"]
        counts = [count for _, count in buckets]
        self.assertEqual(counts, sorted(counts))
        self.assertEqual([float(bound) for bound, _ in buckets], sorted(float(bound) for bound, _ in buckets))
        self.assertEqual(buckets[-1], ("+Inf", 5))
        self.assertEqual(values[name + "_count", (("route", "/login"),)], 5)
        self.assertGreater(values[name + "_sum", (("route", "/login"),)], 0)

    def test_logins_are_counted_by_verdict(self):
        self.assertEqual(self.value("securityd_logins_total", verdict="granted"), 0)
        self.client().sign_in()
        self.client().sign_in(password="wrong")
        self.client().sign_in("nobody@example.com")
        self.assertEqual(self.value("securityd_logins_total", verdict="granted"), 1)
        self.assertEqual(self.value("securityd_logins_total", verdict="denied"), 2)
        self.assertEqual(self.value("securityd_login_denials_total", reason="wrong-password"), 1)
        self.assertEqual(self.value("securityd_login_denials_total", reason="unknown-account"), 1)

    def test_the_outbox_is_counted(self):
        self.assertEqual(self.value("securityd_outbox_mails", state="waiting"), 0)
        self.mail.mode = "refuse"
        self.client().post("/reset", {"email": "ann@example.com"})
        self.assertEqual(self.value("securityd_outbox_mails", state="waiting"), 1)
        self.assertEqual(self.value("securityd_outbox_mails", state="given-up"), 0)
        self.mail.mode = "reject"
        self.client().post("/reset", {"email": "ann@example.com"})
        self.assertEqual(self.value("securityd_outbox_mails", state="given-up"), 1)

    def test_reloads_are_counted_by_result(self):
        self.assertEqual(self.value("securityd_config_reloads_total", result="taken"), 0)
        self.process.send_signal(signal.SIGHUP)
        self.until(lambda: self.value("securityd_config_reloads_total", result="taken") == 1)
        self.assertEqual(self.value("securityd_config_last_reload_good"), 1)
        self.config.write_text(self.config.read_text() + "SECURITY_NONSENSE = 1\n")
        self.process.send_signal(signal.SIGHUP)
        self.until(lambda: self.value("securityd_config_reloads_total", result="refused") == 1)
        self.assertEqual(self.value("securityd_config_last_reload_good"), 0)
        # What was counted before is still there.
        self.assertEqual(self.value("securityd_config_reloads_total", result="taken"), 1)

    def test_a_database_that_is_gone_is_seen(self):
        self.assertEqual(self.value("securityd_database_up"), 1)
        self.database.rename(self.folder / "elsewhere.db")
        self.assertEqual(self.value("securityd_database_up"), 0)
        self.assertIsNone(self.value("securityd_outbox_mails", state="waiting"))

    def test_the_process_and_its_release_are_described(self):
        values = self.scrape()
        version = subprocess.run([service.DIST / "sbin/securityd", "--version"], capture_output=True, text=True, check=True)
        self.assertEqual(values["securityd_build_info", (("version", version.stdout.split()[1]),)], 1)
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        resident = int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) * 1024
        self.assertLess(abs(values["process_resident_memory_bytes", ()] - resident), resident / 2)
        self.assertGreater(values["process_virtual_memory_bytes", ()], resident)
        descriptors = len(list(pathlib.Path(f"/proc/{self.process.pid}/fd").iterdir()))
        self.assertLess(abs(values["process_open_fds", ()] - descriptors), 8)
        self.assertGreater(values["process_max_fds", ()], descriptors)
        self.assertLess(abs(values["process_start_time_seconds", ()] - time.time()), 600)
        self.assertGreater(values["process_cpu_seconds_total", ()], 0)

    def test_every_metric_is_in_the_manual_and_the_other_way_round(self):
        self.client().sign_in(password="wrong")
        self.scrape()
        told = set(re.findall(r"^# TYPE (securityd_\w+)", self.text, re.MULTILINE))
        named = set(re.findall(r"\bsecurityd_\w+", (DOCS / "man" / "securityd.8").read_text()))
        self.assertEqual(told, named)
        self.assertLess(set(re.findall(r"\bsecurityd_\w+", (DOCS / "operations.md").read_text())), told)

    def test_a_socket_in_the_file_system_tells_them_too(self):
        path = self.folder / "metrics"
        self.launch("--listen", "127.0.0.1:0", "--metrics", f"unix:{path}")
        self.until(path.exists)
        self.assertEqual(UnixClient(path).get("/metrics").status, 200)

    def test_it_is_there_and_nowhere_else(self):
        self.assertEqual(self.client().get("/metrics").status, 404)
        other = Client(self.metrics)
        self.assertEqual(other.get("/").status, 404)
        self.assertEqual(other.get("/login").status, 404)
        self.assertEqual(other.get("/metrics?x=1").status, 200)
        refused = other.request("POST", "/metrics", body="x")
        self.assertEqual((refused.status, refused.headers["Allow"]), (405, "GET, HEAD"))
        head = other.request("HEAD", "/metrics")
        self.assertEqual((head.status, head.body), (200, ""))
        self.assertGreater(int(head.headers["Content-Length"]), 1000)


class Reloads(OperationsCase):
    """What a SIGHUP takes: everything but the listeners themselves."""

    mails_at_will = True

    def launch_tls(self, **settings):
        self.files = self.certificate()
        self.tls = {"LIBSECURITY_TLS_CERTIFICATE": str(self.files[0]), "LIBSECURITY_TLS_KEY": str(self.files[1])}
        self.write_config({**self.tls, **settings})
        return self.launch_free()

    def launch_free(self):
        self.process = self.launch("--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0")
        self.port, self.metrics = self.ports(metrics=1)

    def reload(self, result="taken"):
        """Hangs up, and waits for what comes of it."""
        def count():
            values = parse(Client(self.metrics).get("/metrics").body)
            return values["securityd_config_reloads_total", (("result", result),)]

        before = count()
        self.process.send_signal(signal.SIGHUP)
        self.until(lambda: count() == before + 1)

    def reload_with(self, **settings):
        self.write_config(settings)
        self.reload()

    def open(self):
        """A connection with TLS, and the certificate that the service shows."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        raw = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        connection = context.wrap_socket(raw)
        self.addCleanup(connection.close)
        return connection, ssl.DER_cert_to_PEM_cert(connection.getpeercert(binary_form=True))

    def asked(self, connection, path="/healthz"):
        """The answer on a connection that stays open."""
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        response = http.client.HTTPResponse(connection)
        response.begin()
        response.read()
        return response.status

    def test_a_renewed_certificate_is_shown_to_new_connections_and_old_ones_go_on(self):
        self.launch_tls()
        old, shown = self.open()
        self.assertEqual(shown, self.files[0].read_text())
        self.assertEqual(self.asked(old), 200)
        for renewed, file in zip(self.certificate("renewed-"), self.files):
            renewed.replace(file)
        # Files alone change nothing: they are read at a reload.
        self.assertEqual(self.open()[1], shown)
        self.reload()
        new, shown_now = self.open()
        self.assertEqual(shown_now, self.files[0].read_text())
        self.assertNotEqual(shown_now, shown)
        self.assertEqual((self.asked(old), self.asked(new)), (200, 200))

    def test_files_that_cannot_be_used_leave_the_old_ones_in_use(self):
        self.launch_tls()
        certificate, key = self.files
        good = certificate.read_text(), key.read_text()
        other, other_key = self.certificate("other-")
        broken = [
            (certificate, None, "LIBSECURITY_TLS_CERTIFICATE"),
            (certificate, "no certificate", "LIBSECURITY_TLS_CERTIFICATE"),
            (certificate, other.read_text(), "is not the key of the certificate"),
            (key, None, "there is no such file"),
            (key, "no key", "no key can be read"),
            (key, other_key.read_text(), "is not the key of the certificate"),
        ]
        for file, text, reason in broken:
            with self.subTest(file=file.name, text=text):
                file.unlink()
                if text:
                    self.write_key(file, text)
                self.refused_reload(file, reason)
                self.write_key(certificate, good[0])
                self.write_key(key, good[1])
        key.chmod(0o644)
        self.refused_reload(key, "opens its secrets to everybody")
        key.chmod(0o600)
        self.reload()

    def write_key(self, file, text):
        file.write_text(text)
        file.chmod(0o600)

    def refused_reload(self, file, reason):
        shown = self.open()[1]
        before = len(self.log_path.read_text())
        self.reload("refused")
        said = self.log_path.read_text()[before:]
        self.assertIn(str(file), said)
        self.assertIn(reason, said)
        connection, shown_now = self.open()
        self.assertEqual(shown_now, shown)
        self.assertEqual(self.asked(connection), 200)

    def test_a_key_that_everybody_may_read_keeps_it_from_starting(self):
        self.files = self.certificate()
        self.files[1].chmod(0o604)
        self.assertIn("opens its secrets to everybody", self.refused(
            LIBSECURITY_TLS_CERTIFICATE=str(self.files[0]), LIBSECURITY_TLS_KEY=str(self.files[1])))

    def test_tls_comes_and_goes_with_new_connections(self):
        self.launch_free()
        plain = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        self.addCleanup(plain.close)
        self.assertEqual(self.asked(plain), 200)
        certificate, key = self.certificate()
        self.reload_with(LIBSECURITY_TLS_CERTIFICATE=str(certificate), LIBSECURITY_TLS_KEY=str(key))
        secured, _ = self.open()
        self.assertEqual((self.asked(secured), self.asked(plain)), (200, 200))
        # The metrics have none: `reload` has just read them.
        self.reload_with()
        self.assertEqual(self.asked(secured), 200)
        self.assertEqual(Client(self.port).get("/healthz").status, 200)

    def test_a_body_limit(self):
        self.write_config({"LIBSECURITY_HTTP_BODY_MAX": 2000})
        self.launch_free()
        kept = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        self.addCleanup(kept.close)
        long = json.dumps({"email": "a" * 3000})

        def status():
            return Client(self.port).request("POST", "/login", body=long, headers={
                "Content-Type": "application/json"}).status

        self.assertEqual((status(), self.asked(kept)), (413, 200))
        self.reload_with(LIBSECURITY_HTTP_BODY_MAX=4000)
        self.assertEqual(status(), 400)
        # It is one of requests, not of connections.
        kept.sendall(f"POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                     f"Content-Length: {len(long)}\r\n\r\n{long}".encode())
        self.assertIn(b" 400 ", kept.recv(1000))

    def test_a_header_limit(self):
        self.write_config({"LIBSECURITY_HTTP_HEADER_MAX": 2000})
        self.launch_free()
        self.assertFalse(self.is_served(3000))
        self.reload_with(LIBSECURITY_HTTP_HEADER_MAX=8000)
        self.assertTrue(self.is_served(3000))
        self.assertFalse(self.is_served(9000))

    def is_served(self, length):
        try:
            return Client(self.port).get("/login", headers={"X-Long": "a" * length}).status == 200
        except (OSError, http.client.HTTPException):
            return False

    def test_time_outs(self):
        self.write_config({"LIBSECURITY_HTTP_IDLE_TIMEOUT": 600, "LIBSECURITY_HTTP_REQUEST_TIMEOUT": 600})
        self.launch_free()
        patient = [socket.create_connection(("127.0.0.1", self.port), PATIENCE) for _ in range(2)]
        for connection in patient:
            self.addCleanup(connection.close)
            self.assertEqual(self.asked(connection), 200)
        self.reload_with(LIBSECURITY_HTTP_IDLE_TIMEOUT=2, LIBSECURITY_HTTP_REQUEST_TIMEOUT=600)
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as silent:
            self.assertEqual(silent.recv(1), b"")
        self.reload_with(LIBSECURITY_HTTP_IDLE_TIMEOUT=600, LIBSECURITY_HTTP_REQUEST_TIMEOUT=2)
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as slow:
            slow.sendall(b"POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n1")
            self.assertEqual(slow.recv(1), b"")
        # Connections keep the time-outs that they began with.
        self.assertEqual([self.asked(connection) for connection in patient], [200, 200])

    def test_a_number_of_connections(self):
        few = {"LIBSECURITY_HTTP_CONNECTIONS": 1, "LIBSECURITY_HTTP_IDLE_TIMEOUT": 600}
        self.write_config(few)
        self.launch_free()
        first, second, third = (socket.create_connection(("127.0.0.1", self.port), PATIENCE) for _ in range(3))
        for connection in (first, second, third):
            self.addCleanup(connection.close)
        self.assertEqual(self.asked(first), 200)
        second.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        second.settimeout(0.5)
        with self.assertRaises(TimeoutError):
            second.recv(1000)
        # Nobody need leave for a limit that is raised.
        self.reload_with(**{**few, "LIBSECURITY_HTTP_CONNECTIONS": 2})
        second.settimeout(PATIENCE)
        self.assertIn(b" 200 ", second.recv(1000))
        self.assertEqual(self.asked(first), 200)
        second.close()
        self.assertEqual(self.asked(third), 200)

    def test_the_length_of_a_queue(self):
        self.launch_free()

        def limits():
            values = parse(Client(self.metrics).get("/metrics").body)
            return [values["securityd_pool_queue_limit", (("pool", pool),)] for pool in ("hashing", "light")]

        self.assertEqual(limits(), [64, 16 * 64])
        self.reload_with(LIBSECURITY_HTTP_QUEUE=3)
        self.until(lambda: limits() == [3, 16 * 3])


class HashingPool(OperationsCase):
    settings = {"LIBSECURITY_HTTP_QUEUE": 1, "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {"bcrypt__rounds": 13}}

    def test_who_finds_its_queue_full_is_counted(self):
        self.launch("--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0")
        port, metrics = self.ports(metrics=1)

        def value(name):
            return parse(Client(metrics).get("/metrics").body)[name, (("pool", "hashing"),)]

        cores = os.cpu_count()
        self.assertEqual(value("securityd_pool_threads"), cores)
        self.assertEqual(value("securityd_pool_queue_limit"), 1)
        self.assertEqual((value("securityd_pool_queue_length"), value("securityd_pool_refusals_total")), (0, 0))
        browsers = [Client(port) for _ in range(4 * cores)]
        tokens = [browser.token() for browser in browsers]
        connections = []
        for browser, token in zip(browsers, tokens):
            connection = browser.connect()
            self.addCleanup(connection.close)
            cookie = "; ".join(f"{name}={text}" for name, text in browser.cookies.items())
            connection.request("POST", "/login", f"email=ann%40example.com&password=x&csrf_token={token}", {
                "Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie})
            connections.append(connection)
        self.until(lambda: value("securityd_pool_refusals_total") > 0)
        refused = sum(connection.getresponse().status == 503 for connection in connections)
        self.assertEqual(value("securityd_pool_refusals_total"), refused)
        self.assertEqual((value("securityd_pool_queue_length"), value("securityd_pool_busy")), (0, 0))


class Descriptors(OperationsCase):
    def test_running_out_of_them_is_survived_and_not_asked_for_in_a_circle(self):
        begin = time.monotonic()
        process = self.launch("--listen", "127.0.0.1:0", wrapper=["prlimit", "--nofile=60"])
        port, = self.ports()
        self.until(lambda: self.answers(port))
        held = [socket.create_connection(("127.0.0.1", port), PATIENCE) for _ in range(100)]

        def failures():
            return self.log_path.read_text().count("no connection can be accepted just now")

        self.until(lambda: failures() > 2)
        self.assertLessEqual(failures(), (time.monotonic() - begin) / 0.5 + 1)
        for connection in held:
            connection.close()
        self.until(lambda: self.answers(port))
        self.assertEqual(self.end(process), 0)


class Units(unittest.TestCase):
    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd is not installed")
    def test_systemd_takes_the_units(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="securityd-units-"))
        self.addCleanup(shutil.rmtree, folder)
        for template in UNITS.glob("*.in"):
            text = template.read_text().replace("@sbindir@", str(pathlib.Path(service.DIST) / "sbin"))
            self.assertNotRegex(text, r"@\w+dir@")
            (folder / template.name.removesuffix(".in")).write_text(text)
        names = sorted(each.name for each in folder.iterdir())
        self.assertEqual(names, ["securityd.service", "securityd.socket"])
        checked = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", *(folder / name for name in names)], capture_output=True, text=True)
        said = [line for line in checked.stderr.splitlines() if "securityd" in line]
        self.assertEqual(said, [], checked.stderr)
