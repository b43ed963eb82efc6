"""`autograder check`: a student's own work against the public checks, offline and without the references."""

import argparse
import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.options import FOUND, whole
from autograder.errors import DONE, OwnFolderError, UsageError

if TYPE_CHECKING:
    from autograder.cli.options import Verbs
    from autograder.students.own_folder import AssignmentFolder


def add(verbs: "Verbs") -> None:
    """The verb's grammar."""
    check = verbs.add_parser(
        "check",
        help="students: make the public checks of your work",
        description="Make the public checks of a module or notebook, or of some of its functions. Exit code: 0 where "
        "every function passes, 1 where one fails or is not started, 2 where there is nothing to check.",
    )
    check.add_argument(
        "names",
        type=Path,
        nargs="*",
        default=[Path()],
        metavar="FILE|FUNCTION",
        help="a module, a notebook or a folder (default: this folder), and functions to check alone (default: all)",
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

    path, only = _asked(options.names)
    try:
        works = find_work(path)
    except OwnFolderError as error:
        if only and path == Path():
            raise OwnFolderError(f"{only[0]} is no file here, and no function: {error}") from None
        raise
    if only:
        works = _with_functions(works, only)
    out, reports = console(), []
    for work in works:
        report = check_work(work, options.seconds, only)
        reports.append(report)
        if not options.json:
            if len(reports) > 1:
                out.print()
            print_report(report, out)
    if options.json:
        print(as_json(reports))
    return DONE if all(report.passes for report in reports) else FOUND


def _asked(names: Sequence[Path]) -> tuple[Path, list[str]]:
    """The file or folder, and the functions: a name that is one of Python's and no file here is a function's.

    Raises:
        UsageError: two files are named.
    """
    functions = [str(name) for name in names if str(name).isidentifier() and not name.exists()]
    paths = [name for name in names if str(name) not in functions]
    if len(paths) > 1:
        raise UsageError(f"{paths[0]} and {paths[1]} are two files: check one, or the folder that holds both.")
    return (paths[0] if paths else Path()), functions


def _with_functions(works: "Sequence[AssignmentFolder]", only: Sequence[str]) -> "list[AssignmentFolder]":
    """The works that are asked for one of these functions.

    Raises:
        UsageError: nobody asks for one of them, and there is no such file.
    """
    asked = [function for work in works for function in work.functions]
    for name in only:
        if name not in asked:
            near = difflib.get_close_matches(name, asked, n=1, cutoff=0.6)
            hint = f"{near[0]} is there: was it meant?" if near else f"Functions are {', '.join(asked)}."
            raise UsageError(f"{name} is neither a file here nor a function that has public checks. {hint}")
    return [work for work in works if not set(only).isdisjoint(work.functions)]
