#!/bin/sh
# Installs the Debian packages that building, testing and the demo need. Does nothing when all are there.
# Each line: package, then why. README.md has the same table.
set -eu

packages='
libpam0g-dev        PAM headers and library
libssl-dev          libcrypto: HMAC, PBKDF2, AES
libsqlite3-dev      the account database
libcrypt-dev        bcrypt and the crypt(3) schemes
libargon2-dev       argon2
libjansson-dev      JSON of TOTP wallets
libunistring-dev    Unicode normalisation
zlib1g-dev          compressed tokens and cookies
libtomlplusplus-dev security.toml
libqrencode-dev     QR codes of securityctl
libcurl4-openssl-dev the range API of breached passwords, in securityctl
libphonenumber-dev  phone numbers, in securityctl
libstdc++-12-dev    static C++ runtime of the TOML reader
gcc                 C tests and examples
g++                 the header from C++
gettext             compiles the translations
make                this Makefile
openssl             certificates for the tests
pkg-config          the examples build with it
python3             test drivers
python3-venv        the real Flask-Security for interoperability tests
python3-pexpect     terminals for test drivers
openssh-server      the real sshd
openssh-client      a client for it
pamtester           drives libpam
libpam-wrapper      libpam without root
oathtool            an independent TOTP
sqlite3             an independent look at the database
binutils            readelf and nm
mandoc              checks the man pages
zbar-tools          reads QR codes back
strace              watches for threads and files
util-linux          setpriv
sudo                a host of the module in the tests
chromium            the pages in a real browser
chromium-driver     drives it
msmtp               a mailer that is called like sendmail
nginx               a reverse proxy that asks securityd
systemd             its own judgement of the units, and its socket activation
libpam-google-authenticator  a peer for the benchmarks
libpam-oath         a peer for the benchmarks
liboath-dev         a peer for the benchmarks
whois               mkpasswd, for the benchmarks
wrk                 load for the benchmarks
'
missing=''
for package in $(printf '%s\n' "$packages" | awk 'NF {print $1}'); do
    dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=''
if [ "$(id -u)" -ne 0 ]; then
    as_root=sudo
    command -v sudo >/dev/null 2>&1 || {
        echo "setup: not root, and no sudo. Install these packages as root:$missing" >&2
        exit 1
    }
fi
echo "setup: installing$missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
for package in $missing; do
    apt-cache show "$package" >/dev/null 2>&1 || {
        echo "setup: no package '$package' in the configured sources" >&2
        exit 1
    }
done
# A package that starts a service would open a port, and nothing here needs sshd on port 22.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap '$as_root rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod 0755 "$policy"
fi
# shellcheck disable=SC2086
$as_root apt-get install -y -qq $missing >/dev/null
