"""`autograder handout`: what students receive, made from the references."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.options import FOUND, add_solutions, say
from autograder.errors import DONE, UsageError

if TYPE_CHECKING:
    from autograder.cli.options import Verbs


def add(verbs: "Verbs") -> None:
    """The verb's grammar."""
    handout = verbs.add_parser(
        "handout", help="make what students receive", description="Make the students' folders from the references."
    )
    handout.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder of assignments to write")
    add_solutions(handout)
    handout.add_argument("--zip", action="store_true", help="write one zip an assignment to DIR instead of the folders")
    handout.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 where DIR has drifted or leaks an answer"
    )
    handout.add_argument(
        "--otter",
        type=Path,
        nargs="?",
        const=Path("otter-masters"),
        metavar="MASTERS",
        help="write a master for `otter assign` per assignment to this folder, too; it holds solutions: staff only",
    )
    handout.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Make the folders or zips, or check the folders for drift and leaks."""
    if options.otter and (options.zip or options.check):
        raise UsageError("--otter writes masters beside folders: give it without --zip and --check.")
    if options.otter and options.otter.resolve().is_relative_to(options.out.resolve()):
        raise UsageError(f"the masters hold solutions, and {options.out} is for students: give --otter another folder.")
    if options.zip and options.check:
        raise UsageError(
            "--zip writes and --check only looks: give one of them. Every zip is looked through before it is written."
        )
    from autograder.cli.progress import ProgressBar
    from autograder.course.solutions import find_solutions
    from autograder.handout import drift, handouts_of, leaks, make_handout, not_listed, pack_handout

    solutions = options.solutions or find_solutions()
    written: list[Path] = []
    if options.zip:
        with ProgressBar() as bar:
            written = pack_handout(solutions, options.out, bar.tell)
    elif not options.check:
        make_handout(solutions, options.out)
    if options.otter:
        # A bridge: imported only where it is asked for.
        from autograder.integrations.otter.master import write_masters

        written = write_masters(solutions, options.otter)
    problems = [] if options.zip else [*drift(solutions, options.out), *leaks(solutions, options.out)]
    if options.check:
        problems += not_listed(solutions, handouts_of(solutions))
    for problem in problems:
        say(problem)
    for path in written:
        print(path)
    return FOUND if problems else DONE
