"""Imports a submission from memory: no file is written, so nothing can be changed after the start.

The module, or the cells of a notebook, run statement by statement. One that fails is told, and what follows it still
runs, so that a mistake costs the functions that need it and no other.
"""

import importlib.util
import sys
import types
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType

from autograder.sandbox.inside.handed_in_files import HERE, MemoryImporter, become, remember_lines
from autograder.sandbox.inside.harmless import NOTHING, HarmlessFinder, Inert
from autograder.sandbox.inside.notebook_cells import plain
from autograder.sandbox.inside.notebook_shell import Shell, ShellGetter
from autograder.sandbox.inside.units import Compiler, Unit

# Of all statements that fail, so many are told.
MOST_TROUBLES = 50


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

    @property
    def functions(self) -> list[str]:
        """The names of what can be called in the module; not of what notebooks find there."""
        return [
            name
            for name, value in vars(self.module).items()
            if callable(value) and not name.startswith("_") and not isinstance(value, Inert | Shell | ShellGetter)
        ]


def import_submission(
    files: Mapping[str, bytes],
    module: str,
    cells: Sequence[str] = (),
    *,
    report: Callable[[BaseException], object] = str,
    skip: Collection[int] = (),
    begin: Callable[[int], None] = lambda _: None,
    folders: Sequence[str] = (),
) -> Imported:
    """Import `module` from `files`, in place of any installed module of its name.

    Args:
        files: source by path.
        module: the module's name, without .py.
        cells: the names in `files` of a notebook's cells, in order; where there are any, they are the module.
        report: makes of an exception what is told of it.
        skip: numbers of statements to pass over, since they ended an earlier attempt.
        begin: called with the number of each statement before it runs.
        folders: names by which the files' folder may be imported.

    Raises:
        ModuleNotFoundError: there is no such file.
        SyntaxError, UnicodeDecodeError: it is no text.
    """
    importer = MemoryImporter(files, folders)
    sys.meta_path[:0] = [importer, HarmlessFinder()]
    names = list(cells) or [f"{module}.py"]
    if names[0] not in files:
        raise ModuleNotFoundError(f"No module named {module!r}", name=module)
    made = ModuleType(module)
    made.__file__ = names[0] if not cells else f"{module}.ipynb"
    become(made, f"{HERE}.{module}", made.__file__)
    if module in folders:
        made.__path__ = []  # the folder has the module's name, and is imported by it as well
    # Also for modules: Jupyter writes calls of both into a notebook that it saves as one.
    vars(made).update(get_ipython=ShellGetter(Shell(vars(made), importer.files)), display=NOTHING)
    sys.modules[module] = made
    imported, compiler, number = Imported(made), Compiler(in_cell=bool(cells)), 0
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
        unit.run(vars(imported.module))
    except BaseException as error:
        return report(error)
    if imported.stubs:
        imported.stubs.difference_update(unit.names)
    if unit.stub:
        imported.stubs.update(unit.names)
    return None
