"""What an audit tries: whole submissions whose right verdict is known beforehand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from autograder.authoring import wrong_versions
from autograder.authoring.declarations import Mistake
from autograder.authoring.kinds.kind import CaughtBy
from autograder.course.solutions import Solution
from autograder.handout import stub

# A package inside such a submission that holds the staff's own modules.
STAFF = "staff"


class SubjectKind(StrEnum):
    """What a subject is, and so how it must be judged."""

    REFERENCE = "reference"  # passes everything
    ALTERNATIVE = "alternative"  # passes everything
    STUB = "stub"  # has no point
    MISTAKE = "mistake"  # loses points in its function alone, and is named
    WRONG = "wrong"  # loses points in its function alone
    MUTANT = "mutant"  # loses points


@dataclass(frozen=True, slots=True)
class Subject:
    """One submission to one assignment.

    Args:
        assignment: its name.
        kind: what it is.
        name: within its kind and function.
        function: that a mistake or mutant stands in; empty for whole solutions.
        module: to be imported, without `.py`.
        files: source by path.
        asked: the functions to ask, where the others cannot differ from the reference's; None for all.
        caught_by: of a wrong version, what must catch it.
    """

    assignment: str
    kind: SubjectKind
    name: str
    function: str
    module: str
    files: Mapping[str, bytes]
    asked: frozenset[str] | None = None
    caught_by: CaughtBy = "value"

    @property
    def label(self) -> str:
        """For people."""
        return f"{self.function}: {self.name}" if self.function else self.name


def whole(solution: Solution) -> Iterator[Subject]:
    """The reference, every alternative, and the stub that students get."""
    assignment = solution.assignment
    file = f"{assignment.module}.py"
    source = (solution.folder / file).read_bytes()
    yield Subject(assignment.name, SubjectKind.REFERENCE, assignment.module, "", assignment.module, {file: source})
    for path in sorted((solution.folder / "alternatives").glob("*.py")):
        files = {file: path.read_bytes()}
        yield Subject(assignment.name, SubjectKind.ALTERNATIVE, path.stem, "", assignment.module, files)
    made = stub(source.decode(), file).module.encode()
    yield Subject(assignment.name, SubjectKind.STUB, "stub", "", assignment.module, {file: made})


def _staff_files(solution: Solution) -> dict[str, bytes]:
    """The staff's modules as they stand, for the sandbox: these submissions are our own."""
    files = {f"{STAFF}/{path.name}": path.read_bytes() for path in sorted(solution.folder.glob("*.py"))}
    ours = Path(__file__).with_name(f"{DECLARATIONS}.py").read_bytes()
    # What the staff's modules import of this package, and what a sandbox cannot read there.
    working = Path(wrong_versions.__file__).read_bytes()
    return {f"{STAFF}/__init__.py": b"", f"{DECLARATIONS}.py": ours, f"{WORKING}.py": working, **files}


# The modules that each of them begins with: ours in place of what a sandbox has not.
DECLARATIONS = "staff_declarations"
WORKING = "staff_wrong_versions"
HEAD = f"""import numpy as np
import {DECLARATIONS}
from {STAFF} import {{module}} as reference, questions
from {STAFF}.{{module}} import *
try:
    from {STAFF} import mistakes
except ImportError:
    pass
known = {DECLARATIONS}.KNOWN
"""


@dataclass(frozen=True, slots=True)
class WrongVersion:
    """A wrong version of one function, as an expression of the module that `HEAD` and `helpers` begin."""

    kind: SubjectKind
    name: str
    function: str
    expression: str
    caught_by: CaughtBy = "value"
    helpers: str = ""


def _of_author(mistake: Mistake, kind: SubjectKind) -> WrongVersion:
    expression = f"known[{mistake.function!r}, {mistake.name!r}]"
    return WrongVersion(kind, mistake.name, mistake.function, expression, mistake.caught_by)


def _of_everyone(solution: Solution) -> Iterator[WrongVersion]:
    """Wrong versions that any function with checks of these kinds may have."""
    for function in solution.assignment.functions:
        checks = [check for check in solution.assignment.checks if check.function == function]
        rng, right = np.random.default_rng(0), getattr(solution.reference, function)
        found = {
            each.name: each
            for check in checks
            for each in check.kind.generic_wrongs(function, right, check.make(rng, check.sizes[-1]))
        }
        for each in found.values():
            kind = SubjectKind.WRONG
            yield WrongVersion(kind, each.name, function, each.expression, each.caught_by, each.helpers)


def wrongs(solution: Solution) -> list[WrongVersion]:
    """Every wrong version of one function: the known mistakes, the author's further ones, and everybody's."""
    assignment = solution.assignment
    known = [_of_author(mistake, SubjectKind.MISTAKE) for mistake in assignment.mistakes]
    further = [_of_author(mistake, SubjectKind.WRONG) for mistake in assignment.wrongs]
    return [*known, *further, *_of_everyone(solution)]


def _head(solution: Solution, every: Sequence[WrongVersion]) -> str:
    """What a module of wrong versions begins with: the staff's modules, and the helpers that these need."""
    helpers = dict.fromkeys(wrong.helpers for wrong in every if wrong.helpers)
    return HEAD.format(module=solution.assignment.module) + "".join(helpers)


def with_wrong(solution: Solution, wrong: WrongVersion) -> Subject:
    """The reference with one wrong function in place of the right one."""
    assignment = solution.assignment
    source = f"{_head(solution, [wrong])}\n\n{wrong.function} = {wrong.expression}\n"
    files = {**_staff_files(solution), f"{assignment.module}.py": source.encode()}
    return Subject(
        assignment.name, wrong.kind, wrong.name, wrong.function, assignment.module, files, caught_by=wrong.caught_by
    )


def alias(number: int) -> str:
    """The name under which `with_all` holds the wrong version of this number."""
    return f"wrong_{number}"


def with_all(solution: Solution, every: Sequence[WrongVersion]) -> Subject:
    """One submission that holds every wrong version beside the right functions, each under its `alias`."""
    assignment = solution.assignment
    lines = [f"{alias(number)} = {wrong.expression}" for number, wrong in enumerate(every)]
    source = _head(solution, every) + "\n\n" + "\n".join(lines) + "\n"
    files = {**_staff_files(solution), f"{assignment.module}.py": source.encode()}
    return Subject(assignment.name, SubjectKind.WRONG, "all", "", assignment.module, files)
