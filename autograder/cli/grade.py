"""`autograder grade`: a folder of submissions to records, scores and pages."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.options import add_marks, add_solutions, say, seed, whole
from autograder.errors import DONE, StoppedError, UngradedError, UsageError

if TYPE_CHECKING:
    from autograder.cli.options import Verbs
    from autograder.grading.run import Results
    from autograder.grading.workers import Backend
    from autograder.records.record import Result

# Ours, as in autograder.submissions.layouts, which is not imported for `--help`; a test holds them together. Other
# packages may add some.
LAYOUTS = (
    *("auto", "blackboard", "brightspace", "canvas", "classroom", "gradescope", "moodle", "nbgrader", "plain"),
    *("sakai", "teams"),
)

MOST_NAMED = 20


def add(verbs: "Verbs") -> None:
    """The verb's grammar."""
    grade = verbs.add_parser(
        "grade", help="grade a folder of submissions", description="Grade every student in a folder."
    )
    grade.add_argument(
        "submissions",
        type=Path,
        metavar="SUBMISSIONS",
        help="a folder with a folder or zip per student, or what a platform hands out, unpacked or not",
    )
    grade.add_argument("--out", type=Path, required=True, metavar="DIR", help="where records, scores and pages go")
    grade.add_argument("--assignment", action="append", metavar="NAME", help="grade only this one (may be repeated)")
    grade.add_argument("--jobs", type=whole, metavar="N", help="worker processes (default: one per processor)")
    where = grade.add_mutually_exclusive_group()
    where.add_argument("--scheduler", metavar="ADDRESS", help="grade on a Dask cluster, tcp://HOST:PORT or tls://...")
    where.add_argument("--dask-local", type=whole, metavar="N", help="grade on N Dask workers of this machine")
    grade.add_argument("--seed", type=seed, metavar="S", help="in place of the course's secret seed")
    add_solutions(grade)
    grade.add_argument(
        "--isolation", choices=["A", "A-", "B", "none"], help="tier of isolation (default: the best that works here)"
    )
    grade.add_argument(
        "--layout",
        default="auto",
        metavar="NAME",
        help=f"how SUBMISSIONS is laid out: {', '.join(LAYOUTS)} (default: what it looks like)",
    )
    grade.add_argument(
        "--groups", type=Path, metavar="CSV", help="group,student: who is in a group, if the platform does not say"
    )
    grade.add_argument("--student", action="append", metavar="NAME", help="grade only this one (may be repeated)")
    grade.add_argument("--function", action="append", metavar="NAME", help="grade only this one (may be repeated)")
    grade.add_argument("--force", action="store_true", help="grade also what is up to date")
    add_marks(grade)
    grade.set_defaults(run=run)


def needs_linux(options: argparse.Namespace) -> str:
    """What to do on other systems: one command, with the folders of this one."""
    here, out = options.submissions.absolute(), options.out.absolute()
    return (
        f"grading needs Linux, whose kernel isolates submissions; this is {sys.platform}. In the course's folder:\n"
        "  podman build -t autograder . && podman run --rm --network none "
        f"-v {here}:/in:ro -v {out}:/out -v ./solutions:/solutions:ro autograder "
        "grade /in --out /out --solutions /solutions\n"
        "(docker takes the same arguments). Students' `autograder check` runs everywhere."
    )


def _place(options: argparse.Namespace) -> "Backend | None":
    """Where to grade: None for the worker processes of this machine.

    Raises:
        MissingExtraError: Dask is wanted and is not installed.
    """
    if options.scheduler is None and options.dask_local is None:
        return None
    from autograder.integrations.dask.backend import DaskBackend

    return DaskBackend(options.scheduler, options.dask_local, tell=say)


def run(options: argparse.Namespace) -> int:
    """Grade, and say what a person must know."""
    if sys.platform != "linux":
        raise UsageError(needs_linux(options))
    from autograder.cli.progress import GradingProgress
    from autograder.cli.summary import print_summary
    from autograder.grading.run import grade

    progress = GradingProgress()
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
                layout=options.layout,
                groups=options.groups,
                students=options.student,
                functions=options.function,
                force=options.force,
                marks=options.marks,
                place=_place(options),
                begin=progress.begin,
                done=progress.done,
                pages=progress.step("pages"),
            )
    except KeyboardInterrupt:
        kept = f"{progress.count} of {progress.total} records are whole in {options.out / 'results'}"
        raise StoppedError(f"stopped. {kept}; the same command goes on from there.") from None
    print_summary(results)
    refuse_ungraded(results)
    return DONE


def refuse_ungraded(results: "Results") -> None:
    """See to it that what has no score is told, and in the exit code too.

    Raises:
        UngradedError: the grader itself failed on a check; names the students, and the checks where some have a score.
    """
    from autograder.files.visible import visible

    found = [f"{visible(record.student, keep='')}{checks}" for record in results if (checks := _ungraded(record))]
    if found:
        more = f"; and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
        raise UngradedError(
            f"the grader failed on {len(found)} of {len(results)} students, whose checks have no score: "
            f"{'; '.join(found[:MOST_NAMED])}{more}."
        )


def _ungraded(record: "Result") -> str:
    """What of a record the grader failed on, in brackets; empty where it did not."""
    from autograder.judging.verdicts import Verdict

    asked = [(a, q, c) for a in record.assignments for q in a.questions for c in q.checks if not q.written]
    failed = [f"{a.name}.{q.function}.{c.name}" for a, q, c in asked if c.verdict is Verdict.GRADER_ERROR]
    if not failed:
        return " (every check)" if record.score is None else ""
    return " (every check)" if len(failed) == len(asked) else f" ({', '.join(failed)})"
