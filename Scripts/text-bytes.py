#!/usr/bin/env python3
"""Finds where Swift sources take text apart by Characters, which hide delimiters that every other program sees.

Usage: Scripts/text-bytes.py [FILE...]      (all of Sources without one)

Text is taken apart as bytes: ByteText, RequestPath, `.utf8`, or `.unicodeScalars`. Scripts/text-files.txt names the
files in which a rule may be broken, and why; each must still be needed.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
ALLOWED = ROOT / "Scripts" / "text-files.txt"
# A literal of text where bytes and numbers would be written otherwise.
LITERAL = r'"(?:""|[^"\\]|\\.)*"'
RULES = [
    ("by name", r"\.(?:hasPrefix|hasSuffix|lowercased|uppercased|components|range)\((?!of: ByteText|\.\.)"),
    ("Character", r"(?<![\w.])Character(?![\w.])|\.isNewline\b|(?<!properties)\.is(?:Whitespace|Letter|Number|Punctuation)\b"),
    ("split", r"\.split\((?:separator: |whereSeparator)[^)]*S|\.split \{[^}]*S"),
    ("search", r"\.(?:contains|firstIndex|lastIndex|trimmingPrefix)\((?:of: )?S"),
    ("closure", r"(?:filter|drop|prefix|allSatisfy|contains|first|firstIndex|lastIndex)(?:\(where: | | ?\()\{ (?:\$0|\w+ in \w+) [!=]= S"),
    ("ends", r"\.(?:first|last)\??(?:\)|) [!=]= S"),
]
# What a String has as a list of Characters.
VALUES = r"(?:first|last|count|indices)\b(?!\()"
CALLS = (r"(?:reduce|filter|reversed|dropFirst|dropLast|prefix|suffix|allSatisfy|enumerated|removeLast|removeFirst)"
         r"(?:\((?!where: \{ \$0\.)| \{)")
DECLARED = re.compile(r"\b(?:let |var |_ )?([a-z]\w*): (?:String|Substring)\b(?!\?|[.\w])")
OTHERWISE = re.compile(r"\b(\w+)(?:: (?:\[|Span|Set|borrowing|some|Substring\.UTF8View|ByteText|Array)| = (?:Array\(|\[))")


def bare(line):
    """The line without its comment, and with S for each text."""
    line = re.sub(LITERAL, "S", line)
    return re.sub(r"//.*", "", line)


def flaws(path):
    """Line numbers and what is wrong there."""
    lines = [bare(line) for line in path.read_text().splitlines()]
    whole = "\n".join(lines)
    names = {match.group(1) for match in DECLARED.finditer(whole)} - {m.group(1) for m in OTHERWISE.finditer(whole)}
    known = "|".join(sorted(names))
    listed = names and re.compile(
        rf"(?<![\w.$])(?:{known})\.(?:{VALUES}|{CALLS})|\bfor \w+ in (?:{known})(?: \{{| where)")
    for number, line in enumerate(lines, 1):
        for name, pattern in RULES:
            if re.search(pattern, line) and not re.search(r"\.(?:utf8|unicodeScalars)\b[^,]*" + pattern, line):
                yield number, name
        if listed and listed.search(line):
            yield number, "list"


def allowed():
    """Files of the list, each with its reason."""
    rows = [line.split(None, 1) for line in ALLOWED.read_text().splitlines() if line and not line.startswith("#")]
    for row in rows:
        assert len(row) == 2, f"{ALLOWED.name}: {row[0]} has no reason"
    return {row[0] for row in rows}


def main():
    exceptions, used, status = allowed(), set(), 0
    files = [pathlib.Path(name).resolve() for name in sys.argv[1:]] or sorted((ROOT / "Sources").rglob("*.swift"))
    for path in files:
        name = str(path.relative_to(ROOT))
        for number, rule in flaws(path):
            if name in exceptions:
                used.add(name)
                continue
            print(f"{name}:{number}: takes text apart by characters ({rule}); see Scripts/text-bytes.py")
            status = 1
    if not sys.argv[1:]:
        for name in sorted(exceptions - used):
            print(f"{ALLOWED.name} names {name}, which needs no exception")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
