"""The reveal policy: one pure function that takes out of a record what its student may not see.

Pages, files for students, the terminal and every bridge show `revealed(result, policy)` and nothing else. What each
level shows is told in docs/feedback.md; the rule behind it: below `case` nothing is shown that a process wrote which
could have seen a hidden case. That includes values along a curve, which come from a process of the server that holds
the cases. A counterexample comes from a server that never held any, and is shown from `hint` on.
"""

from msgspec.structs import replace

from autograder.judging.evidence import Chain, Element, Evidence
from autograder.judging.finding import Finding
from autograder.judging.levels import Reveal
from autograder.judging.verdicts import Verdict
from autograder.records.record import AssignmentResult, CheckResult, CurveResult, QuestionResult, Result

_ORDER = list(Reveal)


def at_least(level: Reveal, other: Reveal) -> bool:
    """Whether `level` shows what `other` shows."""
    return _ORDER.index(level) >= _ORDER.index(other)


def revealed(result: Result, policy: Reveal) -> Result:
    """The record as its student may see it.

    Args:
        result: the whole record.
        policy: of the course; a check's own level stands above it.
    """
    return replace(
        result,
        # A traceback of ours, for maintainers.
        grader_error="",
        assignments=tuple(_assignment(assignment, policy) for assignment in result.assignments),
    )


def _opened(found: Finding) -> Finding:
    """A finding without what it holds of a hidden case."""
    return replace(found, case={}, part=None if found.part is None else _opened(found.part))


def _assignment(assignment: AssignmentResult, policy: Reveal) -> AssignmentResult:
    questions = tuple(_question(question, policy) for question in assignment.questions)
    return replace(
        assignment,
        questions=questions,
        unusual=(),
        failure=None if assignment.failure is None else _opened(assignment.failure),
        failed_statements=tuple(map(_opened, assignment.failed_statements)),
    )


def _question(question: QuestionResult, policy: Reveal) -> QuestionResult:
    if question.written:
        criteria = tuple(_criterion(check, number) for number, check in enumerate(question.checks, start=1))
        return replace(question, checks=criteria, mistakes=(), exam="")
    return replace(
        question,
        checks=tuple(_check(check, check.reveal or policy) for check in question.checks),
        # A hash of the course's secret seed, among other things.
        exam="",
        # Names of the catalogue may say what is right.
        mistakes=(),
        curves=tuple(_curve(curve, policy) for curve in question.curves) if at_least(policy, Reveal.CASE) else (),
    )


def _criterion(check: CheckResult, number: int) -> CheckResult:
    """A criterion names what a right answer says: it is told once a person has marked it, at every level."""
    return replace(check, title=f"Criterion {number}") if check.verdict is Verdict.UNGRADED else check


def _curve(curve: CurveResult, level: Reveal) -> CurveResult:
    return curve if at_least(level, Reveal.FULL) else replace(curve, expected=())


def _check(check: CheckResult, level: Reveal) -> CheckResult:
    if check.verdict is Verdict.PASSED or level is Reveal.FULL:
        return check
    if level is Reveal.VERDICT:
        return replace(
            check,
            message="",
            hint="",
            brief="",
            case=None,
            evidence=None,
            finding=None,
            failing=None,
            notes=(),
            diagnosis=None,
            example=None,
        )
    evidence = None if check.evidence is None else _evidence(check.evidence, level)
    case = None
    if at_least(level, Reveal.CASE) and check.case is not None:
        case = replace(check.case, expected=None, error=None, outcome=None)
    # The message tells the case and what is right in one sentence.
    return replace(
        check,
        message="",
        case=case,
        evidence=evidence,
        finding=None if check.finding is None else _opened(check.finding),
        failing=None,
        notes=tuple(map(_opened, check.notes)),
    )


def _evidence(evidence: Evidence, level: Reveal) -> Evidence:
    shows_case = at_least(level, Reveal.CASE)
    return replace(
        evidence,
        code=evidence.code if shows_case else "",
        elements=tuple(Element(e.place, e.got, None, e.right) for e in evidence.elements) if shows_case else (),
        count=evidence.count if shows_case else 0,
        chain=None if evidence.chain is None else _chain(evidence.chain, shows_case),
    )


def _chain(chain: Chain, shows_case: bool) -> Chain:
    """Relations, what links use and which breaks are the student's own; values belong to a case, the ends are right."""
    lines = chain.lines if shows_case else tuple(replace(line, value=None, reason="") for line in chain.lines)
    return replace(chain, lines=lines, ends=None)
