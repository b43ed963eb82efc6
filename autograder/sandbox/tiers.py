"""Which layers of isolation work here: found by trying them, in a server that runs nothing of a student's.

Reading settings does not tell: under AppArmor, say, a user namespace may be made and a mount in it then fails.
"""

import os
import shutil
import subprocess
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from autograder.sandbox.inside.jail import Layer
from autograder.sandbox.inside.wire import SCRATCH
from autograder.sandbox.readable_places import places


class Tier(StrEnum):
    """How far submissions are isolated, best first."""

    A = "A"
    A_MINUS = "A-"
    B = "B"
    C = "C"
    NONE = "none"


LAYERS: dict[Tier, frozenset[Layer]] = {
    Tier.A: frozenset(Layer),
    Tier.A_MINUS: frozenset(Layer) - {Layer.NAMESPACES},
    Tier.B: frozenset({Layer.LIMITS, Layer.LANDLOCK, Layer.SECCOMP}),
    Tier.C: frozenset({Layer.LIMITS, Layer.SECCOMP}),
    Tier.NONE: frozenset({Layer.LIMITS}),
}

MEANS: dict[Tier, str] = {
    Tier.A: "all layers: its own processes, files and network; no system call that could reach out",
    Tier.A_MINUS: "bubblewrap around the server, landlock and seccomp on each submission",
    Tier.B: "landlock and seccomp on each submission; no namespaces",
    Tier.C: "seccomp only: a submission can read every file that you can",
    Tier.NONE: "limits only: a submission can do whatever you can",
}

# As root each slot's server is a user that owns nothing: never `nobody`, who may own something.
FIRST_UID = 61000
BUBBLE_SCRATCH = SCRATCH


@cache
def reachable(uid: int) -> bool:
    """Whether a user of this id can run the interpreter and read NumPy: not so where they lie in root's own home."""
    where = places()
    probe = [where.interpreter, "-s", "-S", "-B", "-c", "import sys, os; [os.listdir(path) for path in sys.argv[1:]]"]
    folders = [path for path in (*where.site, where.package, *where.readable) if Path(path).is_dir()]
    try:
        tried = subprocess.run(
            [*probe, *folders], user=uid, group=uid, extra_groups=[], capture_output=True, check=False, cwd="/"
        )
    except OSError:
        return False
    return tried.returncode == 0


def user_of_slot(number: int) -> dict[str, Any]:
    """As root, the user that a slot's server runs as: one that owns nothing, another for each slot."""
    uid = FIRST_UID + number
    if os.geteuid() != 0 or not reachable(uid):
        return {}
    return {"user": uid, "group": uid, "extra_groups": []}


def bubble(readable: tuple[str, ...], *, shared: bool) -> list[str]:
    """The bubblewrap command around a server: an empty file system with only these folders, read-only.

    Args:
        readable: the folders.
        shared: whether all submissions write to one folder of the server's; else each makes its own there.

    Raises:
        FileNotFoundError: bubblewrap is not installed.
    """
    program = shutil.which("bwrap")
    if program is None:
        raise FileNotFoundError("bwrap")
    command = [program, "--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    command += ["--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN", "--die-with-parent", "--new-session"]
    for path in readable:
        if path.startswith("/dev/"):
            command += ["--dev-bind", path, path]
        elif Path(path).is_symlink():
            command += ["--symlink", str(Path(path).readlink()), path]
        else:
            command += ["--ro-bind", path, path]
    command += ["--tmpfs" if shared else "--dir", BUBBLE_SCRATCH]
    return [*command, "--remount-ro", "/", "--chdir", "/", "--"]
