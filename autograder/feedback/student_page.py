"""What a student's page shows, from a record that the reveal policy has been applied to: plain values for templates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from markupsafe import Markup

from autograder.feedback import figures
from autograder.feedback.highlighting import CodeLine, excerpt, highlighted
from autograder.feedback.messages import WRONG_VALUE
from autograder.feedback.receipt_view import ReceiptView, receipt_view
from autograder.feedback.signs import Sign, sign_of, sign_of_question
from autograder.judging.evidence import Element, Number
from autograder.judging.verdicts import Verdict
from autograder.records.record import AssignmentResult, CheckResult, QuestionResult, Result
from autograder.records.written_answers import own_answers

MOST_ROWS = 12
MOST_STEPS = 3
MOST_DIGITS = 17


class Row(NamedTuple):
    """One number of an answer, as text."""

    place: str
    got: str
    expected: str
    error: str
    right: bool


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check: `hint` and `brief` only where the function does not say them already."""

    check: CheckResult
    sign: Sign
    hint: str = ""
    brief: str = ""
    code: Sequence[CodeLine] = ()
    rows: Sequence[Row] = ()
    left_out: int = 0
    bars: Markup | None = None
    folded: bool = False

    @property
    def tells(self) -> bool:
        """Whether there is more to say than the verdict."""
        evidence = self.check.evidence
        chain = evidence is not None and evidence.chain is not None
        return bool(self.hint or self.brief or self.check.case or self.code or chain)


@dataclass(frozen=True, slots=True)
class FunctionView:
    """One function or written answer."""

    question: QuestionResult
    anchor: str
    sign: Sign
    passed: bool
    checks: Sequence[CheckView]
    hint: str = ""
    brief: str = ""
    code: Sequence[CodeLine] = ()
    file: str = ""
    curves: Sequence[tuple[str, Markup, bool]] = ()
    answer: str = ""

    @property
    def marked(self) -> bool:
        """Whether a person has marked a written answer."""
        return not any(view.check.verdict is Verdict.UNGRADED for view in self.checks)


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """One assignment; `sources` are shown where something is not right, `sheet` where its answers have no headings."""

    assignment: AssignmentResult
    functions: Sequence[FunctionView]
    sources: Sequence[tuple[str, Sequence[CodeLine]]] = ()
    sheet: str = ""
    receipt: ReceiptView = field(default_factory=ReceiptView)

    @property
    def failed(self) -> int:
        """How many functions are not yet right."""
        return sum(not view.passed and not view.question.written for view in self.functions)

    @property
    def asked(self) -> int:
        """How many functions are asked for."""
        return sum(not view.question.written for view in self.functions)


class Step(NamedTuple):
    """Where to begin: a function, and what to think of."""

    name: str
    anchor: str
    text: str
    points: float


def two_numbers(got: Number, expected: Number) -> tuple[str, str]:
    """Two numbers with as few digits as tell them apart, but no fewer than six."""
    if isinstance(got, str) or isinstance(expected, str):
        return one_number(got), one_number(expected)
    for digits in range(6, MOST_DIGITS + 1):
        pair = f"{got:.{digits}g}", f"{expected:.{digits}g}"
        if got == expected or pair[0] != pair[1]:
            return pair
    return repr(got), repr(expected)


def one_number(value: Number) -> str:
    """A number of which only the size matters to a reader."""
    return value if isinstance(value, str) else f"{value:.6g}"


def _row(element: Element) -> Row:
    if element.expected is None:
        return Row(element.place, one_number(element.got), "", "", element.right)
    # Of a right number, nobody looks for the digit in which it differs.
    got, expected = (
        (one_number(element.got), one_number(element.expected))
        if element.right
        else two_numbers(element.got, element.expected)
    )
    error = ""
    if isinstance(element.got, int | float) and isinstance(element.expected, int | float):
        error = f"{abs(element.got - element.expected):.3g}"
    return Row(element.place, got, expected, error, element.right)


def _rows(elements: Sequence[Element]) -> list[Row]:
    """The wrong numbers first to be shown, in the order in which they stand in the answer."""
    if len(elements) > MOST_ROWS:
        chosen = sorted(range(len(elements)), key=lambda i: (elements[i].right, i))[:MOST_ROWS]
        elements = [elements[i] for i in sorted(chosen)]
    return [_row(element) for element in elements]


def _said_once(texts: Iterable[str]) -> str:
    """A text that all of several agree on."""
    found = list(texts)
    return found[0] if found and all(text == found[0] for text in found) else ""


def _line_of(check: CheckResult) -> tuple[str, int] | None:
    evidence = check.evidence
    if evidence is None or evidence.file is None or evidence.line is None:
        return None
    return evidence.file, evidence.line


