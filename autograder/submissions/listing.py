"""Who handed in: the entries of a folder that holds one folder or zip per student."""

import os
import unicodedata
from collections import defaultdict
from pathlib import Path

from autograder.submissions.model import Entry, Listing, SubmissionsError
from autograder.submissions.names import enumerated, shown, visible
from autograder.submissions.tree import is_skipped

# Of several entries of one student the first of these is taken.
_FOLDER, _ZIP, _OTHER = range(3)


def _kind(found: os.DirEntry[str]) -> int | None:
    """What an entry is; None for a loose file. What cannot be read is listed too, so that it gets a record."""
    is_zip = found.name.lower().endswith(".zip")
    try:
        if found.is_symlink():
            return None if found.is_file() and not is_zip else _OTHER
        if found.is_dir(follow_symlinks=False):
            return _FOLDER
        if found.is_file(follow_symlinks=False):
            return _ZIP if is_zip else None
    except OSError:
        return _OTHER
    return _OTHER if is_zip else None


def _student(name: str, kind: int) -> str:
    return visible(name[: -len(".zip")] if kind != _FOLDER and name.lower().endswith(".zip") else name)


def _scan(root: Path) -> list[tuple[str, int | None]]:
    try:
        with os.scandir(root) as entries:
            found = [(entry.name, _kind(entry)) for entry in entries]
    except FileNotFoundError:
        raise SubmissionsError(f"{root} does not exist: give the folder that holds the submissions.") from None
    except NotADirectoryError:
        raise SubmissionsError(f"{root} is not a folder: give the folder that holds the submissions.") from None
    except OSError as error:
        raise SubmissionsError(f"{root} cannot be listed ({error.strerror}).") from None
    return sorted((name, kind) for name, kind in found if not (name.startswith(".") or is_skipped(name)))


def _not_taken(name: str, taken: str, student: str) -> str:
    return (
        f"{shown(name)} was not graded: {shown(taken)} stands for the same student, {student}, and was taken. "
        "If that is the wrong one, move it away and grade again."
    )


def list_entries(root: Path) -> Listing:
    """The entries of `root`, sorted by student. Each folder and each zip is one student; nothing is read.

    Raises:
        SubmissionsError: `root` is missing, is no folder, or holds no entry.
    """
    found = _scan(root)
    loose = [name for name, kind in found if kind is None]
    by_student: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for name, kind in found:
        if kind is not None:
            by_student[_student(name, kind)].append((kind, name))
    if not by_student:
        only = f" (it holds only {enumerated(loose)})" if loose else ""
        raise SubmissionsError(
            f"{root} holds no submissions{only}: give a folder in which each student has a folder or a .zip."
        )
    entries, notes = [], []
    for student, named in sorted(by_student.items()):
        (_, taken), *others = sorted(named)
        entries.append(Entry(student, root / taken))
        notes += [_not_taken(name, taken, student) for _, name in others]
    notes += [
        f"{shown(name)} was not graded: it is neither a folder nor a .zip. "
        "If it is a submission, put it into a folder named after the student, unpacked."
        for name in loose
    ]
    return Listing(tuple(entries), (*notes, *_alike(entries)))


def _alike(entries: list[Entry]) -> list[str]:
    """Notes on students whose records would overwrite one another on a disk that ignores case."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for entry in entries:
        groups[unicodedata.normalize("NFC", entry.student).casefold()].append(entry.student)
    return [
        f"{' and '.join(students)} differ only in how their letters are written: on a disk that ignores case, as "
        "Windows and macOS have, their records overwrite one another. Rename one."
        for students in groups.values()
        if len(students) > 1
    ]
