"""What handed-out public checks import: the names of `autograder.students.public_checks`, where they stay."""

from autograder.students.public_checks import (
    call,
    expect,
    expect_derivation,
    expect_ends,
    expect_error,
    expect_gradient,
    expect_untouched,
    of_notebook,
)

CHANGES_RECORDS = False

__all__ = [
    "call",
    "expect",
    "expect_derivation",
    "expect_ends",
    "expect_error",
    "expect_gradient",
    "expect_untouched",
    "of_notebook",
]
