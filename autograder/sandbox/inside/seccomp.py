"""Seccomp: an allow-list of system calls, as a classic BPF program. What is not on it fails with EPERM.

Nothing on it starts a program or a process, opens a socket, signals another process, mounts, traces, or sets up
anything that outlives the process. Source: the kernel's Documentation/userspace-api/seccomp_filter.rst.
"""

import ctypes
import os
import struct

from autograder.sandbox.inside.kernel import MACHINE, call, numbers

ALLOWED = """
    read write open close stat fstat lstat poll lseek mmap mprotect munmap brk rt_sigaction rt_sigprocmask rt_sigreturn
    pread64 pwrite64 readv writev access pipe select sched_yield mremap madvise dup dup2 nanosleep getitimer alarm
    setitimer getpid exit uname flock fsync fdatasync truncate ftruncate getdents getcwd chdir fchdir rename mkdir
    rmdir unlink readlink umask gettimeofday getrlimit getrusage sysinfo times getuid getgid geteuid getegid getppid
    getpgrp sigaltstack statfs fstatfs arch_prctl gettid time futex sched_getaffinity getdents64 set_tid_address
    fadvise64 clock_gettime clock_getres clock_nanosleep exit_group epoll_wait epoll_ctl openat mkdirat newfstatat
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
HARMLESS_IOCTLS = (0x5401, 0x5451, 0x5450, 0x5413)  # TCGETS, FIOCLEX, FIONCLEX, TIOCGWINSZ

Instruction = tuple[int, int, int, int]


def _argument(index: int, *, high: bool = False) -> Instruction:
    """Load the low (or high) word of an argument."""
    return (LOAD, 0, 0, 16 + 8 * index + 4 * high)


def _guarded(number: int, test: list[Instruction]) -> list[Instruction]:
    """Allow call `number` where `test` falls through or jumps to its end; else refuse it."""
    return [(EQUAL, 0, len(test) + 2, number), *test, (RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE)]


def _one_of(index: int, values: tuple[int, ...]) -> list[Instruction]:
    """The argument is one of these."""
    count = len(values)
    tests = [(EQUAL, count - 1 - i, 0 if i < count - 1 else 1, value) for i, value in enumerate(values)]
    return [_argument(index), *tests]


def program(pid: int) -> list[Instruction]:
    """The filter for a process of this id, on this machine."""
    table = numbers()
    allowed = sorted(table[name] for name in ALLOWED if name in table)
    code: list[Instruction] = [
        (LOAD, 0, 0, 4),
        (EQUAL, 1, 0, ARCHITECTURES[MACHINE]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, 0),
    ]
    code += [(EQUAL, len(allowed) - i, 0, number) for i, number in enumerate(allowed)]
    code += [(JUMP, 0, 0, 1), (RETURN, 0, 0, ALLOW)]
    # clone3 hides its flags in memory; where it is unknown, the C library makes threads by clone.
    code += [(EQUAL, 0, 1, table["clone3"]), (RETURN, 0, 0, UNKNOWN)]
    code += _guarded(table["clone"], [_argument(0), (ANY_BIT, 0, 1, CLONE_THREAD)])
    code += _guarded(table["ioctl"], _one_of(1, HARMLESS_IOCTLS))
    fcntl = [_argument(1), (EQUAL, 1, 0, DUPLICATE_CLOSING_ON_EXEC), (AT_LEAST, 1, 0, LAST_HARMLESS_FCNTL + 1)]
    code += _guarded(table["fcntl"], fcntl)
    # Reading limits, not setting them: the pointer to new ones is null, in both its words.
    reading = [_argument(2), (EQUAL, 0, 3, 0), _argument(2, high=True), (EQUAL, 0, 1, 0)]
    code += _guarded(table["prlimit64"], reading)
    code += _guarded(table["tgkill"], [_argument(0), (EQUAL, 0, 1, pid)])  # abort() signals itself
    return [*code, (RETURN, 0, 0, REFUSE)]


def restrict() -> None:
    """Allow this process only harmless system calls from now on. `no_new_privs` must be set already.

    Raises:
        OSError: the kernel refuses; then nothing is restricted.
    """
    code = program(os.getpid())
    packed = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *instruction) for instruction in code))
    call("seccomp", SET_MODE_FILTER, 0, struct.pack("HxxxxxxQ", len(code), ctypes.addressof(packed)))
