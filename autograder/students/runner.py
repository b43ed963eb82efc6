"""The process in which a student's work is imported and checked. It hears one request, and tells what happens.

Every line that it writes is one event as JSON: `["statement", n]` and `["begin", function]` before what may take
long, `["imported", ...]` and `["checked", ...]` after it, `["end"]` at the end. Whoever reads knows from the last line
in what the process ended. What the work prints is kept, as far as a person reads it, and told with these.
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
from autograder.sandbox.inside.threads import tame_threads
from autograder.students.checks import load_checks, missing, run_checks, told
from autograder.students.confine import confine

_INSTALLED = ("site-packages", "dist-packages")
# Of what is printed in one go, so much is shown.
MOST_PRINTED = 1_500


class Printed(io.TextIOBase):
    """What is printed: the beginning of it, and how much there was."""

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._left, self._more = MOST_PRINTED, 0

    def write(self, text: str, /) -> int:
        """Keep it, as far as it is shown."""
        kept = text[: self._left]
        if kept:
            self._kept.append(kept)
        self._left -= len(kept)
        self._more += len(text) - len(kept)
        return len(text)

    def writable(self) -> bool:
        """Always."""
        return True

    def take(self) -> str:
        """What was printed since the last call."""
        text = "".join(self._kept)
        if self._more:
            text += f"\n(... {self._more:,} more characters)"
        self._kept, self._left, self._more = [], MOST_PRINTED, 0
        return text


class Events:
    """The stream of events, out of the reach of `print`."""

    def __init__(self) -> None:
        self._stream: TextIO = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
        self.printed = Printed()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        sys.stdin, sys.stdout, sys.stderr = io.StringIO(), self.printed, open(2, "w")  # noqa: SIM115

    def tell(self, *event: Any) -> None:
        """One event."""
        self._stream.write(json.dumps(event) + "\n")
        self._stream.flush()


def as_graded(scratch: str) -> bool:
    """Let the work have what it has when it is graded, as far as this system can.

    NumPy, the standard library and its own files to import; an empty folder to write to; few threads; and where the
    kernel has a sandbox that needs no rights, no other files. Returns whether it has.
    """
    sys.path[:] = [path for path in sys.path if not any(name in path for name in _INSTALLED)]
    tame_threads()
    os.chdir(scratch)
    os.environ.update(dict.fromkeys(("HOME", "TMPDIR", "TEMP", "TMP"), scratch))
    return confine(scratch)


def _reasons(troubles: list[StatementFailure]) -> dict[str, str]:
    """Of each name that a failed statement would have defined, why it is not there."""
    return {name: str(trouble.told) for trouble in troubles if trouble.told for name in trouble.unit.names}


def check_all(request: Mapping[str, Any], imported: Imported, files: Mapping[str, bytes], events: Events) -> None:
    """Make the checks of every function that the request does not leave out."""
    names, reasons = imported.functions, _reasons(imported.troubles)
    try:
        checks = load_checks(request["checks"], request["checks_name"])
    except BaseException as error:
        events.tell("no checks", f"{type(error).__name__}: {error}")
        return
    for function, own in checks.items():
        if function in request["leave_out"]:
            continue
        if function in imported.stubs:
            events.tell("checked", function, "not started", len(own), [], [], "")
            continue
        if function not in names:
            found = missing(function, len(own), names, reasons.get(function, ""))
        else:
            events.tell("begin", function, len(own))
            found = run_checks(function, own, files)
        failures = [[failure.title, failure.message] for failure in found.failures]
        printed = events.printed.take()
        events.tell("checked", function, found.status, found.total, failures, found.waits_for, printed)
    events.tell("end")


def main() -> None:
    """Read a request from stdin, and serve it."""
    request = json.loads(sys.stdin.buffer.read())
    events = Events()
    files = {name: base64.b64decode(data) for name, data in request["files"].items()}
    events.tell("started", as_graded(request["scratch"]))
    try:
        imported = import_submission(
            files,
            request["module"],
            request["cells"],
            report=lambda error: told(error, files),
            skip=request["skip"],
            begin=lambda statement: events.tell("statement", statement),
            folders=request["folders"],
        )
    except BaseException as error:
        events.tell("unreadable", told(error, files))
        return
    troubles = [[trouble.unit.file, trouble.unit.line, trouble.told] for trouble in imported.troubles]
    events.tell("imported", troubles, events.printed.take())
    check_all(request, imported, files, events)


if __name__ == "__main__":
    main()
