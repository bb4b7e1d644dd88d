"""breached check, build and info: lists and filters in files, and the range API on loopback."""

import hashlib
import os
import subprocess
import sys

import harness
from harness import SiteTest, run

SERVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "SecurityNetworkTests", "range_server.py")


def lines(passwords):
    """The published list of some passwords with their counts."""
    rows = sorted(f"{hashlib.sha1(one.encode()).hexdigest().upper()}:{count}\r\n" for one, count in passwords.items())
    return "".join(rows)


class Breached(SiteTest):
    def setUp(self):
        super().setUp()
        self.list = os.path.join(self.folder, "list.txt")
        self.filter = os.path.join(self.folder, "filter")
        self.write({f"password {number}": number % 50 + 1 for number in range(3000)})

    def write(self, passwords):
        with open(self.list, "w", encoding="ascii", newline="") as file:
            file.write(lines(passwords))
        os.chmod(self.list, 0o644)

    def check(self, password, *arguments):
        return self.ctl("breached", "check", "--password-stdin", *arguments, stdin=password.encode())

    def serve(self):
        """A range API of its own; it ends with the test."""
        server = subprocess.Popen([sys.executable, SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.wait)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.stdin.close)
        return f"http://127.0.0.1:{server.stdout.readline().strip()}"

    def test_a_list_says_how_often(self):
        self.configure(LIBSECURITY_BREACHED_FILE='"list.txt"')
        known = self.check("password 7")
        self.assertEqual((known.status, known.out), (1, f"Found 8 times in {self.list}.\n"))
        self.assertIn("known from breaches", known.err)
        other = self.check("password 3000")
        self.assertEqual((other.status, other.out, other.err), (0, f"Not found in {self.list}.\n", ""))

    def test_the_count_of_the_policy_decides(self):
        self.configure(LIBSECURITY_BREACHED_FILE='"list.txt"', SECURITY_PASSWORD_BREACHED_COUNT="9")
        self.assertIn("SECURITY_PASSWORD_BREACHED_COUNT is 9", self.check("password 7").out)
        self.assertEqual([self.check(f"password {number}").status for number in (7, 8, 9)], [0, 1, 1])
        self.assertEqual(self.check("password 7", "--json").json,
                         {"found": True, "count": 8, "refused": False, "source": self.list})

    def test_a_password_is_normalised_as_the_policy_says(self):
        self.write({"ﬁle": 5, "file": 3})
        counts = {}
        for form in ('"NFC"', '"NFKD"', '""'):
            self.configure(LIBSECURITY_BREACHED_FILE='"list.txt"', SECURITY_PASSWORD_NORMALIZE_FORM=form)
            counts[form] = self.check("ﬁle", "--json").json["count"]
        self.assertEqual(counts, {'"NFC"': 5, '"NFKD"': 3, '""': 5})

    def test_a_filter_is_made_and_asked(self):
        made = self.succeed("breached", "build", self.list, self.filter, "--min-count", "41", "--json").json
        self.assertEqual((made["kind"], made["hashes"], made["minimum_count"]), ("filter", 600, 41))
        self.assertGreaterEqual(made["false_positive_interval"], 1024)
        self.assertEqual(harness.mode(self.filter), 0o644)
        self.assertEqual(self.succeed("breached", "info", "--verify", self.filter, "--json").json, made)
        self.configure(LIBSECURITY_BREACHED_FILE=f'"{self.filter}"', SECURITY_PASSWORD_BREACHED_COUNT="41")
        known = self.check("password 40")
        self.assertEqual((known.status, known.out), (1, f"Found 41 times or more in {self.filter}.\n"))
        wrong = sum(self.check(f"password {number}").status for number in range(20))
        self.assertLess(wrong, 3)
        self.configure(LIBSECURITY_BREACHED_FILE=f'"{self.filter}"')
        refused = self.check("password 40")
        self.assertEqual(refused.status, 5)
        self.assertIn("--min-count 1", refused.err)

    def test_a_file_needs_no_configuration(self):
        for arguments in ([self.list], [self.filter]):
            if arguments == [self.filter]:
                self.succeed("breached", "build", self.list, self.filter, "--min-count", "3")
            check = ["--config", "/nonexistent", "breached", "check", "--password-stdin", "--file", *arguments]
            self.assertEqual(run(*check, stdin=b"password 9").status, 1)
            self.assertEqual(run(*check, stdin=b"nobody chose this").status, 0)

    def test_config_check_opens_the_file(self):
        self.configure(LIBSECURITY_BREACHED_FILE='"list.txt"', SECURITY_PASSWORD_CHECK_BREACHED='"strict"')
        self.assertNotIn("BREACHED", self.succeed("config", "check").out)
        self.configure(LIBSECURITY_BREACHED_FILE='"other.txt"', SECURITY_PASSWORD_CHECK_BREACHED='"strict"')
        self.assertIn("LIBSECURITY_BREACHED_FILE: " + os.path.join(self.folder, "other.txt") + ": there is no such file",
                      self.succeed("config", "check").out)

    def test_info_counts_a_list(self):
        about = self.succeed("breached", "info", self.list).out
        self.assertRegex(about, rf"list.txt: a list of about (2999|3000|3001) hashes, {os.path.getsize(self.list)} bytes")
        exact = self.succeed("breached", "info", self.list, "--verify", "--json").json
        self.assertEqual((exact["kind"], exact["hashes"], exact["exact"]), ("list", 3000, True))

    def test_the_service_is_asked_where_there_is_no_file(self):
        base = self.serve()
        self.configure(LIBSECURITY_BREACHED_URL=f'"{base}/range/"')
        self.assertEqual(self.check("password 7").out, f"Found 8 times in {base}/range/.\n")
        self.assertEqual(self.check("password 1000").status, 0)

    def test_nobody_can_tell_is_a_status_of_its_own(self):
        base = self.serve()
        rows = {"missing": "HTTP status 404", "busy": "HTTP status 429", "page": "something else than a range",
                "huge": "more than a range", "moved": "HTTP status 302"}
        for behaviour, words in rows.items():
            with self.subTest(behaviour):
                self.configure(LIBSECURITY_BREACHED_URL=f'"{base}/{behaviour}/"')
                result = self.check("password 7")
                self.assertEqual((result.status, result.out), (5, ""))
                self.assertIn(words, result.err)
        self.configure(LIBSECURITY_BREACHED_URL='"http://127.0.0.1:1/"')
        self.assertEqual(self.check("password 7").status, 5)

    def test_a_file_that_is_none_is_said_plainly(self):
        with open(os.path.join(self.folder, "text"), "w", encoding="ascii") as file:
            file.write("password\n" * 1000)
        with open(self.list, "a", encoding="ascii") as file:
            file.write(lines({"another": 1}))
        os.chmod(self.list, 0o666)
        rows = [("text", "is no list"), ("nothing", "no such file"), (".", "not a regular file"),
                ("list.txt", "chmod go-w")]
        for name, words in rows:
            with self.subTest(name):
                result = self.check("password 7", "--file", os.path.join(self.folder, name))
                self.assertEqual(result.status, 5)
                self.assertIn(words, result.err)
        os.chmod(self.list, 0o644)
        self.fail_with(1, "not ordered by hash", "breached", "build", self.list, self.filter)
        self.fail_with(1, "not ordered by hash", "breached", "info", self.list, "--verify")
        self.assertFalse([name for name in os.listdir(self.folder) if name.startswith("filter")])

    def test_a_target_that_cannot_be_made_is_an_error(self):
        self.fail_with(1, "cannot be written", "breached", "build", self.list, "/nonexistent/filter")

    def test_arguments_that_are_wrong_are_usage_errors(self):
        for arguments in (["build", self.list], ["build", self.list, self.filter, "--min-count", "0"],
                          ["build", self.list, self.filter, "--false-positive-bits", "25"], ["info"]):
            self.assertEqual(self.ctl("breached", *arguments).status, 2)
