"""A fork server: one process with NumPy loaded, a child for each submission.

Trusted, but it never parses anything that a child wrote. It hears, over a socket, three descriptors and four limits;
it says how the child ended. One child at a time.
"""

import contextlib
import gc
import importlib
import os
import select
import signal
import socket
import struct
import time
from collections.abc import Callable, Mapping, Sequence

from autograder.sandbox.inside import jail, scratch_folder, seccomp
from autograder.sandbox.inside.child import AnswerFile, Question, fix_entropy, sit
from autograder.sandbox.inside.kernel import call
from autograder.sandbox.inside.threads import set_buffers_aside, tame_threads
from autograder.sandbox.inside.usual_limits import THREADS_AT_ALL
from autograder.sandbox.inside.warming import warm_up
from autograder.sandbox.inside.wire import call_folder, unpack

# wall seconds, processor seconds, bytes of memory, number of the plan
ORDER = struct.Struct("<ddQQ")
# In place of an order: what was read is of no use any more.
FORGET = b"forget"
# wait status, what the server ended it for, processor seconds, peak memory in KB
OUTCOME = struct.Struct("<iBdQ")
NOT_ENDED, LATE, CROWDED, OVERFULL, NOT_LOCKED_IN = range(5)
# How often a child's threads are counted and its folder is measured.
LOOKING_SECONDS = 0.05
# Exit codes of a child that could not be locked in, and of one in which our own code was made to fail.
JAIL_FAILED, SABOTAGED = 70, 73

# What submissions import, loaded once for all of them; NumPy would load some of it only when it is first used. What few
# use (numpy.ma, numpy.polynomial) they load themselves: every fork would pay for its pages.
PRELOADED = (
    "numpy numpy.fft numpy.linalg numpy.random numpy.typing "
    "abc bisect collections copy dataclasses enum fractions functools heapq inspect itertools linecache math numbers "
    "operator random re statistics string textwrap time traceback types typing warnings"
).split()
PLAN_LIMIT = 1 << 30
# An exam has a plan for each assignment, and each student answers all of them.
MOST_PLANS = 8


def read_descriptor(descriptor: int) -> bytes:
    """Everything in a memory file."""
    size = os.fstat(descriptor).st_size
    with open(descriptor, "rb", closefd=False) as file:
        file.seek(0)
        return file.read(size)


def run_child(
    plan: Sequence[Question], descriptors: Sequence[int], prison: jail.Jail, limits: jail.ProcessLimits
) -> int:
    """In the child: close everything but three descriptors, lock the door, say so, and answer.

    Args:
        plan: what is asked.
        descriptors: of the request, of the answers, and of the event that tells that the door is locked.
        prison: what to lock it with.
        limits: of the process.
    """
    request, answers, locked = jail.keep_only(*descriptors)
    asked = unpack(read_descriptor(request), limit=PLAN_LIMIT, lists=None)
    sheet = AnswerFile(answers)
    os.closerange(request, locked)
    jail.enter(prison, limits)
    # No student's code has run, and none will have this descriptor: what it tells cannot be forged, nor taken back.
    os.eventfd_write(locked, 1)
    os.close(locked)
    try:
        return sit(plan, asked, sheet)
    except BaseException:
        return SABOTAGED


def wait(
    child: int, seconds: float, control: socket.socket, looks: Mapping[int, Callable[[int], bool]]
) -> tuple[int, int, float, int]:
    """Wait for the child's end; end it when the time is over, the grader is gone, or it does what it must not.

    Args:
        child: its process id.
        seconds: that it has, by the wall.
        control: the socket to the grader.
        looks: by what a child is ended for, whether it does that; given its descriptor.
    """
    over = time.monotonic() + seconds
    descriptor = os.pidfd_open(child)
    try:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        poll.register(control, select.POLLHUP)
        ended_for = NOT_ENDED
        while ended_for == NOT_ENDED:
            left = max(over - time.monotonic(), 0.0)
            events = poll.poll(1000 * (min(left, LOOKING_SECONDS) if looks else left))
            if any(fd == descriptor for fd, _ in events):
                break
            ended_for = next((what for what, is_so in looks.items() if is_so(descriptor)), NOT_ENDED)
            if ended_for == NOT_ENDED and (events or time.monotonic() >= over):
                ended_for = LATE
        if ended_for != NOT_ENDED:
            os.kill(child, signal.SIGKILL)
        _, status, usage = os.wait4(child, 0)
        return ended_for, status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss
    finally:
        os.close(descriptor)


