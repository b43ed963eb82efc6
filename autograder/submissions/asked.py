"""What an assignment asks students to hand in, as far as intake has to know it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.submissions.handed_out import read_handed_out
from autograder.submissions.notebook_reader import SUFFIX

if TYPE_CHECKING:
    from autograder.course.solutions import Solution

ANSWERS = "answers.md"
# The folder of every handout's checks. What is in it is ours, whatever its name.
CHECKS_FOLDER = "tests"


@dataclass(frozen=True)
class AskedWork:
    """One assignment.

    Args:
        module: the name of the module, without .py; a notebook of the same name does as well.
        functions: that are asked for, in order; empty where that is not known.
        answers: the ids of the written answers, in order.
        handed_out: the hashes of what students were given, by path in the assignment's folder.
    """

    module: str
    functions: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    handed_out: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """The name of the module's file."""
        return f"{self.module}.py"

    @property
    def notebook(self) -> str:
        """The name of the notebook's file."""
        return f"{self.module}{SUFFIX}"

    @cached_property
    def ours(self) -> frozenset[str]:
        """The hashes of what was handed out and is no place for work."""
        places = (self.file, self.notebook, ANSWERS)
        return frozenset(hash_ for path, hashes in self.handed_out.items() if path not in places for hash_ in hashes)

    @cached_property
    def apart(self) -> frozenset[str]:
        """The folders of the handout that are no place for work, in small letters."""
        inner = {path.partition("/")[0].casefold() for path in self.handed_out if "/" in path}
        return frozenset({CHECKS_FOLDER, *inner})


# A name alone asks for a module of which nothing else is known.
Asked = AskedWork | str


def asked_works(asked: Mapping[str, Asked]) -> dict[str, AskedWork]:
    """What is asked, by assignment, in full."""
    return {name: AskedWork(one) if isinstance(one, str) else one for name, one in asked.items()}


def asked_of(folder: Path, solutions: Iterable["Solution"]) -> dict[str, AskedWork]:
    """What some assignments of a course ask for.

    Args:
        folder: of the solutions, where the list of what was handed out lies.
        solutions: the assignments.

    Raises:
        SettingsError: that list is damaged.
    """
    given = read_handed_out(folder)
    return {
        solution.assignment.name: AskedWork(
            solution.assignment.module,
            tuple(solution.assignment.functions),
            tuple(answer.id for answer in solution.written),
            given.get(solution.assignment.name, {}),
        )
        for solution in solutions
    }
