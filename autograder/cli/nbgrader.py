"""`autograder nbgrader`: a course that nbgrader keeps the record of, graded by this package."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.options import GRADER_ERROR, INTERRUPTED, OK, USAGE, add_solutions, say, whole

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
    from autograder.errors import (
        CourseError,
        HandoutError,
        MarksError,
        MissingExtraError,
        ReportError,
        SandboxError,
        SolutionsError,
        StoreError,
        SubmissionsError,
    )
    from autograder.extras import needs

    try:
        needs("nbgrader", "nbgrader")
    except MissingExtraError as error:
        say(str(error))
        return USAGE
    if sys.platform != "linux":
        say(f"nbgrader's exchange and our sandbox need Linux; this is {sys.platform}.")
        return USAGE
    from autograder.errors import CourseExistsError, CourseFolderError, RecordingError, UsageError
    from autograder.integrations.nbgrader.fast_import import without_slow_grammar

    without_slow_grammar()

    steps = {"init": _init, "grade": _grade, "pull": _pull, "check": _check}
    wrong = (CourseError, CourseExistsError, HandoutError, MarksError, CourseFolderError, SolutionsError, StoreError)
    try:
        return steps[options.step](options)
    except (*wrong, SubmissionsError, UsageError) as error:
        say(str(error))
        return USAGE
    except (RecordingError, ReportError, SandboxError) as error:
        say(str(error))
        return GRADER_ERROR
    except OSError as error:
        say(f"{error.filename or options.course}: {error.strerror}")
        return USAGE
    except KeyboardInterrupt:
        say("stopped; what was graded is kept, and the same command goes on from there.")
        return INTERRUPTED


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
    for path in made.written:
        print(path)
    if made.kept:
        print(f"{len(made.kept)} files were there and are kept.")
    due = record_due_dates(options.course, solutions)
    if due:
        print(f"Due dates of {', '.join(due)} are in the gradebook.")
    names = sorted({path.parent.name for path in (*made.written, *made.kept) if path.suffix == ".ipynb"})
    print(f"Next, in {options.course}: nbgrader generate_assignment {names[0]}; nbgrader release_assignment {names[0]}")
    return OK


def _grade(options: argparse.Namespace) -> int:
    from autograder.cli.progress import Progress, print_summary
    from autograder.integrations.nbgrader.grade_course import grade_course

    with Progress() as progress:
        done = grade_course(
            options.course,
            assignments=options.assignment,
            jobs=options.jobs,
            force=options.force,
            begin=progress.begin,
            done=progress.done,
            recording=lambda names: say(f"nbgrader writes down {', '.join(names)}"),
        )
    print_summary(done.results)
    return _told(done)


def _told(done: "GradedCourse") -> int:
    from autograder.files.visible import visible

    print(f"nbgrader: {len(done.recorded.written)} submissions written into the gradebook; the others were up to date.")
    for assignment, student in done.recorded.failed[:MOST_NAMED]:
        say(f"{visible(student)}, {assignment}: not in the gradebook; what nbgrader said stands above.")
    if len(done.recorded.failed) > MOST_NAMED:
        say(f"and {len(done.recorded.failed) - MOST_NAMED} more")
    return GRADER_ERROR if done.recorded.failed or done.results.grader_errors else OK


def _pull(options: argparse.Namespace) -> int:
    from autograder.files.visible import visible
    from autograder.integrations.nbgrader.pull import pull

    found = pull(options.course)
    for note in found.notes:
        say(visible(note))
    back = f", {len(found.taken_back)} were taken back there" if found.taken_back else ""
    print(f"{len(found.marks)} marks are as in formgrader{back}; scores, pages and exports are up to date.")
    return OK


def _check(options: argparse.Namespace) -> int:
    from autograder.integrations.nbgrader.preconditions import problems

    found = list(problems(options.course))
    for problem in found:
        say(problem)
    if not found:
        print("No links, and the settings are safe.")
    return GRADER_ERROR if found else OK
