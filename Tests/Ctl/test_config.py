"""config check, show and keys; check; what a broken configuration or database does to every command."""

import os
import shutil
import sqlite3
import stat
import unittest

from harness import SALT, SETTINGS, TOTP_SECRET, SiteTest, run, unprivileged

SECRETS = [SETTINGS["SECRET_KEY"].strip('"'), SALT, TOTP_SECRET]


class Check(SiteTest):
    settings = {"SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": None}

    def test_a_valid_file_is_said_to_be_valid(self):
        self.assertEqual(run("config", "check", self.config).out, f"{self.config} is valid.\n")
        self.assertEqual(self.succeed("config", "check").out, f"{self.config} is valid.\n")

    def test_all_errors_are_told_at_once_with_their_lines(self):
        self.configure(SECRET_KEY=None, SECURITY_PASWORD_HASH='"bcrypt"', SECURITY_TWO_FACTOR='"yes"')
        result = self.ctl("config", "check")
        self.assertEqual(result.status, 3)
        lines = result.out.splitlines()
        text = open(self.config, encoding="utf-8").read().splitlines()
        for key in ("SECURITY_PASWORD_HASH", "SECURITY_TWO_FACTOR"):
            number = 1 + next(i for i, line in enumerate(text) if line.startswith(key + " "))
            self.assertTrue(any(line.startswith(f"{self.config}:{number}: error: ") for line in lines), result.out)
        self.assertIn("SECURITY_PASSWORD_HASH", result.out)
        self.assertTrue(any("SECRET_KEY" in line for line in lines))
        self.assertIn("is invalid", result.err)

    def test_json_tells_the_same(self):
        self.configure(SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=None, SECURITY_PASWORD_HASH='"bcrypt"')
        result = self.ctl("config", "check", "--json")
        self.assertEqual(result.status, 3)
        self.assertEqual((result.json["valid"], result.json["path"]), (False, self.config))
        (diagnostic,) = result.json["diagnostics"]
        self.assertEqual((diagnostic["severity"], diagnostic["key"]), ("error", "SECURITY_PASWORD_HASH"))
        self.assertIsInstance(diagnostic["line"], int)

    def test_warnings_leave_the_file_valid(self):
        self.configure(SECRET_KEY='"short"')
        result = self.succeed("config", "check")
        self.assertIn("warning:", result.out)
        self.assertIn("is valid; see the remarks above.", result.out)

    def test_no_secret_is_repeated(self):
        self.configure(SECRET_KEY=f"[{SETTINGS['SECRET_KEY']}]", SECURITY_PASSWORD_SALT=f"{{ a = '{SALT}' }}")
        for command in (["config", "check"], ["config", "check", "--json"], ["config", "show"], ["users", "list"]):
            result = self.ctl(*command)
            self.assertEqual(result.status, 3)
            for secret in SECRETS:
                self.assertNotIn(secret, result.out + result.err)


class Show(SiteTest):
    def test_values_come_with_their_origin_and_secrets_are_masked(self):
        text = self.succeed("config", "show").out
        self.assertIn('SECURITY_PASSWORD_HASH = "bcrypt"  # line 2\n', text)
        self.assertIn("SECURITY_PASSWORD_LENGTH_MIN = 8  # default\n", text)
        self.assertIn('SECRET_KEY = "***"', text)
        self.assertIn('SECURITY_TOTP_SECRETS = { 1 = "***" }', text)
        for secret in SECRETS:
            self.assertNotIn(secret, text)

    def test_json_tells_the_same(self):
        settings = {row["key"]: row for row in self.succeed("config", "show", self.config, "--json").json}
        self.assertEqual(
            settings["SECURITY_PASSWORD_HASH"],
            {"key": "SECURITY_PASSWORD_HASH", "value": '"bcrypt"', "origin": "file", "line": 2, "honoured": True})
        minimum = settings["SECURITY_PASSWORD_LENGTH_MIN"]
        self.assertEqual((minimum["value"], minimum["origin"], minimum["line"]), ("8", "default", None))

    def test_all_shows_what_is_not_honoured_too(self):
        some = self.succeed("config", "show", "--json").json
        everything = self.succeed("config", "show", "--all", "--json").json
        self.assertGreater(len(everything), 300)
        self.assertLess(len(some), len(everything) - 100)
        self.assertTrue(all(row["honoured"] or row["origin"] == "file" for row in some))

    def test_an_invalid_file_is_shown_with_its_errors(self):
        self.configure(SECURITY_TWO_FACTOR='"yes"')
        result = self.ctl("config", "show")
        self.assertEqual(result.status, 3)
        self.assertIn("SECURITY_TWO_FACTOR", result.err)
        self.assertIn("SECURITY_PASSWORD_HASH", result.out)


