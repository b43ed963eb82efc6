"""What students receive, made from the references: checked for drift and for leaks, as folders and as zips.

`stub` takes the signatures and docstrings out of a reference; `notebook_file` and `otter_tests` are made of the same;
`rendering` puts an assignment's folder together; `leaks` looks through the bytes, and `handout_zips` packs them.
`handed_out_list` keeps the hashes of all that was ever handed out, by which intake knows it again.
"""

from autograder.errors import HandoutError
from autograder.handout.handed_out_list import not_listed
from autograder.handout.handout_zips import pack_handout
from autograder.handout.leaks import all_secrets, leaks, leaks_in, secrets
from autograder.handout.material import Material, materials
from autograder.handout.rendering import drift, files_of, handouts_of, make_handout
from autograder.handout.stub import stub

CHANGES_RECORDS = False


__all__ = [
    "HandoutError",
    "Material",
    "all_secrets",
    "drift",
    "files_of",
    "handouts_of",
    "leaks",
    "leaks_in",
    "make_handout",
    "materials",
    "not_listed",
    "pack_handout",
    "secrets",
    "stub",
]
