"""One configuration and one database for both: whoever makes them, the other starts with them as they are."""
import datetime
import os
import tomllib
import unittest

from case import PASSWORD, both_releases, library
from coverage import covers
from native import Native

# What libsecurity adds to a database: all of it begins with this, so one rule keeps migrations away from it.
OURS = "lsec_"


def in_seconds(value):
    """The seconds of a text such as "10 minutes", read as Flask-Security reads it; numbers are seconds."""
    if not isinstance(value, str):
        return value
    number, unit = value.split()
    return datetime.timedelta(**{unit: int(number)}).total_seconds()


@both_releases
class OurFiles:
    """security.toml and users.db as `securityctl init` makes them."""

    def setUp(self):
        super().setUp()
        library().run(self.config, "init", "--database", str(self.database), "--issuer", "interop.example.org")
        # The tests' password is famous, and tests ask no service of others.
        with open(self.config, "a", encoding="utf-8") as file:
            file.write('LIBSECURITY_BREACHED_URL = "http://127.0.0.1:1/"\n')
        self.here = Native(library(), self.config)

    @covers("database file", reads=False)
    @covers("configuration file", reads=False)
    def test_the_application_starts_with_the_configuration_and_the_database(self):
        # The models of 5.0 in both releases: the tables are used as they are, nothing is created.
        self.there.start(self.config, model="fsqla_v3", create_all=False)
        self.here.ctl("users", "create", "ann@example.org", "--username", "ann", "--active", "--confirmed",
                      "--password-stdin", stdin=PASSWORD)
        self.assert_in_there("ann@example.org", PASSWORD)
        self.there.create_user(email="bob@example.org", password=PASSWORD)
        self.assert_in_here("bob@example.org", PASSWORD)
        app = self.enrolled_there(self.signed_in_there("bob@example.org"), "bob@example.org")
        self.assert_in_here("bob@example.org", PASSWORD, app.code())
        app = self.enrolled_here("ann@example.org")
        self.assert_in_there("ann@example.org", PASSWORD, code=app.code())

    def test_the_application_does_not_correct_what_it_finds(self):
        self.there.start(self.config, model="fsqla_v3", create_all=False)
        self.assertEqual(self.there.schema_differences(ignored_prefix=OURS), [])
        before = self.schema()
        self.there.create_all()
        self.assertEqual(self.schema(), before)

    def test_the_newest_models_add_their_own_table_and_nothing_else(self):
        if self.release == "5.0.2":
            self.skipTest("has no newer models")
        before = self.schema()
        self.there.start(self.config, model="fsqla_v4")
        self.assertEqual(set(self.schema()) - set(before), {"fs_refresh_tracker"})
        self.assertEqual({name: self.schema()[name] for name in before}, before)
        self.assertEqual(self.there.schema_differences(ignored_prefix=OURS), [])
        self.made_there()
        self.assert_in_here("ann@example.org", PASSWORD)

    @covers("configuration file", reads=False)
    def test_every_key_of_the_file_is_one_that_both_take_as_it_is(self):
        # What the application sees is what stands in the file.
        self.there.start(self.config, model="fsqla_v3", create_all=False)
        with open(self.config, "rb") as file:
            keys = tomllib.load(file)
        seen = self.there.settings(keys=list(keys))
        wanted = {key: in_seconds(one) if isinstance(seen[key], float) else one for key, one in keys.items()}
        self.assertEqual(seen, wanted)

    def test_the_files_belong_to_their_owner_alone(self):
        self.assertEqual(os.stat(self.config).st_mode & 0o777, 0o600)

    def schema(self):
        return dict(self.sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))


@both_releases
class TheirFiles:
    """A database that the application made."""

    @covers("database file", reads=True)
    def test_it_is_opened_as_it_is_and_no_statement_of_its_tables_changes(self):
        self.start()
        before = self.tables()
        self.made_here()
        self.assert_in_here("ann@example.org", PASSWORD)
        self.assert_out_here("ann@example.org", "wrong", "wrong-password")
        self.assertEqual(self.tables(), before)
        self.assertEqual(self.there.schema_differences(ignored_prefix=OURS), [])
        self.assertEqual(self.sql("PRAGMA journal_mode"), [("delete",)])
        self.assertEqual(self.sql("PRAGMA integrity_check"), [("ok",)])

    def test_it_is_made_of_the_statements_that_init_writes(self):
        self.start(model="fsqla_v3")
        theirs = self.tables()
        ours = self.folder / "ours"
        library().run(ours / "security.toml", "init", "--database", str(ours / "users.db"), "--issuer", "x")
        self.database = ours / "users.db"
        if self.release == "5.0.2":
            self.assertEqual(self.tables(), theirs)
        else:
            # 5.9 orders the columns differently, and names no other.
            self.assertEqual(self.columns(self.tables()), self.columns(theirs))

    def tables(self):
        return dict(self.sql(f"SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE '{OURS}%'"))

    @staticmethod
    def columns(tables):
        return {name: sorted(line.strip(" ,\t").replace("DEFAULT (CURRENT_TIMESTAMP)", "DEFAULT CURRENT_TIMESTAMP")
                             for line in statement.splitlines()) for name, statement in tables.items()}


if __name__ == "__main__":
    unittest.main()
