"""How good is good enough (`audit.toml`), and which mutants are no mistakes (each assignment's `equivalent.toml`)."""

from pathlib import Path
from typing import TypeVar

import msgspec

from autograder.audit.mutants import Mutant
from autograder.errors import StandardsError

File = TypeVar("File", bound=msgspec.Struct)


class Standards(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an audit must find; shares are from 0 to 1.

    Args:
        alternatives: right solutions beside the reference, per assignment, at least.
        caught: share of the wrong versions that lose points in their function, and nowhere else.
        named: share of the known mistakes that are told as themselves, and as no other.
        killed: share of the mutants, without the excused ones, that lose points.
        seeds: how many seeds right solutions are tried with; none may ever lose a point.
        power_seeds: how many of them the wrong versions are tried with, too.
        power: share of these with which each single wrong version loses points, at least.
        idle: checks ("assignment.function.check") that may catch nothing alone. Of any other check it would not be
            noticed if it were gone.
    """

    alternatives: int = 3
    caught: float = 1.0
    named: float = 0.97
    killed: float = 0.99
    seeds: int = 200
    power_seeds: int = 50
    power: float = 0.98
    idle: tuple[str, ...] = ()


class Equivalent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mutant that computes the same, or what nobody promised: its lines before and after, and the reason.

    Without `after`, every mutant of these lines that survives is excused.
    """

    function: str
    before: str
    reason: str
    after: str = ""

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("a mutant is excused by a reason")

    def excuses(self, mutant: Mutant) -> bool:
        """Whether this is the mutant that is meant."""
        same = (self.function, self.before) == (mutant.function, mutant.before)
        return same and self.after in ("", mutant.after)


class Equivalents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The excused mutants of one assignment."""

    mutant: tuple[Equivalent, ...] = ()


def _read(path: Path, kind: type[File]) -> File:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        return kind()
    except (OSError, msgspec.DecodeError, ValueError) as error:
        raise StandardsError(f"{path}: {error}") from error


def read_standards(solutions: Path) -> Standards:
    """The thresholds of a folder of solutions; the usual ones where it has no `audit.toml`.

    Raises:
        StandardsError: the file is wrong.
    """
    return _read(solutions / "audit.toml", Standards)


def read_equivalents(folder: Path) -> tuple[Equivalent, ...]:
    """The excused mutants of an assignment's folder.

    Raises:
        StandardsError: the file is wrong.
    """
    return _read(folder / "equivalent.toml", Equivalents).mutant
