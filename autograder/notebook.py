"""What handed-out notebooks import: the names of `autograder.students.notebook`, where they stay."""

from autograder.students.notebook import Notebook

CHANGES_RECORDS = False

__all__ = ["Notebook"]