class Keys(unittest.TestCase):
    def test_every_key_has_its_columns(self):
        keys = run("config", "keys", "--json").json
        names = [key["key"] for key in keys]
        self.assertEqual(len(names), len(set(names)))
        for key in keys:
            self.assertLessEqual({"key", "type", "default", "component", "honoured"}, set(key))
            self.assertIsInstance(key["honoured"], bool)
        table = {key["key"]: key for key in keys}
        self.assertEqual(table["SECURITY_PASSWORD_HASH"]["default"], '"bcrypt"')
        self.assertTrue(table["SECURITY_PASSWORD_HASH"]["honoured"])
        self.assertFalse(table["SECURITY_OAUTH_ENABLE"]["honoured"])
        self.assertIsNone(table["SECRET_KEY"]["default"])

    def test_the_table_holds_the_same_keys(self):
        lines = run("config", "keys").out.splitlines()
        keys = run("config", "keys", "--json").json
        self.assertEqual([line.split()[0] for line in lines[1:]], [key["key"] for key in keys])
        honoured = run("config", "keys", "--honoured", "--json").json
        self.assertEqual(honoured, [key for key in keys if key["honoured"]])


class BrokenSite(SiteTest):
    """Whatever the command, a configuration that is no good gives 3, a database that is no good 4."""

    def each_command(self):
        yield ["users", "list"]
        yield ["users", "activate", "ann@example.org"]
        yield ["users", "create", "bob@example.org", "--no-password"]
        yield ["roles", "create", "admin"]
        yield ["check"]

    def test_configurations(self):
        def missing():
            os.unlink(self.config)

        def open_to_others():
            os.chmod(self.config, 0o644)

        def writable_by_group():
            os.chmod(self.config, 0o620)

        def folder():
            os.unlink(self.config)
            os.mkdir(self.config)

        def fifo():
            os.unlink(self.config)
            os.mkfifo(self.config, 0o600)

        def not_toml():
            with open(self.config, "w", encoding="utf-8") as file:
                file.write("= 1\n")

        def unknown_key():
            self.configure(SECURITY_NONSENSE="1")

        rows = [(missing, "there is no such file"), (open_to_others, "chmod o="), (writable_by_group, "chmod go-w"),
                (folder, "not a regular file"), (fifo, "not a regular file"), (not_toml, "not valid TOML"),
                (unknown_key, "SECURITY_NONSENSE")]
        for damage, text in rows:
            self.setUp()
            damage()
            for command in self.each_command():
                with self.subTest(damage=damage.__name__, command=command):
                    self.fail_with(3, text, *command)

    def test_databases(self):
        def missing():
            os.unlink(self.database)

        def no_database():
            with open(self.database, "w", encoding="utf-8") as file:
                file.write("This is a text and no database.\n" * 100)

        def no_tables():
            os.unlink(self.database)
            sqlite3.connect(self.database).execute("CREATE TABLE t (a)")

        def postgresql():
            self.configure(SQLALCHEMY_DATABASE_URI='"postgresql://u:geheim@db/x"')

        rows = [(missing, "does not exist"), (no_database, "damaged"), (no_tables, "table user"),
                (postgresql, "not supported by this version")]
        for damage, text in rows:
            self.setUp()
            damage()
            for command in self.each_command():
                with self.subTest(damage=damage.__name__, command=command):
                    result = self.fail_with(4, text, *command)
                    self.assertNotIn("geheim", result.err)

    def test_a_locked_database(self):
        connection = sqlite3.connect(self.database, isolation_level=None)
        self.addCleanup(connection.close)
        connection.execute("BEGIN IMMEDIATE")
        self.fail_with(4, "locked", "roles", "create", "admin")

    def test_a_database_that_may_not_be_written(self):
        options, user, group = unprivileged()
        for path in (self.folder, self.config, self.database):
            os.chown(path, user, group)
        os.chmod(self.database, 0o400)
        os.chmod(self.folder, 0o500)
        self.addCleanup(os.chmod, self.folder, 0o700)
        result = run("--config", self.config, "roles", "create", "admin", **options)
        self.assertEqual(result.status, 4, result.err)
        self.assertIn("cannot be written", result.err)

    def test_somebody_elses_configuration_is_not_read(self):
        if os.geteuid() != 0:
            self.skipTest("needs root to make a file of somebody else")
        os.chown(self.config, 65534, 65534)
        self.fail_with(3, "chown root", "users", "list")


