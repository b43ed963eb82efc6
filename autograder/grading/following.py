"""Follow-through: asks a submission's own functions once more, where another one may be right on top of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.authoring.declarations import Gradient
from autograder.exam.exam import ExamCheck, Part, Question
from autograder.exam.foundations import Arguments, Foundation, copied, key
from autograder.judging.follow_through import judge_gradient_of_own, judge_on_own, may_build
from autograder.judging.judgements import Judgement
from autograder.judging.tolerance import Tolerance
from autograder.judging.values import in_form
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Answer, Returned

# Makes calls of one function of the submission, within the limits of a question; None where it cannot be imported.
Ask = Callable[[str, Sequence[tuple[str, Any]], Question], Sequence[Answer] | None]


@dataclass(frozen=True, slots=True)
class AnsweredPart:
    """A part that was sat: the questions, the answers to each, and the judgements, which following may better."""

    part: Part
    answers: Sequence[Sequence[Answer]]
    judged: list[list[Judgement]]

    def failed(self, function: str) -> bool:
        """Whether a check of the function failed."""
        return any(
            found.verdict is not Verdict.PASSED
            for question, judged in zip(self.part.questions, self.judged, strict=True)
            if question.function == function
            for found in judged
        )


class FoundationCalls:
    """The calls that references make of each other on the exam's cases: the same for all, so found once and kept."""

    def __init__(self) -> None:
        self._found: dict[int, tuple[ExamCheck, list[tuple[bytes, str, Arguments, Any]]]] = {}

    def of(
        self, question: Question, foundation: Foundation, check: ExamCheck
    ) -> list[tuple[bytes, str, Arguments, Any]]:
        """For each call that a check's cases lead to: its key, the function's name, the arguments, what is right."""
        kept = self._found.get(id(check))
        if kept is None:
            calls = {
                key(name, arguments): (name, arguments)
                for case in check.cases
                for name, arguments in foundation.calls(question.function, case.arguments)
            }
            found = [
                (called, name, arguments, getattr(foundation.reference, name)(*copied(arguments)))
                for called, (name, arguments) in calls.items()
            ]
            # The check is kept too, so that its id stays its own.
            kept = self._found[id(check)] = (check, found)
        return kept[1]


def follow(sat: AnsweredPart, ask: Ask, differences: Tolerance, built: FoundationCalls) -> None:
    """Better the judgements of what is wrong only because it builds on the submission's own wrong functions.

    Args:
        sat: its judgements are replaced in place.
        ask: makes further calls of the submission.
        differences: the tolerance of central differences.
        built: of the exam.
    """
    for number, question in enumerate(sat.part.questions):
        by_check = question.by_check(sat.answers[number])
        for place, check in enumerate(question.checks):
            if sat.judged[number][place].verdict is Verdict.FAILED and isinstance(check.check.kind, Gradient):
                kind = check.check.kind
                calls = [("call", call) for case in check.cases for probe in case.probes for call in probe.calls]
                told = ask(kind.of, calls, question)
                if told is not None:
                    sat.judged[number][place] = judge_gradient_of_own(
                        check, sat.judged[number][place], by_check[place], check.by_probe(told), differences
                    )
        _follow_foundation(sat, number, ask, built)


def _follow_foundation(sat: AnsweredPart, number: int, ask: Ask, built: FoundationCalls) -> None:
    """Judge a question's failed checks again, against what its reference gives on the submission's own functions."""
    question, foundation = sat.part.questions[number], sat.part.questions[number].foundation
    wrong = [name for name in foundation.functions if sat.failed(name)] if foundation is not None else []
    if foundation is None or not wrong:
        return
    by_check = question.by_check(sat.answers[number])
    places = [
        place
        for place, check in enumerate(question.checks)
        if may_build(check, sat.judged[number][place], by_check[place])
    ]
    if not places:
        return
    known = _own_values(question, foundation, [question.checks[place] for place in places], ask, built)
    if known is None:
        return
    for place in places:
        judged = sat.judged[number][place]
        sat.judged[number][place] = judge_on_own(
            question, question.checks[place], by_check[place], judged, foundation, wrong, known
        )


def _own_values(
    question: Question, foundation: Foundation, checks: Sequence[ExamCheck], ask: Ask, built: FoundationCalls
) -> dict[bytes, Any] | None:
    """What the submission's own functions give to every call that the reference makes of them on these checks."""
    wanted: dict[str, dict[bytes, tuple[Arguments, Any]]] = {name: {} for name in foundation.functions}
    for check in checks:
        for called, name, arguments, right in built.of(question, foundation, check):
            wanted[name][called] = arguments, right
    known: dict[bytes, Any] = {}
    for name, calls in wanted.items():
        answers = ask(name, [("call", arguments) for arguments, _ in calls.values()], question)
        if answers is None:
            return None
        for (called, (_, right)), answer in zip(calls.items(), answers, strict=True):
            value = own_value(answer, right)
            if value is None:
                return None
            known[called] = value
    return known


def own_value(answer: Answer, right: Any) -> Any:
    """A submission's value in the types that a reference works with; None where it has not the right structure."""
    if not isinstance(answer, Returned):
        return None
    try:
        return in_form(answer.value, right)
    except (TypeError, ValueError, KeyError, IndexError):
        return None
