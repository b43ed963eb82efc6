"""What the kinds that look at one answer a case share: the judgement of a check by its smallest failing case."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.authoring.kinds.kind import Case, DrawnCheck
from autograder.judging.evidence import Evidence, elements
from autograder.judging.finding import Finding
from autograder.judging.judgement import PASS, Judgement, SmallestCase
from autograder.judging.literals import show, show_arguments, show_code
from autograder.judging.outcomes import no_value
from autograder.judging.tolerance import Tolerance
from autograder.judging.values import compare
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Answer, Ended, Returned

EXACT = Tolerance(relative=0.0, absolute=0.0)

UNREADABLE = Finding(Verdict.WRONG_TYPE, "unreadable", {}, {"detail": "The answer is unreadable"})


@dataclass(frozen=True, slots=True)
class FailedCase:
    """One case that failed; `value` is what came back, where it is to be compared number by number.

    What came back and what is expected are written out where they are told, since most failures are not.
    """

    finding: Finding
    case: Case
    answer: Answer
    got: Callable[[], str]
    expected: Callable[[], str] | None = None
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


def changes(names: Sequence[str], before: Sequence[Any], after: Sequence[Any]) -> Finding | None:
    """What is found of arguments that a call has changed; None where all are as they were.

    Args:
        names: of the parameters.
        before: the arguments as they were sent.
        after: as they came back.
    """
    if unchanged(after, before):
        return None
    pairs = zip(names, before, after, strict=False)
    changed = next(((name, old, new) for name, old, new in pairs if not unchanged(new, old)), None)
    if changed is None or len(after) != len(before):
        return Finding(Verdict.FAILED, "changes_arguments")
    name, old, new = changed
    return Finding(Verdict.FAILED, "changes_arguments", {}, {"name": name, "before": show(old), "after": show(new)})


def value_and_after(answer: Returned) -> tuple[Any, Any] | None:
    """What a call gave, and its arguments after it; None where that is not what came."""
    pair = answer.value
    if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[1], tuple):
        return None
    return pair[0], pair[1]


def value_first(wrong: Finding | None, answer: Answer) -> Finding | None:
    """Of a check that asks for more than the value: it is not counted where a value came back that is wrong."""
    if wrong is None or not isinstance(answer, Returned):
        return wrong
    return Finding(wrong.verdict, "value_first", part=wrong)


def compared(check: DrawnCheck, case: Case, answer: Answer) -> Finding | None:
    """One answer against the expected value."""
    wrong = no_value(answer)
    if wrong is not None or not isinstance(answer, Returned):
        return wrong
    return compare(answer.value, case.expected, check.tolerance, case.scale)


def _evidence(check: DrawnCheck, failed: FailedCase) -> Evidence:
    """What a page can show of one failed case."""
    finding, case = failed.finding, failed.case
    code = show_code(check.check.function, check.parameters, case.arguments)
    if finding.verdict is not Verdict.FAILED or failed.value is None:
        return Evidence(finding.file, finding.line, code)
    numbers, count = elements(failed.value, case.expected, check.tolerance, case.scale, check.check.kind.parts)
    if all(each.right for each in numbers):
        # The value is right; what is wrong is a warning, or a changed argument.
        return Evidence(finding.file, finding.line, code)
    return Evidence(finding.file, finding.line, code, numbers, count)


def judgement(check: DrawnCheck, failures: Sequence[FailedCase]) -> Judgement:
    """The judgement of a check with these failures, told on the smallest failing case."""
    if not failures:
        return PASS
    # A case that was never tried, since an earlier one ended the process, tells the least.
    smallest = min(failures, key=lambda f: (isinstance(f.answer, Ended) and f.answer.after, size_of(f.case.arguments)))
    finding, answer = smallest.finding, smallest.answer
    shown = SmallestCase(
        arguments=show_arguments(check.parameters, smallest.case.arguments),
        got=smallest.got(),
        expected=None if smallest.expected is None else smallest.expected(),
        outcome=no_value(answer),
    )
    failing = len(failures), len(check.cases) + len(check.good_cases)
    return Judgement(finding.verdict, finding, failing, shown, evidence=_evidence(check, smallest))
