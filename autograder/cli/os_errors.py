"""What the operating system refuses, in words for people: what happened, at which path, and what to do."""

import errno
import os
from pathlib import Path

_WHOLE = "Every file that was written before is whole: make room, and run the same command again."
_ELSEWHERE = "Name another place, or have its permissions changed."
_PATH = "Look at how the path is written."
# By the name of the error, since a system need not have all of them.
_WORDS = {
    "ENOSPC": ("the disk is full", _WHOLE),
    "EDQUOT": ("your share of the disk is used up", _WHOLE),
    "EFBIG": ("a file may not grow so large here (ulimit -f says how large)", _WHOLE),
    "EROFS": ("the disk can only be read", "Name another place."),
    "EACCES": ("permission denied", _ELSEWHERE),
    "EPERM": ("permission denied", _ELSEWHERE),
    "ENOTDIR": ("a file stands where a folder must be", "Name another path."),
    "EISDIR": ("it is a folder, and must be a file", "Name another path."),
    "EEXIST": ("something of that name is there already", "Name another path."),
    "ENOENT": ("there is no such file or folder", _PATH),
    "ENAMETOOLONG": ("the name is too long", _PATH),
    "ELOOP": ("symbolic links lead in a circle", _PATH),
    "EIO": ("the disk fails (input/output error)", "Look after the disk before anything else is written to it."),
}
_BY_NUMBER = {getattr(errno, name): words for name, words in _WORDS.items() if hasattr(errno, name)}
# A write to an open file fails by these, and the system then names no path.
_OF_WRITES = frozenset(getattr(errno, name, 0) for name in ("ENOSPC", "EDQUOT", "EFBIG", "EIO"))
_PACKAGE = Path(__file__).resolve().parents[1]


def told(error: OSError, written: Path | str | None) -> str:
    """One line on an error that people can cause and mend; empty where it must be a fault of ours.

    Args:
        error: as it was raised.
        written: what was being written to, named where the system names no path.
    """
    words = _BY_NUMBER.get(error.errno or 0)
    path = _path(error)
    if words is None or (path is None and error.errno not in _OF_WRITES):
        return ""
    if path is not None and _PACKAGE in path.absolute().parents:
        return ""
    where = path or written
    what, advice = words
    return f"{where}: {what}. {advice}" if where is not None else f"{what}. {advice}"


def _path(error: OSError) -> Path | None:
    """The path that the error is about; of a file that was to take another's place, that place."""
    name = error.filename2 if error.filename2 is not None else error.filename
    return Path(os.fsdecode(name)) if isinstance(name, str | bytes | os.PathLike) else None
