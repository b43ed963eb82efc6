"""From whatever was handed in to `Submission` values; files are read in memory, and nothing is ever extracted."""

from autograder.submissions.entries import Entry, Listing, SubmissionsError, list_entries
from autograder.submissions.names import safe_name
from autograder.submissions.reading import Submission, Work, read_submission

__all__ = [
    "Entry",
    "Listing",
    "Submission",
    "SubmissionsError",
    "Work",
    "list_entries",
    "read_submission",
    "safe_name",
]
