"""Known mistakes: how many there are, and that right work is never told of one. The audit tries each of them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder.exam.exam import Part, Question, make_exam
from autograder.grading.known_mistakes import KnownOutcomes
from autograder.grading.line_mistakes import LineMistakes
from autograder.judging.diagnosis import NOTHING, TOO_MUCH, Observed, agrees, diagnose
from autograder.sandbox.answers import Ended, Raised, Returned
from autograder.sandbox.inside.wire import pack, unpack
from tests.repository import SOLUTIONS

EXAM = make_exam(SOLUTIONS)
KNOWN = KnownOutcomes()
# To know what each mistake gives takes a while.
QUICK = ("a3_kl_normal",)
QUESTIONS = [
    pytest.param(part, question, id=question.function, marks=() if part.name in QUICK else pytest.mark.slow)
    for part in EXAM.parts
    for question in part.questions
]


def observed_of_right(question: Question) -> list[Observed]:
    """The telling cases of a function, each answered with what is right."""
    right = [[Returned(unpack(pack(case.expected))) for case in check.cases] for check in question.checks]
    pairs = zip(question.checks, right, strict=True)
    return [seen for check, answers in pairs for seen in check.check.kind.observed(check, answers)]


@pytest.mark.parametrize(("part", "question"), QUESTIONS)
def test_right_work_is_never_told_of_a_mistake(part: Part, question: Question) -> None:
    assert diagnose(observed_of_right(question), KNOWN.of(question)) is None, (
        f"{part.name}.{question.function} is right"
    )


def test_there_are_enough_of_them() -> None:
    questions = [question for part in EXAM.parts for question in part.questions]
    count = sum(len(question.mistakes) for question in questions)
    assert count >= 120, f"{count} known mistakes"
    for question in questions:
        # Training's mistakes are outcomes.
        if question.function != "fit":
            assert len(question.mistakes) >= 3, f"{question.function} has {len(question.mistakes)} known mistakes"
        assert all(mistake.function == question.function for mistake in question.mistakes), f"{question.function}"
        assert all(mistake.hint.strip() for mistake in question.mistakes), f"{question.function}: a hint each"


DERIVATIONS = [
    pytest.param(question, id=question.function)
    for part in EXAM.parts
    for question in part.questions
    if question.checks[0].check.kind.has_lines
]


def lines_of(question: Question, lines: Sequence[tuple[str, Callable[..., Any]]]) -> list[Returned]:
    """The answer of a derivation, as the sandbox evaluates it."""
    (check,) = question.checks
    with np.errstate(all="ignore"):
        value = [[relation, [["ok", step(*case.arguments)] for case in check.cases]] for relation, step in lines]
    return [Returned(value)]


@pytest.mark.parametrize("question", DERIVATIONS)
def test_a_derivation_with_a_known_mistake_is_told_of_it_whatever_else_stands_in_it(question: Question) -> None:
    lines = LineMistakes()
    assert len(question.mistakes) >= 3, f"{question.function} has known mistakes"
    for mistake in question.mistakes:
        own = mistake.call()
        # The first line once more, and the relations in another spelling.
        longer = [own[0], ("==", own[0][1]), *own[1:]]
        for made in (own, longer):
            found = lines.diagnosed(question, lines_of(question, made))
            assert found is not None and found.mistakes == (mistake.name,), f"{mistake.name}: {found}"


@pytest.mark.parametrize("question", DERIVATIONS)
def test_a_derivation_that_is_wrong_otherwise_is_told_of_no_mistake(question: Question) -> None:
    lines = LineMistakes()
    assert lines.diagnosed(question, [Returned(None)]) is None, "no lines are no mistake that is known"
    own = question.mistakes[0].call()
    other = [own[0], ("=", lambda *case: np.asarray(own[0][1](*case)) + 17.0), ("=", own[-1][1])]
    assert lines.diagnosed(question, lines_of(question, other)) is None, "another line is at fault"


def test_what_runs_out_of_memory_on_one_machine_only_tells_nothing() -> None:
    (question,) = [q for part in EXAM.parts for q in part.questions if q.function == "kl_factorized"]
    cases = [case for case in observed_of_right(question) if case.expected is not NOTHING]
    ran_out = Raised(("MemoryError", "Exception"), "")
    values = [case.expected for case in cases]

    def with_first(answer: Returned | Raised | Ended, value: object) -> bool:
        return agrees([value, *values[1:]], [replace(cases[0], answer=answer), *cases[1:]])

    assert with_first(ran_out, TOO_MUCH), "both run out on one case, and agree on all others"
    assert not with_first(ran_out, values[0]), "only the submission runs out: nothing tells that it is this mistake"
    assert not with_first(Returned(values[0]), TOO_MUCH), "only the mistake runs out: the submission may be right"
    everywhere = [replace(case, answer=ran_out) for case in cases]
    assert not agrees([TOO_MUCH] * len(cases), everywhere), "a submission that always runs out may be any mistake"
    assert not with_first(ran_out, NOTHING), "another exception is not the want of memory"