def _around(place: tuple[str, int] | None, code: dict[str, list[CodeLine]]) -> Sequence[CodeLine]:
    return excerpt(code.get(place[0], []), place[1]) if place else ()


def _check_view(
    question: QuestionResult, check: CheckResult, hint: str, brief: str, shared: object, code: dict[str, list[CodeLine]]
) -> CheckView:
    if check.verdict is Verdict.PASSED or check.kind == "criterion":
        return CheckView(check, sign_of(check))
    evidence = check.evidence
    elements = evidence.elements if evidence else ()
    drawn = None
    if any(element.expected is not None for element in elements):
        drawn = figures.bars(
            elements, f"{question.function}: your {len(elements)} numbers beside the right ones; the table has them"
        )
    rows = _rows(elements)
    place = _line_of(check)
    return CheckView(
        check=check,
        sign=sign_of(check),
        hint="" if check.hint == hint else check.hint,
        brief="" if check.brief in (brief, WRONG_VALUE) else check.brief,
        code=() if place == shared else _around(place, code),
        rows=rows,
        left_out=(evidence.count if evidence else 0) - len(rows),
        bars=drawn,
    )


def _function_view(
    assignment: AssignmentResult, question: QuestionResult, code: dict[str, list[CodeLine]], answer: str
) -> FunctionView:
    anchor = f"{assignment.name}.{question.function}"
    failed = [check for check in question.checks if check.verdict is not Verdict.PASSED]
    sign = sign_of_question(question)
    if question.written:
        criteria = [CheckView(check, sign_of(check)) for check in question.checks]
        return FunctionView(question, anchor, sign, not failed, criteria, answer=answer)
    hint, brief = _said_once(c.hint for c in failed), ""
    if len(failed) > 1:
        brief = _said_once(c.brief for c in failed)
    place = _line_of(failed[0]) if brief else None
    curves = []
    for result in question.curves:
        drawn = figures.curve(result, f"{question.function}: {result.title}")
        if drawn is not None:
            curves.append((result.title, drawn, bool(result.expected)))
    checks = [_check_view(question, check, hint, brief, place, code) for check in question.checks]
    # One case at a time: the first is open, the others wait for a click.
    shown = next((view for view in checks if view.check.case), None)
    return FunctionView(
        question=question,
        anchor=anchor,
        sign=sign,
        passed=not failed,
        checks=[replace(view, folded=view is not shown) for view in checks],
        hint=hint,
        brief="" if brief == WRONG_VALUE else brief,
        code=_around(place, code),
        file=place[0] if place else "",
        curves=curves,
    )


def assignment_view(assignment: AssignmentResult) -> AssignmentView:
    """One assignment. Its code is highlighted, which takes the most time, only where something is to be learnt."""
    places = {place for q in assignment.questions for check in q.checks if (place := _line_of(check)) is not None}
    wrong = any(c.verdict is not Verdict.PASSED for q in assignment.questions if not q.written for c in q.checks)
    code: dict[str, list[CodeLine]] = {}
    if wrong:
        for source in assignment.sources:
            code[source.path] = highlighted(source.text, [line for file, line in places if file == source.path])
    own = own_answers(assignment)
    functions = [_function_view(assignment, q, code, own.get(q.function, "")) for q in assignment.questions]
    # Nothing is lost: a sheet without the headings is shown whole.
    sheet = "" if own else (assignment.answers or "").strip()
    return AssignmentView(assignment, functions, list(code.items()), sheet, receipt_view(assignment))


def first_steps(views: Sequence[AssignmentView]) -> list[Step]:
    """Where a student does best to begin: what cannot be read at all, then what a hint is known for, by points."""
    found: list[tuple[bool, float, Step]] = []
    for view in views:
        if view.assignment.problem:
            lost = view.assignment.max_score - view.assignment.score
            step = Step(view.assignment.title, view.assignment.name, view.assignment.problem, lost)
            found.append((False, -lost, step))
            continue
        for function in view.functions:
            text = function.hint or next((c.hint for c in function.checks if c.hint), "") or function.brief
            text = text or next((c.brief for c in function.checks if c.brief), "")
            if function.passed or function.question.written or not text:
                continue
            lost = function.question.max_score - function.question.score
            found.append((not function.hint, -lost, Step(function.question.function, function.anchor, text, lost)))
    return [step for *_, step in sorted(found, key=lambda item: item[:2])][:MOST_STEPS]


def waiting(result: Result) -> list[QuestionResult]:
    """The written answers that wait for a person."""
    return [
        q
        for a in result.assignments
        for q in a.questions
        if q.written and any(check.verdict is Verdict.UNGRADED for check in q.checks)
    ]
