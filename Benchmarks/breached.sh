#!/usr/bin/env bash
# Look-ups in a generated list of breached passwords: Benchmarks/breached.sh DIST [LINES]. 1e8 lines take 4.5 GB in TMPDIR.
set -euo pipefail
cd "$(dirname "$0")/.."
ctl=$(realpath "${1:-dist}")/bin/securityctl
lines=${2:-1e7}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
gcc -O2 -Wall -Wextra -o "$work/breached_list" Benchmarks/breached_list.c -lcrypto -lm
swift build --package-path Benchmarks --scratch-path Benchmarks/.build -c release --product BreachedBench \
    >"$work/build.log" 2>&1 || { tail -n 20 "$work/build.log" >&2; exit 1; }
"$work/breached_list" "$lines" > "$work/list"
start=$(date +%s%N)
"$ctl" breached build "$work/list" "$work/filter" 2>/dev/null
echo "made in $((($(date +%s%N) - start) / 1000000)) ms"

# Pages that a look-up reads, as the kernel sees it: the worst of some passwords.
pages() {
    local worst=0 count
    for number in $(seq 0 19); do
        printf 'password %s' "$number" | strace -qq -P "$1" -e trace=pread64 -o "$work/reads" \
            "$ctl" breached check --file "$1" --password-stdin >/dev/null 2>&1 || true
        count=$(sed -n 's/^pread64.*, \([0-9]*\), \([0-9]*\)) *= [0-9]*$/\1 \2/p' "$work/reads" |
            awk '{ for (page = int($2 / 4096); page <= int(($2 + $1 - 1) / 4096); page++) seen[page] = 1 }
                 END { for (page in seen) n++; print n + 0 }')
        [ "$count" -gt 0 ] || { echo "breached.sh: strace saw no read" >&2; exit 1; }
        if [ "$count" -gt "$worst" ]; then worst=$count; fi
    done
    echo "$worst"
}
echo "pages read by a look-up in the list, at most               $(pages "$work/list")"
echo "pages read by a look-up in the filter, at most             $(pages "$work/filter")"
Benchmarks/.build/release/BreachedBench "$work/list" "$work/filter"
