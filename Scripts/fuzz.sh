#!/usr/bin/env bash
# Builds the fuzz targets with libFuzzer and runs each for the given seconds over its corpus and its past failures.
# A new failure is left in Fuzz/FailCases/<target>; commit it with its fix. The last line counts.
set -uo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
export SWIFT_BACKTRACE=enable=no
# Costly inputs belong to the throttle, not to the parser: what takes longer than 5 s is a finding.
limits="-timeout=5 -rss_limit_mb=2048 -max_len=2048"
swift build --package-path Fuzz --scratch-path Fuzz/.build -c release -Xswiftc -sanitize=fuzzer \
    -Xcc -fsanitize=fuzzer-no-link -Xcxx -fsanitize=fuzzer-no-link > Fuzz/.build.log 2>&1 || {
    tail -n 30 Fuzz/.build.log
    echo "fuzz: the targets do not build" >&2
    exit 1
}
passed=0 failed=0
for target in policy:FuzzPolicy hash:FuzzHash wallet:FuzzWallet breached:FuzzBreached address:FuzzAddress \
    strength:FuzzStrength mo:FuzzMO token:FuzzToken session:FuzzSession remember:FuzzRemember \
    recovery:FuzzRecovery; do
    name=${target%%:*} program=Fuzz/.build/release/${target##*:}
    # The whole archive, or the fence's own operator new would be left out; the program itself is an empty file.
    echo | swiftc -parse-as-library -use-ld=lld -sanitize=fuzzer -emit-executable -o "$program" - \
        -Xlinker --whole-archive -Xlinker "Fuzz/.build/release/lib${target##*:}.a" -Xlinker --no-whole-archive \
        -lcrypto -lsqlite3 -lcrypt -largon2 -ljansson -lunistring -lz -lm -lstdc++ || exit 1
    work=$(mktemp -d)
    # New inputs go into a folder of this run; the corpus and past failures are only read.
    # shellcheck disable=SC2086
    if timeout $((seconds + 120)) "$program" $limits -max_total_time="$seconds" -print_final_stats=1 \
        -artifact_prefix="Fuzz/FailCases/$name/" "$work" "Fuzz/Corpus/$name" "Fuzz/FailCases/$name" > "$work.log" 2>&1; then
        passed=$((passed + 1))
        runs=$(awk '/stat::number_of_executed_units/ {print $2}' "$work.log")
        echo "ok   $name: $runs inputs in $seconds s"
    else
        failed=$((failed + 1))
        echo "FAIL $name:"
        tail -n 30 "$work.log"
    fi
    rm -rf "$work" "$work.log"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
