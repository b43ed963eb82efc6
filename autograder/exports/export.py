"""Writes the scores of a folder of results, and its feedback, in the form that a platform takes back."""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course.solutions import course_at
from autograder.errors import UsageError
from autograder.exports import exporter
from autograder.exports.feedback_zip import feedback_zip
from autograder.exports.fitting import ChangedCell, changed_cells, columns, fitted, without_submission
from autograder.files.writing import write_whole
from autograder.gradebook.final import finals
from autograder.gradebook.journal import read_marks
from autograder.gradebook.marks_file import MARKS
from autograder.gradebook.people import Recipient, people
from autograder.gradebook.roster import Roster, Unmatched, match, read_roster
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
        cells: of a roster, what each student's cells held and what they are to hold.
        unsubmitted: students who have points, while the platform says that nothing was handed in.
        is_written: whether anything was written; not in a dry run.
    """

    path: Path
    students: int
    without_row: tuple[str, ...] = ()
    rows_without_student: tuple[str, ...] = ()
    feedback: Path | None = None
    pages: int = 0
    without_page: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    cells: tuple[ChangedCell, ...] = ()
    unsubmitted: tuple[str, ...] = ()
    is_written: bool = True


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
    scale: bool = True,
    dry_run: bool = False,
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
        submissions: what Canvas gave out, as a folder or its zip, whose file names `feedback` needs there.
        marks: the file of marks given by people; default: `marks.csv` in `results`, where there is one.
        solutions: the folder with the course's rules; default: the nearest `solutions`.
        scale: multiplies scores so that our maximum is the roster's, where that is another one, and says so; otherwise
            such a roster is refused.
        dry_run: writes nothing.

    Raises:
        UsageError: there is no such platform, assignment or column; or another maximum, and `scale` is off.
        RecordsError, MarksError, RosterError, CourseError, SolutionsError: a file cannot be used; says which and why.
        MissingExtraError: what writes workbooks is not installed.
    """
    # Before anything is read: a name that means nothing is told at once.
    wanted, folder, notes = exporter(to), Path(results), list[str]()
    students = _students(folder, assignment, marks, solutions)
    there = _OnPlatform(students)
    if roster is not None:
        there = _on_platform(to, students, read_roster(Path(roster), notes.append), column, scale, notes)
    data = wanted.export(there.students, there.roster, column)
    path = Path(out) if out else folder / f"export-{to}.{wanted.ending}"
    written = Exported(
        path,
        len(students) - len(there.unmatched.students),
        there.unmatched.students,
        there.unmatched.rows,
        notes=tuple(notes),
        cells=there.cells,
        unsubmitted=there.unsubmitted,
        is_written=not dry_run,
    )
    if not dry_run:
        write_whole(path, data)
    return written if feedback is None else _with_pages(written, folder, to, there, Path(feedback), submissions)


def _with_pages(
    written: Exported, folder: Path, to: str, there: "_OnPlatform", feedback: Path, submissions: str | Path | None
) -> Exported:
    """Write the zip of pages, too."""
    names = _given_out(Path(submissions)) if submissions else []
    zipped, left = feedback_zip(folder, there.students, to, there.roster, names)
    if written.is_written:
        write_whole(feedback, zipped)
    return replace(written, feedback=feedback, pages=len(there.students) - len(left), without_page=tuple(left))


def _given_out(path: Path) -> list[str]:
    """The names of the files that a platform gave out, in a folder or still in its zip.

    Raises:
        UsageError: it is neither.
    """
    if path.is_dir():
        return [str(each) for each in path.rglob("*")]
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except (OSError, zipfile.BadZipFile) as error:
        raise UsageError(f"--submissions {path}: it is no folder, and no zip that can be read ({error})") from error


NONE_UNMATCHED = Unmatched((), ())


@dataclass(frozen=True, slots=True)
class _OnPlatform:
    """The students as the platform has them: with scores of its maxima, matched with its table."""

    students: Sequence[Recipient]
    roster: Roster | None = None
    unmatched: Unmatched = NONE_UNMATCHED
    cells: tuple[ChangedCell, ...] = ()
    unsubmitted: tuple[str, ...] = ()


def _on_platform(
    to: str, students: Sequence[Recipient], roster: Roster, column: str, scale: bool, notes: list[str]
) -> _OnPlatform:
    """Match students with the platform's table, and fit their scores to it; notes are added to."""
    matched, unmatched = match(roster, students)
    filled, told = columns(to, students, matched, column)
    scaled, more = fitted(to, students, filled, scale=scale)
    notes += [*told, *more]
    if to == "csv" and matched.decimal == ",":
        notes.append("the scores have a decimal comma, as the roster's own numbers have, or files with semicolons.")
    cells, unsubmitted = changed_cells(scaled, matched, filled), without_submission(scaled, matched)
    return _OnPlatform(scaled, matched, unmatched, tuple(cells), tuple(unsubmitted))


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
