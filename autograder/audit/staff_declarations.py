"""Stands for `autograder.authoring` in the sandbox, where staff's modules are imported: it keeps what is wrong.

The audit's submissions are made of the staff's own modules, and a sandbox holds nothing of this package but what runs
inside. This file goes into each of them as it is; it needs the standard library alone.
"""

import importlib
import sys
import types
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from typing import Any

AUTHORING = "autograder.authoring"
# What works by itself, and is used by wrong versions.
REAL = f"{AUTHORING}.wrong_versions"
# As what it lies among a submission's files.
WORKING = "staff_wrong_versions"

# Every wrong version that was declared, by function and name.
KNOWN: dict[tuple[str, str], Callable[..., Any]] = {}


class DeclaredAssignment:
    """Keeps mistakes and wrong versions; of all other declarations, only of which functions they are."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self._functions: dict[str, None] = {}

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions asked for, in order."""
        return tuple(self._functions)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def declare(function: str, *_: Any, **__: Any) -> Callable[[Any], Any]:
            self._functions[function] = None
            return lambda make: make

        return declare

    def mistake(self, function: str, hint: str) -> Callable[[Any], Any]:
        """As in `autograder.authoring`."""
        return self.wrong(function)

    def wrong(self, function: str, *, name: str | None = None, **_: Any) -> Callable[[Any], Any]:
        """As in `autograder.authoring`."""

        def keep(call: Any) -> Any:
            KNOWN[function, name or str(getattr(call, "__name__", "mistake"))] = call
            return call

        return keep


def _nothing(*_: Any, **__: Any) -> None:
    """Stands for a declaration of which nothing is kept."""


def function_argument() -> Any:
    """The class of functions as arguments, which runs inside too."""
    from autograder.sandbox.inside.function_argument import FunctionArgument

    return FunctionArgument


class _Finder:
    """Finds `autograder.authoring` and all below it as modules of names that mean nothing."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        ours = name == AUTHORING or name.startswith(f"{AUTHORING}.")
        return ModuleSpec(name, self, is_package=True) if ours else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        return types.ModuleType(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        names = {"Assignment": DeclaredAssignment, "Assumption": _nothing, "FunctionArgument": function_argument()}
        vars(module)["__getattr__"] = lambda name: names.get(name, Any)


sys.meta_path.insert(0, _Finder())
# It comes as a file of the submission: the package's own folders are not readable here.
sys.modules[REAL] = importlib.import_module(WORKING)
