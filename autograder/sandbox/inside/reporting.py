"""What is told of an exception in a student's code. It needs nothing that only one system has."""

import traceback
from collections.abc import Mapping
from typing import Any

from autograder.sandbox.inside.wire import without_addresses

MAX_MESSAGE = 500


def safe_text(error: BaseException) -> str:
    """The error's message, whatever its own `__str__` does."""
    try:
        return without_addresses(str(error)[:MAX_MESSAGE])
    except BaseException:
        return "(the message of this error cannot be printed)"


def report(error: BaseException, files: Mapping[str, bytes]) -> dict[str, Any]:
    """What a person needs to find an exception in the student's own code."""
    found: dict[str, Any] = {
        "types": [kind.__name__ for kind in type(error).__mro__ if kind is not object],
        "message": safe_text(error),
        "file": None,
        "line": None,
    }
    if isinstance(error, SyntaxError) and error.filename in files:
        found.update(file=error.filename, line=error.lineno)
        found["message"] = error.msg
        return found
    try:
        own = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in files]
    except BaseException:
        own = []
    if own:
        found.update(file=own[-1].filename, line=own[-1].lineno)
    return found
