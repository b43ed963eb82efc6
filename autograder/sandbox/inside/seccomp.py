"""Seccomp: an allow-list of system calls, as a classic BPF program. What is not on it fails with EPERM.

Nothing on it starts a program or a process, opens a socket, signals another process, mounts, traces, or sets up
anything that outlives the process. Source: the kernel's Documentation/userspace-api/seccomp_filter.rst.
"""

import ctypes
import os
import struct
from collections.abc import Iterable, Sequence
from functools import cache

from autograder.sandbox.inside.kernel import MACHINE, call, numbers

ALLOWED = """
    read write close stat fstat lstat poll lseek mmap mprotect munmap brk rt_sigaction rt_sigprocmask rt_sigreturn
    pread64 pwrite64 readv writev access pipe select sched_yield mremap madvise dup dup2 nanosleep getitimer alarm
    setitimer getpid exit uname flock fsync fdatasync ftruncate getdents getcwd chdir fchdir rename mkdir
    rmdir unlink readlink umask gettimeofday getrlimit getrusage sysinfo times getuid getgid geteuid getegid getppid
    getpgrp sigaltstack statfs fstatfs arch_prctl gettid time futex sched_getaffinity getdents64 set_tid_address
    fadvise64 clock_gettime clock_getres clock_nanosleep exit_group epoll_wait epoll_ctl mkdirat newfstatat
    unlinkat renameat readlinkat faccessat pselect6 ppoll set_robust_list epoll_pwait eventfd2 epoll_create1 dup3 pipe2
    getcpu renameat2 getrandom membarrier statx rseq close_range faccessat2
""".split()

# Instruction codes: load a word, jump if equal / any bit set / greater or equal, jump, return.
LOAD, EQUAL, ANY_BIT, AT_LEAST, JUMP, RETURN = 0x20, 0x15, 0x45, 0x35, 0x05, 0x06
ALLOW, REFUSE, UNKNOWN, KILL = 0x7FFF0000, 0x50001, 0x50026, 0x80000000  # EPERM, ENOSYS
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
SET_MODE_FILTER = 1

CLONE_THREAD = 0x10000
# F_DUPFD to F_SETFL, and F_DUPFD_CLOEXEC: not F_SETOWN and F_SETSIG, which make the kernel signal others for one.
LAST_HARMLESS_FCNTL, DUPLICATE_CLOSING_ON_EXEC = 4, 1030
# Of the flags of open and openat; the two numbers are the same on both machines.
WRITE_ONLY, READ_AND_WRITE, CUT_OFF = 1, 2, 0x200
HARMLESS_IOCTLS = (0x5401, 0x5451, 0x5450, 0x5413)  # TCGETS, FIOCLEX, FIONCLEX, TIOCGWINSZ

INSTRUCTION = struct.Struct("HBBI")
Instruction = tuple[int, int, int, int]


def _argument(index: int, *, high: bool = False) -> Instruction:
    """Load the low (or high) word of an argument."""
    return (LOAD, 0, 0, 16 + 8 * index + 4 * high)


def _guarded(number: int, test: list[Instruction]) -> list[Instruction]:
    """Allow call `number` where `test` falls through or jumps to its end; else refuse it."""
    return [(EQUAL, 0, len(test) + 2, number), *test, (RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE)]


def _equals_one_of(values: Sequence[int]) -> list[Instruction]:
    """Fall through where what is loaded is one of these; else pass over the next instruction."""
    last = len(values) - 1
    return [(EQUAL, last - i, int(i == last), value) for i, value in enumerate(values)]


def _one_of(index: int, values: Sequence[int]) -> list[Instruction]:
    """The argument is one of these."""
    return [_argument(index), *_equals_one_of(values)]


