"""Answers the calls: imports a submission, calls its functions, and writes one frame an answer.

It runs in a process of its own that is thrown away. The student's code shares it, so nothing here is trusted: what
comes out is a list of values, which the other side reads as data.

A sheet begins with the number of the statement that the import is at. Frames follow. A frame is `[question, call,
status, value, seconds, warning]`; question -1 is the import, whose value is what failed on the way. The value is packed
by itself, so that one which cannot be read costs no other. A frame's length stands before it and is written last, so
that a frame counts only once it is whole.
"""

import ctypes
import io
import mmap
import os
import random
import signal
import struct
import sys
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.random import bit_generator

from autograder.sandbox.inside.function_argument import function_of
from autograder.sandbox.inside.importing import Imported, StatementFailure, import_submission
from autograder.sandbox.inside.kernel import libc
from autograder.sandbox.inside.reporting import MAX_MESSAGE, report
from autograder.sandbox.inside.usual_limits import WALL_MORE, WALL_TIMES
from autograder.sandbox.inside.wire import MAX_FRAME, WireError, pack

IMPORT = -1
# Names that one statement would have defined, as far as they are told; characters of each.
MAX_NAMES, MAX_NAME = 200, 80
# At the head of a sheet: the statement that the import is at.
HEAD = struct.Struct("<I")
# Exit codes of the child, told apart from a student's own `os._exit`.
DONE, ANSWERS_TOO_LARGE = 72, 71
# By the wall, by the processor, and by the processor time of the whole process.
TIME_IS_OVER = (signal.SIGALRM, signal.SIGPROF, signal.SIGXCPU)

Request = Mapping[str, Any]
Question = Mapping[str, Any]


class AnswersTooLarge(BaseException):
    """All answers together outgrow what one submission may send."""


class AnswerFile:
    """The memory that answers are written to; the grader reads it once this process has ended."""

    def __init__(self, descriptor: int) -> None:
        self._memory = mmap.mmap(descriptor, os.fstat(descriptor).st_size)
        self._at = HEAD.size

    def begin(self, statement: int) -> None:
        """Remember the statement that the import is at: the one to pass over, should it end the process."""
        HEAD.pack_into(self._memory, 0, statement)

    def write(self, question: int, call: int, status: str, value: object, seconds: float, warning: str | None) -> None:
        """Append one frame.

        Raises:
            WireError: the value has no wire form, or is larger than one answer may be.
            AnswersTooLarge: the sheet is full.
        """
        packed = pack(value)
        if len(packed) > MAX_FRAME:
            raise WireError(f"the value takes {len(packed):,} bytes; one answer may take {MAX_FRAME:,}")
        data = pack([question, call, status, packed, seconds, warning])
        end = self._at + 4 + len(data)
        if end + 4 > len(self._memory):
            raise AnswersTooLarge
        self._memory[self._at + 4 : end] = data
        self._memory[self._at : self._at + 4] = struct.pack("<I", len(data))
        self._at = end


class BoundedText(io.TextIOBase):
    """Stands for stdout and stderr: takes anything, keeps nothing, costs no memory."""

    def write(self, text: str, /) -> int:
        """Forget the text."""
        return len(text)

    def writable(self) -> bool:
        """Always."""
        return True


def wall_seconds(processor: float) -> float:
    """How long a function with this much processor time may take by the wall."""
    return WALL_MORE + WALL_TIMES * processor


def start_clocks(wall: float, processor: float) -> None:
    """End this process when its time is over, by either clock, also from within C code that runs no Python."""
    signal.setitimer(signal.ITIMER_REAL, wall)
    signal.setitimer(signal.ITIMER_PROF, processor)


def end_when_time_is_over() -> None:
    """Let the clocks' signals end this process, with their own numbers as exit codes.

    The handler is the C library's `_exit`: no Python runs, so that neither a bare `except:` nor a long call of C code
    holds it up. The default action would not do: the first process of a namespace is immune to it.
    """
    for number in TIME_IS_OVER:
        libc.signal(number, ctypes.cast(libc._exit, ctypes.c_void_p))


