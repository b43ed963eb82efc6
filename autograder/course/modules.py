"""Imports the modules of a folder of solutions as they stood when the folder was read, under a name of that state.

`sys.modules` belongs to the whole process. So the package of a folder is named after its path and content: two folders
with assignments of one name, or one folder before and after a change, never meet there, and whoever still uses the old
modules keeps them. What is imported is the text that was read, and bytecode counts only if it was made from that text:
Python itself would take a file for unchanged that was written twice within a second with the same length.
"""

import hashlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.files.walking import files_below
from autograder.forking import undisturbed

_PREFIX = "autograder_solutions_"
# Of one folder so many states stay importable: a program that runs for months must not keep every one.
_MOST_STATES = 4
# The head of bytecode that is checked by the hash of its source (PEP 552): a magic number, flags, the hash.
_HEAD_BYTES, _CHECKED_BY_HASH = 16, 0b11
# The time of a source that no bytecode is of; it has 32 bits there.
_NEVER = 0xFFFFFFFF


@dataclass(frozen=True)
class _FolderState:
    """A folder as it was read: its Python files, by path below it."""

    folder: Path
    sources: Mapping[str, bytes]


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a module from the text that was read."""

    def __init__(self, name: str, path: Path, source: bytes) -> None:
        super().__init__(name, str(path))
        self._source = source

    def get_data(self, path: str) -> bytes:
        """The text, or bytecode."""
        return self._source if path == self.path else super().get_data(path)

    def path_stats(self, path: str) -> Mapping[str, int]:
        """No time that bytecode could agree with."""
        return {"mtime": _NEVER, "size": len(self._source)}

    def set_data(self, path: str, data: Any, *, _mode: int = 0o666) -> None:
        """Keep bytecode, with the hash of the text in place of its time."""
        head = importlib.util.MAGIC_NUMBER + _CHECKED_BY_HASH.to_bytes(4, "little")
        super().set_data(path, head + importlib.util.source_hash(self._source) + data[_HEAD_BYTES:], _mode=_mode)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the modules of the states that have been read."""

    def __init__(self) -> None:
        self.states: dict[str, _FolderState] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """As Python asks; whatever is no Python file of a folder is left to others."""
        package, _, rest = fullname.partition(".")
        state = self.states.get(package)
        if state is None or not rest:
            return None
        place = rest.replace(".", "/")
        for file, within in ((f"{place}/__init__.py", [str(state.folder / place)]), (f"{place}.py", None)):
            if file in state.sources:
                loader = _Loader(fullname, state.folder / file, state.sources[file])
                found = importlib.util.spec_from_file_location(
                    fullname, state.folder / file, loader=loader, submodule_search_locations=within
                )
                assert found is not None, "a loader was given"
                return found
        if any(file.startswith(f"{place}/") for file in state.sources):
            # A folder of modules; Python's own finder may not have seen yet that it is there.
            found = importlib.machinery.ModuleSpec(fullname, None, is_package=True)
            found.submodule_search_locations = [str(state.folder / place)]
            return found
        return None

    def package(self, state: _FolderState, digest: str) -> str:
        """The name of a state's package, which can be imported from then on."""
        of_folder = f"{_PREFIX}{hashlib.sha256(os.fsencode(state.folder)).hexdigest()[:12]}_"
        name = f"{of_folder}{digest[:20]}"
        if name not in self.states:
            package = types.ModuleType(name)
            package.__path__ = [str(state.folder)]
            sys.modules[name] = package
        # The latest last.
        self.states[name] = self.states.pop(name, state)
        for old in [known for known in self.states if known.startswith(of_folder)][:-_MOST_STATES]:
            self._forget(old)
        return name

    def _forget(self, name: str) -> None:
        """Let a state go; its modules stay with whoever still has them."""
        del self.states[name]
        for module in [known for known in sys.modules if known == name or known.startswith(f"{name}.")]:
            del sys.modules[module]


_finder = _Finder()
sys.meta_path.insert(0, _finder)


def package_of(folder: Path) -> str:
    """The name of the package whose modules are the folder's as they stand now.

    Args:
        folder: of solutions.
    """
    home = folder.resolve()
    files = dict(files_below(home))
    sources = {name: path.read_bytes() for name, path in files.items() if name.endswith(".py")}
    found = hashlib.sha256()
    for name, path in files.items():
        state = sources.get(name)
        if state is None:
            place = name.rpartition("/")[0].partition("/")[0]
            if place and f"{place}/questions.py" not in sources:
                # What lies beside the assignments, results of a run perhaps, is nothing that a module reads.
                continue
            # A module may read it when it is imported; what changes it changes this.
            status = path.stat()
            state = f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}".encode()
        found.update(f"{name}:{len(state)}:".encode("utf-8", "surrogatepass"))
        found.update(state)
    with undisturbed():
        return _finder.package(_FolderState(home, sources), found.hexdigest())
