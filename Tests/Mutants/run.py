#!/usr/bin/env python3
"""Puts the faults of faults.toml into a copy of the sources, and tells which of them the tests notice.

All faults are compiled in at once, each behind a switch: a file that says whether the fault is on. The script switches on one
fault after another and runs the suites of its target until one fails. Without any fault on, every suite must pass. The results
are kept beside the copy, so that a run that was interrupted goes on; a change of the sources or tests discards them.

usage: run.py [--check] [--only 26,39] [--target SecurityHTTP]
MUTANTS_DIR names the folder of the copy (default /var/tmp/lsec-mutants).
"""

import argparse
import collections
import os
import pathlib
import re
import subprocess
import sys
import tomllib

TREE = pathlib.Path(__file__).resolve().parent.parent.parent
HOME = pathlib.Path(os.environ.get("MUTANTS_DIR", "/var/tmp/lsec-mutants"))
COPY, SWITCHES, RESULTS = HOME / "tree", HOME / "on", HOME / "results.tsv"

# What runs for a fault of a target: test targets of `swift test`, and suites against dist.
SUITES = {
    "SecurityCore": "SecurityCoreTests SecurityTokensTests SecurityStoreTests PAMSecurityTests SecurityHTTPTests cabi",
    "SecurityTokens": "SecurityTokensTests SecurityStoreTests SecurityHTTPTests",
    "SecurityStore": "SecurityStoreTests PAMSecurityTests SecurityHTTPTests ctl",
    "SecurityNetwork": "SecurityNetworkTests http",
    "SecurityHTTP": "SecurityHTTPTests http",
    "PAMSecurity": "PAMSecurityTests hosts",
    "LibSecurity": "cabi",
    "securityctl": "ctl",
    "securityd": "http",
}
# The switch in C, and what asks it in Swift.
SWITCH = """
#include <stdio.h>
static inline int clibc_mutant(int number) {
    static signed char known[1000];
    if (known[number] == 0) {
        char path[512];
        int before = errno;
        snprintf(path, sizeof path, "%s/%%d", number);
        known[number] = access(path, F_OK) == 0 ? 1 : -1;
        errno = before;
    }
    return known[number] > 0;
}

"""
ASK = """import CLibc

/// Whether a fault is switched on.
public func lsecMutant(_ number: Int32) -> Bool { clibc_mutant(number) != 0 }
"""


def switched(fault):
    """The text that takes the place of the original one."""
    before, after = fault["before"], fault.get("after", "")
    asked = f"lsecMutant({fault['id']})"
    match fault.get("kind", "expression"):
        case "statement": return f"if !{asked} {{ {before} }}"
        case "text": return f'\\({asked} ? "{after}" : "{before}")'
        case "raw": return after.replace("FAULT", asked)
        case _: return f"({asked} ? ({after}) : ({before}))"


def put_faults(files):
    """Puts the faults and their switch into the files of a tree. Ends the program when a fault no longer applies."""
    flaws, pieces = [], collections.defaultdict(list)
    for fault in load():
        text = files.get("Sources/" + fault["file"], b"").decode()
        if (found := text.count(fault["before"])) != 1:
            flaws.append(f"{fault['id']}: {fault['file']} has {found} times, not once: {fault['before']}")
            continue
        begin = text.index(fault["before"])
        pieces["Sources/" + fault["file"]].append((begin, begin + len(fault["before"]), fault))
    for name, places in pieces.items():
        text, limit = files[name].decode(), sys.maxsize
        for begin, end, fault in sorted(places, key=lambda place: place[0], reverse=True):
            if end > limit:
                flaws.append(f"{fault['id']}: {name}: another fault changes a part of it: {fault['before']}")
            text, limit = text[:begin] + switched(fault) + text[end:], begin
        files[name] = text.encode()
    if flaws:
        sys.exit("faults that no longer apply, which must be written anew:\n" + "\n".join(flaws))
    for name in pieces:
        if b"import SecurityCore\n" not in files[name] and not name.startswith("Sources/SecurityCore/"):
            files[name] = b"import SecurityCore\n" + files[name]
    files["Sources/SecurityCore/Support/Mutant.swift"] = ASK.encode()
    head, mark, tail = files["Sources/CLibc/clibc.h"].decode().rpartition("#endif")
    files["Sources/CLibc/clibc.h"] = (head + SWITCH % SWITCHES + mark + tail).encode()


def load():
    """The faults of the table."""
    return tomllib.loads((TREE / "Tests/Mutants/faults.toml").read_text())["fault"]


