"""The public checks inside a notebook: `Notebook("smooth_ap").check("pair_loss")` on the notebook's own functions.

When a notebook is graded, this module is replaced by one that does nothing.
"""

import inspect
import linecache
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.students.check_terminal import SIGNS, failure_lines, summary
from autograder.students.checks import CheckedFunction, Status, load_checks, run_checks
from autograder.students.own_folder import CHECKS
from autograder.students.public_checks import of_notebook


class CheckReport:
    """What came of checks; a notebook shows it below the cell."""

    def __init__(self, functions: list[CheckedFunction]) -> None:
        self.functions = functions

    @property
    def passes(self) -> bool:
        """Whether every function passes."""
        return all(checked.status is Status.PASSES for checked in self.functions)

    def __repr__(self) -> str:
        lines = []
        for checked in self.functions:
            lines.append(f"{SIGNS[checked.status][0]} {checked.function} {checked.words}")
            lines += [f"    {line}" for line in failure_lines(checked)]
        return "\n".join(lines if len(self.functions) == 1 else [*lines, summary(self.functions)])


class PublicCheckError(AssertionError):
    """A public check did not pass; a notebook shows what it says, and none of our own lines."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback."""
        return str(self).splitlines()


class Notebook:
    """The public checks of one assignment, on the functions of the notebook that asks for them.

    Args:
        name: of the module or notebook ("smooth_ap", "smooth_ap.ipynb"); default: of the only public checks here.
        folder: where the public checks are.
        strict: raise where a check does not pass, for tools that see only whether a cell raised (nbgrader's Validate).

    Raises:
        FileNotFoundError: there are no public checks of this name.
    """

    def __init__(self, name: str = "", folder: str | Path = ".", *, strict: bool = False) -> None:
        self._strict = strict
        module = Path(name).stem
        found = sorted(Path(folder).glob(f"{CHECKS}{module or '*'}.py"))
        if len(found) != 1:
            raise FileNotFoundError(
                f"{len(found)} files {CHECKS}{module or '*'}.py in {Path(folder).resolve()}: the public checks must "
                "lie beside the notebook. Copy them from the handout, and name the module if there are several."
            )
        self._file = found[0]
        self._module = found[0].stem.removeprefix(CHECKS)

    def check(self, function: str, names: Mapping[str, Any] | None = None) -> CheckReport:
        """Make the public checks of one function.

        Args:
            function: its name.
            names: where the functions are; default: the notebook's own.

        Raises:
            KeyError: it has no public checks.
            PublicCheckError: a check does not pass, and the notebook is strict.
        """
        names = _caller() if names is None else names
        checks = self._checks(names)
        if function not in checks:
            raise KeyError(f"{function} has no public checks; there are checks of {', '.join(checks)}")
        told = CheckReport([run_checks(function, checks[function], _cells(names))])
        if self._strict and not told.passes:
            raise PublicCheckError(repr(told))
        return told

    def check_all(self, names: Mapping[str, Any] | None = None) -> CheckReport:
        """Make the public checks of all functions."""
        names = _caller() if names is None else names
        cells = _cells(names)
        return CheckReport([run_checks(function, own, cells) for function, own in self._checks(names).items()])

    def _checks(self, names: Mapping[str, Any]) -> dict[str, Any]:
        before = sys.modules.get(self._module)
        sys.modules[self._module] = of_notebook(names)
        try:
            return load_checks(self._file.read_text(encoding="utf-8"), self._file.name)
        finally:
            if before is None:
                del sys.modules[self._module]
            else:
                sys.modules[self._module] = before


def _cells(names: Mapping[str, Any]) -> dict[str, bytes]:
    """The sources of the cells that define the notebook's functions, by the names that tracebacks have."""
    code = [value.__code__ for value in names.values() if inspect.isfunction(value)]
    files = {own.co_filename for own in code if own.co_filename.startswith("<") or "ipykernel" in own.co_filename}
    return {file: "".join(linecache.getlines(file)).encode() for file in files}


def _caller() -> Mapping[str, Any]:
    """The names of the cell that called one of the methods above."""
    frame = inspect.currentframe()
    while frame is not None and frame.f_globals.get("__name__") == __name__:
        frame = frame.f_back
    return {} if frame is None else frame.f_globals
