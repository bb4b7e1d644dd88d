#!/usr/bin/env python3
"""Makes token-mutations.json: what itsdangerous says of damaged and unusual tokens.

Usage: make-token-mutations.py [seed [cases]]   (with itsdangerous 2.2.0 installed; writes to standard output)

Each case: [token, max_age or null, now, verdict, JSON of the payload as Flask writes it, or null].
"""
import base64
import json
import random
import sys
import zlib

from itsdangerous import BadPayload, BadSignature, BadTimeSignature, SignatureExpired, URLSafeTimedSerializer
from itsdangerous.timed import TimestampSigner

KEY, SALT, NOW = "lab-secret-key-not-for-production", "mutations", 1_700_000_000


class Clock(TimestampSigner):
    now = NOW

    def get_timestamp(self):
        return self.now


serializer = URLSafeTimedSerializer(KEY, salt=SALT, signer=Clock)
signer = Clock(KEY, salt=SALT)
VALUES = [
    ["0123456789abcdef0123456789abcdef"], {"ver": "5", "uid": "u", "fs_paa": 1795418037.7108471, "exp": 0}, "text",
    {"b": [1, 2.5, None, True, {"x": "é\u20ac\U0001f600"}], "a": -17}, [], {}, 0, None, "a" * 300, [[[[[]]]]],
]
TEXTS = [
    '{"a":1,"b":2,"a":3}', '[1,]', '[1 , 2]', ' [1]\n', '"\\ud83d\\ude00"', '"\\ud83d"', '"\\ude00\\ud83d"', '"\\u00e9\\/"',
    '01', '-0', '-0.0', '1.', '.5', '1e5', '1E+400', '-1e-400', '1.0', '1e16', '1e15', '123456789012345680.0', '1e-5', '0.0001',
    '5e-324', '1.7976931348623157e308', '2.5e-7', '9007199254740993', '9223372036854775807', '9223372036854775808',
    '-9223372036854775809', '1' * 4300, '1' * 4301, 'NaN', 'Infinity', '-Infinity', '-NaN', 'nul', 'true', 'falsey', '"\t"',
    '"\x7f"', '"\\x41"', '"\\u12g4"', '"\\u+123"', '"\\u0000"', '', ' ', '[', '{"a"}', '{"a":}', "{'a':1}", '{1:2}', '[1]x',
    '\ufeff[1]', '"é"', '["\u2028"]', '[' * 90 + ']' * 90, '{"a":' * 90 + '1' + '}' * 90, '1234.5678e-3', '+1', '--1', '0x10',
    '[1e]', '[1e+]', '0.1', '0.30000000000000004', '1e22', '1e23', '4.35', '100000000000000000000.5', '"\\"\\\\\\b\\f\\n\\r\\t"',
    '"\x1f"', '\x0b1', '\xa01', '[true,false,null]', '{"":0}', '{"é":1,"e":2,"\\ud800":3,"\U0001f600":4,"\uffff":5}',
]


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def signed(payload, stamp=None):
    value = payload + b"." + (b64(NOW.to_bytes(4, "big")) if stamp is None else stamp)
    return value + b"." + signer.get_signature(value)


def damage(text, rng):
    text, place = bytearray(text), rng.randrange(len(text) + 1)
    kind = rng.randrange(6)
    letter = rng.choice(b"ABCxyz019-_+/=. \n!")
    if kind == 0:
        text.insert(place, letter)
    elif kind == 1 and text:
        del text[min(place, len(text) - 1)]
    elif kind == 2 and text:
        text[min(place, len(text) - 1)] = letter
    elif kind == 3:
        text = text[:place]
    elif kind == 4:
        text += rng.choice([b"=", b"==", b"====", b"A", b".", b"=A", b" "])
    elif text:
        place = min(place, len(text) - 1)
        text[place] ^= 1
    return bytes(text)


def token(rng):
    kind, value = rng.randrange(10), rng.choice(VALUES)
    whole = signer.sign(serializer.dump_payload(value))
    if kind == 0:
        return whole
    if kind < 3:
        return damage(whole, rng)
    if kind < 5:
        return signed(damage(serializer.dump_payload(value), rng))
    if kind == 5:
        return signed(b64(rng.choice(TEXTS).encode()))
    if kind == 6:
        return signed(b"." + b64(damage(zlib.compress(rng.choice(TEXTS).encode(), rng.randrange(10)), rng)))
    if kind == 7:
        return signed(b64(damage(rng.choice(TEXTS).encode(), rng)))
    if kind == 8:
        stamp = rng.choice([b"", b"A", b"AA", b"ZVPxAA==", b"ZVPxAB", b"AAAAAGVT8QA", b"AAAAAGVT8QAA", b"/////w", b64(b"\xff" * 8),
                            b64((253402300799).to_bytes(8, "big")), b64((253402300800).to_bytes(8, "big")), b"ZV-PxAA", b"!ZVPxAA"])
        return signed(serializer.dump_payload(value), stamp)
    return damage(signed(serializer.dump_payload(value), damage(b"ZVPxAA", rng)), rng)


def dump(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def verdict(text, max_age):
    try:
        return "valid", dump(serializer.loads(text, max_age=max_age))
    except SignatureExpired as error:
        try:
            return "expired", dump(serializer.load_payload(error.payload))
        except BadPayload:
            return "expired", None
    except BadTimeSignature:
        return "bad time signature", None
    except BadSignature:
        return "bad signature", None
    except BadPayload:
        return "bad payload", None
    except (ValueError, OverflowError, OSError):
        # Not caught by itsdangerous: a signed time that Python has no date for.
        return "bad time signature", None


def main():
    rng = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    cases = [[signed(b64(text.encode())).decode(), None, NOW] for text in TEXTS]
    for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 1500):
        cases.append([token(rng).decode("latin-1"), rng.choice([None, 0, 10, 10**10]), NOW + rng.choice([0, 0, 0, 10, 11, -1])])
    rows = []
    for text, max_age, now in cases:
        Clock.now = now
        rows.append(json.dumps([text, max_age, now, *verdict(text.encode("latin-1"), max_age)]))
    print("[\n" + ",\n".join(rows) + "\n]")


main()
