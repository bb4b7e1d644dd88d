"""users totp enrol, status and remove, users recovery-codes."""
import json

import os
import re
import subprocess
import time

from harness import SiteTest, open_wallet, totp, unpad


def picture(text, scale=6):
    """A PGM image of the half blocks of a QR code: dark ink on a light ground."""
    blocks = {" ": (255, 255), "\u2588": (0, 0), "\u2580": (0, 255), "\u2584": (255, 0)}
    rows = []
    for line in text.splitlines():
        for half in (0, 1):
            rows += [b"".join(bytes([blocks[mark][half]]) * scale for mark in line)] * scale
    return b"P5 %d %d 255\n" % (len(rows[0]), len(rows)) + b"".join(rows)


class Enrolment(SiteTest):
    def setUp(self):
        super().setUp()
        self.create("ann@example.org", "--username", "annlee", "-a")

    def enrol(self, *options, stdin=b""):
        return self.succeed("users", "totp", "enrol", "ann@example.org", *options, stdin=stdin)

    def test_qr_code_uri_key_and_database_agree(self):
        text = self.enrol("--no-verify").out
        uri = re.search(r"^URI: (.*)$", text, re.M).group(1)
        key = re.search(r"^Key: (.*)$", text, re.M).group(1)
        self.assertRegex(key, r"^([A-Z2-7]{4}-){7}[A-Z2-7]{4}$")
        secret = key.replace("-", "")
        self.assertEqual(
            uri, f"otpauth://totp/Test%20Site:ann@example.org?secret={secret}&issuer=Test%20Site")
        image = os.path.join(self.folder, "code.pgm")
        with open(image, "wb") as file:
            file.write(picture(text[:text.index("URI:")]))
        scan = subprocess.run(["zbarimg", "-q", "--raw", image], capture_output=True, check=True)
        self.assertEqual(scan.stdout.decode().strip(), uri)
        row = self.user("ann@example.org")
        self.assertEqual(row["tf_primary_method"], "authenticator")
        self.assertEqual(open_wallet(row["tf_totp_secret"]), unpad(secret))

    def test_the_status_tells_the_seal_and_no_secret(self):
        key = self.enrol("--no-verify", "--json").json["key"]
        status = self.succeed("users", "totp", "status", "ann@example.org", "--json")
        self.assertEqual(
            status.json, {"method": "authenticator", "tag": "1", "cost": 14, "current": True, "unified": []})
        self.assertNotIn(key, status.out)
        text = self.succeed("users", "totp", "status", "ann@example.org").out
        self.assertIn("sealed with tag 1, cost 14", text)
        self.execute(f"""UPDATE user SET tf_totp_secret = '{{"key":"{key}","type":"totp","v":1}}'""")
        status = self.succeed("users", "totp", "status", "ann@example.org", "--json").json
        plain = {"method": "authenticator", "tag": None, "cost": None, "current": False}
        self.assertEqual(status, {**plain, "unified": []})
        self.execute("UPDATE user SET us_totp_secrets = json_object('authenticator', tf_totp_secret), tf_totp_secret = NULL")
        status = self.succeed("users", "totp", "status", "ann@example.org", "--json").json
        self.assertEqual(status, {"unified": [plain]})
        text = self.succeed("users", "totp", "status", "ann@example.org").out
        self.assertIn('Unified sign-in of user "ann@example.org" (authenticator): not encrypted.', text)
        self.assertNotIn(key, text)
        self.execute("UPDATE user SET us_totp_secrets = '{\"sms\": \"garbage\"}'")
        self.fail_with(1, "the unified sign-in secret (sms)", "users", "totp", "status", "ann@example.org")

    def test_check_names_each_secret_that_does_not_open_and_no_secret(self):
        self.assertNotIn("TOTP secret", self.ctl("check").out)
        key = self.enrol("--no-verify", "--json").json["key"]
        self.assertNotIn("TOTP secret", self.ctl("check").out)
        wallet = '{"enckey":{"c":14,"k":"AAAA","s":"AAAA","t":"7","v":1},"type":"totp","v":1}'
        plain = '{"key":"%s","type":"totp","v":1}' % key.replace("-", "").replace(" ", "")
        self.execute(f"UPDATE user SET tf_totp_secret = '{wallet}', us_totp_secrets = '{json.dumps({'sms': plain, 'email': wallet})}'")
        result = self.ctl("check")
        self.assertEqual(result.status, 1)
        self.assertIn("user ann@example.org (tf_totp_secret) was sealed with a tag", result.out)
        self.assertIn("user ann@example.org (us_totp_secrets, email) was sealed with a tag", result.out)
        self.assertEqual(result.out.count("TOTP secret"), 2)
        self.assertNotIn("AAAA", result.out)
        self.execute("UPDATE user SET tf_totp_secret = NULL, us_totp_secrets = '[]'")
        self.assertIn("(us_totp_secrets) is no JSON object", self.ctl("check").out)

    def test_the_status_tells_why_a_secret_does_not_open(self):
        self.fail_with(1, "has no TOTP secret", "users", "totp", "status", "ann@example.org")
        sealed = '{"enckey":{"c":%d,"k":"AAAA","s":"AAAA","t":"%s","v":%d},"type":"%s","v":1}'
        for source, reason in ((sealed % (14, "7", 1, "totp"), "SECURITY_TOTP_SECRETS"),
                               (sealed % (14, "1", 2, "totp"), "version"), (sealed % (14, "1", 1, "hotp"), "type"),
                               (sealed % (21, "1", 1, "totp"), "cost"), ("garbage", "damaged")):
            with self.subTest(source):
                self.execute(f"UPDATE user SET tf_primary_method = 'authenticator', tf_totp_secret = '{source}'")
                self.fail_with(1, reason, "users", "totp", "status", "ann@example.org")

    def test_the_code_has_a_quiet_zone_of_four_modules(self):
        lines = [line for line in self.enrol("--no-verify").out.splitlines() if not line.startswith(("URI", "Key", "Auth"))]
        self.assertEqual([line.strip() for line in lines[:2] + lines[-2:]], [""] * 4)
        self.assertTrue(all(line.startswith("    ") and line.endswith("    ") for line in lines))

    def test_json_holds_the_same_and_no_picture(self):
        enrolment = self.enrol("--no-verify", "--json").json
        self.assertEqual(enrolment["issuer"], "Test Site")
        self.assertIn("secret=" + enrolment["key"], enrolment["otpauth"])
        self.assertEqual(open_wallet(self.user("ann@example.org")["tf_totp_secret"]), unpad(enrolment["key"]))

    def test_without_a_right_first_code_nothing_is_stored(self):
        for typed in (b"", b"000000", b"000000\n111111\n222222\n333333\n", b"nonsense\n", b"1" * 300 + b"\n"):
            with self.subTest(typed[:20]):
                result = self.ctl("users", "totp", "enrol", "ann@example.org", "--no-qr", stdin=typed)
                self.assertEqual(result.status, 1)
                self.assertIn("nothing was stored", result.err)
                self.assertIsNone(self.user("ann@example.org")["tf_totp_secret"])

    def enrol_with_code(self, *options, wrong=b""):
        """Reads the key as it is shown and answers with its code."""
        import harness
        command = [harness.BINARY, "--config", self.config, "users", "totp", "enrol", "ann@example.org", "--no-qr",
                   *options]
        with subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                start_new_session=True) as process:
            line = process.stdout.readline().decode()
            key = unpad(re.search(r"secret=([A-Z2-7]+)", line).group(1))
            out, err = process.communicate(wrong + totp(key).encode() + b"\n", timeout=30)
        return process.returncode, out.decode(), err.decode(), key

    def test_a_right_first_code_stores_the_key_and_is_used_up(self):
        before = int(time.time()) // 30
        status, out, err, key = self.enrol_with_code()
        self.assertEqual(status, 0, err)
        self.assertIn('Authenticator app of user "ann@example.org" has been enrolled.', out)
        self.assertIn("recovery-codes ann@example.org", err)
        self.assertEqual(open_wallet(self.user("ann@example.org")["tf_totp_secret"]), key)
        (counter,) = self.rows("SELECT * FROM lsec_totp_counter")
        self.assertIn(counter["counter"], (before, before + 1))

    def test_a_right_code_after_a_wrong_one_is_in_time(self):
        status, _, err, _ = self.enrol_with_code(wrong=b"000000\n")
        self.assertEqual(status, 0, err)
        self.assertIn("Wrong code.", err)

    def test_a_second_factor_is_replaced_only_on_demand(self):
        first = self.enrol("--no-verify", "--json").json["key"]
        self.fail_with(1, "--replace", "users", "totp", "enrol", "ann@example.org", "--no-verify")
        second = self.enrol("--no-verify", "--json", "--replace").json["key"]
        self.assertNotEqual(first, second)
        self.assertEqual(open_wallet(self.user("ann@example.org")["tf_totp_secret"]), unpad(second))

    def test_the_factor_is_taken_away(self):
        self.enrol("--no-verify")
        result = self.succeed("users", "totp", "remove", "annlee")
        self.assertEqual(result.out, 'Second factor (authenticator) of user "annlee" has been removed.\n')
        row = self.user("ann@example.org")
        self.assertEqual((row["tf_primary_method"], row["tf_totp_secret"]), (None, None))
        self.fail_with(1, "has no second factor", "users", "totp", "remove", "annlee")

    def test_a_missing_secret_is_named(self):
        self.configure(SECURITY_TOTP_SECRETS=None, SECURITY_TWO_FACTOR=None)
        self.fail_with(3, "SECURITY_TOTP_SECRETS", "users", "totp", "enrol", "ann@example.org", "--no-verify")

    def test_a_method_that_is_not_enabled_is_not_set_up(self):
        self.configure(SECURITY_TWO_FACTOR_ENABLED_METHODS='["email"]')
        self.fail_with(3, "SECURITY_TWO_FACTOR_ENABLED_METHODS", "users", "totp", "enrol", "ann@example.org")

    def test_an_issuer_that_apps_cannot_read_is_named(self):
        self.configure(SECURITY_TOTP_ISSUER='"a:b"')
        self.fail_with(3, "SECURITY_TOTP_ISSUER", "users", "totp", "enrol", "ann@example.org", "--no-verify")

    def test_switched_off_factors_are_warned_of(self):
        self.configure(SECURITY_TWO_FACTOR="false")
        self.assertIn("SECURITY_TWO_FACTOR is false", self.enrol("--no-verify").err)

    def test_the_other_spelling_is_taken(self):
        self.succeed("users", "totp", "enroll", "ann@example.org", "--no-verify")


