"""users create, list, show, activate, deactivate, confirm, set-password, reset-access, unlock, delete."""

import contextlib
import crypt
import hashlib
import os
import re
import subprocess
import warnings

import harness
from harness import PASSWORD, SiteTest, double_hash

warnings.simplefilter("ignore", DeprecationWarning)


class Create(SiteTest):
    def test_an_account_is_made_as_flask_security_makes_it(self):
        result = self.create("Ann.Lee@Example.ORG", "--username", "annlee", "--active", "--confirmed")
        self.assertIn("User created successfully.", result.out)
        row = self.user("Ann.Lee@example.org")
        self.assertEqual((row["username"], row["active"]), ("annlee", 1))
        for column in ("fs_uniquifier", "fs_webauthn_user_handle"):
            self.assertRegex(row[column], r"^[0-9a-f]{32}$")
        self.assertNotEqual(row["fs_uniquifier"], row["fs_webauthn_user_handle"])
        for column in ("confirmed_at", "create_datetime", "update_datetime"):
            self.assertRegex(row[column], r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$")
        self.assertTrue(row["password"].startswith("$2b$04$"))
        self.assertEqual(crypt.crypt(double_hash(PASSWORD), row["password"]), row["password"])
        self.assertNotIn(PASSWORD, result.out + result.err)

    def test_without_active_the_account_is_inactive_and_says_so(self):
        result = self.create("ann@example.org")
        self.assertEqual(self.user("ann@example.org")["active"], 0)
        self.assertIsNone(self.user("ann@example.org")["confirmed_at"])
        self.assertIn("users activate ann@example.org", result.err)

    def test_attributes_are_taken_as_flask_security_writes_them(self):
        self.create("email:ann@example.org", "username:annlee", "active:true", "confirmed:true")
        row = self.user("ann@example.org")
        self.assertEqual((row["username"], row["active"]), ("annlee", 1))
        self.assertIsNotNone(row["confirmed_at"])

    def test_columns_of_the_application_are_filled(self):
        self.execute("ALTER TABLE user ADD COLUMN color VARCHAR(20)")
        self.execute("ALTER TABLE user ADD COLUMN age INTEGER")
        self.execute("ALTER TABLE user ADD COLUMN newsletter BOOLEAN")
        self.execute('ALTER TABLE user ADD COLUMN "odd "" name" TEXT')
        self.execute("ALTER TABLE user ADD COLUMN born DATETIME")
        self.create("ann@example.org", "color:red: 'dark'; --", "age:-7", "newsletter:true", 'odd " name:x',
                    "us_phone_number:+1 (650) 555-1234", "tf_phone_number:650-555-1235")
        row = self.user("ann@example.org")
        self.assertEqual(
            [row[name] for name in ("color", "age", "newsletter", 'odd " name', "us_phone_number", "tf_phone_number")],
            ["red: 'dark'; --", -7, 1, "x", "+16505551234", "650-555-1235"])
        rows = [
            (["age:old"], 2, "'age' is an integer"), (["newsletter:perhaps"], 2, "true or false"),
            (["born:2000-01-01"], 2, "the application must set it"), (["color:a", "color:b"], 2, "more than once"),
            (["us_phone_number:12"], 2, "is no phone number"), (["login_count:7"], 2, "Unknown attribute"),
            (["fs_uniquifier:x"], 2, "Unknown attribute"), (["email) --:x"], 2, "Unknown attribute"),
            (["us_phone_number:+16505551234"], 2, "+16505551234 is already associated with an account"),
        ]
        for attributes, status, text in rows:
            with self.subTest(attributes):
                self.fail_with(status, text, "users", "create", "bob@example.org", *attributes, "--no-password")
        self.assertEqual(len(self.rows("SELECT * FROM user")), 1)

    def test_a_column_that_the_application_wants_filled_is_named(self):
        self.execute("ALTER TABLE user RENAME TO old")
        (row,) = self.rows("SELECT sql FROM sqlite_master WHERE name = 'old'")
        self.execute(row["sql"].replace('"old"', '"user"').replace("PRIMARY KEY", "city TEXT NOT NULL, PRIMARY KEY", 1))
        self.fail_with(2, "add city:VALUE", "users", "create", "ann@example.org", "--no-password")
        self.succeed("users", "create", "ann@example.org", "city:Bern", "--no-password")

    def test_of_two_at_once_one_wins(self):
        command = [harness.BINARY, "--config", self.config, "users", "create", "ann@example.org", "--no-password"]
        with contextlib.ExitStack() as stack:
            racers = [stack.enter_context(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE))
                      for _ in range(8)]
            errors = [racer.communicate()[1] for racer in racers]
        statuses = sorted(racer.returncode for racer in racers)
        self.assertEqual(statuses, [0] + [2] * 7, errors)
        self.assertEqual(len(self.rows("SELECT * FROM user")), 1)

    def test_json_is_the_account_without_its_secrets(self):
        result = self.create("ann@example.org", "-u", "annlee", "-a", "--json")
        account = result.json
        self.assertEqual(
            {key: account[key] for key in ("id", "email", "username", "active", "has_password", "roles")},
            {"id": 1, "email": "ann@example.org", "username": "annlee", "active": True, "has_password": True,
             "roles": []})
        self.assertNotIn("$2b$", result.out)

    def test_roles_are_given_at_once(self):
        self.succeed("roles", "create", "staff")
        self.assertEqual(self.create("ann@example.org", "--role", "staff", "--json").json["roles"], ["staff"])

    def test_an_unknown_role_makes_no_account(self):
        self.fail_with(2, "Cannot find role.", "users", "create", "ann@example.org", "--role", "staff",
                       "--password-stdin", stdin=PASSWORD.encode())
        self.assertEqual(self.rows("SELECT * FROM user"), [])

    def test_an_account_may_have_no_password(self):
        self.succeed("users", "create", "ann@example.org", "--no-password")
        self.assertIsNone(self.user("ann@example.org")["password"])

    def test_a_user_name_is_stored_normalised(self):
        self.create("judy@example.org", "--username", "j\u00fcdith1")
        self.assertEqual(self.user("judy@example.org")["username"], "ju\u0308dith1")

    def test_a_name_of_uid_0_is_warned_of(self):
        result = self.create("ann@example.org", "--username", "root")
        self.assertIn('Warning: "root" is a name of uid 0', result.err)

    def test_refusals_name_the_reason(self):
        self.create("ann@example.org", "--username", "annlee")
        rows = [
            (["ann@example.org"], "ann@example.org is already associated with an account"),
            (["ANN@example.org"], "ANN@example.org is already associated with an account"),
            (["b@example.org", "-u", "annlee"], "annlee is already associated with an account"),
            (["b@example.org", "-u", "AnnLee"], "AnnLee is already associated with an account"),
            (["b@example.org", "-u", "bo b1"], "Username can contain only letters and numbers"),
            (["b@example.org", "-u", "bob"], "SECURITY_USERNAME_MIN_LENGTH"),
            (["b@example.org", "-u", "b" * 33], "SECURITY_USERNAME_MAX_LENGTH"),
            (["b@example.org", "-u", " bobby"], "Username contains illegal characters"),
            (["not-an-address"], "no e-mail address"),
            (["a@b"], "It should have a period."),
            (["a@b.test"], "special-use or reserved name"),
            (["\"a b\"@example.org"], "Quoting the part before the @-sign is not allowed here."),
        ]
        for arguments, text in rows:
            with self.subTest(arguments):
                self.fail_with(2, text, "users", "create", *arguments, "--password-stdin", stdin=PASSWORD.encode())
        self.assertEqual(len(self.rows("SELECT * FROM user")), 1)

    def test_command_lines_that_make_no_sense_are_usage_errors(self):
        rows = [
            ([], "An e-mail address is missing."),
            (["username:annlee"], "An e-mail address is missing."),
            (["a@example.org", "b@example.org"], "more than one e-mail address"),
            (["a@example.org", "-u", "anna", "username:anna"], "more than one user name"),
            (["a@example.org", "color:red"], "Unknown attribute 'color'"),
            (["a@example.org", "password_hash:x"], "Unknown attribute"),
            (["a@example.org", "password:secret"], "A password is not an attribute"),
            (["a@example.org", "active:maybe"], "'active' is true or false"),
            (["a@example.org", "--no-password", "--password-stdin"], "excludes"),
            (["a@example.org", "--password", "x", "--password-stdin"], "exclude each other"),
            (["a@example.org", "--colour"], "Unknown option '--colour'"),
        ]
        for arguments, text in rows:
            with self.subTest(arguments):
                self.fail_with(2, text, "users", "create", *arguments)

    def test_a_required_user_name_must_be_there(self):
        self.configure(SECURITY_USERNAME_ENABLE="true", SECURITY_USERNAME_REQUIRED="true")
        self.fail_with(2, "Username not provided", "users", "create", "ann@example.org", "--no-password")


