"""Writes the scores of a folder of results, and its feedback, in the form that a platform takes back."""

from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course.solutions import course_at
from autograder.errors import UsageError
from autograder.exports import exporter
from autograder.exports.feedback_zip import feedback_zip
from autograder.files.writing import write_whole
from autograder.gradebook.final import finals
from autograder.gradebook.journal import read_marks
from autograder.gradebook.marks_file import MARKS
from autograder.gradebook.people import Recipient, people
from autograder.gradebook.roster import Unmatched, match, read_roster
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
        notes: on the roster and its numbers, for a person.
    """

    path: Path
    students: int
    without_row: tuple[str, ...] = ()
    rows_without_student: tuple[str, ...] = ()
    feedback: Path | None = None
    pages: int = 0
    without_page: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


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
) -> Exported:
    """Write scores in the columns that a platform's importer reads, and feedback as the zip that it takes.

    Args:
        results: the folder that `grade` wrote.
        to: "moodle", "canvas", "gradescope", "nbgrader", "csv", "xlsx", or what another package adds.
        out: the file to write; default: `export-PLATFORM.*` in `results`.
        roster: the platform's own list or gradebook, as CSV.
        assignment: the score of this one in place of all, or of the total.
        column: the platform's name of the column to fill.
        feedback: a zip of the feedback pages to write, too.
        submissions: what Canvas gave out, whose file names `feedback` needs there.
        marks: the file of marks given by people; default: `marks.csv` in `results`, where there is one.
        solutions: the folder with the course's rules; default: the nearest `solutions`.

    Raises:
        UsageError: there is no such platform or assignment.
        RecordsError, MarksError, RosterError, CourseError, SolutionsError: a file cannot be used; says which and why.
        MissingExtraError: what writes workbooks is not installed.
    """
    # Before anything is read: a name that means nothing is told at once.
    wanted, folder, notes = exporter(to), Path(results), list[str]()
    students = _students(folder, assignment, marks, solutions)
    matched, unmatched = None, Unmatched((), ())
    if roster is not None:
        matched, unmatched = match(read_roster(Path(roster), notes.append), students)
        if to == "csv" and matched.decimal == ",":
            notes.append("the scores have a decimal comma, as the roster's own numbers have, or files with semicolons.")
    data = wanted.export(students, matched, column)
    path = Path(out) if out else folder / f"export-{to}.{wanted.ending}"
    write_whole(path, data)
    in_it = len(students) - len(unmatched.students)
    written = Exported(path, in_it, unmatched.students, unmatched.rows, notes=tuple(notes))
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
