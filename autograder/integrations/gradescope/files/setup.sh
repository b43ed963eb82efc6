#!/usr/bin/env bash
# Run once, as root, when Gradescope builds the container: makes an environment with what grading needs.
# AUTOGRADER_ROOT stands for /autograder where this is tried out elsewhere.
set -euo pipefail
source="${AUTOGRADER_ROOT:-/autograder}/source"
cd "$source"
wanted="$(cat python-version)"  # empty: any from 3.11 on

is_wanted() {
    "$1" - "$wanted" >/dev/null 2>&1 <<'PYTHON'
import sys
found = f"{sys.version_info[0]}.{sys.version_info[1]}"
sys.exit(not (found == sys.argv[1] if sys.argv[1] else sys.version_info >= (3, 11)))
PYTHON
}

find_python() {
    for name in ${wanted:+python$wanted} python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null && is_wanted "$name"; then
            command -v "$name"
            return
        fi
    done
    return 1
}

if ! python="$(find_python)"; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq || true
    for version in ${wanted:-3.13 3.12 3.11}; do
        if apt-get install -y -qq "python$version" "python$version-venv"; then break; fi
    done
    python="$(find_python)" || {
        echo "Python ${wanted:-3.11 or later} is neither in this image nor can it be installed." >&2
        echo "Choose another base image under Configure Autograder, or build with --python and --vendor-wheels." >&2
        exit 1
    }
fi

if [ -d wheels ]; then
    # Nothing of the network is needed, and of Debian's Python no more than the interpreter.
    "$python" -m venv --without-pip venv
    for pip in wheels/pip-*.whl; do installer="$pip/pip"; done
    venv/bin/python "$installer" install --quiet --no-index --find-links wheels --no-deps -r requirements.txt
else
    if ! "$python" -m venv venv 2>/dev/null; then
        apt-get install -y -qq "$(basename "$(readlink -f "$python")")-venv"
        "$python" -m venv venv
    fi
    venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements.txt
fi
site="$(venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
echo "$source/engine" >"$site/autograder.pth"
# Submissions run as a user of their own, which these are not for; landlock keeps them out in any case.
chmod -R go-rwx solutions settings.json
chmod -R go+rX engine venv
# That it works is known now, and not with the first submission.
venv/bin/python -I -m autograder.integrations.gradescope.run_autograder --check "${AUTOGRADER_ROOT:-/autograder}"
