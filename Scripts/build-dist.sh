#!/usr/bin/env bash
# Builds the release products and lays them out as a tree:
#
#   DIST/lib/libsecurity.so.1  lib/libsecurity.so  lib/pkgconfig/libsecurity.pc  include/libsecurity.h
#   DIST/lib/security/pam_security.so   DIST/bin/securityctl   DIST/sbin/securityd   DIST/share/libsecurity/zxcvbn.dat
#   DIST/share/locale/LANGUAGE/LC_MESSAGES/libsecurity.mo
#
# usage: build-dist.sh [DIST] [--prefix PATH]
#   DIST           where the tree goes, relative to the current folder (default: dist in the source tree)
#   --prefix PATH  what libsecurity.pc says (default: wherever the tree is at the time)
#
# Both libraries are Embedded Swift: no Swift runtime, only the names of their maps. securityctl carries its runtime.
set -euo pipefail
source_tree=$(cd "$(dirname "$0")/.." && pwd)
dist=$source_tree/dist
# pkg-config puts the folder of the .pc file here, so that the tree may be moved.
# shellcheck disable=SC2016
prefix='${pcfiledir}/../..'
while [ $# -gt 0 ]; do
    case $1 in
    --prefix)
        prefix=${2:?build-dist.sh: --prefix needs a path}
        shift 2
        ;;
    -*)
        echo "build-dist.sh: unknown option $1" >&2
        exit 2
        ;;
    *)
        dist=$(realpath -m "$1")
        shift
        ;;
    esac
done
cd "$source_tree"
export SWIFT_BACKTRACE=enable=no

# Runs a build; its lines are shown only when it fails.
build() {
    local log
    log=$(mktemp)
    if ! "$@" >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        echo "build-dist.sh: failed: $*" >&2
        exit 1
    fi
    rm -f "$log"
}

# With pins in sight, SwiftPM would fetch packages that the libraries do not use.
pins=''
restore_pins() {
    if [ -n "$pins" ]; then mv -f "$pins" Package.resolved; fi
    pins=''
}
trap restore_pins EXIT
if [ -e Package.resolved ]; then
    pins=$(mktemp Package.resolved.XXXXXX)
    mv -f Package.resolved "$pins"
fi
echo "building libsecurity.so.1 and pam_security.so (Embedded Swift)"
LSEC_EMBEDDED=1 build swift build -c release --scratch-path .build-embedded --disable-local-rpath
restore_pins
for product in security pam_security; do
    # shellcheck disable=SC2046
    Scripts/same-literals.py $(tr -d "'" <".build-embedded/release/$product.product/Objects.LinkFileList" | grep '\.swift\.o$')
done

echo "building securityctl"
build swift build -c release --product securityctl --static-swift-stdlib --disable-local-rpath
ctl=$(swift build -c release --product securityctl --static-swift-stdlib --show-bin-path)/securityctl

echo "building securityd"
build swift build -c release --product securityd --static-swift-stdlib --disable-local-rpath

echo "laying out $dist"
install -d "$dist/lib/pkgconfig" "$dist/lib/security" "$dist/include" "$dist/bin" "$dist/sbin" "$dist/share/libsecurity"
words=$dist/share/libsecurity/zxcvbn.dat
[ "$words" -nt Scripts/strength-words.py ] || Scripts/strength-words.py "$words"
# install(1) unlinks first: programs that have an older library loaded keep it.
install -m 0644 .build-embedded/release/libsecurity.so "$dist/lib/libsecurity.so.1"
ln -sfn libsecurity.so.1 "$dist/lib/libsecurity.so"
install -m 0644 .build-embedded/release/libpam_security.so "$dist/lib/security/pam_security.so"
install -m 0644 Include/libsecurity.h "$dist/include/libsecurity.h"
install -m 0755 "$ctl" "$dist/bin/securityctl"
install -m 0755 "$(dirname "$ctl")/securityd" "$dist/sbin/securityd"
Scripts/make-pot.py --compile "$dist/share/locale"
strip --strip-unneeded "$dist/lib/libsecurity.so.1" "$dist/lib/security/pam_security.so" "$dist/bin/securityctl" \
    "$dist/sbin/securityd"
sed -e "s|@prefix@|$prefix|" -e 's|@libdir@|${prefix}/lib|' -e 's|@includedir@|${prefix}/include|' \
    Include/libsecurity.pc.in >"$dist/lib/pkgconfig/libsecurity.pc"
(cd "$dist" && stat -c '%10s %n' lib/libsecurity.so.1 lib/security/pam_security.so bin/securityctl sbin/securityd)
