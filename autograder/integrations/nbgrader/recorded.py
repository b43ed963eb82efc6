"""What nbgrader wrote down; told without nbgrader, which takes long to load."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NotRecorded:
    """A submission that is not in the gradebook; `why` is empty where nbgrader itself has said it, in its log."""

    assignment: str
    student: str
    why: str = ""


@dataclass(frozen=True)
class RecordedByNbgrader:
    """The submissions, by assignment and student, that nbgrader wrote down, and those that it could not."""

    written: tuple[tuple[str, str], ...] = ()
    failed: tuple[NotRecorded, ...] = ()
