"""What the rest of the engine knows of submissions: plain values that can be pickled."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.submissions.receipt import Attachment, Receipt


@dataclass(frozen=True)
class HandedIn:
    """What the platform says of a hand-in; empty where it does not say.

    `at` is a time after ISO 8601, `late` the platform's own mark, `attempt` its number or name; `members` are the
    students of a group; `id`, `email` and `name` are those by which the platform's gradebook knows the student, and
    `platform` is the one that gave the id: a number means nothing without it.
    """

    at: str = ""
    late: bool | None = None
    attempt: str = ""
    members: tuple[str, ...] = ()
    id: str = ""
    email: str = ""
    name: str = ""
    platform: str = ""


@dataclass(frozen=True)
class Piece:
    """A part of an entry: a file, a folder or a zip of what was downloaded, and where the student had put it.

    Args:
        source: its path below the entry's path, parts joined by "/".
        target: its path among the student's own files; "" for the top.
        opened: whether it is a zip that is all of the submission: what it holds is then the top.
    """

    source: str
    target: str = ""
    opened: bool = False


@dataclass(frozen=True)
class Entry:
    """One hand-in, as listed: nothing of it has been read.

    Args:
        student: the name, printable, unique within a listing.
        path: the student's folder or zip; with pieces, the folder or zip that holds them.
        pieces: what of `path` is the student's; empty for all of it.
        uploaded: the files were uploaded one by one: a number that a platform or browser put into a name, as in
            "smooth_ap (1).py", is taken off.
        handed_in: what the platform says of it.
        members: of a group, each with the ids of its own; a record is written for every one.
        clock: the name of a file of the platform, among the student's, that says when a part was handed in.
        notes: what a person should know of how it was found.
    """

    student: str
    path: Path
    pieces: tuple[Piece, ...] = ()
    uploaded: bool = False
    handed_in: HandedIn | None = None
    members: tuple[tuple[str, HandedIn], ...] = ()
    clock: str = ""
    notes: tuple[str, ...] = ()

    @property
    def students(self) -> tuple[str, ...]:
        """Whose record it becomes."""
        return tuple(student for student, _ in self.members) or (self.student,)

    def shares(self, handed_in: HandedIn | None) -> tuple[tuple[str, HandedIn | None], ...]:
        """Each student, with what the platform says: the hand-in's own time and mark, the member's own ids."""
        if not self.members:
            return ((self.student, handed_in),)
        common = handed_in or HandedIn()
        return tuple(
            (student, replace(own, at=common.at, late=common.late, attempt=common.attempt, members=self.students))
            for student, own in self.members
        )


@dataclass(frozen=True)
class Listing:
    """All entries, sorted by student, and what an assistant should know about the rest of the folder.

    Args:
        entries: the hand-ins.
        notes: on what was not taken, or could be meant otherwise.
        layout: the name of the layout by which it was read.
        why: one line that says what it was taken for, and why.
    """

    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()
    layout: str = "plain"
    why: str = ""

    @property
    def students(self) -> tuple[str, ...]:
        """All students, sorted."""
        return tuple(sorted(student for entry in self.entries for student in entry.students))


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
        folders: names by which the module's folder may be imported: its own, and the assignment's.
        passed_over: functions that stand only in a cell that is not run: each with the cell, and why.
    """

    path: str
    module: str
    files: Mapping[str, bytes]
    answers: str | None = None
    cells: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    passed_over: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Submission:
    """What one student handed in.

    Args:
        student: as in the entry.
        works: by the assignment's name.
        problems: why there is no work, by the assignment's name; each assignment stands here or in `works`.
        notes: what a person should know; each names the file.
        handed_in: what the platform says of it, if there is a platform.
        answers: written answers that came without a module, by the assignment's name.
        attachments: written work that is no text, by the assignment's name.
        receipts: what is graded and what is left out, by the assignment's name.
    """

    student: str
    works: Mapping[str, Work]
    problems: Mapping[str, str]
    notes: tuple[str, ...] = ()
    handed_in: HandedIn | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    attachments: Mapping[str, tuple[Attachment, ...]] = field(default_factory=dict)
    receipts: Mapping[str, Receipt] = field(default_factory=dict)
