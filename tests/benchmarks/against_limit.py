"""What grading costs beside the submission's own calls, made in a warm process that isolates nothing."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.course.solutions import find_solutions
from autograder.exam.exam import Exam, make_exam
from autograder.grading.plan import load_course
from autograder.grading.workers import Run, Worker
from autograder.sandbox.canary import best_tier
from autograder.submissions import Entry, read_submission
from tests.benchmarks.measuring import Cost, heading, line, rounds
from tests.benchmarks.own_calls import make_call
from tests.benchmarks.peers import build

RIGHT = Path(__file__).parents[1] / "sample_class" / "submissions" / "perfect_compact"
TIMES, MILLISECONDS = 1.5, 8.0


def pure(exam: Exam, folder: Path) -> Callable[[], Cost]:
    """Every call that the exam makes, of the submission's own code, in this process."""
    calls: list[tuple[Any, str, Any]] = []
    for part in exam.parts:
        namespace: dict[str, Any] = {}
        exec(next(folder.rglob(f"{part.module}.py")).read_text(), namespace)  # our own file
        calls += [(namespace[q.function], mode, arguments) for q in part.questions for mode, arguments in q.calls]

    def measure() -> Cost:
        wall, processor = time.perf_counter(), time.process_time()
        for function, mode, arguments in calls:
            make_call(function, mode, arguments)
        return Cost(time.perf_counter() - wall, time.process_time() - processor, 0.0)

    return measure


def graded(worker: Worker, exam: Exam, folder: Path) -> Callable[[], Cost]:
    """The same submission read, run and judged, in a warm slot with every layer of isolation that works here."""
    wanted = {part.name: tuple(question.function for question in part.questions) for part in exam.parts}
    entry = Entry("right", folder)

    def measure() -> Cost:
        wall, processor = time.perf_counter(), time.process_time()
        record, cost = worker.record("right", wanted, lambda: read_submission(entry, worker.run.loaded.modules))
        assert record.score, f"it is right, and has points: {record.grader_error}"
        return Cost(time.perf_counter() - wall, time.process_time() - processor + cost.processor, 0.0)

    return measure


def main(folder: Path, *, quick: bool) -> None:
    """Print this part of the table."""
    tier, _ = best_tier()
    heading(f"(b) Against the limit: the calls alone in a warm process, and all of grading, tier {tier}")
    sys.dont_write_bytecode = True
    peers = build.modules(folder / "limit", 1)[0]
    for name, solutions, submission in (
        ("whole exam", find_solutions(), RIGHT),
        ("peers' assignment", build.OWN, peers),
    ):
        loaded = load_course(solutions, None, None, None)
        exam = make_exam(solutions)
        worker = Worker(Run(loaded, exam, None, tier))
        both = rounds(5 if quick else 20, {"pure": pure(exam, submission), "graded": graded(worker, exam, submission)})
        worker.close()
        calls = sum(len(question.calls) for part in exam.parts for question in part.questions)
        for kind in ("wall", "processor"):
            alone, all_of_it = (1000 * getattr(both[key], kind) for key in ("pure", "graded"))
            allowed = TIMES * alone + MILLISECONDS
            line(
                f"{name}, {calls} calls, {kind}",
                f"{alone:.1f} ms, graded {all_of_it:.1f} ms",
                f"{all_of_it / alone:.2f} times",
                f"at most {TIMES} times + {MILLISECONDS:.0f} ms: {allowed:.1f}",
                all_of_it <= allowed,
            )
