"""Work that is right on top of the submission's own wrong work earns half and is told so; nothing else does."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autograder.course.solutions import load_solutions
from autograder.errors import SolutionsError
from autograder.exam.exam import Exam, make_exam
from autograder.exam.foundations import Foundation, UnknownCallError, key
from autograder.grading.grader import Grader
from autograder.judging.verdicts import Verdict
from autograder.records.record import QuestionResult, Result
from autograder.sandbox.canary import best_tier
from autograder.sandbox.slot import Slot
from autograder.submissions import Submission, Work
from tests.repository import SOLUTIONS

KL_IN_BITS = """
right_kl = kl
def kl(q, p):
    return right_kl(q, p) / np.log(2.0)
"""
HALF_OF_ITSELF = """
def smooth_ap(d_pos, d_neg, tau):
    rank = lambda d: _sigmoid((d_pos[:, None] - d[None, :]) / tau).sum(axis=1)
    return float(1.0 - np.mean(rank(d_neg) / (rank(d_neg) + rank(d_pos))))
"""
MEAN_OVER_ALL_ROWS = """
right_map = smooth_map
def smooth_map(embeddings, labels, tau):
    return 0.5 * right_map(embeddings, labels, tau)
"""
LIKELIHOOD_IN_BITS = """
right_likelihood, right_slope = log_likelihood, log_likelihood_grad
def log_likelihood(logits, labels, eps):
    return right_likelihood(logits, labels, eps) / np.log(2.0)
def log_likelihood_grad(logits, labels, eps):
    return right_slope(logits, labels, eps) / np.log(2.0)
"""
RAISES = """
def kl(q, p):
    raise KeyError("kl")
"""


@pytest.fixture(scope="module")
def exam() -> Exam:
    return make_exam(SOLUTIONS)


@pytest.fixture(scope="module")
def grader(exam: Exam) -> Iterator[Grader]:
    with Slot(tier=best_tier()[0]) as slot:
        yield Grader(exam, slot)


def marked(grader: Grader, assignment: str, module: str, more: str, less: str = "") -> dict[str, QuestionResult]:
    """The questions of a submission that is the reference, with wrong functions after it."""
    source = (SOLUTIONS / assignment / f"{module}.py").read_text()
    assert not less or less in source, f"{less} is to be changed"
    work = Work(f"{module}.py", module, {f"{module}.py": (source.replace(less, "") + more).encode()})
    result: Result = grader.grade(Submission("anna", {assignment: work}, dict.fromkeys(grader.exam.modules, "none")))[0]
    (found,) = [part for part in result.assignments if part.name == assignment]
    return {question.function: question for question in found.questions}


def told(question: QuestionResult) -> list[str]:
    """The briefs of the checks that earned half."""
    return [check.brief for check in question.checks if 0 < check.points < check.max_points]


def valued(question: QuestionResult) -> list[Verdict]:
    return [check.verdict for check in question.checks if "Error" not in check.title]


@pytest.mark.parametrize(
    ("assignment", "module", "more", "wrong", "on_top"),
    [
        ("a2_kl_factorized", "kl_factorized", KL_IN_BITS, ["kl"], "kl_factorized"),
        pytest.param("a4_smooth_ap", "smooth_ap", HALF_OF_ITSELF, ["smooth_ap"], "smooth_map", marks=pytest.mark.slow),
        pytest.param(
            "a1_noisy_labels",
            "noisy_labels",
            LIKELIHOOD_IN_BITS,
            ["log_likelihood", "log_likelihood_grad"],
            "mlp_objective",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_right_on_top_of_wrong_earns_half_and_says_so(
    grader: Grader, assignment: str, module: str, more: str, wrong: list[str], on_top: str
) -> None:
    questions = marked(grader, assignment, module, more)
    for function in wrong:
        assert questions[function].score < questions[function].max_score, f"{function} is wrong: {questions[function]}"
    above = questions[on_top]
    assert above.max_score / 2 <= above.score < above.max_score, f"{on_top} earns half: {above.score}"
    assert told(above), "and says so"
    for brief in told(above):
        assert "as follow-through" in brief, f"it is said why: {brief}"
    named = [brief for brief in told(above) if all(function in brief for function in wrong)]
    assert named, f"it is said on top of what: {told(above)}"


def test_wrong_on_top_of_right_earns_nothing_more(grader: Grader) -> None:
    question = marked(grader, "a4_smooth_ap", "smooth_ap", MEAN_OVER_ALL_ROWS)["smooth_map"]
    assert not told(question), f"smooth_ap is right, so nothing follows: {told(question)}"


def test_wrong_on_top_of_wrong_earns_nothing_more(grader: Grader) -> None:
    question = marked(grader, "a4_smooth_ap", "smooth_ap", HALF_OF_ITSELF + MEAN_OVER_ALL_ROWS)["smooth_map"]
    assert not told(question), f"smooth_map is wrong on its own account too: {told(question)}"


def test_a_function_below_that_raises_gives_nothing_to_follow(grader: Grader) -> None:
    question = marked(grader, "a2_kl_factorized", "kl_factorized", RAISES)["kl_factorized"]
    assert Verdict.RAISED in valued(question), "kl_factorized raises what kl raises"
    assert not told(question), f"no value came back: {told(question)}"


def test_a_reference_can_be_run_on_others_values() -> None:
    (solution,) = load_solutions(SOLUTIONS, ["a2_kl_factorized"])
    foundation = Foundation(solution.reference, ("kl",))
    q, p = [np.array([0.5, 0.5]), np.array([0.25, 0.75])], [np.array([0.5, 0.5]), np.array([0.5, 0.5])]
    calls = list(foundation.calls("kl_factorized", (q, p)))
    assert [name for name, _ in calls] == ["kl", "kl"], f"one call a component: {calls}"
    known = {key(name, arguments): float(number) for number, (name, arguments) in enumerate(calls, start=1)}
    assert foundation.value("kl_factorized", (q, p), known) == 3.0, "the sum of the values that were given, 1 and 2"
    with pytest.raises(UnknownCallError):
        foundation.value("kl_factorized", (q, p), {})
    assert solution.reference.kl_factorized(q, p) != 3.0, "the reference itself is as before"


def test_what_is_declared_must_be_true(tmp_path: Path) -> None:
    shutil.copytree(SOLUTIONS, tmp_path / "solutions")
    questions = tmp_path / "solutions" / "a2_kl_factorized" / "questions.py"
    questions.write_text(questions.read_text().replace('builds_on("kl_factorized", "kl")', 'builds_on("kl", "joint")'))
    with pytest.raises(SolutionsError, match="its reference does not call joint"):
        make_exam(tmp_path / "solutions", ["a2_kl_factorized"])
