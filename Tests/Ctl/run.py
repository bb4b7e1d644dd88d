#!/usr/bin/env python3
"""Runs every test_*.py of this folder against one securityctl; the last line is "N passed, N failed"."""

import os
import shutil
import sys
import tempfile
import unittest

import harness

folder = os.path.dirname(os.path.abspath(__file__))
suite = unittest.defaultTestLoader.discover(folder, pattern=sys.argv[2] if len(sys.argv) > 2 else "test_*.py")
with tempfile.TemporaryDirectory(prefix="securityctl-") as place:
    # A copy that users who are not root reach, wherever this tree is.
    os.chmod(place, 0o755)
    harness.BINARY = shutil.copy(sys.argv[1], os.path.join(place, "securityctl"))
    os.chmod(harness.BINARY, 0o755)
    result = unittest.TextTestRunner(verbosity=1, buffer=True).run(suite)
failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
for case, reason in result.skipped:
    print(f"skipped: {case}: {reason}")
print(f"{result.testsRun - failed - len(result.skipped)} passed, {failed} failed")
sys.exit(1 if failed or result.testsRun == 0 else 0)
