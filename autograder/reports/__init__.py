"""Pages made from the records alone: one per student, and one for the class. Nothing here grades."""

from autograder.reports.pages import write_pages

__all__ = ["write_pages"]
