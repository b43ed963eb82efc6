"""How good is good enough (`audit.toml`), and which mutants are no mistakes (each assignment's `equivalent.toml`)."""

from pathlib import Path

import msgspec

from autograder.audit.mutants import Mutant
from autograder.course.toml import read_checked
from autograder.errors import StandardsError, WrongSettingError


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
        readings: of so many mutants of each assignment, drawn by a seed, pages are read; of wrong versions always.
        first: share of the pages of wrong work that tell the cause first.
        nothing: share of them that may tell nothing.
        false: share of them that may claim what is not so.
        public: share of the known mistakes, of functions with public checks, that these notice.
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
    readings: int = 20
    first: float = 0.8
    nothing: float = 0.0
    false: float = 0.0
    public: float = 0.0
    idle: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("caught", "named", "killed", "power", "first", "nothing", "false", "public"):
            if not 0 <= getattr(self, name) <= 1:
                raise WrongSettingError((name,), f"is {getattr(self, name)}; it is a share, from 0 to 1")
        for name, least in (("alternatives", 0), ("seeds", 1), ("power_seeds", 1), ("readings", 0)):
            if getattr(self, name) < least:
                raise WrongSettingError((name,), f"is {getattr(self, name)}; it is a whole number from {least} on")
        if self.power_seeds > self.seeds:
            raise WrongSettingError(("power_seeds",), f"is {self.power_seeds}, and there are {self.seeds} seeds in all")
        for place, check in enumerate(self.idle):
            if check in self.idle[:place]:
                raise WrongSettingError(("idle", place), f"is {check!r}, which stands there already")


class Equivalent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mutant that computes the same, or what nobody promised: its lines before and after, and the reason.

    Without `after`, every mutant of these lines that survives is excused.
    """

    function: str
    before: str
    reason: str
    after: str = ""

    def __post_init__(self) -> None:
        for name in ("function", "before"):
            if not getattr(self, name).strip():
                raise WrongSettingError((name,), "is empty")
        if not self.reason.strip():
            raise WrongSettingError(("reason",), "is empty: a mutant is excused by a reason")

    def excuses(self, mutant: Mutant) -> bool:
        """Whether this is the mutant that is meant."""
        same = (self.function, self.before) == (mutant.function, mutant.before)
        return same and self.after in ("", mutant.after)


class Equivalents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The excused mutants of one assignment."""

    mutant: tuple[Equivalent, ...] = ()

    def __post_init__(self) -> None:
        seen: dict[tuple[str, str, str], int] = {}
        for place, each in enumerate(self.mutant):
            if (first := seen.setdefault((each.function, each.before, each.after), place)) != place:
                raise WrongSettingError(("mutant", place), f"excuses what mutant {first + 1} does")


def read_standards(solutions: Path) -> Standards:
    """The thresholds of a folder of solutions; the usual ones where it has no `audit.toml`.

    Raises:
        StandardsError: the file is wrong.
    """
    path = solutions / "audit.toml"
    return read_checked(path, Standards, StandardsError) if path.exists() else Standards()


def read_equivalents(folder: Path) -> tuple[Equivalent, ...]:
    """The excused mutants of an assignment's folder.

    Raises:
        StandardsError: the file is wrong.
    """
    path = folder / "equivalent.toml"
    return read_checked(path, Equivalents, StandardsError).mutant if path.exists() else ()
