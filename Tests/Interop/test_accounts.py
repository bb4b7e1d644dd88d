"""Accounts: made, changed and signed in to on either side."""
import datetime
import unittest

from case import PASSWORD, both_releases
from coverage import covers

NEW_PASSWORD = "another long enough password"


@both_releases
class Creation:
    @covers("account row", reads=True)
    def test_one_made_there_logs_in_here(self):
        self.start()
        email = self.made_there(username="annlee")
        self.assert_in_here(email, PASSWORD)
        self.assert_in_here(email.upper(), PASSWORD)
        self.assert_in_here("AnnLee", PASSWORD)
        self.assert_out_here(email, PASSWORD[:-1], "wrong-password")
        self.assert_out_here("nobody@example.org", PASSWORD, "unknown-account")

    @covers("account row", reads=True)
    def test_one_made_by_flask_users_create_logs_in_here(self):
        self.start()
        done = self.there.flask("users", "create", "ann@example.org", "--password", PASSWORD, "--active")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assert_in_here("ann@example.org", PASSWORD)
        self.there.cli(arguments=["users", "create", "bob@example.org", "--password", PASSWORD])
        self.assert_out_here("bob@example.org", PASSWORD, "inactive")

    @covers("account row", reads=False)
    def test_one_made_by_securityctl_signs_in_there(self):
        self.start()
        email = self.made_here("Bob@Example.ORG", PASSWORD, "--username", "jürgen1")
        state = self.there.state(email="Bob@example.org")
        self.assertEqual(state["username"], "ju\u0308rgen1", "not the form that Flask-Security stores")
        self.assertRegex(state["fs_uniquifier"], "^[0-9a-f]{32}$")
        self.assertRegex(state["fs_webauthn_user_handle"], "^[0-9a-f]{32}$")
        self.assertEqual(state["types"]["active"], "bool")
        self.assertEqual(state["types"]["confirmed_at"], "datetime")
        self.assert_in_there("Bob@example.org", PASSWORD)
        session = self.session()
        answer = self.there.post(session, "/login", {"username": "JÜRGEN1".lower(), "password": PASSWORD})
        self.assertEqual(answer["status"], 200, answer)
        self.assertTrue(self.there.is_signed_in(session, "Bob@example.org"))
        self.assertEqual(self.here.login(email, PASSWORD), "granted")

    def test_an_address_is_the_same_however_its_letters_are_composed(self):
        self.start()
        spellings = ("jo\u0308rg@bu\u0308cher.example", "j\u00f6rg@b\u00fccher.example", "j\u00f6rg@B\u00dcCHER.example")
        for side, make in (("here", self.made_here), ("there", self.from_the_command_line)):
            for number, spelling in enumerate(spellings):
                with self.subTest(side=side, spelling=ascii(spelling)):
                    make(f"{side}{number}{spelling}")
                    for typed in spellings:
                        self.assert_in_here(f"{side}{number}{typed}", PASSWORD)
                        answer = self.there.post(
                            self.session(), "/login", {"email": f"{side}{number}{typed}", "password": PASSWORD})
                        self.assertEqual(answer["status"], 200, answer)

    def from_the_command_line(self, email):
        done = self.there.cli(arguments=["users", "create", email, "--password", PASSWORD, "-a"])
        self.assertEqual(done["code"], 0, done)

    def test_one_made_inactive_here_waits_for_flask_users_activate(self):
        self.start()
        self.here.ctl("users", "create", "ann@example.org", "--confirmed", "--password-stdin", stdin=PASSWORD)
        self.assert_out_there("ann@example.org", PASSWORD)
        self.assertEqual(self.there.cli(arguments=["users", "activate", "ann@example.org"])["code"], 0)
        self.assert_in_there("ann@example.org", PASSWORD)
        self.assert_in_here("ann@example.org", PASSWORD)

    def test_one_that_exists_on_the_other_side_is_not_made_twice(self):
        self.start()
        self.made_there()
        self.here.ctl("users", "create", "ANN@example.org", "--no-password", status=2)
        self.made_here("bob@example.org")
        again = self.there.cli(arguments=["users", "create", "bob@example.org", "--password", PASSWORD, "-a"])
        self.assertNotEqual(again["code"], 0)

    def test_one_without_a_password_logs_in_nowhere(self):
        self.start()
        self.here.ctl("users", "create", "ann@example.org", "--active", "--confirmed", "--no-password")
        self.assert_out_here("ann@example.org", "", "unusable-password")
        self.assert_out_here("ann@example.org", PASSWORD, "no-password")
        self.assert_out_there("ann@example.org", PASSWORD)


