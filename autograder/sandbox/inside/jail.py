"""What a child gives up before it runs a student's code: one layer after the other, for good."""

import ctypes
import mmap
import os
import resource
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from autograder.sandbox.inside import landlock, seccomp
from autograder.sandbox.inside import usual_limits as limits_
from autograder.sandbox.inside.kernel import call, libc

NEW_MOUNTS, NEW_PROCESSES = 0x20000, 0x20000000
NO_SET_UID, NO_DEVICES, NO_EXECUTION = 2, 4, 8  # of mount
NO_NEW_PRIVILEGES = 38  # of prctl
CAPABILITIES_VERSION = 0x20080522


class Layer(StrEnum):
    """One thing that stands between a submission and the machine."""

    LIMITS = "limits"  # rlimits, closed descriptors, no new privileges: always there
    SECCOMP = "seccomp"
    LANDLOCK = "landlock"
    NAMESPACES = "namespaces"  # per child: process ids and mounts of its own, inside the bubble
    BUBBLE = "bubble"  # around the server: bubblewrap


@dataclass(frozen=True, slots=True)
class Jail:
    """The layers of a zygote's children, the folders that they may read, and the one that they may write to.

    With a namespace of its own a child gets a file system of limited size there; elsewhere the server measures the
    folder while the child runs, and empties it.
    """

    layers: frozenset[Layer]
    readable: tuple[str, ...]
    scratch: str | None


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """Of one child: processor time in seconds, address space in bytes."""

    processor: float
    memory: int


def keep_only(*descriptors: int) -> list[int]:
    """Close every descriptor but these; they become 3 and those after it, and 0 to 2 lead nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    end = 3 + len(descriptors)
    # Copied beyond the reach of the numbers wanted, since they may be these.
    copies = [os.dup(fd) for fd in (nowhere, nowhere, nowhere, *descriptors)]
    while min(copies) < end:
        copies = [os.dup(fd) for fd in copies]
    for wanted, copy in enumerate(copies):
        os.dup2(copy, wanted)
    os.closerange(end, os.sysconf("SC_OPEN_MAX"))
    return [*range(3, end)]


def mapped_bytes() -> int:
    """The address space that this process takes, to a megabyte: the smallest limit that lets it grow; needs no /proc.

    NumPy and its libraries map hundreds of megabytes that are not the student's.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    low, high = 0, 1 << 40
    try:
        while high - low > 1 << 20:
            middle = (low + high) // 2
            resource.setrlimit(resource.RLIMIT_AS, (middle, hard))
            try:
                mmap.mmap(-1, mmap.PAGESIZE).close()
                high = middle
            except OSError:
                low = middle
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    return high


def limit(limits: ProcessLimits, *, own_ids: bool) -> None:
    """Put limits on what this process uses.

    Args:
        limits: of the submission.
        own_ids: whether processes are counted in a namespace of their own; elsewhere the kernel counts all that the
            user runs, and a limit would hit the grader.
    """
    seconds = int(limits.processor) + 1
    # The first of the two ends the process with a signal that says why; the second cannot be ignored.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    limited = [
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, limits_.FILE_BYTES),
        (resource.RLIMIT_NOFILE, limits_.OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ]
    if own_ids:
        limited.append((resource.RLIMIT_NPROC, limits_.THREADS_AT_ALL))
    for what, value in limited:
        resource.setrlimit(what, (value, value))


def make_scratch(folder: str) -> None:
    """A folder of limited size that nobody else sees, and that goes with this process."""
    call("unshare", NEW_MOUNTS)
    options = f"size={limits_.SCRATCH_BYTES},nr_inodes={limits_.SCRATCH_FILES},mode=0700".encode()
    flags = NO_SET_UID | NO_DEVICES | NO_EXECUTION
    if libc.mount(b"tmpfs", folder.encode(), b"tmpfs", ctypes.c_ulong(flags), options) < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"mount: {os.strerror(code)}")


def drop_capabilities() -> None:
    """Give up every capability, also those of a namespace's own root."""
    call("capset", struct.pack("Ii", CAPABILITIES_VERSION, 0), bytes(24))


def enter(jail: Jail, limits: ProcessLimits) -> None:
    """Put every layer on this process, for good.

    Raises:
        OSError: the system refuses one; then no student's code may run.
    """
    if Layer.NAMESPACES in jail.layers and jail.scratch is not None:
        make_scratch(jail.scratch)
    if jail.scratch is not None:
        os.chdir(jail.scratch)
    limit(limits, own_ids=Layer.BUBBLE in jail.layers)
    drop_capabilities()
    call("prctl", NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if Layer.LANDLOCK in jail.layers:
        landlock.restrict(jail.readable, _writable(jail))
    if Layer.SECCOMP in jail.layers:
        seccomp.restrict()


def _writable(jail: Jail) -> Sequence[str]:
    return [jail.scratch] if jail.scratch is not None else []
