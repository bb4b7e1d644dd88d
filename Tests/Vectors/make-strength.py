#!/usr/bin/env python3
"""Makes Tests/Vectors/strength.jsonl: 10,000 passwords as the Python package zxcvbn 4.5.0 judges them.

Usage: PYTHON Tests/Vectors/make-strength.py TARGET [COUNT [SEED]], with a Python that has zxcvbn==4.5.0.

The first line lists zxcvbn's texts. One line each: [password, [words of the user], score, log10 of the guesses, text of the
warning, [texts of the suggestions]], where a text is its place in that list and -1 stands for none.
"""

import json
import math
import random
import sys
import warnings

import zxcvbn
from zxcvbn.adjacency_graphs import ADJACENCY_GRAPHS
from zxcvbn.frequency_lists import FREQUENCY_LISTS

LISTS = {name: text.split(",") if isinstance(text, str) else text for name, text in FREQUENCY_LISTS.items()}
LEET = {"a": "4@", "b": "8", "c": "({[<", "e": "3", "g": "69", "i": "1!|", "l": "1|7", "o": "0", "s": "$5", "t": "+7",
        "x": "%", "z": "2"}
ODD = "äöüßéñçÅΩαβγδεжзиΣσς한글あい😀İıﬁ٠١٢٣۴५७Ⅷ\u00a0\u2003"
USERS = [[], [], [], ["ann@example.org"], ["annlee", "ann.lee@example.org"], ["jürgen", "müller@example.org"],
         ["Bob", "bob", "bobby1"], ["ΟΔΥΣΣΕΥΣ", "x"], [""], ["correct", "horse"]]


def word(rng):
    words = LISTS[rng.choice(list(LISTS))]
    return words[min(int(rng.expovariate(1 / 800)), len(words) - 1)]


def cased(rng, text):
    how = rng.randrange(7)
    if how == 0:
        return text.upper()
    if how == 1:
        return text.capitalize()
    if how == 2:
        return text[:-1] + text[-1:].upper()
    if how == 3:
        return "".join(rng.choice((one.upper(), one)) for one in text)
    return text


def leet(rng, text):
    return "".join(rng.choice(LEET[one]) if one in LEET and rng.random() < 0.5 else one for one in text)


def walk(rng):
    graph = ADJACENCY_GRAPHS[rng.choice(list(ADJACENCY_GRAPHS))]
    one = rng.choice(list(graph))
    text, direction = one, rng.randrange(6)
    for _ in range(rng.randrange(2, 12)):
        if rng.random() < 0.25:
            direction = rng.randrange(len(graph[one]))
        key = graph[one][direction % len(graph[one])]
        if not key:
            break
        one = key[-1] if len(key) > 1 and rng.random() < 0.2 else key[0]
        text += one
    return text


def date(rng):
    day, month = rng.randrange(1, 32), rng.randrange(1, 13)
    year = rng.choice((rng.randrange(1900, 2051), rng.randrange(0, 100), rng.randrange(1000, 2100)))
    parts = [rng.choice((str(day), f"{day:02}")), rng.choice((str(month), f"{month:02}"))]
    rng.shuffle(parts)
    parts.insert(rng.choice((0, 2)), rng.choice((str(year), f"{year:02}")))
    return rng.choice(("", "", "/", "-", ".", "_", "\\", " ")).join(parts)


def sequence(rng):
    start, step, count = rng.choice((rng.randrange(33, 127), rng.randrange(945, 965))), rng.randrange(-6, 7), rng.randrange(2, 9)
    text = [start + step * index for index in range(count)]
    return "".join(map(chr, text)) if min(text) > 32 else "abc"


def noise(rng):
    return "".join(chr(rng.randrange(33, 127)) for _ in range(rng.randrange(1, 9)))


def odd(rng):
    return "".join(rng.choice(ODD) for _ in range(rng.randrange(1, 5)))


def user(rng, words):
    return rng.choice(words) if words else word(rng)


def part(rng, words):
    kind = rng.randrange(14)
    if kind < 4:
        return cased(rng, word(rng))
    if kind == 4:
        return leet(rng, cased(rng, word(rng)))
    if kind == 5:
        return word(rng)[::-1]
    if kind == 6:
        return walk(rng)
    if kind == 7:
        return date(rng)
    if kind == 8:
        return sequence(rng)
    if kind == 9:
        return noise(rng)
    if kind == 10:
        return part(rng, words) * rng.randrange(2, 5)
    if kind == 11:
        return str(rng.randrange(10 ** rng.randrange(1, 7)))
    if kind == 12:
        return cased(rng, user(rng, words))
    return odd(rng)


def password(rng, words):
    count = rng.choice((1, 1, 1, 2, 2, 2, 3, 3, 4))
    return rng.choice(("", "", "", " ", "-", "1")).join(part(rng, words) for _ in range(count))[:rng.choice((72, 40, 24, 16))]


TEXTS = []


def place(text):
    """The place of a text in the list."""
    if not text:
        return -1
    if text not in TEXTS:
        TEXTS.append(text)
    return TEXTS.index(text)


def main():
    target, count, seed = sys.argv[1], int((sys.argv[2:] or [10000])[0]), int((sys.argv[3:] or [20])[0])
    rng = random.Random(seed)
    warnings.simplefilter("ignore")
    rows = []
    while len(rows) < count:
        words = rng.choice(USERS)
        text = password(rng, words)
        # Texts of many such characters take Python minutes.
        if not text or sum(text.count(one) for one in "({[<4@1!|7$5+") > 9:
            continue
        result = zxcvbn.zxcvbn(text, user_inputs=words)
        rows.append([text, words, result["score"], round(math.log10(result["guesses"]), 9),
                     place(result["feedback"]["warning"]), [place(one) for one in result["feedback"]["suggestions"]]])
    with open(target, "w", encoding="ascii") as file:
        for row in [TEXTS, *rows]:
            file.write(json.dumps(row, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
