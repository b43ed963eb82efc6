"""The verdicts: how a check may end."""

from enum import StrEnum


class Verdict(StrEnum):
    """How one check ended."""

    PASSED = "passed"
    FAILED = "failed"  # a wrong value
    WRONG_TYPE = "wrong_type"  # a wrong shape or type, or nan
    RAISED = "raised"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"
    MISSING = "missing"  # no such function, file or module
    UNGRADED = "ungraded"  # waits for a person
    GRADER_ERROR = "grader_error"  # ours, never the student's
