"""Help, exit statuses, where --config may stand, and outputs that cannot be written."""

import os
import subprocess

import harness
from harness import SiteTest, run


class Usage(SiteTest):
    def test_help_names_commands_and_exit_statuses(self):
        text = run("--help").out
        for word in ("init", "config", "check", "users", "roles", "EXIT STATUS", "--config"):
            self.assertIn(word, text)
        for status in range(6):
            self.assertRegex(text, rf"(?m)^ +{status}  ")

    def test_every_command_has_help(self):
        commands = {
            (): ["init", "config", "check", "users", "roles", "breached"],
            ("breached",): ["check", "build", "info"],
            ("config",): ["check", "show", "keys"],
            ("users",): ["create", "list", "show", "activate", "deactivate", "confirm", "set-password", "reset-access",
                         "unlock", "delete", "totp", "recovery-codes"],
            ("users", "totp"): ["enrol", "remove"],
            ("roles",): ["create", "list", "add", "remove", "add-permissions", "remove-permissions"],
        }
        for group, names in commands.items():
            overview = run(*group, "--help")
            self.assertEqual(overview.status, 0)
            for name in names:
                self.assertRegex(overview.out, rf"(?m)^  {name}\b")
                help_text = run(*group, name, "--help")
                self.assertEqual(help_text.status, 0)
                self.assertIn("USAGE: securityctl " + " ".join([*group, name]), help_text.out)

    def test_the_version_is_told(self):
        self.assertRegex(run("--version").out, r"^securityctl \d+\.\d+\.\d+\n$")

    def test_wrong_command_lines_end_with_2_and_touch_nothing(self):
        rows = [["nonsense"], ["users", "nonsense"], ["users", "show"], ["users", "show", "a", "b"], ["--nonsense"],
                ["users", "activate", "a", "--json"], ["config", "check", "a", "b"], ["--config"]]
        for arguments in rows:
            with self.subTest(arguments):
                result = run(*arguments)
                self.assertEqual((result.status, result.out), (2, ""))
                self.assertIn("Usage: securityctl", result.err)

    def test_the_configuration_may_be_named_anywhere(self):
        for arguments in (["--config", self.config, "users", "list"], ["users", "--config", self.config, "list"],
                          ["users", "list", "--config", self.config], ["users", "list", f"--config={self.config}"]):
            with self.subTest(arguments):
                self.assertEqual(run(*arguments).status, 0)

    def test_a_relative_configuration_is_found(self):
        process = subprocess.run([harness.BINARY, "--config", "security.toml", "users", "list"], cwd=self.folder,
                                 capture_output=True, check=False)
        self.assertEqual(process.returncode, 0, process.stderr)

    def test_a_full_disk_under_the_output_is_a_failure(self):
        for command in (["users", "list"], ["users", "list", "--json"], ["config", "keys"], ["config", "check"],
                        ["check"]):
            with self.subTest(command), open("/dev/full", "w", encoding="utf-8") as full:
                process = subprocess.run([harness.BINARY, "--config", self.config, *command], stdout=full,
                                         stderr=subprocess.PIPE, check=False)
                self.assertEqual(process.returncode, 1)
                self.assertIn(b"standard output cannot be written", process.stderr)

    def test_an_enrolment_that_nobody_could_see_is_not_stored(self):
        self.create("ann@example.org")
        with open("/dev/full", "w", encoding="utf-8") as full:
            process = subprocess.run(
                [harness.BINARY, "--config", self.config, "users", "totp", "enrol", "ann@example.org", "--no-verify"],
                stdout=full, stderr=subprocess.PIPE, check=False)
        self.assertEqual(process.returncode, 1)
        self.assertIsNone(self.user("ann@example.org")["tf_totp_secret"])

    def test_closed_standard_descriptors_do_no_harm(self):
        before = os.stat(self.database).st_size
        for closing in ("0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-"):
            with self.subTest(closing):
                subprocess.run(["sh", "-c", f'exec "$0" --config "$1" users list {closing}', harness.BINARY, self.config],
                               check=False, capture_output=True, timeout=60)
                self.assertEqual(os.stat(self.database).st_size, before)
                self.assertEqual(self.rows("PRAGMA integrity_check"), [{"integrity_check": "ok"}])
