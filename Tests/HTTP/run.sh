#!/usr/bin/env bash
# Tests of securityd from outside: real sockets, a real database, a real SMTP server on loopback.
# Arguments: the folder that "make build" fills, and a pattern of test files.
set -euo pipefail
dist=${1:?usage: Tests/HTTP/run.sh DIST [PATTERN]}
here=$(dirname "$(realpath "$0")")
exec "$("$here/venv.sh")/bin/python" "$here/main.py" "$(realpath "$dist")" "${@:2}"
