"""Mutants that no test need notice, each with the reason: `excuses.toml`."""

from pathlib import Path

import msgspec

from tests.engine_audit.engine_mutants import EngineMutant

EXCUSES = Path(__file__).parent / "excuses.toml"


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
        if not self.reason.strip():
            raise ValueError("a mutant is excused by a reason")

    def covers(self, mutant: EngineMutant) -> bool:
        """Whether this is the mutant that is meant."""
        same = (self.module, self.function, self.before) == (mutant.module, mutant.function, mutant.before)
        return same and self.after in ("", mutant.after)


class _Excuses(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    excuse: tuple[Excuse, ...] = ()


def read_excuses(path: Path = EXCUSES) -> tuple[Excuse, ...]:
    """The excuses.

    Raises:
        ValueError: the file is wrong; says what in it.
    """
    try:
        return msgspec.toml.decode(path.read_bytes(), type=_Excuses).excuse
    except (msgspec.DecodeError, ValueError) as error:
        raise ValueError(f"{path}: {error}") from error
