"""A platform's list of students, as downloaded: read, matched with ours, and given back with scores filled in."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from autograder.errors import RosterError
from autograder.files.tables import read_table
from autograder.gradebook.people import Recipient

_IDS = frozenset(
    "id|identifier|id number|idnumber|username|user name|sis user id|sis login id|sid|student id|student_id|"
    "student number|login|login id|user id|integration id".split("|")
)
_EMAILS = frozenset("email|email address|e-mail|e-mail address|mail".split("|"))
_NAMES = frozenset("student|name|full name|fullname|student name".split("|"))
_FIRST = frozenset("first name|first_name|firstname|given name".split("|"))
_LAST = frozenset("last name|last_name|lastname|surname|family name".split("|"))


class Roster(msgspec.Struct, frozen=True):
    """A table of students.

    `rows` are as in the file, all columns; `decimal` is the mark that its numbers have before decimals; `people` the
    place of a student's row, by our name.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str = ","
    decimal: str = "."
    people: Mapping[str, int] = {}

    def place(self, *names: str) -> int | None:
        """The place of the first column that has one of these names, capitals aside."""
        lower = [cell.strip().lower() for cell in self.header]
        return next((lower.index(name) for name in names if name in lower), None)

    def value(self, row: Sequence[str], *names: str) -> str:
        """A row's cell in the first column that has one of these names."""
        place = self.place(*names)
        return row[place].strip() if place is not None and place < len(row) else ""


class Unmatched(msgspec.Struct, frozen=True):
    """Who is on one side only, and why."""

    students: tuple[str, ...]
    rows: tuple[str, ...]


def read_roster(path: Path, tell: Callable[[str], object] | None = None) -> Roster:
    """A roster or gradebook as a platform or a spreadsheet gives it: whatever `files.tables` reads.

    Args:
        path: of the file.
        tell: is told where its encoding had to be guessed; without it, such a file is refused.

    Raises:
        RosterError: it cannot be read, or no column says who the students are.
    """
    table = read_table(path, RosterError, tell)
    if not set(table.columns) & (_IDS | _EMAILS | _NAMES | _FIRST | _LAST):
        raise RosterError(f"{path}: no column says who a student is (id, e-mail or name): {', '.join(table.header)}")
    return Roster(table.header, tuple(row.cells for row in table.rows), table.delimiter, table.decimal)


def _id(text: str) -> str:
    return re.sub(r"^participant\s+", "", unicodedata.normalize("NFC", text).strip().casefold())


def _name(text: str) -> str:
    """A name for comparing: "Novák, Jan" and "jan  novák" are the same."""
    last, comma, first = text.partition(",")
    whole = f"{first} {last}" if comma else text
    return " ".join(unicodedata.normalize("NFC", whole).casefold().split())


def _keys_of_row(roster: Roster, row: Sequence[str]) -> list[tuple[str, str]]:
    found = []
    for cell, value in zip(roster.header, row, strict=False):
        head, text = cell.strip().lower(), value.strip()
        if not text:
            continue
        if head in _IDS:
            found.append(("id", _id(text)))
        elif head in _EMAILS:
            found.append(("email", text.casefold()))
        elif head in _NAMES:
            found += [("name", _name(text)), ("id", _id(text))]
    first, last = roster.value(row, *_FIRST), roster.value(row, *_LAST)
    if first or last:
        found.append(("name", _name(f"{first} {last}")))
    return found


def _keys_of_person(person: Recipient) -> list[tuple[str, str]]:
    """From the surest to the least sure. A folder may be named by any of the three."""
    return [
        *([("id", _id(person.id))] if person.id else []),
        *([("email", person.email.casefold())] if person.email else []),
        ("id", _id(person.student)),
        ("email", person.student.strip().casefold()),
        *([("name", _name(person.name))] if person.name else []),
        ("name", _name(person.student)),
    ]


def is_student(row: Sequence[str]) -> bool:
    """Whether a row is a student's: Canvas has one that gives the points possible, and one on posting policies."""
    first = row[0].strip() if row else ""
    return first != "Points Possible" and bool(first or any(cell.strip() for cell in row[1:3]))


def match(roster: Roster, students: Iterable[Recipient]) -> tuple[Roster, Unmatched]:
    """Find each student's row by id, then e-mail, then name; what fits two is matched with neither."""
    rows_by_key: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for number, row in enumerate(roster.rows):
        if is_student(row):
            for key in _keys_of_row(roster, row):
                rows_by_key[key].add(number)
    found: dict[str, int] = {}
    alone: list[str] = []
    claimed: defaultdict[int, list[str]] = defaultdict(list)
    for person in students:
        options = [rows_by_key[key] for key in _keys_of_person(person) if key in rows_by_key]
        if options and len(options[0]) == 1:
            claimed[next(iter(options[0]))].append(person.student)
        elif options:
            alone.append(f"{person.student} (fits {len(options[0])} rows)")
        else:
            alone.append(person.student)
    for number, names in claimed.items():
        if len(names) == 1:
            found[names[0]] = number
        else:
            alone += [f"{name} (fits the same row as {', '.join(n for n in names if n != name)})" for name in names]
    taken = set(found.values())
    left = [_shown(roster, row) for number, row in enumerate(roster.rows) if number not in taken and is_student(row)]
    return msgspec.structs.replace(roster, people=found), Unmatched(tuple(sorted(alone)), tuple(left))


def _shown(roster: Roster, row: Sequence[str]) -> str:
    """A row of the roster for people."""
    name = roster.value(row, *_NAMES) or " ".join(
        part for part in (roster.value(row, *_FIRST), roster.value(row, *_LAST)) if part
    )
    others = [roster.value(row, *_EMAILS), roster.value(row, *_IDS)]
    return ", ".join(part for part in (name, *others) if part) or "a row without a name"
