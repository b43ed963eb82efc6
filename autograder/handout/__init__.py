"""What students receive, made from the references: checked for drift and for leaks, as folders and as zips.

`stub` takes the signatures and docstrings out of a reference; `notebook_file` and `otter_tests` are made of the same;
`rendering` puts an assignment's folder together; `leaks` looks through the bytes, and `handout_zips` packs them.
"""

from autograder.errors import HandoutError
from autograder.handout.handout_zips import pack_handout
from autograder.handout.leaks import all_secrets, leaks, leaks_in, secrets
from autograder.handout.material import Material, materials
from autograder.handout.rendering import drift, files_of, make_handout
from autograder.handout.stub import stub

CHANGES_RECORDS = False


__all__ = [
    "HandoutError",
    "Material",
    "all_secrets",
    "drift",
    "files_of",
    "leaks",
    "leaks_in",
    "make_handout",
    "materials",
    "pack_handout",
    "secrets",
    "stub",
]