class Passwords(SiteTest):
    def test_flaws_are_told_with_their_key(self):
        rows = [
            (b"short", "at least 8 characters. (SECURITY_PASSWORD_LENGTH_MIN)"),
            (b"x" * 129, "at most 128 characters. (LIBSECURITY_PASSWORD_LENGTH_MAX)"),
            (b"", "Password not provided"),
            (b"\xff" * 12, "valid UTF-8"),
            (b"abcdefgh\0ijk", "NUL"),
        ]
        for password, text in rows:
            with self.subTest(password[:20]):
                self.fail_with(2, text, "users", "create", "a@example.org", "--password-stdin", stdin=password)
        for password, text in ((b"two lines\nof text\n", "more than one line"), (b"x" * 5000, "longer than 4096 bytes")):
            with self.subTest(password[:20]):
                self.fail_with(1, text, "users", "create", "a@example.org", "--password-stdin", stdin=password)

    def test_a_breached_password_is_refused(self):
        digests = sorted(hashlib.sha1(b"password %d" % number).hexdigest().upper() for number in range(0, 3000, 7))
        listed = os.path.join(self.folder, "list.txt")
        with open(listed, "w", encoding="ascii") as file:
            file.write("".join(f"{digest}:9\n" for digest in digests))
        os.chmod(listed, 0o644)
        self.configure(LIBSECURITY_BREACHED_FILE='"list.txt"', SECURITY_PASSWORD_CHECK_BREACHED='"strict"')
        self.fail_with(2, "Password on breached list. (SECURITY_PASSWORD_CHECK_BREACHED)", "users", "create",
                       "a@example.org", "--password-stdin", stdin=b"password 7")
        self.create("a@example.org", password="password 8")
        self.fail_with(2, "Password on breached list.", "users", "set-password", "a@example.org", "--password-stdin",
                       stdin=b"password 7")
        os.remove(listed)
        self.fail_with(2, "there is no such file", "users", "set-password", "a@example.org", "--password-stdin",
                       stdin=b"password 8")
        self.configure(LIBSECURITY_BREACHED_FILE='"list.txt"', SECURITY_PASSWORD_CHECK_BREACHED='"best-effort"')
        self.succeed("users", "set-password", "a@example.org", "--password-stdin", stdin=b"password 7")

    def test_without_the_words_no_password_is_taken(self):
        self.configure(SECURITY_PASSWORD_COMPLEXITY_CHECKER='"zxcvbn"', LIBSECURITY_ZXCVBN_FILE='"words.dat"')
        words = os.path.join(self.folder, "words.dat")
        self.fail_with(2, words, "users", "create", "a@example.org", "--password-stdin", stdin=b"vuzhdxkq 7041 pmbnwt")
        self.assertIn("every new password is refused: " + words, self.succeed("config", "check").out)

    def test_one_line_end_is_not_part_of_the_password(self):
        self.create("ann@example.org", password=PASSWORD + "\n")
        stored = self.user("ann@example.org")["password"]
        self.assertEqual(crypt.crypt(double_hash(PASSWORD), stored), stored)

    def test_without_a_terminal_the_other_way_is_named(self):
        self.fail_with(1, "--password-stdin", "users", "create", "ann@example.org")

    def test_a_password_argument_is_refused_with_the_two_other_ways(self):
        result = self.fail_with(1, "--password-stdin", "users", "create", "ann@example.org", "--password", PASSWORD)
        self.assertIn("without echo", result.err)
        self.assertNotIn(PASSWORD, result.err)

    def test_the_key_allows_a_password_argument(self):
        self.configure(LIBSECURITY_CLI_PASSWORD_ARGUMENT="true")
        self.succeed("users", "create", "ann@example.org", "--password", PASSWORD)
        stored = self.user("ann@example.org")["password"]
        self.assertEqual(crypt.crypt(double_hash(PASSWORD), stored), stored)

    def test_a_change_ends_what_hung_on_the_old_password(self):
        self.create("ann@example.org")
        before = self.user("ann@example.org")
        for command in ("set-password", "change_password", "change-password"):
            with self.subTest(command):
                new = f"another {command} password"
                result = self.succeed("users", command, "ann@example.org", "--password-stdin", stdin=new.encode())
                self.assertIn('Password of user "ann@example.org" has been changed.', result.out)
                after = self.user("ann@example.org")
                self.assertEqual(crypt.crypt(double_hash(new), after["password"]), after["password"])
                self.assertNotEqual(after["fs_uniquifier"], before["fs_uniquifier"])
                self.assertGreater(after["update_datetime"], before["update_datetime"])
                before = after

    def test_a_refused_change_changes_nothing(self):
        self.create("ann@example.org")
        before = self.user("ann@example.org")
        self.fail_with(2, "Error changing password. Password must be at least 8", "users", "set-password",
                       "ann@example.org", "--password-stdin", stdin=b"short")
        self.assertEqual(self.user("ann@example.org"), before)

    def test_what_is_wrong_with_a_password_is_told_in_the_caller_s_language(self):
        self.create("ann@example.org")
        catalogues = os.path.join(self.folder, "locale")
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Scripts", "make-pot.py")
        subprocess.run([script, "--compile", catalogues], check=True)
        self.configure(LIBSECURITY_I18N_DIRNAME=f'"{catalogues}"')
        for variables, text in (
                ({"LANG": "de_DE.UTF-8"}, "Das Passwort muss mindestens 8 Zeichen lang sein. (SECURITY_PASSWORD_LENGTH_MIN)"),
                ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, "Password must be at least 8 characters."), ({}, "at least 8")):
            done = harness.run(
                "--config", self.config, "users", "set-password", "ann@example.org", "--password-stdin", stdin=b"short",
                env={"PATH": os.environ["PATH"], **variables})
            self.assertEqual(done.status, 2)
            self.assertIn(text, done.err)


