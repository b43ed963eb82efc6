"""Mutants that no test need notice, each with the reason: `excuses.toml`."""

from pathlib import Path

import msgspec

from tests.engine_audit.engine_mutants import EngineMutant

EXCUSES = Path(__file__).parent / "excuses.toml"


class GeneralExcuse(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change of one text by another that means the same wherever it survives."""

    before: str
    after: str
    reason: str

    def __post_init__(self) -> None:
        _needs_reason(self.reason)

    def covers(self, mutant: EngineMutant) -> bool:
        """Whether the mutant is this change and no other."""
        parts = mutant.before.split(self.before)
        made = (self.before.join(parts[:at]) + self.after + self.before.join(parts[at:]) for at in range(1, len(parts)))
        return mutant.after in made


def _needs_reason(reason: str) -> None:
    if not reason.strip():
        raise ValueError("a mutant is excused by a reason")


class Excuse(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mutant that means the same, or what nobody promised.

    Without `after`, every mutant of these lines that survives is excused.
    """

    module: str
    function: str
    before: str
    reason: str
    after: str = ""

    def __post_init__(self) -> None:
        _needs_reason(self.reason)

    def covers(self, mutant: EngineMutant) -> bool:
        """Whether this is the mutant that is meant."""
        same = (self.module, self.function, self.before) == (mutant.module, mutant.function, mutant.before)
        return same and self.after in ("", mutant.after)


class _Excuses(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    general: tuple[GeneralExcuse, ...] = ()
    excuse: tuple[Excuse, ...] = ()


def read_excuses(path: Path = EXCUSES) -> tuple[Excuse | GeneralExcuse, ...]:
    """The excuses, of single mutants first.

    Raises:
        ValueError: the file is wrong; says what in it.
    """
    try:
        found = msgspec.toml.decode(path.read_bytes(), type=_Excuses)
    except (msgspec.DecodeError, ValueError) as error:
        raise ValueError(f"{path}: {error}") from error
    return (*found.excuse, *found.general)
