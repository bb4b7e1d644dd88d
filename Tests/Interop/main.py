"""Runs the suites of this folder, or those named: main.py DIST [test_passwords ...]. One line for each test."""
import os
import pathlib
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent


class Lines(unittest.TestResult):
    """One line for each test, the details of failures at the end."""

    def __init__(self):
        super().__init__()
        self.passed = 0
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
        name = f"{suite}: {sentence.replace('_', ' ')}"
        print(f"{'FAILED' if is_bad else 'ok    '} {name} ({seconds:.1f} s)", flush=True)


def main():
    os.environ["LSEC_DIST"] = sys.argv[1]
    sys.path.insert(0, str(HERE))
    import case

    loader = unittest.TestLoader()
    names = sys.argv[2:] or sorted(path.stem for path in HERE.glob("test_*.py"))
    result = Lines()
    try:
        for release in case.RELEASES:
            case.peer(release)
        loader.loadTestsFromNames(names).run(result)
    finally:
        case.close_peers()
    for test, text in result.failures + result.errors + [(None, text) for text in loader.errors]:
        print(f"\n{test.id() if test else 'loading'}\n{text}")
    bad = {getattr(test, "test_case", test).id() for test, _ in result.failures + result.errors}
    failed = len(bad) + len(loader.errors)
    print(f"{result.passed} passed, {failed} failed")
    return 1 if failed or result.passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
