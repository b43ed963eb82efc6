"""Stands in for what notebooks use and grading does not need: plots, displays, progress bars, graders of their own.

Such a module imports, and whatever is taken out of it can be called, indexed and looped over, and does nothing.
"""

import importlib.abc
import importlib.machinery
import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any

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
        return self

    def __getitem__(self, key: Any) -> "Inert":
        return self

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def __setattr__(self, name: str, value: Any) -> None:
        pass

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __enter__(self) -> "Inert":
        return self

    def __exit__(self, *_: object) -> None:
        pass


NOTHING = Inert()


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


def _same(iterable: Any = (), *_: Any, **__: Any) -> Any:
    return iterable


def _range(*bounds: int, **_: Any) -> range:
    return range(*bounds)


# What must give something back, since programs go on with it.
_MADE: dict[str, Callable[..., Any]] = {
    "hist": lambda *_, **__: (NOTHING, NOTHING, NOTHING),
    "plot": lambda *_, **__: [NOTHING],
    "subplots": _subplots,
    "tqdm": _same,
    "track": _same,
    "trange": _range,
}


class _HarmlessModule(types.ModuleType):
    __all__: Sequence[str] = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _MADE.get(name, NOTHING)


class HarmlessFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds a module that does nothing for every name in `HARMLESS` and below one, and for those in `OWN`."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """A spec where the name is one of them."""
        harmless = any(fullname == name or fullname.startswith(f"{name}.") for name in (*HARMLESS, *OWN))
        if not (harmless or fullname == "google"):
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """A module that has every name."""
        return _HarmlessModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """There is nothing to run."""


def get_ipython() -> Inert:
    """What a notebook calls to reach IPython."""
    return NOTHING
