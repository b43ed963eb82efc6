"""What judging finds, as data: a verdict, a code, and values. The sentence of a code stands in `feedback.messages`."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from autograder.judging.verdicts import Verdict

# Plain data, as JSON has it; numbers of a case stand as texts that Python reads back as the same number.
Plain = None | bool | int | float | str | Sequence[Any]


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was found.

    Args:
        verdict: how the check ended by it.
        code: what it is, e.g. "wrong_shape"; the sentences of all codes stand in `feedback.messages`.
        about: values that hold nothing of a hidden case and may always be shown.
        case: values of the case, for those whom the reveal policy lets see it.
        part: what is said of one part of a result, where the finding is about that part.
    """

    verdict: Verdict
    code: str
    about: Mapping[str, Plain] = {}
    case: Mapping[str, Plain] = {}
    part: "Finding | None" = None

    @property
    def file(self) -> str | None:
        """The file in which the student's code raised, if it did."""
        found = self.about.get("file")
        return found if isinstance(found, str) else None

    @property
    def line(self) -> int | None:
        """The line at which it raised."""
        found = self.about.get("line")
        return found if isinstance(found, int) else None
