#!/usr/bin/env bash
# Black-box tests of securityctl. Argument: the folder that "make build" fills.
set -euo pipefail
dist=${1:?usage: Tests/Ctl/run.sh DIST}
exec python3 "$(dirname "$0")/run.py" "$dist/bin/securityctl"
