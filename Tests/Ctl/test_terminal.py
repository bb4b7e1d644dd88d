"""The hidden prompt on a pseudo-terminal: nothing is shown, and echo comes back whatever ends it."""

import os
import pty
import re
import select
import signal
import termios

import harness
from harness import PASSWORD, SiteTest, totp, unpad

DEADLINE = 30


class Session:
    """securityctl on a terminal of its own."""

    def __init__(self, *arguments, job_control=False):
        self.output = b""
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            command = [harness.BINARY, *arguments]
            if job_control:
                run_as_job(command)
            os.execv(command[0], command)

    def read(self):
        ready, _, _ = select.select([self.terminal], [], [], DEADLINE)
        if not ready:
            raise AssertionError(f"nothing more was said after {self.output!r}")
        try:
            data = os.read(self.terminal, 4096)
        except OSError:
            data = b""
        self.output += data
        return data

    def wait_for(self, text):
        """What was said up to and with a text."""
        while text not in self.output:
            if not self.read():
                raise AssertionError(f"{text!r} was not said, but {self.output!r}")
        end = self.output.index(text) + len(text)
        said, self.output = self.output[:end], self.output[end:]
        return said

    def type(self, text):
        os.write(self.terminal, text)

    @property
    def has_echo(self):
        return bool(termios.tcgetattr(self.terminal)[3] & termios.ECHO)

    def finish(self):
        """What was said up to the end; how it ended; whether echo is on."""
        while self.read():
            pass
        _, status = os.waitpid(self.pid, 0)
        return self.output.decode(), os.waitstatus_to_exitcode(status)


def run_as_job(command):
    """Runs a command as an interactive shell does, and starts it again when it was stopped."""
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        os.tcsetpgrp(0, os.getpgrp())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.execv(command[0], command)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    while True:
        _, status = os.waitpid(job, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            os._exit(os.waitstatus_to_exitcode(status) & 255)
        echo = "on" if termios.tcgetattr(0)[3] & termios.ECHO else "off"
        os.write(1, f"stopped, echo {echo}\r\n".encode())
        os.kill(job, signal.SIGCONT)


class HiddenPrompt(SiteTest):
    def start(self, *arguments, **options):
        session = Session("--config", self.config, *arguments, **options)
        self.addCleanup(os.close, session.terminal)
        return session

    def asked(self, **options):
        session = self.start("users", "create", "ann@example.org", **options)
        session.wait_for(b"Password: ")
        self.assertFalse(session.has_echo)
        return session

    def test_nothing_that_is_typed_is_shown(self):
        session = self.asked()
        session.type(PASSWORD.encode() + b"\n")
        session.wait_for(b"Repeat for confirmation: ")
        self.assertFalse(session.has_echo)
        session.type(PASSWORD.encode() + b"\n")
        output, status = session.finish()
        self.assertEqual(status, 0, output)
        self.assertNotIn(PASSWORD, output)
        self.assertEqual(self.succeed("users", "show", "ann@example.org", "--json").json["has_password"], True)

    def test_two_different_entries_change_nothing(self):
        session = self.asked()
        session.type(b"correct horse battery\n")
        session.wait_for(b"Repeat for confirmation: ")
        session.type(b"correct horse batterx\n")
        output, status = session.finish()
        self.assertEqual(status, 1)
        self.assertIn("the two entered values do not match", output)
        self.assertEqual(self.rows("SELECT * FROM user"), [])

    def test_ctrl_d_ends_it_without_a_change(self):
        session = self.asked()
        session.type(b"\x04")
        output, status = session.finish()
        self.assertEqual(status, 1)
        self.assertIn("no password was given", output)

    def test_ctrl_c_ends_it_and_echo_is_back(self):
        for repetition in (False, True):
            session = self.asked()
            if repetition:
                session.type(PASSWORD.encode() + b"\n")
                session.wait_for(b"Repeat for confirmation: ")
            session.type(b"half a passw\x03")
            self.assert_ended(session, signal.SIGINT)

    def test_a_signal_from_elsewhere_ends_it_and_echo_is_back(self):
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            with self.subTest(number):
                session = self.asked()
                os.kill(session.pid, number)
                self.assert_ended(session, number)

    def assert_ended(self, session, number):
        while session.read() and not session.has_echo:
            pass
        self.assertTrue(session.has_echo)
        output, status = session.finish()
        self.assertEqual(status, -number, output)
        self.assertNotIn("passw", output)
        self.assertEqual(self.rows("SELECT * FROM user"), [])

    def test_stopped_it_gives_echo_back_and_asks_again(self):
        session = self.asked(job_control=True)
        session.type(b"\x1a")
        self.assertIn(b"stopped, echo on", session.wait_for(b"Password: "))
        self.assertFalse(session.has_echo)
        session.type(PASSWORD.encode() + b"\n")
        session.wait_for(b"Repeat for confirmation: ")
        session.type(PASSWORD.encode() + b"\n")
        output, status = session.finish()
        self.assertEqual(status, 0, output)


class Dialogues(SiteTest):
    def setUp(self):
        super().setUp()
        self.create("ann@example.org")

    def start(self, *arguments):
        session = Session("--config", self.config, *arguments)
        self.addCleanup(os.close, session.terminal)
        return session

    def test_enrolment_draws_black_on_white_and_asks_for_the_first_code(self):
        session = self.start("users", "totp", "enrol", "ann@example.org")
        said = session.wait_for(b"Code from the app: ").decode()
        lines = [line for line in said.splitlines() if line.startswith("\x1b")]
        self.assertGreater(len(lines), 20)
        self.assertTrue(all(re.match("\x1b\\[38;5;16;48;5;231m[ \u2580\u2584\u2588]+\x1b\\[0m$", line) for line in lines))
        key = unpad(re.search("secret=([A-Z2-7]+)", said).group(1))
        session.type(b"000000\n")
        session.wait_for(b"Code from the app: ")
        session.type(totp(key).encode() + b"\n")
        output, status = session.finish()
        self.assertEqual(status, 0, output)
        self.assertIsNotNone(self.user("ann@example.org")["tf_totp_secret"])

    def test_interrupted_enrolment_stores_nothing(self):
        session = self.start("users", "totp", "enrol", "ann@example.org", "--no-qr")
        session.wait_for(b"Code from the app: ")
        session.type(b"\x03")
        self.assertEqual(session.finish()[1], -signal.SIGINT)
        self.assertIsNone(self.user("ann@example.org")["tf_totp_secret"])

    def test_deletion_takes_nothing_but_y(self):
        for answer, status, left in ((b"\n", 1, 1), (b"n\n", 1, 1), (b"yikes\n", 1, 1), (b"y\n", 0, 0)):
            session = self.start("users", "delete", "ann@example.org")
            session.wait_for(b"Delete ann@example.org")
            session.type(answer)
            output, actual = session.finish()
            self.assertEqual(actual, status, output)
            self.assertEqual(len(self.rows("SELECT * FROM user")), left)

    def test_standard_input_must_not_be_a_terminal_for_a_piped_password(self):
        session = self.start("users", "set-password", "ann@example.org", "--password-stdin")
        output, status = session.finish()
        self.assertEqual(status, 1)
        self.assertIn("not a terminal", output)
