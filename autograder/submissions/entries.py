"""Lists the students of a folder of submissions: each folder or zip in it is one."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from autograder.visible import printable

# Left by systems and tools, not handed in by anyone.
SYSTEM_NAMES = frozenset({"__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini"})


class SubmissionsError(ValueError):
    """There is nothing to grade; says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One student's submission: listed, not read. `others` were handed in under the same name and are not graded."""

    student: str
    path: Path
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """The students of a folder, in order; notes say what in it is nobody's submission."""

    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()


def of_the_system(name: str) -> bool:
    """Whether a file or folder of this name was left by a system or a tool."""
    return name.startswith(".") or name in SYSTEM_NAMES


def list_entries(root: Path) -> Listing:
    """The students below `root`.

    Raises:
        SubmissionsError: `root` is missing, is no folder, cannot be read, or holds no submission.
    """
    try:
        names = sorted(os.listdir(root))  # noqa: PTH208 - as Path, undecodable names would be no different
    except FileNotFoundError as error:
        raise SubmissionsError(f"{root}: there is no such folder") from error
    except NotADirectoryError as error:
        raise SubmissionsError(f"{root} is not a folder; name the folder that holds the submissions") from error
    except OSError as error:
        raise SubmissionsError(f"{root} cannot be read: {error.strerror}") from error
    found: dict[str, list[Path]] = {}
    notes = []
    for name in names:
        if of_the_system(name):
            continue
        path = root / name
        kind = _kind(path)
        if kind == "other":
            notes.append(f"{printable(name)} is neither a folder nor a zip; it was ignored.")
            continue
        student = printable(name[: -len(".zip")] if kind == "zip" else name)
        found.setdefault(student, []).append(path)
    if not found:
        raise SubmissionsError(f"{root} holds no submission: each folder or zip in it would be one student")
    # A folder comes before a zip of its name: it is what somebody unpacked, and perhaps corrected.
    entries = []
    for student, paths in sorted(found.items()):
        first, *others = sorted(paths, key=lambda path: (_kind(path) == "zip", path.name))
        entries.append(Entry(student, first, tuple(printable(path.name) for path in others)))
    return Listing(tuple(entries), tuple(notes))


def _kind(path: Path) -> str:
    try:
        mode = path.lstat().st_mode
    except OSError:
        return "other"
    if stat.S_ISDIR(mode) or (stat.S_ISLNK(mode) and path.suffix.lower() != ".zip" and path.is_dir()):
        return "folder"
    if path.suffix.lower() == ".zip" and path.stem:
        return "zip"
    return "other"