def _cuts_what_it_writes(index: int) -> list[Instruction]:
    """The flags in this argument cut a file off only where it is opened for writing.

    Before its third interface landlock has no right for cutting off: a file opened for reading, or with both bits of
    the mode for neither, would be emptied. `truncate` is not on the list for the same reason.
    """
    return [
        _argument(index),
        (ANY_BIT, 0, 3, CUT_OFF),
        (ANY_BIT, 1, 0, WRITE_ONLY),
        (ANY_BIT, 1, 2, READ_AND_WRITE),
        (ANY_BIT, 1, 0, READ_AND_WRITE),
    ]


def _allow_among(numbers: Sequence[int]) -> list[Instruction]:
    """Allow the calls of these numbers, which are in order; fall through for others.

    By halves: for a new filter the kernel works through it once for every call that there is, and comparing each with
    all numbers took longer than all else that locks a child in.
    """
    if len(numbers) <= 4:
        return [*_equals_one_of(numbers), (RETURN, 0, 0, ALLOW)]
    middle = len(numbers) // 2
    below, above = _allow_among(numbers[:middle]), _allow_among(numbers[middle:])
    below.append((JUMP, 0, 0, len(above)))
    return [(AT_LEAST, len(below), 0, numbers[middle]), *below, *above]


def program(pid: int) -> list[Instruction]:
    """The filter for a process of this id, on this machine."""
    return [*_for_all(), *_for_one(pid)]


def _for_one(pid: int) -> list[Instruction]:
    """The end of the filter: a process may signal itself, which abort() does."""
    return [*_guarded(numbers()["tgkill"], [_argument(0), (EQUAL, 0, 1, pid)]), (RETURN, 0, 0, REFUSE)]


def _for_all() -> list[Instruction]:
    """The filter but for its end."""
    table = numbers()
    code: list[Instruction] = [
        (LOAD, 0, 0, 4),
        (EQUAL, 1, 0, ARCHITECTURES[MACHINE]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, 0),
        *_allow_among(sorted(table[name] for name in ALLOWED if name in table)),
    ]
    for name, flags in (("open", 1), ("openat", 2)):
        code += _guarded(table[name], _cuts_what_it_writes(flags)) if name in table else []
    # clone3 hides its flags in memory; where it is unknown, the C library makes threads by clone.
    code += [(EQUAL, 0, 1, table["clone3"]), (RETURN, 0, 0, UNKNOWN)]
    code += _guarded(table["clone"], [_argument(0), (ANY_BIT, 0, 1, CLONE_THREAD)])
    code += _guarded(table["ioctl"], _one_of(1, HARMLESS_IOCTLS))
    fcntl = [_argument(1), (EQUAL, 1, 0, DUPLICATE_CLOSING_ON_EXEC), (AT_LEAST, 1, 0, LAST_HARMLESS_FCNTL + 1)]
    code += _guarded(table["fcntl"], fcntl)
    # Reading limits, not setting them: the pointer to new ones is null, in both its words.
    reading = [_argument(2), (EQUAL, 0, 3, 0), _argument(2, high=True), (EQUAL, 0, 1, 0)]
    return code + _guarded(table["prlimit64"], reading)


def _packed(code: Iterable[Instruction]) -> bytes:
    return b"".join(INSTRUCTION.pack(*instruction) for instruction in code)


@cache
def packed_for_all() -> bytes:
    """As the kernel reads it, what of the filter is the same for all processes; a server makes it before it forks.

    Raises:
        OSError: the machine is neither x86_64 nor aarch64.
    """
    return _packed(_for_all())


def restrict() -> None:
    """Allow this process only harmless system calls from now on. `no_new_privs` must be set already.

    Raises:
        OSError: the kernel refuses; then nothing is restricted.
    """
    packed = packed_for_all() + _packed(_for_one(os.getpid()))
    filter_ = ctypes.create_string_buffer(packed, len(packed))
    length = len(packed) // INSTRUCTION.size
    call("seccomp", SET_MODE_FILTER, 0, struct.pack("HxxxxxxQ", length, ctypes.addressof(filter_)))
