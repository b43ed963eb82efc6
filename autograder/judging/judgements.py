"""What is said of one check: a verdict, words with it, and the smallest case."""

from dataclasses import dataclass

from autograder.judging.evidence import Evidence
from autograder.judging.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class ShownCase:
    """The smallest failing case in words: arguments and values as NumPy code, the error where there is one."""

    arguments: str
    got: str
    expected: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of one check.

    `brief` holds nothing of a hidden case and may always be shown; `case` and `message` are for those whom the reveal
    policy lets see them, and so is `evidence`. `share` is the part of the points that is earned.
    """

    verdict: Verdict
    brief: str = ""
    message: str = ""
    case: ShownCase | None = None
    share: float = 0.0
    hint: str = ""
    evidence: Evidence | None = None


PASS = Judgement(Verdict.PASSED, share=1.0)
