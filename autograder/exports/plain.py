"""CSV for any other program: who, total, and a column for each assignment and each function."""

from collections.abc import Sequence

from autograder.exports.roster_rows import filled
from autograder.files.table_writing import table_bytes, with_decimal
from autograder.gradebook.people import Recipient
from autograder.gradebook.roster import Roster
from autograder.judging.verdicts import Verdict
from autograder.records.record import points


def table(students: Sequence[Recipient]) -> list[list[str]]:
    """The header, and a row for each student; empty where there is no score."""
    names = list(dict.fromkeys(score.name for person in students for score in person.scores))
    functions = list(
        dict.fromkeys(
            f"{a.name}.{q.function}" for p in students for a in p.final.record.assignments for q in a.questions
        )
    )
    functions = [name for name in functions if name.partition(".")[0] in names]
    rows = [["student", "id", "email", "name", "total", "max", *names, *functions]]
    for person in students:
        scores = {score.name: score.text for score in person.scores}
        scores |= {} if person.final.score is None else _functions(person)
        total = [person.total.text, points(person.total.max_score)]
        own = [scores.get(name, "") for name in (*names, *functions)]
        rows.append([person.student, person.id, person.email, person.name, *total, *own])
    return rows


def _functions(person: Recipient) -> dict[str, str]:
    return {
        f"{assignment.name}.{question.function}": points(question.score)
        for assignment in person.final.record.assignments
        for question in assignment.questions
        if not all(check.verdict is Verdict.UNGRADED for check in question.checks)
    }


def export(students: Sequence[Recipient], roster: Roster | None, column: str) -> bytes:
    """Our table; with a roster, that one with the total in a column of its own, its numbers as the roster has them."""
    if roster is None:
        return table_bytes(table(students), mark=True)
    name = column or "total"
    place = roster.place(name.lower())
    header = list(roster.header) if place is not None else [*roster.header, name]
    place = len(header) - 1 if place is None else place
    cells = {person.student: {place: with_decimal(person.total.text, roster.decimal)} for person in students}
    return table_bytes([header, *filled(roster, cells, len(header))], mark=True, delimiter=roster.delimiter)
