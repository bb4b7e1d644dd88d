"""Runs every test_*.py beside this file against the programs of one tree, and prints `N passed, M failed`."""

import os
import pathlib
import sys
import unittest

import service

service.DIST = pathlib.Path(sys.argv[1])
here = os.path.dirname(os.path.abspath(__file__))
suite = unittest.defaultTestLoader.discover(here, pattern=sys.argv[2] if len(sys.argv) > 2 else "test_*.py")
result = unittest.TextTestRunner(verbosity=1, buffer=True).run(suite)
failed = len(result.failures) + len(result.errors)
print(f"{result.testsRun - failed} passed, {failed} failed")
sys.exit(1 if failed or not result.testsRun else 0)
