"""Records made up for tests of the gradebook: no submission is run for them."""

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from autograder.course.settings import Course
from autograder.judging.tolerance import Tolerance
from autograder.judging.verdicts import Verdict
from autograder.records.record import AssignmentResult, CheckResult, QuestionResult, Result

DUE = datetime(2023, 6, 12, 20, 0, tzinfo=UTC)
TOLERANCES = dict.fromkeys(("value", "derivation", "differences"), Tolerance(1e-9, 1e-12))
PASSED, FAILED, UNGRADED = Verdict.PASSED, Verdict.FAILED, Verdict.UNGRADED


def settings(**given: object) -> Course:
    return Course(**{"seed": 1, "tolerances": TOLERANCES, **given})  # type: ignore[arg-type]


def check(name: str, points: float, most: float, verdict: Verdict | None = None) -> CheckResult:
    return CheckResult(name, f"Is {name}", verdict or (PASSED if points == most else FAILED), points, most)


def function(name: str, *checks: CheckResult, exam: str = "x", engine: str = "e") -> QuestionResult:
    score, most = sum(each.points for each in checks), sum(each.max_points for each in checks)
    return QuestionResult(name, score, most, checks, exam=exam, engine=engine)


def written(name: str, *points: float) -> QuestionResult:
    """A written answer that waits for a person: a criterion for each of these points."""
    criteria = tuple(check(f"criterion_{n}", 0.0, most, UNGRADED) for n, most in enumerate(points, start=1))
    return QuestionResult(name, 0.0, sum(points), criteria, written=True)


def assignment(name: str, *questions: QuestionResult, **given: Any) -> AssignmentResult:
    score, most = sum(each.score for each in questions), sum(each.max_score for each in questions)
    made = AssignmentResult(name, name.upper(), score, most, questions, file="f.py", submission="s", answers="Because.")
    return replace(made, **given)


def record(*assignments: AssignmentResult, student: str = "anna", **given: Any) -> Result:
    score, most = sum(each.score for each in assignments), sum(each.max_score for each in assignments)
    return replace(Result(student, score, most, assignments), **given)


def scored(name: str, score: float, most: float, **given: Any) -> AssignmentResult:
    """An assignment of one function."""
    return assignment(name, function("f", check("values", score, most)), **given)
