"""Breached passwords: the range API and the published list give the verdicts that Flask-Security gives."""
import hashlib
import json
import pathlib
import subprocess
import sys

from case import both_releases
from coverage import covers

SERVER = pathlib.Path(__file__).resolve().parent.parent / "SecurityNetworkTests" / "range_server.py"
# Flask-Security's messages, and the status of `securityctl breached check` that means the same.
STATUSES = {None: 0, "Password on breached list": 1, "Failed to contact breached passwords site": 5}
PASSWORDS = ["password 0", "password 7", "password 49", "password 999", "password 1000", "padding", "ﬁligran", "비밀번호"]


@both_releases
class Breached:
    def setUp(self):
        super().setUp()
        server = subprocess.Popen([sys.executable, SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.wait)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.stdin.close)
        self.base = f"http://127.0.0.1:{server.stdout.readline().strip()}"

    def configure(self, mode, count=1, behaviour="range", **keys):
        self.service = f"{self.base}/{behaviour}/"
        self.start(SECURITY_PASSWORD_CHECK_BREACHED=mode, SECURITY_PASSWORD_BREACHED_COUNT=count,
                   LIBSECURITY_BREACHED_URL=self.service, **keys)

    def there_says(self, password):
        """The status that Flask-Security's verdict means, and its count."""
        answer = self.there.breached(password=password, service=self.service)
        (verdict,) = answer["verdict"] or [None]
        return STATUSES[verdict], answer["count"]

    def here_says(self, password, status):
        """The count of securityctl, which must end with a status."""
        out = self.here.ctl("breached", "check", "--password-stdin", "--json", stdin=password, status=status)
        return json.loads(out)["count"] if out else None

    @covers("breached passwords: range API", reads=True)
    def test_counts_and_verdicts_of_the_service_are_the_same(self):
        for count in (1, 8, 51):
            self.configure("strict", count)
            for password in PASSWORDS:
                with self.subTest(password=password, count=count):
                    status, found = self.there_says(password)
                    self.assertEqual(self.here_says(password, status), found)

    @covers("breached passwords: range API", reads=True)
    def test_answers_that_are_none_are_refused_by_both(self):
        for behaviour in ("missing", "busy", "broken", "cut", "empty", "page", "letters", "truncated"):
            with self.subTest(behaviour):
                self.configure("strict", behaviour=behaviour)
                self.assertEqual(self.there_says("password 7"), (5, None))
                self.assertIsNone(self.here_says("password 7", 5))

    @covers("breached passwords: list ordered by hash", reads=True)
    def test_the_list_in_a_file_gives_the_verdicts_of_the_service(self):
        file = self.folder / "list.txt"
        known = {f"password {number}": number % 50 + 1 for number in range(1000)}
        file.write_text("".join(sorted(f"{hashlib.sha1(one.encode()).hexdigest().upper()}:{count}\r\n"
                                       for one, count in known.items())), newline="")
        file.chmod(0o644)
        smaller = self.folder / "filter"
        for source in (file, smaller):
            self.configure("strict", 8, LIBSECURITY_BREACHED_FILE=str(source))
            if source == file:
                self.here.ctl("breached", "build", str(file), str(smaller), "--min-count", "8",
                              "--false-positive-bits", "20")
            for password in PASSWORDS:
                with self.subTest(password=password, source=source.name):
                    status, _ = self.there_says(password)
                    self.here_says(password, status)
