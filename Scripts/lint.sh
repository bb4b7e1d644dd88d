#!/usr/bin/env bash
# What the formatter does not see: where `unsafe` may stand, what host processes may not load, and what no file may say.
set -uo pipefail
cd "$(dirname "$0")/.."
status=0
complain() {
    printf 'lint: %s\n' "$*" >&2
    status=1
}

# The unsafe fence: the only product files that may use memory by address.
allowed=Scripts/unsafe-files.txt
# The keyword, not the word in a text or a comment.
# (Not a pipe: grep leaves at the first hit, and under pipefail the writer's SIGPIPE would count as "no".)
uses_unsafe() { grep -qE '\bunsafe\b' <(sed -e 's/"[^"]*"//g' -e 's|//.*||' "$1"); }
while IFS= read -r file; do
    ! uses_unsafe "$file" || grep -qxF "$file" "$allowed" || complain "$file uses unsafe constructs and is not in $allowed"
done < <(git ls-files 'Sources/*.swift' | grep -v '^Sources/securityctl/' | xargs grep -lE '\bunsafe\b' 2>/dev/null | sort)
while IFS= read -r file; do
    [ -e "$file" ] && uses_unsafe "$file" || complain "$allowed names $file, which uses none"
done < "$allowed"

# Text from outside is taken apart as bytes: characters hide delimiters.
Scripts/text-bytes.py || complain "a file takes text apart by characters, and Scripts/text-files.txt does not name it"

# What host processes load: no Foundation, no Glibc, no Dispatch, and nothing that traps on purpose.
libraries='Sources/SecurityCore Sources/SecurityTokens Sources/SecurityStore Sources/LibSecurity Sources/PAMSecurity Sources/PAMModule'
# shellcheck disable=SC2086
if grep -rnE '^ *((public|internal|private|package) )?import (Foundation|Glibc|Dispatch)' $libraries; then
    complain "a library imports what a host process must not load"
fi
# shellcheck disable=SC2086
if grep -rnE '\btry!|\bas!|fatalError\(|precondition(Failure)?\(' $libraries; then
    complain "a library traps on purpose"
fi

# Shell and Python files are well formed.
while IFS= read -r file; do
    case $(head -n 1 "$file") in
    *bash*) bash -n "$file" || complain "$file does not parse" ;;
    *python*) python3 -c "import ast,sys; ast.parse(open(sys.argv[1]).read())" "$file" || complain "$file does not parse" ;;
    '#!/bin/sh'*) sh -n "$file" || complain "$file does not parse" ;;
    esac
done < <(git ls-files Scripts Tests Benchmarks Fuzz .ci Examples | grep -E '\.(sh|py)$|^\.ci/run$')

# Man pages render without a complaint.
if command -v mandoc >/dev/null 2>&1; then
    while IFS= read -r page; do
        mandoc -Tlint -W warning "$page" || complain "$page has warnings"
    done < <(git ls-files '*.3' '*.5' '*.8')
fi

# Translations are complete.
if command -v msgfmt >/dev/null 2>&1; then
    Scripts/make-pot.py --check || complain "the translations in po/ are not up to date"
fi

# The project stands alone.
if git grep -nIE '\.\./shared|/work/|TODO|FIXME' -- ':!Scripts/lint.sh' ':!*.db' ':!Tests/Vectors/*.json'; then
    complain "a file refers to what its users do not have, or is unfinished by its own words"
fi
exit "$status"
