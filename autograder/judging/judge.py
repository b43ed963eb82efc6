"""From a check and the answers to its calls to a judgement: verdict, message, and the smallest failing case."""

import builtins
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.authoring.declarations import Derivation, Gradient, Quiet, Raises, Training, Untouched
from autograder.exam.exam import Case, ExamCheck, Question
from autograder.feedback.places import place
from autograder.judging.derivations import RELATIONS, Broken, Line, judge_lines, read_lines
from autograder.judging.evidence import MOST_LINES, Chain, ChainLine, Evidence, elements, number
from autograder.judging.judgements import PASS, Judgement, ShownCase
from autograder.judging.literals import show, show_arguments, show_code
from autograder.judging.tolerance import Tolerance
from autograder.judging.values import Wrong, compare, in_form
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Answer, Ended, Missing, Raised, Returned, Unreadable

EXACT = Tolerance(relative=0.0, absolute=0.0)
ANY_FINITE = Tolerance(relative=0.0, absolute=1e300)


@dataclass(frozen=True, slots=True)
class FailedCase:
    """One case that failed; `value` is what came back, where it is to be compared number by number.

    What came back and what was expected are written out where they are told, since most failures are not.
    """

    wrong: Wrong
    case: Case
    got: Callable[[], str]
    expected: Callable[[], str] | None
    value: Any = None


def size_of(value: Any) -> int:
    """The number of numbers in a case: what makes one case smaller than another."""
    if isinstance(value, np.ndarray):
        return int(value.size)
    if isinstance(value, list | tuple):
        return sum(size_of(item) for item in value)
    if isinstance(value, dict):
        return sum(size_of(item) for item in value.values())
    return 1


def exception_name(raised: Raised) -> str:
    """The exception's class where it is one of Python's or NumPy's own; a student's own class could carry a text."""
    first = raised.types[0]
    known = isinstance(getattr(builtins, first, None), type) or first in ("LinAlgError", "AxisError", "UFuncTypeError")
    return first if known else "an exception of its own"


def wrong_raise(raised: Raised) -> Wrong:
    """The verdict on a call that raised."""
    if raised.is_a("NotImplementedError"):
        return Wrong(Verdict.RAISED, "Is not written yet (NotImplementedError).", "It is not written yet.")
    where = f" in {place(raised.file, raised.line)}" if raised.line and raised.file else ""
    name = exception_name(raised)
    if raised.is_a("MemoryError"):
        brief = f"Needs more memory than allowed{where}."
        return Wrong(Verdict.MEMORY, brief, f"{raised.message}{where}.", raised.file, raised.line)
    code = f": `{raised.code}`" if raised.code else ""
    text = f"It raised {raised.types[0]}: {raised.message}{where}{code}."
    return Wrong(Verdict.RAISED, f"Raises {name}{where}{code}.", text, raised.file, raised.line)


def wrong_ending(ended: Ended) -> Wrong:
    """The verdict on a call that ended its process."""
    if ended.how == "timeout":
        brief = "Takes longer than the time limit."
        return Wrong(Verdict.TIMEOUT, brief, f"{ended.detail.capitalize()}.")
    if ended.how == "memory":
        return Wrong(Verdict.MEMORY, "Needs more memory than allowed.", f"{ended.detail.capitalize()}.")
    brief = "Ends the Python process." if ended.how == "crashed" else "Gives back or writes more than allowed."
    detail = ended.detail[0].upper() + ended.detail[1:]
    return Wrong(Verdict.CRASHED, brief, f"{detail}.")


def no_value(answer: Answer) -> Wrong | None:
    """What is wrong with an answer that holds no value; None for one that does."""
    match answer:
        case Returned():
            return None
        case Raised():
            return wrong_raise(answer)
        case Ended():
            return wrong_ending(answer)
        case Unreadable(detail=detail):
            return Wrong(Verdict.WRONG_TYPE, "Returns something that cannot be read as a value.", f"{detail}.")
        case Missing():
            return Wrong(Verdict.MISSING, "There is no function of this name.", "There is no function of this name.")


def located(wrong: Wrong) -> Evidence | None:
    """Where the student's code raised, if it did."""
    return None if wrong.line is None else Evidence(wrong.file, wrong.line)


def _shown(answer: Answer) -> str:
    if isinstance(answer, Returned):
        return show(answer.value)
    wrong = no_value(answer)
    return wrong.detail if wrong else ""


def judge_value(check: ExamCheck, case: Case, answer: Answer) -> Wrong | None:
    """One call against the expected value, and against what else its kind of check asks."""
    wrong = no_value(answer)
    if wrong is not None or not isinstance(answer, Returned):
        return wrong
    if isinstance(check.check.kind, Untouched):
        return _judge_untouched(check, case, answer)
    wrong = compare(answer.value, case.expected, check.tolerance, case.scale)
    if wrong is None and isinstance(check.check.kind, Quiet) and answer.warning is not None:
        text = f"The value is right, but NumPy warns on the way: {answer.warning}."
        return Wrong(Verdict.FAILED, "The value is right, but NumPy gives a RuntimeWarning on the way.", text)
    return wrong


