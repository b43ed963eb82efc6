"""What `get_ipython()` gives a notebook's cells: it runs what a magic runs of the student's own, and nothing else."""

import os
import shlex
from collections.abc import Mapping
from typing import Any

from autograder.sandbox.inside.harmless import NOTHING
from autograder.sandbox.inside.notebook_cells import RUNS_ITS_CELL, WRITES_ITS_CELL, plain, written_name
from autograder.sandbox.inside.units import Compiler


def stop_at_the_first_error(file: str, text: str, names: dict[str, Any]) -> None:
    """Run a source as IPython does."""
    for unit in Compiler(in_cell=True).units(file, text):
        if unit.error is not None:
            raise unit.error
        unit.run(names)


class Shell:
    """IPython's shell, as far as its calls run code of the student's own; what else is asked of it is passed over.

    Args:
        names: of the notebook.
        files: what can be imported, by path; what cells write is added.
    """

    def __init__(self, names: dict[str, Any], files: dict[str, bytes]) -> None:
        self.user_ns = names
        self.captured = NOTHING
        self._files = files

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return NOTHING

    def run_line_magic(self, name: str, line: str = "", *_: Any) -> Any:
        """`%run` and `%time` run code; what other magics do is of no use here."""
        if name == "run":
            self._run(line)
        elif name == "time" and line.strip():
            return self._timed(line.strip())
        return NOTHING

    def run_cell_magic(self, name: str, line: str, cell: str) -> Any:
        """Run a cell that is Python, or write it."""
        if name in RUNS_ITS_CELL:
            stop_at_the_first_error(f"%%{name}", plain(cell), self.user_ns)
        elif name in WRITES_ITS_CELL:
            self._write(line, cell)
        return NOTHING

    def run_cell(self, raw_cell: str, *_: Any, **__: Any) -> Any:
        """Run a text as a cell."""
        stop_at_the_first_error("run_cell", plain(raw_cell), self.user_ns)
        return NOTHING

    def ev(self, expression: str) -> Any:
        """The value of an expression."""
        return eval(expression, self.user_ns)  # noqa: S307

    def push(self, variables: Mapping[str, Any], *_: Any) -> None:
        """Add names."""
        self.user_ns.update(variables)

    def _timed(self, line: str) -> Any:
        try:
            code = compile(line, "%time", "eval")
        except SyntaxError:
            exec(compile(line, "%time", "exec"), self.user_ns)  # noqa: S102
            return None
        return eval(code, self.user_ns)  # noqa: S307

    def _run(self, line: str) -> None:
        """Run a file that was handed in, and take over what it defines, also where it ends with an error."""
        words = shlex.split(line)
        options = [word for word in words if word.startswith("-")]
        named = [word for word in words if not word.startswith("-")]
        if not named:
            return
        path = self._found(named[0])
        if path is None:
            raise FileNotFoundError(f"%run {named[0]}: no such file was handed in beside the notebook")
        own = "-i" in options
        names = self.user_ns if own else {"__name__": "__main__", "__file__": path, "get_ipython": ShellGetter(self)}
        try:
            stop_at_the_first_error(path, self._files[path].decode(errors="replace"), names)
        finally:
            if not own:
                kept = {name: value for name, value in names.items() if not name.startswith("__")}
                self.user_ns.update(kept)

    def _found(self, named: str) -> str | None:
        """A file as it was handed in: `%run` takes .py for granted, and folders of another machine are not here."""
        path = os.path.normpath(named.replace("\\", "/"))
        if not path.endswith((".py", ".ipynb")):
            path += ".py"
        tries = [path, path.rpartition("/")[2]] if path.startswith("/") else [path]
        return next((each for each in tries if each in self._files), None)

    def _write(self, line: str, cell: str) -> None:
        """`%%writefile`: a module is there to be imported; any other file goes to the folder of this run."""
        named, appends = written_name(line)
        if not named:
            return
        if not named.endswith(".py"):
            with open(named, "a" if appends else "w", encoding="utf-8") as file:  # noqa: PTH123
                file.write(cell)
            return
        path = os.path.normpath(named).rpartition("/")[2] if named.startswith("/") else os.path.normpath(named)
        before = self._files.get(path, b"") if appends else b""
        self._files[path] = before + cell.encode()


class ShellGetter:
    """`get_ipython`; a class of its own, so that it is not taken for a function of the student's."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def __call__(self) -> Shell:
        """The shell."""
        return self._shell
