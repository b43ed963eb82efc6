"""Imports a submission from memory: no file is written, so nothing can be changed after the start."""

import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType


class MemoryImporter(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the submission's modules, and the helpers beside them, among files held in memory.

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
        # Tracebacks and inspect.getsource read lines from here.
        text = importlib.util.decode_source(source)
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        exec(compile(source, name, "exec", dont_inherit=True), module.__dict__)  # noqa: S102


def import_submission(files: Mapping[str, bytes], module: str) -> ModuleType:
    """Import `module` from `files`, in place of any installed module of its name.

    Raises:
        BaseException: whatever the student's code raises.
    """
    sys.meta_path.insert(0, MemoryImporter(files))
    return importlib.import_module(module)
