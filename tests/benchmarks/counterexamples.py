"""What counterexamples cost: `python -m tests.benchmarks.counterexamples`. Processor time, the least of some rounds."""

import time
from pathlib import Path

from autograder.course.solutions import find_solutions
from autograder.exam.exam import Exam, make_exam
from autograder.grading.counterexamples import Counterexamples
from autograder.grading.grader import Grader
from autograder.judging.verdicts import Verdict
from autograder.sandbox.canary import best_tier
from autograder.sandbox.fresh_slot import FreshSlot
from autograder.sandbox.slot import Slot
from autograder.submissions import Entry, Submission, read_submission
from tests.benchmarks.measuring import heading

SAMPLES = Path(__file__).parents[1] / "sample_class" / "submissions"
# From all right to all wrong; those that end by a time limit are measured in seconds by themselves.
STUDENTS = (
    "perfect_compact",
    "untouched_stub",
    "changes_arguments",
    "wrong_derivations",
    "naive_formulas",
    "wrong_shapes",
    "own_wrong_function",
    "mistakes_1",
    "mistakes_2",
    "hangs",
)
ROUNDS = 5


def once(grader: Grader, submission: Submission) -> tuple[float, int]:
    """Milliseconds of the processor, here and in the sandbox, and the number of failed checks."""
    started = time.process_time()
    result, cost = grader.grade(submission)
    spent = time.process_time() - started + cost.processor
    return 1000 * spent, sum(check.verdict not in (Verdict.PASSED, Verdict.UNGRADED) for check in result.checks)


def measured(exam: Exam) -> None:
    """One row a student: without, with, and the first time, when the cases themselves are made."""
    tier, _ = best_tier()
    fresh = FreshSlot(tier)
    try:
        with Slot(tier=tier) as slot:
            without, having = Grader(exam, slot), Grader(exam, slot, examples=Counterexamples(fresh))
            for name in STUDENTS:
                submission = read_submission(Entry(name, SAMPLES / name), exam.modules)
                first, failed = once(having, submission)
                pairs = [(once(without, submission)[0], once(having, submission)[0]) for _ in range(ROUNDS)]
                bare, more = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
                share = f"{100 * (more / bare - 1):+.0f} %"
                print(f"{name:<22}{failed:>8} failed{bare:>10.0f} ms{more:>10.0f} ms{share:>9}{first:>12.0f} at first")
    finally:
        fresh.close()


def main() -> None:
    """Print the table."""
    heading("Grading one submission of the sample class, without counterexamples and with them, in processor time")
    measured(make_exam(find_solutions()))


if __name__ == "__main__":
    main()