def copy_tree():
    """Brings the copy up to date. A file that stays as it was keeps its time, so that it is not compiled again."""
    listed = subprocess.run(
        ["git", "-C", TREE, "ls-files", "-z", "--cached", "--others", "--exclude-standard"], check=True, capture_output=True,
        text=True).stdout.split("\0")
    names = [name for name in listed if name and (TREE / name).is_file()]
    files = {name: (TREE / name).read_bytes() for name in names}
    put_faults(files)
    is_changed = False
    for name, content in files.items():
        path = COPY / name
        if path.exists() and path.read_bytes() == content:
            continue
        is_changed = True
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        if name in names:
            path.chmod((TREE / name).stat().st_mode & 0o777)
    for folder in ("Sources", "Tests"):
        for path in (COPY / folder).rglob("*.swift"):
            if str(path.relative_to(COPY)) not in files:
                is_changed = True
                path.unlink()
    if is_changed:
        RESULTS.unlink(missing_ok=True)


def build():
    """Debug programs and tests, the libraries as they are released, and a dist of them."""
    run = lambda command: subprocess.run(["bash", "-ec", command], cwd=COPY, check=True)
    run("swift build --build-tests")
    run("LSEC_EMBEDDED=1 swift build -c release --scratch-path .build-embedded --disable-local-rpath")
    run("Tests/Mutants/dist.sh")


def passes(suite):
    """Whether a suite passes; a test target by its name, another by its run script."""
    command = (f"swift test --skip-build --filter '^{suite}\\.' --skip StrengthTests" if suite.endswith("Tests")
               else f"Tests/{SCRIPTS[suite]}/run.sh dist")
    with open(HOME / "log", "w") as log:
        ended = subprocess.run(["timeout", "1800", "bash", "-c", command], cwd=COPY, stdout=log, stderr=log,
                               env={**os.environ, "SWIFT_BACKTRACE": "enable=no"})
    return ended.returncode == 0


SCRIPTS = {"http": "HTTP", "cabi": "CABI", "ctl": "Ctl", "hosts": "Hosts"}


def suites(fault):
    """The suites that a fault's entry or else its target names."""
    return fault.get("suites", SUITES[fault["file"].split("/")[0]]).split()


def verdict(fault):
    """By which suite a fault is noticed; empty when none fails."""
    for old in SWITCHES.iterdir():
        old.unlink()
    switch = SWITCHES / str(fault["id"])
    switch.touch()
    try:
        return next((suite for suite in suites(fault) if not passes(suite)), "")
    finally:
        switch.unlink()


def report(faults, results):
    """The score by target, with the names of those that survived."""
    scores = collections.defaultdict(list)
    for fault in faults:
        if fault["id"] in results:
            scores[fault["file"].split("/")[0]].append(fault)
    survivors = [fault for fault in faults if results.get(fault["id"]) == ""]
    for fault in survivors:
        print(f"survived: {fault['id']} {fault['file']}: {fault['name']}")
    for target, tried in scores.items():
        killed = sum(results[fault["id"]] != "" for fault in tried)
        print(f"{target}: {killed} of {len(tried)} noticed")
    print(f"{len(results) - len(survivors)} noticed, {len(survivors)} survived")
    return survivors


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true", help="only see whether every fault still applies")
    parser.add_argument("--only", default="", help="numbers of faults, with commas between")
    parser.add_argument("--target", default="", help="the target whose faults are tried")
    options = parser.parse_args()
    faults = [fault for fault in load()
              if (not options.only or str(fault["id"]) in options.only.split(","))
              and options.target in ("", fault["file"].split("/")[0])]
    if options.check:
        put_faults({name: (TREE / name).read_bytes() for name in {"Sources/CLibc/clibc.h"} | {
            "Sources/" + fault["file"] for fault in load() if (TREE / "Sources" / fault["file"]).exists()}})
        print(f"{len(load())} faults apply")
        return
    SWITCHES.mkdir(parents=True, exist_ok=True)
    copy_tree()
    build()
    results = {}
    if RESULTS.exists():
        lines = [line.split("\t") for line in RESULTS.read_text().splitlines()]
        results = {int(number): by for number, by in lines}
    else:
        for suite in sorted({suite for fault in faults for suite in suites(fault)}):
            if not passes(suite):
                sys.exit(f"{suite} fails without any fault: see {HOME / 'log'}")
    for place, fault in enumerate(faults, 1):
        if fault["id"] not in results:
            results[fault["id"]] = verdict(fault)
            with open(RESULTS, "a") as file:
                file.write(f"{fault['id']}\t{results[fault['id']]}\n")
        by = results[fault["id"]]
        print(f"{place}/{len(faults)} {fault['id']} {'noticed by ' + by if by else 'SURVIVED'}: {fault['name']}", flush=True)
    chosen = {fault["id"] for fault in faults}
    sys.exit(1 if report(faults, {number: by for number, by in results.items() if number in chosen}) else 0)


if __name__ == "__main__":
    main()
