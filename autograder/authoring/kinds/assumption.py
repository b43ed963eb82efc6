"""What a claim assumes of its ingredients: a fact that can be switched off, so that one sees which links use it."""

from collections.abc import Callable
from dataclasses import dataclass

from autograder.authoring.kinds.kind import Maker
from autograder.errors import AuthoringError

DEFAULT_FURTHER = 6


@dataclass(frozen=True, slots=True)
class Assumption:
    """One assumption of a claim; facts that textbooks use in one breath are declared as one.

    Args:
        sentence: for students, to follow "that": "the soft labels are the noise model".
        fails: makes cases, as the check's own maker does, in which this assumption fails and every other one holds.
        holds: of a case's ingredients, whether the assumption holds; cases are held against it when the exam is made.
        hint: for who does not use it, or uses it together with another; it leads to the idea and gives no line away.
        cases: how many of `fails` are drawn. Let what goes wrong be of many sizes and both signs: nobody shall tell one
            assumption from another by these.

    Raises:
        AuthoringError: the sentence or the hint is empty, or `cases` is below 1.
    """

    sentence: str
    fails: Maker
    holds: Callable[..., bool]
    hint: str
    cases: int = DEFAULT_FURTHER

    def __post_init__(self) -> None:
        if not self.sentence.strip() or self.sentence.strip()[-1] in ".!?":
            raise AuthoringError(
                f"an assumption says {self.sentence!r}: it must be words that follow 'that', without a full stop"
            )
        if not self.hint.strip():
            raise AuthoringError(f"the assumption that {self.sentence} has no hint")
        if self.cases < 1:
            raise AuthoringError(f"the assumption that {self.sentence} needs at least one case in which it fails")
