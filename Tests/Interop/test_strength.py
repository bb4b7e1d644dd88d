"""New passwords: both sides refuse and accept the same ones by zxcvbn's score, with the same warning."""
import json
import pathlib
import secrets
import subprocess
import unicodedata

import case
from case import both_releases
from coverage import covers
from native import TOO_SIMPLE

MAKER = pathlib.Path(__file__).resolve().parent.parent / "Vectors/make-strength.py"
VECTORS = MAKER.parent / "strength.jsonl"
COUNT = 200
# zxcvbn 4.5.0 raises for longer ones.
LONGEST = 72


@both_releases
class Strength:
    def configure(self, score):
        words = case.library().dist / "share/libsecurity/zxcvbn.dat"
        self.start(SECURITY_PASSWORD_COMPLEXITY_CHECKER="zxcvbn", SECURITY_ZXCVBN_MINIMUM_SCORE=score,
                   LIBSECURITY_ZXCVBN_FILE=str(words))

    def fresh(self):
        """Passwords that no test saw before, and the seed that makes them again."""
        seed = secrets.randbelow(1 << 31)
        target = self.folder / "fresh.jsonl"
        subprocess.run([self.there.python, MAKER, target, str(COUNT), str(seed)], check=True, timeout=300)
        rows = [json.loads(line) for line in target.read_text().splitlines()[1:]]
        return seed, [row[0] for row in rows if len(unicodedata.normalize("NFKD", row[0])) <= LONGEST]

    def assert_alike(self, password, **facts):
        there = self.there.complexity(password=password, **facts)
        flaws, text = self.here.judge(password, **facts)
        self.assertEqual(bool(flaws & TOO_SIMPLE), bool(there), f"{there}, and here: {text}")
        for message in there or []:
            self.assertIn(message, text)

    @covers("zxcvbn: score and warning of new passwords", reads=True)
    def test_fresh_passwords_have_the_same_verdict_and_warning_at_every_score(self):
        seed, passwords = self.fresh()
        self.assertGreater(len(passwords), COUNT // 2)
        for score in (1, 2, 3, 4):
            self.configure(score)
            for password in passwords:
                with self.subTest(password=password, score=score, seed=seed):
                    self.assert_alike(password)

    def test_the_advice_of_the_built_library_is_that_of_the_vectors(self):
        # The unit tests judge the ordinary build; what is shipped is another one, of another optimizer.
        sentences, *rows = [json.loads(line) for line in VECTORS.read_text().splitlines()]
        self.configure(4)
        judged = 0
        for password, words, score, _, warning, suggestions in rows:
            if words or score > 3 or unicodedata.normalize("NFKD", password) != password:
                continue
            _, text = self.here.judge(password)
            wanted = {sentences[number] for number in [warning, *suggestions] if number >= 0}
            said = set()
            for sentence in sorted(sentences, key=len, reverse=True):
                if sentence in text:
                    said.add(sentence)
                    text = text.replace(sentence, "")
            if said != wanted:
                self.fail(f"{password!r}: {said - wanted} too much, {wanted - said} missing")
            judged += 1
        self.assertGreater(judged, 1500)

    @covers("zxcvbn: words of the user", reads=True)
    def test_the_mail_address_and_the_user_name_count_for_little(self):
        facts = {"email": "Zaphod.Quux@example.org", "username": "zaphodquux"}
        self.configure(3)
        for password in ("zaphodquux", "ZaphodQuux", "z4ph0dquux", "xuuqdohpaz", "zaphod.quux@example.org",
                         "zaphodquux1991", "zaphodquuxzaphodquux", "somebody else entirely"):
            with self.subTest(password):
                self.assert_alike(password, **facts)
