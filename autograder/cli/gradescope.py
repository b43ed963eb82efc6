"""`autograder gradescope build`: the zip that makes Gradescope grade with this engine."""

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.options import add_solutions
from autograder.errors import DONE

if TYPE_CHECKING:
    from autograder.cli.options import Verbs

# As in autograder.exports.results_json, which is not imported for `--help`; a test holds them together.
VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")


def _version(text: str) -> str:
    if not re.fullmatch(r"3\.(1[1-9]|[2-9]\d)", text):
        raise argparse.ArgumentTypeError(f"{text} is not a version of Python from 3.11 on, such as 3.12")
    return text


def add(verbs: "Verbs") -> None:
    """The verb's grammar."""
    gradescope = verbs.add_parser(
        "gradescope", help="let Gradescope grade with this engine", description="Make what Gradescope runs."
    )
    actions = gradescope.add_subparsers(dest="action", required=True, metavar="ACTION")
    build = actions.add_parser(
        "build",
        help="make the autograder's zip",
        description="Make the zip for Configure Autograder. It holds the references and the secret seed: staff only.",
    )
    build.add_argument("--out", type=Path, default=Path("autograder.zip"), metavar="ZIP", help="what to write")
    build.add_argument("--assignment", action="append", metavar="NAME", help="grade only this one (may be repeated)")
    add_solutions(build)
    build.add_argument(
        "--vendor-wheels", action="store_true", help="pack all packages, so that setting it up needs no network"
    )
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    build.add_argument(
        "--python", type=_version, metavar="X.Y", default=here, help=f"the version that wheels are for ({here})"
    )
    build.add_argument(
        "--requirements", type=Path, metavar="FILE", help="pinned packages that the references need beside NumPy"
    )
    build.add_argument(
        "--hidden-checks", choices=VISIBILITIES, default="after_published", help="when students see hidden checks"
    )
    build.add_argument("--no-public-checks", action="store_true", help="do not make the public checks as well")
    build.add_argument("--leaderboard", action="store_true", help="show all scores to all students")
    build.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Make the zip, and say what to enter on Gradescope."""
    from autograder.course.settings import read_course
    from autograder.course.solutions import find_solutions
    from autograder.exports.results_json import Visibility
    from autograder.integrations.gradescope.build import build
    from autograder.integrations.gradescope.zip_settings import Settings
    from autograder.records.record import points

    settings = Settings((), Visibility(options.hidden_checks), options.leaderboard, public=not options.no_public_checks)
    wheels_for = options.python if options.vendor_wheels else None
    solutions = options.solutions or find_solutions()
    course = read_course(solutions / "course.toml")
    built = build(solutions, options.out, options.assignment, settings, options.requirements, wheels_for)
    size = options.out.stat().st_size
    wheels = f", with {len(built.wheels)} wheels for Python {options.python}" if built.wheels else ""
    print(f"{options.out}: {size:,} bytes{wheels}")
    print(f"Autograder points: {points(built.points)}. Written answers: {points(built.written)}, for manual grading.")
    print(f"Students see what reveal = {str(course.reveal)!r} allows; hidden checks: {options.hidden_checks}.")
    print("It holds the references and the seed: for staff only.")
    return DONE
