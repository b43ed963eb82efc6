"""Reads one entry, whatever a student put there."""

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from autograder.files.names import shown
from autograder.submissions.asked import Asked
from autograder.submissions.folder import FolderTree
from autograder.submissions.intake_limits import CLOCK_BYTES
from autograder.submissions.layouts.layout import iso, moment
from autograder.submissions.picking import pick
from autograder.submissions.pieced import open_pieces
from autograder.submissions.submission import Entry, HandedIn, Submission
from autograder.submissions.tree import SPECIAL, SYMLINK, RefusedError, Tree, why_not_read
from autograder.submissions.unpacked import unpacked
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


@contextmanager
def open_entry(entry: Entry) -> Iterator[Tree]:
    """The files of an entry, which can be read as long as the context lasts.

    Raises:
        RefusedError: it cannot be opened.
    """
    if entry.pieces:
        with open_pieces(entry) as tree:
            yield tree
        return
    with open_tree(entry.path) as tree, ExitStack() as opened:
        yield unpacked(tree, opened)


def read_submission(entry: Entry, asked: Mapping[str, Asked]) -> Submission:
    """What a student handed in; nothing that can be handed in makes it raise.

    Args:
        entry: from `list_entries`.
        asked: what each assignment asks for, by its name; the name of a module where no more is known.
    """
    try:
        with open_entry(entry) as tree:
            submission = pick(entry.student, tree, asked)
            handed_in, told = _by_the_clock(entry, tree, submission)
    except RefusedError as error:
        problem = f"{shown(entry.path.name)} {error}."
        submission = Submission(entry.student, {}, dict.fromkeys(asked, problem), (problem,))
        handed_in, told = entry.handed_in, []
    return replace(submission, notes=(*entry.notes, *submission.notes, *told), handed_in=handed_in)


def _by_the_clock(entry: Entry, tree: Tree, submission: Submission) -> tuple[HandedIn | None, list[str]]:
    """What the platform says, with the time that it left among the files: the latest of those of what is graded."""
    found = [path for path in tree.files if path.rpartition("/")[2] == entry.clock and path.count("/") <= 1]
    graded = {work.path.partition("/")[0] for work in submission.works.values()}
    of_graded = [path for path in found if shown(path.partition("/")[0]) in graded]
    latest, notes = "", []
    for path in of_graded or found:
        try:
            text = tree.read(path, CLOCK_BYTES).decode(errors="replace")
        except RefusedError as error:
            notes.append(f"{shown(path)} {error}.")
            continue
        at, zone_known = iso(text)
        if not at or not zone_known:
            why = "its time zone is not known here, and was taken for UTC" if at else "it holds no time"
            notes.append(f"{shown(path)}: {why}.")
        if moment(at) > moment(latest):
            latest = at
    if not latest:
        return entry.handed_in, notes
    return replace(entry.handed_in or HandedIn(), at=latest), notes
