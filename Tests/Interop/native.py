"""Our side: libsecurity.so by ctypes against Include/libsecurity.h, and securityctl."""
import contextlib
import ctypes
import json
import os
import subprocess

DENIED, GRANTED, ASK_PASSWORD, ASK_CODE, IGNORED = range(5)
OK, REFUSED = 0, 1
PURPOSES = {"confirm": 0, "reset": 1, "login": 2, "authentication": 3, "remember": 4, "change-email": 5}
TOO_SIMPLE = 512
ACCOUNT_EMAIL, ACCOUNT_USERNAME, ACCOUNT_UNIQUIFIER = range(3)


class Request(ctypes.Structure):
    """lsec_request"""
    _fields_ = [("size", ctypes.c_size_t), ("identity_kind", ctypes.c_int), ("factors", ctypes.c_int),
                ("flags", ctypes.c_uint32), ("reserved", ctypes.c_uint32), ("host_uid", ctypes.c_int64),
                ("caller_uid", ctypes.c_int64), ("remote_host", ctypes.c_char_p), ("terminal", ctypes.c_char_p)]


class NewPassword(ctypes.Structure):
    """lsec_new_password"""
    _fields_ = [("size", ctypes.c_size_t), ("password", ctypes.c_char_p), ("password_length", ctypes.c_size_t),
                ("old_password", ctypes.c_char_p), ("old_length", ctypes.c_size_t),
                ("confirmation", ctypes.c_char_p), ("confirmation_length", ctypes.c_size_t),
                ("email", ctypes.c_char_p), ("username", ctypes.c_char_p)]


class Account(ctypes.Structure):
    """lsec_account"""
    _fields_ = [("size", ctypes.c_size_t), ("id", ctypes.c_int64), ("flags", ctypes.c_uint32),
                ("factors", ctypes.c_uint32), ("recovery_codes", ctypes.c_uint32), ("obstacle", ctypes.c_int)]


class Token(ctypes.Structure):
    """lsec_token"""
    _fields_ = [("size", ctypes.c_size_t), ("status", ctypes.c_int), ("reserved", ctypes.c_uint32),
                ("account", ctypes.c_int64), ("issued_at", ctypes.c_int64), ("expires_at", ctypes.c_int64),
                ("authenticated_at", ctypes.c_int64)]


class Session(ctypes.Structure):
    """lsec_session"""
    _fields_ = [("size", ctypes.c_size_t), ("status", ctypes.c_int), ("reserved", ctypes.c_uint32),
                ("account", ctypes.c_int64), ("issued_at", ctypes.c_int64), ("expires_at", ctypes.c_int64),
                ("authenticated_at", ctypes.c_int64), ("grace_until", ctypes.c_int64), ("fresh_until", ctypes.c_int64)]


