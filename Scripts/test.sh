#!/usr/bin/env bash
# The whole test suite: style, unit tests, the release build, and every suite that needs real parts.
# Each suite prints its own lines and ends with "N passed, N failed"; the first that fails is named again at the end.
set -uo pipefail
cd "$(dirname "$0")/.."
export SWIFT_BACKTRACE=enable=no
failed=()

suite() {
    local name=$1
    shift
    printf '\n=== %s\n' "$name"
    if ! timeout "${SUITE_SECONDS:-1800}" "$@"; then
        failed+=("$name")
        printf '=== %s: FAILED\n' "$name"
    fi
}

suite "style" make -s lint
suite "release build" Scripts/build-dist.sh dist
suite "exported names and needed libraries" Tests/Hosts/symbols.sh dist
suite "securityctl" Tests/Ctl/run.sh dist
suite "C ABI" Tests/CABI/run.sh dist
suite "hosts: libpam, sshd, su" Tests/Hosts/run.sh dist
suite "interoperability with Flask-Security" Tests/Interop/run.sh dist
suite "Flask-Security's own tests" Tests/Conformance/run.sh dist
suite "the HTTP service" Tests/HTTP/run.sh dist
suite "fuzzing" Scripts/fuzz.sh 5
suite "unit tests" swift test --explicit-target-dependency-import-check error

if [ "${#failed[@]}" -gt 0 ]; then
    printf '\nFAILED: %s\n' "${failed[@]}" >&2
    exit 1
fi
printf '\nall suites passed\n'
