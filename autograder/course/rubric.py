"""Written answers: what is asked, and the criteria by which a person marks them."""

import math
from pathlib import Path

import msgspec

from autograder.course.toml import read_checked
from autograder.errors import RubricError, WrongSettingError


class Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to look for, and its points. Staff only."""

    points: float
    text: str

    def __post_init__(self) -> None:
        if not (math.isfinite(self.points) and self.points > 0):
            raise WrongSettingError(("points",), f"must be a number above 0, not {self.points:g}")
        if not self.text.strip():
            raise WrongSettingError(("text",), "is empty")


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
                raise WrongSettingError((name,), "is empty")
        if not self.criterion:
            raise WrongSettingError((), "has no [[answer.criterion]], so it would be worth nothing")

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
        seen: dict[str, int] = {}
        for place, answer in enumerate(self.answer):
            if (first := seen.setdefault(answer.id, place)) != place:
                raise WrongSettingError(("answer", place, "id"), f"is {answer.id!r}, as that of answer {first + 1} is")


def read_rubric(path: Path) -> tuple[WrittenAnswer, ...]:
    """The written answers in a `rubric.toml`.

    Raises:
        RubricError: the file is missing or wrong.
    """
    return read_checked(path, Rubric, RubricError).answer
