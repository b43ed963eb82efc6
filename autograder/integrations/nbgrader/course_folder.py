"""Where a course's parts lie: its references, what was handed in, and our records of it."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from traitlets import Unicode
from traitlets.config import Config, Configurable, PyFileConfigLoader

from autograder.errors import CourseFolderError
from autograder.integrations.nbgrader.config import CONFIG

# The folder of our records in a course.
RECORDS = "records"
_STRUCTURE = "{nbgrader_step}/{student_id}/{assignment_id}"


class AutograderBridge(Configurable):
    """The settings of the bridge in `nbgrader_config.py`."""

    solutions = Unicode("", help="The folder of the references; relative to the course's.").tag(config=True)
    records = Unicode(RECORDS, help="The folder of records and marks; relative to the course's.").tag(config=True)
    isolation = Unicode("", help="The tier of isolation; empty for the best that works.").tag(config=True)


@dataclass(frozen=True)
class CourseFolder:
    """The folders of a course; `isolation` is a tier by name, or empty."""

    course: Path
    solutions: Path
    records: Path
    submitted: Path
    isolation: str = ""


def read_settings(course: Path) -> Config:
    """The course's own settings file, without nbgrader.

    Raises:
        CourseFolderError: there is none, or it cannot be read.
    """
    if not (course / CONFIG).is_file():
        raise CourseFolderError(f"{course} has no {CONFIG}: `autograder nbgrader init {course}` makes a course")
    try:
        return PyFileConfigLoader(CONFIG, path=str(course.absolute())).load_config()
    except Exception as error:
        raise CourseFolderError(f"{course / CONFIG}: {type(error).__name__}: {error}") from error


def place_of(course: Path, config: Config) -> CourseFolder:
    """The folders that the settings name.

    Args:
        course: the folder.
        config: its settings, from the file or as a run of nbgrader has them.

    Raises:
        CourseFolderError: there are no references, or submissions lie otherwise than we read them.
    """
    root = course.absolute()
    settings = AutograderBridge(config=config)
    solutions = root / settings.solutions
    if not settings.solutions or not any(solutions.glob("*/questions.py")):
        raise CourseFolderError(
            f"{root / CONFIG}: c.AutograderBridge.solutions must name the folder of the references; "
            f"{solutions} holds none"
        )
    structure = config.CourseDirectory.get("directory_structure", _STRUCTURE)
    if structure != _STRUCTURE:
        raise CourseFolderError(
            f"{root / CONFIG}: c.CourseDirectory.directory_structure is {structure}; grading reads {_STRUCTURE} alone"
        )
    submitted = config.CourseDirectory.get("submitted_directory", "submitted")
    return CourseFolder(root, solutions, root / settings.records, root / submitted, settings.isolation)


def with_own_programs() -> None:
    """Let nbgrader find `alembic`, which it starts by its bare name to make a gradebook, beside this Python."""
    own = str(Path(sys.executable).parent)
    paths = os.environ.get("PATH", "").split(os.pathsep)
    if own not in paths:
        os.environ["PATH"] = os.pathsep.join([own, *paths])
