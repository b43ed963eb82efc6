"""Scores for other programs, one module a platform. Each reads only finals and a roster, and nothing imports them."""

import importlib
from collections.abc import Callable, Sequence
from typing import cast

from autograder.gradebook.people import Recipient
from autograder.gradebook.roster import Roster

CHANGES_RECORDS = False


FORMATS = ("moodle", "canvas", "gradescope", "nbgrader", "csv", "xlsx")
ENDINGS = {"gradescope": "zip", "xlsx": "xlsx"}
Export = Callable[[Sequence[Recipient], Roster | None, str], bytes]


def exporter(name: str) -> Export:
    """The function that makes the file of a platform, from people, roster and the column's name."""
    module = importlib.import_module(f"autograder.exports.{'plain' if name == 'csv' else name}")
    return cast("Export", module.export)
