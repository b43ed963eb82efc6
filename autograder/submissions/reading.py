"""Reads one entry, whatever a student put there."""

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from autograder.submissions.folder import FolderTree
from autograder.submissions.model import Entry, Submission
from autograder.submissions.names import shown
from autograder.submissions.picking import pick
from autograder.submissions.tree import SPECIAL, SYMLINK, RefusedError, Tree, why_not_read
from autograder.submissions.zipped import ZipTree


@contextmanager
def open_tree(path: Path) -> Iterator[Tree]:
    """The files of a folder or zip, which can be read as long as the context lasts.

    Raises:
        RefusedError: it is neither, or cannot be opened.
    """
    try:
        # Opening a device may already do something, so what it is must be known before, and again after.
        _refuse(os.lstat(path).st_mode)
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise RefusedError(why_not_read(error)) from error
    try:
        mode = os.fstat(descriptor).st_mode
        _refuse(mode)
        yield FolderTree(descriptor) if stat.S_ISDIR(mode) else ZipTree(descriptor)
    finally:
        os.close(descriptor)


def _refuse(mode: int) -> None:
    if stat.S_ISLNK(mode):
        raise RefusedError(SYMLINK)
    if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
        raise RefusedError(SPECIAL)


def read_submission(entry: Entry, modules: Mapping[str, str]) -> Submission:
    """What a student handed in; nothing that can be handed in makes it raise.

    Args:
        entry: from `list_entries`.
        modules: the module's name, without .py, by the assignment's name.
    """
    try:
        with open_tree(entry.path) as tree:
            return pick(entry.student, tree, modules)
    except RefusedError as error:
        problem = f"{shown(entry.path.name)} {error}."
        return Submission(entry.student, {}, dict.fromkeys(modules, problem), (problem,))
