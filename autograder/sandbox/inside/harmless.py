"""Stands in for what notebooks use and grading does not need: plots, displays, progress bars, graders of their own.

Such a module imports, and whatever is taken out of it can be called, indexed and looped over, and does nothing. One
more stands in for what `multiprocessing` needs of the system (see `process_locks`).
"""

import dis
import importlib
import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from autograder.sandbox.inside.process_locks import LOCKS, ProcessLock
from autograder.sandbox.inside.progress_bars import BARS

HARMLESS = ("IPython", "google.colab", "ipywidgets", "matplotlib", "mpl_toolkits", "otter", "plotly", "seaborn", "tqdm")
# Of this package: what the handout's notebook checks itself with.
OWN = ("autograder.notebook", "autograder.public")


class Inert:
    """Takes anything, does nothing, and is not a value that could be sent as an answer."""

    def __call__(self, *arguments: Any, **_: Any) -> Any:
        """Nothing; as a decorator, the function that it stands above."""
        if len(arguments) == 1 and isinstance(arguments[0], types.FunctionType | type):
            return arguments[0]
        return self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _limits if name in _PAIRS else self

    def __getitem__(self, key: Any) -> "Inert":
        return self

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def __setattr__(self, name: str, value: Any) -> None:
        pass

    def __iter__(self) -> Iterator[Any]:
        """Nothing; where it is unpacked (`fig, axis = ...`), as many as there are names."""
        caller = sys._getframe(1)
        code, at = caller.f_code.co_code, caller.f_lasti
        return iter([self] * code[at + 1] if code[at] == _UNPACKS else ())

    def __len__(self) -> int:
        return 0

    def __enter__(self) -> "Inert":
        return self

    def __exit__(self, *_: object) -> None:
        pass


NOTHING = Inert()
# What axes give back that programs reckon with.
_PAIRS = frozenset({"get_xlim", "get_ylim", "get_zlim"})
_UNPACKS = dis.opmap["UNPACK_SEQUENCE"]


def _limits(*_: Any, **__: Any) -> tuple[float, float]:
    return 0.0, 1.0


def _subplots(nrows: int = 1, ncols: int = 1, **_: Any) -> tuple[Inert, Any]:
    """A figure and its axes: one, or as many as are unpacked."""
    if nrows == ncols == 1:
        return NOTHING, NOTHING
    row = [NOTHING] * ncols
    if nrows == 1:
        return NOTHING, _Axes(row)
    return NOTHING, _Axes([NOTHING] * nrows if ncols == 1 else [_Axes(row) for _ in range(nrows)])


class _Axes(list[Any]):
    """Axes as Matplotlib gives them, as far as plots index them: `axes[0, 1]`, `axes.flat`, `axes.ravel()`."""

    def __getitem__(self, key: Any) -> Any:
        return NOTHING if isinstance(key, tuple) else super().__getitem__(key)

    @property
    def flat(self) -> list[Any]:
        """All axes, row by row."""
        return [axis for row in self for axis in (row if isinstance(row, list) else [row])]

    def ravel(self) -> list[Any]:
        """As `flat`."""
        return self.flat

    flatten = ravel


# What must give something back, since programs go on with it.
_MADE: dict[str, Callable[..., Any]] = {
    "hist": lambda *_, **__: (NOTHING, NOTHING, NOTHING),
    "plot": lambda *_, **__: [NOTHING],
    "subplots": _subplots,
    **BARS,
}


_PARTS_OF_TQDM = frozenset("auto autonotebook concurrent contrib gui notebook rich std".split())


class _HarmlessModule(types.ModuleType):
    __all__: Sequence[str] = ()
    __version__ = "0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if self.__name__.partition(".")[0] == "tqdm" and name in _PARTS_OF_TQDM:
            return importlib.import_module(f"{self.__name__}.{name}")
        return _MADE.get(name, NOTHING)


class HarmlessFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds a module that does nothing for every name in `HARMLESS` and below one, and for those in `OWN`."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """A spec where the name is one of them."""
        harmless = any(fullname == name or fullname.startswith(f"{name}.") for name in (*HARMLESS, *OWN))
        if not (harmless or fullname in ("google", LOCKS)):
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """A module that has every name."""
        made = _HarmlessModule(spec.name)
        if spec.name == LOCKS:
            vars(made).update(SemLock=ProcessLock, sem_unlink=NOTHING, flags={})
        return made

    def exec_module(self, module: types.ModuleType) -> None:
        """There is nothing to run."""
