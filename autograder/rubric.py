"""Written answers: what is asked, and the criteria by which a person marks them."""

from pathlib import Path

import msgspec


class RubricError(ValueError):
    """A rubric that cannot be used; names the file and what is wrong in it."""


class Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to look for, and its points. Staff only."""

    points: float
    text: str


class WrittenAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One written answer; `task` is for students."""

    id: str
    title: str
    task: str
    criterion: tuple[Criterion, ...]

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


def read_rubric(path: Path) -> tuple[WrittenAnswer, ...]:
    """The written answers in a `rubric.toml`.

    Raises:
        RubricError: the file is missing or wrong.
    """
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Rubric).answer
    except (OSError, msgspec.DecodeError, ValueError) as error:
        raise RubricError(f"{path}: {error}") from error
