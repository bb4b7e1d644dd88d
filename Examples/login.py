#!/usr/bin/env python3
"""Asks whatever the site's policy needs to let somebody in, and prints the verdict: login.c by ctypes.

    login.py /etc/libsecurity/security.toml ann@example.org [HOST]

Exit status: 0 let in, 1 refused, 2 something failed. A Python string cannot be wiped: what must not stay in memory is
better read by a C program.
"""
import ctypes
import getpass
import sys
from ctypes import POINTER, byref, c_char_p, c_int, c_int64, c_size_t, c_uint, c_uint32, c_void_p

OK = 0
DENIED, GRANTED, ASK_PASSWORD, ASK_CODE = range(4)


class Request(ctypes.Structure):
    """lsec_request, with the values of LSEC_REQUEST_INIT."""

    _fields_ = [
        ("size", c_size_t), ("identity_kind", c_uint), ("factors", c_uint), ("flags", c_uint32),
        ("reserved", c_uint32), ("host_uid", c_int64), ("caller_uid", c_int64), ("remote_host", c_char_p),
        ("terminal", c_char_p),
    ]

    def __init__(self, remote_host=None):
        super().__init__(
            size=ctypes.sizeof(Request), host_uid=-1, caller_uid=-1,
            remote_host=remote_host.encode() if remote_host else None)


def library(name="libsecurity.so.1"):
    """The library with the types of the functions that are used here."""
    lib = ctypes.CDLL(name)
    for function, result, arguments in [
        ("lsec_context_open", c_int, [c_char_p, POINTER(c_void_p), POINTER(c_void_p)]),
        ("lsec_context_free", None, [c_void_p]),
        ("lsec_last_error", c_size_t, [c_void_p, c_char_p, c_size_t]),
        ("lsec_result_string", c_char_p, [c_int]),
        ("lsec_step_prompt", c_char_p, [c_uint]),
        ("lsec_string_free", None, [c_void_p]),
        ("lsec_transaction_begin", c_int,
         [c_void_p, c_char_p, POINTER(Request), POINTER(c_void_p), POINTER(c_uint)]),
        ("lsec_transaction_answer", c_int, [c_void_p, c_char_p, c_size_t, POINTER(c_uint)]),
        ("lsec_transaction_free", None, [c_void_p]),
    ]:
        getattr(lib, function).restype = result
        getattr(lib, function).argtypes = arguments
    return lib


def ask(prompt):
    """A line from the terminal without echo, or the next line of a pipe."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt).encode()
    return sys.stdin.buffer.readline().rstrip(b"\n")


def log_in(lib, context, identity, host):
    """Whether the person is let in."""
    transaction, step = c_void_p(), c_uint()
    result = lib.lsec_transaction_begin(
        context, identity.encode(), byref(Request(host)), byref(transaction), byref(step))
    while result == OK and step.value in (ASK_PASSWORD, ASK_CODE):
        answer = ask(lib.lsec_step_prompt(step).decode())
        result = lib.lsec_transaction_answer(transaction, answer, len(answer), byref(step))
    lib.lsec_transaction_free(transaction)
    if result != OK:
        text = ctypes.create_string_buffer(512)
        lib.lsec_last_error(context, text, len(text))
        raise RuntimeError(text.value.decode() or lib.lsec_result_string(result).decode())
    return step.value == GRANTED


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: login.py CONFIG IDENTITY [HOST]")
    lib = library()
    context, problems = c_void_p(), c_void_p()
    result = lib.lsec_context_open(sys.argv[1].encode(), byref(context), byref(problems))
    if result != OK:
        print(ctypes.string_at(problems).decode() if problems else lib.lsec_result_string(result).decode(),
              file=sys.stderr)
        lib.lsec_string_free(problems)
        return 2
    try:
        is_in = log_in(lib, context, sys.argv[2], sys.argv[3] if len(sys.argv) == 4 else None)
    except RuntimeError as error:
        print(f"login.py: {error}", file=sys.stderr)
        return 2
    finally:
        lib.lsec_context_free(context)
    print("granted" if is_in else "denied")
    return 0 if is_in else 1


if __name__ == "__main__":
    sys.exit(main())
