"""`autograder export`: scores and feedback in the form that a platform takes back."""

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.options import add_marks, add_solutions, say
from autograder.errors import DONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.cli.options import Verbs
    from autograder.exports.fitting import ChangedCell

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
    export.add_argument(
        "--no-scale", action="store_true", help="refuse a roster whose maximum is another one than ours"
    )
    export.add_argument("--dry-run", action="store_true", help="write nothing; show who would get what")
    add_marks(export)
    add_solutions(export)
    export.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the files, and say who did not match."""
    from autograder.exports.export import export

    made = export(
        options.results,
        options.to,
        out=options.out,
        roster=options.roster,
        assignment=options.assignment,
        column=options.column,
        feedback=options.feedback,
        submissions=options.submissions,
        marks=options.marks,
        solutions=options.solutions,
        scale=not options.no_scale,
        dry_run=options.dry_run,
    )
    for note in made.notes:
        say(note)
    _name_them("students without a row in the roster, who are left out", made.without_row)
    _name_them("rows of the roster without a student", made.rows_without_student)
    _name_them("students with points, of whom the platform says that nothing was handed in", made.unsubmitted)
    _tell_cells(made.cells, options.dry_run)
    would = "" if made.is_written else "would be "
    print(f"{made.students} students {would}in {made.path}")
    if made.feedback is not None:
        print(f"{made.pages} pages {would}in {made.feedback}")
        _name_them("students whose page is not in the zip, since nothing says who they are there", made.without_page)
    return DONE


def _tell_cells(cells: "Sequence[ChangedCell]", every: bool) -> None:
    """What the platform holds now and what it would hold: counts, and in a dry run each student."""
    from autograder.files.visible import visible

    counts = Counter(cell.what for cell in cells)
    if every and cells:
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table()
        for name in ("student", "their row", "column", "now", "then", ""):
            table.add_column(name, justify="right" if name in ("now", "then") else "left")
        for cell in cells:
            texts = (cell.student, cell.row, cell.title, cell.before, cell.after)
            table.add_row(*(Text(visible(text, keep="")) for text in texts), cell.what)
        Console().print(table)
    if cells:
        said = {"new": "new", "changed": "changed", "same": "as they are", "only there": "there, and not here"}
        print("scores: " + ", ".join(f"{counts[what]} {words}" for what, words in said.items() if counts[what]))


def _name_them(what: str, names: "Sequence[str]") -> None:
    from autograder.files.visible import visible

    if names:
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        say(f"{len(names)} {what}: {'; '.join(visible(name, keep='') for name in names[:MOST_NAMED])}{more}")
