"""Grades numerical and machine-learning coursework.

`from autograder import grade` does what `autograder grade` does and returns the results. Nothing heavy is imported
until it is asked for: the command line and the sandbox stay light.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.grading.run import grade as grade
    from autograder.records.record import Result

__all__ = ["Result", "grade"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    if name == "grade":
        from autograder.grading.run import grade

        return grade
    if name == "Result":
        from autograder.records.record import Result

        return Result
    raise AttributeError(f"module 'autograder' has no attribute {name!r}")
