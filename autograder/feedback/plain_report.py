"""A student's feedback as plain values without any markup: what Markdown, PDF and the terminal are made of."""

from collections.abc import Sequence

import msgspec

from autograder.feedback.case_view import CaseView, Row, fresh_case, hidden_case, why_none
from autograder.feedback.chain_words import mark_of, note_of
from autograder.feedback.highlighting import AROUND
from autograder.feedback.signs import Sign
from autograder.feedback.since import since
from autograder.feedback.student_page import AssignmentView, CheckView, FunctionView, assignment_view, waiting
from autograder.files.visible import visible
from autograder.judging.evidence import Chain
from autograder.judging.verdicts import Verdict
from autograder.records.record import AssignmentResult, CheckResult, Result, points


class PlainCase(msgspec.Struct, frozen=True):
    """One case on which a check fails; what is empty may not be seen or says nothing. `line` says all of it at once."""

    label: str
    code: str
    got: str = ""
    expected: str = ""
    told: str = ""
    rows: tuple[Row, ...] = ()
    chain: tuple[str, ...] = ()
    figure: str = ""
    line: str = ""


class PlainCheck(msgspec.Struct, frozen=True):
    """One check; `chain` is that of a derivation of which no case is shown."""

    shape: str
    words: str
    title: str
    points: str
    passed: bool
    hint: str = ""
    brief: str = ""
    cases: tuple[PlainCase, ...] = ()
    chain: tuple[str, ...] = ()


class PlainFunction(msgspec.Struct, frozen=True):
    """One function or written answer."""

    name: str
    shape: str
    words: str
    points: str
    passed: bool
    written: bool
    asked: str
    checks: tuple[PlainCheck, ...]
    hint: str = ""
    brief: str = ""
    excerpt: str = ""
    answer: str = ""
    comment: str = ""
    figures: tuple[tuple[str, str], ...] = ()


class PlainAssignment(msgspec.Struct, frozen=True):
    """One assignment; `attached` is written work that is no text, in one line."""

    title: str
    points: str
    problem: str
    excerpt: str
    functions: tuple[PlainFunction, ...]
    attached: str = ""


class PlainReport(msgspec.Struct, frozen=True):
    """A student's feedback."""

    student: str
    course: str
    points: str
    waits: str
    notes: tuple[str, ...]
    assignments: tuple[PlainAssignment, ...]
    since: tuple[str, ...] = ()


def _of(score: float, most: float) -> str:
    return f"{points(score)} of {points(most)}"


def _excerpt(assignment: AssignmentResult, file: str | None, line: int | None) -> str:
    """The student's lines around the one that raised, numbered, that one marked."""
    text = next((source.text for source in assignment.sources if source.path == file), "")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if line is None or not 0 < line <= len(lines):
        return ""
    around = range(max(1, line - AROUND), min(len(lines), line + AROUND) + 1)
    return "\n".join(f"{'>' if n == line else ' '}{n:4} {visible(lines[n - 1])[:200]}" for n in around)


def _chain(chain: Chain | None) -> tuple[str, ...]:
    if chain is None:
        return ()
    told = []
    for number, line in enumerate(chain.lines, start=1):
        relation = "" if line.relation == "start" else line.relation
        value = "" if line.value is None else f"{line.value:.6g}" if isinstance(line.value, float) else str(line.value)
        beside = "; ".join(filter(None, (mark_of(chain, number), note_of(line))))
        told.append(f"{relation:2}  line {number}  {value:>12}  {beside}".rstrip())
    return tuple(told)


def _case(view: CaseView) -> PlainCase:
    return PlainCase(
        label=view.label,
        code=visible(view.code),
        got=visible(view.got),
        expected=visible(view.expected),
        told=visible(view.told),
        rows=tuple(view.rows) if view.count > 1 else (),
        chain=_chain(view.chain),
        figure=str(view.bars or ""),
        line=visible(view.sentence),
    )


