"""`autograder check`: a student's own work against the public checks, offline and without the references."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.options import FOUND, whole
from autograder.errors import DONE

if TYPE_CHECKING:
    from autograder.cli.options import Verbs


def add(verbs: "Verbs") -> None:
    """The verb's grammar."""
    check = verbs.add_parser(
        "check",
        help="students: make the public checks of your work",
        description="Make the public checks of a module or notebook. Exit code: 0 where every function passes, "
        "1 where one fails or is not started, 2 where there is nothing to check.",
    )
    check.add_argument(
        "path",
        type=Path,
        nargs="?",
        default=Path(),
        metavar="FILE",
        help="a module, a notebook, or a folder (default: this folder)",
    )
    check.add_argument(
        "--seconds", type=whole, default=10, metavar="N", help="that one function may take (default: 10)"
    )
    check.add_argument("--json", action="store_true", help="print what came of it for programs")
    check.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check, and say of each function how it stands."""
    from autograder.students.check_terminal import as_json, console, print_report
    from autograder.students.own_folder import find_work
    from autograder.students.process import check_work

    out, reports = console(), []
    for work in find_work(options.path):
        report = check_work(work, options.seconds)
        reports.append(report)
        if not options.json:
            if len(reports) > 1:
                out.print()
            print_report(report, out)
    if options.json:
        print(as_json(reports))
    return DONE if all(report.passes for report in reports) else FOUND
