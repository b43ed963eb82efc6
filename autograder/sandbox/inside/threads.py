"""Threads of a submission: as many in every tier, and none of them costs it memory that it does not use.

What bounds a submission's memory is its address space, of which each thread takes more than it needs: a stack, a region
of the C library's to allocate from, a buffer of OpenBLAS while it multiplies matrices. A handful of threads would then
fail or not, as they happen to meet. So stacks are small, all threads share one region, and the buffers are set aside
before the submission's own memory is counted. Pages that nobody touches cost nothing.
"""

import _thread
import contextlib
import ctypes
import mmap
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from autograder.sandbox.inside.usual_limits import STACK_BYTES, THREADS

TOO_MANY_THREADS = f"can't start new thread: at most {THREADS} may run at once"
_MOST_REGIONS = -8  # of mallopt
# The names under which Python starts threads, in its versions.
_STARTS = ("start_new_thread", "start_new", "start_joinable_thread")
_NOT_RESERVED = 0x4000  # of mmap
# More than OpenBLAS takes for one call, on every processor.
_BUFFER_BYTES = 48 << 20


def tame_threads() -> None:
    """Let this process, and those that it forks, have few and small ones."""
    # Only glibc has regions; others have one anyway.
    with contextlib.suppress(AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(_MOST_REGIONS, 1)
    threading.stack_size(STACK_BYTES)
    for module in (_thread, threading):
        for name in _STARTS:
            for own in (name, f"_{name}"):
                start = getattr(module, own, None)
                if start is not None and not hasattr(start, "__wrapped__"):
                    setattr(module, own, _bounded(start))


def _bounded(start: Callable[..., Any]) -> Callable[..., Any]:
    """As Python's own, with the error that the system gives where there are too many."""

    def bounded(*arguments: Any, **more: Any) -> Any:
        # The first thread is not counted there.
        if _thread._count() + 1 >= THREADS:
            raise RuntimeError(TOO_MANY_THREADS)
        return start(*arguments, **more)

    bounded.__wrapped__ = start  # type: ignore[attr-defined]
    return bounded


def set_buffers_aside() -> bool:
    """Let OpenBLAS have a buffer for every thread already, where it is what NumPy uses and the system has the room.

    Returns whether it has.
    """
    library = next(_loaded(), None)
    if library is None or not _has_room(THREADS * _BUFFER_BYTES):
        return False
    take, give_back = library.blas_memory_alloc, library.blas_memory_free
    take.argtypes, take.restype, give_back.argtypes = [ctypes.c_int], ctypes.c_void_p, [ctypes.c_void_p]
    taken = [take(1) for _ in range(THREADS)]
    for buffer in taken:
        give_back(buffer)
    return True


def _loaded() -> Iterator[ctypes.CDLL]:
    """OpenBLAS, as this process has it: of NumPy's wheel, or of the system."""
    beside = Path(np.__file__).parents[1] / "numpy.libs"
    for name in [*map(str, sorted(beside.glob("*openblas*"))), "libopenblas.so.0", "libblas.so.3"]:
        with contextlib.suppress(OSError, AttributeError):
            library = ctypes.CDLL(name, mode=os.RTLD_NOLOAD | os.RTLD_NOW)
            if hasattr(library, "blas_memory_alloc") and hasattr(library, "blas_memory_free"):
                yield library


def _has_room(size: int) -> bool:
    """Whether so much address space may be had: OpenBLAS ends the process where it is not."""
    try:
        # As OpenBLAS takes it, piece by piece: only a system that keeps strict accounts refuses.
        mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _NOT_RESERVED).close()
    except (OSError, ValueError):
        return False
    return True
