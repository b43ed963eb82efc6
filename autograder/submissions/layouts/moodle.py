"""Moodle's "Download all submissions", in folders or flat.

A name is made as mod/assign/classes/downloader.php of Moodle 4 makes it: the student's full name without underscores,
"_", the participant's number, "_assignsubmission_", the kind of submission; then, in folders, the folder ends (in older
versions with one more "_") and the student's own paths follow; flat, "_" and the file's name follow. Under blind
marking the name is the word "Participant" in the site's language. A group's has the group's name and number, "Default
group" no number. The assignment's "grading worksheet" (a CSV) may lie beside them: it knows emails, and who was late.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from autograder.files.names import shown
from autograder.files.tables import Table
from autograder.submissions.layouts.layout import Guess, Layout, Person, called, others, parted, share
from autograder.submissions.layouts.platform_tables import platform_tables, rows_of
from autograder.submissions.roots import FILE, FOLDER, Root, RootItem
from autograder.submissions.submission import Entry, HandedIn, Listing, Piece

TITLE = "a Moodle bulk download"
_NAMED = re.compile(r"([^_]*?)(?:_(\d+))?_assignsubmission_([a-z0-9]+)(?:_(.*))?", re.DOTALL)
_WORKSHEET = ("Identifier", "Status")


@dataclass(frozen=True)
class _Part:
    """One folder or file of a student: the kind of submission, and the file's own name where it lies flat."""

    item: RootItem
    plugin: str
    file: str


def _named(item: RootItem) -> re.Match[str] | None:
    found = _NAMED.fullmatch(item.name)
    # A flat file has a name of its own; a link or the like in place of a folder has none.
    return found if found and (item.kind != FILE or found[4]) else None


def detect(root: Root) -> Guess:
    """By names alone."""
    return share(_named, root.items(), "NAME_NUMBER_assignsubmission_...")


def entries(root: Root) -> Listing:
    """A student, or a group, per name and number."""
    parts: defaultdict[Person, list[_Part]] = defaultdict(list)
    named, left = parted(_named, root.items())
    for item, found in named:
        name, number, plugin, file = found.groups(default="")
        parts[Person(name.strip(), number)].append(_Part(item, plugin, "" if item.kind == FOLDER else file))
    names = called(parts)
    worksheets = platform_tables(root, left, _WORKSHEET)
    said = {number: handed_in for table in worksheets.tables for number, handed_in in _said(table)}
    taken = [
        _entry(root, _blind(person, names[person]), said.get(person.id, person.handed_in), parts[person])
        for person in names
    ]
    more, notes = others(root, [item for item in left if item.name not in worksheets.names], TITLE)
    return Listing((*taken, *more), (*worksheets.notes, *notes))


def _blind(person: Person, name: str) -> str:
    """All participants have one name under blind marking; one alone must not be called by it."""
    return f"{name} {person.id}" if name == "Participant" else name


def _entry(root: Root, student: str, handed_in: HandedIn, parts: Sequence[_Part]) -> Entry:
    pieces, notes = [], []
    for part in parts:
        # What Moodle itself makes, a text typed there for one, stays apart from the student's files.
        apart = "" if part.plugin == "file" else part.plugin
        target = "/".join(piece for piece in (apart, part.file) if piece)
        pieces.append(Piece(root.source(part.item.name), target))
        if part.plugin != "file":
            notes.append(f"{shown(part.item.name)} was written on Moodle ({part.plugin}): a person must read it.")
    return Entry(student, root.path, tuple(pieces), uploaded=True, handed_in=handed_in, notes=tuple(notes))


def _said(worksheet: Table) -> Iterator[tuple[str, HandedIn]]:
    """What the grading worksheet says of each participant, by number."""
    for row in rows_of(worksheet):
        # "Participant 12345", in the site's language.
        number = re.search(r"\d+$", row["identifier"])
        if number is None:
            continue
        status = row["status"]
        yield (
            number[0],
            HandedIn(
                at=_time(row.get("last modified (submission)", "")),
                # Only English sites say so in words that can be known.
                late=True if re.search(r"\blate\b", status) else False if status.startswith("Submitted") else None,
                id=number[0],
                email=row.get("email address", ""),
                name=row.get("full name", ""),
            ),
        )


def _time(text: str) -> str:
    """ "Tuesday, 14 November 2023, 3:45 PM" after ISO 8601; "" if it is not written so. Moodle says no time zone."""
    try:
        return datetime.strptime(text, "%A, %d %B %Y, %I:%M %p").isoformat(timespec="seconds")
    except ValueError:
        return ""


LAYOUT = Layout("moodle", TITLE, detect, entries)
