"""Follow-through: asks a submission's own functions once more, where another one may be right on top of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.authoring.kinds.follow_through import half
from autograder.authoring.kinds.kind import Arguments, DrawnCheck, copied
from autograder.exam.exam import Part, Question
from autograder.exam.foundations import Foundation, key
from autograder.judging.finding import Finding
from autograder.judging.judgement import Judgement
from autograder.judging.relations import flattened
from autograder.judging.tolerance import Tolerance
from autograder.judging.values import in_form
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Answer, Returned

# Makes calls of one function of the submission, within the limits of a question; None where it cannot be imported.
Ask = Callable[[str, Sequence[tuple[str, Any]], Question], Sequence[Answer] | None]


@dataclass(frozen=True, slots=True)
class AnsweredPart:
    """A part with its answers: the questions, the answers to each, and the judgements, which following may better."""

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
        self._found: dict[int, tuple[DrawnCheck, list[tuple[bytes, str, Arguments, Any]]]] = {}

    def of(
        self, question: Question, foundation: Foundation, check: DrawnCheck
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


def follow(answered: AnsweredPart, ask: Ask, differences: Tolerance, built: FoundationCalls) -> None:
    """Better the judgements of what is wrong only because it builds on the submission's own wrong functions.

    Args:
        answered: its judgements are replaced in place.
        ask: makes further calls of the submission.
        differences: the tolerance of central differences.
        built: of the exam.
    """
    for number, question in enumerate(answered.part.questions):
        by_check = question.by_check(answered.answers[number])
        for place, check in enumerate(question.checks):
            judged, kind = answered.judged[number][place], check.check.kind
            own = kind.own_calls(check) if judged.verdict is Verdict.FAILED else None
            told = None if own is None else ask(own[0], own[1], question)
            if told is not None and not gives_one_number([a.value for a in told if isinstance(a, Returned)]):
                answered.judged[number][place] = kind.judge_own(check, judged, by_check[place], told, differences)
        _follow_foundation(answered, number, ask, built)


def _follow_foundation(answered: AnsweredPart, number: int, ask: Ask, built: FoundationCalls) -> None:
    """Judge a question's failed checks again, against what its reference gives on the submission's own functions."""
    question, foundation = answered.part.questions[number], answered.part.questions[number].foundation
    wrong = [name for name in foundation.functions if answered.failed(name)] if foundation is not None else []
    if foundation is None or not wrong:
        return
    by_check = question.by_check(answered.answers[number])
    places = [
        place
        for place, check in enumerate(question.checks)
        if may_build(check, answered.judged[number][place], by_check[place])
    ]
    if not places:
        return
    known = _own_values(question, foundation, [question.checks[place] for place in places], ask, built)
    if known is None:
        return
    for place in places:
        judged = answered.judged[number][place]
        answered.judged[number][place] = judge_on_own(
            question.checks[place], by_check[place], judged, foundation, wrong, known
        )


def may_build(check: DrawnCheck, judged: Judgement, answers: Sequence[Answer]) -> bool:
    """Whether a check compares values, got one for every case, and failed without any credit yet."""
    wrong = judged.verdict in (Verdict.FAILED, Verdict.WRONG_TYPE) and not judged.share
    return check.check.kind.compares and wrong and all(isinstance(answer, Returned) for answer in answers)


def judge_on_own(
    check: DrawnCheck,
    answers: Sequence[Answer],
    judged: Judgement,
    foundation: Foundation,
    wrong: Sequence[str],
    known: Mapping[bytes, Any],
) -> Judgement:
    """The judgement of a failed check, once it is known what the functions below it give in the submission itself.

    Args:
        check: of a function that builds on others.
        answers: to the check's calls, in order.
        judged: its judgement against the reference.
        foundation: what it builds on.
        wrong: those of its functions that are wrong in the submission.
        known: the submission's own values, by `foundations.key` of the call.
    """
    kind, function = check.check.kind, check.check.function
    for case, answer in zip(check.cases, answers, strict=True):
        try:
            own = foundation.value(function, case.arguments, known)
        except Exception:
            # A reference may do anything on wrong values; then nothing can be said.
            return judged
        if kind.judge_case(check, replace(case, expected=own), answer) is not None:
            return judged
    return half(judged, Finding(Verdict.FAILED, "right_on_own", {"functions": list(wrong)}))


def _own_values(
    question: Question, foundation: Foundation, checks: Sequence[DrawnCheck], ask: Ask, built: FoundationCalls
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
        given = [answer.value for answer in answers if isinstance(answer, Returned)]
        if gives_one_number(given) and not gives_one_number([right for _, right in calls.values()]):
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


def gives_one_number(values: Sequence[Any]) -> bool:
    """Whether a function gives one and the same number everywhere: what is right on top of that shows nothing.

    Zeros in every function would else be the right gradients, sums and means of each other.

    Args:
        values: what it gave; numbers, arrays, or several of them.
    """
    rows = [flattened(value) for value in values]
    numbers = [row for row in rows if row is not None]
    if len(numbers) < len(rows):
        return False
    joined = np.concatenate(numbers) if numbers else np.zeros(0)
    return joined.size > 1 and bool((joined == joined[0]).all())
