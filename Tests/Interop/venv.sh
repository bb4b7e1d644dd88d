#!/usr/bin/env bash
# Makes a virtual environment with one release of Flask-Security, once: venv.sh 5.0.2 -> prints the folder.
# Made again when the requirements or the system's Python change. Progress goes to standard error.
set -euo pipefail
release=$1
here=$(cd "$(dirname "$0")" && pwd)
requirements=$here/requirements-$release.txt
python=/usr/bin/python3
folder=$here/../../.build-venv/$release
stamp=$folder/made-from

wanted=$("$python" -V; cat "$requirements")
if [ ! -e "$stamp" ] || [ "$(cat "$stamp")" != "$wanted" ]; then
    rm -rf "$folder"
    mkdir -p "$(dirname "$folder")"
    echo "Interop: installing Flask-Security $release and its $(grep -c == "$requirements") pinned packages" >&2
    "$python" -m venv "$folder"
    # wheel first: it builds Flask-Principal, which is published as source only.
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check \
        "$(grep '^setuptools==' "$requirements" || echo setuptools)" "$(grep '^wheel==' "$requirements")" >&2
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -r "$requirements" >&2
    "$folder/bin/python" -m pip check >&2
    printf '%s\n' "$wanted" >"$stamp"
fi
(cd "$folder" && pwd)
