"""A student's own folder as a tree of files, on any system: what the grader sees of it when it is handed in."""

import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.submissions.attachments import attachment_kind
from autograder.submissions.intake_limits import DEPTH, FILES
from autograder.submissions.tree import (
    SYMLINK,
    TOO_DEEP,
    TOO_MANY,
    RefusedError,
    Tree,
    is_skipped,
    shallowest_first,
    why_not_read,
)

# Nobody hands them in, and they may be large.
_ENVIRONMENTS = frozenset({"venv", "env"})


class LocalTree(Tree):
    """The files below a folder; no link is followed, and nothing hidden is looked at. An archive is a file like others.

    Args:
        folder: of the student.
        without: paths in it that are left out.
    """

    kind = "folder"

    def __init__(self, folder: Path, without: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.folder = folder
        self._without = without
        self._list()

    def _list(self) -> None:
        files: list[str] = []
        folders = deque([""])
        while folders:
            above = folders.popleft()
            with os.scandir(self.folder / above) as found:
                entries = sorted(found, key=lambda entry: entry.name)
            for entry in entries:
                path = f"{above}/{entry.name}" if above else entry.name
                if is_skipped(entry.name) or entry.name.startswith(".") or path in self._without:
                    continue
                if entry.is_symlink():
                    self._refuse_link(path)
                elif entry.is_dir(follow_symlinks=False):
                    self._go_into(path, folders)
                elif entry.is_file(follow_symlinks=False):
                    files.append(path)
            if len(files) > FILES:
                self.notes.append(TOO_MANY)
                break
        self.files = tuple(sorted(files, key=shallowest_first)[:FILES])

    def _refuse_link(self, path: str) -> None:
        """Only what may be work is told."""
        if path.endswith((".py", ".ipynb", ".md")) or attachment_kind(path.rpartition("/")[2]):
            self.refused[path] = SYMLINK

    def _go_into(self, path: str, folders: deque[str]) -> None:
        if path.rpartition("/")[2] in _ENVIRONMENTS:
            return
        if path.count("/") < DEPTH:
            folders.append(path)
        else:
            self.refused[f"{path}/"] = TOO_DEEP

    @contextmanager
    def open(self, path: str) -> Iterator[tuple[int, Callable[[int], bytes]]]:
        """As declared."""
        try:
            with (self.folder / path).open("rb") as file:
                yield os.fstat(file.fileno()).st_size, file.read
        except OSError as error:
            raise RefusedError(why_not_read(error)) from error
