"""Both sides at work on one database at the same time."""
import threading
import unittest

from case import PASSWORD, both_releases

ROUNDS = 40


@both_releases
class Writers:
    """Each side writes as fast as it can; nothing is lost and nobody meets an error."""

    def test_in_a_database_in_wal_mode(self):
        self.run_beside("wal")

    def test_in_a_database_with_a_rollback_journal(self):
        self.run_beside("delete")

    def run_beside(self, mode):
        self.start(SECURITY_PASSWORD_SCHEMES=["bcrypt", "plaintext"])
        there, here, shared = (self.made_there(f"{name}@example.org") for name in ("there", "here", "shared"))
        self.assertEqual(self.sql(f"PRAGMA journal_mode = {mode}"), [(mode,)])
        failures = []

        def ours():
            for _ in range(ROUNDS):
                for email in (here, shared):
                    # From one place, where the owner was before: a stranger's guesses do not delay him there.
                    verdict = self.here.login(email, PASSWORD, address="192.0.2.7")
                    if verdict != "granted":
                        failures.append(f"{email}: {verdict}")
                if self.here.login(here, "wrong", address="198.51.100.1") == "granted":
                    failures.append("a wrong password was taken")

        def theirs():
            failures.extend(self.there.sign_in_many(email=there, password=PASSWORD, times=ROUNDS))
            # Other columns of the row that our logins write: the ORM must find its own values, and we ours.
            self.there.touch_many(email=shared, times=ROUNDS)

        def guarded(work):
            try:
                work()
            except Exception as error:
                failures.append(repr(error))

        threads = [threading.Thread(target=guarded, args=(work,)) for work in (ours, theirs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        counts = dict(self.sql("SELECT email, login_count FROM user"))
        self.assertEqual(counts, {there: ROUNDS, here: ROUNDS, shared: ROUNDS})
        self.assertEqual(self.column(shared, "tf_phone_number"), str(ROUNDS - 1))
        self.assertEqual(self.sql("PRAGMA integrity_check"), [("ok",)])
        self.assertEqual(self.sql("PRAGMA journal_mode"), [(mode,)])


@both_releases
class Tables:
    def test_a_migration_wants_nothing_of_the_application_s_tables_once_ours_are_there(self):
        self.start()
        email = self.made_there()
        app = self.enrolled_here(email)
        codes = self.here.generate_recovery_codes(email)
        self.assert_in_here(email, PASSWORD, app.code())
        self.assert_in_here(email, PASSWORD, codes[0])
        self.assert_out_here(email, "wrong", "wrong-password")
        tables = {name for name, in self.sql("SELECT name FROM sqlite_master WHERE type = 'table'")}
        self.assertGreaterEqual(tables, {"lsec_throttle", "lsec_totp_counter", "lsec_recovery_used"})
        self.assertEqual(self.there.schema_differences(ignored_prefix="lsec_"), [])
        # Without that rule alembic takes every table that is not in its models for one to drop.
        self.assertTrue(all("lsec_" in one for one in self.there.schema_differences()))
        self.assertTrue(self.there.schema_differences())
        self.there.create_all()
        self.assert_out_here(email, PASSWORD, "wrong-code", codes[0])

    def test_an_account_that_takes_a_deleted_one_s_number_logs_in(self):
        # SQLite gives the greatest id of a table again.
        self.start()
        old = self.made_there("old@example.org")
        app = self.enrolled_there(self.signed_in_there(old), old)
        codes = self.here.generate_recovery_codes(old)
        self.assert_in_here(old, PASSWORD, codes[0])
        self.assert_in_here(old, PASSWORD, app.code())
        self.assert_in_here(self.in_place_of(old), PASSWORD)

    def test_an_account_that_takes_a_deleted_one_s_number_is_not_delayed_by_guesses_at_that_one(self):
        # Rows of lsec_throttle belong to a number; a trigger removes them whoever deletes the account.
        self.start()
        old = self.made_there("old@example.org")
        while self.here.login(old, "wrong") != "throttled":
            pass
        self.assert_in_here(self.in_place_of(old), PASSWORD)

    def in_place_of(self, old):
        """A new account with the number of one that the application deleted."""
        number = self.here.id(old)
        self.there.delete_user(email=old)
        new = self.made_there("new@example.org")
        self.assertEqual(self.here.id(new), number)
        return new


if __name__ == "__main__":
    unittest.main()
