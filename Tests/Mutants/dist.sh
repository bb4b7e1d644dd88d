#!/usr/bin/env bash
# Makes dist of debug programs and of the libraries as they are released, for suites that run on a dist.
# Both must have been built: "swift build", and the Embedded libraries in .build-embedded.
set -euo pipefail
cd "$(dirname "$0")/../.."
install -d dist/lib/pkgconfig dist/lib/security dist/include dist/bin dist/sbin dist/share/libsecurity
install -m 0755 .build/debug/securityctl dist/bin/securityctl
install -m 0755 .build/debug/securityd dist/sbin/securityd
install -m 0644 .build-embedded/release/libsecurity.so dist/lib/libsecurity.so.1
ln -sfn libsecurity.so.1 dist/lib/libsecurity.so
install -m 0644 .build-embedded/release/libpam_security.so dist/lib/security/pam_security.so
install -m 0644 Include/libsecurity.h dist/include/libsecurity.h
# shellcheck disable=SC2016
sed -e 's|@prefix@|${pcfiledir}/../..|' -e 's|@libdir@|${prefix}/lib|' -e 's|@includedir@|${prefix}/include|' \
    Include/libsecurity.pc.in > dist/lib/pkgconfig/libsecurity.pc
Scripts/strength-words.py dist/share/libsecurity/zxcvbn.dat
Scripts/make-pot.py --compile dist/share/locale > /dev/null
