#!/usr/bin/env bash
# The C ABI, tested from C: everything is compiled with pkg-config against the tree of build-dist.sh.
# A line per check, `ok ...` or `FAIL ...`; the last line is "N passed, N failed".
# usage: run.sh [DIST]
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dist=$(cd "${1:-$here/../../dist}" && pwd) || exit 2
vectors=$(cd "$here/../Vectors" && pwd)
export PKG_CONFIG_PATH=$dist/lib/pkgconfig LD_LIBRARY_PATH=$dist/lib PYTHONDONTWRITEBYTECODE=1 LSEC_LOCALES=$dist/share/locale
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
lines=$work/lines
: >"$lines"

# Shows what a command prints; one that fails without saying so is a failed check itself.
suite() {
    local name=$1 out=$work/out status
    shift
    timeout 300 "$@" >"$out" 2>"$work/errors"
    status=$?
    if [ "$status" -ne 0 ] && ! grep -q '^FAIL ' "$out"; then
        echo "FAIL $name: exit status $status" >>"$out"
        sed 's/^/# /' "$work/errors" >>"$out"
    fi
    sed "s/^ok /ok $name: /;s/^FAIL /FAIL $name: /" "$out"
    cat "$out" >>"$lines"
}

# A check of one command: it succeeds.
succeeds() {
    local name=$1
    shift
    if "$@" >"$work/out" 2>&1; then
        echo "ok $name" | tee -a "$lines"
    else
        echo "FAIL $name" | tee -a "$lines"
        sed 's/^/# /' "$work/out"
    fi
}

strict="-Wall -Wextra -Werror -pedantic"
# shellcheck disable=SC2086,SC2046
compile() { # PROGRAM FILES... LIBRARIES...
    local program=$1
    shift
    gcc -std=c99 $strict $(pkg-config --cflags libsecurity) -o "$work/$program" "$@"
}
libs=$(pkg-config --libs libsecurity)

succeeds "the header is C99" sh -c "echo '#include <libsecurity.h>' |
    gcc -std=c99 $strict \$(pkg-config --cflags libsecurity) -fsyntax-only -x c -"
succeeds "the header is C++17" sh -c "echo '#include <libsecurity.h>' |
    g++ -std=c++17 $strict \$(pkg-config --cflags libsecurity) -fsyntax-only -x c++ -"
# shellcheck disable=SC2086
succeeds "a C++ program links" sh -c "g++ -std=c++17 $strict -o '$work/version' '$here/version.cpp' \
    \$(pkg-config --cflags --libs libsecurity) && '$work/version'"
suite "names" "$here/names.sh" "$dist"

for program in arguments flows direct tokens threads host secrets; do
    # shellcheck disable=SC2086
    if compile "$program" -D_GNU_SOURCE -pthread "$here/$program.c" "$here/check.c" $libs -lcrypto -lsqlite3 \
        2>"$work/errors"; then
        suite "$program" "$work/$program" "$vectors"
    else
        echo "FAIL $program does not compile" | tee -a "$lines"
        sed 's/^/# /' "$work/errors"
    fi
done

# A site of its own for what follows.
mkdir "$work/site"
cp "$vectors/sample.toml" "$vectors/sample.db" "$work/site/"
chmod 0600 "$work/site/sample.toml"
configuration=$work/site/sample.toml

if compile reload -D_GNU_SOURCE "$here/reload.c" -ldl; then
    suite "reload" "$work/reload" "$configuration" "$dist/lib/libsecurity.so.1"
fi

# No process and no thread is made, and no handler set, by any of these calls.
if strace -f -o "$work/trace" -e trace=clone,clone3,fork,vfork,rt_sigaction "$work/flows" "$vectors" >/dev/null; then
    succeeds "no thread is made, and no signal handler" sh -c "! grep -vE '^[0-9]+ +(\\+\\+\\+|---)' '$work/trace'"
else
    echo "FAIL strace of the flows" | tee -a "$lines"
fi

suite "examples" "$here/examples.sh" "$configuration" "$work"

passed=$(grep -c '^ok ' "$lines")
failed=$(grep -c '^FAIL ' "$lines")
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
