"""What is said of one check: a finding, on the smallest case, and the part of the points that is earned."""

from dataclasses import dataclass

import msgspec

from autograder.judging.evidence import Evidence
from autograder.judging.finding import Finding
from autograder.judging.verdicts import Verdict


class SmallestCase(msgspec.Struct, frozen=True):
    """The smallest failing case, as NumPy code: arguments, what came back, what is right.

    `got` is empty where no value came back; `outcome` then says what did. `error` is how far off the answer is, in
    words.
    """

    arguments: str
    got: str = ""
    expected: str | None = None
    error: str | None = None
    outcome: Finding | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of one check.

    Args:
        verdict: how it ended.
        finding: what was found on the smallest failing case; None where all is right.
        failing: the number of cases on which it failed, and of all; None where that is not what matters.
        case: the smallest failing one.
        share: the part of the points that is earned.
        notes: what was found further, such as that it is right on top of the student's own work.
        hint: what is behind it, if that is known.
        evidence: what a page can show of it.
    """

    verdict: Verdict
    finding: Finding | None = None
    failing: tuple[int, int] | None = None
    case: SmallestCase | None = None
    share: float = 0.0
    notes: tuple[Finding, ...] = ()
    hint: Finding | None = None
    evidence: Evidence | None = None


PASS = Judgement(Verdict.PASSED, share=1.0)


def of(finding: Finding, evidence: Evidence | None = None) -> Judgement:
    """The judgement of a check of which no single case is to be shown."""
    if evidence is None and finding.line is not None:
        evidence = Evidence(finding.file, finding.line)
    return Judgement(finding.verdict, finding, evidence=evidence)
