"""Runs the suites of this folder, or those named: main.py DIST [test_passwords ...]. One line for each test.

A run of all suites also holds docs/compatibility.md against what it found; `--write` makes that page anew.
"""
import os
import pathlib
import sys
import time
import unittest

import compatibility
import coverage

HERE = pathlib.Path(__file__).resolve().parent


class Lines(unittest.TestResult):
    """One line for each test, the details of failures at the end."""

    def __init__(self):
        super().__init__()
        self.passed = 0
        self.findings = []
        self._bad = 0

    def addUnexpectedSuccess(self, test):
        """What was known to be missing works: the mark must go."""
        self.failures.append((test, "expected to fail, and passed: take expectedFailure away"))

    def _count(self):
        return len(self.failures) + len(self.errors)

    def startTest(self, test):
        super().startTest(test)
        self._started, self._bad = time.monotonic(), self._count()

    def stopTest(self, test):
        super().stopTest(test)
        is_bad = self._count() > self._bad
        self.passed += not is_bad
        seconds = time.monotonic() - self._started
        suite, _, sentence = test.id().rpartition(".test_")
        sentence = sentence.replace("_", " ")
        name = f"{suite}: {sentence}"
        is_known = any(one is test for one, _ in self.expectedFailures)
        for form, reads in coverage.of(test):
            outcome = "fails" if is_bad else "missing" if is_known else "holds"
            place = suite.removesuffix("_" + test.release.replace(".", "_"))
            self.findings.append(compatibility.Finding(form, reads, test.release, outcome, f"{place}: {sentence}"))
        print(f"{'FAILED' if is_bad else 'ok    '} {name} ({seconds:.1f} s)", flush=True)


def main():
    os.environ["LSEC_DIST"] = sys.argv[1]
    sys.path.insert(0, str(HERE))
    import case

    loader = unittest.TestLoader()
    arguments = sys.argv[2:]
    writes = "--write" in arguments
    names = [one for one in arguments if one != "--write"]
    is_whole = not names
    names = names or sorted(path.stem for path in HERE.glob("test_*.py"))
    result = Lines()
    try:
        for release in case.RELEASES:
            case.peer(release)
        loader.loadTestsFromNames(names).run(result)
    finally:
        case.close_peers()
    for test, text in result.failures + result.errors + [(None, text) for text in loader.errors]:
        print(f"\n{test.id() if test else 'loading'}\n{text}")
    if is_whole:
        complaint = compatibility.hold(result.findings, list(case.RELEASES), writes)
        if complaint:
            loader.errors.append(complaint)
            print(complaint)
    bad = {getattr(test, "test_case", test).id() for test, _ in result.failures + result.errors}
    failed = len(bad) + len(loader.errors)
    print(f"{result.passed} passed, {failed} failed")
    return 1 if failed or result.passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
