"""`autograder export`: scores and feedback in the form that a platform takes back."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.options import add_marks, add_solutions, say
from autograder.errors import DONE, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.cli.options import Verbs

MOST_NAMED = 20
# Ours, as in autograder.exports, which is not imported for `--help`; a test holds them together.
FORMATS = ("moodle", "canvas", "gradescope", "nbgrader", "csv", "xlsx")


def add(verbs: "Verbs") -> None:
    """The verb's grammar."""
    export = verbs.add_parser(
        "export",
        help="write scores and feedback for a platform",
        description="Write scores in the columns that a platform's importer reads, and feedback as the zip it takes.",
    )
    export.add_argument("results", type=Path, metavar="DIR", help="the folder that `grade` wrote")
    export.add_argument(
        "--to",
        required=True,
        metavar="PLATFORM",
        help=f"the platform or format: {', '.join(FORMATS)}, or what another package adds",
    )
    export.add_argument("--roster", type=Path, metavar="FILE", help="the platform's own list or gradebook, as CSV")
    export.add_argument("--out", type=Path, metavar="FILE", help="what to write (default: DIR/export-PLATFORM.*)")
    export.add_argument("--assignment", metavar="NAME", help="the score of this one in place of all, or of the total")
    export.add_argument("--column", metavar="TITLE", default="", help="the platform's name of the column to fill")
    export.add_argument("--feedback", type=Path, metavar="ZIP", help="write the feedback pages as a zip, too")
    export.add_argument(
        "--submissions", type=Path, metavar="DIR", help="what Canvas gave out: its file names are needed for --feedback"
    )
    add_marks(export)
    add_solutions(export)
    export.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the files, and say who did not match."""
    from autograder.course.settings import read_course
    from autograder.course.solutions import find_solutions
    from autograder.exports import exporter
    from autograder.exports.feedback_zip import feedback_zip
    from autograder.files.writing import write_whole
    from autograder.gradebook.final import finals
    from autograder.gradebook.marks_file import MARKS, read_marks
    from autograder.gradebook.people import people
    from autograder.gradebook.roster import match, read_roster
    from autograder.records.store import Store

    # Before anything is read: a name that means nothing is told at once.
    wanted = exporter(options.to)
    records = Store(options.results).records()
    course = read_course((options.solutions or find_solutions()) / "course.toml")
    marks = read_marks(options.marks or options.results / MARKS)
    known = {assignment.name for record in records.values() for assignment in record.assignments}
    if options.assignment and options.assignment not in known:
        raise UsageError(f"no record has an assignment {options.assignment!r}; there are {', '.join(sorted(known))}")
    students = people(finals(records.values(), marks, course), options.assignment, course.reveal)
    roster = read_roster(options.roster) if options.roster else None
    alone: Sequence[str] = ()
    if roster is not None:
        roster, unmatched = match(roster, students)
        alone = unmatched.students
        _name_them("students without a row in the roster, who are left out", alone)
        _name_them("rows of the roster without a student", unmatched.rows)
    data = wanted.export(students, roster, options.column)
    out = options.out or options.results / f"export-{options.to}.{wanted.ending}"
    write_whole(out, data)
    print(f"{len(students) - len(alone)} students in {out}")
    if options.feedback:
        names = [str(path) for path in options.submissions.rglob("*")] if options.submissions else []
        zipped, left = feedback_zip(options.results, students, options.to, roster, names)
        write_whole(options.feedback, zipped)
        print(f"{len(students) - len(left)} pages in {options.feedback}")
        _name_them("students whose page is not in the zip, since nothing says who they are there", left)
    return DONE


def _name_them(what: str, names: "Sequence[str]") -> None:
    from autograder.files.visible import visible

    if names:
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        say(f"{len(names)} {what}: {'; '.join(visible(name, keep='') for name in names[:MOST_NAMED])}{more}")
