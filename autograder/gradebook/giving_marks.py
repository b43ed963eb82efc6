"""Gives a mark, or takes it back, in the file of marks of a folder of results; whoever else does waits for a moment."""

import math
from collections.abc import Callable
from pathlib import Path

from autograder.errors import AboveMaximumError, MarksError, StoreError
from autograder.gradebook.journal import change_marks
from autograder.gradebook.marks import Mark, items, mark_hash, question_of
from autograder.gradebook.marks_file import MARKS, Marks
from autograder.records.record import Result, points
from autograder.records.store import Store


def give_mark(
    results: str | Path,
    student: str,
    item: str,
    value: float,
    comment: str = "",
    *,
    marks: str | Path | None = None,
    above_maximum: bool = False,
) -> Mark:
    """Give points for a criterion, or in place of a score; the student reads the comment.

    Scores and pages stay as they are until `apply_marks`, or the next `grade`.

    Args:
        results: the folder that `grade` wrote.
        student: as in the record.
        item: a criterion ("a4_smooth_ap.written_4a.1"); or a function, a written answer or an assignment
            ("a4_smooth_ap.smooth_ap", "a4_smooth_ap"), whose score is then overridden.
        value: points.
        comment: of an override the reason, which there must be.
        marks: the file of marks; default: `marks.csv` in `results`.
        above_maximum: an override may be above what can be earned; otherwise it is refused, since it is nearly always
            a slip of the finger.

    Raises:
        MarksError: there is nothing of this name, the points cannot be given, or the file cannot be used.
        StoreError: there is no such folder of results, or somebody else is writing marks all the time.
    """
    folder = Path(results)
    record = Store(folder).read_one(student)
    if record is None:
        raise MarksError(f"{folder} holds no record of a student named {student!r}")
    mark = _mark(record, item, value, comment.strip(), above_maximum)
    _change(folder, marks, lambda given: given.with_mark(mark))
    return mark


def remove_mark(results: str | Path, student: str, item: str, *, marks: str | Path | None = None) -> None:
    """Take a mark or an override back: what the machine found counts again.

    Args:
        results: the folder that `grade` wrote.
        student: as in the record.
        item: as it was given on.
        marks: the file of marks; default: `marks.csv` in `results`.

    Raises:
        MarksError: there is no such mark, or the file cannot be used.
        StoreError: there is no such folder of results, or somebody else is writing marks all the time.
    """

    def without(given: Marks) -> Marks:
        if item not in given.student(student):
            raise MarksError(f"{student} has no mark on {item}")
        return given.without(student, item)

    _change(Path(results), marks, without)


def _mark(record: Result, item: str, value: float, comment: str, above_maximum: bool) -> Mark:
    """The mark, if it can be given."""
    of = mark_hash(record, item)
    if not of:
        names = [f"{a.name}.{q.function}" for a in record.assignments for q in a.questions]
        names += [found.item for found in items(record)]
        raise MarksError(f"the record of {record.student} has no {item!r}; there are {', '.join(names)}")
    if not math.isfinite(value) or value < 0:
        raise MarksError(f"{value} is not a number of points from 0 on")
    mark = Mark(record.student, item, value, comment, of)
    if mark.is_override and not comment:
        raise MarksError("an override needs a reason: who looks at it next must know why")
    most = most_points(record, item)
    if value > most and mark.is_override and not above_maximum:
        raise AboveMaximumError(
            f"{item}: {points(value)} is more than {points(most)}, the most that can be earned; was that meant?"
        )
    if value > most and not mark.is_override:
        raise MarksError(f"{item}: {points(value)} is more than {points(most)}, the most that can be given")
    return mark


def most_points(record: Result, item: str) -> float:
    """The most that can be given for a criterion, or earned in what an override replaces."""
    criterion = next((found.max_points for found in items(record) if found.item == item), None)
    if criterion is not None:
        return criterion
    assignment, question = question_of(record, item)
    assert assignment is not None, "its hash was found"
    return assignment.max_score if question is None else question.max_score


def _change(folder: Path, marks: str | Path | None, change: Callable[[Marks], Marks]) -> None:
    """Change the marks as they stand, with nobody in between."""
    if not (folder / "results").is_dir():
        raise StoreError(f"{folder} holds no records: give the folder that `autograder grade` wrote.")
    change_marks(Path(marks) if marks else folder / MARKS, change)
