"""What submissions may read: an exact list of the interpreter's own folders and files, and of nothing beside them.

A prefix is not one of them: a virtual environment may lie in the course's folder, and a course below /usr.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgpack
import numpy as np

import autograder.sandbox.inside as inside

# Of the system: shared libraries and their index, what few libraries open, and time zones.
SYSTEM = (
    *("/lib", "/lib32", "/lib64", "/libx32", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32"),
    *("/etc/ld.so.cache", "/dev/null", "/dev/urandom", "/usr/share/zoneinfo"),
)


@dataclass(frozen=True, slots=True)
class Places:
    """What a server needs: the program that it is, where this package, NumPy and msgpack are found, what is read."""

    interpreter: str
    package: str
    site: tuple[str, ...]
    readable: tuple[str, ...]


def places() -> Places:
    """What must be readable inside, on this machine."""
    own = Path(inside.__file__).parent
    libraries = [Path(module.__file__).parent for module in (np, msgpack) if module.__file__]
    site = dict.fromkeys(str(library.parent) for library in libraries)
    interpreter = _interpreter()
    wanted = [*SYSTEM, interpreter, *_standard_library(), str(own), str(own.parent / "__init__.py")]
    # NumPy's wheels have their shared libraries in a folder beside it.
    wanted += [str(path) for library in libraries for path in (library, library.with_name(f"{library.name}.libs"))]
    wanted += [path for each in wanted if (path := os.path.realpath(each)) != each]
    return Places(interpreter, str(own.parents[1]), tuple(site), _least([*wanted, *_loaded()]))


def _interpreter() -> str:
    """The program below a virtual environment, which may hold a copy of it without its library."""
    base = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
    return base if os.access(base, os.X_OK) else os.path.realpath(sys.executable)


def _standard_library() -> list[str]:
    """The folders of Python's own modules, and the one that they and its shared libraries lie in."""
    prefixes = dict.fromkeys((sys.base_prefix, sys.base_exec_prefix))
    folders = [os.path.join(prefix, name) for prefix in prefixes for name in dict.fromkeys((sys.platlibdir, "lib"))]  # noqa: PTH118
    return [*folders, str(Path(os.__file__).parent)]


@cache
def _loaded() -> tuple[str, ...]:
    """The shared libraries that this process has loaded, file by file: some systems have them in unusual folders."""
    try:
        lines = Path("/proc/self/maps").read_text(errors="surrogateescape").splitlines()
    except OSError:
        return ()
    paths = [fields[5] for line in lines if len(fields := line.split(maxsplit=5)) == 6]
    return tuple(path for path in dict.fromkeys(paths) if path.startswith("/") and ".so" in Path(path).name)


def _least(paths: list[str]) -> tuple[str, ...]:
    """What there is of these paths, without what lies below another one of them."""
    found = [path for path in dict.fromkeys(paths) if os.path.exists(path)]  # noqa: PTH110
    folders = {path for path in found if os.path.isdir(path)}  # noqa: PTH112
    return tuple(path for path in found if folders.isdisjoint(map(str, Path(path).parents)))


def reaching(place: str, readable: tuple[str, ...]) -> str:
    """The folder of those readable in which a place lies, or that it is; nothing where it lies in none.

    Args:
        place: a real path.
        readable: the paths that submissions may read.
    """
    above = {place, *map(str, Path(place).parents)}
    return next((path for path in readable if path in above), "")


def ways_in(folder: str, readable: tuple[str, ...]) -> Iterator[str]:
    """The names in a folder through which a readable place below it is reached: these alone may be seen there."""
    for path in readable:
        if Path(folder) in Path(path).parents:
            yield Path(path).relative_to(folder).parts[0]
