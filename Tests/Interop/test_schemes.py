"""Every password scheme that passlib and libsecurity share, in both directions and in every form that passlib writes."""
import json
import subprocess
import unittest
from pathlib import Path

from case import PASSWORD, both_releases
from coverage import covers
from peer import PeerError

VECTORS = Path(__file__).resolve().parent.parent / "Vectors"
# The options of each scheme, low costs first; names without their "scheme__".
FORMS = {
    "bcrypt": [{"rounds": 4}, {"rounds": 5, "ident": "2a"}],
    "argon2": [{"rounds": 1, "memory_cost": 64, "parallelism": 2}],
    "des_crypt": [{}],
    "pbkdf2_sha256": [{"rounds": 20}],
    "pbkdf2_sha512": [{"rounds": 20}],
    "sha256_crypt": [{"rounds": 1000}],
    "sha512_crypt": [{"rounds": 1000}],
    "scrypt": [{"rounds": 4}, {"rounds": 3, "block_size": 2, "parallelism": 3}, {"rounds": 4, "ident": "$7$"},
               {"rounds": 4, "salt_size": 40}],
    "django_argon2": [{"rounds": 1, "memory_cost": 64, "parallelism": 2}],
    "django_bcrypt": [{"rounds": 4}, {"rounds": 4, "ident": "2y"}],
    "django_bcrypt_sha256": [{"rounds": 4}, {"rounds": 5}],
    "django_pbkdf2_sha256": [{"rounds": 20}, {"rounds": 21, "salt_size": 20}],
    "django_pbkdf2_sha1": [{"rounds": 20}],
    "django_salted_md5": [{}, {"salt_size": 8}],
    "django_salted_sha1": [{}],
    "django_des_crypt": [{}],
}


def all_schemes(reads):
    """Marks a test that goes through all of them."""

    def mark(test):
        for scheme in FORMS:
            test = covers(f"password hash: {scheme}", reads=reads)(test)
        return test

    return mark


@both_releases
class EveryScheme:
    def begin(self, scheme, options, single):
        self.start(
            SECURITY_PASSWORD_HASH=scheme, SECURITY_PASSWORD_SCHEMES=[scheme], SECURITY_PASSWORD_SINGLE_HASH=single,
            LIBSECURITY_THROTTLE=False,
            SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS={f"{scheme}__{name}": value for name, value in options.items()})

    def each(self, check):
        """Checks every form, of the password itself and of its HMAC, with a number for an address of its own."""
        number = 0
        for scheme, forms in FORMS.items():
            for options in forms:
                for single in (True, ["plaintext"]):
                    number += 1
                    # libpass hands bcrypt 5.0 the 88 characters of an HMAC, for which that raises.
                    if (self.release, scheme, single) == ("5.9.2", "django_bcrypt", ["plaintext"]):
                        continue
                    with self.subTest(scheme=scheme, options=options, single=single):
                        self.begin(scheme, options, single)
                        check(number)

    @all_schemes(reads=True)
    def test_a_hash_made_there_verifies_here_and_is_current(self):
        def check(number):
            email = self.made_there(f"t{number}@example.org")
            stored = self.column(email, "password")
            self.assert_in_here(email, PASSWORD)
            self.assert_out_here(email, "x" + PASSWORD, "wrong-password")
            self.assertEqual(self.column(email, "password"), stored, "a current hash is renewed")

        self.each(check)

    @all_schemes(reads=False)
    def test_a_hash_made_here_verifies_there_and_is_current(self):
        def check(number):
            email = self.made_here(f"h{number}@example.org")
            stored = self.column(email, "password")
            self.assertTrue(self.there.verify(email=email, password=PASSWORD), stored)
            self.assertFalse(self.there.verify(email=email, password="x" + PASSWORD), stored)
            self.assertEqual(self.column(email, "password"), stored, "passlib finds the hash out of date")

        self.each(check)

    @all_schemes(reads=True)
    def test_both_sides_judge_damaged_hashes_alike(self):
        made = subprocess.run([self.there.python, VECTORS / "mutate-hashes.py", "1", "20"], check=True, text=True,
                              stdout=subprocess.PIPE)
        rows = [line.split("\t") for line in made.stdout.splitlines()]
        for scheme in FORMS:
            self.start(SECURITY_PASSWORD_HASH=scheme, SECURITY_PASSWORD_SCHEMES=[scheme],
                       SECURITY_PASSWORD_SINGLE_HASH=True, LIBSECURITY_THROTTLE=False)
            email = self.made_there(f"{scheme}@example.org")
            for _, verdict, stored in (row for row in rows if row[0] == scheme and row[2] != '""'):
                with self.subTest(scheme=scheme, stored=stored):
                    expected = {"match": "granted", "due": "granted", "mismatch": "wrong-password"}
                    self.sql('UPDATE "user" SET password = ? WHERE email = ?', json.loads(stored), email)
                    found = self.here.login(email, "pass word")
                    self.assertEqual(found, expected.get(verdict, "unusable-password"))


@both_releases
class Yescrypt:
    STORED = "$y$j75$BqRjLUFq0FfJ3qS5$LcT6ScbFo4V05Awb2djc/686oUpL/LrpwnHj2AW04Z0"

    def test_a_hash_of_a_host_is_renewed_here_so_that_the_other_side_reads_it(self):
        self.start(SECURITY_PASSWORD_SCHEMES=["bcrypt"], LIBSECURITY_PASSWORD_SCHEMES=["yescrypt"])
        email = self.made_there()
        self.sql('UPDATE "user" SET password = ? WHERE email = ?', self.STORED, email)
        with self.assertRaises(PeerError):
            self.there.verify(email=email, password="x")
        self.assert_out_here(email, "y", "wrong-password")
        self.assert_in_here(email, "x")
        self.assertTrue(self.column(email, "password").startswith("$2b$"))
        self.assertTrue(self.there.verify(email=email, password="x"))


if __name__ == "__main__":
    unittest.main()
