"""token inspect: what it tells of tokens and cookies, and what it never shows."""

import base64
import hashlib
import hmac
import json
import time
import unittest

from harness import SETTINGS, SiteTest

KEY = SETTINGS["SECRET_KEY"].strip('"')
DAY = 86_400
WALLET = '{"enckey":{"c":14,"k":"CGQOUHUBQFRYZ3V3F5DQGUYBG3JXJFVF"},"type":"totp","v":1}'


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(payload, salt, age=0, key=KEY):
    """itsdangerous's form (Flask-Security's tokens); of salt cookie-session Flask's."""
    is_cookie = salt == "cookie-session"
    derived = hmac.new(key.encode(), salt.encode(), "sha1") if is_cookie else hashlib.sha1(
        f"{salt}signer{key}".encode())
    stamp = (int(time.time()) - age).to_bytes(4, "big")
    text = b64(json.dumps(payload, separators=(",", ":")).encode()) + "." + b64(stamp)
    return text + "." + b64(hmac.new(derived.digest(), text.encode(), "sha1").digest())


def refresh(name, ends_in=DAY):
    """A refresh token of 5.9: no time outside its payload."""
    now = time.time()
    text = b64(json.dumps({"ver": "1", "uid": name, "expires_at": now + ends_in, "last_used_at": now - 60, "name": "default",
                           "family": "f00d", "gen": 3}).encode())
    derived = hashlib.sha1(f"refresh-token-saltsigner{KEY}".encode()).digest()
    return text + "." + b64(hmac.new(derived, text.encode(), "sha1").digest())


