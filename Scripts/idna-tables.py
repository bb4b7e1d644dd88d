#!/usr/bin/env python3
"""Writes Sources/CIDNA/tables.h from Python's package idna and its unicodedata: idna-tables.py > Sources/CIDNA/tables.h

Run it with the versions that Tests/Interop pins (idna 3.20, Python 3.11): the tables decide as those do.
"""
import sys
import unicodedata

import idna
from idna import idnadata, uts46data

LAST = 0x110000
CLASSES = {"PVALID": 1, "CONTEXTJ": 2, "CONTEXTO": 3}
BIDI = ["", "L", "R", "AL", "AN", "EN", "ES", "CS", "ET", "ON", "BN", "NSM", "B", "S", "WS", "LRE", "LRO", "RLE", "RLO",
        "PDF", "LRI", "RLI", "FSI", "PDI"]
SCRIPTS = {"Greek": 1, "Hebrew": 2, "Hiragana": 3, "Katakana": 3, "Han": 3}


def ranges(values):
    """The starts of runs of equal values over all code points, each with its value in the low byte."""
    rows, last = [], None
    for code, value in enumerate(values):
        if value != last:
            rows.append(code << 8 | value)
            last = value
    return rows


def spread(sets):
    """The value of each code point, from pairs of a value and idna's packed ranges."""
    values = bytearray(LAST)
    for value, packed in sets:
        for entry in packed:
            for code in range(entry >> 32, entry & 0xFFFFFFFF):
                values[code] = value
    return values


def mapping():
    """Rows of UTS 46 (start, status, place in the pool) and the pool of replacements, each ended by 0."""
    pool, places, starts, offsets = [0], {(): 0}, [], []
    last = None
    for start, status, text in zip(uts46data.uts46_starts, uts46data.uts46_statuses, uts46data.uts46_replacements):
        # Valid and deviation: kept. A mapping to nothing ends at once.
        kind = {"V": 0, "D": 0, "M": 1, "I": 1}.get(chr(status), 2)
        row = tuple(map(ord, text or "")) if kind == 1 else ()
        if (kind, row) == last:
            continue
        last = (kind, row)
        if row not in places:
            places[row] = len(pool)
            pool += [*row, 0]
        starts.append(start << 8 | kind)
        offsets.append(places[row])
    assert len(pool) < 65536
    return starts, offsets, pool


def array(kind, name, values):
    print(f"static const {kind} {name}[] = {{")
    line = "   "
    for value in values:
        text = f" {value:#x},"
        if len(line) + len(text) > 120:
            print(line)
            line = "   "
        line += text
    print(line)
    print("};")


print(f"""/* Made by Scripts/idna-tables.py from the package idna {idna.__version__} (Unicode {idnadata.__version__}, BSD-3-Clause,
 * Copyright Kim Davies and contributors) and Python's unicodedata {unicodedata.unidata_version}; the data is Unicode's (Unicode License v3).
 * Each row of a table of runs is the first code point of a run, and its value in the low byte. */""")
starts, offsets, pool = mapping()
array("uint32_t", "mapping_runs", starts)
array("uint16_t", "mapping_places", offsets)
array("uint32_t", "mapping_pool", pool)
array("uint32_t", "class_runs", ranges(spread((CLASSES[name], idnadata.codepoint_classes[name]) for name in CLASSES)))
array("uint32_t", "joining_runs", ranges(spread((ord(name), packed) for name, packed in idnadata.joining_types.items())))
array("uint32_t", "script_runs", ranges(spread((value, idnadata.scripts[name]) for name, value in SCRIPTS.items())))
array("uint32_t", "bidi_runs", ranges(BIDI.index(unicodedata.bidirectional(chr(code))) for code in range(LAST)))
print(f"{len(starts)} mappings, {len(pool)} in the pool", file=sys.stderr)
