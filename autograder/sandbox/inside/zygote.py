"""A fork server: one process with NumPy loaded, a child for each submission.

Trusted, but it never parses anything that a child wrote. It hears, over a socket, three descriptors and four limits;
it says how the child ended. One child at a time.
"""

# What submissions import, loaded once for all of them.
import collections  # noqa: F401
import gc
import os
import select
import signal
import socket
import struct
import sys
from collections.abc import Sequence

from autograder.sandbox.inside import jail
from autograder.sandbox.inside.child import AnswerSheet, Question, sit
from autograder.sandbox.inside.wire import unpack

# wall seconds, processor seconds, bytes of memory, number of the paper
ORDER = struct.Struct("<ddQQ")
# wait status, ended by the wall clock, processor seconds, peak memory in KB
OUTCOME = struct.Struct("<i?dQ")
JAIL_FAILED = 70
PAPER_LIMIT = 1 << 30


def read_descriptor(descriptor: int) -> bytes:
    """Everything in a memory file."""
    size = os.fstat(descriptor).st_size
    with open(descriptor, "rb", closefd=False) as file:
        file.seek(0)
        return file.read(size)


def run_child(paper: Sequence[Question], request: int, answers: int, limits: jail.Limits) -> int:
    """In the child: close everything but the two descriptors, lock the door, and answer."""
    request, answers = jail.keep_only(request, answers)
    asked = unpack(read_descriptor(request), limit=PAPER_LIMIT)
    sheet = AnswerSheet(answers)
    os.closerange(3, 5)
    jail.enter(limits)
    return sit(paper, asked, sheet)


def wait(child: int, seconds: float, control: socket.socket) -> tuple[bool, int, float, int]:
    """Wait for the child's end; end it when the time is over or the grader is gone."""
    descriptor = os.pidfd_open(child)
    try:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        poll.register(control, select.POLLHUP)
        ended = any(fd == descriptor for fd, _ in poll.poll(seconds * 1000))
        if not ended:
            os.kill(child, signal.SIGKILL)
        _, status, usage = os.wait4(child, 0)
        return not ended, status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss
    finally:
        os.close(descriptor)


def serve(control: socket.socket) -> None:
    """Fork a child for each order until the grader hangs up."""
    loaded: int | None = None
    paper: list[Question] = []
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, ORDER.size, 3)
        if not message:
            return
        wall, processor, memory, number = ORDER.unpack(message)
        if number != loaded:
            # Read once for a whole class; children share the pages.
            paper = unpack(read_descriptor(descriptors[0]), limit=PAPER_LIMIT)
            loaded = number
            gc.collect()
            gc.freeze()
        child = os.fork()
        if child == 0:
            code = JAIL_FAILED
            try:
                code = run_child(paper, descriptors[1], descriptors[2], jail.Limits(processor, memory))
            finally:
                os._exit(code)
        late, status, seconds, peak = wait(child, wall, control)
        for descriptor in descriptors:
            os.close(descriptor)
        control.send(OUTCOME.pack(status, late, seconds, peak))


def main() -> None:
    """Serve on the socket whose number is the last argument."""
    gc.collect()
    gc.freeze()
    serve(socket.socket(fileno=int(sys.argv[-1])))
