#!/usr/bin/env bash
# What the two libraries export and need, against the maps, the header and an allow-list; how all four products are linked.
# usage: symbols.sh DIST
set -uo pipefail
dist=${1:-dist}
root=$(cd "$(dirname "$0")/../.." && pwd)
passed=0 failed=0

check() { # name expected found
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
        printf 'ok      %s\n' "$1"
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n' "$1"
        diff <(printf '%s\n' "$2") <(printf '%s\n' "$3") | sed 's/^/        /'
    fi
}

exported() { nm -D --defined-only "$1" | awk '$2 ~ /^[A-Z]$/ && $2 != "A" {print $3}' | sed 's/@.*//' | sort; }

# The names of libraries that are needed and not allowed.
strangers() {
    readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort |
        grep -vxE 'libc\.so\.6|libm\.so\.6|libgcc_s\.so\.1|ld-linux-[a-z0-9-]+\.so\.[0-9]+|lib(crypto\.so\.3|sqlite3\.so\.0|crypt\.so\.1|argon2\.so\.1|jansson\.so\.4|unistring\.so\.[25])'"${2:-}"
}

# Everything that holds for a library inside somebody else's process.
guest() { # name file
    local flags
    flags=$(readelf -dW "$2")
    check "$1: no RPATH or RUNPATH" "" "$(grep -E 'R(UN)?PATH' <<<"$flags")"
    check "$1: never unmapped, bound at once" "NODELETE NOW" \
        "$(sed -n 's/.*(FLAGS_1).*Flags: //p' <<<"$flags" | tr ' ' '\n' | grep -E '^(NOW|NODELETE)$' | sort | paste -sd' ')"
    check "$1: relocations read-only afterwards" 1 "$(readelf -lW "$2" | grep -c GNU_RELRO)"
    check "$1: no executable stack" "RW" "$(readelf -lW "$2" | awk '$1 == "GNU_STACK" {print $7}')"
    check "$1: no Swift runtime" "" "$(grep -i 'NEEDED.*swift' <<<"$flags")"
    check "$1: stripped" "" "$(readelf -SW "$2" | grep -o '\.symtab')"
    check "$1: no text relocations" "" "$(grep -o TEXTREL <<<"$flags")"
}

module=$dist/lib/security/pam_security.so
check "pam_security.so exports the six functions of its map" \
    "$(grep -o 'pam_sm_[a-z_]*' "$root/pam/pam_security.map" | sort)" "$(exported "$module")"
check "pam_security.so needs only what it may" "" "$(strangers "$module" '|libpam\.so\.0')"
check "pam_security.so needs libpam, for hosts that load it out of sight" "libpam.so.0" \
    "$(readelf -d "$module" | grep -o 'libpam\.so\.0')"
guest pam_security.so "$module"

library=$dist/lib/libsecurity.so.1
check "libsecurity.so.1 exports the functions of its header" \
    "$(sed 's|/\*.*||; /^[ *]/d' "$root/Include/libsecurity.h" | grep -oE '\blsec_[a-z0-9_]+ *\(' | tr -d ' (' | sort -u)" \
    "$(exported "$library")"
check "libsecurity.so.1 needs only what it may" "" "$(strangers "$library" '|libz\.so\.1')"
check "libsecurity.so.1 has its SONAME" "libsecurity.so.1" \
    "$(readelf -d "$library" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')"
guest libsecurity.so.1 "$library"

# Everything that holds for a program of ours. A variable of a C library that a program uses is copied into it, and bears
# the library's version.
program() { # name file
    local flags
    flags=$(readelf -dW "$2")
    check "$1: no RPATH or RUNPATH" "" "$(grep -E 'R(UN)?PATH' <<<"$flags")"
    check "$1: position-independent, bound at once" "NOW PIE" \
        "$(sed -n 's/.*(FLAGS_1).*Flags: //p' <<<"$flags" | tr ' ' '\n' | grep -E '^(NOW|PIE)$' | sort | paste -sd' ')"
    check "$1: relocations read-only afterwards" 1 "$(readelf -lW "$2" | grep -c GNU_RELRO)"
    check "$1: no executable stack" "RW" "$(readelf -lW "$2" | awk '$1 == "GNU_STACK" {print $7}')"
    check "$1: no text relocations" "" "$(grep -o TEXTREL <<<"$flags")"
    check "$1: exports no name of its own" "" \
        "$(nm -D --defined-only "$2" | awk '$2 ~ /^[A-Z]$/ && $2 != "A" && $3 !~ /@/ {print $3}')"
}
program securityctl "$dist/bin/securityctl"
program securityd "$dist/sbin/securityd"

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
