"""Every error that the package raises on purpose, in one tree; the number is the exit code of a command that it ends.

    AutograderError                 70  a fault of ours, unless a class below says otherwise
    ├── UsageError                   2  the command, or the call, cannot mean what it says
    │   ├── SettingsError            2  a file of settings that cannot be used
    │   │   ├── CourseError          2  ... course.toml
    │   │   ├── RubricError          2  ... an assignment's rubric.toml
    │   │   └── StandardsError       2  ... audit.toml, or an assignment's equivalent.toml
    │   ├── WrongSettingError        2  one setting, before it is known in which file and line it stands
    │   ├── AuthoringError           2  a declaration in questions.py or mistakes.py contradicts itself
    │   ├── SolutionsError           2  references and declarations do not fit, or the references fail
    │   ├── SubmissionsError         2  nothing to grade where submissions were looked for
    │   ├── RosterError              2  a list of students that cannot be used
    │   ├── MarksError               2  a file of marks that cannot be used
    │   │   └── AboveMaximumError    2  points above what can be earned
    │   ├── RecordsError             2  no records, or some that cannot be read
    │   ├── StoreError               2  a folder of results that cannot be written
    │   ├── HandoutError             2  the handout cannot be made
    │   ├── OwnFolderError           2  a student's folder holds nothing to check or pack
    │   ├── MissingExtraError        2  an optional dependency is not installed
    │   ├── BuildError               2  the zip for Gradescope cannot be made
    │   ├── CourseFolderError        2  a course of nbgrader's lacks what its settings name, or they are mixed up
    │   ├── CourseExistsError        2  a file of the course differs from what would be written
    │   ├── LinkError                2  what nbgrader collected holds a link
    │   └── OtterVersionError        2  a version of otter-grader that was not tested
    ├── BackendError                 2  nothing can be graded where grading was to run: a cluster, other processes
    │   ├── UngradableError          2  ... since one of its machines cannot grade this run, now or later
    │   └── GradingProcessError      2  ... since a process there ended or froze; another try may go well
    ├── UngradedError                1  the grader itself failed on some check, which has no score
    ├── StoppedError               130  a person ended the command before it was done
    ├── SandboxError                70  the sandbox does not work
    │   └── BreachError             70  the sandbox does not hold what it promises
    ├── ReportError                 70  some page could not be made
    ├── RecordingError              70  nbgrader could not be run
    └── EngineError                 70  there is no record that may be taken for the one of a submission

Each class knows its exit code, and what a person should do where the message does not say it. `cli.main` catches once;
whatever else comes (but what a full disk or a missing permission does) is a fault of ours, and ends with 70. A test
holds this drawing and the classes together, and lists the few exceptions that stand elsewhere, each with its reason.
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
    """One setting that cannot be used: its keys from the top of its file, in lists numbers from 0; what is wrong."""

    def __init__(self, keys: tuple[str | int, ...], told: str) -> None:
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


class AboveMaximumError(MarksError):
    """Points above what can be earned, which are nearly always a slip of the finger; says the most there is."""


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
    """A course's settings for nbgrader name something that is not there, or put something where it does not belong."""


class CourseExistsError(UsageError):
    """A file of the course differs from what would be written; says which."""


class LinkError(UsageError):
    """A submission holds a link, and none of it is read."""


class OtterVersionError(UsageError):
    """This version of otter-grader was not tested: what the plugin replaces may have another meaning there."""


class BackendError(AutograderError, RuntimeError):
    """Nothing can be graded where grading was to run; says why, and what to do. Records that are written stay."""

    exit_code = USAGE


class UngradableError(BackendError):
    """A machine of the cluster cannot grade this run, and would not on a second try: it has another engine, say."""


class GradingProcessError(BackendError):
    """A process that grades on a machine of the cluster ended or froze before it had answered."""


class UngradedError(AutograderError):
    """The grader itself failed on some checks, which have no score; names them. No student's fault."""

    exit_code = UNGRADED
    advice = "The records say why; the same command grades them again."


class StoppedError(AutograderError):
    """A person ended the command (Ctrl-C) before it was done; says what is kept."""

    exit_code = INTERRUPTED


class SandboxError(AutograderError, RuntimeError):
    """The sandbox does not work here; says which part of it."""

    advice = "`autograder doctor` shows what works here, and what to install."


class BreachError(SandboxError):
    """The sandbox does not hold what it promises; the message says what to do."""

    advice = ""


class ReportError(AutograderError, RuntimeError):
    """Some page could not be made. All others were, and the records are whole."""

    advice = "`autograder report DIR` makes the pages again, without grading."


class RecordingError(AutograderError, RuntimeError):
    """nbgrader could not be run; the records are whole."""

    advice = "The records are whole: the same command goes on from there."


class EngineError(AutograderError, RuntimeError):
    """There is no record of a submission, or one that is not of what was handed in, asked and installed now.

    Whoever asked for it (nbgrader, otter, Gradescope, a run on Dask) then writes down no score.
    """
