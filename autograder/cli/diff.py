"""`autograder diff`: whose score changes between two folders of results, or if a class were graded again."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.options import add_marks, add_solutions, seed, whole
from autograder.errors import DONE, UsageError

if TYPE_CHECKING:
    from autograder.cli.options import Verbs
    from autograder.gradebook.changes import Diff


def add(verbs: "Verbs") -> None:
    """The verb's grammar."""
    diff = verbs.add_parser(
        "diff",
        help="show whose score changes, in which check, and why",
        description="Compare two folders of results; or, with --against, a folder with what grading again would give.",
    )
    diff.add_argument("old", type=Path, metavar="OLD", help="a folder that `grade` wrote")
    diff.add_argument("new", type=Path, nargs="?", metavar="NEW", help="another one")
    diff.add_argument(
        "--against", type=Path, metavar="SUBMISSIONS", help="grade these as things stand now, and publish nothing"
    )
    diff.add_argument("--json", action="store_true", help="print JSON")
    diff.add_argument("--assignment", action="append", metavar="NAME", help="with --against: only this one")
    diff.add_argument("--jobs", type=whole, metavar="N", help="with --against: worker processes")
    diff.add_argument("--seed", type=seed, metavar="S", help="with --against: in place of the course's secret seed")
    diff.add_argument("--isolation", choices=["A", "A-", "B", "none"], help="with --against: tier of isolation")
    add_marks(diff)
    add_solutions(diff)
    diff.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Compare, and show."""
    if (options.new is None) == (options.against is None):
        raise UsageError("give two folders of results, or one and --against SUBMISSIONS")
    found = _against(options) if options.against else _two(options)
    if options.json:
        import msgspec

        print(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    else:
        from autograder.cli.summary import print_diff

        print_diff(found)
    return DONE


def _two(options: argparse.Namespace) -> "Diff":
    from autograder.gradebook.changes import compare

    return compare(options.old, options.new, marks=options.marks, solutions=options.solutions)


def _against(options: argparse.Namespace) -> "Diff":
    from autograder.cli.progress import GradingProgress
    from autograder.grading.preview import preview

    with GradingProgress() as progress:
        return preview(
            options.old,
            options.against,
            assignments=options.assignment,
            jobs=options.jobs,
            seed=options.seed,
            solutions=options.solutions,
            isolation=options.isolation,
            marks=options.marks,
            begin=progress.begin,
            done=progress.done,
        )