@both_releases
class Status:
    @covers("account status", reads=True)
    @covers("account status", reads=False)
    def test_deactivation_counts_on_both_sides(self):
        self.start()
        email = self.made_there()
        session = self.signed_in_there(email)
        self.here.ctl("users", "deactivate", email)
        self.assertFalse(self.there.is_signed_in(session, email), "a session of an inactive account goes on")
        self.assert_out_there(email, PASSWORD)
        self.there.set_active(email=email, active=True)
        self.assert_in_here(email, PASSWORD)
        self.there.set_active(email=email, active=False)
        self.assert_out_here(email, PASSWORD, "inactive")
        self.here.ctl("users", "activate", email)
        self.assert_in_there(email, PASSWORD)

    @covers("account status", reads=False)
    def test_confirmation_counts_on_both_sides(self):
        self.start(SECURITY_CONFIRMABLE=True)
        email = self.made_there(confirmed=False)
        self.assert_out_here(email, PASSWORD, "unconfirmed")
        self.assert_out_there(email, PASSWORD)
        self.here.ctl("users", "confirm", email)
        self.assert_in_there(email, PASSWORD)
        self.assert_in_here(email, PASSWORD)

    def test_a_required_factor_is_required_on_both_sides(self):
        self.start(SECURITY_TWO_FACTOR_REQUIRED=True)
        email = self.made_there()
        self.assert_out_there(email, PASSWORD)
        self.assert_out_here(email, PASSWORD, "no-factor", code="123456")
        app = self.enrolled_here(email)
        self.assert_in_there(email, PASSWORD, code=app.code())
        self.assert_in_here(email, PASSWORD, app.code())

    @covers("roles and permissions", reads=True)
    @covers("roles and permissions", reads=False)
    def test_roles_and_permissions_are_the_same_on_both_sides(self):
        self.start()
        email = self.made_there()
        self.here.ctl("roles", "create", "operator", "--permissions", "read,write")
        self.here.ctl("roles", "add", email, "operator")
        state = self.there.state(email=email)
        self.assertEqual((state["roles"], state["permissions"]), (["operator"], ["read", "write"]))
        for arguments in (["roles", "create", "auditor", "-p", "read"], ["roles", "add", email, "auditor"],
                          ["roles", "remove", email, "operator"], ["roles", "add_permissions", "auditor", "list,see"]):
            self.assertEqual(self.there.cli(arguments=arguments)["code"], 0)
        self.assertEqual(self.here.show(email)["roles"], ["auditor"])
        self.here.ctl("roles", "remove-permissions", "auditor", "see")
        self.assertEqual(self.there.state(email=email)["permissions"], ["list", "read"])
        self.here.ctl("roles", "remove", email, "auditor")
        self.assertEqual(self.there.state(email=email)["roles"], [])

    def test_a_role_given_on_both_sides_can_be_taken_away_again(self):
        # The same pair twice in roles_users would make the account undeletable there (StaleDataError).
        self.start()
        email = self.made_there()
        self.there.add_role(email=email, role="operator")
        self.here.ctl("roles", "add", email, "operator", status=2)
        self.assertEqual(len(self.sql("SELECT * FROM roles_users")), 1)
        self.there.delete_user(email=email)
        self.assertEqual(self.sql("SELECT * FROM roles_users"), [])

    @covers("account status", reads=False)
    def test_reset_access_takes_the_same_away_on_both_sides(self):
        self.start()
        taken = ("us_totp_secrets", "us_phone_number", "tf_primary_method", "tf_totp_secret", "tf_phone_number",
                 "mf_recovery_codes")
        results = {}
        for side in ("here", "there"):
            email = self.made_there(f"{side}@example.org")
            session = self.signed_in_there(email)
            self.enrolled_there(session, email)
            self.there.post(session, "/mf-recovery-codes", {})
            before = self.there.state(email=email)
            if side == "here":
                self.here.ctl("users", "reset-access", email)
            else:
                self.there.reset_access(email=email)
            self.assertFalse(self.there.is_signed_in(session, email))
            after = self.there.state(email=email)
            self.assertNotEqual(after["fs_uniquifier"], before["fs_uniquifier"])
            self.assertEqual(after["password"], before["password"])
            results[side] = {column: self.column(email, column) for column in taken}
            self.assert_in_here(email, PASSWORD)
        self.assertEqual(results["here"], results["there"])

    @covers("account row", reads=True)
    @covers("account row", reads=False)
    def test_deletion_counts_on_both_sides(self):
        self.start()
        self.made_there("ann@example.org")
        self.made_here("bob@example.org")
        self.there.add_role(email="bob@example.org", role="operator")
        self.here.ctl("users", "delete", "ann@example.org", "--yes")
        self.assertIsNone(self.there.state(email="ann@example.org"))
        self.there.delete_user(email="bob@example.org")
        self.assert_out_here("bob@example.org", PASSWORD, "unknown-account")
        self.assertEqual(self.sql("SELECT * FROM roles_users"), [])


