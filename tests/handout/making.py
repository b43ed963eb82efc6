"""The handout of the four assignments and what it must hide, made once in each process: many tests change a copy."""

import tempfile
from functools import cache
from pathlib import Path

from autograder.handout import all_secrets, make_handout
from tests.repository import SOLUTIONS


@cache
def _made() -> dict[Path, bytes]:
    with tempfile.TemporaryDirectory() as name:
        make_handout(SOLUTIONS, Path(name))
        return {path.relative_to(name): path.read_bytes() for path in Path(name).rglob("*") if path.is_file()}


def write_handout(folder: Path) -> Path:
    """A folder with what `make_handout` writes."""
    for path, data in _made().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


@cache
def staff_secrets() -> dict[str, str]:
    """The secrets of all assignments."""
    return all_secrets(SOLUTIONS)
