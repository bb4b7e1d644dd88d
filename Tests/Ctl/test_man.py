"""The man pages say what the program says."""

import os
import re
import subprocess
import unittest

import harness
from harness import run

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
PAGES = os.path.join(ROOT, "docs", "man")


def help_texts(*group):
    """The help of a command and of all its subcommands."""
    text = run(*group, "--help").out
    yield group, text
    commands = text[text.index("SUBCOMMANDS:"):] if "SUBCOMMANDS:" in text else ""
    for name in re.findall(r"(?m)^  ([a-z-]+)\b", commands):
        yield from help_texts(*group, name)


class ManPages(unittest.TestCase):
    def test_the_list_of_keys_is_the_programs(self):
        process = subprocess.run([os.path.join(ROOT, "Scripts", "man-keys.py"), harness.BINARY, "--check"],
                                 capture_output=True, text=True, check=False)
        self.assertEqual(process.returncode, 0, process.stderr)

    def test_mandoc_has_nothing_to_say(self):
        for page in sorted(os.listdir(PAGES)):
            process = subprocess.run(["mandoc", "-Tlint", os.path.join(PAGES, page)], capture_output=True, text=True,
                                     check=False)
            remarks = [line for line in process.stdout.splitlines() if "referenced manual not found" not in line]
            self.assertEqual(remarks, [])

    def test_every_command_and_option_is_in_the_manual(self):
        with open(os.path.join(PAGES, "securityctl.8"), encoding="utf-8") as file:
            page = file.read()
        options = set()
        for group, text in help_texts():
            for name in group:
                self.assertRegex(page, rf"\b{name}\b", group)
            options |= set(re.findall(r"(?m)^  (?:-[a-z], )?--([a-z-]+)", text))
        self.assertGreater(len(options), 15)
        documented = set(re.findall(r"Fl -([a-z-]+)", page))
        self.assertEqual(options - documented, {"version"})
        self.assertEqual(documented - options, set())

    def test_exit_statuses_are_in_the_manual(self):
        with open(os.path.join(PAGES, "securityctl.8"), encoding="utf-8") as file:
            section = file.read().split(".Sh EXIT STATUS")[1].split(".Sh")[0]
        self.assertEqual(re.findall(r"(?m)^\.It (\d)", section), ["0", "1", "2", "3", "4", "5"])
