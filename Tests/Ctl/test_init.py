"""init: what it writes, what it refuses, what it leaves behind when it fails."""

import grp
import os
import re
import shutil
import sqlite3
import tempfile
import tomllib
import unittest

from harness import mode, run, unprivileged

VECTORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Vectors")


class Init(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="securityctl-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.config = os.path.join(self.folder, "etc", "security.toml")
        self.database = os.path.join(self.folder, "lib", "users.db")

    def init(self, *options):
        return run("init", "--config", self.config, "--database", self.database, *options)

    def made(self, *options):
        result = self.init(*options)
        self.assertEqual(result.status, 0, result.err)
        return result

    def values(self):
        with open(self.config, "rb") as file:
            return tomllib.load(file)

    def left(self):
        return sorted(os.path.join(place, name)[len(self.folder) + 1:]
                      for place, folders, files in os.walk(self.folder) for name in folders + files)

    def test_a_configuration_and_a_database_for_the_caller_alone(self):
        result = self.made()
        self.assertIn(f"Made {self.config}, mode 600\n", result.out)
        self.assertIn("users create", result.out)
        modes = [mode(path) for path in (os.path.dirname(self.config), self.config, os.path.dirname(self.database),
                                         self.database)]
        self.assertEqual(modes, [0o700, 0o600, 0o700, 0o600])
        self.assertEqual(run("config", "check", self.config).out, f"{self.config} is valid.\n")
        self.assertEqual(run("--config", self.config, "check").status, 0)
        self.assertEqual(self.left(), ["etc", "etc/security.toml", "lib", "lib/users.db"])

    def test_the_umask_changes_nothing(self):
        for umask in (0o000, 0o777):
            old = os.umask(umask)
            try:
                self.made()
            finally:
                os.umask(old)
            self.assertEqual((mode(self.config), mode(self.database)), (0o600, 0o600))
            shutil.rmtree(os.path.join(self.folder, "etc"))
            shutil.rmtree(os.path.join(self.folder, "lib"))

    def test_every_value_has_a_reason_and_is_honoured(self):
        self.made()
        with open(self.config, encoding="utf-8") as file:
            lines = file.read().splitlines()
        for number, line in enumerate(lines):
            if re.match(r"[A-Z]", line):
                self.assertTrue(lines[number - 1].startswith("# "), line)
        honoured = {key["key"] for key in run("config", "keys", "--honoured", "--json").json}
        self.assertLessEqual(set(self.values()), honoured)

    def test_the_values_are_the_better_ones(self):
        self.made("--issuer", "Example & S\u00f6hne")
        values = self.values()
        expected = {
            "SQLALCHEMY_DATABASE_URI": "sqlite:///" + self.database, "SECURITY_PASSWORD_HASH": "argon2",
            "SECURITY_PASSWORD_LENGTH_MIN": 15, "SECURITY_TWO_FACTOR": True, "SECURITY_TWO_FACTOR_REQUIRED": False,
            "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30, "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
            "SECURITY_TOTP_ISSUER": "Example & S\u00f6hne", "LIBSECURITY_FRESHNESS": "15 minutes",
        }
        self.assertEqual({key: values[key] for key in expected}, expected)
        self.assertNotIn("plaintext", values["SECURITY_PASSWORD_SCHEMES"])

    def test_eight_characters_are_enough_where_two_factors_are_required(self):
        self.made("--require-two-factor")
        values = self.values()
        self.assertEqual((values["SECURITY_TWO_FACTOR_REQUIRED"], values["SECURITY_PASSWORD_LENGTH_MIN"]), (True, 8))

    def test_secrets_are_fresh(self):
        found = set()
        for name in ("a", "b"):
            self.config = os.path.join(self.folder, name, "security.toml")
            self.database = os.path.join(self.folder, name, "users.db")
            self.made()
            values = self.values()
            found |= {values["SECRET_KEY"], values["SECURITY_PASSWORD_SALT"], values["SECURITY_TOTP_SECRETS"]["1"]}
        self.assertEqual(len(found), 6)
        for secret in found:
            self.assertRegex(secret, r"^[0-9a-f]{64}$")

    def test_tables_are_flask_securitys_to_the_byte(self):
        self.made()
        statement = ("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'lsec_%'"
                     " OR name = 'ix_web_authn_credential_id' ORDER BY name")
        with sqlite3.connect(self.database) as ours, sqlite3.connect(os.path.join(VECTORS, "sample.db")) as theirs:
            self.assertEqual(ours.execute(statement).fetchall(), theirs.execute(statement).fetchall())
            self.assertEqual(ours.execute("PRAGMA journal_mode").fetchone(), ("wal",))
            indexes = ours.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '%lower(%'")
            self.assertTrue(indexes.fetchall())

    def test_nothing_is_overwritten(self):
        self.made()
        with open(self.config, encoding="utf-8") as file:
            text = file.read()
        result = self.init()
        self.assertEqual(result.status, 1)
        self.assertIn(f"{self.config} exists and is not overwritten", result.err)
        with open(self.config, encoding="utf-8") as file:
            self.assertEqual(file.read(), text)
        os.unlink(self.config)
        result = self.init()
        self.assertEqual(result.status, 1)
        self.assertIn(f"{self.database} exists and is not overwritten", result.err)
        self.assertFalse(os.path.exists(self.config))

    def test_a_link_that_leads_nowhere_is_not_followed(self):
        os.mkdir(os.path.dirname(self.config))
        elsewhere = os.path.join(self.folder, "elsewhere")
        os.symlink(elsewhere, self.config)
        self.assertEqual(self.init().status, 1)
        self.assertFalse(os.path.exists(elsewhere))

    def test_a_failure_leaves_nothing_behind(self):
        with open(os.path.join(self.folder, "lib"), "w", encoding="utf-8"):
            pass
        result = self.init()
        self.assertIn(result.status, (1, 4))
        self.assertIn("lib", result.err)
        self.assertEqual(self.left(), ["lib"])
        self.database = os.path.join(self.folder, "no", "such", "users.db")
        result = self.init()
        self.assertEqual(result.status, 1)
        self.assertIn("cannot be made: No such file or directory", result.err)
        self.assertEqual(self.left(), ["lib"])

    def test_the_database_alone_is_made_for_an_existing_configuration(self):
        self.made()
        os.unlink(self.database)
        result = self.init("--database-only")
        self.assertEqual(result.status, 0, result.err)
        self.assertEqual(result.out, f"Made {self.database}, mode 600\n")
        self.assertEqual(self.init("--database-only").status, 1)
        os.unlink(self.config)
        self.assertEqual(self.init("--database-only").status, 3)

    def test_arguments_that_cannot_be_written_are_refused(self):
        rows = [(["--database", "/tmp/a?b"], 2, "--database takes"), (["--database", "/tmp/a b"], 2, "--database takes"),
                (["--issuer", "a:b"], 2, "--issuer takes no colon"), (["--issuer", 'a"b'], 2, "--issuer"),
                (["--issuer", "a\nb"], 2, "--issuer"), (["--group", "no-such-group"], 1, "groupadd")]
        for options, status, text in rows:
            with self.subTest(options):
                result = self.init(*options)
                self.assertEqual(result.status, status)
                self.assertIn(text, result.err)
                self.assertEqual(self.left(), [])

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_a_group_shares_what_root_owns(self):
        group = grp.getgrgid(1)
        self.made("--group", group.gr_name)
        rows = [(os.path.dirname(self.config), 0o750), (self.config, 0o640), (os.path.dirname(self.database), 0o2770),
                (self.database, 0o660)]
        for path, expected in rows:
            facts = os.stat(path)
            self.assertEqual((mode(path), facts.st_uid, facts.st_gid), (expected, 0, group.gr_gid), path)
        self.assertEqual(run("--config", self.config, "check").status, 0)

    def test_only_root_shares_with_a_group(self):
        options, user, group = unprivileged()
        os.chown(self.folder, user, group)
        arguments = ["init", "--config", self.config, "--database", self.database]
        result = run(*arguments, "--group", grp.getgrgid(group).gr_name, **options)
        self.assertEqual(result.status, 1)
        self.assertIn("needs root", result.err)
        self.assertEqual(self.left(), [])
        self.assertEqual(run(*arguments, **options).status, 0)
        self.assertEqual(run("--config", self.config, "check", **options).status, 0)