class Library:
    """libsecurity.so.1 of a build."""

    def __init__(self, dist):
        self.dist = dist
        self.c = c = ctypes.CDLL(str(dist / "lib/libsecurity.so.1"))
        pointer, text, size = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t
        out, step, number = ctypes.POINTER(pointer), ctypes.POINTER(ctypes.c_int), ctypes.c_int64
        new = ctypes.POINTER(NewPassword)
        for name, result, arguments in (
                ("lsec_context_open", ctypes.c_int, [text, out, out]),
                ("lsec_context_free", None, [pointer]),
                ("lsec_last_error", size, [pointer, text, size]),
                ("lsec_result_string", text, [ctypes.c_int]),
                ("lsec_reason_string", text, [ctypes.c_int]),
                ("lsec_string_free", None, [pointer]),
                ("lsec_context_localize", ctypes.c_int, [pointer, text, out]),
                ("lsec_message_text", ctypes.c_int, [
                    pointer, text, ctypes.POINTER(text), out, ctypes.POINTER(text)]),
                ("lsec_transaction_begin", ctypes.c_int, [pointer, text, ctypes.POINTER(Request), out, step]),
                ("lsec_transaction_answer", ctypes.c_int, [pointer, text, size, step]),
                ("lsec_transaction_reason", ctypes.c_int, [pointer]),
                ("lsec_transaction_free", None, [pointer]),
                ("lsec_account_find", ctypes.c_int, [pointer, text, ctypes.POINTER(Request), ctypes.POINTER(Account)]),
                ("lsec_account_read", ctypes.c_int, [pointer, number, ctypes.c_int, out]),
                ("lsec_token_status_string", text, [ctypes.c_int]),
                ("lsec_token_make", ctypes.c_int, [pointer, number, ctypes.c_int, out]),
                ("lsec_token_make_change_email", ctypes.c_int, [pointer, number, text, out]),
                ("lsec_token_new_email", ctypes.c_int, [pointer, text, size, out]),
                ("lsec_token_check", ctypes.c_int, [pointer, ctypes.c_int, text, size, ctypes.POINTER(Token)]),
                ("lsec_token_redeem", ctypes.c_int, [pointer, ctypes.c_int, text, size, ctypes.POINTER(Token)]),
                ("lsec_session_read", ctypes.c_int, [pointer, text, size, ctypes.POINTER(Session)]),
                ("lsec_password_set", ctypes.c_int, [pointer, number, new, ctypes.POINTER(ctypes.c_uint32), out]),
                ("lsec_password_check", ctypes.c_int, [pointer, new, ctypes.POINTER(ctypes.c_uint32), out]),
                ("lsec_recovery_codes_generate", ctypes.c_int, [pointer, number, out]),
                ("lsec_totp_generate", ctypes.c_int, [pointer, number, out, out]),
                ("lsec_totp_enrol", ctypes.c_int, [pointer, number, text, text, size])):
            function = getattr(c, name)
            function.restype, function.argtypes = result, arguments

    def take(self, pointer):
        """A text that the library made, freed."""
        if not pointer:
            return None
        text = ctypes.string_at(pointer).decode()
        self.c.lsec_string_free(pointer)
        return text

    def run(self, config, *arguments, stdin=None, status=0):
        """securityctl with a configuration; its standard output."""
        command = [str(self.dist / "bin/securityctl"), *arguments, "--config", str(config)]
        done = subprocess.run(command, input=stdin, text=True, capture_output=True, timeout=60)
        assert done.returncode == status, f"{command} gave {done.returncode}: {done.stdout}{done.stderr}"
        return done.stdout


class LibraryError(AssertionError):
    """A call gave a negative result."""


