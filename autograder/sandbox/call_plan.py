"""What a submission is asked, as the sandbox sees it, in memory that a process is given and cannot change."""

import fcntl
import itertools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.sandbox.inside.wire import pack

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class QuestionCalls:
    """The calls of one function: each a mode ("call", "arguments" or "steps") and arguments; and its limits.

    `seconds` are of the processor; `memory` is the slot's unless given.
    """

    function: str
    calls: Sequence[tuple[str, Any]]
    seconds: float
    memory: int | None = None


def memory_file(data: bytes = b"", size: int = 0) -> int:
    """A file in memory whose size can no longer change; with `data`, nor its content."""
    descriptor = os.memfd_create("autograder", os.MFD_ALLOW_SEALING | os.MFD_CLOEXEC)
    seals = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW
    if data:
        with open(descriptor, "wb", closefd=False) as file:
            file.write(data)
        seals |= fcntl.F_SEAL_WRITE
    else:
        os.ftruncate(descriptor, size)
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
    return descriptor


class CallPlan:
    """The questions of one assignment as the sandbox sees them: arguments, never expected values."""

    def __init__(self, questions: Sequence[QuestionCalls]) -> None:
        self.number = next(_numbers)
        self.questions = tuple(questions)
        self.calls = tuple(len(question.calls) for question in questions)
        self.seconds = tuple(question.seconds for question in questions)
        content = [{"function": q.function, "calls": [list(call) for call in q.calls]} for q in questions]
        self.descriptor = memory_file(pack(content))

    def stop(self, start: int) -> int:
        """The first question after `start` that needs another child, since its memory limit differs."""
        memory = self.questions[start].memory
        following = range(start, len(self.questions))
        return next((number for number in following if self.questions[number].memory != memory), len(self.questions))

    def close(self) -> None:
        """Give the memory back."""
        os.close(self.descriptor)
