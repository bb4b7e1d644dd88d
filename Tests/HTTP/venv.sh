#!/usr/bin/env bash
# Makes the virtual environment of these tests, once, and prints its folder. Made again when the requirements or the
# system's Python change. Progress goes to standard error.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
requirements=$here/requirements.txt
python=/usr/bin/python3
folder=$here/../../.build-venv/http
stamp=$folder/made-from

wanted=$("$python" -V; cat "$requirements")
if [ ! -e "$stamp" ] || [ "$(cat "$stamp")" != "$wanted" ]; then
    rm -rf "$folder"
    mkdir -p "$(dirname "$folder")"
    echo "HTTP: installing schemathesis and what it needs" >&2
    "$python" -m venv "$folder"
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -r "$requirements" >&2
    "$folder/bin/python" -m pip check >&2
    printf '%s\n' "$wanted" >"$stamp"
fi
(cd "$folder" && pwd)
