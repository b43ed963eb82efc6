"""What a sandbox's server is started with: its command, and the folders that it is given."""

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import Any

import autograder.sandbox.inside as inside
from autograder.sandbox.inside.jail import Layer
from autograder.sandbox.readable_places import places
from autograder.sandbox.tiers import bubble


def server_command(layers: Set[Layer], control: int, processes: int | None, scratch: str) -> list[str]:
    """What starts a server with these layers and descriptors."""
    where = places()
    return [
        *(bubble(where.readable, shared=Layer.NAMESPACES not in layers) if Layer.BUBBLE in layers else []),
        *(where.interpreter, "-s", "-S", "-B", "-P", str(Path(inside.__file__).parent / "boot.py")),
        *(where.package, os.pathsep.join(where.site)),
        *(str(control), "" if processes is None else str(processes)),
        *(",".join(sorted(layers)), os.pathsep.join(where.readable), scratch),
    ]


@contextlib.contextmanager
def processes_folder() -> Iterator[int | None]:
    """A descriptor of this system's folder of processes, in which a server counts threads; None where there is none."""
    try:
        folder = os.open("/proc", os.O_PATH | os.O_DIRECTORY)
    except OSError:
        yield None
        return
    try:
        yield folder
    finally:
        os.close(folder)


def scratch_folder_for(user: Mapping[str, Any]) -> str:
    """A folder that submissions may write to, one after the other; nothing where this machine has no place for it."""
    try:
        folder = os.path.realpath(tempfile.mkdtemp(prefix="autograder-scratch-"))
        if user:
            os.chown(folder, user["user"], user["group"])
    except OSError:
        return ""
    return folder
