"""The staff's files that handouts are made of."""

from dataclasses import dataclass
from pathlib import Path

from autograder.errors import HandoutError


@dataclass(frozen=True, slots=True)
class Material:
    """The staff's files for one assignment."""

    folder: Path

    @property
    def name(self) -> str:
        """Of the assignment."""
        return self.folder.name

    @property
    def module(self) -> str:
        """The module that students write: the folder's name after its number."""
        return self.name.partition("_")[2]

    def text(self, name: str) -> str:
        """One of the files.

        Raises:
            HandoutError: it cannot be read.
        """
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise HandoutError(f"{self.folder / name}: {error}") from error


def materials(solutions: Path) -> list[Material]:
    """The assignments of a folder of solutions: those with a statement.

    Raises:
        HandoutError: there is none.
    """
    found = [Material(path.parent) for path in sorted(solutions.glob("*/statement.md"))]
    if not found:
        raise HandoutError(f"{solutions} holds no assignment: none of its folders has a statement.md")
    return found