UNREADABLE = Wrong(Verdict.WRONG_TYPE, "Returns something that cannot be read as a value.", "The answer is unreadable.")
CHANGES = Wrong(
    Verdict.FAILED,
    "Changes the arguments that it is given; work on a copy.",
    "The value is right, but the arguments were changed.",
)


def _value_and_after(answer: Returned) -> tuple[Any, Any] | None:
    """What a call gave, and its arguments after it; None where that is not what came."""
    pair = answer.value
    if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[1], tuple):
        return None
    return pair[0], pair[1]


def _judge_untouched(check: ExamCheck, case: Case, answer: Returned) -> Wrong | None:
    pair = _value_and_after(answer)
    if pair is None:
        return UNREADABLE
    wrong = compare(pair[0], case.expected, check.tolerance, case.scale)
    if wrong is not None:
        return wrong
    return None if unchanged(pair[1], case.arguments) else CHANGES


def unchanged(after: Any, before: Any) -> bool:
    """Whether arguments came back as they were sent, to the last bit and of the same length."""
    if isinstance(before, list | tuple):
        return (
            isinstance(after, list | tuple)
            and len(after) == len(before)
            and all(unchanged(a, b) for a, b in zip(after, before, strict=True))
        )
    if isinstance(before, dict):
        return (
            isinstance(after, dict)
            and set(after) == set(before)
            and all(unchanged(after[k], before[k]) for k in before)
        )
    return compare(after, before, EXACT) is None


def judge_raises(kind: Raises, bad: bool, answer: Answer) -> Wrong | None:
    """On a bad case the promised exception must come; on a good one none."""
    if isinstance(answer, Raised) and not answer.is_a("NotImplementedError") and not answer.is_a("MemoryError"):
        if bad and answer.is_a(kind.error.__name__):
            return None
        if bad:
            text = f"It raised {answer.types[0]}: {answer.message}; {kind.error.__name__} is promised."
            brief = f"Raises {exception_name(answer)}; {kind.error.__name__} is promised."
            return Wrong(Verdict.RAISED, brief, text, answer.file, answer.line)
        return wrong_raise(answer)
    wrong = no_value(answer)
    if wrong is not None:
        return wrong
    if bad:
        return Wrong(
            Verdict.FAILED, f"Does not raise {kind.error.__name__} where it is promised.", "It returned a value."
        )
    return None


def _failures(check: ExamCheck, answers: Sequence[Answer]) -> Iterable[FailedCase]:
    kind = check.check.kind
    if isinstance(kind, Raises):
        for place, (case, answer) in enumerate(zip((*check.cases, *check.good_cases), answers, strict=True)):
            bad = place < len(check.cases)
            wrong = judge_raises(kind, bad, answer)
            if wrong is not None:
                expected = kind.error.__name__ if bad else f"no {kind.error.__name__}"
                yield FailedCase(wrong, case, partial(_shown, answer), partial(str, expected))
        return
    for case, answer in zip(check.cases, answers, strict=True):
        wrong = judge_value(check, case, answer)
        if wrong is not None:
            got, value = partial(_shown, answer), answer.value if isinstance(answer, Returned) else None
            if isinstance(kind, Untouched) and isinstance(value, list):
                value = value[0] if value else None
                got = partial(show, value)
            yield FailedCase(wrong, case, got, partial(show, case.expected), value)


def _trained(kind: Training, case: Case, answer: Answer) -> Any | Wrong:
    """The value of one training, in the reference's form, or what keeps it from being judged.

    That is: no value, or not of the reference's structure, or not finite, or arguments that changed.
    """
    wrong = no_value(answer)
    if wrong is not None or not isinstance(answer, Returned):
        return wrong
    value = answer.value
    if kind.untouched:
        pair = _value_and_after(answer)
        if pair is None:
            return UNREADABLE
        if not unchanged(pair[1], case.arguments):
            return CHANGES
        value = pair[0]
    return compare(value, case.expected, ANY_FINITE) or in_form(value, case.expected)


def _judge_training(check: ExamCheck, kind: Training, answers: Sequence[Answer]) -> Iterable[FailedCase]:
    for at, case in enumerate(check.cases):
        own = answers[at * kind.repeats : (at + 1) * kind.repeats]
        trained = [_trained(kind, case, answer) for answer in own]
        wrong = next((found for found in trained if isinstance(found, Wrong)), None)
        if wrong is None:
            problem = kind.judge(case.arguments, case.facts, trained)
            if problem is not None:
                wrong = Wrong(Verdict.FAILED, problem, problem)
        if wrong is not None:
            yield FailedCase(wrong, case, partial(_shown, own[0]), None)


