"""The process in which a student's work is imported and checked. It hears one request, and tells what happens.

Every line that it writes is one event as JSON: `["statement", n]` and `["begin", function]` before what may take
long, `["imported", ...]` and `["checked", ...]` after it, `["end"]` at the end. Whoever reads knows from the last line
in what the process ended. What the work prints goes nowhere.
"""

import base64
import io
import json
import os
import sys
from collections.abc import Mapping
from typing import Any, TextIO

# Loaded before the process is confined; the checks need them.
import numpy as np  # noqa: F401

import autograder.public  # noqa: F401
from autograder.sandbox.inside.importing import Imported, StatementFailure, import_submission
from autograder.students.checks import load_checks, missing, run_checks, told
from autograder.students.confine import confine

_INSTALLED = ("site-packages", "dist-packages")


class Events:
    """The stream of events, out of the reach of `print`."""

    def __init__(self) -> None:
        self._stream: TextIO = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        sys.stdin, sys.stdout, sys.stderr = io.StringIO(), open(1, "w"), open(2, "w")  # noqa: SIM115

    def tell(self, *event: Any) -> None:
        """One event."""
        self._stream.write(json.dumps(event) + "\n")
        self._stream.flush()


def as_graded() -> None:
    """Let the work import what it can import when it is graded: NumPy, the standard library, and its own files."""
    sys.path[:] = [path for path in sys.path if not any(name in path for name in _INSTALLED)]


def _reasons(troubles: list[StatementFailure]) -> dict[str, str]:
    """Of each name that a failed statement would have defined, why it is not there."""
    return {name: str(trouble.told) for trouble in troubles if trouble.told for name in trouble.unit.names}


def check_all(request: Mapping[str, Any], imported: Imported, files: Mapping[str, bytes], events: Events) -> None:
    """Make the checks of every function that the request does not leave out."""
    names = [name for name, value in vars(imported.module).items() if callable(value) and not name.startswith("_")]
    reasons = _reasons(imported.troubles)
    try:
        checks = load_checks(request["checks"], request["checks_name"])
    except BaseException as error:
        events.tell("no checks", f"{type(error).__name__}: {error}")
        return
    for function, own in checks.items():
        if function in request["leave_out"]:
            continue
        if function in imported.stubs:
            events.tell("checked", function, "not started", len(own), [])
            continue
        if function not in names:
            found = missing(function, len(own), names, reasons.get(function, ""))
        else:
            events.tell("begin", function, len(own))
            found = run_checks(function, own, files)
        failures = [[failure.title, failure.message] for failure in found.failures]
        events.tell("checked", function, found.status, found.total, failures)
    events.tell("end")


def main() -> None:
    """Read a request from stdin, and serve it."""
    request = json.loads(sys.stdin.buffer.read())
    events = Events()
    files = {name: base64.b64decode(data) for name, data in request["files"].items()}
    as_graded()
    events.tell("started", confine())
    try:
        imported = import_submission(
            files,
            request["module"],
            request["cells"],
            report=lambda error: told(error, files),
            skip=request["skip"],
            begin=lambda statement: events.tell("statement", statement),
        )
    except BaseException as error:
        events.tell("unreadable", told(error, files))
        return
    troubles = [[trouble.unit.file, trouble.unit.line, trouble.told] for trouble in imported.troubles]
    events.tell("imported", troubles)
    check_all(request, imported, files, events)


if __name__ == "__main__":
    main()
