"""What came back from the sandbox, as data: one `Answer` for each call, however the child ended.

The bytes were written by a process that ran a student's code. Whatever is not exactly a frame of the wire format is a
wrong answer of the function that it stands for; nothing here raises.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from autograder.sandbox.inside.child import IMPORT, MAX_NAME, MAX_NAMES
from autograder.sandbox.inside.importing import MOST_TROUBLES
from autograder.sandbox.inside.wire import MAX_FRAME, WireError, unpack

MAX_CODE = 200
# NumPy's own arrays have at most 64 dimensions, and a derivation's lines are five lists deep.
DEEPEST = 32
# Items of lists, tuples and dicts within each other: more than an answer has room for numbers of 64 bits.
MOST_ITEMS = 1 << 17
# What a frame holds beside the value: numbers, and a warning.
MAX_AROUND = 4096
Ending = Literal["timeout", "memory", "crashed", "output"]


@dataclass(frozen=True, slots=True)
class Returned:
    """A call that came back with a value; `warning` is the first RuntimeWarning on the way."""

    value: Any
    warning: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Raised:
    """A call (or the import) that raised. `line` is in the student's own file, where it could be found."""

    types: tuple[str, ...]
    message: str
    file: str | None = None
    line: int | None = None
    code: str | None = None
    seconds: float = 0.0

    def is_a(self, name: str) -> bool:
        """Whether the exception is of this class or of one below it."""
        return name in self.types


@dataclass(frozen=True, slots=True)
class Ended:
    """A call in which the process ended, or (`after`) that was never made because an earlier one had ended it."""

    how: Ending
    detail: str
    seconds: float = 0.0
    after: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A call whose answer is not a value that may be sent."""

    detail: str
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Missing:
    """The module has no function of this name; `names` are those that it has."""

    names: tuple[str, ...] = ()
    seconds: float = 0.0


Answer = Returned | Raised | Ended | Unreadable | Missing


@dataclass(frozen=True, slots=True)
class FailedStatement:
    """A statement at the top level of what was handed in that failed on import, while the rest was read.

    Args:
        number: of the statement, from 0 on; what ended the process is passed over by it.
        names: that it would have defined.
        answer: what it did.
        file: of the statement.
        line: where it begins.
    """

    number: int
    names: tuple[str, ...]
    answer: Raised | Ended
    file: str
    line: int


@dataclass(slots=True)
class SubmissionAnswers:
    """All answers of one submission to one plan."""

    answers: list[list[Answer]]
    import_failure: Raised | Ended | None = None
    troubles: tuple[FailedStatement, ...] = ()
    seconds: float = 0.0
    processor: float = 0.0
    peak_kilobytes: int = 0
    forks: int = 0
    endings: list[str] = field(default_factory=list)


def _text(value: object, most: int = 2000) -> str | None:
    return value[:most] if isinstance(value, str) else None


def source_line(files: Mapping[str, bytes], file: str | None, line: int | None) -> str | None:
    """A line of what was handed in. What a submission says of its own code could be anything."""
    if file not in files or line is None or file is None:
        return None
    source = files[file]
    ends = _ends_of_lines(source)
    if not 0 < line <= len(ends):
        return None
    start = int(ends[line - 2]) + 1 if line > 1 else 0
    return source[start : int(ends[line - 1])].decode(errors="replace").strip()[:MAX_CODE]


@lru_cache(maxsize=2)
def _ends_of_lines(source: bytes) -> npt.NDArray[np.uint32]:
    """Where the lines of a source end, as Python counts them: found once, since each call may raise in another line.

    Splitting a file of a million empty lines, for each answer again, took most of the time of a grading.
    """
    signs = np.frombuffer(source, np.uint8)
    ends = signs == ord("\n")
    alone = signs == ord("\r")
    # With the other sign behind it, it is half of an end.
    alone[:-1] &= ~ends[1:]
    found = np.flatnonzero(ends | alone).astype(np.uint32)
    rest = len(source) > (int(found[-1]) + 1 if len(found) else 0)
    return np.append(found, np.uint32(len(source))) if rest else found


def read_raised(found: object, seconds: float, files: Mapping[str, bytes]) -> Raised | Unreadable:
    """An exception's report, field by field: a submission can write whatever it likes there."""
    if not isinstance(found, Mapping):
        return Unreadable("the report of an exception was not readable", seconds)
    types = found.get("types")
    names = tuple(name[:80] for name in types[:20] if isinstance(name, str)) if isinstance(types, list) else ()
    line, file = found.get("line"), _text(found.get("file"), 200)
    code = source_line(files, file, line if type(line) is int else None)
    return Raised(
        types=names or ("Exception",),
        message=_text(found.get("message")) or "",
        file=file if code is not None else None,
        line=line if code is not None else None,
        code=code,
        seconds=seconds,
    )


