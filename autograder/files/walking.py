"""The files below a folder of staff's: one order, and nothing that tools have left there."""

from collections.abc import Callable, Iterator
from pathlib import Path


def files_below(folder: Path, left_out: Callable[[str], bool] = lambda _: False) -> Iterator[tuple[str, Path]]:
    """The files below a folder, by their path in it, its parts joined by "/"; in the order of names, folder by folder.

    What is hidden and what Python leaves behind is passed over.

    Args:
        folder: to look through; links are followed.
        left_out: whether a file, or a folder with all below it, is passed over too; is given its path.
    """
    yield from _below(folder, left_out, "")


def _below(folder: Path, left_out: Callable[[str], bool], within: str) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.iterdir()):
        name = f"{within}{path.name}"
        if path.name.startswith(".") or path.name == "__pycache__" or left_out(name):
            continue
        if path.is_dir():
            yield from _below(path, left_out, f"{name}/")
        elif path.is_file():
            yield name, path
