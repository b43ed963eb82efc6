"""What a child gives up before it runs a student's code."""

import os
import resource
from dataclasses import dataclass

MAX_FILE = 1 << 20
MAX_OPEN_FILES = 64


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one child: processor time in seconds, address space in bytes."""

    processor: float
    memory: int


def keep_only(request: int, answers: int) -> tuple[int, int]:
    """Close every descriptor but two; they become 3 and 4, and 0 to 2 lead nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    # Copied beyond the reach of the numbers wanted, since they may be these.
    copies = [os.dup(fd) for fd in (nowhere, nowhere, nowhere, request, answers)]
    while min(copies) < 5:
        copies = [os.dup(fd) for fd in copies]
    for wanted, copy in enumerate(copies):
        os.dup2(copy, wanted)
    os.closerange(5, os.sysconf("SC_OPEN_MAX"))
    return 3, 4


def enter(limits: Limits) -> None:
    """Put the limits on this process, for good.

    Raises:
        OSError: the system refuses one; then no student's code may run.
    """
    seconds = int(limits.processor) + 1
    # What the server has mapped already (NumPy, its libraries) does not count against the student.
    with open("/proc/self/statm") as file:  # noqa: PTH123
        mapped = int(file.read().split()[0]) * resource.getpagesize()
    # The first of the two ends the process with a signal that says why; the second cannot be ignored.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    for what, value in (
        (resource.RLIMIT_AS, mapped + limits.memory),
        (resource.RLIMIT_FSIZE, MAX_FILE),
        (resource.RLIMIT_NOFILE, MAX_OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (value, value))
