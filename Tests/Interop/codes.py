"""One-time codes by the standard's text, without either side's code (RFC 4226 section 5.3, RFC 6238)."""
import base64
import hmac
import struct
import time


def now():
    """The present counter."""
    return int(time.time()) // 30


def code(key, counter, digits=6, algorithm="sha1"):
    """The code of a base32 key."""
    raw = base64.b32decode(key.replace("-", "") + "=" * (-len(key.replace("-", "")) % 8))
    digest = hmac.digest(raw, struct.pack(">Q", counter), algorithm)
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset:offset + 4])[0] & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


class App:
    """An authenticator app. Each code is of a later step than the one before, as libsecurity takes a code once."""

    def __init__(self, key):
        self.key = key
        self._next = now() - 2

    def code(self):
        self._next = max(self._next + 1, now() - 2)
        assert self._next <= now() + 4, "more codes than the window holds"
        return code(self.key, self._next)
