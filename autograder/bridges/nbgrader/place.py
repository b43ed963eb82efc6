"""Where a course's parts lie: its references, what was handed in, and our records of it."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets import Unicode
from traitlets.config import Config, Configurable

# The folder of our records in a course.
RECORDS = "records"
_STRUCTURE = "{nbgrader_step}/{student_id}/{assignment_id}"


class PlaceError(ValueError):
    """The course's settings name something that is not there."""


class AutograderBridge(Configurable):
    """The settings of the bridge in `nbgrader_config.py`."""

    solutions = Unicode("", help="The folder of the references; relative to the course's.").tag(config=True)
    records = Unicode(RECORDS, help="The folder of records and marks; relative to the course's.").tag(config=True)
    isolation = Unicode("", help="The tier of isolation; empty for the best that works.").tag(config=True)


@dataclass(frozen=True)
class Place:
    """The folders of a course; `isolation` is a tier by name, or empty."""

    course: Path
    solutions: Path
    records: Path
    submitted: Path
    isolation: str = ""


def place_of(coursedir: CourseDirectory, config: Config) -> Place:
    """The folders that the settings name.

    Args:
        coursedir: of nbgrader.
        config: its settings, as its application or a run of it has them.

    Raises:
        PlaceError: there are no references, or submissions lie otherwise than we read them.
    """
    root = Path(coursedir.root).absolute()
    settings = AutograderBridge(config=config)
    solutions = root / settings.solutions
    if not settings.solutions or not any(solutions.glob("*/questions.py")):
        raise PlaceError(
            f"{root / 'nbgrader_config.py'}: c.AutograderBridge.solutions must name the folder of the references; "
            f"{solutions} holds none"
        )
    if coursedir.directory_structure != _STRUCTURE:
        raise PlaceError(
            f"{root / 'nbgrader_config.py'}: c.CourseDirectory.directory_structure is {coursedir.directory_structure}; "
            f"grading reads {_STRUCTURE} alone"
        )
    return Place(root, solutions, root / settings.records, root / coursedir.submitted_directory, settings.isolation)


def with_own_programs() -> None:
    """Let nbgrader find `alembic`, which it starts by its bare name to make a gradebook, beside this Python."""
    own = str(Path(sys.executable).parent)
    paths = os.environ.get("PATH", "").split(os.pathsep)
    if own not in paths:
        os.environ["PATH"] = os.pathsep.join([own, *paths])
