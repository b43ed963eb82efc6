"""Calls to the kernel that Python has no name for, on x86_64 and aarch64."""

import ctypes
import os
import platform
from collections.abc import Mapping

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long

MACHINE = platform.machine()


# From the kernel's asm/unistd_64.h and asm-generic/unistd.h; a test holds both against the installed headers.
def _table(text: str) -> Mapping[str, int]:
    pairs = (entry.split(":") for entry in text.split())
    return {name: int(number) for number, name in pairs}


X86_64 = _table(
    """
    0:read 1:write 2:open 3:close 4:stat 5:fstat 6:lstat 7:poll 8:lseek 9:mmap 10:mprotect 11:munmap 12:brk
    13:rt_sigaction 14:rt_sigprocmask 15:rt_sigreturn 16:ioctl 17:pread64 18:pwrite64 19:readv 20:writev 21:access
    22:pipe 23:select 24:sched_yield 25:mremap 28:madvise 32:dup 33:dup2 35:nanosleep 36:getitimer 37:alarm
    38:setitimer 39:getpid 56:clone 60:exit 63:uname 72:fcntl 73:flock 74:fsync 75:fdatasync
    77:ftruncate 78:getdents 79:getcwd 80:chdir 81:fchdir 82:rename 83:mkdir 84:rmdir 87:unlink 89:readlink
    95:umask 96:gettimeofday 97:getrlimit 98:getrusage 99:sysinfo 100:times 102:getuid 104:getgid 107:geteuid
    108:getegid 110:getppid 111:getpgrp 126:capset 131:sigaltstack 137:statfs 138:fstatfs 157:prctl 158:arch_prctl
    165:mount 186:gettid 201:time 202:futex 204:sched_getaffinity 217:getdents64 218:set_tid_address 221:fadvise64
    228:clock_gettime 229:clock_getres 230:clock_nanosleep 231:exit_group 232:epoll_wait 233:epoll_ctl 234:tgkill
    257:openat 258:mkdirat 262:newfstatat 263:unlinkat 264:renameat 267:readlinkat 269:faccessat 270:pselect6
    271:ppoll 272:unshare 273:set_robust_list 281:epoll_pwait 290:eventfd2 291:epoll_create1 292:dup3 293:pipe2
    302:prlimit64 308:setns 309:getcpu 316:renameat2 317:seccomp 318:getrandom 324:membarrier 332:statx 334:rseq
    435:clone3 436:close_range 439:faccessat2 444:landlock_create_ruleset 445:landlock_add_rule
    446:landlock_restrict_self
    """
)
AARCH64 = _table(
    """
    17:getcwd 19:eventfd2 20:epoll_create1 21:epoll_ctl 22:epoll_pwait 23:dup 24:dup3 25:fcntl 29:ioctl 32:flock
    34:mkdirat 35:unlinkat 38:renameat 40:mount 43:statfs 44:fstatfs 46:ftruncate 48:faccessat 49:chdir
    50:fchdir 56:openat 57:close 59:pipe2 61:getdents64 62:lseek 63:read 64:write 65:readv 66:writev 67:pread64
    68:pwrite64 72:pselect6 73:ppoll 78:readlinkat 79:newfstatat 80:fstat 82:fsync 83:fdatasync 91:capset 93:exit
    94:exit_group 96:set_tid_address 97:unshare 98:futex 99:set_robust_list 101:nanosleep 102:getitimer
    103:setitimer 113:clock_gettime 114:clock_getres 115:clock_nanosleep 123:sched_getaffinity 124:sched_yield
    131:tgkill 132:sigaltstack 134:rt_sigaction 135:rt_sigprocmask 139:rt_sigreturn 153:times 160:uname
    163:getrlimit 165:getrusage 166:umask 167:prctl 168:getcpu 169:gettimeofday 172:getpid 173:getppid 174:getuid
    175:geteuid 176:getgid 177:getegid 178:gettid 179:sysinfo 214:brk 215:munmap 216:mremap 220:clone 222:mmap
    223:fadvise64 226:mprotect 233:madvise 261:prlimit64 268:setns 276:renameat2 277:seccomp 278:getrandom
    283:membarrier 291:statx 293:rseq 435:clone3 436:close_range 439:faccessat2 444:landlock_create_ruleset
    445:landlock_add_rule 446:landlock_restrict_self
    """
)
TABLES = {"x86_64": X86_64, "aarch64": AARCH64}


def numbers() -> Mapping[str, int]:
    """The system calls of this machine.

    Raises:
        OSError: the machine is neither x86_64 nor aarch64.
    """
    table = TABLES.get(MACHINE)
    if table is None:
        raise OSError(f"no table of system calls for {MACHINE}")
    return table


def call(name: str, *arguments: int | bytes | ctypes.Array[ctypes.c_char] | None) -> int:
    """Make a system call by name.

    Raises:
        OSError: the kernel refuses, or the machine has no such call.
    """
    number = numbers().get(name)
    if number is None:
        raise OSError(f"no system call {name} on {MACHINE}")
    # Every integer is passed as a full word: the kernel reads 64 bits of each register.
    words = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    result = int(libc.syscall(ctypes.c_long(number), *words))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
    return result
