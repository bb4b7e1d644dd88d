"""The sample database, which Flask-Security 5.0.2 made: every account gets the same answer on both sides."""
import base64
import json
import shutil
import tomllib
import unittest

from case import HERE, both_releases
from codes import code, now
from coverage import covers

VECTORS = HERE.parent / "Vectors"
# Who signs in nowhere with what is typed: the reason. grace has a security key, which no test types.
REFUSED = {"dan@example.org": "inactive", "eve@example.org": "unconfirmed", "frank@example.org": "no-password",
           "grace@example.org": "no-usable-factor"}


@both_releases
class Sample:
    @covers(["database file", "one-time code by SMS"], reads=True)
    def test_every_account_gets_the_same_answer_on_both_sides(self):
        shutil.copy(VECTORS / "sample.db", self.database)
        keys = tomllib.loads((VECTORS / "sample.toml").read_text())
        self.start(model="fsqla_v3", **{**keys, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{self.database}"})
        accounts = json.loads((VECTORS / "sample-db.json").read_text())["users"]
        self.assertEqual(len(accounts), 12)
        for account in accounts:
            email, password = account["email"], account["password"] or "anything"
            with self.subTest(email):
                typed = code_of(account.get("tf_key_hex", "00" * 20))
                verdict = REFUSED.get(email, "granted")
                # First here: the hash that is renewed now must satisfy the other side.
                self.assertEqual(self.here.login(email, password, typed), verdict)
                second = typed if "tf_key_hex" in account else None
                self.assertEqual(self.there.login(self.session(), email, password, code=second), verdict == "granted")
                self.assertNotEqual(self.here.login(email, password + "x", typed), "granted")

    @covers("account row", reads=True)
    def test_every_account_is_listed_as_the_application_sees_it(self):
        shutil.copy(VECTORS / "sample.db", self.database)
        self.start(model="fsqla_v3")
        listed = json.loads(self.here.ctl("users", "list", "--json"))
        for row in listed:
            state = self.there.state(email=row["email"])
            for name in ("id", "username", "active", "tf_primary_method", "roles"):
                self.assertEqual(row[name], state[name], (row["email"], name))
            self.assertEqual(row["recovery_codes"], len(state["mf_recovery_codes"] or []))
            self.assertEqual(row["login_count"], state["login_count"] or 0)


def code_of(key_hex):
    return code(base64.b32encode(bytes.fromhex(key_hex)).decode(), now())


if __name__ == "__main__":
    unittest.main()
