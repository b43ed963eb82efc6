"""The file of marks: CSV, one line a mark, sorted, so that version control shows what changed and spreadsheets open it.

Line ends within a comment are written as \\n, so that a mark stays one line.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from autograder.errors import MarksError
from autograder.files.formula_cells import restored
from autograder.files.table_writing import table_bytes
from autograder.files.tables import number_of, read_table
from autograder.gradebook.marks import Mark
from autograder.records.record import points

# Its name in a folder of results.
MARKS = "marks.csv"
COLUMNS = ("student", "item", "points", "comment", "of")
NEEDED = ("student", "item", "points")


class Marks(msgspec.Struct, frozen=True):
    """Marks by student and item."""

    by_student: Mapping[str, Mapping[str, Mark]] = {}

    @classmethod
    def of(cls, marks: Iterable[Mark]) -> "Marks":
        """The marks given; a later one replaces an earlier one on the same item."""
        found: dict[str, dict[str, Mark]] = {}
        for mark in marks:
            found.setdefault(mark.student, {})[mark.item] = mark
        return cls(found)

    def __iter__(self) -> Iterator[Mark]:
        for student in sorted(self.by_student):
            for item in sorted(self.by_student[student]):
                yield self.by_student[student][item]

    def student(self, name: str) -> Mapping[str, Mark]:
        """One student's marks, by item."""
        return self.by_student.get(name, {})

    def with_mark(self, mark: Mark) -> "Marks":
        """These and one more."""
        return Marks({**self.by_student, mark.student: {**self.student(mark.student), mark.item: mark}})

    def without(self, student: str, item: str) -> "Marks":
        """These but one."""
        left = {name: mark for name, mark in self.student(student).items() if name != item}
        return Marks({**self.by_student, student: left})


def number(text: str) -> float:
    """A number of points as people write it, with a point or a comma.

    Raises:
        ValueError: it is none, or not finite.
    """
    value = number_of(text)
    if not math.isfinite(value) or value < 0:
        raise ValueError(f"{text} is not a number of points from 0 on")
    return value


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _unescaped(text: str) -> str:
    parts = text.split("\\\\")
    return "\\".join(part.replace("\\n", "\n") for part in parts)


def rows_of(
    path: Path, needed: Iterable[str], tell: Callable[[str], object] | None = None
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a table of marks, with their numbers, by column.

    Args:
        path: of the file.
        needed: columns that it must have.
        tell: is told where the file's encoding had to be guessed; without it, such a file is refused.

    Raises:
        MarksError: the file cannot be read, or lacks a column, or has it twice.
    """
    table = read_table(path, MarksError, tell)
    for column in needed:
        if (count := table.columns.count(column)) != 1:
            told = f"there is no column {column}" if not count else f"{count} columns are called {column}"
            raise MarksError(f"{path}, row 1: {told}; there are {', '.join(table.columns)}")
    yield from table.records()


def parsed(path: Path) -> Marks:
    """The marks in a table.

    Raises:
        MarksError: it cannot be read, or is wrong; the message names row and column.
    """
    found: list[Mark] = []
    seen: dict[tuple[str, str], int] = {}
    for row_number, row in rows_of(path, NEEDED):
        student, item = restored(row["student"]), row["item"].strip()
        if not item or item.count(".") > 2:
            raise MarksError(f"{path}, row {row_number}, column item: {item!r} names nothing that can be marked")
        try:
            value = number(row.get("points") or "")
        except ValueError:
            told = f"{row.get('points')!r} is not a number of points from 0 on"
            raise MarksError(f"{path}, row {row_number}, column points: {told}") from None
        if (student, item) in seen:
            told = f"{student} has a mark on {item} already, in row {seen[student, item]}"
            raise MarksError(f"{path}, row {row_number}, column item: {told}")
        seen[student, item] = row_number
        comment = _unescaped(restored(row.get("comment") or ""))
        found.append(Mark(student, item, value, comment, (row.get("of") or "").strip()))
    return Marks.of(found)


def marks_table(marks: Marks) -> bytes:
    """The table of all marks, sorted."""
    rows = [[mark.student, mark.item, points(mark.points), _escaped(mark.comment), mark.of] for mark in marks]
    return table_bytes([COLUMNS, *rows], line_end="\n")
