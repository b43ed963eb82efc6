"""Finds a student's own work on their own machine: the folder of an assignment, and the file that will be graded."""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import OwnFolderError
from autograder.students.checks import function_of
from autograder.submissions.intake_limits import MODULE_BYTES, NOTEBOOK_FILE_BYTES, WORK_BYTES, WORK_FILES
from autograder.submissions.notebook_reader import SUFFIX, NotebookContent, read_notebook
from autograder.submissions.tree import RefusedError, is_skipped
from autograder.submissions.unwritten import is_untouched

CHECKS = "test_"
# What every handout's checks import.
HELPERS = "autograder.public"


@dataclass(frozen=True, slots=True)
class AssignmentFolder:
    """One assignment's folder, and what stands in it.

    Args:
        folder: of the assignment.
        module: the name of the module asked for, without .py.
        checks: the source of the public checks.
        source: the module's bytes; None where there is no module.
        notebook: what the notebook holds; None where there is none or it cannot be read.
        wrong: what is wrong with the files, one sentence each.
    """

    folder: Path
    module: str
    checks: str
    source: bytes | None
    notebook: NotebookContent | None
    wrong: list[str] = field(default_factory=list)

    @property
    def module_file(self) -> Path:
        """Where the module is, or would be."""
        return self.folder / f"{self.module}.py"

    @property
    def notebook_file(self) -> Path:
        """Where the notebook is, or would be."""
        return self.folder / f"{self.module}{SUFFIX}"

    @property
    def module_written(self) -> bool:
        """Whether a module is there that is not as it was given out."""
        return self.source is not None and bool(self.source.strip()) and not is_untouched(self.source)

    @property
    def notebook_written(self) -> bool:
        """Whether a notebook is there whose code is not as it was given out."""
        code = b"\n".join(self.notebook.cells.values()) if self.notebook is not None else b""
        return bool(code.strip()) and not is_untouched(code)

    @property
    def taken(self) -> Path | None:
        """The file that is graded: as the grader chooses, the module unless only the notebook was worked in."""
        if self.source is not None and (self.module_written or not self.notebook_written):
            return self.module_file
        return self.notebook_file if self.notebook is not None else None

    @property
    def functions(self) -> list[str]:
        """The functions that are asked for, as far as the public checks tell."""
        names = [node.name for node in ast.parse(self.checks).body if isinstance(node, ast.FunctionDef)]
        return list(dict.fromkeys(function for name in names if (function := function_of(name))))

    def files(self) -> dict[str, bytes]:
        """The sources that are imported, by name: the module or the cells, and the helpers beside and below it."""
        helpers = {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in self.helpers()}
        if self.taken == self.notebook_file and self.notebook is not None:
            return {**self.notebook.cells, **helpers}
        return {self.module_file.name: self.source or b"", **helpers}

    def cells(self) -> list[str]:
        """The names of the notebook's cells, where it is what is taken."""
        return list(self.notebook.cells) if self.taken == self.notebook_file and self.notebook is not None else []

    def helpers(self) -> list[Path]:
        """Python files of the student's own beside and below the module, as many as are graded."""
        found: list[Path] = []
        left = WORK_BYTES
        for path in sorted(_python_files(self.folder), key=lambda path: (len(path.parts), path)):
            size = path.stat().st_size
            if path != self.module_file and size <= left and len(found) < WORK_FILES - 1:
                found.append(path)
                left -= size
        return found


def _python_files(folder: Path) -> Iterator[Path]:
    """Ordinary files, following no link; without checks, caches and hidden folders."""
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if name.startswith((".", CHECKS)) or is_skipped(name) or name in ("tests", "venv", "env", "conftest.py"):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _python_files(Path(entry.path))
            elif name.endswith(".py") and entry.is_file(follow_symlinks=False):
                yield Path(entry.path)


def find_work(path: Path) -> list[AssignmentFolder]:
    """The work in a file, in the folder of an assignment, or in the folder of several.

    Raises:
        WorkError: there is none; says what to do.
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
        return [_work(path.parent, module, only=path)]
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


def _work(folder: Path, module: str, only: Path | None = None) -> AssignmentFolder:
    wrong: list[str] = []
    path = folder / f"{CHECKS}{module}.py"
    try:
        checks = path.read_text(encoding="utf-8")
        ast.parse(checks)
    except (OSError, SyntaxError, ValueError) as error:
        raise OwnFolderError(
            f"{path}, the public checks, cannot be read ({error}). Copy it from the handout."
        ) from error
    source = _read(folder / f"{module}.py", MODULE_BYTES, only, wrong)
    data = _read(folder / f"{module}{SUFFIX}", NOTEBOOK_FILE_BYTES, only, wrong)
    notebook = None
    if data is not None:
        try:
            notebook = read_notebook(data)
        except RefusedError as error:
            wrong.append(f"{module}{SUFFIX} {error}.")
    return AssignmentFolder(folder, module, checks, source, notebook, wrong)


def _read(path: Path, most: int, only: Path | None, wrong: list[str]) -> bytes | None:
    """A file's bytes, where it is there and is looked at."""
    if only is not None and only != path:
        return None
    if path.is_symlink():
        wrong.append(
            f"{path.name} is a symbolic link, which is not followed when it is graded: put the file itself here."
        )
        return None
    if not path.is_file():
        return None
    if path.stat().st_size > most:
        more = " Clear its outputs." if path.suffix == SUFFIX else ""
        wrong.append(f"{path.name} has {path.stat().st_size:,} bytes, and at most {most:,} are graded.{more}")
        return None
    return path.read_bytes()
