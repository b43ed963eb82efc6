"""What nbgrader wrote down; told without nbgrader, which takes long to load."""

from dataclasses import dataclass


class RecordingError(RuntimeError):
    """nbgrader could not be run; the records are whole, and the same command tries again."""


@dataclass(frozen=True)
class Recorded:
    """The submissions, by assignment and student, that nbgrader wrote down, and those that it could not."""

    written: tuple[tuple[str, str], ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
