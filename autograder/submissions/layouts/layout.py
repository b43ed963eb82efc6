"""What the layouts share: what a layout is, how students are called, and how platforms write times."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from autograder.files.names import shown, visible_name
from autograder.submissions.roots import FILE, FOLDER, ZIP, FolderRoot, Root, RootItem
from autograder.submissions.submission import Entry, HandedIn, Listing, Piece
from autograder.submissions.tree import is_zip


@dataclass(frozen=True)
class Guess:
    """How sure a layout is that it sees its own, from 0 to 1, and the reason for people."""

    sure: float
    why: str


@dataclass(frozen=True)
class Layout:
    """One way in which submissions come.

    Args:
        name: what `--layout` takes.
        title: what people call it, with its article.
        detect: looks at names, and says how sure it is.
        entries: the hand-ins; sorted, named and freed of duplicates by the caller.
    """

    name: str
    title: str
    detect: Callable[[Root], Guess]
    entries: Callable[[Root], Listing]


def share(own: Callable[[RootItem], object], items: Sequence[RootItem], named: str) -> Guess:
    """The guess where some of the names are the layout's own."""
    matching = sum(bool(own(item)) for item in items)
    count = sum(bool(own(item)) or not item.hidden for item in items)
    if not matching:
        return Guess(0.0, f"none of {count:,} names is {named}")
    return Guess(matching / count, f"{matching:,} of {count:,} names {'is' if matching == 1 else 'are'} {named}")


def parted(
    own: Callable[[RootItem], re.Match[str] | None], items: Iterable[RootItem]
) -> tuple[list[tuple[RootItem, re.Match[str]]], list[RootItem]]:
    """The items whose names are the layout's own, with what was found in them, and all others."""
    found = [(item, own(item)) for item in items]
    named = [(item, match) for item, match in found if match is not None]
    return named, [item for item, match in found if match is None]


@dataclass(frozen=True)
class Person:
    """A student, or a group, as a platform names it."""

    name: str
    id: str = ""
    email: str = ""

    @property
    def handed_in(self) -> HandedIn:
        """The names alone."""
        return HandedIn(id=self.id, email=self.email, name=self.name)


def alike(name: str) -> str:
    """The same for names that a disk may take for one."""
    return unicodedata.normalize("NFC", name).casefold()


def called(people: Iterable[Person]) -> dict[Person, str]:
    """What each is called in the records: the name, and the id too where others have that name.

    A name that is empty gives way to the email, then the id.
    """
    people = list(dict.fromkeys(people))
    plain = {person: visible_name(person.name.strip() or person.email or person.id) or "nameless" for person in people}
    times = Counter(alike(name) for name in plain.values())
    return {
        person: f"{name} ({visible_name(person.id or person.email)})"
        if times[alike(name)] > 1 and (person.id or person.email)
        else name
        for person, name in plain.items()
    }


def whole(root: Root, student: str, item: RootItem, notes: tuple[str, ...] = ()) -> Entry:
    """The entry that is all of one folder or zip."""
    if isinstance(root, FolderRoot):
        return Entry(student, root.path / root.source(item.name), notes=notes)
    return Entry(student, root.path, (Piece(root.source(item.name), "", opened=item.kind == ZIP),), notes=notes)


def uploaded(root: Root, student: str, item: RootItem, handed_in: HandedIn) -> Entry:
    """The entry that is all of one folder, whose files came by way of a platform."""
    return Entry(student, root.path, (Piece(root.source(item.name)),), uploaded=True, handed_in=handed_in)


def without_zip(item: RootItem) -> str:
    """The name of an item, less .zip."""
    return item.name[: -len(".zip")] if item.kind != FOLDER and is_zip(item.name) else item.name


def others(root: Root, items: Iterable[RootItem], title: str) -> tuple[list[Entry], list[str]]:
    """Entries of folders and zips that are not named as a platform names them, and notes on loose files.

    Someone put them there: work that came by mail, say.
    """
    entries, notes = [], []
    for item in items:
        if item.hidden:
            continue
        if item.kind == FILE:
            notes.append(f"{shown(item.name)} was not graded: no file of {title} is named so.")
            continue
        student = visible_name(without_zip(item))
        note = f"{shown(item.name)} is not named as in {title}: it was taken for all the work of {student}."
        entries.append(whole(root, student, item, notes=(note,)))
    return entries, notes


_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(?:\.\d+)? ?(\S+)?$")
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)?$")


def iso(text: str) -> tuple[str, bool]:
    """A platform's time after ISO 8601, to the second; "" if it is none. And whether its time zone was understood.

    >>> iso("2015-02-02 15:58:23.948203 America/Los_Angeles"), iso("2020-09-12 01:53:32.867655000 Z")
    (('2015-02-02T15:58:23-08:00', True), ('2020-09-12T01:53:32+00:00', True))
    """
    found = _TIME.match(text.strip())
    if found is None:
        return "", True
    day, clock, zone = found.groups()
    try:
        at = datetime.fromisoformat(f"{day}T{clock}")
        offset = _zone(zone or "UTC")
        return at.replace(tzinfo=offset or UTC).isoformat(timespec="seconds"), offset is not None
    except (ValueError, OverflowError):
        return "", True


def _zone(name: str) -> tzinfo | None:
    # Imported late: students' commands import this package too, and know no zones.
    from zoneinfo import ZoneInfo

    if name in ("Z", "UTC", "GMT"):
        return UTC
    if found := _OFFSET.match(name):
        sign, hours, minutes = found.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(-offset if sign == "-" else offset)
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None


def moment(at: str) -> float:
    """A time of `iso` as a number that grows; 0 for none."""
    return datetime.fromisoformat(at).timestamp() if at else 0.0
