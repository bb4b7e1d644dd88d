#!/usr/bin/env python3
"""Writes unicode-categories.json: make-categories.py > unicode-categories.json, with Python 3.11 (Unicode 14).

Runs of code points that Unicode has assigned: [first, last, category].
"""
import json
import unicodedata

runs = []
for code in range(0x110000):
    category = unicodedata.category(chr(code))
    if category in ("Cn", "Cs"):
        continue
    if runs and runs[-1][1] == code - 1 and runs[-1][2] == category:
        runs[-1][1] = code
    else:
        runs.append([code, code, category])
print("[\n" + ",\n".join(json.dumps(run) for run in runs) + "\n]")
