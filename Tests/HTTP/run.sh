#!/usr/bin/env bash
# Tests of securityd from outside: real sockets, a real database, a real SMTP server on loopback.
# Argument: the folder that "make build" fills.
set -euo pipefail
dist=${1:?usage: Tests/HTTP/run.sh DIST}
exec python3 "$(dirname "$0")/main.py" "$(realpath "$dist")"
