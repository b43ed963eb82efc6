"""From a folder of submissions to `Submission` values: what each student handed in, read into memory and nowhere else.

`listing` says who handed in, by one of `layouts`, which look at names through `roots`; `reading` opens one entry as a
`tree` (`folder`, `zipped`, or `pieced` together), out of which `picking` takes each assignment's module. A further
platform is a further layout; a further container is a further tree and root.
"""

from autograder.errors import SubmissionsError
from autograder.submissions.listing import list_entries
from autograder.submissions.reading import read_submission
from autograder.submissions.submission import Entry, HandedIn, Listing, Submission, Work

__all__ = [
    "Entry",
    "HandedIn",
    "Listing",
    "Submission",
    "SubmissionsError",
    "Work",
    "list_entries",
    "read_submission",
]