def _evidence(question: Question, check: ExamCheck, failure: FailedCase) -> Evidence:
    """What a page can show of one failed case."""
    kind, wrong, case = check.check.kind, failure.wrong, failure.case
    code = show_code(question.function, question.parameters, case.arguments)
    if wrong.verdict is not Verdict.FAILED or failure.value is None:
        return Evidence(wrong.file, wrong.line, code)
    names = kind.wrt if isinstance(kind, Gradient) else ()
    numbers, count = elements(failure.value, case.expected, check.tolerance, case.scale, names)
    if all(each.right for each in numbers):
        # The value is right; what is wrong is a warning, or a changed argument.
        return Evidence(wrong.file, wrong.line, code)
    return Evidence(wrong.file, wrong.line, code, numbers, count)


def _summary(question: Question, check: ExamCheck, failures: Sequence[FailedCase], total: int) -> Judgement:
    """The judgement of a failed check: the gravest verdict first met, told on the smallest failing case."""
    smallest = min(failures, key=lambda failure: size_of(failure.case.arguments))
    arguments = show_arguments(question.parameters, smallest.case.arguments)
    wrong, got = smallest.wrong, smallest.got()
    expected = None if smallest.expected is None else smallest.expected()
    count = f"Fails on {len(failures)} of {total} cases. " if total > 1 else ""
    parts = [f"{count}Smallest: {question.function}({arguments}).", wrong.detail]
    if wrong.verdict in (Verdict.FAILED, Verdict.WRONG_TYPE):
        parts.append(f"Returned: {got}.")
        if expected is not None:
            parts.append(f"Expected: {expected}.")
    shown = ShownCase(arguments, got, expected, wrong.detail)
    evidence = _evidence(question, check, smallest)
    return Judgement(wrong.verdict, wrong.brief, " ".join(parts), shown, evidence=evidence)


def _chain(lines: Sequence[Line], broken: Broken, ends: Sequence[tuple[float, float]]) -> Chain:
    """A derivation with the place where it breaks; a relation is a student's text, and only known ones are kept."""
    case = broken.case or 0
    told = tuple(
        ChainLine(
            line.relation if line.relation in ("start", *RELATIONS) else "?",
            None if broken.case is None or (value := line.values[case]) is None else number(value),
            "" if broken.case is None else line.reasons[case],
        )
        for line in lines[:MOST_LINES]
    )
    both = None if broken.case is None else (number(ends[case][0]), number(ends[case][1]))
    return Chain(told, broken.at, broken.link, both)


def _judge_derivation(question: Question, check: ExamCheck, kind: Derivation, answer: Answer) -> Judgement:
    wrong = no_value(answer)
    if wrong is not None or not isinstance(answer, Returned):
        assert wrong is not None
        return Judgement(wrong.verdict, wrong.brief, wrong.detail, evidence=located(wrong))
    lines = read_lines(answer.value, len(check.cases))
    ends = [(float(case.expected[0]), float(case.expected[1])) for case in check.cases]
    broken = lines if isinstance(lines, Broken) else judge_lines(lines, ends, kind.claim, check.tolerance)
    if broken is None:
        return PASS
    evidence = None
    if not isinstance(lines, Broken):
        code = "" if broken.case is None else show_code("", question.parameters, check.cases[broken.case].arguments)
        evidence = Evidence(code=code, chain=_chain(lines, broken, ends))
    if broken.case is None:
        return Judgement(broken.verdict, broken.brief, broken.detail, evidence=evidence)
    arguments = show_arguments(question.parameters, check.cases[broken.case].arguments)
    message = f"{broken.detail} Smallest case: {arguments}."
    if broken.left is None or broken.right is None:
        return Judgement(broken.verdict, broken.brief, message, ShownCase(arguments, broken.detail), evidence=evidence)
    sides = f"{show(broken.left)} against {show(broken.right)}"
    shown = ShownCase(arguments, show(broken.left), show(broken.right), broken.detail)
    return Judgement(broken.verdict, broken.brief, f"{message} The two sides are {sides}.", shown, evidence=evidence)


def judge(question: Question, check: ExamCheck, answers: Sequence[Answer]) -> Judgement:
    """The judgement of one check.

    Args:
        question: that the check belongs to.
        check: with its cases and expected values.
        answers: to the check's calls, in order.
    """
    kind = check.check.kind
    if isinstance(kind, Derivation):
        return _judge_derivation(question, check, kind, answers[0])
    failures = list(_judge_training(check, kind, answers) if isinstance(kind, Training) else _failures(check, answers))
    if not failures:
        return PASS
    return _summary(question, check, failures, len(check.cases) + len(check.good_cases))
