"""Every error that the package raises on purpose, in one tree.

    AutograderError                 70  a fault of ours, unless a class below says otherwise
    ├── UsageError                   2  the command, or the call, cannot mean what it says
    │   ├── SettingsError            2  a file of settings: course.toml, rubric.toml, audit.toml, equivalent.toml
    │   │   ├── CourseError          2
    │   │   ├── RubricError          2
    │   │   └── StandardsError       2
    │   ├── WrongSettingError        2  one setting, before it is known in which file and line it stands
    │   ├── AuthoringError           2  a declaration in questions.py or mistakes.py contradicts itself
    │   ├── SolutionsError           2  references and declarations do not fit, or the references fail
    │   ├── SubmissionsError         2  nothing to grade where submissions were looked for
    │   ├── RosterError              2  a list of students that cannot be used
    │   ├── MarksError               2  a file of marks that cannot be used
    │   ├── RecordsError             2  no records, or some that cannot be read
    │   ├── StoreError               2  a folder of results that cannot be written
    │   ├── HandoutError             2  the handout cannot be made
    │   ├── OwnFolderError           2  a student's folder holds nothing to check or pack
    │   ├── MissingExtraError        2  an optional dependency is not installed
    │   ├── BuildError               2  the zip for Gradescope cannot be made
    │   ├── CourseFolderError        2  a course of nbgrader's lacks what its settings name
    │   ├── CourseExistsError        2  a file of the course differs from what would be written
    │   ├── LinkError                2  what nbgrader collected holds a link
    │   └── OtterVersionError        2  a version of otter-grader that was not tested
    ├── UngradedError                1  a submission has no score, since the grader itself failed on it
    ├── BackendError                70  nothing can be graded where grading was to run
    ├── SandboxError                70  the sandbox does not work
    │   └── BreachError             70  the sandbox does not hold what it promises
    ├── ReportError                 70  some page could not be made
    ├── RecordingError              70  nbgrader could not be run
    └── EngineError                 70  no record could be made of a submission that another program hands over

Each class knows the exit code of a command that it ends, and what a person should do, where the message alone does not
say it. `cli` catches once; whatever else comes is a fault of ours, and exits with 70.
"""

from typing import ClassVar

DONE, UNGRADED, USAGE, FAULT, INTERRUPTED = 0, 1, 2, 70, 130


class AutograderError(Exception):
    """The base of all. `exit_code` is that of a command which it ends; `advice` says what to do, beside the message."""

    exit_code: ClassVar[int] = FAULT
    advice: ClassVar[str] = ""


class UsageError(AutograderError, ValueError):
    """The command, or the call, cannot mean what it says; told in one line."""

    exit_code = USAGE


class SettingsError(UsageError):
    """A file of settings that cannot be used; names the file, the line, the key and what is wrong in it."""


class WrongSettingError(UsageError):
    """One setting that cannot be used: its keys from the top of its file, and what is wrong with it."""

    def __init__(self, keys: tuple[str, ...], told: str) -> None:
        super().__init__(told)
        self.keys = keys
        self.told = told


class CourseError(SettingsError):
    """A `course.toml` that cannot be used."""


class RubricError(SettingsError):
    """A `rubric.toml` that cannot be used."""


class StandardsError(SettingsError):
    """A file of the audit (`audit.toml`, `equivalent.toml`) that cannot be used."""


class AuthoringError(UsageError):
    """A declaration that contradicts itself; says which and why."""


class SolutionsError(UsageError):
    """The solutions cannot be used; says where and why. It is the author's to mend, never a student's fault."""


class SubmissionsError(UsageError):
    """There is nothing to grade where submissions were looked for; the message says why."""


class RosterError(UsageError):
    """A list of students that cannot be used; names the file and why."""


class MarksError(UsageError):
    """A file of marks that cannot be used; names the file, the row and why."""


class RecordsError(UsageError):
    """There are no records to report on, or one cannot be read; says which file."""


class StoreError(UsageError):
    """A folder of results that cannot be used; says which, and why."""


class HandoutError(UsageError):
    """The handout cannot be made; says what is missing or wrong."""


class OwnFolderError(UsageError):
    """There is nothing to check or pack; the message says what to do."""


class MissingExtraError(UsageError, ImportError):
    """An optional dependency is not installed; the message is the command that installs it."""


class BuildError(UsageError):
    """The zip for Gradescope cannot be made; says why and what to try."""


class CourseFolderError(UsageError):
    """A course's settings name something that is not there."""


class CourseExistsError(UsageError):
    """A file of the course differs from what would be written; says which."""


class LinkError(UsageError):
    """A submission holds a link, and none of it is read."""


class OtterVersionError(UsageError):
    """This version of otter-grader was not tested: what the plugin replaces may have another meaning there."""


class UngradedError(AutograderError):
    """The grader itself failed on a submission, which has no score; no student's fault."""

    exit_code = UNGRADED


class BackendError(AutograderError, RuntimeError):
    """Nothing can be graded where grading was to run; says why, and what to do. Records that are written stay."""


class SandboxError(AutograderError, RuntimeError):
    """The sandbox does not work here; says which part of it."""


class BreachError(SandboxError):
    """The sandbox does not hold what it promises."""


class ReportError(AutograderError, RuntimeError):
    """Some page could not be made: a fault of ours. All others were, and the records are whole."""


class RecordingError(AutograderError, RuntimeError):
    """nbgrader could not be run; the records are whole, and the same command tries again."""


class EngineError(AutograderError, RuntimeError):
    """No record could be made; whoever asked for it then writes nothing down of the submission."""
