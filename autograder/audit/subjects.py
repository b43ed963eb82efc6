"""What an audit tries: whole submissions whose right verdict is known beforehand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from autograder.authoring.declarations import CaughtBy, Derivation, Mistake
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
    return {f"{STAFF}/__init__.py": b"", **files}


HEAD = """import numpy as np
from staff import {module} as reference, questions
from staff.{module} import *
try:
    from staff import mistakes
except ImportError:
    pass
declared = next(value for value in vars(questions).values() if type(value).__name__ == "Assignment")
known = {{(wrong.function, wrong.name): wrong.call for wrong in (*declared.mistakes, *declared.wrongs)}}


def change(value):
    if isinstance(value, np.ndarray) and value.size:
        value[...] = value[::-1] + 1 if value.ndim else value + 1
        return True
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return any([change(part) for part in parts])


def changing(right):
    def wrong(*arguments):
        value = right(*arguments)
        change(arguments)
        return value

    return wrong


def line_off(right, number):
    lines = right()
    relation, step = lines[number]
    lines[number] = (relation, lambda *case: step(*case) + 1e6)  # more than any slack of an inequality
    return lines


def turned(right):
    other = {{"<=": ">=", ">=": "<=", "=": "<="}}
    return [(other.get(relation, relation), step) for relation, step in right()]
"""


@dataclass(frozen=True, slots=True)
class WrongVersion:
    """A wrong version of one function, as an expression of the module that `HEAD` begins."""

    kind: SubjectKind
    name: str
    function: str
    expression: str
    caught_by: CaughtBy = "value"


def _of_author(mistake: Mistake, kind: SubjectKind) -> WrongVersion:
    expression = f"known[{mistake.function!r}, {mistake.name!r}]"
    return WrongVersion(kind, mistake.name, mistake.function, expression, mistake.caught_by)


def _of_everyone(solution: Solution) -> Iterator[WrongVersion]:
    """Wrong versions that any function may have: derivations with a line off or too few, arguments that change."""
    kinds = {check.function: check.kind for check in solution.assignment.checks}
    for function, kind in kinds.items():
        right = f"reference.{function}"
        if isinstance(kind, Derivation):
            lines = len(getattr(solution.reference, function)())
            for number in range(lines):
                yield WrongVersion(
                    SubjectKind.WRONG, f"line_{number + 1}_off", function, f"lambda: line_off({right}, {number})"
                )
            yield WrongVersion(SubjectKind.WRONG, "relations_turned", function, f"lambda: turned({right})")
            yield WrongVersion(SubjectKind.WRONG, "ends_only", function, f"lambda: [{right}()[0], {right}()[-1]]")
        elif _takes_arrays(solution, function):
            yield WrongVersion(SubjectKind.WRONG, "changes_its_arguments", function, f"changing({right})", "untouched")


def _takes_arrays(solution: Solution, function: str) -> bool:
    """Whether a case of the function holds an array that could be changed."""
    checks = [check for check in solution.assignment.checks if check.function == function]
    rng = np.random.default_rng(0)
    return any(_holds_array(check.make(rng, check.sizes[-1])) for check in checks)


def _holds_array(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_holds_array, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_holds_array, value))
    return isinstance(value, np.ndarray) and value.size > 0


def wrongs(solution: Solution) -> list[WrongVersion]:
    """Every wrong version of one function: the known mistakes, the author's further ones, and everybody's."""
    assignment = solution.assignment
    known = [_of_author(mistake, SubjectKind.MISTAKE) for mistake in assignment.mistakes]
    further = [_of_author(mistake, SubjectKind.WRONG) for mistake in assignment.wrongs]
    return [*known, *further, *_of_everyone(solution)]


def with_wrong(solution: Solution, wrong: WrongVersion) -> Subject:
    """The reference with one wrong function in place of the right one."""
    assignment = solution.assignment
    source = f"{HEAD.format(module=assignment.module)}\n\n{wrong.function} = {wrong.expression}\n"
    files = {**_staff_files(solution), f"{assignment.module}.py": source.encode()}
    return Subject(
        assignment.name, wrong.kind, wrong.name, wrong.function, assignment.module, files, caught_by=wrong.caught_by
    )


def alias(number: int) -> str:
    """The name under which `with_all` holds the wrong version of this number."""
    return f"wrong_{number}"


def with_all(solution: Solution, every: list[WrongVersion]) -> Subject:
    """One submission that holds every wrong version beside the right functions, each under its `alias`."""
    assignment = solution.assignment
    lines = [f"{alias(number)} = {wrong.expression}" for number, wrong in enumerate(every)]
    source = HEAD.format(module=assignment.module) + "\n\n" + "\n".join(lines) + "\n"
    files = {**_staff_files(solution), f"{assignment.module}.py": source.encode()}
    return Subject(assignment.name, SubjectKind.WRONG, "all", "", assignment.module, files)