@both_releases
class Passwords:
    def test_a_change_here_ends_what_was_open_there(self):
        changes = {
            "C ABI": lambda email: self.here.set_password(email, NEW_PASSWORD),
            "securityctl": lambda email: self.here.ctl(
                "users", "set-password", email, "--password-stdin", stdin=NEW_PASSWORD),
        }
        self.start()
        for number, (name, change) in enumerate(changes.items()):
            with self.subTest(name):
                email = self.made_there(f"u{number}@example.org")
                session = self.session()
                answer = self.there.post(session, "/login?include_auth_token",
                                         {"email": email, "password": PASSWORD, "remember": True})
                token = answer["user"]["authentication_token"]
                before = self.there.state(email=email)
                change(email)
                after = self.there.state(email=email)
                self.assertNotEqual(after["fs_uniquifier"], before["fs_uniquifier"])
                self.assertGreater(after["update_datetime"], before["update_datetime"])
                self.assertEqual(after["fs_uniquifier"], self.here.uniquifier(email))
                self.assertFalse(self.there.is_signed_in(session, email), "session or remember cookie")
                self.assertEqual(self.there.get(self.session(), "/private", token=token)["status"], 401)
                self.assert_out_there(email, PASSWORD)
                self.assert_in_there(email, NEW_PASSWORD)
                renewed = self.there.post(self.session(), "/login?include_auth_token",
                                          {"email": email, "password": NEW_PASSWORD})
                token = renewed["user"]["authentication_token"]
                self.assertEqual(self.there.get(self.session(), "/private", token=token)["status"], 200)

    def test_a_change_there_counts_here(self):
        self.start()
        email = self.made_here()
        before = self.here.uniquifier(email)
        answer = self.there.post(self.signed_in_there(email), "/change", {
            "password": PASSWORD, "new_password": NEW_PASSWORD, "new_password_confirm": NEW_PASSWORD})
        self.assertEqual(answer["status"], 200, answer)
        self.assertNotEqual(self.here.uniquifier(email), before)
        self.assert_out_here(email, PASSWORD, "wrong-password")
        self.assert_in_here(email, NEW_PASSWORD)
        self.there.cli(arguments=["users", "change_password", email, "--password", PASSWORD])
        self.assert_in_here(email, PASSWORD)

    def test_both_sides_refuse_the_same_new_passwords(self):
        self.start()
        email = self.made_here()
        session = self.signed_in_there(email)
        # Seven characters; eight after NFKD; the longest, and one more.
        for password, is_taken in (("seven c", False), ("ﬁve six", True), ("y" * 128, True), ("y" * 129, False)):
            with self.subTest(password=password):
                answer = self.there.post(session, "/change", {
                    "password": PASSWORD, "new_password": password, "new_password_confirm": password})
                self.assertEqual(answer["status"], 200 if is_taken else 400, answer)
                self.here.ctl("users", "set-password", email, "--password-stdin", stdin=password,
                              status=0 if is_taken else 2)
                self.here.set_password(email, PASSWORD)
                session = self.signed_in_there(email)


@both_releases
class Tracking:
    @covers("sign-in tracking", reads=False)
    def test_a_login_here_is_read_there(self):
        self.start()
        email = self.made_there()
        self.assertEqual(self.here.login(email, PASSWORD, address="192.0.2.10"), "granted")
        first = self.there.state(email=email)
        self.assertEqual((first["login_count"], first["current_login_ip"]), (1, "192.0.2.10"))
        self.assertEqual(first["last_login_at"], first["current_login_at"])
        self.assertEqual(self.here.login(email, PASSWORD, address="2001:db8::7"), "granted")
        second = self.there.state(email=email)
        self.assertEqual(second["login_count"], 2)
        self.assertEqual((second["last_login_ip"], second["current_login_ip"]), ("192.0.2.10", "2001:db8::7"))
        self.assertEqual(second["last_login_at"], first["current_login_at"])
        age = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) - datetime.datetime.fromisoformat(
            second["current_login_at"])
        self.assertLess(abs(age), datetime.timedelta(minutes=5), "not UTC")

    @covers("sign-in tracking", reads=True)
    @covers("sign-in tracking", reads=False)
    def test_sign_ins_there_and_here_make_one_history(self):
        self.start()
        email = self.made_here()
        self.assert_in_there(email, PASSWORD, address="192.0.2.1")
        there = self.there.state(email=email)
        self.assertEqual(self.here.login(email, PASSWORD, address="192.0.2.2"), "granted")
        self.assert_in_there(email, PASSWORD, address="192.0.2.3")
        state = self.there.state(email=email)
        self.assertEqual(state["login_count"], 3)
        self.assertEqual((state["last_login_ip"], state["current_login_ip"]), ("192.0.2.2", "192.0.2.3"))
        self.assertLess(there["current_login_at"], state["last_login_at"])
        shown = self.here.show(email)
        for name in ("login_count", "last_login_ip", "current_login_ip"):
            self.assertEqual(shown[name], state[name])
        for name in ("last_login_at", "current_login_at", "confirmed_at", "create_datetime"):
            self.assertEqual(shown[name].replace("T", " ").rstrip("Z")[:19], state[name][:19])

    @covers("dates and times", reads=False)
    def test_every_time_that_is_written_here_has_the_form_of_sqlalchemy(self):
        self.start()
        email = self.made_here()
        self.assert_in_here(email, PASSWORD)
        self.here.ctl("users", "set-password", email, "--password-stdin", stdin=NEW_PASSWORD)
        for name in ("confirmed_at", "last_login_at", "current_login_at", "update_datetime"):
            self.assertRegex(self.column(email, name), r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$", name)


if __name__ == "__main__":
    unittest.main()
