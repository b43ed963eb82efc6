"""What the sandbox costs: `python -m tests.benchmarks.sandbox`. The fewest of many rounds, and what judges them."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from autograder.course.solutions import find_solutions
from autograder.exam.exam import Exam, make_exam
from autograder.grading.grader import Grader
from autograder.grading.run import grade
from autograder.sandbox.call_plan import CallPlan, QuestionCalls
from autograder.sandbox.canary import works
from autograder.sandbox.slot import Slot
from autograder.sandbox.tiers import Tier
from autograder.submissions import Entry, read_submission
from tests.benchmarks.own_calls import make_call

RIGHT = Path(__file__).parents[1] / "sample_class" / "submissions" / "perfect_compact"
ROUNDS = 60


def timed(action: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The fewest milliseconds of an action: what it costs where nothing else runs on the machine."""
    action()
    found = []
    for _ in range(rounds):
        started = time.perf_counter()
        action()
        found.append(1000.0 * (time.perf_counter() - started))
    return min(found)


def layers() -> dict[Tier, float]:
    """One fork that answers one trivial call, in each tier that works here."""
    found = {}
    for tier in (Tier.NONE, Tier.C, Tier.B, Tier.A_MINUS, Tier.A):
        if works(tier):
            continue
        plan = CallPlan([QuestionCalls("f", [("call", [])], 1.0)])
        with Slot(tier=tier) as slot:
            found[tier] = timed(partial(slot.run, plan, {"f.py": b"f = int\n"}, "f"), 200)
    return found


def pure_calls(exam: Exam) -> float:
    """Every call that the exam makes, of the submission's own code, in this warm process."""
    sys.dont_write_bytecode = True
    calls: list[tuple[Any, str, Any]] = []
    for part in exam.parts:
        namespace: dict[str, Any] = {}
        exec((RIGHT / part.name / f"{part.module}.py").read_text(), namespace)  # our own file
        for question in part.questions:
            function = namespace[question.function]
            for mode, arguments in question.calls:
                calls.append((function, mode, arguments))

    def run() -> None:
        for function, mode, arguments in calls:
            make_call(function, mode, arguments)

    return timed(run, 20)


def graded(exam: Exam, tier: Tier) -> float:
    """The same submission read, run and judged, in a warm slot."""
    with Slot(tier=tier) as slot:
        grader = Grader(exam, slot)
        entry = Entry("right", RIGHT)
        return timed(lambda: grader.grade(read_submission(entry, exam.modules)), 20)


def throughput(jobs: int, count: int = 60) -> float:
    """Submissions a second with this many slots."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            target = Path(folder) / "class" / f"student{number:03}"
            target.parent.mkdir(exist_ok=True)
            target.mkdir()
            for source in RIGHT.glob("*/*.py"):
                (target / source.name).write_bytes(source.read_bytes())
        first: list[float] = []

        def done(finished: int, total: int, record: object) -> None:
            # The start of the workers is not what is measured.
            if finished == 2:
                first.append(time.perf_counter())

        grade(Path(folder) / "class", Path(folder) / "out", jobs=jobs, done=done)
        return (count - 2) / (time.perf_counter() - first[0])


def main() -> None:
    """Print the table."""
    exam = make_exam(find_solutions())
    fresh = timed(lambda: subprocess.run([sys.executable, "-c", "import numpy"], check=True), 9)
    by_tier = layers()
    bare = by_tier[Tier.NONE]
    print(f"{'a fresh interpreter with NumPy':45}{fresh:9.2f} ms")
    for tier, milliseconds in by_tier.items():
        name = "a bare fork, one call" if tier is Tier.NONE else f"tier {tier}"
        print(f"{name:45}{milliseconds:9.2f} ms{milliseconds - bare:+9.2f} ms over the bare fork")
    best = list(by_tier)[-1]
    pure, whole = pure_calls(exam), graded(exam, best)
    print(f"{'the calls of a right submission, warm process':45}{pure:9.2f} ms")
    allowed = 1.5 * pure + 8.0
    print(
        f"{f'the same submission graded, tier {best}':45}{whole:9.2f} ms  (1.5 times the calls + 8 ms: {allowed:.2f})"
    )
    one, two = throughput(1), throughput(2)
    print(f"{'submissions a second, one slot':45}{one:9.2f}")
    print(f"{'submissions a second, two slots':45}{two:9.2f}  {two / one:.2f} times one")


if __name__ == "__main__":
    main()
