"""Every known mistake loses points in its function, is diagnosed as itself, and is never told of right work."""

from pathlib import Path

import numpy as np
import pytest

from autograder.authoring import Mistake
from autograder.exam import Case, Exam, Part, Question, make_exam
from autograder.judging.diagnosis import NOTHING, diagnose
from autograder.judging.judge import judge
from autograder.mistaken import Known, outcome
from autograder.sandbox.answers import Answer, Missing, Raised, Returned
from autograder.sandbox.inside.wire import pack, unpack
from autograder.solutions import load_solutions

SOLUTIONS = Path(__file__).parents[1] / "solutions"
EXAM = make_exam(SOLUTIONS)
KNOWN = Known()
REFERENCES = {solution.assignment.name: solution.reference for solution in load_solutions(SOLUTIONS)}
QUESTIONS = [(part, question) for part in EXAM.parts for question in part.questions]
MISTAKES = [
    pytest.param(question, mistake, id=f"{question.function}-{mistake.name}")
    for _, question in QUESTIONS
    for mistake in question.mistakes
]


def answers_of(question: Question, mistake: Mistake) -> list[Answer]:
    """What a function gives to the calls of a question, as it would arrive from the sandbox."""
    found: list[Answer] = []
    for check in question.checks:
        for mode, arguments in check.calls:
            if mode == "steps":
                found.append(Missing())
                continue
            value = outcome(mistake, Case(arguments))
            if value is NOTHING:
                found.append(Raised(("ValueError", "Exception"), ""))
            else:
                sent = unpack(pack(value))
                found.append(Returned([sent, arguments] if mode == "arguments" else sent))
    return found


@pytest.mark.parametrize(("question", "mistake"), MISTAKES)
def test_a_mistake_loses_points_and_is_diagnosed_as_itself(question: Question, mistake: Mistake) -> None:
    with np.errstate(all="ignore"):
        answers = question.by_check(answers_of(question, mistake))
    judged = [judge(question, check, own) for check, own in zip(question.checks, answers, strict=True)]
    assert any(found.share < 1.0 for found in judged), "a known mistake must lose points"
    diagnosis = diagnose(question, answers, KNOWN.of(question))
    assert diagnosis is not None, "a known mistake must be recognised"
    assert mistake.name in diagnosis.mistakes, f"it must be recognised as itself: {diagnosis}"
    assert len(diagnosis.mistakes) == 1, f"the cases must tell it from the others: {diagnosis.mistakes}"


@pytest.mark.parametrize(("part", "question"), QUESTIONS, ids=[f"{q.function}" for _, q in QUESTIONS])
def test_right_work_is_never_told_of_a_mistake(part: Part, question: Question) -> None:
    reference = getattr(REFERENCES[part.name], question.function)
    right = question.by_check(answers_of(question, Mistake("right", question.function, "", reference)))
    assert diagnose(question, right, KNOWN.of(question)) is None, f"{part.name}.{question.function} is right"


def test_there_are_enough_of_them() -> None:
    assert len(MISTAKES) >= 120, f"{len(MISTAKES)} known mistakes"
    for _, question in QUESTIONS:
        # A derivation's mistakes are broken links, which the judge names itself; training's are outcomes.
        if not question.function.endswith("_derivation") and question.function != "fit":
            assert len(question.mistakes) >= 3, f"{question.function} has {len(question.mistakes)} known mistakes"


def test_the_exam_holds_mistakes_of_its_own_functions_only() -> None:
    assert isinstance(EXAM, Exam)
    for _, question in QUESTIONS:
        assert all(mistake.function == question.function for mistake in question.mistakes), f"{question.function}"
