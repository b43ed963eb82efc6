"""Runs a student's checks in a process of their own, and ends what takes too long: it costs itself, and no more."""

import base64
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Collection
from typing import Any

from autograder.errors import OwnFolderError
from autograder.feedback.places import place
from autograder.students.checked_work import CheckedWork, hold_against_rules
from autograder.students.checks import CheckedFunction, FailedCheck, Status
from autograder.students.confine import end, how_it_ended, start_options
from autograder.students.own_folder import AssignmentFolder
from autograder.students.own_rules import not_text

# Python and NumPy, on a slow disk; and importing the work, as when it is graded.
START_SECONDS = 60.0
IMPORT_SECONDS = 10.0
# Statements that end the process on import are passed over, so many of them; as when it is graded.
MOST_SKIPS = 3
TOO_LONG = "it takes too long"


def check_work(work: AssignmentFolder, seconds: float, only: Collection[str] = ()) -> CheckedWork:
    """Import a work, hold it against the rules of the course, and make its public checks.

    Args:
        work: with a module or a notebook.
        seconds: that the checks of one function may take.
        only: the functions to check; empty for all.

    Raises:
        OwnFolderError: the public checks themselves cannot be run, or the rules cannot be read.
    """
    report = CheckedWork(work)
    asked = [function for function in work.functions if not only or function in only]
    if work.taken is None:
        report.functions = [CheckedFunction(function, Status.MISSING, 0) for function in asked]
        return report
    if no_text := not_text(work):
        report.rules = [no_text]
        report.functions = [CheckedFunction(function, Status.FAILS, 0) for function in asked]
        return report
    skip: dict[int, str] = {}
    left_out = [function for function in work.functions if function not in asked]
    done = {function: CheckedFunction(function, Status.MISSING, 0) for function in left_out}
    with tempfile.TemporaryDirectory(prefix="autograder-check-") as scratch:
        while not _CheckProcess(work, seconds, skip, done, report, scratch).run():
            pass
    report.functions = [done[function] for function in asked if function in done]
    hold_against_rules(report)
    return report


class _CheckProcess:
    """One process: it goes on until all is checked, or until something ends it."""

    def __init__(
        self,
        work: AssignmentFolder,
        seconds: float,
        skip: dict[int, str],
        done: dict[str, CheckedFunction],
        report: CheckedWork,
        scratch: str,
    ) -> None:
        self.work, self.seconds, self.skip, self.done, self.report = work, seconds, skip, done, report
        self.scratch = scratch
        self.at: list[Any] = ["start"]
        self.import_over = 0.0

    def run(self) -> bool:
        """Whether everything has been checked; else another attempt is needed."""
        request = {
            "files": {name: base64.b64encode(data).decode() for name, data in self.work.files().items()},
            "module": self.work.module,
            "cells": self.work.cells(),
            "checks": self.work.checks,
            "checks_name": f"test_{self.work.module}.py",
            "skip": list(self.skip),
            "leave_out": list(self.done),
            "folders": [self.work.folder.resolve().name],
            "scratch": self.scratch,
        }
        process = subprocess.Popen(
            [sys.executable, "-B", "-P", "-m", "autograder.students.runner"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"},
            encoding="utf-8",
            **start_options(),
        )
        lines: queue.Queue[str | None] = queue.Queue()
        reader = threading.Thread(target=_read_lines, args=(process, json.dumps(request), lines), daemon=True)
        reader.start()
        try:
            return self._follow(process, lines)
        finally:
            end(process)
            reader.join()
            for stream in (process.stdout, process.stderr):
                if stream is not None:
                    stream.close()

    def _follow(self, process: "subprocess.Popen[str]", lines: "queue.Queue[str | None]") -> bool:
        while True:
            try:
                line = lines.get(timeout=self._left())
            except queue.Empty:
                return self._ended(process, TOO_LONG)
            if line is None:
                return self._ended(process, _how(process))
            event = json.loads(line)
            match event:
                case ["started", confined]:
                    self.report.confined = confined
                    self.import_over = time.monotonic() + IMPORT_SECONDS
                case ["imported", troubles, printed]:
                    self.report.troubles = [self._trouble(*trouble) for trouble in troubles]
                    self.report.printed = printed
                case ["checked", function, status, total, failures, waits_for, printed]:
                    told = tuple(FailedCheck(*failure) for failure in failures)
                    self.done[function] = CheckedFunction(
                        function, Status(status), total, told, tuple(waits_for), printed
                    )
                case ["unreadable", message]:
                    self._give_up(message)
                    return True
                case ["no checks", message]:
                    name = f"test_{self.work.module}.py"
                    raise OwnFolderError(
                        f"{name}, the public checks, cannot be run ({message}). Copy it from the handout."
                    )
                case ["end"]:
                    return True
            self.at = event

    def _left(self) -> float:
        match self.at[0]:
            case "start":
                return START_SECONDS
            case "started" | "statement":
                # For all statements together, as when it is graded.
                return max(0.0, self.import_over - time.monotonic())
            case _:
                return self.seconds

    def _ended(self, process: "subprocess.Popen[str]", how: str) -> bool:
        """The process is over before its time: what it was at is told, and left out of the next attempt."""
        match self.at:
            case ["begin", function, total]:
                message = f"while it was checked, {how}"
                if how == TOO_LONG:
                    message = f"takes longer than {self.seconds:g} s on small cases: is there a loop that never ends?"
                self.done[function] = CheckedFunction(
                    function, Status.FAILS, total, (FailedCheck("Comes back", message),)
                )
                return False
            case ["statement", number] if number not in self.skip and len(self.skip) < MOST_SKIPS:
                self.skip[number] = how
                return False
            case ["start"]:
                end(process)
                said = process.stderr.read().strip().splitlines()[-1:] if process.stderr is not None else []
                raise OwnFolderError(
                    f"the process that checks your work could not be started: {' '.join([how, *said])}."
                )
        self._give_up(f"it cannot be imported: {how}")
        return True

    def _give_up(self, message: str) -> None:
        """Say it once; no function that is left can be checked."""
        self.report.rules.append(f"Nothing more can be checked: {message}")
        for function in self.work.functions:
            self.done.setdefault(function, CheckedFunction(function, Status.FAILS, 0))

    def _trouble(self, file: str, line: int, told: str | None) -> str:
        if told is None:
            how = next(iter(self.skip.values())) if len(set(self.skip.values())) == 1 else "it ended the process"
            return f"was passed over, since {how}\n  in {place(file, line)}"
        return told


def _how(process: "subprocess.Popen[str]") -> str:
    """How a process ended that has said its last word."""
    try:
        return how_it_ended(process.wait(1.0))
    except subprocess.TimeoutExpired:
        return "it closed its own output"


def _read_lines(process: "subprocess.Popen[str]", request: str, lines: "queue.Queue[str | None]") -> None:
    """In a thread, since no system but POSIX can wait for a pipe with a time limit."""
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(request)
        process.stdin.close()
        for line in process.stdout:
            lines.put(line)
    except (OSError, ValueError):
        pass  # it has ended, which the end of its lines says
    lines.put(None)
