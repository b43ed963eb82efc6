"""Records without grading, for the tests and benchmarks of pages."""

import random
from collections.abc import Sequence

from msgspec.structs import replace

from autograder.judging.verdicts import Verdict
from autograder.records.record import AssignmentResult, CheckResult, QuestionResult, Result


def check(name: str, points: float, most: float = 1.0, verdict: Verdict | None = None, **more: object) -> CheckResult:
    """A check with so many points."""
    found = verdict or (Verdict.PASSED if points == most else Verdict.FAILED)
    return replace(CheckResult(name, f"Title of {name}", found, points, most), **more)


def question(function: str, checks: Sequence[CheckResult], **more: object) -> QuestionResult:
    """A function with these checks."""
    score, most = sum(c.points for c in checks), sum(c.max_points for c in checks)
    return replace(QuestionResult(function, score, most, tuple(checks)), **more)


def record(student: str, questions: Sequence[QuestionResult], **more: object) -> Result:
    """A student with one assignment."""
    score, most = sum(q.score for q in questions), sum(q.max_score for q in questions)
    assignment = AssignmentResult("a1_first", "The first", score, most, tuple(questions))
    return replace(Result(student, score, most, (assignment,)), **more)


def random_class(count: int, seed: int = 0) -> list[Result]:
    """A class of three functions: `easy` and `hard` follow one ability, `noise` follows nothing."""
    rng = random.Random(seed)
    records = []
    for number in range(count):
        able = rng.random()
        points = {
            "easy": float(able > 0.2),
            "hard": float(able > 0.8),
            "noise": float(rng.random() > 0.5),
        }
        records.append(record(f"student{number:04}", [question(f, [check("c", p)]) for f, p in points.items()]))
    return records
