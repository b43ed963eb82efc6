"""Imports a submission from memory: no file is written, so nothing can be changed after the start.

The module, or the cells of a notebook, run statement by statement. One that fails is told, and what follows it still
runs, so that a mistake costs the functions that need it and no other.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import sys
import types
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType

from autograder.sandbox.inside.harmless import NOTHING, HarmlessFinder, get_ipython
from autograder.sandbox.inside.notebook_cells import plain
from autograder.sandbox.inside.units import Compiler, Unit

# Of all statements that fail, so many are told.
MOST_TROUBLES = 50


class MemoryImporter(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the helpers beside the submission's module among files held in memory.

    Args:
        files: source by path relative to the submission's folder ("smooth_ap.py", "helpers/ranks.py").
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = dict(files)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """A spec where a file of this name was handed in."""
        stem = fullname.replace(".", "/")
        for name, is_package in ((f"{stem}.py", False), (f"{stem}/__init__.py", True)):
            if name in self._files:
                spec = importlib.machinery.ModuleSpec(fullname, self, origin=name, is_package=is_package)
                spec.has_location = False
                return spec
        if any(name.startswith(f"{stem}/") for name in self._files):
            return importlib.machinery.ModuleSpec(fullname, self, origin=stem, is_package=True)
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Run the source in the module, as a file of that name."""
        assert module.__spec__ is not None and module.__spec__.origin is not None
        name = module.__spec__.origin
        source = self._files.get(name)
        if source is None:  # a folder without __init__.py
            return
        module.__file__ = name
        remember_lines(name, importlib.util.decode_source(source))
        exec(compile(source, name, "exec", dont_inherit=True), module.__dict__)  # noqa: S102


def remember_lines(name: str, text: str) -> None:
    """Tracebacks and inspect.getsource read lines from here."""
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)


@dataclass(frozen=True, slots=True)
class StatementFailure:
    """A statement that failed, or was passed over.

    Args:
        number: of the statement, from 0 on.
        unit: the statement.
        told: what `report` made of the exception; None where it was passed over.
    """

    number: int
    unit: Unit
    told: object = None


@dataclass(slots=True)
class Imported:
    """A submission's module, what failed on the way, and the functions that are still as the handout has them."""

    module: ModuleType
    troubles: list[StatementFailure] = field(default_factory=list)
    stubs: set[str] = field(default_factory=set)


def import_submission(
    files: Mapping[str, bytes],
    module: str,
    cells: Sequence[str] = (),
    *,
    report: Callable[[BaseException], object] = str,
    skip: Collection[int] = (),
    begin: Callable[[int], None] = lambda _: None,
) -> Imported:
    """Import `module` from `files`, in place of any installed module of its name.

    Args:
        files: source by path.
        module: the module's name, without .py.
        cells: the names in `files` of a notebook's cells, in order; where there are any, they are the module.
        report: makes of an exception what is told of it.
        skip: numbers of statements to pass over, since they ended an earlier attempt.
        begin: called with the number of each statement before it runs.

    Raises:
        ModuleNotFoundError: there is no such file.
        SyntaxError, UnicodeDecodeError: it is no text.
    """
    sys.meta_path[:0] = [MemoryImporter(files), HarmlessFinder()]
    names = list(cells) or [f"{module}.py"]
    if names[0] not in files:
        raise ModuleNotFoundError(f"No module named {module!r}", name=module)
    made = ModuleType(module)
    made.__file__ = names[0] if not cells else f"{module}.ipynb"
    made.__spec__ = importlib.machinery.ModuleSpec(module, None, origin=made.__file__)
    if cells:
        vars(made).update(get_ipython=get_ipython, display=NOTHING)
    sys.modules[module] = made
    imported, compiler, number = Imported(made), Compiler(), 0
    for name in names:
        text = files[name].decode(errors="replace") if cells else importlib.util.decode_source(files[name])
        remember_lines(name, text)
        # Compiling may take long, too.
        begin(number)
        for unit in compiler.units(name, plain(text) if cells else text):
            begin(number)
            told = None
            if number not in skip:
                # A cell left as it was given out does not undo what another cell defines.
                undoes = bool(cells) and unit.stub and isinstance(vars(made).get(unit.names[0]), types.FunctionType)
                told = None if undoes else _run(unit, imported, report)
            if (told is not None or number in skip) and len(imported.troubles) < MOST_TROUBLES:
                imported.troubles.append(StatementFailure(number, unit, told))
            number += 1
    return imported


def _run(unit: Unit, imported: Imported, report: Callable[[BaseException], object]) -> object:
    """Run one statement; what `report` makes of its exception, or None."""
    try:
        if unit.error is not None:
            raise unit.error
        assert unit.code is not None
        exec(unit.code, vars(imported.module))  # noqa: S102
    except BaseException as error:
        return report(error)
    if imported.stubs:
        imported.stubs.difference_update(unit.names)
    if unit.stub:
        imported.stubs.update(unit.names)
    return None
