"""Writes the scores of a folder of results, and its feedback, in the form that a platform takes back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course.solutions import course_at
from autograder.errors import UsageError
from autograder.exports import exporter
from autograder.exports.feedback_zip import feedback_zip
from autograder.files.writing import write_whole
from autograder.gradebook.final import finals
from autograder.gradebook.marks_file import MARKS, read_marks
from autograder.gradebook.people import Recipient, people
from autograder.gradebook.roster import Roster, match, read_roster
from autograder.records.store import Store


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote, and who is in none of it.

    Args:
        path: the file of scores.
        students: how many stand in it.
        without_row: students whom the roster does not have, who are left out.
        rows_without_student: rows of the roster, in words, that are nobody's.
        feedback: the zip of pages, where one was asked for.
        pages: how many pages it holds.
        without_page: students whose page is not in it, since nothing says who they are on the platform.
    """

    path: Path
    students: int
    without_row: tuple[str, ...] = ()
    rows_without_student: tuple[str, ...] = ()
    feedback: Path | None = None
    pages: int = 0
    without_page: tuple[str, ...] = ()


def export(
    results: str | Path,
    to: str,
    *,
    out: str | Path | None = None,
    roster: str | Path | None = None,
    assignment: str | None = None,
    column: str = "",
    feedback: str | Path | None = None,
    submissions: str | Path | None = None,
    marks: str | Path | None = None,
    solutions: str | Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Exported:
    """Write scores in the columns that a platform's importer reads, and feedback as the zip that it takes.

    Args:
        results: the folder that `grade` wrote.
        to: "moodle", "canvas", "gradescope", "nbgrader", "csv" or "xlsx".
        out: the file to write; default: `export-PLATFORM.*` in `results`.
        roster: the platform's own list or gradebook, as CSV.
        assignment: the score of this one in place of all, or of the total.
        column: the platform's name of the column to fill.
        feedback: a zip of the feedback pages to write, too.
        submissions: what Canvas gave out, whose file names `feedback` needs there.
        marks: the file of marks given by people; default: `marks.csv` in `results`, where there is one.
        solutions: the folder with the course's rules; default: the nearest `solutions`.
        tell: is told what a person should know of the roster; by default nobody is.

    Raises:
        UsageError: there is no such platform or assignment.
        RecordsError, MarksError, RosterError, CourseError, SolutionsError: a file cannot be used; says which and why.
        MissingExtraError: what writes workbooks is not installed.
    """
    folder = Path(results)
    # Before anything is read: a name that means nothing is told at once.
    wanted = exporter(to)
    students = _students(folder, assignment, marks, solutions)
    matched, alone, rows = _matched(roster, students, tell)
    if matched is not None and to == "csv" and matched.decimal == ",":
        tell("the scores have a decimal comma, as the roster's own numbers have, or files with semicolons.")
    data = wanted.export(students, matched, column)
    path = Path(out) if out else folder / f"export-{to}.{wanted.ending}"
    write_whole(path, data)
    written = Exported(path, len(students) - len(alone), alone, rows)
    if feedback is None:
        return written
    names = [str(each) for each in Path(submissions).rglob("*")] if submissions else []
    zipped, left = feedback_zip(folder, students, to, matched, names)
    write_whole(Path(feedback), zipped)
    return replace(written, feedback=Path(feedback), pages=len(students) - len(left), without_page=tuple(left))


def _students(
    folder: Path, assignment: str | None, marks: str | Path | None, solutions: str | Path | None
) -> list[Recipient]:
    """The students of a folder of results, with the scores that follow from marks and rules."""
    records = Store(folder).records()
    course = course_at(solutions)
    given = read_marks(Path(marks) if marks else folder / MARKS)
    known = {part.name for record in records.values() for part in record.assignments}
    if assignment and assignment not in known:
        raise UsageError(f"no record has an assignment {assignment!r}; there are {', '.join(sorted(known))}")
    return people(finals(records.values(), given, course), assignment, course.reveal)


def _matched(
    roster: str | Path | None, students: Sequence[Recipient], tell: Callable[[str], None]
) -> tuple[Roster | None, tuple[str, ...], tuple[str, ...]]:
    """The roster with each student's row, and who and what is alone."""
    if roster is None:
        return None, (), ()
    matched, unmatched = match(read_roster(Path(roster), tell), students)
    return matched, unmatched.students, unmatched.rows
