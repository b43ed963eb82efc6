"""What people give: points for written answers, one criterion at a time, and overrides of any score, with a reason.

Marks stand in a file of their own, which grading reads and never writes.
"""

from autograder.marks.file import MARKS, Marks, MarksError, read_marks, write_marks
from autograder.marks.model import Item, Mark, items, mark_hash

__all__ = ["MARKS", "Item", "Mark", "Marks", "MarksError", "items", "mark_hash", "read_marks", "write_marks"]