def _threads(child: int, processes: int) -> int:
    """How many threads a child has, by its descriptor; 0 where the system does not tell."""
    try:
        told = os.open(f"self/fdinfo/{child}", os.O_RDONLY | os.O_CLOEXEC, dir_fd=processes)
        try:
            lines = os.read(told, 4096).decode().splitlines()
        finally:
            os.close(told)
        # Its number there is another one than in this server's own namespace.
        number = next(line.partition(":")[2].strip() for line in lines if line.startswith("Pid:"))
        # Two links to the folder, and one of each thread.
        return os.stat(f"{number}/task", dir_fd=processes).st_nlink - 2
    except (OSError, StopIteration):
        return 0


class Zygote:
    """Forks a child for each order until the grader hangs up."""

    def __init__(self, control: socket.socket, prison: jail.Jail, processes: int | None = None) -> None:
        self.control = control
        self.jail = prison
        self.plans: dict[int, list[Question]] = {}
        self.mapped = jail.mapped_bytes()
        self.own_processes = jail.Layer.NAMESPACES in prison.layers
        self.here = os.pidfd_open(os.getpid())
        self.locked = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self.looks: dict[int, Callable[[int], bool]] = {}
        if processes is not None:
            # The kernel's own limit counts all that a user runs, and never holds root.
            self.looks[CROWDED] = lambda child: _threads(child, processes) > THREADS_AT_ALL
        # With processes of its own a child has a file system of its own there, which goes with it.
        self.shared = None if self.own_processes else prison.scratch
        if self.shared is not None:
            folder = self.shared
            self.looks[OVERFULL] = lambda _: scratch_folder.is_too_full(folder)

    def plan(self, number: int, descriptor: int) -> list[Question]:
        """A plan, read once for a whole class; children share its pages."""
        plan = self.plans.pop(number, None)
        if plan is None:
            plan = unpack(read_descriptor(descriptor), limit=PLAN_LIMIT, lists=None)
            if len(self.plans) == MOST_PLANS:
                # The one that was asked for longest ago goes.
                del self.plans[next(iter(self.plans))]
            gc.collect()
            gc.freeze()
        self.plans[number] = plan
        return plan

    def fork(self) -> int:
        """Fork a child, where possible as the first process of a namespace of its own: what it leaves dies with it."""
        if not self.own_processes:
            return os.fork()
        call("unshare", jail.NEW_PROCESSES)
        child = os.fork()
        if child:
            call("setns", self.here, jail.NEW_PROCESSES)
        return child

    def was_locked_in(self) -> bool:
        """Whether the child that has ended had been locked in; asked once of each."""
        try:
            return os.eventfd_read(self.locked) > 0
        except BlockingIOError:
            return False

    def serve(self) -> None:
        """Answer orders, one at a time."""
        while True:
            message, descriptors, _, _ = socket.recv_fds(self.control, ORDER.size, 3)
            if not message:
                return
            if message == FORGET:
                self.plans.clear()
                continue
            wall, processor, memory, number = ORDER.unpack(message)
            plan = self.plan(number, descriptors[0])
            limits = jail.ProcessLimits(processor, self.mapped + memory)
            child = self.fork()
            if child == 0:
                code = JAIL_FAILED
                try:
                    code = run_child(plan, [*descriptors[1:], self.locked], self.jail, limits)
                finally:
                    os._exit(code)
            ended_for, status, seconds, peak = wait(child, wall, self.control, self.looks)
            if not self.was_locked_in() and ended_for == NOT_ENDED:
                ended_for = NOT_LOCKED_IN
            for descriptor in descriptors:
                os.close(descriptor)
            if self.shared is not None:
                # Where that fails, so does this server: the next submission must find nothing of this one's.
                scratch_folder.empty(self.shared)
            self.control.send(OUTCOME.pack(status, ended_for, seconds, peak))


def main(number: int, processes: int | None, layers: Sequence[str], readable: Sequence[str], scratch: str) -> None:
    """Serve on the socket of this number.

    Args:
        number: the socket's descriptor.
        processes: that of the grader's `/proc`, if there is one.
        layers: names of `jail.Layer`.
        readable: folders that children may read.
        scratch: a folder that children may write to, or nothing.
    """
    for name in PRELOADED:
        importlib.import_module(name)
    # Where the folder lies where this user may not go, nothing may be written.
    scratch = scratch if scratch and os.access(scratch, os.X_OK) else ""
    prison = jail.Jail(frozenset(map(jail.Layer, layers)), tuple(readable), scratch or None)
    tame_threads()
    set_buffers_aside()
    call_folder(scratch)
    warm_up()
    if jail.Layer.SECCOMP in prison.layers:
        seccomp.packed_for_all()
    fix_entropy()
    gc.collect()
    gc.freeze()
    Zygote(socket.socket(fileno=number), prison, processes).serve()
    if scratch:
        # The grader may have ended without a word.
        with contextlib.suppress(OSError):
            scratch_folder.empty(scratch)
            os.rmdir(scratch)  # noqa: PTH106
