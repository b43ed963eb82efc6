"""Marks by spreadsheet: a table of all criteria to fill in, and what was filled in."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.errors import MarksError
from autograder.files.formula_cells import defused, restored
from autograder.files.visible import visible
from autograder.files.writing import write_whole
from autograder.gradebook.marks import Mark, MarkableCriterion, items
from autograder.gradebook.marks_file import NEEDED, Marks, number, rows_of
from autograder.records.record import Result, points

COLUMNS = ("student", "item", "points", "comment", "max", "criterion", "machine", "answer", "of")
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
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for item in found:
        mark = marks.student(item.student).get(item.item)
        files = "".join(f"\n[handed in, to be looked at: {visible(one)}]" for one in item.attached)[:MOST_IN_A_CELL]
        answer = visible(item.written)[: MOST_IN_A_CELL - len(files)] + files
        texts = [item.text, verdicts.get((item.student, item.item), ""), answer.strip()]
        given = ["", ""] if mark is None else [points(mark.points), defused(mark.comment)]
        row = [defused(item.student), item.item, *given, points(item.max_points), *map(defused, texts), item.of]
        writer.writerow(row)
    write_whole(path, out.getvalue().encode("utf-8-sig", "surrogatepass"))


def read_template(path: Path, records: Mapping[str, Result]) -> list[Mark]:
    """The marks that were filled in; a row without points is left out.

    Raises:
        MarksError: something in it is wrong; all mistakes are told, with row and column.
    """
    known = {(item.student, item.item): item for record in records.values() for item in items(record)}
    found: list[Mark] = []
    wrong: list[str] = []
    for row_number, row in rows_of(path, NEEDED):
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
        found.append(Mark(student, name, value, comment, (row.get("of") or "").strip() or item.of))
    if wrong:
        more = [f"and {len(wrong) - MOST_TOLD} more"] if len(wrong) > MOST_TOLD else []
        raise MarksError(f"{path}: nothing was taken.\n  " + "\n  ".join([*wrong[:MOST_TOLD], *more]))
    return found
