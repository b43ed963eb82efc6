"""nbgrader's `submitted` folder, or the exchange's `inbound`.

By nbgrader's documentation ("How to structure course files") a submission lies in submitted/STUDENT/ASSIGNMENT, and
`nbgrader collect` leaves the time in timestamp.txt there, as "2015-02-02 15:58:23.948203 America/Los_Angeles"; a time
zone that is missing or unknown counts as UTC, as it does for nbgrader. In the exchange, before it is collected, every
attempt is a folder STUDENT+ASSIGNMENT+TIME, which may end in "+" and a random text.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, replace

from autograder.errors import SubmissionsError
from autograder.files.names import enumerated, shown, visible_name
from autograder.submissions.layouts.layout import Guess, Layout, iso, moment, others, share, uploaded
from autograder.submissions.roots import FOLDER, Root, RootItem
from autograder.submissions.submission import Entry, HandedIn, Listing, Piece

TITLE = "nbgrader's submitted folder"
CLOCK = "timestamp.txt"
_INBOUND = re.compile(r"(?P<student>[^+]+)\+(?P<assignment>[^+]+)\+(?P<time>\d{4}-\d\d-\d\d[^+]*)(?:\+.*)?", re.DOTALL)
# How many students are looked into; that is enough to know.
_LOOKED_AT = 50


@dataclass(frozen=True)
class _ExchangeFolder:
    """A folder of the exchange."""

    item: RootItem
    at: str


def detect(root: Root) -> Guess:
    """By names in the exchange, else by the times in the folders of the first students."""
    folders = [item for item in root.items() if item.kind == FOLDER and not item.hidden]
    inbound = share(
        lambda item: _INBOUND.fullmatch(item.name), folders, "STUDENT+ASSIGNMENT+TIME, as in nbgrader's exchange"
    )
    if inbound.sure:
        return inbound
    looked_at = folders[:_LOOKED_AT]
    timed = sum(_timed(root, item) for item in looked_at)
    if not timed:
        return Guess(0.0, f"no folder holds ASSIGNMENT/{CLOCK}")
    return Guess(timed / len(looked_at), f"{timed} of the first {len(looked_at)} folders hold ASSIGNMENT/{CLOCK}")


def _timed(root: Root, student: RootItem) -> bool:
    try:
        below = [item for item in root.items(student.name) if item.kind == FOLDER]
    except SubmissionsError:
        return False
    return any(root.kind(f"{student.name}/{item.name}/{CLOCK}") == "file" for item in below[:_LOOKED_AT])


def entries(root: Root) -> Listing:
    """A student per folder; of several attempts in the exchange the latest for each assignment."""
    items = root.items()
    attempts: defaultdict[str, defaultdict[str, list[_ExchangeFolder]]] = defaultdict(lambda: defaultdict(list))
    taken, left = [], []
    for item in items:
        found = _INBOUND.fullmatch(item.name) if item.kind == FOLDER else None
        if found is not None:
            attempt = _ExchangeFolder(item, iso(found["time"])[0])
            attempts[found["student"]][found["assignment"]].append(attempt)
        elif item.kind != FOLDER or item.hidden:
            left.append(item)
        else:
            taken.append(_collected(root, item))
    taken += [_inbound(root, student, made) for student, made in attempts.items()]
    more, notes = others(root, left, TITLE)
    return Listing((*taken, *more), tuple(notes))


def _collected(root: Root, item: RootItem) -> Entry:
    entry = uploaded(root, visible_name(item.name), item, HandedIn(id=item.name, name=item.name))
    return replace(entry, clock=CLOCK)


def _inbound(root: Root, student: str, made: dict[str, list[_ExchangeFolder]]) -> Entry:
    pieces, notes = [], []
    for assignment, attempts in sorted(made.items()):
        *earlier, latest = sorted(attempts, key=lambda attempt: (moment(attempt.at), attempt.item.name))
        pieces.append(Piece(root.source(latest.item.name), assignment))
        if earlier:
            names = enumerated([attempt.item.name for attempt in earlier])
            notes.append(f"{shown(latest.item.name)} is the latest attempt and was taken; earlier: {names}.")
    handed_in = HandedIn(id=student, name=student)
    entry = Entry(visible_name(student), root.path, tuple(pieces), uploaded=True, handed_in=handed_in)
    return replace(entry, clock=CLOCK, notes=tuple(notes))


LAYOUT = Layout("nbgrader", TITLE, detect, entries)
