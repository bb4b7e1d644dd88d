#!/usr/bin/env bash
# The examples, as their readers build and run them. usage: examples.sh CONFIGURATION FOLDER
set -uo pipefail
configuration=$1 folder=$2
examples=$(cd "$(dirname "$0")/../../Examples" && pwd)
status=0

# expect WHAT STATUS OUTPUT COMMAND... : answers come from standard input.
expect() {
    local what=$1 wanted=$2 output=$3 got
    shift 3
    got=$("$@" 2>"$folder/errors")
    if [ $? -eq "$wanted" ] && [ "$got" = "$output" ]; then
        echo "ok $what"
    else
        echo "FAIL $what: printed '$got'"
        sed 's/^/# /' "$folder/errors"
        status=1
    fi
}

# shellcheck disable=SC2046
gcc -std=c99 -Wall -Wextra -Werror -pedantic "$examples/login.c" -o "$folder/login" \
    $(pkg-config --cflags --libs libsecurity) || echo "FAIL login.c does not compile"
[ "$(wc -l <"$examples/login.c")" -lt 100 ] && echo "ok login.c has under 100 lines" || echo "FAIL login.c is long"

# shellcheck disable=SC2046
gcc -std=c99 -Wall -Wextra -Werror -pedantic "$examples/token.c" -o "$folder/token" \
    $(pkg-config --cflags --libs libsecurity) || echo "FAIL token.c does not compile"
token=$("$folder/token" "$configuration" make reset ann@example.org)
expect "token: a reset link is good" 0 "valid ann@example.org" "$folder/token" "$configuration" check reset <<<"$token"
expect "token: it is no sign-in link" 1 invalid "$folder/token" "$configuration" check login <<<"$token"
expect "token: it is redeemed" 0 "valid ann@example.org" "$folder/token" "$configuration" redeem reset <<<"$token"
expect "token: once" 1 "used ann@example.org" "$folder/token" "$configuration" redeem reset <<<"$token"
expect "token: it is no session" 1 invalid "$folder/token" "$configuration" session <<<"$token"
expect "token: nobody" 1 '' "$folder/token" "$configuration" make reset nobody@example.org
expect "token: no such purpose" 2 '' "$folder/token" "$configuration" check x <<<"$token"

right='correct horse battery staple'
for login in "$folder/login" "$examples/login.py"; do
    name=$(basename "$login")
    recovery=$([ "$name" = login ] && echo 1111-2222-3333 || echo cafe-f00d-9999)
    expect "$name: a recovery code" 0 granted "$login" "$configuration" ann@example.org <<<"$right"$'\n'"$recovery"
    expect "$name: used" 1 denied "$login" "$configuration" ann@example.org <<<"$right"$'\n'"$recovery"
    expect "$name: no second factor" 0 granted "$login" "$configuration" carol@example.org 192.0.2.7 \
        <<<'old scheme, to be rehashed'
    expect "$name: a wrong password" 1 denied "$login" "$configuration" ann@example.org 192.0.2.8 <<<'guess'
    expect "$name: no configuration" 2 '' "$login" /nonexistent/security.toml ann@example.org </dev/null
    expect "$name: no such argument" "$([ "$name" = login ] && echo 2 || echo 1)" '' "$login" </dev/null
done
key=0101010101010101010101010101010101010101
code=$(oathtool --totp "$key")
expect "login: a code" 0 granted "$folder/login" "$configuration" ann@example.org <<<"$right"$'\n'"$code"
expect "login.py: the same code" 1 denied "$examples/login.py" "$configuration" ann@example.org <<<"$right"$'\n'"$code"
exit "$status"
