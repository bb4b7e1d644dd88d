"""securityd against Flask-Security under gunicorn with two workers: service.py DIST PYTHON [SECONDS].

PYTHON is that of Tests/Interop/venv.sh 5.0.2. Both read one configuration and one database; the load is wrk's, with eight
connections, on this machine too. CPU is that of the server alone, user and system, for each request. Passwords are hashed by one
round of PBKDF2 but where it says so: the rest of a sign-in is compared, as the hash costs the same everywhere.
"""

import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
TREE = HERE.parent
GUNICORN = "gunicorn==23.0.0"
PASSWORD = "correct horse battery staple"
TICK = 1000 / os.sysconf("SC_CLK_TCK")

CONFIG = """
SECRET_KEY = "0123456789abcdef0123456789abcdef0123456789abcdef"
SECURITY_PASSWORD_SALT = "benchmark-salt"
SQLALCHEMY_DATABASE_URI = "sqlite:///{database}"
SQLALCHEMY_TRACK_MODIFICATIONS = false
SECURITY_PASSWORD_HASH = "{scheme}"
SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS = {{ {scheme}__rounds = {rounds} }}
SECURITY_TOTP_SECRETS = {{ 1 = "TjQ9Qa31VOrfEzuPy4VHQWPCTmRzCnFzMKLxXYiZu9B" }}
SECURITY_TOTP_ISSUER = "bench"
WTF_CSRF_ENABLED = false
LIBSECURITY_PROXY_FIX = {{ trusted = ["127.0.0.1"] }}
[[LIBSECURITY_PROTECTED]]
path = "/private"
mechanisms = ["session", "token"]
content = "bench@example.org"
plain = true
"""

POST = """
wrk.method = "POST"
wrk.body = "email=bench%40example.org&password={password}"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
"""


