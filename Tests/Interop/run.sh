#!/usr/bin/env bash
# Interoperability with the real Flask-Security, 5.0.2 and 5.9.2: run.sh DIST [suite...]; the last line counts.
set -euo pipefail
exec /usr/bin/python3 "$(dirname "$0")/main.py" "$@"
