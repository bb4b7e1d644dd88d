#!/usr/bin/env python3
"""Writes password-mutations.txt: stored strings, most of them damaged, and what passlib makes of each.

    python mutate-hashes.py SEED COUNT > password-mutations.txt

COUNT strings a scheme. Columns, separated by tabs: the scheme, alone in the list; what came of it; the string as JSON.
    none      no scheme of the list recognises it
    error     passlib raises an exception
    mismatch  the password is another one
    match     the password is right
    due       the password is right, and the hash is to be renewed under OPTIONS
    lenient   passlib computes it, though it is no form that anything writes, and libsecurity finds it malformed:
              - numbers as Python's int() takes them: "+2", "1 ", "1_0", and for scrypt "02";
              - base64 with padding, or with characters that Python's decoder skips;
              - an argon2 version that does not exist, computed as one that does.
Strings whose check would take long are left out.
"""
import json
import logging
import random
import re
import sys
import warnings

from passlib.context import CryptContext
from passlib.registry import get_crypt_handler

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
PASSWORD = "pass word"
COSTS = {
    "bcrypt": [{"rounds": 4}, {"rounds": 4, "ident": "2a"}, {"rounds": 5, "ident": "2y"}, {"rounds": 4, "ident": "2"}],
    "argon2": [{"rounds": 1, "memory_cost": 32, "parallelism": 2}, {"rounds": 2, "memory_cost": 16, "parallelism": 1},
               {"rounds": 1, "memory_cost": 32, "parallelism": 1, "type": "I"},
               {"rounds": 1, "memory_cost": 32, "parallelism": 1, "type": "D"}],
    "des_crypt": [{}],
    "pbkdf2_sha256": [{"rounds": 7}, {"rounds": 12, "salt_size": 5}],
    "pbkdf2_sha512": [{"rounds": 7}, {"rounds": 12, "salt_size": 5}],
    "sha256_crypt": [{"rounds": 1000}, {"rounds": 5000, "salt_size": 3}],
    "sha512_crypt": [{"rounds": 1000}, {"rounds": 5000, "salt_size": 3}],
    "scrypt": [{"rounds": 2}, {"rounds": 3, "block_size": 2, "parallelism": 2}, {"rounds": 2, "ident": "$7$"},
               {"rounds": 4, "block_size": 1, "parallelism": 3, "ident": "$7$", "salt_size": 1}],
    "django_argon2": [{"rounds": 1, "memory_cost": 32, "parallelism": 2}],
    "django_bcrypt": [{"rounds": 4}, {"rounds": 4, "ident": "2a"}],
    "django_bcrypt_sha256": [{"rounds": 4}, {"rounds": 5, "ident": "2a"}],
    "django_pbkdf2_sha256": [{"rounds": 7}, {"rounds": 12, "salt_size": 5}],
    "django_pbkdf2_sha1": [{"rounds": 7}, {"rounds": 12, "salt_size": 5}],
    "django_salted_md5": [{}, {"salt_size": 3}],
    "django_salted_sha1": [{}, {"salt_size": 3}],
    "django_des_crypt": [{}],
}
# What is current, as SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS: another cost, or another memory, is due.
OPTIONS = {
    "bcrypt": {"rounds": 4}, "argon2": {"rounds": 1, "memory_cost": 32, "parallelism": 2},
    "pbkdf2_sha256": {"rounds": 7}, "pbkdf2_sha512": {"min_rounds": 10}, "sha256_crypt": {"rounds": 1000},
    "sha512_crypt": {"max_rounds": 4000}, "scrypt": {"rounds": 2}, "django_argon2": {"rounds": 1, "memory_cost": 32, "parallelism": 2},
    "django_bcrypt": {"rounds": 4}, "django_bcrypt_sha256": {"rounds": 4}, "django_pbkdf2_sha256": {"rounds": 7},
    "django_pbkdf2_sha1": {"min_rounds": 10},
}
ALPHABET = "./+=-_,$:;!*~ 0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ\té"