class DatabaseCheck(SiteTest):
    def test_a_new_database_has_no_problem(self):
        self.assertIn("Flask-Security's tables are there", self.succeed("check").out)
        self.assertEqual(self.succeed("check", "--json").json, {"database": self.database, "problems": []})

    def problem(self, text):
        result = self.ctl("check")
        self.assertEqual(result.status, 1)
        self.assertIn(text, result.out)
        self.assertIn("has problems: 1", result.err)
        self.assertEqual(len(self.ctl("check", "--json").json["problems"]), 1)

    def test_a_missing_index_is_named_with_its_statement(self):
        (name,) = [row["name"] for row in self.rows(
            "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '%lower(%email%'")]
        self.execute(f"DROP INDEX {name}")
        self.problem("an index is missing")
        line = next(line for line in self.ctl("check").out.splitlines() if "CREATE INDEX" in line)
        self.execute(line[line.index("CREATE INDEX"):].rstrip(";"))
        self.succeed("check")

    def test_modes_that_let_others_in_are_named(self):
        os.chmod(self.database, 0o604)
        self.problem("chmod o=")

    def test_a_database_that_everybody_may_write_or_replace_is_not_opened(self):
        for path, mode in ((self.folder, 0o777), (self.folder, 0o1777), (self.database, 0o666)):
            with self.subTest(path=path, mode=oct(mode)):
                before = stat.S_IMODE(os.stat(path).st_mode)
                os.chmod(path, mode)
                for command in (["check"], ["users", "list"]):
                    self.fail_with(4, f"chmod o-w {path}", *command)
                os.chmod(path, before)

    def test_triggers_of_others_are_named(self):
        self.create("ann@example.org")
        self.succeed("check")
        self.execute("CREATE TRIGGER audit AFTER UPDATE ON user BEGIN SELECT 1; END")
        self.problem("do not run the trigger audit on user")
        self.execute("DROP TRIGGER audit")
        # Ours is told by its text.
        self.execute("CREATE TRIGGER lsec_throttle_user_deleted AFTER DELETE ON user BEGIN SELECT 1; END")
        self.problem("trigger lsec_throttle_user_deleted on user")

    def test_root_runs_no_trigger_of_others(self):
        if os.geteuid() != 0:
            self.skipTest("another user than root is trusted with what the database says")
        self.execute("CREATE TABLE log (x)")
        self.execute("CREATE TRIGGER audit AFTER INSERT ON user BEGIN INSERT INTO log VALUES (1); END")
        self.create("ann@example.org")
        self.assertEqual(self.rows("SELECT * FROM log"), [])

    def test_a_group_that_may_write_the_file_but_not_the_folder_is_named(self):
        os.chmod(self.database, 0o660)
        self.problem("chmod g+ws")


class ForeignDatabase(SiteTest):
    """A database that Flask-Security made is used as it is."""

    def test_the_sample_database_is_read_and_left_alone(self):
        vectors = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Vectors")
        os.unlink(self.database)
        shutil.copy(os.path.join(vectors, "sample.db"), self.database)
        os.chmod(self.database, stat.S_IRUSR | stat.S_IWUSR)
        schema = self.rows("SELECT sql FROM sqlite_master ORDER BY name")
        accounts = {row["email"]: row for row in self.succeed("users", "list", "--json").json}
        self.assertEqual(len(accounts), 12)
        self.assertEqual(accounts["ann@example.org"]["tf_primary_method"], "authenticator")
        self.assertEqual(accounts["ann@example.org"]["recovery_codes"], 5)
        self.assertEqual(accounts["bob@example.org"]["roles"], ["basic", "monitor"])
        self.assertEqual(accounts["grace@example.org"]["security_keys"], 2)
        self.assertFalse(accounts["dan@example.org"]["active"])
        self.assertEqual(accounts["lea@example.org"]["login_count"], 2)
        self.succeed("users", "activate", "dan@example.org")
        self.create("new@example.org")
        self.assertEqual(self.rows("SELECT sql FROM sqlite_master ORDER BY name"), schema)
        self.assertEqual(self.ctl("check").status, 1)
        self.assertEqual(self.rows("PRAGMA journal_mode"), [{"journal_mode": "delete"}])