class Server:
    """A server of its own process group on a port of loopback."""

    def __init__(self, name, command, port, **environment):
        self.name, self.port = name, port
        self.process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True)
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=5).close()
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"{name} does not answer")

    def processes(self):
        """The process and its children."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def milliseconds(self):
        """Processor time so far."""
        total = 0
        for number in self.processes():
            fields = pathlib.Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total * TICK

    def megabytes(self):
        """Memory: what its processes share is counted once."""
        kibibytes = sum(
            int(re.search(r"^Pss:\s+(\d+)", pathlib.Path(f"/proc/{number}/smaps_rollup").read_text(), re.M).group(1))
            for number in self.processes())
        return kibibytes / 1024

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(120)


class Load:
    """One run of wrk."""

    def __init__(self, server, path, seconds, script=None, headers=(), connections=8):
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", f"http://127.0.0.1:{server.port}{path}"]
        if script:
            command[1:1] = ["-s", str(script)]
        for header in headers:
            command[1:1] = ["-H", header]
        before = server.milliseconds()
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        spent = server.milliseconds() - before
        self.requests = int(re.search(r"(\d+) requests in", text).group(1))
        self.rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))
        number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", text).groups()
        self.p99 = float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
        self.cpu = spent / max(1, self.requests)
        self.failed = int((re.search(r"Non-2xx or 3xx responses: (\d+)", text) or [0, 0])[1])


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Bench:
    def __init__(self, dist, python, seconds, work):
        self.dist, self.python, self.seconds, self.work = dist, python, seconds, work
        self.post = work / "post.lua"
        self.post.write_text(POST.format(password=PASSWORD.replace(" ", "+")))
        packages = TREE / ".build-venv" / "gunicorn"
        if not packages.exists():
            subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", packages,
                            GUNICORN], check=True)
        self.packages = packages

    def site(self, name, scheme="pbkdf2_sha256", rounds=1, accounts=1000):
        """A configuration and its database, with one account that signs in and others beside it."""
        config, database = self.work / f"{name}.toml", self.work / f"{name}.db"
        config.write_text(CONFIG.format(database=database, scheme=scheme, rounds=rounds))
        config.chmod(0o600)
        connection = sqlite3.connect(database)
        connection.executescript("PRAGMA journal_mode=WAL;" + (TREE / "Tests/Vectors/ddl/fsqla_v3-sqlite.sql").read_text())
        connection.execute("CREATE INDEX IF NOT EXISTS lsec_user_lower_email ON user (lower(email))")
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO user (email, active, "
            "fs_uniquifier, fs_webauthn_user_handle) SELECT 'user' || i || '@example.org', 1, printf('%032x', i), "
            "printf('%032x', i) FROM n", (accounts,))
        connection.commit()
        connection.close()
        subprocess.run([self.dist / "bin/securityctl", "users", "create", "bench@example.org", "--active",
                        "--password-stdin", "--config", config], input=PASSWORD, text=True, check=True, capture_output=True)
        return config

    def ours(self, config):
        port = free_port()
        return Server("securityd", [self.dist / "sbin/securityd", "--config", config, "--listen", f"127.0.0.1:{port}",
                                    "--log-level", "notice"], port)

    def theirs(self, config):
        port = free_port()
        paths = [str(self.packages), str(TREE / "Tests/Interop")]
        return Server("Flask-Security", [self.python, "-m", "gunicorn", "-w", "2", "-b", f"127.0.0.1:{port}",
                                         "fs_app:from_environment()"],
                      port, PYTHONPATH=":".join(paths), LAB_CONFIG=str(config), LAB_MODEL="fsqla_v3")

    def token(self, server):
        request = urllib.request.Request(
            f"http://127.0.0.1:{server.port}/login?include_auth_token",
            json.dumps({"email": "bench@example.org", "password": PASSWORD}).encode(),
            {"Content-Type": "application/json", "Accept": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["response"]["user"]["authentication_token"]

    def compare(self):
        """Each endpoint here and there."""
        config = self.site("small")
        pair = [self.ours(config), self.theirs(config)]
        idle = [server.megabytes() for server in pair]
        tokens = [self.token(server) for server in pair]
        rows = [("GET /login", "/login", None, False), ("POST /login", "/login", self.post, False),
                ("GET with a token", "/private", None, True)]
        print(f"{'8 connections':26}{'':>16}{'requests/s':>12}{'p99 ms':>9}{'CPU ms':>9}")
        ours = {}
        for name, path, script, has_token in rows:
            loads = []
            for server, token in zip(pair, tokens):
                headers = [f"Authentication-Token: {token}"] if has_token else []
                loads.append(self.measure(name, server, Load(server, path, self.seconds, script, headers)))
            self.ratio(*loads)
            ours[name] = loads[1]
        headers = [f"Authentication-Token: {tokens[0]}", "X-Forwarded-Method: GET", "X-Forwarded-Uri: /private"]
        asked = self.measure("/authz with a token", pair[0], Load(pair[0], "/authz", self.seconds, None, headers))
        self.ratio(asked, ours["GET with a token"], "against GET with a token there")
        print(f"\n{'memory, MiB':26}{'':>16}{'idle':>12}{'loaded':>9}")
        for server, before in zip(pair, idle):
            print(f"{'':26}{server.name:>16}{before:12.1f}{server.megabytes():9.1f}")
        for server in pair:
            server.end()

    def measure(self, name, server, load):
        note = f"   {load.failed} refused" if load.failed else ""
        print(f"{name:26}{server.name:>16}{load.rate:12.0f}{load.p99:9.2f}{load.cpu:9.3f}{note}", flush=True)
        return load

    @staticmethod
    def ratio(ours, theirs, note=""):
        print(f"{'':26}{'ratio':>16}{ours.rate / theirs.rate:12.1f}{ours.p99 / theirs.p99:9.2f}{ours.cpu / theirs.cpu:9.3f}  {note}")

    def beside_hashing(self):
        """GET /login while four clients sign in with bcrypt 12."""
        print(f"\n{'GET /login, 4 connections':42}{'requests/s':>12}{'p99 ms':>9}")
        server = self.ours(self.site("hashing", "bcrypt", 12))
        alone = Load(server, "/login", self.seconds, connections=4)
        print(f"{'alone':>42}{alone.rate:12.0f}{alone.p99:9.2f}")
        logins = subprocess.Popen(
            ["wrk", "-t1", "-c4", f"-d{self.seconds + 4}s", "-s", str(self.post), f"http://127.0.0.1:{server.port}/login"],
            stdout=subprocess.PIPE, text=True)
        time.sleep(2)
        beside = Load(server, "/login", self.seconds, connections=4)
        print(f"{'beside four bcrypt 12 logins':>42}{beside.rate:12.0f}{beside.p99:9.2f}")
        rate = re.search(r"Requests/sec:\s+([\d.]+)", logins.communicate()[0]).group(1)
        print(f"{'the logins':>42}{float(rate):12.1f}")
        server.end()

    def beside_refusals(self):
        """/authz on a connection of its own, while 900 others sign in again as soon as they are answered."""
        print(f"\n{'/authz, one connection':42}{'median ms':>12}{'p99 ms':>9}{'ratio':>8}")
        server = self.ours(self.site("refusals", "bcrypt", 12))
        # The generator has a core of its own, where there are two.
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(server.process.pid, set(cores[:1]))
        for task in os.listdir(f"/proc/{server.process.pid}/task"):
            os.sched_setaffinity(int(task), set(cores[:1]))
        headers = {"Authentication-Token": self.token(server), "X-Forwarded-Method": "GET", "X-Forwarded-Uri": "/private"}
        alone = self.probe(server, headers)
        print(f"{'alone':>42}{alone[0]:12.2f}{alone[1]:9.2f}{1:8.2f}", flush=True)
        logins = subprocess.Popen(
            ["taskset", "-c", str(cores[-1]), "wrk", "-t1", "-c900", f"-d{self.seconds + 6}s", "--timeout", "30s", "-s",
             str(self.post), f"http://127.0.0.1:{server.port}/login"], stdout=subprocess.PIPE, text=True)
        time.sleep(4)
        beside = self.probe(server, headers)
        print(f"{'beside 900 that sign in at once':>42}{beside[0]:12.2f}{beside[1]:9.2f}{beside[1] / alone[1]:8.2f}")
        text = logins.communicate()[0]
        refused = (re.search(r"Non-2xx or 3xx responses: (\d+)", text) or [0, 0])[1]
        print(f"{'refusals (503) a second':>42}{int(refused) / (self.seconds + 6):12.0f}")
        server.end()

    def probe(self, server, headers):
        """Median and p99 in milliseconds of requests for /authz, some 200 a second."""
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        times = []
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            began = time.perf_counter()
            connection.request("GET", "/authz", headers=headers)
            answer = connection.getresponse()
            answer.read()
            times.append((time.perf_counter() - began) * 1000)
            if answer.status != 200:
                raise SystemExit(f"/authz answers {answer.status}")
            time.sleep(0.005)
        times.sort()
        return times[len(times) // 2], times[len(times) * 99 // 100]

    def many_accounts(self):
        """A token's account among few and among many."""
        print(f"\n{'GET with a token, among':26}{'':>16}{'requests/s':>12}{'p99 ms':>9}{'CPU ms':>9}{'ratio':>8}")
        first = None
        for count in (1000, 10_000, 100_000, 1_000_000):
            server = self.ours(self.site(f"accounts-{count}", accounts=count))
            load = Load(server, "/private", self.seconds, None, [f"Authentication-Token: {self.token(server)}"])
            first = first or load.cpu
            print(f"{count:26,} accounts       {load.rate:12.0f}{load.p99:9.2f}{load.cpu:9.3f}{load.cpu / first:8.2f}", flush=True)
            server.end()


def main():
    dist, python = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    seconds = int(sys.argv[3]) if len(sys.argv) > 3 else 10
    work = pathlib.Path(tempfile.mkdtemp(prefix="http-bench-"))
    try:
        bench = Bench(dist, python, seconds, work)
        bench.compare()
        bench.beside_hashing()
        bench.beside_refusals()
        bench.many_accounts()
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
