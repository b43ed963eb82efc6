"""The settings of a course: its secret seed, its tolerances, and what students may see. One file, checked on load."""

from enum import StrEnum
from pathlib import Path

import msgspec


class CourseError(ValueError):
    """A settings file that cannot be used; names the file and what is wrong in it."""


class Reveal(StrEnum):
    """How much of a hidden check a student's page shows; each shows what those before it show."""

    VERDICT = "verdict"
    HINT = "hint"
    CASE = "case"
    FULL = "full"


class Tolerance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number is right when |got - expected| <= absolute + relative * |expected|."""

    relative: float
    absolute: float


class Course(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `course.toml` says.

    `tolerances` needs "value", "derivation" and "differences"; checks may name further ones.
    """

    seed: int
    tolerances: dict[str, Tolerance]
    title: str = ""
    reveal: Reveal = Reveal.HINT

    def __post_init__(self) -> None:
        missing = {"value", "derivation", "differences"} - set(self.tolerances)
        if missing:
            raise ValueError(f"tolerances.{sorted(missing)[0]} is missing")
        for name, tolerance in self.tolerances.items():
            if tolerance.relative < 0 or tolerance.absolute < 0:
                raise ValueError(f"tolerances.{name} is negative")


def read_course(path: Path) -> Course:
    """Read and check `course.toml`.

    Raises:
        CourseError: it is missing or wrong.
    """
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Course)
    except FileNotFoundError as error:
        raise CourseError(f"{path}: there is no such file; it holds the course's seed and tolerances") from error
    except (OSError, msgspec.DecodeError, ValueError) as error:
        raise CourseError(f"{path}: {error}") from error