def mutated(pick, stored, others):
    """A copy with one to three changes, of the kinds that fields, numbers, alphabets and lengths have to withstand."""
    for _ in range(pick.choice((1, 1, 1, 2, 3))):
        place = pick.randrange(len(stored) + 1)
        kind = pick.randrange(12)
        fields = stored.split("$")
        if kind < 3 and stored:
            stored = stored[:place] + pick.choice(ALPHABET) + stored[place + 1:]
        elif kind == 3:
            stored = stored[:place] + pick.choice(ALPHABET) + stored[place:]
        elif kind == 4:
            stored = stored[:place] + stored[place + 1:]
        elif kind == 5:
            stored = stored[:place]
        elif kind == 6:
            field = pick.randrange(len(fields))
            fields[field] = pick.choice(("", "0", "1", "2", "12", "007", fields[field] * 2, fields[field].swapcase()))
            stored = "$".join(fields)
        elif kind == 7:
            del fields[pick.randrange(len(fields))]
            stored = "$".join(fields)
        elif kind == 8:
            fields.insert(pick.randrange(len(fields) + 1), pick.choice(fields))
            stored = "$".join(fields)
        elif kind == 9:
            numbers = list(re.finditer(r"\d+", stored[:40]))
            if numbers:
                number = pick.choice(numbers)
                new = pick.choice(("0", "1", "3", "8", "16", "31", "64", "0" + number[0], "-1", str(int(number[0]) + 1)))
                stored = stored[:number.start()] + new + stored[number.end():]
        elif kind == 10:
            # The last character of a field holds unused bits.
            field = pick.randrange(len(fields))
            if fields[field]:
                fields[field] = fields[field][:-1] + pick.choice(ALPHABET[13:-2])
            stored = "$".join(fields)
        else:
            other = pick.choice(others).split("$")
            at = pick.randrange(min(len(other), len(fields)))
            stored = "$".join(fields[:at] + other[at:])
    return stored


def is_cheap(stored):
    """Whether no number in it asks for much."""
    head = stored[:60]
    if "$7$" in head[:4]:
        order = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        numbers = [order.find(character) for character in stored[3:14]]
        small = len(numbers) == 11 and numbers[0] < 7 and 0 <= numbers[1] < 32 and 0 <= numbers[6] < 32
        return len(numbers) < 11 or small and all(number < 1 for number in numbers[2:6] + numbers[7:11])
    if "scrypt$" in head and any(int(n) > 40 for n in re.findall(r"(?:r|p)=(\d+)", head)):
        return False
    if "scrypt$" in head and any(int(n) > 7 for n in re.findall(r"ln=\D?(\d+)", head)):
        return False
    if "$2" in head and re.search(r"\$2.?\$(?!0?[0-5]\$)\d", head):
        return False
    if "argon2" in head and any(int(n) > 5000 for n in re.findall(r"\d+", head)):
        return False
    return all(int(number) <= 20000 for number in re.findall(r"(?:rounds=|sha\d+\$|t=|m=)\D?(\d+)", head))


def context(scheme):
    return CryptContext(schemes=[scheme], **{f"{scheme}__{name}": value for name, value in OPTIONS.get(scheme, {}).items()})


def verdict(checker, stored):
    try:
        if checker.identify(stored) is None:
            return "none"
        if not checker.verify(PASSWORD, stored):
            return "mismatch"
        return "due" if checker.needs_update(stored) else "match"
    except Exception:
        return "error"


def is_lenient(stored):
    """Whether only a lenient reader takes it for a hash."""
    fields = stored.split("$")
    if "argon2" in stored:
        return any(re.fullmatch(r"v=\d+", field) and field not in ("v=16", "v=19") for field in fields)
    if stored.startswith("$scrypt$"):
        numbers = re.fullmatch(r"ln=(.*?),r=(.*?),p=(.*)", fields[2])
        return (numbers and not all(re.fullmatch(r"0|[1-9]\d*", number) for number in numbers.groups())
                or re.search(r"[^A-Za-z0-9+/]", "".join(fields[3:])) is not None)
    if stored.startswith("$pbkdf2-"):
        return not re.fullmatch(r"[1-9]\d*", fields[2]) or re.search(r"[^A-Za-z0-9./+]", "".join(fields[3:])) is not None
    return stored.startswith("pbkdf2_") and not re.fullmatch(r"[1-9]\d*", fields[1])


def main(seed, count):
    pick = random.Random(seed)
    bases = {scheme: [get_crypt_handler(scheme).using(**options).hash(PASSWORD) for options in all_options for _ in range(2)]
             for scheme, all_options in COSTS.items()}
    everything = [stored for hashes in bases.values() for stored in hashes]
    for scheme, hashes in bases.items():
        checker = context(scheme)
        rows = list(hashes)
        seen = set(rows)
        while len(rows) < count:
            new = mutated(pick, pick.choice(hashes), everything)
            if new not in seen and "\0" not in new and is_cheap(new):
                seen.add(new)
                rows.append(new)
        for stored in rows:
            found = verdict(checker, stored)
            if found in ("match", "due", "mismatch") and is_lenient(stored):
                found = "lenient"
            print(scheme, found, json.dumps(stored, ensure_ascii=False), sep="\t")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
