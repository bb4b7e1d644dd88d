#!/usr/bin/env python3
"""Collects every text for people out of the sources into po/libsecurity.pot, and compiles the translations.

Usage: Scripts/make-pot.py                 writes po/libsecurity.pot
       Scripts/make-pot.py --check         fails when it is stale, or a translation in po/ is not complete
       Scripts/make-pot.py --compile DIR   writes DIR/LANGUAGE/LC_MESSAGES/libsecurity.mo for each po/LANGUAGE.po
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PO = ROOT / "po"
CORE = ROOT / "Sources" / "SecurityCore"
# Where texts stand, and how a line looks that holds one.
SOURCES = [
    ("Policy/Keys/ConfigKeys+Messages.swift", r'\("(SECURITY_MSG_\w+)", \.message, #"\["(.*?)", "\w+"\]"#'),
    ("Messages/FixedMessage.swift", r'^    case (\w+) = "(.*)"$'),
    ("Strength/PasswordStrength.swift", r'^    case (\w+) = "(.*)"$'),
    ("../SecurityHTTP/Pages/PageText.swift", r'^    case (\w+) = "(.*)"$'),
]
HEAD = '''# Texts of libsecurity for people. Made by Scripts/make-pot.py: do not edit.
msgid ""
msgstr ""
"Project-Id-Version: libsecurity\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
'''


def texts():
    """Every text with the names under which it stands, in the order of the sources."""
    found = {}
    for path, pattern in SOURCES:
        file = CORE / path
        if file.exists():
            for name, text in re.findall(pattern, file.read_text(encoding="utf-8"), re.MULTILINE):
                found.setdefault(text, []).append(name)
    return found


def template():
    """The text of libsecurity.pot. The sources write no escapes but those that PO files share."""
    entries = []
    for text, names in texts().items():
        lines = [f"#. {name}" for name in names]
        lines += ["#, python-format"] if re.search(r"%\(\w+\)[sd]", text) else []
        entries.append("\n".join([*lines, f'msgid "{text}"', 'msgstr ""']) + "\n")
    return "\n".join([HEAD, *entries])


def gettext(*command):
    """Runs a program of gettext; its standard error is shown."""
    return subprocess.run(command, check=True, capture_output=True, text=True)


def entries(path):
    """msgid and msgstr of a catalogue, as they are written."""
    flat = gettext("msgcat", "--no-wrap", str(path)).stdout
    return dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"$', flat, re.MULTILINE))


def check():
    """Everything that is wrong."""
    if (PO / "libsecurity.pot").read_text(encoding="utf-8") != template():
        yield "po/libsecurity.pot is stale: run Scripts/make-pot.py"
    wanted = texts()
    for path in sorted(PO.glob("*.po")):
        try:
            gettext("msgfmt", "--check", "--output-file", "/dev/null", str(path))
        except subprocess.CalledProcessError as error:
            yield error.stderr.strip()
        have = entries(path)
        fuzzy = gettext("msgattrib", "--only-fuzzy", "--no-obsolete", str(path)).stdout
        yield from (f"{path.name}: no translation of {text!r}" for text in wanted if not have.get(text))
        yield from (f"{path.name}: {text!r} is no text of ours" for text in have if text not in wanted)
        yield from [f"{path.name}: fuzzy entries"] if fuzzy.strip() else []
        for text, translation in have.items():
            placeholders = [sorted(set(re.findall(r"%\(\w+\)[sd]?", one))) for one in (text, translation)]
            if placeholders[0] != placeholders[1]:
                yield f"{path.name}: other placeholders in {translation!r}"


def main():
    if sys.argv[1:] == ["--check"]:
        problems = list(check())
        sys.exit("\n".join(problems) if problems else 0)
    elif sys.argv[1:2] == ["--compile"]:
        for path in sorted(PO.glob("*.po")):
            folder = pathlib.Path(sys.argv[2]) / path.stem / "LC_MESSAGES"
            folder.mkdir(parents=True, exist_ok=True)
            gettext("msgfmt", "--check", "--no-hash", "--output-file", str(folder / "libsecurity.mo"), str(path))
    else:
        PO.mkdir(exist_ok=True)
        (PO / "libsecurity.pot").write_text(template(), encoding="utf-8")


main()
