"""One submission from a program that goes on running, beside its own calls: `python -m tests.benchmarks.library`."""

import argparse
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from autograder import GradedSubmission, WarmGrader
from autograder.course.solutions import find_solutions
from autograder.exam.exam import make_exam
from tests.benchmarks.against_limit import RIGHT, pure
from tests.benchmarks.measuring import Cost, heading, line, rounds

ASSIGNMENTS = ("a1_noisy_labels", "a2_kl_factorized", "a3_kl_normal", "a4_smooth_ap")


def graded(grader: WarmGrader, files: Mapping[str, bytes]) -> tuple[Cost, GradedSubmission]:
    """What one submission costs by the wall, from the call to the record."""
    started = time.perf_counter()
    found = grader.grade(files)
    seconds = time.perf_counter() - started
    assert found.score, f"it is right, and has points: {found.record.grader_error}"
    return Cost(seconds, seconds, 0.0), found


def main(*, quick: bool) -> None:
    """Print the table: how long the grader takes to be made, the first submission, and each after it."""
    heading("(f) A warm grader: one submission by the wall, beside its own calls in a warm process")
    sys.dont_write_bytecode = True
    solutions = find_solutions()
    for name in ASSIGNMENTS:
        exam = make_exam(solutions, [name])
        (part,) = exam.parts
        files = {f"{part.module}.py": (Path(RIGHT) / name / f"{part.module}.py").read_bytes()}
        started = time.perf_counter()
        with WarmGrader(solutions, assignments=[name]) as grader:
            made = time.perf_counter() - started
            first, found = graded(grader, files)
            contestants = {"pure": pure(exam, RIGHT), "graded": lambda: graded(grader, files)[0]}  # noqa: B023
            best = rounds(5 if quick else 30, contestants)
        alone, each = (1000 * best[key].wall for key in ("pure", "graded"))
        calls = sum(len(question.calls) for question in part.questions)
        line(
            f"{name}, {calls} calls, tier {found.tier}",
            f"{each:.1f} ms, its calls {alone:.1f} ms",
            f"{each / alone:.2f} times; {each - alone:+.1f} ms",
            f"made in {made:.1f} s, the first {1000 * first.wall:.0f} ms",
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.library", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    main(quick=parser.parse_args().quick)