def read_names(value: object) -> tuple[str, ...]:
    """Names of functions, as far as they are texts."""
    if not isinstance(value, list):
        return ()
    return tuple(name[:MAX_NAME] for name in value[:MAX_NAMES] if isinstance(name, str))


def read_troubles(
    answer: Answer, skipped: Mapping[int, Ended], files: Mapping[str, bytes]
) -> tuple[FailedStatement, ...]:
    """What a submission says of its own import, field by field.

    Args:
        answer: to the import.
        skipped: how the statements that were passed over had ended, by their number.
        files: what was handed in.
    """
    found: list[FailedStatement] = []
    value = answer.value if isinstance(answer, Returned) else None
    for told in value[:MOST_TROUBLES] if isinstance(value, list) else ():
        if not isinstance(told, list) or len(told) != 5:
            continue
        number, names, file, line, raised = told
        # Only a line that is there: any other number could carry what it has seen.
        if (type(number), type(file), type(line)) != (int, str, int) or source_line(files, file, line) is None:
            continue
        how = skipped.get(number) or read_raised(raised, 0.0, files)
        if isinstance(how, Raised | Ended):
            found.append(FailedStatement(number, read_names(names), how, file, line))
    return tuple(found)


def beyond_bounds(value: object) -> str:
    """How lists, tuples and dicts within each other are more than any answer's; empty where they are not.

    Found without recursion, and left at once.
    """
    level: list[object] = [value]
    items = 0
    for _ in range(DEEPEST):
        inner: list[object] = []
        for each in level:
            if isinstance(each, list | tuple | dict):
                items += len(each)
                parts = each.values() if isinstance(each, dict) else each
                inner += [part for part in parts if isinstance(part, list | tuple | dict)]
                if items > MOST_ITEMS:
                    return f"the value has more than {MOST_ITEMS:,} items within lists"
        if not inner:
            return ""
        level = inner
    return f"the value has lists within lists, more than {DEEPEST} deep"


def read_answer(status: str, value: object, seconds: float, warning: object, files: Mapping[str, bytes]) -> Answer:
    """One frame's answer."""
    if not isinstance(value, bytes):
        return Unreadable("the answer is not of a known kind", seconds)
    try:
        value = unpack(value)
    except WireError as error:
        return Unreadable(f"the value cannot be read: {error}", seconds)
    if status == "ok":
        beyond = beyond_bounds(value)
        return Unreadable(beyond, seconds) if beyond else Returned(value, _text(warning), seconds)
    if status == "raised":
        return read_raised(value, seconds, files)
    if status == "missing":
        return Missing(read_names(value), seconds)
    if status == "unsendable":
        return Unreadable(_text(value) or "the value cannot be sent", seconds)
    return Unreadable("the answer is not of a known kind", seconds)


def frames(sheet: bytes | memoryview, most: int, files: Mapping[str, bytes]) -> Iterator[tuple[int, int, Answer]]:
    """The frames that stand on an answer sheet, up to the first that is not one."""
    at = 0
    for _ in range(most):
        if at + 4 > len(sheet):
            return
        (length,) = struct.unpack_from("<I", sheet, at)
        if not 0 < length <= MAX_FRAME + MAX_AROUND or at + 4 + length > len(sheet):
            return
        try:
            frame = unpack(bytes(sheet[at + 4 : at + 4 + length]), limit=MAX_FRAME + MAX_AROUND)
        except WireError:
            return
        if not (isinstance(frame, list) and len(frame) == 6):
            return
        question, call, status, value, seconds, warning = frame
        # Exact types, since an array, asked whether it equals something, gives no yes or no.
        if (type(question), type(call), type(status), type(seconds)) != (int, int, str, float):
            return
        yield question, call, read_answer(status, value, seconds, warning, files)
        at += 4 + length


@dataclass(slots=True)
class Reading:
    """The answers that stand on one sheet, for the questions from `start` on."""

    imported: Answer | None
    questions: list[list[Answer]]


def read_sheet(sheet: bytes | memoryview, calls: Sequence[int], start: int, files: Mapping[str, bytes]) -> Reading:
    """Answers in the order in which they were asked; a frame out of its turn ends the reading.

    Args:
        sheet: the bytes that the child wrote.
        calls: the number of calls of each question of the plan.
        start: the question that this child began with.
        files: what was handed in.
    """
    reading = Reading(None, [[] for _ in calls])
    number = start
    for question, call, answer in frames(sheet, 1 + sum(calls[start:]), files):
        if reading.imported is None:
            if (question, call) != (IMPORT, 0):
                break
            reading.imported = answer
            continue
        while number < len(calls) and len(reading.questions[number]) == calls[number]:
            number += 1
        if number == len(calls) or question != number or call != len(reading.questions[number]):
            break
        if isinstance(answer, Missing):
            reading.questions[number] = [answer] * calls[number]
        else:
            reading.questions[number].append(answer)
    return reading