def _check(view: CheckView) -> PlainCheck:
    check, sign = view.check, view.sign
    same = f"Fails on the same case as “{view.same_as}”." if view.same_as else ""
    return PlainCheck(
        shape=sign.shape,
        words=sign.words,
        title=visible(check.title),
        points=_of(check.points, check.max_points),
        passed=check.verdict is Verdict.PASSED,
        hint=visible(view.hint),
        brief=visible(" ".join(text for text in (view.brief, same, view.why_none) if text)),
        cases=tuple(map(_case, view.cases)),
        chain=_chain(view.chain),
    )


def _function(view: FunctionView, assignment: AssignmentResult) -> PlainFunction:
    question, sign = view.question, view.sign
    raised = next((c.evidence for c in question.checks if c.evidence is not None and c.evidence.line is not None), None)
    return PlainFunction(
        name=question.function.replace("written_", "Written answer ") if question.written else question.function,
        shape=sign.shape,
        words=sign.words,
        points=_of(question.score, question.max_score),
        passed=view.passed,
        written=question.written,
        asked=question.task,
        checks=tuple(map(_check, view.checks)),
        hint=visible(view.hint),
        brief=visible(view.brief),
        excerpt=_excerpt(assignment, raised.file, raised.line) if raised and not assignment.problem else "",
        answer=visible(view.answer),
        comment=visible(question.comment),
        figures=tuple((title, str(drawn)) for title, drawn, _ in view.curves),
    )


def _assignment(view: AssignmentView) -> PlainAssignment:
    assignment, found = view.assignment, view.receipt.attached
    places = (c.evidence for q in assignment.questions for c in q.checks if c.evidence is not None)
    raised = next(places, None) if assignment.problem else None
    return PlainAssignment(
        title=assignment.title,
        points=_of(assignment.score, assignment.max_score),
        problem=visible(assignment.problem),
        excerpt=_excerpt(assignment, raised.file, raised.line) if raised else "",
        functions=tuple(
            _function(each, assignment) for each in view.functions if each.question.written or not assignment.problem
        ),
        attached=visible(f"Handed in for a person to read: {'; '.join(found)}.") if found else "",
    )


def _waits(result: Result) -> str:
    open_ = waiting(result)
    if not open_:
        return ""
    most = points(sum(question.max_score for question in open_))
    return f"{len(open_)} written answers ({most} points) wait for a person and count 0 until then."


def plain(seen: Result, course: str) -> PlainReport:
    """A student's feedback.

    Args:
        seen: the record after `revealed`.
        course: its title.
    """
    return PlainReport(
        student=visible(seen.student),
        course=course,
        points="no score yet: the grader itself failed, which is not your fault"
        if seen.score is None
        else f"{_of(seen.score, seen.max_score)} points",
        waits=_waits(seen),
        notes=tuple(visible(note) for note in seen.notes),
        assignments=tuple(_assignment(assignment_view(assignment)) for assignment in seen.assignments),
        since=since_lines(seen),
    )


def since_lines(seen: Result) -> tuple[str, ...]:
    """What has changed since the last hand-in, line by line; nothing where none is known."""
    found = since(seen)
    return () if found is None else tuple(visible(line) for line in (f"{found.head}.", *found.lines))


def sign_text(sign: Sign) -> str:
    """A sign in a line of text."""
    return f"{sign.shape} {sign.words}"


def case_text(case: PlainCase) -> Sequence[tuple[str, str]]:
    """What a failed case consists of: labels and code, in order."""
    told = [(case.label, case.code)]
    if not case.chain:
        told += [("What came back", case.got)] if case.got else []
        told += [("What is right", case.expected)] if case.expected else []
    return told


def case_lines(function: str, check: CheckResult) -> list[str]:
    """The cases of a failed check as lines of text, after the reveal policy; why there is none, where it is known."""
    lines = [why] if (why := why_none(check)) else []
    for view in (fresh_case(function, check), hidden_case(function, check)):
        if view is None:
            continue
        case = _case(view)
        for label, code in case_text(case):
            lines += [f"{label}:", code]
        lines += [case.told] if case.told else []
        lines += case.chain
    return lines
