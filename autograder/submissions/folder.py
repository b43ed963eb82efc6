"""A submission that is a folder. Every open starts from the entry's own descriptor and follows no link, so that
nothing outside can be read even if the folder changes meanwhile."""

import os
import stat
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice

from autograder.submissions.limits import DEPTH, FILES
from autograder.submissions.tree import (
    ARCHIVE,
    SPECIAL,
    SYMLINK,
    TOO_DEEP,
    TOO_MANY,
    RefusedError,
    Tree,
    is_archive,
    is_skipped,
    shallowest_first,
    why_not_read,
)


class FolderTree(Tree):
    """The files below an open folder.

    Args:
        descriptor: of the folder; stays the caller's to close.
    """

    kind = "folder"

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._list()

    def _list(self) -> None:
        """Breadth first: where there is too much, the deepest is left out."""
        files: list[str] = []
        folders, left = deque([""]), FILES
        while folders:
            folder = folders.popleft()
            try:
                with self._descend(folder) as descriptor, os.scandir(descriptor) as entries:
                    # What the system lists first decides only where one folder alone is too full.
                    found = sorted(islice(entries, left + 1), key=lambda entry: entry.name)
                    kinds = [(entry.name, _kind(entry)) for entry in found[:left] if not is_skipped(entry.name)]
            except OSError as error:
                self.refused[f"{folder}/" if folder else "."] = why_not_read(error)
                continue
            for name, kind in kinds:
                path = f"{folder}/{name}" if folder else name
                if kind == "folder":
                    if path.count("/") < DEPTH:
                        folders.append(path)
                    else:
                        self.refused[f"{path}/"] = TOO_DEEP
                elif kind == "file":
                    files.append(path)
                else:
                    self.refused[path] = kind
            if len(found) > left:
                self.notes.append(TOO_MANY)
                break
            left -= len(found)
        self.files = tuple(sorted(files, key=shallowest_first))

    @contextmanager
    def _descend(self, folder: str) -> Iterator[int]:
        """A descriptor of a folder below; OSError where a part of its path is not a folder (any more)."""
        descriptor = os.dup(self._descriptor)
        try:
            for part in folder.split("/") if folder else ():
                below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=descriptor)
                os.close(descriptor)
                descriptor = below
            yield descriptor
        finally:
            os.close(descriptor)

    @contextmanager
    def _open(self, path: str) -> Iterator[tuple[int, Callable[[int], bytes]]]:
        folder, _, name = path.rpartition("/")
        try:
            with self._descend(folder) as above:
                # A file that has become a pipe would otherwise keep the grader waiting.
                descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=above)
            try:
                status = os.fstat(descriptor)
                if not stat.S_ISREG(status.st_mode):
                    raise RefusedError(SPECIAL)
                yield status.st_size, lambda count: os.read(descriptor, count)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise RefusedError(why_not_read(error)) from error


def _kind(entry: os.DirEntry[str]) -> str:
    """ "folder", "file", or why it is refused."""
    if entry.is_symlink():
        return SYMLINK
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    if not entry.is_file(follow_symlinks=False):
        return SPECIAL
    return ARCHIVE if is_archive(entry.name) else "file"
