#!/usr/bin/env python3
"""Writes the list of keys in security.toml(5) from "securityctl config keys".

Usage: Scripts/man-keys.py SECURITYCTL          writes docs/man/security.toml.5
       Scripts/man-keys.py SECURITYCTL --check  fails when the page is not what it would write
"""

import json
import os
import re
import subprocess
import sys
import textwrap

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "docs", "man", "security.toml.5")
BEGIN = '.\\" Made from "securityctl config keys" by Scripts/man-keys.py: do not edit.\n'
END = '.\\" End of the keys.\n'


def lines(text):
    """Text in lines of at most 78 characters, each sentence on its own, none mistaken for a request."""
    for sentence in re.split(r"(?<=[.;:]) (?=[A-Z])", text):
        for line in textwrap.wrap(sentence.replace("\\", "\\e"), 78, break_long_words=False, break_on_hyphens=False):
            yield "\\&" + line if line[0] in ".'" else line


def entry(key):
    """The lines of one key."""
    yield f".It Ic {key['key']}"
    if key["meaning"]:
        meaning = key["meaning"]
        yield from lines(meaning if meaning.endswith(".") else meaning + ".")
    default = "none" if key["default"] is None else "null" if key["default"] == '""' else key["default"]
    since = f" Since Flask-Security {key['since']}." if key["since"] else ""
    honoured = "honoured" if key["honoured"] else "not honoured yet" if key["component"] != "none" else "not used"
    yield ".br"
    yield from lines(f"Type: {key['type']}. Default: {default}. Read by: {key['component'].replace('+', ', ')}; "
                     f"{honoured}.{since}")


def keys(binary):
    """The generated part of the page."""
    table = json.loads(subprocess.run([binary, "config", "keys", "--json"], capture_output=True, check=True).stdout)
    result = []
    section = None
    for key in table:
        if key["section"] != section:
            result += [".El"] if section else []
            section = key["section"]
            result += [f".Ss {section}", ".Bl -tag -width Ds"]
        result += entry(key)
    return "".join(line + "\n" for line in result + [".El"])


def main():
    """Writes or compares the page."""
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    start = page.index(BEGIN) + len(BEGIN)
    made = page[:start] + keys(sys.argv[1]) + page[page.index(END):]
    if "--check" in sys.argv:
        if made != page:
            sys.exit("docs/man/security.toml.5 is not up to date: Scripts/man-keys.py SECURITYCTL")
    else:
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(made)


main()
