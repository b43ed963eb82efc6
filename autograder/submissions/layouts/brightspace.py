"""Brightspace's (D2L's) download of an assignment.

A folder is NUMBER-NUMBER - NAME - May 12, 2026 1141 PM, the first number the student's; older sites give the files
flat, with " - FILE" after it. Of several hand-ins the latest counts. An index.html lies beside them.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from autograder.files.names import enumerated, shown
from autograder.submissions.layouts.layout import Guess, Layout, Person, called, others, parted, share
from autograder.submissions.roots import FOLDER, Root, RootItem
from autograder.submissions.submission import Entry, HandedIn, Listing, Piece

TITLE = "a Brightspace download"
INDEX = "index.html"
_TIME = r"[A-Z][a-z]{2} \d{1,2}, \d{4} \d{3,4} [AP]M"
_NAMED = re.compile(rf"(?P<id>\d+)-\d+ - (?P<name>.+?) - (?P<time>{_TIME})(?: - (?P<file>.+))?", re.DOTALL)
_LONGEST = 1_000


@dataclass(frozen=True)
class _HandIn:
    """One folder, or one file of those that lie flat."""

    item: RootItem
    at: str
    file: str


def _named(item: RootItem) -> re.Match[str] | None:
    found = _NAMED.fullmatch(item.name) if len(item.name) <= _LONGEST else None
    return found if found and (item.kind == FOLDER) == (found["file"] is None) else None


def detect(root: Root) -> Guess:
    """By names alone."""
    items = [item for item in root.items() if item.name != INDEX]
    return share(_named, items, "NUMBER-NUMBER - NAME - TIME")


def entries(root: Root) -> Listing:
    """A student per number, with what was handed in last."""
    parts: defaultdict[Person, list[_HandIn]] = defaultdict(list)
    named, left = parted(_named, root.items())
    for item, found in named:
        parts[Person(found["name"].strip(), found["id"])].append(_HandIn(item, _at(found["time"]), found["file"] or ""))
    names = called(parts)
    more, notes = others(root, [item for item in left if item.name != INDEX], TITLE)
    return Listing((*(_entry(root, names[who], who, own) for who, own in parts.items()), *more), tuple(notes))


def _entry(root: Root, student: str, person: Person, found: list[_HandIn]) -> Entry:
    times = sorted({each.at for each in found})
    taken = [each for each in found if each.at == times[-1]]
    pieces = tuple(Piece(root.source(each.item.name), each.file) for each in taken)
    notes = []
    if len(times) > 1:
        earlier = enumerated([each.item.name for each in found if each.at != times[-1]])
        notes.append(f"{shown(taken[0].item.name)} is the latest hand-in and was taken; earlier: {earlier}.")
    handed_in = HandedIn(at=times[-1], attempt=str(len(times)), id=person.id, name=person.name)
    return Entry(student, root.path, pieces, uploaded=True, handed_in=handed_in, notes=tuple(notes))


def _at(text: str) -> str:
    """ "May 12, 2026 1141 PM" after ISO 8601; "" if it is no time. Brightspace says no time zone."""
    day, clock, half = text.rsplit(" ", 2)
    try:
        return datetime.strptime(f"{day} {clock:0>4} {half}", "%b %d, %Y %I%M %p").isoformat(timespec="seconds")
    except ValueError:
        return ""


LAYOUT = Layout("brightspace", TITLE, detect, entries)
