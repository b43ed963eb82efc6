"""`autograder audit`: whether the grader passes right work, fails wrong work, and names mistakes."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.options import FOUND, add_solutions, can_be_folder, whole
from autograder.errors import DONE, StoppedError, UsageError

if TYPE_CHECKING:
    from autograder.cli.options import Verbs


def add(verbs: "Verbs") -> None:
    """The verb's grammar."""
    audit = verbs.add_parser(
        "audit",
        help="measure how good the grader is",
        description="Try the grader on right work, known mistakes and mutants; exit 1 where it is not good enough.",
    )
    audit.add_argument("--assignment", action="append", metavar="NAME", help="audit only this one (may be repeated)")
    audit.add_argument("--jobs", type=whole, metavar="N", help="worker processes (default: one per processor)")
    audit.add_argument("--seeds", type=whole, metavar="N", help="in place of the number in audit.toml")
    audit.add_argument("--without-mutants", action="store_true", help="leave out the mutants: a quick look")
    audit.add_argument("--json", type=Path, metavar="FILE", help="write all findings there")
    audit.add_argument("--all", action="store_true", help="list everything, also checks that catch nothing alone")
    add_solutions(audit)
    audit.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Audit, and tell what was found."""
    if sys.platform != "linux":
        raise UsageError(f"an audit grades, which needs Linux; this is {sys.platform}.")
    import msgspec

    from autograder.audit.audit import audit
    from autograder.audit.report import as_json, print_findings
    from autograder.audit.standards import read_standards
    from autograder.cli.progress import ProgressBar
    from autograder.course.solutions import find_solutions
    from autograder.files.writing import write_whole
    from autograder.grading.run import choose_tier

    if options.json:
        can_be_folder(options.json.parent)
        if options.json.is_dir():
            raise UsageError(f"--json {options.json}: it is a folder, and must be a file. Name another path.")
    solutions = options.solutions or find_solutions()
    standards = read_standards(solutions)
    if options.seeds:
        fewer = min(options.seeds, standards.power_seeds)
        standards = msgspec.structs.replace(standards, seeds=options.seeds, power_seeds=fewer)
    try:
        with ProgressBar() as bar:
            found = audit(
                solutions,
                choose_tier(None, {"the folder of references": solutions}),
                assignments=options.assignment,
                jobs=options.jobs,
                with_mutants=not options.without_mutants,
                standards=standards,
                tell=bar.tell,
            )
    except KeyboardInterrupt:
        raise StoppedError("stopped; an audit keeps nothing.") from None
    if options.json:
        write_whole(options.json, as_json(found))
    print_findings(found, everything=options.all)
    return FOUND if found.problems else DONE
