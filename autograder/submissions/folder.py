"""A submission that is a folder. Every open starts from the entry's own descriptor and follows no link, so that
nothing outside can be read even if the folder changes meanwhile."""

import io
import os
import stat
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from autograder.submissions.intake_limits import DEPTH, FILES
from autograder.submissions.tree import (
    ARCHIVE,
    SPECIAL,
    SYMLINK,
    TOO_DEEP,
    TOO_MANY,
    RefusedError,
    Tree,
    archive_kind,
    is_skipped,
    shallowest_first,
    why_not_read,
)


class FolderTree(Tree):
    """The files below an open folder, or below a folder in it.

    Args:
        descriptor: of the open folder; stays the caller's to close.
        top: a folder below it whose files these are; "" for the open folder itself.
    """

    kind = "folder"

    def __init__(self, descriptor: int, top: str = "") -> None:
        super().__init__()
        self._descriptor = descriptor
        self._top = top
        self._list()

    def _list(self) -> None:
        """Breadth first: where there is too much, the deepest is left out."""
        files: list[str] = []
        packed: list[str] = []
        folders, left = deque([""]), FILES
        while folders:
            folder = folders.popleft()
            try:
                with (
                    descend(self._descriptor, joined(self._top, folder)) as descriptor,
                    os.scandir(descriptor) as entries,
                ):
                    # What the system lists first decides only where one folder alone is too full.
                    found = sorted(islice(entries, left + 1), key=lambda entry: entry.name)
                    kinds = [(entry.name, _kind(entry)) for entry in found[:left] if not is_skipped(entry.name)]
            except OSError as error:
                self.refused[f"{folder}/" if folder else "."] = why_not_read(error)
                continue
            for name, kind in kinds:
                path = joined(folder, name)
                if kind == "folder":
                    if path.count("/") < DEPTH:
                        folders.append(path)
                    else:
                        self.refused[f"{path}/"] = TOO_DEEP
                elif kind == "file":
                    files.append(path)
                else:
                    self.refused[path] = kind
                    if kind == ARCHIVE:
                        packed.append(path)
            if len(found) > left:
                self.notes.append(TOO_MANY)
                break
            left -= len(found)
        self.files = tuple(sorted(files, key=shallowest_first))
        self.packed = tuple(sorted(packed, key=shallowest_first))

    @contextmanager
    def open(self, path: str) -> Iterator[tuple[int, Callable[[int], bytes]]]:
        """As declared; it follows no link, and waits for no pipe."""
        with open_file(self._descriptor, joined(self._top, path)) as (descriptor, size):
            yield size, lambda count: os.read(descriptor, count)

    def open_packed(self, path: str, limit: int) -> io.BufferedIOBase:
        """As declared; of any size, since it is read in place."""
        with open_file(self._descriptor, joined(self._top, path)) as (descriptor, _):
            return io.BufferedReader(io.FileIO(os.dup(descriptor)))


def joined(folder: str, name: str) -> str:
    """The path of what lies in a folder; "" is the top."""
    return f"{folder}/{name}" if folder and name else folder or name


@contextmanager
def open_folder(path: Path) -> Iterator[int]:
    """A descriptor of the folder that someone gave, which may itself be reached by a link.

    Raises:
        RefusedError: it cannot be opened.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise RefusedError(why_not_read(error)) from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def descend(descriptor: int, folder: str) -> Iterator[int]:
    """A descriptor of a folder below an open one; OSError where a part of its path is not a folder (any more)."""
    descriptor = os.dup(descriptor)
    try:
        for part in folder.split("/") if folder else ():
            below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = below
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def open_file(above: int, path: str) -> Iterator[tuple[int, int]]:
    """A descriptor of an ordinary file below an open folder, and its size.

    Raises:
        RefusedError: it is no ordinary file (any more), or cannot be opened or read.
    """
    folder, _, name = path.rpartition("/")
    try:
        with descend(above, folder) as parent:
            # A file that has become a pipe would otherwise keep the grader waiting.
            descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=parent)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise RefusedError(SPECIAL)
            yield descriptor, status.st_size
        finally:
            os.close(descriptor)
    except OSError as error:
        raise RefusedError(why_not_read(error)) from error


def kind_below(above: int, path: str) -> str:
    """What stands at a path below an open folder: "folder", "file", or why it is refused; nothing is opened."""
    folder, _, name = path.rpartition("/")
    try:
        with descend(above, folder) as parent:
            mode = os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode
    except OSError as error:
        return why_not_read(error)
    if stat.S_ISLNK(mode):
        return SYMLINK
    if stat.S_ISDIR(mode):
        return "folder"
    if not stat.S_ISREG(mode):
        return SPECIAL
    return archive_kind(name) or "file"


def _kind(entry: os.DirEntry[str]) -> str:
    """ "folder", "file", or why it is refused."""
    if entry.is_symlink():
        return SYMLINK
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    if not entry.is_file(follow_symlinks=False):
        return SPECIAL
    return archive_kind(entry.name) or "file"
