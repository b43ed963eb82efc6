"""Marks by spreadsheet: a table of all criteria to fill in, and what was filled in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import MarksError
from autograder.files.formula_cells import restored
from autograder.files.table_writing import table_bytes
from autograder.files.visible import visible
from autograder.files.writing import write_whole
from autograder.gradebook.group_answers import for_each, members_of
from autograder.gradebook.marks import Mark, MarkableCriterion, items
from autograder.gradebook.marks_file import NEEDED, Marks, number, rows_of
from autograder.records.fingerprint import digest
from autograder.records.record import Result, points

COLUMNS = ("student", "item", "points", "comment", "max", "criterion", "machine", "answer", "of", "was")
# Spreadsheets hold no more in a cell.
MOST_IN_A_CELL = 32_000
MOST_TOLD = 20


def write_template(
    path: Path, found: Sequence[MarkableCriterion], marks: Marks, verdicts: Mapping[tuple[str, str], str]
) -> None:
    """A row for each criterion of each student; marks already given stand in it.

    Args:
        path: of the table; it begins with a byte-order mark, by which spreadsheets know that it is UTF-8.
        found: the criteria, in the order of the rows.
        marks: given before.
        verdicts: what the machine says of the derivation that belongs to an answer, by student and item.
    """
    rows: list[Sequence[str]] = [COLUMNS]
    for item in found:
        mark = marks.student(item.student).get(item.item)
        files = "".join(f"\n[handed in, to be looked at: {visible(one)}]" for one in item.attached)[:MOST_IN_A_CELL]
        answer = visible(item.written)[: MOST_IN_A_CELL - len(files)] + files
        shared = f" [one answer of {visible(item.whose)}: the mark counts for all]" if item.also else ""
        texts = [item.text + shared, verdicts.get((item.student, item.item), ""), answer.strip()]
        given = ["", ""] if mark is None else [points(mark.points), mark.comment]
        rows.append([item.student, item.item, *given, points(item.max_points), *texts, item.of, state(mark)])
    write_whole(path, table_bytes(rows, mark=True))


def state(mark: Mark | None) -> str:
    """What stands in a row for the mark as it was when the table was made."""
    return "none" if mark is None else digest([points(mark.points), mark.comment])[:12]


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row that was filled in: its number, its mark, and what stood for the mark before (empty: nobody knows)."""

    number: int
    mark: Mark
    was: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a filled-in table: the marks that count now, the rows that were taken, and those that were not."""

    marks: Marks
    taken: tuple[FilledRow, ...]
    replaced: tuple[tuple[FilledRow, Mark], ...]
    refused: tuple[tuple[FilledRow, Mark], ...]


def taken(rows: Sequence[FilledRow], marks: Marks, *, over: bool = False) -> Taken:
    """Take a filled-in table; a row is refused where its mark was changed after the table was made.

    Args:
        rows: of the table.
        marks: that count now.
        over: takes those rows too.
    """
    found, replaced, refused = list[FilledRow](), list[tuple[FilledRow, Mark]](), list[tuple[FilledRow, Mark]]()
    for row in rows:
        now = marks.student(row.mark.student).get(row.mark.item)
        same = now is not None and (now.points, now.comment) == (row.mark.points, row.mark.comment)
        if now is not None and not same:
            if row.was and row.was != state(now) and not over:
                refused.append((row, now))
                continue
            replaced.append((row, now))
        found.append(row)
        marks = marks.with_mark(row.mark)
    return Taken(marks, tuple(found), tuple(replaced), tuple(refused))


def read_template(
    path: Path, records: Mapping[str, Result], tell: Callable[[str], object] | None = None
) -> list[FilledRow]:
    """The marks that were filled in; a row without points is left out.

    Args:
        path: of the table.
        records: by student; say what can be marked.
        tell: is told where the table's encoding had to be guessed; without it, such a table is refused.

    Raises:
        MarksError: something in it is wrong; all mistakes are told, with row and column.
    """
    known = {(item.student, item.item): item for record in records.values() for item in items(record)}
    found: list[FilledRow] = []
    wrong: list[str] = []
    for row_number, row in rows_of(path, NEEDED, tell):
        given = (row.get("points") or "").strip()
        if not given:
            continue
        student, name = restored(row["student"]), row["item"].strip()
        item = known.get((student, name))
        if item is None:
            there = any(key[0] == student for key in known)
            told = f"column item: {student} has no {name!r}" if there else f"column student: there is no {student!r}"
            wrong.append(f"row {row_number}, {told}")
            continue
        try:
            value = number(given)
        except ValueError:
            wrong.append(f"row {row_number}, column points: {given!r} is not a number of points from 0 on")
            continue
        if value > item.max_points:
            wrong.append(f"row {row_number}, column points: {given} is more than {points(item.max_points)}")
            continue
        comment = restored(row.get("comment") or "").strip()
        mark = Mark(student, name, value, comment, (row.get("of") or "").strip() or item.of)
        found.append(FilledRow(row_number, mark, (row.get("was") or "").strip()))
    if wrong:
        more = [f"and {len(wrong) - MOST_TOLD} more"] if len(wrong) > MOST_TOLD else []
        raise MarksError(f"{path}: nothing was taken.\n  " + "\n  ".join([*wrong[:MOST_TOLD], *more]))
    return _of_groups(found, records, known)


def _of_groups(
    found: Sequence[FilledRow], records: Mapping[str, Result], known: Mapping[tuple[str, str], MarkableCriterion]
) -> list[FilledRow]:
    """The rows, that of a group's answer for each member where no other member has a row."""
    own = {(row.mark.student, row.mark.item) for row in found}
    every = list[FilledRow]()
    for row in found:
        student, item = row.mark.student, row.mark.item
        members = [name for name in members_of(records.get(student), records) if name != student]
        alike = [name for name in members if (name, item) in known and known[name, item].of == known[student, item].of]
        # Rows of several members say that each is marked by itself.
        others = [] if any((name, item) in own for name in members) else alike
        every += [FilledRow(row.number, mark, row.was) for mark in for_each(row.mark, others)]
    return every
