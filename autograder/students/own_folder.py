"""Finds a student's own work on their own machine: the folder of an assignment, and the file that will be graded.

Which file that is, and what comes with it, is decided by the code that decides it when a class is graded.
"""

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.errors import OwnFolderError
from autograder.students.checks import function_of
from autograder.students.local_tree import LocalTree
from autograder.submissions.asked import AskedWork
from autograder.submissions.notebook_reader import SUFFIX
from autograder.submissions.picking import PickedWork, gathered, pick_one
from autograder.submissions.reader import Reader
from autograder.submissions.receipt import Attachment, Receipt
from autograder.submissions.submission import Submission, Work

CHECKS = "test_"
# What every handout's checks import.
HELPERS = "autograder.public"
# Intake speaks of what was done; here it is still to come.
_TO_COME = (
    (re.compile(r"\bwas graded\b"), "is graded"),
    (re.compile(r"\bwas not\b(?=[,.])"), "is not"),
    (re.compile(r"\bwere not\b(?=[,.])"), "are not"),
)


@dataclass(frozen=True)
class AssignmentFolder:
    """One assignment's folder, and what stands in it.

    Args:
        folder: of the assignment.
        module: the name of the module asked for, without .py.
        checks: the source of the public checks.
        without: paths in the folder that are not looked at.
    """

    folder: Path
    module: str
    checks: str
    without: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Of the assignment: its folder's."""
        return self.folder.resolve().name

    @property
    def module_file(self) -> Path:
        """Where the module is, or would be."""
        return self.folder / f"{self.module}.py"

    @property
    def notebook_file(self) -> Path:
        """Where the notebook is, or would be."""
        return self.folder / f"{self.module}{SUFFIX}"

    @cached_property
    def functions(self) -> list[str]:
        """The functions that are asked for, as far as the public checks tell."""
        names = [node.name for node in ast.parse(self.checks).body if isinstance(node, ast.FunctionDef)]
        return list(dict.fromkeys(function for name in names if (function := function_of(name))))

    @property
    def asked(self) -> AskedWork:
        """What is asked for, as far as the folder tells."""
        return AskedWork(self.module, tuple(self.functions))

    @cached_property
    def _read(self) -> tuple[PickedWork, Submission]:
        course = {self.name: self.asked}
        reader = Reader(LocalTree(self.folder, self.without), course)
        picked = pick_one(reader, self.name, course)
        return picked, gathered("", reader, course, {self.name: picked})

    @property
    def picked(self) -> PickedWork:
        """What was found."""
        return self._read[0]

    @property
    def work(self) -> Work | None:
        """What is graded; None where there is neither module nor notebook."""
        return self._read[1].works.get(self.name)

    @property
    def receipt(self) -> Receipt:
        """What is graded, and what is left out."""
        return self._read[1].receipts[self.name]

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The written work that is no text."""
        return self._read[1].attachments[self.name]

    @property
    def taken(self) -> Path | None:
        """The file that is graded."""
        taken = self.picked.taken
        return None if taken is None else self.folder / taken.path

    @property
    def notes(self) -> list[str]:
        """What a person should know before anything is run, one sentence each."""
        found = [] if self.taken is not None else [self._missing()]
        for note in self._read[1].notes:
            for pattern, instead in _TO_COME:
                note = pattern.sub(instead, note)
            # What cannot be read is the reason that there is nothing, too.
            found += [] if any(note in told for told in found) else [note]
        return found

    def _missing(self) -> str:
        problem = self._read[1].problems[self.name]
        if self.picked.offers or "could be read" in problem:
            return problem
        return f"There is neither {self.module_file.name} nor {self.notebook_file.name}."

    def files(self) -> dict[str, bytes]:
        """The sources that are imported, by name: the module or the cells, and the helpers beside and below it."""
        return {} if self.work is None else dict(self.work.files)

    def cells(self) -> list[str]:
        """The names of the notebook's cells, where it is what is taken."""
        return [] if self.work is None else list(self.work.cells)


def find_work(path: Path) -> list[AssignmentFolder]:
    """The work in a file, in the folder of an assignment, or in the folder of several.

    Raises:
        OwnFolderError: there is none; says what to do.
    """
    if not path.exists():
        raise OwnFolderError(f"{path} does not exist.")
    if path.is_file():
        module = path.stem
        if path.suffix not in (".py", SUFFIX):
            raise OwnFolderError(f"{path} is neither a Python file nor a notebook.")
        checks = path.parent / f"{CHECKS}{module}.py"
        if not checks.is_file():
            raise OwnFolderError(
                f"{checks} is missing: it holds the public checks of {path.name}. Copy it from the handout."
            )
        other = f"{module}{SUFFIX if path.suffix == '.py' else '.py'}"
        return [_work(path.parent, module, frozenset({other}))]
    folders = [path, *sorted(below for below in path.iterdir() if below.is_dir() and not below.name.startswith("."))]
    for group in ([folders[0]], folders[1:]):
        found = [
            _work(folder, checks.stem.removeprefix(CHECKS))
            for folder in group
            for checks in sorted(folder.glob(f"{CHECKS}*.py"))
            if HELPERS in checks.read_text(encoding="utf-8", errors="replace")  # not tests of the student's own
        ]
        if found:
            return found
    raise OwnFolderError(
        f"{path} is no assignment's folder: it has no file {CHECKS}*.py, which holds the public checks. "
        "Go to the folder that you were given, or name it."
    )


def _work(folder: Path, module: str, without: frozenset[str] = frozenset()) -> AssignmentFolder:
    path = folder / f"{CHECKS}{module}.py"
    try:
        checks = path.read_text(encoding="utf-8")
        ast.parse(checks)
    except (OSError, SyntaxError, ValueError) as error:
        raise OwnFolderError(
            f"{path}, the public checks, cannot be read ({error}). Copy it from the handout."
        ) from error
    return AssignmentFolder(folder, module, checks, without)