class Inspect(SiteTest):
    def setUp(self):
        super().setUp()
        self.create("ann@example.org", "--active")
        self.ann = self.user("ann@example.org")
        self.name = self.ann["fs_uniquifier"]

    def inspect(self, token):
        return self.succeed("token", "inspect", "--json", stdin=token.encode()).json

    def md5(self, text):
        return hashlib.md5(text.encode()).hexdigest()

    def test_kinds_are_told_apart(self):
        name, remembered = self.name, hmac.new(KEY.encode(), self.name.encode(), "sha512").hexdigest()
        for token, kind in (
                (signed([name, self.md5("ann@example.org")], "confirm-salt"), "confirmation link"),
                (signed([name, self.md5(self.ann["password"])], "reset-salt"), "reset link"),
                (signed([name], "login-salt"), "sign-in link"),
                (signed([name], "remember-salt"), "authentication token"),
                (signed({"ver": "5", "uid": name, "fs_paa": 1.5, "exp": 0}, "remember-salt"), "authentication token"),
                (f"{name}|{remembered}", "remember cookie"),
                (signed({"_user_id": name, "fs_paa": time.time()}, "cookie-session"), "session cookie"),
                (signed([name, self.md5("ann@example.org"), "new@example.org"], "change-email-salt"),
                 "change-of-address link"),
                (refresh(name), "refresh token"),
                (signed(name, "tf-validity-salt"), "two-factor validity token")):
            with self.subTest(kind):
                found = self.inspect(token + "\n")
                self.assertEqual((found["kind"], found["verdict"]), (kind, "valid"))
                self.assertEqual((found["account"], found["email"]), (self.ann["id"], "ann@example.org"))

    def test_verdicts_are_told_apart(self):
        link = signed([self.name, self.md5("ann@example.org")], "confirm-salt", age=6 * DAY)
        found = self.inspect(link)
        self.assertEqual((found["verdict"], found["account"]), ("expired", self.ann["id"]))
        self.assertEqual(found["expires_at"], found["issued_at"] + 5 * DAY)
        self.assertEqual(self.inspect(signed(["nobody"], "login-salt"))["verdict"], "unknown-account")
        changed = self.inspect(signed([self.name, self.md5("older@example.org")], "confirm-salt"))
        self.assertEqual(changed["verdict"], "changed")
        self.assertEqual(changed["remarks"], {"is for the present address": "no"})
        self.succeed("users", "deactivate", "ann@example.org")
        self.assertEqual(self.inspect(signed([self.name], "login-salt"))["verdict"], "inactive")

    def test_a_refresh_token_ends_by_what_it_says(self):
        found = self.inspect(refresh(self.name, ends_in=-10))
        self.assertEqual((found["verdict"], found["account"]), ("expired", self.ann["id"]))
        self.assertEqual((found["remarks"]["family"], found["remarks"]["number in it"]), ("f00d", "3"))

    def test_a_csrf_token_is_nobodys_and_is_not_shown(self):
        found = self.inspect(signed("c5" * 20, "wtf-csrf-token"))
        self.assertEqual((found["kind"], found["verdict"], found["account"]), ("CSRF token", "valid", None))
        self.assertNotIn("c5" * 20, json.dumps(found))
        self.assertEqual(self.inspect(signed("c5" * 20, "wtf-csrf-token", age=3700))["verdict"], "expired")
        other = "a key for CSRF tokens alone, 0123456789abcdef"
        self.configure(WTF_CSRF_SECRET_KEY=f'"{other}"', WTF_CSRF_TIME_LIMIT='""')
        out = self.succeed("token", "inspect",
                           stdin=signed("c5" * 20, "wtf-csrf-token", age=9 * DAY, key=other).encode()).out
        self.assertRegex(out, r"signed with: +WTF_CSRF_SECRET_KEY\n")
        self.assertNotIn(other, out)

    def test_no_secret_is_shown(self):
        state = signed({"totp_secret": WALLET, "chosen_method": "authenticator", "phone_number": None}, "us-setup-salt")
        session = signed({"_user_id": self.name, "csrf_token": "c5" * 20, "tf_totp_secret": WALLET}, "cookie-session")
        reset = signed([self.name, self.md5(self.ann["password"])], "reset-salt")
        for token in (state, session, reset):
            for options in ((), ("--json",)):
                out = self.succeed("token", "inspect", *options, stdin=token.encode()).out
                for secret in ("CGQOUHUBQFRYZ3V3F5DQGUYBG3JXJFVF", "c5" * 20, self.md5(self.ann["password"]),
                               self.ann["password"], KEY):
                    self.assertNotIn(secret, out)
        self.assertIn("authenticator", self.succeed("token", "inspect", stdin=state.encode()).out)

    def test_the_key_is_named_and_never_shown(self):
        older = "an older key of the site, 0123456789abcdef"
        self.configure(SECRET_KEY_FALLBACKS=f'["{older}"]')
        out = self.succeed("token", "inspect", stdin=signed([self.name], "login-salt", key=older).encode()).out
        self.assertRegex(out, r"signed with: +SECRET_KEY_FALLBACKS, number 1\n")
        self.assertNotIn(older, out)
        self.assertRegex(self.succeed("token", "inspect", stdin=signed([self.name], "login-salt").encode()).out,
                         r"signed with: +SECRET_KEY\n")

    def test_a_link_is_not_used_up(self):
        link = signed([self.name], "login-salt").encode()
        for _ in range(2):
            self.assertEqual(self.inspect(link.decode())["verdict"], "valid")
        self.assertEqual(self.rows("SELECT 1 FROM sqlite_master WHERE name = 'lsec_spent_token'"), [])

    def test_a_token_may_be_an_argument(self):
        out = self.succeed("token", "inspect", signed([self.name], "login-salt")).out
        self.assertRegex(out, r"verdict: +valid\n")

    def test_what_nobody_signed_is_not_explained(self):
        for token in ("", "x", "a.b.c", signed([self.name], "login-salt", key="another key"),
                      signed([self.name], "another-salt"), "A" * 16_000):
            self.fail_with(1, "no key of the configuration has signed this", "token", "inspect", stdin=token.encode())
        self.fail_with(1, "longer than a token can be", "token", "inspect", stdin=b"A" * 20_000)


if __name__ == "__main__":
    unittest.main()
