"""`autograder similar`: pairs of submissions that are alike, as places to look."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.options import add_solutions, can_be_folder
from autograder.errors import DONE

if TYPE_CHECKING:
    from autograder.cli.options import Verbs

MOST_PRINTED = 10


def add(verbs: "Verbs") -> None:
    """The verb's grammar."""
    similar = verbs.add_parser(
        "similar",
        help="show pairs of submissions that are alike, as places to look",
        description="Compare all submissions of a class with copydetect. Nothing follows from it but a page to read.",
    )
    similar.add_argument("submissions", type=Path, metavar="SUBMISSIONS", help="as for `grade`")
    similar.add_argument("--out", type=Path, default=Path("similar"), metavar="DIR", help="for the page (similar)")
    similar.add_argument("--assignment", action="append", metavar="NAME", help="only this one (may be repeated)")
    similar.add_argument(
        "--least", type=_share, default=0.5, metavar="S", help="share to show a pair from, 0 to 1 (0.5)"
    )
    add_solutions(similar)
    similar.set_defaults(run=run)


def _share(text: str) -> float:
    value = float(text)
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not a share, above 0 and up to 1")
    return value


def run(options: argparse.Namespace) -> int:
    """Compare, write the page, and print the first pairs."""
    from autograder.cli.progress import ProgressBar, plain
    from autograder.course.settings import read_course
    from autograder.course.solutions import find_solutions
    from autograder.extras import needs
    from autograder.files.writing import write_whole
    from autograder.similarity.compare import similar
    from autograder.similarity.page import similar_page
    from autograder.submissions import list_entries

    needs("copydetect", "similar")
    can_be_folder(options.out)
    solutions = options.solutions or find_solutions()
    course = read_course(solutions / "course.toml")
    entries = list_entries(options.submissions).entries
    with ProgressBar() as bar:
        found = similar(solutions, entries, options.assignment, options.least, bar.tell)
    page = similar_page(found, course.title, options.least)
    write_whole(options.out / "similar.html", page.encode("utf-8", "backslashreplace"))
    for pair in found[:MOST_PRINTED]:
        one, two = (f"{100 * share:.0f} %" for share in pair.shares)
        print(f"{pair.assignment}: {plain(pair.students[0])} ({one}) and {plain(pair.students[1])} ({two})")
    print(f"{len(found)} pairs to look at: {options.out / 'similar.html'}")
    return DONE
