"""What a student's page shows, from a record that the reveal policy has been applied to: plain values for templates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from markupsafe import Markup

from autograder.feedback import figures
from autograder.feedback.case_view import CaseView, fresh_case, hidden_case, why_none
from autograder.feedback.highlighting import CodeLine, excerpt, highlighted
from autograder.feedback.messages import WRONG_VALUE
from autograder.feedback.receipt_view import ReceiptView, receipt_view
from autograder.feedback.signs import Sign, sign_of, sign_of_question
from autograder.judging.evidence import Chain
from autograder.judging.verdicts import Verdict
from autograder.records.record import AssignmentResult, CheckResult, QuestionResult, Result
from autograder.records.written_answers import own_answers


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check: `hint` and `brief` only where the function does not say them already.

    `example` is its counterexample; where an earlier check of the function has the same one, `same_as` is that one's
    title. `why_none` says why there is none. `case` is the hidden one, `chain` a derivation of which no case is shown.
    """

    check: CheckResult
    sign: Sign
    hint: str = ""
    brief: str = ""
    code: Sequence[CodeLine] = ()
    example: CaseView | None = None
    same_as: str = ""
    why_none: str = ""
    case: CaseView | None = None
    chain: Chain | None = None
    folded: bool = False

    @property
    def tells(self) -> bool:
        """Whether there is more to say than the verdict."""
        texts = self.hint or self.brief or self.same_as or self.why_none
        return bool(texts or self.code or self.example or self.case or self.chain)

    @property
    def cases(self) -> Sequence[CaseView]:
        """The cases to show: the counterexample first, since what is right may be seen of it."""
        return [case for case in (self.example, self.case) if case is not None]


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
    place = _line_of(check)
    example, case = fresh_case(question.function, check), hidden_case(question.function, check)
    chain = check.evidence.chain if check.evidence is not None else None
    return CheckView(
        check=check,
        sign=sign_of(check),
        hint="" if check.hint == hint else check.hint,
        brief="" if check.brief in (brief, WRONG_VALUE) else check.brief,
        code=() if place == shared else _around(place, code),
        example=example,
        why_none=why_none(check),
        case=case,
        # The counterexample shows the same lines, with their values.
        chain=None if case is not None or (example is not None and example.chain is not None) else chain,
    )


def _each_once(views: Sequence[CheckView]) -> list[CheckView]:
    """The checks of a function, of which several may have the same counterexample; the first case is open to see."""
    told: dict[tuple[str, str], str] = {}
    found, shown = [], None
    for view in views:
        example = view.example
        if example is not None:
            title = told.setdefault((example.code, example.got), view.check.title)
            if title != view.check.title:
                view = replace(view, example=None, same_as=title)
        shown = shown or (view.check.name if view.cases else None)
        found.append(replace(view, folded=view.check.name != shown))
    return found


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
    return FunctionView(
        question=question,
        anchor=anchor,
        sign=sign,
        passed=not failed,
        checks=_each_once(checks),
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


def waiting(result: Result) -> list[QuestionResult]:
    """The written answers that wait for a person."""
    return [
        q
        for a in result.assignments
        for q in a.questions
        if q.written and any(check.verdict is Verdict.UNGRADED for check in q.checks)
    ]
