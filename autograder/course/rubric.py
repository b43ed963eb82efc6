"""Written answers: what is asked, and the criteria by which a person marks them."""

import math
from collections import Counter
from pathlib import Path

import msgspec

from autograder.errors import RubricError


class Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to look for, and its points. Staff only."""

    points: float
    text: str

    def __post_init__(self) -> None:
        if not (math.isfinite(self.points) and self.points > 0):
            raise ValueError(f"points must be a number above 0, not {self.points:g}")
        if not self.text.strip():
            raise ValueError("text is empty")


class WrittenAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One written answer; `task` is for students.

    `derivation` names the function whose lines prove the same: who marks sees the machine's verdict of it.
    """

    id: str
    title: str
    task: str
    criterion: tuple[Criterion, ...]
    derivation: str = ""

    def __post_init__(self) -> None:
        for name in ("id", "title", "task"):
            if not getattr(self, name).strip():
                raise ValueError(f"{name} is empty")
        if not self.criterion:
            raise ValueError(f"answer {self.id!r} has no [[answer.criterion]], so it would be worth nothing")

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """What to look for, in order."""
        return self.criterion

    @property
    def points(self) -> float:
        """The sum of the criteria's points."""
        return sum(criterion.points for criterion in self.criterion)


class Rubric(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The written answers of one assignment."""

    answer: tuple[WrittenAnswer, ...] = ()

    def __post_init__(self) -> None:
        twice = [name for name, count in Counter(answer.id for answer in self.answer).items() if count > 1]
        if twice:
            raise ValueError(f"two answers have the id {twice[0]!r}")


def read_rubric(path: Path) -> tuple[WrittenAnswer, ...]:
    """The written answers in a `rubric.toml`.

    Raises:
        RubricError: the file is missing or wrong.
    """
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Rubric).answer
    except (OSError, msgspec.DecodeError, ValueError) as error:
        raise RubricError(f"{path}: {error}") from error