class RecoveryCodes(SiteTest):
    settings = {"SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": "7"}

    def setUp(self):
        super().setUp()
        self.create("ann@example.org")

    def test_codes_are_in_flask_securitys_form_and_in_its_column(self):
        codes = self.succeed("users", "recovery-codes", "ann@example.org").out.split()
        self.assertEqual(len(set(codes)), 7)
        for code in codes:
            self.assertRegex(code, r"^[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}$")
        self.assertEqual(self.user("ann@example.org")["mf_recovery_codes"].split(","), codes)

    def test_new_codes_end_the_old_ones(self):
        first = self.succeed("users", "recovery-codes", "ann@example.org", "--json").json
        second = self.succeed("users", "recovery_codes", "ann@example.org", "--json").json
        self.assertEqual(set(first) & set(second), set())
        self.assertEqual(self.user("ann@example.org")["mf_recovery_codes"].split(","), second)

    def test_codes_that_nobody_could_use_are_not_made(self):
        self.configure(SECURITY_MULTI_FACTOR_RECOVERY_CODES="false")
        self.fail_with(3, "SECURITY_MULTI_FACTOR_RECOVERY_CODES", "users", "recovery-codes", "ann@example.org")
        self.assertIsNone(self.user("ann@example.org")["mf_recovery_codes"])