class Native:
    """libsecurity with one configuration."""

    def __init__(self, library, config):
        self.library, self.config, self.c = library, config, library.c
        self.context = ctypes.c_void_p()
        problems = ctypes.c_void_p()
        result = self.c.lsec_context_open(str(config).encode(), self.context, problems)
        text = library.take(problems)
        if result != OK:
            raise LibraryError(f"{config}: {self.c.lsec_result_string(result).decode()}\n{text}")

    def close(self):
        self.c.lsec_context_free(self.context)

    def _check(self, result):
        if result >= 0:
            return result
        buffer = ctypes.create_string_buffer(1000)
        self.c.lsec_last_error(self.context, buffer, 1000)
        raise LibraryError(f"{self.c.lsec_result_string(result).decode()} {buffer.value.decode()}")

    @contextlib.contextmanager
    def _request(self, address):
        yield Request(ctypes.sizeof(Request), 0, 0, 0, 0, -1, -1, address.encode(), None)

    def login(self, identity, password, code=None, address="192.0.2.9"):
        """One transaction: "granted", or the reason of the refusal. `asked-for-code` when no code was given for it."""
        transaction, step = ctypes.c_void_p(), ctypes.c_int()
        with self._request(address) as request:
            self._check(self.c.lsec_transaction_begin(self.context, identity.encode(), request, transaction, step))
        try:
            for wanted, answer in ((ASK_PASSWORD, password), (ASK_CODE, code)):
                if step.value != wanted:
                    break
                if answer is None:
                    return "asked-for-code"
                data = answer.encode()
                self._check(self.c.lsec_transaction_answer(transaction, data, len(data), step))
            if step.value == GRANTED:
                return "granted"
            assert step.value == DENIED, step.value
            return self.c.lsec_reason_string(self.c.lsec_transaction_reason(transaction)).decode()
        finally:
            self.c.lsec_transaction_free(transaction)

    def message(self, name, language, values):
        """A message in a language, filled with pairs of names and values; with its level."""
        localized, out, level = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_char_p()
        self._check(self.c.lsec_context_localize(self.context, language.encode(), localized))
        try:
            flat = [part.encode() for pair in values for part in pair] + [None]
            given = (ctypes.c_char_p * len(flat))(*flat)
            result = self._check(self.c.lsec_message_text(localized, name.encode(), given, out, level))
            return (self.library.take(out), level.value.decode()) if result == OK else (None, None)
        finally:
            self.c.lsec_context_free(localized)

    def id(self, identity):
        """The account's id."""
        account = Account(ctypes.sizeof(Account))
        result = self._check(self.c.lsec_account_find(self.context, identity.encode(), None, account))
        assert result == OK, f"{identity} is not known"
        return account.id

    def uniquifier(self, identity):
        out = ctypes.c_void_p()
        self._check(self.c.lsec_account_read(self.context, self.id(identity), ACCOUNT_UNIQUIFIER, out))
        return self.library.take(out)

    def set_password(self, identity, password):
        data = password.encode()
        new = NewPassword(ctypes.sizeof(NewPassword), data, len(data), None, 0)
        text = ctypes.c_void_p()
        result = self._check(self.c.lsec_password_set(self.context, self.id(identity), new, ctypes.c_uint32(), text))
        assert result == OK, self.library.take(text)

    def judge(self, password, email=None, username=None):
        """What is wrong with a new password: LSEC_FLAW_ flags and their texts."""
        data = password.encode()
        new = NewPassword(ctypes.sizeof(NewPassword), data, len(data), email=email and email.encode(),
                          username=username and username.encode())
        flaws, text = ctypes.c_uint32(), ctypes.c_void_p()
        self._check(self.c.lsec_password_check(self.context, new, flaws, text))
        return flaws.value, self.library.take(text) or ""

    def generate_recovery_codes(self, identity):
        out = ctypes.c_void_p()
        self._check(self.c.lsec_recovery_codes_generate(self.context, self.id(identity), out))
        return self.library.take(out).split()

    def generate_totp(self, identity):
        """A new key in base32 and its otpauth URI; nothing is stored."""
        key, uri = ctypes.c_void_p(), ctypes.c_void_p()
        self._check(self.c.lsec_totp_generate(self.context, self.id(identity), key, uri))
        return self.library.take(key), self.library.take(uri)

    def enrol_totp(self, identity, key, code):
        """Whether the code proved the key, which is the account's second factor then."""
        account = self.id(identity)
        return self._check(self.c.lsec_totp_enrol(
            self.context, account, key.encode(), code.encode(), len(code))) == OK

    # Tokens and sessions

    def token(self, identity, purpose):
        """A new token of the account."""
        out = ctypes.c_void_p()
        self._check(self.c.lsec_token_make(self.context, self.id(identity), PURPOSES[purpose], out))
        return self.library.take(out)

    def change_email_token(self, identity, new_email):
        out = ctypes.c_void_p()
        self._check(self.c.lsec_token_make_change_email(self.context, self.id(identity), new_email.encode(), out))
        return self.library.take(out)

    def new_email(self, token):
        """The address that a good change-of-address link names; else None."""
        out = ctypes.c_void_p()
        self._check(self.c.lsec_token_new_email(self.context, token.encode(), len(token.encode()), out))
        return self.library.take(out)

    def check_token(self, token, purpose):
        return self._judge(self.c.lsec_token_check, Token, PURPOSES[purpose], token)

    def redeem_token(self, token, purpose):
        return self._judge(self.c.lsec_token_redeem, Token, PURPOSES[purpose], token)

    def session(self, cookie):
        return self._judge(self.c.lsec_session_read, Session, cookie)

    def _judge(self, function, kind, *arguments):
        """The struct that a function fills, and the word for its status."""
        found, text = kind(ctypes.sizeof(kind)), arguments[-1].encode()
        result = self._check(function(self.context, *arguments[:-1], text, len(text), found))
        word = self.c.lsec_token_status_string(found.status).decode()
        assert (result == OK) == (word == "valid"), f"{result} with {word}"
        return found, word

    def write_state(self, kind, value):
        """A token of a kind that only Writer/ signs, of a value that Flask-Security would sign."""
        command = [os.environ["LSEC_STATE_WRITER"], str(self.config), kind]
        done = subprocess.run(command, input=json.dumps(value), text=True, capture_output=True, timeout=60)
        assert done.returncode == 0, f"{command} gave {done.returncode}: {done.stdout}"
        return done.stdout

    def inspect(self, token):
        """What securityctl says of a token."""
        return json.loads(self.ctl("token", "inspect", "--json", stdin=token))

    # securityctl

    def ctl(self, *arguments, stdin=None, status=0):
        return self.library.run(self.config, *arguments, stdin=stdin, status=status)

    def show(self, identity):
        return json.loads(self.ctl("users", "show", identity, "--json"))