class LookUp(SiteTest):
    settings = {"SECURITY_USERNAME_ENABLE": "true"}

    def setUp(self):
        super().setUp()
        self.create("ann@example.org", "--username", "annlee", "--active")

    def test_every_identity_finds_the_account(self):
        for identity in ("ann@example.org", "ANN@EXAMPLE.org", "annlee", "id:1"):
            with self.subTest(identity):
                self.assertEqual(self.succeed("users", "show", identity, "--json").json["id"], 1)

    def test_columns_of_the_application_and_national_numbers_find_the_account(self):
        self.execute("ALTER TABLE user ADD COLUMN security_number INTEGER")
        self.configure(
            SECURITY_PHONE_REGION_DEFAULT='"DE"',
            SECURITY_USER_IDENTITY_ATTRIBUTES='[{ us_phone_number = { mapper = "uia_phone_mapper" } },'
            ' { email = { mapper = "uia_email_mapper", case_insensitive = true } },'
            ' { security_number = { mapper = "uia_identity_mapper" } }]')
        self.create("bob@example.org", "security_number:1234567", "us_phone_number:030 123456")
        self.assertEqual(self.user("bob@example.org")["us_phone_number"], "+4930123456")
        for identity in ("+49 30 123456", "030/123456", "1234567", "BOB@example.org"):
            with self.subTest(identity):
                self.assertEqual(self.succeed("users", "show", identity, "--json").json["id"], 2)
        self.fail_with(2, "+4930123456 is already associated", "users", "create", "carl@example.org",
                       "us_phone_number:+4930123456", "--no-password")

    def test_a_column_that_the_table_lacks_is_named(self):
        self.configure(SECURITY_USER_IDENTITY_ATTRIBUTES='[{ security_number = {} }]')
        self.fail_with(4, "column security_number of table user", "users", "show", "1234567")

    def test_a_user_name_finds_the_account_even_where_it_is_no_identity(self):
        self.configure()
        self.assertEqual(self.succeed("users", "show", "annlee", "--json").json["id"], 1)

    def test_nobody_is_said_plainly(self):
        for identity in ("bob@example.org", "bob", "id:2", "id:x", "", "id:99999999999999999999"):
            with self.subTest(identity):
                self.fail_with(2, "User not found.", "users", "show", identity)

    def test_an_ambiguous_identity_is_refused(self):
        self.execute("UPDATE user SET email = 'xY@example.org' WHERE id = 1")
        self.execute("INSERT INTO user (email, active, fs_uniquifier) VALUES ('Xy@example.org', 1, 'x')")
        self.fail_with(2, "id:NUMBER", "users", "show", "XY@example.org")
        self.assertEqual(self.succeed("users", "show", "id:2", "--json").json["email"], "Xy@example.org")

    def test_a_hostile_name_cannot_drive_the_terminal(self):
        self.execute("UPDATE user SET username = ? WHERE id = 1", "\x1b[2Jann\u202e")
        for command in (["list"], ["show", "id:1"]):
            text = self.succeed("users", *command).out
            self.assertIn("\\u{1b}[2Jann\\u{202e}", text)
            self.assertNotIn("\x1b", text)
        self.assertNotIn("\x1b", self.succeed("users", "list", "--json").out)
        self.assertEqual(self.succeed("users", "show", "id:1", "--json").json["username"], "\x1b[2Jann\u202e")
        self.assertNotIn("\x1b", self.fail_with(2, "not found", "users", "show", "\x1b[2J").err)


