"""The command `autograder`. Each verb imports what it needs when it runs, so that `--help` answers at once."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import __version__

if TYPE_CHECKING:
    pass

OK, GRADER_ERROR, USAGE, INTERRUPTED = 0, 1, 2, 130


def _whole(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 on")
    return value


def _seed(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("a seed is a whole number from 0 on")
    return value


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    top = argparse.ArgumentParser(prog="autograder", description="Grades numerical and machine-learning coursework.")
    top.add_argument("--version", action="version", version=f"autograder {__version__}")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")

    grade = verbs.add_parser(
        "grade", help="grade a folder of submissions", description="Grade every student in a folder."
    )
    grade.add_argument(
        "submissions", type=Path, metavar="SUBMISSIONS", help="a folder; each folder or zip in it is a student"
    )
    grade.add_argument("--out", type=Path, required=True, metavar="DIR", help="where records, scores and pages go")
    grade.add_argument("--assignment", action="append", metavar="NAME", help="grade only this one (may be repeated)")
    grade.add_argument("--jobs", type=_whole, metavar="N", help="worker processes (default: one per processor)")
    grade.add_argument("--seed", type=_seed, metavar="S", help="in place of the course's secret seed")
    grade.add_argument(
        "--solutions", type=Path, metavar="DIR", help="the references (default: the nearest `solutions`)"
    )
    grade.add_argument(
        "--isolation", choices=["A", "A-", "B", "none"], help="tier of isolation (default: the best that works here)"
    )
    grade.set_defaults(run=run_grade)

    doctor = verbs.add_parser(
        "doctor",
        help="show how submissions are isolated here",
        description="Try every layer of isolation, and say what to install.",
    )
    doctor.set_defaults(run=run_doctor)

    handout = verbs.add_parser(
        "handout", help="make what students receive", description="Make the students' folders from the references."
    )
    handout.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder of assignments to write")
    handout.add_argument(
        "--solutions", type=Path, metavar="DIR", help="the references (default: the nearest `solutions`)"
    )
    handout.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 where DIR has drifted or leaks an answer"
    )
    handout.set_defaults(run=run_handout)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code: 0 done, 1 grader error, 2 wrong usage."""
    options = parser().parse_args(arguments)
    return int(options.run(options))


def _say(message: str) -> None:
    print(f"autograder: {message}", file=sys.stderr)


def needs_linux(options: argparse.Namespace) -> str:
    """What to do on other systems: one command, with the folders of this one."""
    here, out = options.submissions.absolute(), options.out.absolute()
    return (
        f"grading needs Linux, whose kernel isolates submissions; this is {sys.platform}. In the course's folder:\n"
        "  podman build -t autograder . && podman run --rm --network none "
        f"-v {here}:/in:ro -v {out}:/out -v ./solutions:/solutions:ro autograder "
        "grade /in --out /out --solutions /solutions\n"
        "(docker takes the same arguments). Students' `pytest` runs everywhere."
    )


def run_grade(options: argparse.Namespace) -> int:
    """`autograder grade`."""
    if sys.platform != "linux":
        _say(needs_linux(options))
        return USAGE
    from autograder.course import CourseError
    from autograder.grading import UsageError, grade
    from autograder.progress import Progress, print_summary
    from autograder.sandbox.slot import SandboxError
    from autograder.solutions import SolutionsError
    from autograder.submissions import SubmissionsError

    progress = Progress()
    try:
        with progress:
            results = grade(
                options.submissions,
                options.out,
                assignments=options.assignment,
                jobs=options.jobs,
                seed=options.seed,
                solutions=options.solutions,
                isolation=options.isolation,
                begin=progress.begin,
                done=progress.done,
            )
    except (UsageError, SubmissionsError, CourseError, SolutionsError) as error:
        _say(str(error))
        return USAGE
    except SandboxError as error:
        _say(str(error))
        return GRADER_ERROR
    except KeyboardInterrupt:
        _say(f"stopped. {progress.count} of {progress.total} records are whole in {options.out / 'results'}.")
        return INTERRUPTED
    print_summary(results)
    return GRADER_ERROR if results.grader_errors else OK


def run_doctor(_: argparse.Namespace) -> int:
    """`autograder doctor`."""
    if sys.platform != "linux":
        _say(f"isolation needs Linux; this is {sys.platform}. Students' `pytest` runs everywhere.")
        return USAGE
    from autograder.doctor import examine, print_examination

    return OK if print_examination(examine()) else GRADER_ERROR


def run_handout(options: argparse.Namespace) -> int:
    """`autograder handout`."""
    from autograder.handout import HandoutError, drift, leaks, make_handout
    from autograder.solutions import SolutionsError, find_solutions

    try:
        solutions = options.solutions or find_solutions()
        if not options.check:
            make_handout(solutions, options.out)
        problems = [*drift(solutions, options.out), *leaks(solutions, options.out)]
    except (HandoutError, SolutionsError, OSError) as error:
        _say(str(error))
        return USAGE
    for problem in problems:
        _say(problem)
    return GRADER_ERROR if problems else OK


if __name__ == "__main__":
    sys.exit(main())
