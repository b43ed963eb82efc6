"""Imports the files that were handed in, from memory, under every name by which students import them.

The folder of the module is a package for them, as editors make it one: `import helpers`, `from .helpers import kl` and
`from a2_kl_factorized.helpers import kl` all lead to the one helpers.py beside the module, and what lies one folder up
is found as well.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType

# The packages by which everything handed in is known: of the module's folder, below that of the folder above it.
ABOVE = "handed_in"
HERE = f"{ABOVE}.work"
# How paths begin that lie one folder up.
UP = "../"


def remember_lines(name: str, text: str) -> None:
    """Tracebacks and inspect.getsource read lines from here."""
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)


class MemoryImporter(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the helpers beside the submission's module among files held in memory.

    Args:
        files: source by path relative to the module's folder ("smooth_ap.py", "helpers/ranks.py", "../utils.py").
        folders: names by which that folder may be imported as a package.
    """

    def __init__(self, files: Mapping[str, bytes], folders: Sequence[str] = ()) -> None:
        self.files = dict(files)
        self._folders = frozenset(folders) - sys.stdlib_module_names - {"numpy"}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """A spec where a file of this name was handed in."""
        canonical = self._canonical(fullname)
        if canonical is None:
            return None
        known = sys.modules.get(canonical)
        if known is not None and canonical != fullname:
            return importlib.machinery.ModuleSpec(fullname, _Again(known))
        origin, is_package = self._origin(canonical)
        spec = importlib.machinery.ModuleSpec(fullname, self, origin=origin, is_package=is_package)
        spec.has_location = False
        spec.loader_state = canonical
        return spec

    def _canonical(self, name: str) -> str | None:
        """The name below `ABOVE` of a module that was handed in; None where none was."""
        if name == ABOVE or name.startswith(f"{ABOVE}."):
            return name if self._is_there(name) else None
        first, _, below = name.partition(".")
        tries = [f"{HERE}.{name}"]
        if first in self._folders:
            tries.append(f"{HERE}.{below}" if below else HERE)
        tries.append(f"{ABOVE}.{name}")
        return next((each for each in tries if self._is_there(each)), None)

    def _is_there(self, canonical: str) -> bool:
        return canonical in (ABOVE, HERE) or self._origin(canonical)[0] != ""

    def _origin(self, canonical: str) -> tuple[str, bool]:
        """The file or folder of a module, and whether it is a package; nothing where there is none."""
        if canonical == ABOVE:
            return UP, True
        if canonical == HERE:
            return ("__init__.py" if "__init__.py" in self.files else "."), True
        if canonical.startswith(f"{HERE}."):
            stem = canonical.removeprefix(f"{HERE}.").replace(".", "/")
        else:
            stem = UP + canonical.removeprefix(f"{ABOVE}.").replace(".", "/")
        for name, is_package in ((f"{stem}.py", False), (f"{stem}/__init__.py", True)):
            if name in self.files:
                return name, is_package
        return (stem, True) if any(name.startswith(f"{stem}/") for name in self.files) else ("", False)

    def exec_module(self, module: ModuleType) -> None:
        """Run the source in the module, as a file of that name."""
        spec = module.__spec__
        assert spec is not None and spec.origin is not None and isinstance(spec.loader_state, str)
        name, canonical = spec.origin, spec.loader_state
        become(module, canonical, name, self, is_package=spec.submodule_search_locations is not None)
        source = self.files.get(name)
        if source is None:  # a folder without __init__.py
            return
        module.__file__ = name
        try:
            remember_lines(name, importlib.util.decode_source(source))
            exec(compile(source, name, "exec", dont_inherit=True), module.__dict__)  # noqa: S102
        except BaseException:
            sys.modules.pop(canonical, None)
            raise


def become(
    module: ModuleType, canonical: str, origin: str, loader: MemoryImporter | None = None, *, is_package: bool = False
) -> None:
    """Let a module be known by its canonical name, too, from which its own relative imports go on."""
    spec = importlib.machinery.ModuleSpec(canonical, loader, origin=origin, is_package=is_package)
    spec.loader_state = canonical
    module.__spec__ = spec
    module.__package__ = canonical if is_package else canonical.rpartition(".")[0]
    sys.modules[canonical] = module


class _Again(importlib.abc.Loader):
    """Gives a module that is there already under another name."""

    def __init__(self, known: ModuleType) -> None:
        self._known = known
        self._spec = known.__spec__

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """The one that is known."""
        return self._known

    def exec_module(self, module: ModuleType) -> None:
        """It has been run; only its own name is given back to it."""
        module.__spec__ = self._spec
