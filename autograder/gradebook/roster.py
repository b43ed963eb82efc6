"""A platform's list of students, as downloaded: read, matched with ours, and given back with scores filled in."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from autograder.errors import RosterError
from autograder.files.tables import read_table
from autograder.gradebook.identity import Identifier, IdKind, identifier, is_near_number, plain_id
from autograder.gradebook.people import Recipient

# What a column is called, capitals aside, and the kind of identifier in it.
_COLUMNS = {
    IdKind.MOODLE: "identifier",
    IdKind.NUMBER: "id number|idnumber|sis user id|integration id|sid|student id|student_id|student number",
    IdKind.LOGIN: "username|user name|user|sis login id|login|login id|orgdefinedid",
    IdKind.EMAIL: "email|email address|e-mail|e-mail address|mail",
    IdKind.GITHUB: "github|github login|github username|github_username",
    IdKind.NAME: "student|name|full name|fullname|student name",
}
_KINDS = {name: kind for kind, names in _COLUMNS.items() for name in names.split("|")}
# Of whatever platform it is; Canvas's, where the table is Canvas's.
_ANY = frozenset({"id", "user id"})
_FIRST = frozenset("first name|first_name|firstname|given name".split("|"))
_LAST = frozenset("last name|last_name|lastname|surname|family name".split("|"))
_NAMES, _EMAILS = (_COLUMNS[kind].split("|") for kind in (IdKind.NAME, IdKind.EMAIL))
_IDS = [name for name, kind in _KINDS.items() if kind not in (IdKind.NAME, IdKind.EMAIL)] + sorted(_ANY)
# Which kind a hand-in's id is, by the platform that it came through.
_OF_PLATFORM = {
    "moodle": IdKind.MOODLE,
    "canvas": IdKind.CANVAS,
    "gradescope": IdKind.NUMBER,
    "nbgrader": IdKind.LOGIN,
}


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
    if not set(table.columns) & {*_KINDS, *_ANY, *_FIRST, *_LAST}:
        raise RosterError(f"{path}: no column says who a student is (id, e-mail or name): {', '.join(table.header)}")
    return Roster(table.header, tuple(row.cells for row in table.rows), table.delimiter, table.decimal)


def _kind(roster: Roster, head: str) -> IdKind | None:
    """What a column holds; None where that is no identifier, or nobody knows of which kind."""
    if head in _ANY and roster.place("sis user id", "sis login id") is not None:
        return IdKind.CANVAS
    return _KINDS.get(head)


def _of_row(roster: Roster, row: Sequence[str]) -> Iterator[Identifier | str]:
    """Who a row's student is: typed identifiers, and as a text what nobody says the kind of."""
    for cell, value in zip(roster.header, row, strict=False):
        head = cell.strip().lower()
        kind = _kind(roster, head)
        if kind is not None:
            if (found := identifier(kind, value)) is not None:
                yield found
        elif head in _ANY and value.strip():
            yield plain_id(value)
    first, last = roster.value(row, *_FIRST), roster.value(row, *_LAST)
    if (found := identifier(IdKind.NAME, f"{first} {last}")) is not None:
        yield found


def _of_person(person: Recipient) -> list[list[Identifier | str]]:
    """Who a student is, from the surest to the least sure; of those in one list, whatever fits must fit one row.

    A folder is named by whatever a course uses, but for the numbers that platforms give: these come with a hand-in.
    """
    kind = _OF_PLATFORM.get(person.platform)
    name = person.student
    kinds = (IdKind.NUMBER, IdKind.LOGIN, IdKind.GITHUB) if kind is None else (kind,)
    own: list[Identifier | str | None] = [identifier(each, person.id) for each in kinds]
    own += [plain_id(person.id) or None] if kind is None else []
    by_name = [identifier(each, name) for each in (IdKind.NUMBER, IdKind.LOGIN, IdKind.GITHUB)]
    typed = [identifier(IdKind.MOODLE, name)] if name.casefold().startswith("participant ") else []
    # Of a platform's hand-in the folder's name is a name, and no number.
    loose: list[Identifier | str | None] = [*by_name, *typed, plain_id(name)] if not person.platform else [*by_name]
    steps: list[list[Identifier | str | None]] = [
        [*own],
        [identifier(IdKind.EMAIL, person.email)],
        loose,
        [identifier(IdKind.EMAIL, name)],
        [identifier(IdKind.NAME, person.name)],
        [identifier(IdKind.NAME, name)],
    ]
    return [found for step in steps if (found := [each for each in step if each is not None])]


def is_student(row: Sequence[str]) -> bool:
    """Whether a row is a student's: Canvas has one that gives the points possible, and one on posting policies."""
    first = row[0].strip() if row else ""
    return first != "Points Possible" and bool(first or any(cell.strip() for cell in row[1:3]))


def match(roster: Roster, students: Iterable[Recipient]) -> tuple[Roster, Unmatched]:
    """Find each student's row, by identifiers of one kind; what fits two is matched with neither, and says why."""
    rows_by_key: defaultdict[Identifier | str, set[int]] = defaultdict(set)
    for number, row in enumerate(roster.rows):
        if is_student(row):
            for key in _of_row(roster, row):
                rows_by_key[key].add(number)
    found: dict[str, int] = {}
    alone: list[str] = []
    claimed: defaultdict[int, list[str]] = defaultdict(list)
    for person in students:
        options = _options(person, rows_by_key)
        if len(options) == 1:
            claimed[next(iter(options))].append(person.student)
        else:
            alone.append(f"{person.student}{_why(person, options, rows_by_key)}")
    for number, names in claimed.items():
        if len(names) == 1:
            found[names[0]] = number
        else:
            alone += [f"{name} (fits the same row as {', '.join(n for n in names if n != name)})" for name in names]
    taken = set(found.values())
    left = [_shown(roster, row) for number, row in enumerate(roster.rows) if number not in taken and is_student(row)]
    return msgspec.structs.replace(roster, people=found), Unmatched(tuple(sorted(alone)), tuple(left))


def _options(person: Recipient, rows_by_key: Mapping[Identifier | str, set[int]]) -> set[int]:
    """The rows that the surest identifier fits which fits any."""
    for step in _of_person(person):
        fitting = set[int]().union(*(rows_by_key.get(key, ()) for key in step))
        if fitting:
            return fitting
    return set()


def _why(person: Recipient, options: set[int], rows_by_key: Mapping[Identifier | str, set[int]]) -> str:
    """Why a student has no row of their own."""
    if options:
        return f" (fits {len(options)} rows)"
    texts = {key.text if isinstance(key, Identifier) else key for key in rows_by_key}
    own = {plain_id(person.student), plain_id(person.id)} - {""}
    near = sorted(text for text in texts for mine in own if is_near_number(mine, text))
    if near:
        return f" (the roster has {near[0]}: did a spreadsheet change the number?)"
    others = [key.kind for key in rows_by_key if isinstance(key, Identifier) and key.text == plain_id(person.id)]
    if person.id and others:
        kind = _OF_PLATFORM.get(person.platform)
        mine = f"{kind} {person.id}" if kind is not None else person.id
        return f" ({mine} is nobody's there; it is somebody's {others[0]}, which is another thing)"
    return ""


def _shown(roster: Roster, row: Sequence[str]) -> str:
    """A row of the roster for people."""
    name = roster.value(row, *_NAMES) or " ".join(
        part for part in (roster.value(row, *_FIRST), roster.value(row, *_LAST)) if part
    )
    others = [roster.value(row, *_EMAILS), roster.value(row, *_IDS)]
    return ", ".join(part for part in (name, *others) if part) or "a row without a name"
