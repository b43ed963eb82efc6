"""Who handed in: what was downloaded, read by its layout, as one entry per hand-in."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from autograder.errors import SubmissionsError
from autograder.submissions.groups import read_groups, with_members
from autograder.submissions.layouts import AUTO, choose
from autograder.submissions.layouts.layout import alike
from autograder.submissions.roots import open_root
from autograder.submissions.submission import Entry, HandedIn, Listing


def list_entries(path: Path, layout: str = AUTO, groups: Path | None = None) -> Listing:
    """The hand-ins below `path`, sorted by student; no student's file is read.

    Args:
        path: a folder, or the zip of a class as a platform gives it out.
        layout: the name of a layout; "auto" for the one that fits best.
        groups: a CSV of groups and their members, for platforms that do not tell.

    Raises:
        SubmissionsError: `path` is missing, is neither, holds no submission, or is not laid out so; or `groups` cannot
            be read.
    """
    read: list[str] = []
    members = read_groups(groups, read.append) if groups is not None else None
    with open_root(path) as root:
        choice = choose(root, layout)
        listing = choice.layout.entries(choice.root)
        if members is not None:
            listing = with_members(listing, members)
        entries, told = _one_record_each(_of_platform(entry, choice.layout.name) for entry in listing.entries)
        if not entries:
            raise SubmissionsError(f"{choice.root.title} holds no submissions.")
        notes = (*choice.notes, *read, *root.notes, *listing.notes, *told)
        return Listing(entries, (*notes, *_alike(entries)), choice.layout.name, choice.why)


def _of_platform(entry: Entry, layout: str) -> Entry:
    """The entry, its identifiers said to be of the platform that gave them."""

    def typed(said: HandedIn) -> HandedIn:
        return replace(said, platform=layout) if said.id and not said.platform else said

    members = tuple((name, typed(said)) for name, said in entry.members)
    return replace(entry, handed_in=typed(entry.handed_in) if entry.handed_in else None, members=members)


def _one_record_each(entries: Iterable[Entry]) -> tuple[tuple[Entry, ...], list[str]]:
    """The entries, sorted, so that no student is in two; and notes on what was left out for that."""
    taken: dict[str, str] = {}
    kept, notes = [], []
    for entry in sorted(entries, key=lambda entry: (entry.students, entry.path)):
        where = entry.pieces[0].source if entry.pieces else entry.path.name
        again = [student for student in entry.students if student in taken]
        notes += [f"{student} is in {taken[student]} and in {where}: the first was graded." for student in again]
        for student in entry.students:
            taken.setdefault(student, where)
        if not again:
            kept.append(entry)
        elif len(again) < len(entry.students):
            members = tuple(member for member in entry.members if member[0] not in again)
            kept.append(replace(entry, student=members[0][0], members=members))
    return tuple(kept), notes


def _alike(entries: Iterable[Entry]) -> list[str]:
    """Notes on students whose records would overwrite one another on a disk that ignores case."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for entry in entries:
        for student in entry.students:
            groups[alike(student)].append(student)
    return [
        f"{' and '.join(students)} differ only in how their letters are written: on a disk that ignores case, as "
        "Windows and macOS have, their records overwrite one another. Rename one."
        for students in groups.values()
        if len(students) > 1
    ]
