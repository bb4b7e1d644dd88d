#!/usr/bin/env python3
"""Fails when two object files define different array literals under one name: same-literals.py OBJECT...

Embedded Swift compiles the functions of a module again in the modules that use it, and names the literals of each by their order
in it, which optimisation may change. The linker takes either definition of a name for both: with Swift 6.3.1, -Osize and
-wmo a function of two literals may return the one for the other. Bytes, and what relocations put into them, are compared.

-enable-single-module-llvm-emission (Package.swift) leaves no weak literal at all. This stays to notice when a compiler, or a flag,
brings them back.
"""

import collections
import re
import subprocess
import sys

# What swiftc calls an outlined literal: the function, Tv, perhaps a number, and _r where it is an object.
OUTLINED = re.compile(r"Tv\d*_r?$")


def lines(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


class ObjectFile:
    """The sections of an object file and what is put into them when it is linked."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.content = file.read()
        # By number: name, kind, place in the file.
        self.sections = {}
        for line in lines("readelf", "-SW", path):
            found = re.match(r"\s*\[\s*(\d+)\]\s+(\S*)\s+(\S+)\s+[0-9a-f]+ ([0-9a-f]+)", line)
            if found:
                self.sections[int(found[1])] = found[2], found[3], int(found[4], 16)
        self.places = {name: place for name, _, place in self.sections.values()}
        self.relocations = collections.defaultdict(list)
        section = None
        for line in lines("readelf", "-rW", path):
            if found := re.match(r"Relocation section '\.rela(\S+)'", line):
                section = found[1]
            elif found := re.match(r"([0-9a-f]{16})\s+[0-9a-f]+ (R_\S+)\s+(?:[0-9a-f]+ )?(.*)", line):
                self.relocations[section].append((int(found[1], 16), found[2], self.target(found[3].strip())))
        self.symbols = [line.split() for line in lines("readelf", "-sW", path)]

    def target(self, text):
        """What a relocation points at: of a text its bytes, as its place differs from file to file."""
        found = re.match(r"(\.\S+) \+ ([0-9a-f]+)$", text)
        if not found or ".str" not in found[1] or found[1] not in self.places:
            return text
        start = self.places[found[1]] + int(found[2], 16)
        return self.content[start:self.content.index(b"\0", start)]

    def literals(self):
        """Names and contents of the weak literals."""
        for fields in self.symbols:
            if len(fields) < 8 or fields[3:5] != ["OBJECT", "WEAK"] or not OUTLINED.search(fields[7]):
                continue
            start, size = int(fields[1], 16), int(fields[2])
            name, kind, place = self.sections[int(fields[6])]
            content = bytes(size) if kind == "NOBITS" else self.content[place + start:place + start + size]
            inside = tuple((offset - start, *what) for offset, *what in self.relocations[name] if start <= offset < start + size)
            yield fields[7], (content, inside)


def main():
    definitions = collections.defaultdict(set)
    objects = [ObjectFile(path) for path in sys.argv[1:]]
    if not any(len(fields) >= 8 and fields[3] == "FUNC" for file in objects for fields in file.symbols):
        sys.exit("same-literals: no function was found: were these the object files?")
    for file in objects:
        for name, literal in file.literals():
            definitions[name].add(literal)
    differing = sorted(name for name, literals in definitions.items() if len(literals) > 1)
    for name in differing:
        print(f"{name} has different contents in two object files", file=sys.stderr)
    if differing:
        sys.exit("same-literals: the compiler would take one literal for another; write the function with one literal, or none")


if __name__ == "__main__":
    main()
