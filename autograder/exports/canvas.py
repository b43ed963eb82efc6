"""Canvas: the gradebook as CSV, to be imported again.

The importer (`lib/gradebook_importer.rb`) wants the columns `Student`, `ID`, `SIS User ID`, `SIS Login ID`, `Section`
first, in this order, and takes each later one for an assignment: "Title (id)" is an existing one. A row that begins
with `Points Possible` gives its points. Students are found by `ID`, then SIS ids, then by name. UTF-8; comma or
semicolon.
"""

import re
from collections.abc import Sequence

import msgspec

from autograder.errors import RosterError
from autograder.exports.roster_rows import filled
from autograder.files.table_writing import table_bytes
from autograder.gradebook.people import ExportedScore, Recipient
from autograder.gradebook.roster import Roster

HEADER = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS_POSSIBLE = "    Points Possible"


def export(students: Sequence[Recipient], roster: Roster | None, column: str) -> bytes:
    """A column for each assignment, or the one asked for; of a gradebook downloaded, only its students."""
    named = _columns(students, column)
    if roster is None:
        rows = [
            [person.name or person.student, person.id, "", person.email, "", *(score.text for _, score in own)]
            for person, own in ((person, _scores(person, named)) for person in students)
        ]
        most = [f"{score.max_score:g}" for score in named.values()]
        return table_bytes([[*HEADER, *named], [POINTS_POSSIBLE, "", "", "", "", *most], *rows])
    for needed in ("student", "id", "section"):
        if roster.place(needed) is None:
            raise RosterError(f"the roster has no column {needed}: it must be Canvas's gradebook (Grades, Export)")
    # Only who a student is, and what we give: what else the gradebook holds must not be overwritten by an old copy.
    section = roster.place("section")
    assert section is not None
    kept = section + 1
    header = [*roster.header[:kept], *(_existing(roster, title, kept) for title in named)]
    cells = {
        person.student: {kept + place: score.text for place, (_, score) in enumerate(_scores(person, named))}
        for person in students
    }
    short = msgspec.structs.replace(roster, header=roster.header[:kept], rows=tuple(row[:kept] for row in roster.rows))
    rows = filled(short, cells, kept + len(named))
    rows = [row for place, row in enumerate(rows) if place in set(roster.people.values())]
    points = [POINTS_POSSIBLE, *[""] * (kept - 1), *(f"{score.max_score:g}" for score in named.values())]
    return table_bytes([header, points, *rows])


def _columns(students: Sequence[Recipient], column: str) -> dict[str, ExportedScore]:
    """The assignments by their titles; with `column`, the total under that name."""
    if column:
        return {column: max((person.total for person in students), key=lambda score: score.max_score)}
    return {score.title: score for person in students for score in person.scores}


def _scores(person: Recipient, named: dict[str, ExportedScore]) -> list[tuple[str, ExportedScore]]:
    own = {score.title: score for score in person.scores}
    empty = ExportedScore("", "", None, 0.0)
    return [
        (title, person.total if score.name == person.total.name else own.get(title, empty))
        for title, score in named.items()
    ]


def _existing(roster: Roster, title: str, kept: int) -> str:
    """The gradebook's own name of an assignment, with its number, where it has one of this title."""
    for cell in roster.header[kept:]:
        if re.sub(r"\s*\(\d+\)\s*$", "", cell).strip().casefold() == title.casefold() or cell == title:
            return cell
    return title
