"""Takes out of a notebook's JSON what its cells have shown: plots take megabytes, and count for nothing."""

import re
from itertools import islice

from autograder.submissions.intake_limits import NOTEBOOK_CELLS, OUTPUT_TOKENS
from autograder.submissions.tree import RefusedError

# A key whose value goes: of a cell, or of the notebook's metadata. In JSON a quote inside a text has a backslash before
# it, so that these bytes are never the middle of one.
_GOES = re.compile(rb'(?<!\\)"(?:outputs|widgets)"\s*+:\s*+(?=[\[{])')
# Texts, whatever stands in them, and brackets. One that is left open goes to the end: nothing is looked at twice.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?+\Z)|[\[\]{}]', re.DOTALL)
# More than any notebook has that is read.
_MOST_KEYS = 4 * NOTEBOOK_CELLS


def without_outputs(data: bytes) -> bytes:
    """The notebook with nothing in its outputs; its lines keep their numbers.

    It takes time in proportion to the texts and brackets in them, and holds nothing of what goes. What is no JSON stays
    as it is from there on.

    Raises:
        RefusedError: there are too many of these; the message is the end of a sentence that begins with its name.
    """
    kept: list[bytes] = []
    at, left = 0, OUTPUT_TOKENS
    for found in islice(_GOES.finditer(data), _MOST_KEYS):
        if found.start() < at:  # inside one that has gone
            continue
        end, left = _end_of_value(data, found.end(), left)
        if end < 0:
            break
        kept += [data[at : found.end()], b"[]" if data[found.end()] == ord("[") else b"{}"]
        kept.append(b"\n" * data.count(b"\n", found.end(), end))
        at = end
    return b"".join([*kept, data[at:]])


def _end_of_value(data: bytes, start: int, left: int) -> tuple[int, int]:
    """Where the list or object ends that begins here, or -1; and how many more tokens may be looked at."""
    depth = 0
    for token in _TOKEN.finditer(data, start):
        left -= 1
        if left < 0:
            raise RefusedError("holds more values in its outputs than are looked at: clear them, and hand it in again")
        sign = data[token.start()]
        if sign in b"[{":
            depth += 1
        elif sign in b"]}":
            depth -= 1
            if depth == 0:
                return token.end(), left
    return -1, left
