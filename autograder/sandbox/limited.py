"""Work of ours on what a student wrote, in a process of its own that has limits and can be lost.

Python's parser, say, takes quadratic time for some sources, and hundreds of times their size in memory. Nothing of the
student's runs here: it is the work that is held, not the code.
"""

import os
import pickle
import resource
import signal
from collections.abc import Callable
from typing import TypeVar

from autograder.sandbox.inside.jail import mapped_bytes

# Processor time, and memory beyond what this process has mapped.
SECONDS, MEMORY = 2.0, 128 << 20

T = TypeVar("T")


def limited(work: Callable[[], T], seconds: float = SECONDS, memory: int = MEMORY) -> T | None:
    """What some work gives, done in a child of this process; None where the child ended before it was done.

    Args:
        work: gives plain data; what it raises ends the child.
        seconds: of the processor that it may take.
        memory: bytes that it may take, beyond what is mapped here.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            most = mapped_bytes() + memory
            resource.setrlimit(resource.RLIMIT_AS, (most, most))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_PROF, seconds)
            with open(writing, "wb") as pipe:  # noqa: PTH123
                pipe.write(pickle.dumps(work()))
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:  # noqa: PTH123
        data = pipe.read()
    os.waitpid(child, 0)
    try:
        found: T = pickle.loads(data)  # noqa: S301  # our own child, which runs nothing of a student's
    except (EOFError, pickle.UnpicklingError):
        return None
    return found
