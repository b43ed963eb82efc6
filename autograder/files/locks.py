"""Folders that one writer at a time may hold: another process, or another thread of this one, is told."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from autograder.forking import own_descriptor

CHANGES_RECORDS = False

# Workers of a run that was killed need a moment to end, and until then they may hold its lock.
LOCK_SECONDS = 3.0


@contextmanager
def locked(folder: Path, busy: Exception) -> Iterator[None]:
    """Hold a folder; what is forked meanwhile does not keep it.

    Args:
        folder: exists.
        busy: raised where somebody else holds it, and goes on doing so for `LOCK_SECONDS`.
    """
    with own_descriptor(partial(os.open, folder, os.O_RDONLY | os.O_DIRECTORY)) as descriptor:
        _take(descriptor, busy)
        yield


@contextmanager
def locked_file(path: Path, busy: Exception, patience: float = LOCK_SECONDS) -> Iterator[None]:
    """Hold a file, which is made where there is none.

    Args:
        path: in a folder that exists.
        busy: raised where somebody else holds it, and goes on doing so.
        patience: for how many seconds that is waited for.
    """
    with own_descriptor(partial(os.open, path, os.O_RDWR | os.O_CREAT, 0o666)) as descriptor:
        _take(descriptor, busy, patience)
        yield


def _take(descriptor: int, busy: Exception, patience: float = LOCK_SECONDS) -> None:
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise busy from None
            time.sleep(0.005)
        except OSError:
            # A file system without locks: two writers at once are then the assistant's to avoid.
            return
        else:
            return
