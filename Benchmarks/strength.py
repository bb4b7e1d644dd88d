"""New passwords judged by libsecurity and by the Python package zxcvbn: PYTHON Benchmarks/strength.py PROGRAM WORDS.

PYTHON has zxcvbn, as those of Tests/Interop/venv.sh have; PROGRAM is StrengthBench. The passwords are those of
Tests/Vectors/strength.jsonl that are one line without words of a user. CPU time of one run, one thread.
"""

import json
import pathlib
import subprocess
import sys
import time
import warnings

import zxcvbn

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "Tests/Vectors/strength.jsonl"
ROUNDS = 3


def passwords():
    rows = [json.loads(line) for line in VECTORS.read_text().splitlines()[1:]]
    texts = [row[0] for row in rows if not row[1] and len(row[0].splitlines()) == 1]
    return texts[:1500]


def python_microseconds(texts):
    """For one password: the median of the rounds."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for text in texts:
            zxcvbn.zxcvbn(text)
        times.append(time.process_time() - start)
    return sorted(times)[ROUNDS // 2] / len(texts) * 1e6


def main():
    program, words = sys.argv[1:]
    warnings.simplefilter("ignore")
    texts = passwords()
    done = subprocess.run([program, words], input="\n".join(texts), capture_output=True, text=True, check=True)
    opened, judged = map(float, done.stdout.split())
    there = python_microseconds(texts)
    print(f"{'judging one of ' + format(len(texts), ',') + ' passwords':40}{'ours us':>14}{'zxcvbn us':>14}{'ratio':>14}")
    print(f"{'words in memory':40}{judged:14.1f}{there:14.1f}{judged / there:14.3f}")
    print(f"{'words read for it':40}{judged + opened:14.1f}{there:14.1f}{(judged + opened) / there:14.3f}")


if __name__ == "__main__":
    main()
