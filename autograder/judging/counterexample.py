"""A case beside the hidden ones, on which a submission fails a check."""

import msgspec

from autograder.judging.evidence import Evidence
from autograder.judging.finding import Finding
from autograder.judging.judgement import SmallestCase


class Counterexample(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of looking for a case that shows a student what is wrong, and is none of the hidden ones.

    Args:
        finding: what is found on that case, all of which may be shown; where there is none, why.
        case: its arguments, what came back, what is right.
        evidence: what a page can show of it.
    """

    finding: Finding
    case: SmallestCase | None = None
    evidence: Evidence | None = None
