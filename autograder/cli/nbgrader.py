"""`autograder nbgrader`: a course that nbgrader keeps the record of, graded by this package."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.options import FOUND, add_solutions, say, whole
from autograder.errors import DONE, StoppedError, UngradedError, UsageError

if TYPE_CHECKING:
    from autograder.cli.options import Verbs
    from autograder.integrations.nbgrader.grade_course import GradedCourse

MOST_NAMED = 20


def add(verbs: "Verbs") -> None:
    """The verb's grammar."""
    top = verbs.add_parser(
        "nbgrader",
        help="keep a course's record with nbgrader",
        description="Make a course for nbgrader, grade what it collected, and bring marks from formgrader back.",
    )
    steps = top.add_subparsers(dest="step", required=True, metavar="STEP")
    init = steps.add_parser("init", help="make a course folder: settings and source notebooks")
    init.add_argument("--assignment", action="append", metavar="NAME", help="only this one (may be repeated)")
    init.add_argument("--course-id", default="", metavar="ID", help="nbgrader's name of the course (default: COURSE's)")
    init.add_argument("--exchange", type=Path, metavar="DIR", help="nbgrader's exchange (default: its own)")
    init.add_argument("--force", action="store_true", help="write source notebooks anew that were changed")
    add_solutions(init)
    grade = steps.add_parser("grade", help="grade what is new, in parallel, and let nbgrader write it down")
    grade.add_argument("--assignment", action="append", metavar="NAME", help="only this one (may be repeated)")
    grade.add_argument("--jobs", type=whole, metavar="N", help="worker processes (default: one per processor)")
    grade.add_argument("--force", action="store_true", help="also what is up to date")
    pull = steps.add_parser("pull", help="bring points and comments from formgrader into marks, pages and exports")
    check = steps.add_parser("check", help="look for links and for settings that are not safe; do so before collecting")
    for step in (init, grade, pull, check):
        step.add_argument("course", type=Path, metavar="COURSE", help="the course's folder")
    top.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do one step."""
    from autograder.extras import needs

    needs("nbgrader", "nbgrader")
    if sys.platform != "linux":
        raise UsageError(f"nbgrader's exchange and our sandbox need Linux; this is {sys.platform}.")
    from autograder.integrations.nbgrader.fast_import import without_slow_grammar

    without_slow_grammar()
    steps = {"init": _init, "grade": _grade, "pull": _pull, "check": _check}
    try:
        return steps[options.step](options)
    except KeyboardInterrupt:
        raise StoppedError("stopped; what was graded is kept, and the same command goes on from there.") from None


def _init(options: argparse.Namespace) -> int:
    from autograder.course.solutions import find_solutions
    from autograder.integrations.nbgrader.init_course import make_course, record_due_dates

    solutions = options.solutions or find_solutions()
    made = make_course(
        options.course,
        solutions,
        course_id=options.course_id,
        exchange=options.exchange.absolute() if options.exchange else None,
        names=options.assignment,
        force=options.force,
    )
    due = record_due_dates(options.course, solutions)
    for path in made.written:
        print(path)
    if made.kept:
        print(f"{len(made.kept)} files were there and are kept.")
    if due:
        print(f"Due dates of {', '.join(due)} are in the gradebook.")
    names = sorted({path.parent.name for path in (*made.written, *made.kept) if path.suffix == ".ipynb"})
    print(f"Next, in {options.course}: nbgrader generate_assignment {names[0]}; nbgrader release_assignment {names[0]}")
    return DONE


def _grade(options: argparse.Namespace) -> int:
    from autograder.cli.grade import refuse_ungraded
    from autograder.cli.progress import GradingProgress
    from autograder.cli.summary import print_summary
    from autograder.integrations.nbgrader.grade_course import grade_course

    with GradingProgress() as progress:
        done = grade_course(
            options.course,
            assignments=options.assignment,
            jobs=options.jobs,
            force=options.force,
            begin=progress.begin,
            done=progress.done,
            pages=progress.step("pages"),
            recording=lambda names: say(f"nbgrader writes down {', '.join(names)}"),
        )
    print_summary(done.results)
    _refuse_unrecorded(done)
    refuse_ungraded(done.results)
    return DONE


def _refuse_unrecorded(done: "GradedCourse") -> None:
    """Say how many submissions nbgrader wrote down.

    Raises:
        UngradedError: it could not write down some.
    """
    from autograder.files.visible import visible

    print(f"nbgrader: {len(done.recorded.written)} submissions written into the gradebook; the others were up to date.")
    failed = done.recorded.failed
    for each in failed[:MOST_NAMED]:
        say(f"{each.student}, {each.assignment}: {each.why or 'what nbgrader said of it stands above.'}")
    if failed:
        names = [f"{visible(each.student, keep='')}, {each.assignment}" for each in failed[:MOST_NAMED]]
        more = f"; and {len(failed) - MOST_NAMED} more" if len(failed) > MOST_NAMED else ""
        raise UngradedError(f"not in the gradebook, and without a score there: {'; '.join(names)}{more}.")


def _pull(options: argparse.Namespace) -> int:
    from autograder.cli.progress import ProgressBar
    from autograder.files.visible import visible
    from autograder.integrations.nbgrader.pull import pull

    with ProgressBar() as bar:
        found = pull(options.course, bar.step("pages"))
    for note in found.notes:
        say(visible(note))
    back = f", {len(found.taken_back)} were taken back there" if found.taken_back else ""
    print(f"{len(found.marks)} marks are as in formgrader{back}; scores, pages and exports are up to date.")
    return DONE


def _check(options: argparse.Namespace) -> int:
    from autograder.integrations.nbgrader.preconditions import problems

    found = list(problems(options.course))
    for problem in found:
        say(problem)
    if not found:
        print("No links, and the settings are safe.")
    return FOUND if found else DONE
