"""Runs the suites: main.py DIST PROGRAMS [SUITE...]"""

import importlib
import os
import signal
import sys
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import hosts

SUITES = ["outcomes", "conversation", "languages", "change", "effects", "hostile", "races", "recording", "root", "stacks",
          "programs", "sshd"]


def main():
    dist, programs, *wanted = sys.argv[1:]
    checks = hosts.Checks()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        for name in wanted or SUITES:
            print("--- " + name, flush=True)
            suite(name, checks, hosts.Hosts(os.path.abspath(dist), programs))
    finally:
        hosts.Site.remove_all()
    print("%d passed, %d failed" % (checks.passed, checks.failed))
    return checks.failed != 0


def suite(name, checks, programs):
    """Runs one suite; what it stumbles over is a failure, and the others go on."""
    try:
        importlib.import_module("suite_" + name).run(checks, programs)
    except Exception:  # pylint: disable=broad-except
        checks.true(name + " ran to its end", False, traceback.format_exc())


if __name__ == "__main__":
    sys.exit(main())
