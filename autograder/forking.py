"""Processes that are made by fork, from whichever thread: what they inherit, what they must not, and a pool of them.

Fork copies one thread of a process that may have many. What another one was about (an import, a file that it holds a
lock on) would stay with the copy as it stood, for as long as that lives. So whoever forks here, and whoever does what
must not be copied half done, takes turns; and what is one thread's own is closed in the copy.
"""

import ctypes
import itertools
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from types import TracebackType
from typing import Any, Generic, TypeVar

CHANGES_RECORDS = False

Held = TypeVar("Held")
Task = TypeVar("Task")
Done = TypeVar("Done")

# After prctl(2): a signal for this process when the thread that made it ends.
_SET_PARENT_DEATH_SIGNAL = 1


class _Inherited:
    """What of this process a copy of it must have anew: the turn to fork, and the descriptors that are one thread's."""

    def __init__(self) -> None:
        self.turn = threading.RLock()
        self.descriptors: set[int] = set()
        # Held for as long as it takes to open one and note it, so that no copy has one that it does not know of.
        self.noting = threading.RLock()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(
                before=lambda: self.noting.acquire(),
                after_in_parent=lambda: self.noting.release(),
                after_in_child=self._renew,
            )

    def _renew(self) -> None:
        self.turn, self.noting = threading.RLock(), threading.RLock()
        if self.descriptors:
            # The numbers stay taken: what has them here may close them, and must not close something else.
            nothing = os.open(os.devnull, os.O_RDWR)
            for descriptor in self.descriptors:
                os.dup2(nothing, descriptor, inheritable=False)
            os.close(nothing)


_inherited = _Inherited()


@contextmanager
def undisturbed() -> Iterator[None]:
    """For what no process that is forked here meanwhile may copy half done, and for the forking itself.

    One thread of this process at a time; the same one may enter it again. References are imported and exams made
    within, too, since they change what belongs to the whole process: `sys.modules`, the filters of warnings.
    """
    turn = _inherited.turn
    with turn:
        yield


@contextmanager
def own_descriptor(opened: Callable[[], int], close: Callable[[int], object] = os.close) -> Iterator[int]:
    """A descriptor that no process forked meanwhile keeps, whichever thread forks it; closed at the end.

    Args:
        opened: opens it.
        close: closes it.
    """
    with _inherited.noting:
        descriptor = opened()
        _inherited.descriptors.add(descriptor)
    try:
        yield descriptor
    finally:
        with _inherited.noting:
            _inherited.descriptors.discard(descriptor)
            close(descriptor)


def _end_with_parent() -> None:
    """A run that is killed must not leave workers behind, which would wait for ever."""
    if sys.platform == "linux":
        above = os.getppid()
        ctypes.CDLL(None, use_errno=True).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != above:
            os._exit(1)


# Of a worker process: what it holds, by the number of its pool. A process that has pools has none of theirs.
_held: dict[int, Any] = {}
_numbers = itertools.count(1)


def _begin(pool: int, make: Callable[[], Any]) -> None:
    """In a worker, first; Ctrl-C is for the process above."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with_parent()
    _held[pool] = make()


def _call(pool: int, call: Callable[[Any, Any], Any], task: Any) -> Any:
    """In a worker: one task."""
    return call(_held[pool], task)


class ForkedPool(Generic[Held]):
    """Worker processes, each of which makes something once and holds it for its tasks. Use it as a context manager.

    Where the context is left by an exception, what is unfinished is ended; else it is waited for.

    Args:
        jobs: how many processes.
        make: makes what a worker holds, when it starts. It gets there by fork, with whatever it refers to: functions,
            and what is too large to be sent.
    """

    def __init__(self, jobs: int, make: Callable[[], Held]) -> None:
        self._number = next(_numbers)
        # By fork, so that `make` is inherited and never pickled.
        self._pool = ProcessPoolExecutor(jobs, get_context("fork"), _begin, (self._number, make))
        self._started = False

    def __enter__(self) -> "ForkedPool[Held]":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        processes = list((getattr(self._pool, "_processes", None) or {}).values()) if kind is not None else []
        self._pool.shutdown(wait=kind is None, cancel_futures=True)
        for process in processes:
            process.terminate()

    def submit(self, call: Callable[[Held, Task], Done], task: Task) -> "Future[Done]":
        """Let a worker call a function with what it holds and a task.

        Args:
            call: a function of a module or class, which is sent by its name.
            task: is pickled, and so is what comes of it.

        Raises:
            BrokenProcessPool: a worker has died.
        """
        if self._started:
            return self._pool.submit(_call, self._number, call, task)
        # With the first task all processes are forked.
        with undisturbed():
            self._started = True
            return self._pool.submit(_call, self._number, call, task)
