"""One submission in a slot, for tests."""

import pytest

from autograder.sandbox.answers import Answer, SubmissionAnswers
from autograder.sandbox.call_plan import CallPlan, QuestionCalls
from autograder.sandbox.slot import Slot
from autograder.sandbox.tiers import Tier

# For what waits until a limit ends it: quick in the first tier, and tried in the others with the slow tests.
waiting = pytest.mark.parametrize(
    "slot",
    [pytest.param(tier, marks=() if tier is Tier.A else pytest.mark.slow) for tier in Tier],
    indirect=True,
    scope="module",
)


def sit(slot: Slot, source: str, *questions: QuestionCalls, files: dict[str, bytes] | None = None) -> SubmissionAnswers:
    plan = CallPlan(questions)
    try:
        return slot.run(plan, {"work.py": source.encode(), **(files or {})}, "work")
    finally:
        plan.close()


def ask(slot: Slot, source: str, *arguments: object, mode: str = "call", seconds: float = 5.0) -> Answer:
    run = sit(slot, source, QuestionCalls("f", [(mode, list(arguments))], seconds))
    return run.answers[0][0]
