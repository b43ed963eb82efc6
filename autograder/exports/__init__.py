"""Scores for other programs, one module a platform. Each reads only finals and a roster, and nothing imports them.

Another package adds one by an entry point of the group `autograder.exports`: a module with `export`, as those here, and
`ENDING`, the ending of the file that it makes.
"""

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from autograder.errors import UsageError
from autograder.gradebook.people import Recipient
from autograder.gradebook.roster import Roster
from autograder.plugins import added, load

CHANGES_RECORDS = False

# Ours, and the ending of the file that each makes.
OWN = {"moodle": "csv", "canvas": "csv", "gradescope": "zip", "nbgrader": "csv", "csv": "csv", "xlsx": "xlsx"}
Export = Callable[[Sequence[Recipient], Roster | None, str], bytes]


@dataclass(frozen=True, slots=True)
class Exporter:
    """What makes the file of a platform, from people, roster and the column's name; and the ending of that file."""

    export: Export
    ending: str


def exporter(name: str) -> Exporter:
    """The exporter of a platform or format.

    Raises:
        UsageError: there is none of this name.
    """
    if name in OWN:
        module = importlib.import_module(f"autograder.exports.{'plain' if name == 'csv' else name}")
        return Exporter(cast("Export", module.export), OWN[name])
    others = added("exports")
    if name not in others:
        raise UsageError(f"there is no export {name!r}; there are {', '.join([*OWN, *others])}")
    made = load("exports", others[name])
    export = getattr(made, "export", None)
    if not callable(export):
        raise UsageError(f"the export {name!r} of another package has no function `export`")
    return Exporter(cast("Export", export), str(getattr(made, "ENDING", "csv")))
