"""Token checks of libsecurity against those of itsdangerous in the same run: PYTHON Benchmarks/tokens.py REPORT.

PYTHON has itsdangerous, as those of Tests/Interop/venv.sh have; REPORT is what CoreBench printed. The tokens are of the same
payloads as there. CPU time, one thread.
"""

import re
import sys
import time

import itsdangerous

PAYLOADS = {
    "5.0": ["0123456789abcdef0123456789abcdef"],
    "5.9": {"ver": "5", "uid": "0123456789abcdef0123456789abcdef", "fs_paa": 1700000000.5, "exp": 0},
}
CHECKS = 20_000
ROUNDS = 5


def millions_a_second(payload):
    """The median of the rounds."""
    serializer = itsdangerous.URLSafeTimedSerializer("a key of thirty-two bytes or more", salt="remember-salt")
    token = serializer.dumps(payload)
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(CHECKS):
            serializer.loads(token, max_age=3600)
        times.append(time.process_time() - start)
    return CHECKS / sorted(times)[ROUNDS // 2] / 1e6


def main():
    with open(sys.argv[1]) as file:
        report = file.read()
    print(f"{'token checks':36}{'ours M/s':>14}{'itsdangerous':>14}{'ratio':>14}")
    for label, payload in PAYLOADS.items():
        name = f"authentication token of {label}"
        ours = float(re.search(rf"^{re.escape(name)} +([0-9.]+)", report, re.M).group(1))
        there = millions_a_second(payload)
        print(f"{name:36}{ours:14.3f}{there:14.3f}{ours / there:14.1f}")


if __name__ == "__main__":
    main()
