"""From a folder of submissions to `Submission` values: what each student handed in, read into memory and nowhere else.

`listing` says who handed in; `reading` opens one entry as a `tree` (`folder`, `zipped`), out of which `picking` takes
each assignment's module. A further layout is a further listing; a further container is a further tree.
"""

from autograder.submissions.listing import list_entries
from autograder.submissions.model import Entry, Listing, Submission, SubmissionsError, Work
from autograder.submissions.names import safe_name
from autograder.submissions.reading import read_submission

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
