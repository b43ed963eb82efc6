"""Syntax of a later Python than the course's, as the Python of the student's own machine tells it.

It is asked for what the lines do not tell. On one's own machine a source may be parsed; where work is graded, only its
lines are read.
"""

import ast
import re
import sys
from collections.abc import Iterator

from autograder.submissions.breaches import newer_breach
from autograder.submissions.rules import Breach
from autograder.submissions.source_text import as_text
from autograder.submissions.work_sources import WorkSources

_SINCE = re.compile(r"\bPython 3\.(\d+)")


def grammar_breaches(work: WorkSources) -> Iterator[Breach]:
    """The first line of each source that is imported which the course's Python does not read, and this one does."""
    if sys.version_info[:2] <= work.rules.python:
        return
    for file in work.imported:
        if work.is_cell(file):
            continue
        text = as_text(work.files[file])
        try:
            ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue  # no Python for this one either
        try:
            ast.parse(text, feature_version=work.rules.python)
        except SyntaxError as error:
            since = _SINCE.search(str(error))
            version = (3, int(since[1])) if since is not None else sys.version_info[:2]
            yield newer_breach(file, error.lineno or 1, "grammar", "", version, work)
