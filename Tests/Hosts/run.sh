#!/usr/bin/env bash
# The module in real hosts: libpam, pamtester, pam_wrapper, su, sudo, passwd, sshd. As root.
# usage: run.sh DIST [SUITE...]      suites: outcomes conversation change effects hostile races recording
#                                           root stacks programs sshd
#
# /etc is a private copy where the kernel lets us (a mount namespace), so that Unix accounts, profiles and services for
# su, passwd and sshd touch nothing of the machine. Ends only processes that it started; leaves nothing behind.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dist=$(cd "${1:?usage: run.sh DIST [SUITE...]}" && pwd)
shift
[ "$(id -u)" -eq 0 ] || { echo "run.sh: run as root: sshd, su and passwd need Unix accounts" >&2; exit 1; }

if [ -z "${LSEC_PRIVATE_ETC:-}" ] && unshare -m true 2>/dev/null; then
    LSEC_PRIVATE_ETC=1 exec unshare -m --propagation private "$0" "$dist" "$@"
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/lsec-programs-XXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM HUP
chmod 0755 "$folder"
if [ "${LSEC_PRIVATE_ETC:-}" = 1 ]; then
    # What useradd and pam-auth-update write to. The mounts go with the namespace, that is with this script.
    for original in /etc /usr/share/pam-configs /var/lib/pam; do
        mkdir -p "$folder/private$original"
        cp -a "$original/." "$folder/private$original"
        mount --bind "$folder/private$original" "$original"
    done
    trap 'umount /etc /usr/share/pam-configs /var/lib/pam; rm -rf "$folder"' EXIT
fi
for program in pamhost pamrounds; do
    gcc -std=gnu11 -Wall -Wextra -Werror -O1 -rdynamic -o "$folder/$program" "$here/$program.c" -lpam -ldl
done
/usr/bin/python3 -B "$here/main.py" "$dist" "$folder" "$@"
