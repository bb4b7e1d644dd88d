#!/usr/bin/env bash
# Header, exported names, version map and man page name the same functions, both ways.
# usage: names.sh DIST
set -uo pipefail
dist=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
status=0

# Prints ok, or FAIL and what only one side has.
same() {
    local what=$1 difference
    if difference=$(diff <(printf '%s\n' "$2") <(printf '%s\n' "$3")); then
        echo "ok $what"
    else
        echo "FAIL $what"
        # shellcheck disable=SC2001
        sed 's/^/# /' <<<"$difference"
        status=1
    fi
}

# The header without its comments.
header=$(gcc -w -fpreprocessed -dD -E -P Include/libsecurity.h)
declared=$(grep -oE '\blsec_[a-z_]+\(' <<<"$header" | tr -d '(' | sort -u)
exported=$(nm -D --defined-only "$dist/lib/libsecurity.so.1" | awk '$2 != "A" {print $3}' | sed 's/@.*//' | sort -u)
versioned=$(nm -D --defined-only "$dist/lib/libsecurity.so.1" | awk '$2 != "A" && /@@LIBSECURITY_1$/ {print $3}' |
    sed 's/@.*//' | sort -u)
mapped=$(grep -oE '\blsec_[a-z_]+;' Include/libsecurity.map | tr -d ';' | sort -u)
# In the synopsis, prototypes are .Fo or .Fn; what stands elsewhere are references.
documented=$(sed '/^\.Sh DESCRIPTION/q' docs/man/libsecurity.3 | awk '/^\.F[on] /{print $2}' | sort -u)
same "every function of the header is exported, and nothing else" "$declared" "$exported"
same "every one has the version LIBSECURITY_1" "$declared" "$versioned"
same "every one stands in the map" "$declared" "$mapped"
same "every one has its prototype in libsecurity(3)" "$declared" "$documented"

constants=$(grep -oE '^ *(#define )?LSEC_[A-Z0-9_]+' <<<"$header" | grep -oE 'LSEC_[A-Z0-9_]+' | grep -vx LSEC_CHECK |
    sort -u)
named=$(grep -oE 'LSEC_[A-Z0-9_]+' docs/man/libsecurity.3 | grep -vE '_$' | sort -u)
same "libsecurity(3) names every constant, and no other" "$constants" "$named"
if cmp -s Include/libsecurity.h "$dist/include/libsecurity.h"; then
    echo "ok the installed header is this one"
else
    echo "FAIL the installed header is this one"
    status=1
fi
exit "$status"