def own_copy(value: Any) -> Any:
    """Arguments of which the callee may do what it likes: the next call gets fresh ones."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, list):
        return [own_copy(item) for item in value]
    if isinstance(value, tuple):
        return tuple(own_copy(item) for item in value)
    if isinstance(value, dict):
        return {key: own_copy(item) for key, item in value.items()}
    return value


def told(trouble: StatementFailure) -> list[Any]:
    """A statement that failed on import: its number, the names it would have defined, its place, the exception."""
    names = [name[:MAX_NAME] for name in trouble.unit.names[:MAX_NAMES]]
    return [trouble.number, names, trouble.unit.file, trouble.unit.line, trouble.told]


class Warnings:
    """Remembers the first RuntimeWarning of a call, at no cost to calls that give none."""

    def __init__(self) -> None:
        self.first: str | None = None
        warnings.simplefilter("always")
        warnings.showwarning = self._show

    def _show(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: object = None,
        line: str | None = None,
    ) -> None:
        if self.first is None and issubclass(category, RuntimeWarning):
            self.first = str(message)[:MAX_MESSAGE]

    def take(self) -> str | None:
        """The first warning since the last call."""
        first, self.first = self.first, None
        return first


def evaluated_steps(
    function: Callable[..., Any],
    cases: Sequence[Sequence[Any]],
    functions: Sequence[tuple[int, Sequence[str]]],
    files: Mapping[str, bytes],
) -> Any:
    """A derivation as data: for each line its relation and its value, or its error, on each case.

    `functions` has the places of arguments that are functions, each with its text on every case.
    """
    lines: list[Any] = []
    for pair in function():
        relation, step = pair
        values: list[Any] = []
        for number, arguments in enumerate(cases):
            own = list(own_copy(arguments))
            for place, texts in functions:
                own[place] = function_of(texts[number])
            try:
                values.append(["ok", step(*own)])
            except Exception as error:
                values.append(["raised", report(error, files)])
        lines.append([relation if isinstance(relation, str) else repr(relation)[:40], values])
    return lines


def answer(function: Callable[..., Any], mode: str, arguments: Any, files: Mapping[str, bytes]) -> Any:
    """One call: its value; with mode "arguments" also what became of the arguments; with "steps" a derivation."""
    if mode == "steps":
        cases, functions = arguments
        return evaluated_steps(function, cases, functions, files)
    own = own_copy(arguments)
    value = function(*own)
    return [value, own] if mode == "arguments" else value


def sit_question(
    number: int,
    question: Question,
    imported: Imported,
    files: Mapping[str, bytes],
    sheet: AnswerFile,
    warned: Warnings,
) -> None:
    """Make all calls of one question."""
    name = question["function"]
    function = getattr(imported.module, name, None)
    if not callable(function):
        sheet.write(number, 0, "missing", [key[:MAX_NAME] for key in imported.functions[:MAX_NAMES]], 0.0, None)
        return
    for call, (mode, arguments) in enumerate(question["calls"]):
        warned.take()
        started = time.perf_counter()
        try:
            status, value = "ok", answer(function, mode, arguments, files)
        except AnswersTooLarge:
            raise
        except BaseException as error:
            status, value = "raised", report(error, files)
        seconds = time.perf_counter() - started
        try:
            sheet.write(number, call, status, value, seconds, warned.take())
        except WireError as error:
            sheet.write(number, call, "unsendable", str(error)[:MAX_MESSAGE], seconds, None)


def fix_entropy() -> None:
    """Draw what is not seeded from a fixed stream: two runs on one submission must give the same record.

    The stream goes on from call to call, so that a function which should be seeded and is not still shows it. It is
    fixed before the fork: each child has it from its beginning.
    """
    np.random.seed(0)
    stream = random.Random(0)  # noqa: S311
    os.urandom = stream.randbytes
    vars(random)["_urandom"] = stream.randbytes  # of SystemRandom, and so of `secrets`
    vars(bit_generator)["randbits"] = stream.getrandbits  # of default_rng()


def sit(plan: Sequence[Question], request: Request, sheet: AnswerFile) -> int:
    """Import the submission and answer the questions from `start` to before `stop`; returns the exit code."""
    files: Mapping[str, bytes] = request["files"]
    end_when_time_is_over()
    sys.stdout = sys.stderr = BoundedText()
    sys.stdin = io.StringIO()
    random.seed(0)  # which Python seeds anew after a fork
    warned = Warnings()
    try:
        start_clocks(request["import_seconds"], request["import_seconds"])
        started = time.perf_counter()
        try:
            imported = import_submission(
                files,
                request["module"],
                request["cells"],
                report=lambda error: report(error, files),
                skip=request["skip"],
                begin=sheet.begin,
                folders=request["folders"],
            )
        except BaseException as error:
            sheet.write(IMPORT, 0, "raised", report(error, files), time.perf_counter() - started, None)
            return DONE
        sheet.write(IMPORT, 0, "ok", [*map(told, imported.troubles)], time.perf_counter() - started, None)
        for number in range(request["start"], request["stop"]):
            seconds = request["seconds"][number]
            start_clocks(wall_seconds(seconds), seconds)
            sit_question(number, plan[number], imported, files, sheet, warned)
    except AnswersTooLarge:
        return ANSWERS_TOO_LARGE
    return DONE