class Status(SiteTest):
    def setUp(self):
        super().setUp()
        self.create("ann@example.org")

    def test_activation_goes_both_ways_in_flask_securitys_words(self):
        rows = [("activate", "has been activated.", 1), ("activate", "was already activated.", 1),
                ("deactivate", "has been deactivated.", 0), ("deactivate", "was already deactivated.", 0)]
        for command, words, active in rows:
            result = self.succeed("users", command, "ann@example.org")
            self.assertEqual(result.out, f'User "ann@example.org" {words}\n')
            self.assertEqual(self.user("ann@example.org")["active"], active)

    def test_confirmation_is_written_once(self):
        self.assertIn("has been confirmed.", self.succeed("users", "confirm", "ann@example.org").out)
        moment = self.user("ann@example.org")["confirmed_at"]
        self.assertIsNotNone(moment)
        self.assertIn("was already confirmed.", self.succeed("users", "confirm", "ann@example.org").out)
        self.assertEqual(self.user("ann@example.org")["confirmed_at"], moment)

    def test_reset_access_leaves_the_password_only(self):
        self.succeed("users", "totp", "enrol", "ann@example.org", "--no-verify", "--no-qr")
        self.succeed("users", "recovery-codes", "ann@example.org")
        before = self.user("ann@example.org")
        self.assertIsNotNone(before["tf_totp_secret"])
        for command in ("reset-access", "reset_access"):
            result = self.succeed("users", command, "ann@example.org")
            self.assertEqual(result.out, 'User "ann@example.org" authentication credentials have been reset.\n')
        after = self.user("ann@example.org")
        self.assertEqual(after["password"], before["password"])
        self.assertNotEqual(after["fs_uniquifier"], before["fs_uniquifier"])
        for column in ("tf_primary_method", "tf_totp_secret", "mf_recovery_codes", "us_totp_secrets"):
            self.assertIsNone(after[column])

    def test_unlock_forgets_what_was_counted(self):
        self.succeed("users", "create", "bob@example.org", "--no-password")
        self.execute("CREATE TABLE lsec_throttle (subject TEXT NOT NULL, factor TEXT NOT NULL, origin TEXT NOT NULL,"
                     " failures INTEGER NOT NULL, pending INTEGER NOT NULL, updated INTEGER NOT NULL,"
                     " PRIMARY KEY (subject, factor, origin)) WITHOUT ROWID")
        for account, factor, failures in ((1, "password", 5), (1, "code", 3), (2, "password", 7)):
            self.execute("INSERT INTO lsec_throttle VALUES (?, ?, 'uid:0', ?, 0, 1)", f"user:{account}", factor, failures)
        shown = self.succeed("users", "show", "ann@example.org", "--json").json
        self.assertEqual((shown["failed_passwords"], shown["failed_codes"]), (5, 3))
        self.assertIn("has been unlocked.", self.succeed("users", "unlock", "ann@example.org").out)
        shown = self.succeed("users", "show", "ann@example.org", "--json").json
        self.assertEqual((shown["failed_passwords"], shown["failed_codes"]), (0, 0))
        self.assertEqual(self.succeed("users", "show", "bob@example.org", "--json").json["failed_passwords"], 7)

    def test_delete_asks_and_deletes_with_yes(self):
        self.succeed("roles", "create", "staff")
        self.succeed("roles", "add", "ann@example.org", "staff")
        self.fail_with(1, "use --yes", "users", "delete", "ann@example.org")
        self.assertIn("has been deleted.", self.succeed("users", "delete", "ann@example.org", "--yes").out)
        self.assertEqual(self.rows("SELECT * FROM user") + self.rows("SELECT * FROM roles_users"), [])

    def test_every_command_on_nobody_fails(self):
        commands = [["activate"], ["deactivate"], ["confirm"], ["set-password", "--password-stdin"],
                    ["reset-access"], ["unlock"], ["delete", "--yes"], ["show"], ["totp", "enrol"], ["totp", "remove"],
                    ["recovery-codes"]]
        for command in commands:
            with self.subTest(command):
                self.fail_with(2, "User not found.", "users", *command, "nobody@example.org", stdin=PASSWORD.encode())


class List(SiteTest):
    def test_an_empty_list_is_an_empty_array(self):
        self.assertEqual(self.succeed("users", "list", "--json").json, [])
        self.assertRegex(self.succeed("users", "list").out, r"^ID +EMAIL +USERNAME +ACTIVE +CONFIRMED +FACTOR +ROLES\n$")

    def test_more_accounts_than_a_page_are_all_listed(self):
        self.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1203)"
            " INSERT INTO user (email, active, fs_uniquifier) SELECT 'u' || i || '@example.org', i % 2, 'f' || i FROM n")
        accounts = self.succeed("users", "list", "--json").json
        self.assertEqual([account["id"] for account in accounts], list(range(1, 1204)))
        self.assertEqual([account["active"] for account in accounts[:3]], [True, False, True])
        lines = self.succeed("users", "list").out.splitlines()
        self.assertEqual(len(lines), 1204)
        self.assertTrue(re.match(r"1203 +u1203@example.org +- +yes +no +- +-$", lines[-1]), lines[-1])
