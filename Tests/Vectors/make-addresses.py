#!/usr/bin/env python3
"""Writes email-addresses.json: make-addresses.py <tests/test_syntax.py of email_validator> > email-addresses.json

Run it with Python 3.11, email-validator 2.4.0, idna 3.20 and pytest. Rows: [address, arguments, normalised form or
null, sentence of the error or null]; first every call that the package's own tests of syntax make, then addresses that
are changed at random from a fixed seed.
"""
import contextlib
import json
import random
import sys
import unicodedata

import email_validator
import pytest

ARGUMENTS = ["allow_smtputf8", "allow_empty_local", "allow_quoted_local", "allow_domain_literal", "allow_display_name",
             "strict", "globally_deliverable", "test_environment"]
OPEN = {name: True for name in ARGUMENTS[1:5]}
real, rows, seen = email_validator.validate_email, [], set()


def judge(address, arguments):
    key = json.dumps([address, arguments], sort_keys=True)
    if key in seen or any(0xD800 <= ord(character) < 0xE000 for character in address) or len(address) > 1000:
        return
    # What this Python's Unicode does not know yet is another question: Tests/SecurityCoreTests/UnicodeTests.swift.
    if any(unicodedata.category(character) == "Cn" for character in address):
        return
    seen.add(key)
    try:
        rows.append([address, arguments, real(address, check_deliverability=False, **arguments).normalized, None])
    except email_validator.EmailSyntaxError as error:
        rows.append([address, arguments, None, str(error)])


def recorded(address, **arguments):
    if isinstance(address, str):
        judge(address, {name: value for name, value in arguments.items() if name in ARGUMENTS and value is not None})
    return real(address, **arguments)


email_validator.validate_email = recorded
with contextlib.redirect_stdout(sys.stderr):
    # One of them expects how Python 3.13 writes ::ffff:1.2.3.4.
    pytest.main(["-q", "-p", "no:cacheprovider", sys.argv[1]])
published = len(rows)
LETTERS = list("abzAZ019.@-_+ \"\\<>[]()&'%:;,/~") + list(
    "éÉßẞſıİçñαςΣдЖאבגاب١٢۱۲ペー・中文臺網한글ｅＸ．。｡①⒈№℀ﬁ̸़्̈̀ͅ‌‍٠۰·l׳״ʹ͵𝐚𐐀😀☃ \u00a0\u200b\u00ad\u0640\u1806\uff0d\u30fb\u3164\ufe0f")
WORDS = ["xn--", "xn--bcher-kva", "xn--fiqs8s", "xn--1ch", "xn--4dbcagdahymbxekheh6e0a7fei0b", "xn--a-ecp", "--", "..", ".test",
         ".local", ".arpa", "test", "IPv6:", "::1", "127.0.0.1", "[127.0.0.1]", "[IPv6:2001:db8::ff00:42:8329]", "Postmaster",
         "\"a b\"", "Ann <", ">", "example.org", "bücher.example", "भारत.org", "ab--c", "l·l", "א1", "١a", "x" * 40]
SEEDS = ["ann@example.org", "jörg.é@bücher.example", "ann@臺網中心.tw", "\"a b\"@example.org", "ann@[IPv6:::1]", "Info@EXAMPLE.com",
         "Ann Lee <ann@example.org>", "ann@xn--bcher-kva.example", "ann@אבג.co.il", "a@نامه‌ای.com", "ann@l·l.example", "a@अक्‍ष.org"]
chance = random.Random(5)
while len(rows) < published + 3000:
    text = chance.choice(SEEDS)
    for _ in range(chance.randint(1, 4)):
        place = chance.randint(0, len(text))
        piece = chance.choice(WORDS) if chance.random() < 0.25 else chance.choice(LETTERS)
        cut = chance.randint(0, 2)
        text = text[:place] + piece * (chance.choice([1, 1, 1, 1, 2, 64])) + text[place + cut:]
    judge(text, chance.choice([{}, {}, OPEN, {chance.choice(ARGUMENTS): chance.random() < 0.5}]))
for start in range(0x80, 0x30000, 149):
    judge(f"a@b{chr(start)}c.org", {})
    judge(f"b{chr(start + 11)}c@x.org", {})
for start in range(0x80, 0x3000, 11):
    judge(f"a@{chr(start)}.org", {})
print("[")
print(",\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
print("]")
print(f"{published} published, {len(rows)} in all", file=sys.stderr)
