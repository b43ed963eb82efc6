"""The folder that a submission may write to, where no file system of its own bounds it: measured, and emptied after it.

What stands in it was made by a student's code: names of any kind, folders in folders, folders that may not be read.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from itertools import count

from autograder.sandbox.inside.usual_limits import SCRATCH_BYTES, SCRATCH_FILES

# Folders with longer paths count as too many: what lies below them could not be reached by its path.
_LONGEST_PATH = 1000
# Each takes a level of folders away; no submission makes as many in its time.
_MOST_PASSES = 1_000_000


def is_too_full(folder: str) -> bool:
    """Whether more stands in it than may: bytes, or files and folders."""
    folders, found, size = [folder], 0, 0
    while folders:
        with contextlib.suppress(OSError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                found += 1
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:
                    size += entry.stat(follow_symlinks=False).st_size
                if found > SCRATCH_FILES or size > SCRATCH_BYTES or len(entry.path) > len(folder) + _LONGEST_PATH:
                    return True
    return False


def empty(folder: str) -> None:
    """Remove what stands in it; however deep, since folders are moved up before they are looked into.

    Raises:
        OSError: something cannot be removed.
    """
    if not os.listdir(folder):  # noqa: PTH208
        return
    top = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    names = (f".{number}-moved" for number in count())
    try:
        for _ in range(_MOST_PASSES):
            if not (found := os.listdir(top)):  # noqa: PTH208
                return
            for name in found:
                if not _unlinked(name, top):
                    _remove_level(name, top, names)
        raise OSError(errno.ENOTEMPTY, "it is being filled while it is emptied", folder)
    finally:
        os.close(top)


def _unlinked(name: str, folder: int) -> bool:
    """Remove it, unless it is a folder, which is opened up instead."""
    if stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        os.chmod(name, 0o700, dir_fd=folder)
        return False
    os.unlink(name, dir_fd=folder)
    return True


def _remove_level(name: str, top: int, names: Iterator[str]) -> None:
    """Remove a folder; the folders in it go to the top."""
    inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=top)
    try:
        for below in os.listdir(inner):  # noqa: PTH208
            if not _unlinked(below, inner):
                _move_up(below, inner, top, names)
    finally:
        os.close(inner)
    os.rmdir(name, dir_fd=top)


def _move_up(name: str, folder: int, top: int, names: Iterator[str]) -> None:
    for free in names:
        try:
            os.rename(name, free, src_dir_fd=folder, dst_dir_fd=top)
        except OSError as error:
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR):
                raise
        else:
            return
