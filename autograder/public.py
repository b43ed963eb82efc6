"""What handed-out public checks import: names of `autograder.students`, where they stay."""

from autograder.sandbox.inside.function_argument import FunctionArgument
from autograder.students.derivation_checks import expect_derivation, expect_ends, expect_uses
from autograder.students.public_checks import (
    call,
    expect,
    expect_error,
    expect_gradient,
    expect_untouched,
    of_notebook,
)

CHANGES_RECORDS = False

__all__ = [
    "FunctionArgument",
    "call",
    "expect",
    "expect_derivation",
    "expect_ends",
    "expect_error",
    "expect_gradient",
    "expect_untouched",
    "expect_uses",
    "of_notebook",
]
