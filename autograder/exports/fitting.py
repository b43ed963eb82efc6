"""Whether scores fit the platform's table: its columns, their maxima, and what stands in them now."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from autograder.errors import UsageError
from autograder.files.tables import number_of
from autograder.gradebook.people import ExportedScore, Recipient
from autograder.gradebook.roster import Roster, shown_row
from autograder.records.record import points

# Where each platform's table says the most that can be given.
_MOODLE_MAXIMUM, _CANVAS_MAXIMUM = "maximum grade", "points possible"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the platform's table that is filled: our score's name, its place, and the most that it takes."""

    name: str
    title: str
    place: int
    most: float | None = None


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """What one student's cell holds, and what it is to hold."""

    student: str
    row: str
    title: str
    before: str
    after: str

    @property
    def what(self) -> str:
        """In a word."""
        if _same(self.before, self.after):
            return "same"
        if not self.before:
            return "new"
        return "changed" if self.after else "only there"


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    try:
        return abs(number_of(one) - number_of(other)) < 1e-9
    except ValueError:
        return False


def _bare(title: str) -> str:
    """A column's title without the number that Canvas puts behind it."""
    return re.sub(r"\s*\(\d+\)\s*$", "", title).strip().casefold()


def columns(to: str, students: Sequence[Recipient], roster: Roster, column: str) -> tuple[list[Column], list[str]]:
    """The columns of the platform's table that are filled, and notes on those that it has not.

    Raises:
        UsageError: the column asked for is not there, and the platform would not make it.
    """
    match to:
        case "moodle":
            place = roster.place(column.lower() or "grade")
            if place is None and not column:
                # The exporter says what the worksheet must have.
                return [], []
            if place is None:
                raise UsageError(f"the worksheet has no column {column!r}{_near(column, roster.header)}")
            return [Column("total", column or "Grade", place, _most_of_rows(roster))], []
        case "canvas":
            titles = {column: "total"} if column else {s.title: s.name for p in students for s in p.scores}
            found, notes = [], []
            for title, name in titles.items():
                at = next((n for n, cell in enumerate(roster.header) if _bare(cell) == _bare(title)), None)
                if at is None:
                    told = f"the gradebook has no column {title!r}{_near(title, roster.header)}"
                    notes.append(f"{told}; Canvas makes a new assignment of it.")
                else:
                    found.append(Column(name, roster.header[at], at, _most_of_canvas(roster, at)))
            return found, notes
        case "csv" | "xlsx":
            place = roster.place(column.lower() or "total")
            return ([Column("total", roster.header[place], place)], []) if place is not None else ([], [])
    return [], []


def _near(title: str, header: Sequence[str]) -> str:
    near = difflib.get_close_matches(title.casefold(), [_bare(cell) for cell in header], n=3, cutoff=0.5)
    meant = [cell for cell in header if _bare(cell) in near]
    return f"; did you mean {' or '.join(repr(cell) for cell in meant)}?" if meant else ""


def _most_of_rows(roster: Roster) -> float | None:
    """Moodle says the maximum in each row; None where it says none, or several."""
    place = roster.place(_MOODLE_MAXIMUM)
    texts = {row[place].strip() for row in roster.rows if place is not None and place < len(row) and row[place].strip()}
    return _number(texts.pop()) if len(texts) == 1 else None


def _most_of_canvas(roster: Roster, place: int) -> float | None:
    row = next((row for row in roster.rows if row and row[0].strip().casefold() == _CANVAS_MAXIMUM), ())
    return _number(row[place]) if place < len(row) else None


def _number(text: str) -> float | None:
    try:
        return number_of(text.strip())
    except ValueError:
        return None


def _of(person: Recipient, name: str) -> ExportedScore | None:
    return person.total if name == "total" else next((s for s in person.scores if s.name == name), None)


def fitted(
    to: str, students: Sequence[Recipient], filled: Sequence[Column], *, scale: bool
) -> tuple[list[Recipient], list[str]]:
    """The students with scores of the platform's maxima, and notes on what was scaled.

    Args:
        to: the platform.
        students: with our scores.
        filled: the columns that they go into.
        scale: multiplies each score so that our maximum is the platform's.

    Raises:
        UsageError: a maximum is another one, and scores are not to be scaled.
    """
    factors, notes = dict[str, tuple[float, float]](), list[str]()
    for each in filled:
        most = max((score.max_score for p in students if (score := _of(p, each.name)) is not None), default=0.0)
        if each.most is None or not most or abs(each.most - most) < 1e-9:
            continue
        told = f"{each.title!r} takes a maximum of {points(each.most)} points on {to}, and here it is {points(most)}"
        if not scale:
            raise UsageError(
                f"{told}. Nothing was written. Change the maximum there; or without --no-scale each score is "
                f"multiplied by {points(each.most)}/{points(most)}."
            )
        factors[each.name] = (each.most, most)
        notes.append(f"{told}: each score is multiplied by {points(each.most)}/{points(most)}.")
    return [_scaled(person, factors) for person in students], notes


def _scaled(person: Recipient, factors: Mapping[str, tuple[float, float]]) -> Recipient:
    def scaled(score: ExportedScore, name: str) -> ExportedScore:
        if name not in factors or score.score is None:
            return score
        theirs, ours = factors[name]
        return msgspec.structs.replace(score, score=round(score.score * theirs / ours, 6), max_score=theirs)

    scores = tuple(scaled(score, score.name) for score in person.scores)
    return msgspec.structs.replace(person, scores=scores, total=scaled(person.total, "total"))


def changed_cells(students: Sequence[Recipient], roster: Roster, filled: Sequence[Column]) -> list[ChangedCell]:
    """What each matched student's cells hold now, and what they are to hold."""
    found = []
    for person in students:
        place = roster.people.get(person.student)
        if place is None:
            continue
        row = roster.rows[place]
        for each in filled:
            score = _of(person, each.name)
            before = row[each.place].strip() if each.place < len(row) else ""
            after = score.text if score is not None else ""
            found.append(ChangedCell(person.student, shown_row(roster, row), each.title, before, after))
    return found


def without_submission(students: Sequence[Recipient], roster: Roster) -> list[str]:
    """Who has points here, while the platform says that nothing was handed in."""
    place = roster.place("status")
    if place is None:
        return []
    return [
        person.student
        for person in students
        if (at := roster.people.get(person.student)) is not None
        and person.total.score
        and place < len(roster.rows[at])
        and roster.rows[at][place].strip().casefold().startswith("no submission")
    ]
