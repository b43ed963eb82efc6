"""Grades numerical and machine-learning coursework: what a program has of it, from one place.

    from autograder import grade

    results = grade("submissions", "results")

does what `autograder grade` does; docs/library.md has every member with an example. Nothing heavy is imported until it
is asked for: the command line, the sandbox and whoever only handles our errors stay light.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.authoring import Assignment
    from autograder.errors import (
        AboveMaximumError,
        AuthoringError,
        AutograderError,
        BackendError,
        BreachError,
        BuildError,
        CourseError,
        CourseExistsError,
        CourseFolderError,
        EngineError,
        GradingProcessError,
        HandoutError,
        LinkError,
        MarksError,
        MissingExtraError,
        OtterVersionError,
        OwnFolderError,
        RecordingError,
        RecordsError,
        ReportError,
        RosterError,
        RubricError,
        SandboxError,
        SettingsError,
        SolutionsError,
        StandardsError,
        StoppedError,
        StoreError,
        SubmissionsError,
        UngradableError,
        UngradedError,
        UsageError,
        WrongSettingError,
    )
    from autograder.exports.export import (
        Exported,
        export,
    )
    from autograder.feedback.remake import report
    from autograder.gradebook.changes import (
        CheckChange,
        Diff,
        QuestionChange,
        StudentChange,
        compare,
    )
    from autograder.gradebook.final import (
        Final,
        FinalAssignment,
    )
    from autograder.gradebook.giving_marks import (
        give_mark,
        remove_mark,
    )
    from autograder.gradebook.journal import (
        JournalLine,
        change_marks,
        history,
        read_marks,
        write_marks,
    )
    from autograder.gradebook.marks import Mark
    from autograder.gradebook.marks_file import Marks
    from autograder.gradebook.policy import Late
    from autograder.grading.one_submission import GradedSubmission
    from autograder.grading.outputs import apply_marks
    from autograder.grading.preview import preview
    from autograder.grading.run import (
        Results,
        grade,
    )
    from autograder.grading.warm import WarmGrader
    from autograder.judging.finding import Finding
    from autograder.judging.judgement import SmallestCase
    from autograder.judging.levels import Reveal
    from autograder.judging.verdicts import Verdict
    from autograder.records.record import (
        AssignmentResult,
        CheckResult,
        CurveResult,
        QuestionResult,
        Result,
        SourceFile,
    )
    from autograder.records.store import read_records
    from autograder.sandbox.tiers import Tier
    from autograder.submissions import HandedIn

__all__ = [
    "AboveMaximumError",
    "Assignment",
    "AssignmentResult",
    "AuthoringError",
    "AutograderError",
    "BackendError",
    "BreachError",
    "BuildError",
    "CheckChange",
    "CheckResult",
    "CourseError",
    "CourseExistsError",
    "CourseFolderError",
    "CurveResult",
    "Diff",
    "EngineError",
    "Exported",
    "Final",
    "FinalAssignment",
    "Finding",
    "GradedSubmission",
    "GradingProcessError",
    "HandedIn",
    "HandoutError",
    "JournalLine",
    "Late",
    "LinkError",
    "Mark",
    "Marks",
    "MarksError",
    "MissingExtraError",
    "OtterVersionError",
    "OwnFolderError",
    "QuestionChange",
    "QuestionResult",
    "RecordingError",
    "RecordsError",
    "ReportError",
    "Result",
    "Results",
    "Reveal",
    "RosterError",
    "RubricError",
    "SandboxError",
    "SettingsError",
    "SmallestCase",
    "SolutionsError",
    "SourceFile",
    "StandardsError",
    "StoppedError",
    "StoreError",
    "StudentChange",
    "SubmissionsError",
    "Tier",
    "UngradableError",
    "UngradedError",
    "UsageError",
    "Verdict",
    "WarmGrader",
    "WrongSettingError",
    "apply_marks",
    "change_marks",
    "compare",
    "export",
    "give_mark",
    "grade",
    "history",
    "preview",
    "read_marks",
    "read_records",
    "remove_mark",
    "report",
    "write_marks",
]
__version__ = "0.1.0"

# Where each member is from.
_MODULES = {
    "autograder.authoring": "Assignment",
    "autograder.errors": (
        "AboveMaximumError AuthoringError AutograderError BackendError BreachError BuildError CourseError "
        "CourseExistsError "
        "CourseFolderError EngineError GradingProcessError HandoutError LinkError MarksError "
        "MissingExtraError OtterVersionError OwnFolderError RecordingError RecordsError ReportError "
        "RosterError RubricError SandboxError SettingsError SolutionsError StandardsError StoppedError "
        "StoreError SubmissionsError UngradableError UngradedError UsageError WrongSettingError"
    ),
    "autograder.exports.export": "Exported export",
    "autograder.feedback.remake": "report",
    "autograder.gradebook.changes": "CheckChange Diff QuestionChange StudentChange compare",
    "autograder.gradebook.final": "Final FinalAssignment",
    "autograder.gradebook.giving_marks": "give_mark remove_mark",
    "autograder.gradebook.marks": "Mark",
    "autograder.gradebook.journal": "JournalLine change_marks history read_marks write_marks",
    "autograder.gradebook.marks_file": "Marks",
    "autograder.gradebook.policy": "Late",
    "autograder.grading.one_submission": "GradedSubmission",
    "autograder.grading.outputs": "apply_marks",
    "autograder.grading.preview": "preview",
    "autograder.grading.run": "Results grade",
    "autograder.grading.warm": "WarmGrader",
    "autograder.judging.finding": "Finding",
    "autograder.judging.judgement": "SmallestCase",
    "autograder.judging.levels": "Reveal",
    "autograder.judging.verdicts": "Verdict",
    "autograder.records.record": "AssignmentResult CheckResult CurveResult QuestionResult Result SourceFile",
    "autograder.records.store": "read_records",
    "autograder.sandbox.tiers": "Tier",
    "autograder.submissions": "HandedIn",
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names.split()}


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'autograder' has no attribute {name!r}")
    found: object = getattr(importlib.import_module(_MODULE_OF[name]), name)
    # Asked for once only.
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
