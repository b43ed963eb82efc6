"""What of a course's staff files goes along where another program does the grading."""

from collections.abc import Iterator
from pathlib import Path

# No grading needs them.
UNUSED = frozenset({"alternatives", "__pycache__"})


def needed(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files below a folder that a run needs, by path, in order."""
    for path in sorted(folder.rglob("*")):
        below = path.relative_to(folder)
        if path.is_file() and not UNUSED.intersection(below.parts) and not path.name.startswith("."):
            yield below.as_posix(), path.read_bytes()
