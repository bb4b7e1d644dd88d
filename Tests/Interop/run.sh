#!/usr/bin/env bash
# Interoperability with the real Flask-Security, 5.0.2 and 5.9.2: run.sh DIST [suite...]; the last line counts.
set -euo pipefail
tests=$(dirname "$(realpath "$0")")
build=(swift build -c release --product state-writer --static-swift-stdlib --package-path "$tests/../..")
"${build[@]}" --quiet >&2
LSEC_STATE_WRITER=$("${build[@]}" --show-bin-path)/state-writer
export LSEC_STATE_WRITER
exec /usr/bin/python3 "$tests/main.py" "$@"
