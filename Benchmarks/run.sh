#!/usr/bin/env bash
# Prints the benchmark tables: make bench, or Benchmarks/run.sh DIST. Every ratio is of one run on this machine, CPU time
# first. As root it also measures pam_unix, with a temporary Unix account that is removed at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
dist=$(realpath "${1:-dist}")
rounds=${ROUNDS:-41}
work=$(mktemp -d)
account=''
cleanup() {
    [ -z "$account" ] || userdel "$account" >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap cleanup EXIT INT TERM
step() { printf '\n== %s\n' "$*" >&2; }

step "building"
gcc -O2 -Wall -Wextra -o "$work/pam_bench" Benchmarks/pam_bench.c -lpam
gcc -O2 -Wall -Wextra -shared -fPIC -o "$work/floor_module.so" Benchmarks/floor_module.c -lpam -lsqlite3 -lcrypt -lcrypto
swift build --package-path Benchmarks --scratch-path Benchmarks/.build -c release --product CoreBench >"$work/build.log" 2>&1 ||
    { tail -n 20 "$work/build.log" >&2; exit 1; }

salt=benchmark-salt
password='correct horse battery staple'
secret=0123456789abcdef0123456789abcdef
# config NAME ROUNDS: a site of its own with bcrypt of that cost, and throttle counts that a benchmark does not reach.
config() {
    (umask 077 && cat > "$work/$1.toml") <<TOML
SECRET_KEY = "0123456789abcdef0123456789abcdef0123456789abcdef"
SECURITY_PASSWORD_SALT = "$salt"
SQLALCHEMY_DATABASE_URI = "sqlite:///$work/$1.db"
SECURITY_PASSWORD_HASH = "bcrypt"
SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS = { bcrypt__rounds = $2 }
SECURITY_TWO_FACTOR = true
SECURITY_TOTP_SECRETS = { 1 = "$secret" }
SECURITY_TOTP_ISSUER = "bench"
SECURITY_CONFIRMABLE = true
SECURITY_USERNAME_ENABLE = true
SECURITY_USERNAME_MIN_LENGTH = 1
LIBSECURITY_TOTP_SINGLE_USE = false
LIBSECURITY_THROTTLE_FREE = 1000
LIBSECURITY_THROTTLE_HOST_FREE = 100000
LIBSECURITY_THROTTLE_LIMIT = 100000
TOML
    ctl "$1" init --database-only
}
ctl() { local site=$1; shift; "$dist/bin/securityctl" "$@" --config "$work/$site.toml" >/dev/null; }
user() {
    local site=$1 name=$2
    shift 2
    printf '%s' "$password" | ctl "$site" users create "$name@example.org" --username "$name" --password-stdin "$@"
}
service() { printf '%s\n' "${@:2}" > "$work/pam.d/$1"; }

step "making sites"
mkdir "$work/pam.d"
config main 12
user main ann --active --confirmed
user main tom --active --confirmed
key=$("$dist/bin/securityctl" users totp enrol tom@example.org --no-verify --json --config "$work/main.toml" |
    python3 -c 'import json,sys; print(json.load(sys.stdin)["key"])')
module="$dist/lib/security/pam_security.so config=$work/main.toml"
service permit "auth required pam_permit.so"
service floor "auth required $work/floor_module.so $work/main.db $salt"
service floor-code "auth required $work/floor_module.so $work/main.db $salt $secret"
service ours "auth required $module"
rows=("pam_permit:permit:ann:x" "C floor, bcrypt 12:floor:ann:$password" "pam_security, bcrypt 12:ours:ann:$password")
# A code lives 30 s: it is put in place of CODE when its rows are run.
code=CODE
codes=("C floor, bcrypt 12 + TOTP:floor-code:tom:$password:$code" "pam_security, bcrypt 12 + TOTP:ours:tom:$password:$code")
if [ "$(id -u)" -eq 0 ]; then
    account="lsecbench$$"
    hash=$(python3 -c 'import sys; print(sys.argv[1])' "$(mkpasswd -m bcrypt -R 12 "$password" 2>/dev/null || true)")
    if [ -n "$hash" ]; then
        useradd -M -N -p "$hash" "$account"
        printf '%s\n" TOTP_AUTH\n' "$key" > "$work/ga" && chmod 0400 "$work/ga"
        service unix "auth required pam_unix.so"
        service unix-code "auth required pam_unix.so" \
            "auth required pam_google_authenticator.so secret=$work/ga user=root no_increment_hotp"
        rows+=("pam_unix, bcrypt 12:unix:$account:$password")
        codes+=("pam_unix + google_authenticator:unix-code:$account:$password:$code")
    else
        account=''
    fi
fi

step "password: $rounds rounds of each"
"$work/pam_bench" "$work/pam.d" "$rounds" "${rows[@]}" -- 1
step "password and code: a code lives 30 s, so fewer rounds"
"$work/pam_bench" "$work/pam.d" 15 "${codes[@]//CODE/$(oathtool --totp -b "$key")}" -- 0

step "refusals that must look alike (bcrypt 10): ratios to the first"
config alike 10
for name in ann nofa ina una; do
    case $name in ina) flags=--confirmed ;; una) flags=--active ;; *) flags='--active --confirmed' ;; esac
    # shellcheck disable=SC2086
    user alike "$name" $flags
done
ctl alike users totp enrol ann@example.org --no-verify
service alike "auth required $dist/lib/security/pam_security.so config=$work/alike.toml"
"$work/pam_bench" "$work/pam.d" "${ALIKE_ROUNDS:-200}" "wrong password:alike:ann:wrong" "unknown account:alike:nobody:wrong" \
    "inactive account:alike:ina:wrong" "unconfirmed account:alike:una:wrong" "no second factor:alike:nofa:wrong" -- 0

step "the core: hashes, codes, look-ups in databases of 1,000 to 1,000,000 accounts"
databases=()
for count in 1000 10000 100000 1000000; do
    sqlite3 "$work/accounts-$count.db" < Tests/Vectors/ddl/fsqla_v3-sqlite.sql
    sqlite3 "$work/accounts-$count.db" "
        PRAGMA journal_mode=WAL; CREATE INDEX lsec_user_lower_email ON user (lower(email));
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < $count - 1)
        INSERT INTO user (email, active, fs_uniquifier, username, fs_webauthn_user_handle)
        SELECT 'user' || i || '@example.org', 1, printf('%032x', i), 'user' || i, printf('%032x', i) FROM n;" >/dev/null
    databases+=("$work/accounts-$count.db")
done
Benchmarks/.build/release/CoreBench "${databases[@]}" | tee "$work/core.txt"

step "the same tokens checked by itsdangerous"
python=$(Tests/Interop/venv.sh 5.9.2)/bin/python
"$python" Benchmarks/tokens.py "$work/core.txt"

step "securityd against Flask-Security under gunicorn"
python=$(Tests/Interop/venv.sh 5.0.2)/bin/python
"$python" Benchmarks/service.py "$dist" "$python" "${HTTP_SECONDS:-10}"

step "how hard to guess a new password is"
python=$(Tests/Interop/venv.sh 5.9.2)/bin/python
swift build --package-path Benchmarks --scratch-path Benchmarks/.build -c release --product StrengthBench \
    >"$work/build.log" 2>&1 || { tail -n 20 "$work/build.log" >&2; exit 1; }
"$python" Benchmarks/strength.py Benchmarks/.build/release/StrengthBench \
    "$dist/share/libsecurity/zxcvbn.dat"

step "breached passwords: a list of ${BREACHED_LINES:-1e7} lines"
Benchmarks/breached.sh "$dist" "${BREACHED_LINES:-1e7}"
