"""Whole writes: at every moment, also after a loss of power, a file has its old or its new content, never a part."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

CHANGES_RECORDS = False

# What the name of a half-written file ends with.
PART = ".part"


@contextmanager
def open_whole(path: Path, *, lasting: bool = True) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `path` when the context ends well, and leaves nothing when it does not.

    Args:
        path: of the file; folders that are missing above it are made.
        lasting: force it to the disk. What can be made again need not be: that takes a while for each file.

    Raises:
        OSError: it cannot be written; what stood there stands there still.
    """
    part = path.with_name(f".{path.name[:100]}.{os.getpid()}{PART}")
    try:
        try:
            file = part.open("wb")
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = part.open("wb")
        with file:
            yield file
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        part.replace(path)
    except BaseException as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        # A full disk names no path, and the half-written file says nothing to people.
        if isinstance(error, OSError) and error.filename in (None, str(part)):
            error.filename, error.filename2 = str(path), None
        raise
    # The new name is durable only once its folder is. Windows opens no folder, and sees to it itself.
    if not lasting or os.name == "nt":
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def write_whole(path: Path, data: bytes, *, lasting: bool = True) -> None:
    """Write a file whole: `open_whole` for what is at hand as bytes.

    Raises:
        OSError: as there.
    """
    with open_whole(path, lasting=lasting) as file:
        file.write(data)
