#!/usr/bin/env python3
"""Makes the file of words that new passwords are compared with, from the Python package zxcvbn (MIT licence).

Usage: Scripts/strength-words.py TARGET

The package is fetched from PyPI by its hash and only unpacked, not installed. Sources/SecurityCore/Strength/
StrengthDictionary.swift describes the file. The licence of the package is put beside it, as TARGET with the ending
.LICENSE.txt.
"""

import ast
import hashlib
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import venv
import zipfile

VERSION = "4.5.0"
SHA256 = "2b6eed621612ce6d65e6e4c7455b966acee87d0280e257956b1f06ccc66bd5ff"
# In the order of the enumeration List.
LISTS = ("passwords", "english_wikipedia", "female_names", "surnames", "us_tv_and_film", "male_names")


def fetch(folder):
    """The wheel, whose hash pip checks. The pip of a virtual environment: Debian's Python comes without one."""
    venv.create(folder / "venv", with_pip=True)
    pins = folder / "requirements.txt"
    pins.write_text(f"zxcvbn=={VERSION} --hash=sha256:{SHA256}\n")
    subprocess.run(
        [folder / "venv/bin/python", "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
         "--only-binary=:all:", "--require-hashes", "--dest", folder, "-r", pins], check=True)
    return next(folder.glob("*.whl"))


def licence(wheel):
    """The text that copies of the lists must come with."""
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(f"zxcvbn-{VERSION}.dist-info/LICENSE.txt")


def frequency_lists(wheel):
    """The lists by name. The module is read, not run."""
    with zipfile.ZipFile(wheel) as archive:
        module = ast.parse(archive.read("zxcvbn/frequency_lists.py"))
    for statement in module.body:
        if isinstance(statement, ast.Assign) and statement.targets[0].id == "FREQUENCY_LISTS":
            return {ast.literal_eval(key): words(value)
                    for key, value in zip(statement.value.keys, statement.value.values)}
    raise SystemExit("strength-words.py: the package has another form")


def words(expression):
    """The words of "a,b,c".split(",")."""
    if isinstance(expression, ast.Call):
        return ast.literal_eval(expression.func.value).split(ast.literal_eval(expression.args[0]))
    return ast.literal_eval(expression)


def contents(lists):
    """The bytes of the file."""
    if tuple(lists) != LISTS:
        raise SystemExit(f"strength-words.py: the lists are {tuple(lists)}")
    entries = {}
    for number, name in enumerate(LISTS):
        for rank, word in enumerate(lists[name], 1):
            encoded = word.encode("ascii")
            if encoded in entries or encoded != encoded.lower():
                raise SystemExit(f"strength-words.py: {word!r} stands in two lists, or has a capital")
            entries[encoded] = number << 24 | rank
    ordered = sorted(entries)
    starts, place = [], 0
    for word in ordered:
        starts.append(place)
        place += len(word)
    body = struct.pack(f"<{len(starts) + 1}I", *starts, place)
    body += struct.pack(f"<{len(ordered)}I", *(entries[word] for word in ordered)) + b"".join(ordered)
    return b"LSECZX1\n" + struct.pack("<II", len(ordered), place) + hashlib.sha256(body).digest() + body


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    target = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        wheel = fetch(pathlib.Path(folder))
        made = {target.with_suffix(".LICENSE.txt"): licence(wheel), target: contents(frequency_lists(wheel))}
    target.parent.mkdir(parents=True, exist_ok=True)
    for place, data in made.items():
        partial = place.with_name(place.name + ".part")
        partial.write_bytes(data)
        os.chmod(partial, 0o644)
        partial.replace(place)


if __name__ == "__main__":
    main()
