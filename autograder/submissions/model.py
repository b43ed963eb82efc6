"""What the rest of the engine knows of submissions: plain values that can be pickled."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class SubmissionsError(ValueError):
    """There is nothing to grade where submissions were looked for; the message says why."""


@dataclass(frozen=True)
class Entry:
    """One student's entry, as listed: nothing of it has been read.

    Args:
        student: the name, printable, unique within a listing.
        path: the folder or zip.
    """

    student: str
    path: Path


@dataclass(frozen=True)
class Listing:
    """All entries, sorted by student, and what an assistant should know about the rest of the folder."""

    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Work:
    """What a student handed in for one assignment.

    Args:
        path: the path of the module or notebook as the student named it, printable ("a4_smooth_ap/smooth_ap.py").
        module: the module's name, without .py.
        files: source by path relative to the module's folder; holds the module, or each code cell of the notebook by
            its name, and the helpers beside and below it.
        answers: the written answers as text: the answers.md in the folder, or the notebook's cells for them.
        cells: the names in `files` of the notebook's code cells, in order; empty for a module.
    """

    path: str
    module: str
    files: Mapping[str, bytes]
    answers: str | None = None
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Submission:
    """What one student handed in.

    Args:
        student: as in the entry.
        works: by the assignment's name.
        problems: why there is no work, by the assignment's name; each assignment stands here or in `works`.
        notes: what a person should know; each names the file.
    """

    student: str
    works: Mapping[str, Work]
    problems: Mapping[str, str]
    notes: tuple[str, ...] = ()
