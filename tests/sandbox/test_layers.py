"""Seccomp and limits, each with the other layers switched off: what it promises holds where it is the only one.

Every attempt is first made without any layer, where it must come through: otherwise its refusal would prove nothing.
"""

import ctypes
import fcntl
import json
import mmap
import os
import platform
import resource
import signal
import socket
import threading
import warnings
from pathlib import Path

import pytest

from autograder.sandbox.inside import jail, kernel, seccomp
from autograder.sandbox.inside import usual_limits as usual
from autograder.sandbox.inside.jail import NEW_MOUNTS, Layer, ProcessLimits, mapped_bytes
from autograder.sandbox.inside.kernel import call, libc
from tests.sandbox.alone import (
    DONE,
    ROOMY,
    Attempt,
    alone,
    forks,
    own_user_namespace,
    scene,
    start_neighbour,
    starts,
    system_call,
    told,
)

MEGABYTE = 1 << 20
X86 = platform.machine() == "x86_64"
PTRACE = 101 if X86 else 117
# Of fcntl: whom the signals of a descriptor go to, and which they are.
SET_OWNER, SET_SIGNAL, SET_OWNER_IN_FULL = 8, 10, 15
GUARDED = ("open", "openat", "clone", "ioctl", "fcntl", "prlimit64", "tgkill")


def pair() -> None:
    for end in socket.socketpair():
        end.close()


def opened(family: int) -> Attempt:
    return lambda: socket.socket(family, socket.SOCK_STREAM).close()


def test_seccomp_alone_lets_nothing_be_started_or_reached() -> None:
    neighbour: list[int] = []
    reading, writing = os.pipe()
    owner = ctypes.create_string_buffer(8)
    attempts: dict[str, Attempt] = {
        "tcp": opened(socket.AF_INET),
        "unix": opened(socket.AF_UNIX),
        "socket pair": pair,
        "fork": forks,
        "execute": lambda: starts("/usr/bin/true"),
        "signal": lambda: os.kill(neighbour[0], 0),
        "signal a thread": lambda: system_call(kernel.numbers()["tgkill"], neighbour[0], neighbour[0], 0),
        "open a process": lambda: os.close(os.pidfd_open(neighbour[0])),
        "signals to another": lambda: fcntl.fcntl(reading, SET_OWNER, neighbour[0]) and None,
        "to another, in full": lambda: system_call(
            kernel.numbers()["fcntl"], reading, SET_OWNER_IN_FULL, ctypes.addressof(owner)
        ),
        "signals that end": lambda: fcntl.fcntl(reading, SET_SIGNAL, signal.SIGKILL) and None,
        "memory file": lambda: os.close(os.memfd_create("x")),
        "session": os.setsid,
        "namespace": own_user_namespace,
        "limits": lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)),
        "trace": lambda: system_call(PTRACE, 0),
    }
    refused = dict.fromkeys(attempts, "EPERM") | {"limits": "ValueError"}
    try:
        free, found = (alone(layers, attempts, before=start_neighbour(neighbour)) for layers in ([], [Layer.SECCOMP]))
    finally:
        os.close(reading)
        os.close(writing)
    through = {name: how for name, how in free.items() if how not in (DONE, "0")}
    assert not through, f"without it all must come through: {through}"
    wrong = {name: how for name, how in found.items() if how != refused[name]}
    assert not wrong and set(found) == set(refused), f"seccomp alone must refuse each: {wrong or found}"


def test_seccomp_alone_lets_harmless_things_be_done() -> None:
    def thread() -> None:
        made = threading.Thread(target=lambda: None)
        made.start()
        made.join()

    with scene() as place:
        attempts: dict[str, Attempt] = {
            "read": lambda: place.hidden.read_bytes() and None,
            "write": lambda: place.hidden.write_bytes(b"changed") and None,
            "change": lambda: place.hidden.open("r+b").close(),
            "map": lambda: mmap.mmap(-1, MEGABYTE).close(),
            "copy a descriptor": lambda: os.close(os.dup(0)),
            "flags": lambda: fcntl.fcntl(0, fcntl.F_GETFL) and None,
            "limits": lambda: resource.getrlimit(resource.RLIMIT_CORE) and None,
            "thread": thread,
            "abort": os.abort,
        }
        found = alone([Layer.SECCOMP], attempts)
    ended = found.pop("ended")
    assert set(found.values()) == {DONE}, f"coursework needs these: {found}"
    assert set(found) == {*attempts} - {"abort"} and ended == "SIGABRT", f"a process may end itself: {found} {ended}"


def test_the_kernel_itself_refuses_every_call_that_is_not_listed() -> None:
    table = kernel.numbers()
    spared = {table[name] for name in (*seccomp.ALLOWED, *GUARDED) if name in table}
    # Of these two no filter is asked: they are the kernel's own, and end whoever else calls them.
    own = {335, 336} if X86 else set()
    numbers = [number for number in range(480) if number not in spared | own]

    def attempt(number: int) -> Attempt:
        return lambda: system_call(number)

    found = alone([Layer.SECCOMP], {str(number): attempt(number) for number in numbers})
    assert found.pop(str(table["clone3"])) == "ENOSYS", "so that the C library makes threads by clone"
    through = {number: how for number, how in found.items() if how != "EPERM"}
    assert not through and len(found) == len(numbers) - 1, f"these came through: {through or found}"


@pytest.mark.skipif(not X86, reason="only x86_64 has a second table of system calls")
def test_calls_by_the_numbers_of_32_bits_end_the_process() -> None:
    def legacy() -> None:
        code = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")  # mov eax, 20 (getpid); int 0x80; ret
        start = ctypes.addressof(ctypes.c_char.from_buffer(code))
        ctypes.CFUNCTYPE(ctypes.c_int)(start)()

    found = alone([Layer.SECCOMP], {"legacy": legacy})
    # A kernel without these calls ends it too.
    assert found in ({"ended": "SIGSYS"}, {"ended": "SIGSEGV"}), f"not even its id may be asked for so: {found}"
    x32 = {"x32": lambda: system_call(0x40000000 + 39)}
    assert alone([Layer.SECCOMP], x32) == {"x32": "EPERM"}, "nor by the third table"


def test_limits_alone_bound_memory() -> None:
    attempts: dict[str, Attempt] = {
        "some": lambda: bytearray(32 * MEGABYTE) and None,
        "too much": lambda: bytearray(256 * MEGABYTE) and None,
        "mapped": lambda: mmap.mmap(-1, 256 * MEGABYTE).close(),
        "raised": lambda: resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40)),
    }
    free = alone([], attempts)
    assert free == dict.fromkeys(attempts, DONE), f"without limits all must come through: {free}"
    found = alone([Layer.LIMITS], attempts, limits=ProcessLimits(60.0, mapped_bytes() + 128 * MEGABYTE))
    wanted = {"some": DONE, "too much": "MemoryError", "mapped": "ENOMEM", "raised": "ValueError"}
    assert found == wanted, f"128 MB were given: {found}"


@pytest.mark.parametrize(
    ("ignored", "ended"), [(False, "SIGXCPU"), pytest.param(True, "SIGKILL", marks=pytest.mark.slow)]
)
def test_limits_alone_bound_processor_time(ignored: bool, ended: str) -> None:
    def loop() -> None:
        if ignored:
            signal.signal(signal.SIGXCPU, signal.SIG_IGN)
        while True:
            pass

    found = alone([Layer.LIMITS], {"loop": loop}, limits=ProcessLimits(0.0, ROOMY.memory))
    assert found == {"ended": ended}, f"a loop must end, also where it ignores the first signal: {found}"


def test_limits_alone_bound_files() -> None:
    with scene() as place:
        file = os.open(place.hidden, os.O_RDWR)
        attempts: dict[str, Attempt] = {
            "last byte": lambda: os.pwrite(file, b"x", usual.FILE_BYTES - 1) and None,
            "one more": lambda: os.pwrite(file, b"x", usual.FILE_BYTES) and None,
            "last descriptor": lambda: os.dup2(0, usual.OPEN_FILES - 1) and None,
            "one more descriptor": lambda: os.dup2(0, usual.OPEN_FILES) and None,
            "core": lambda: resource.getrlimit(resource.RLIMIT_CORE)[1],
        }
        free, found = alone([], attempts), alone([Layer.LIMITS], attempts, limits=ROOMY)
        os.close(file)
    assert free["one more"] == free["one more descriptor"] == DONE, f"without limits all must come through: {free}"
    assert found == {
        "last byte": DONE,
        "one more": "EFBIG",
        "last descriptor": DONE,
        "one more descriptor": "EBADF",
        "core": "0",
    }, f"a file of 1 MB, 64 descriptors, and no memory on the disk: {found}"


@pytest.mark.parametrize("kind", [pytest.param("processes", marks=pytest.mark.slow), "threads"])
def test_limits_alone_bound_processes_and_threads(kind: str) -> None:
    def process(waiting: int, ending: int) -> None:
        if os.fork() == 0:
            os.close(ending)
            os.read(waiting, 1)
            os._exit(0)

    def thread(waiting: int, ending: int) -> None:
        threading.Thread(target=os.read, args=(waiting, 1), daemon=True).start()

    def many() -> str:
        threading.stack_size(1 << 16)
        waiting, ending = os.pipe()  # which all wait for until this process ends
        start, made = (process if kind == "processes" else thread), 1
        try:
            while made < 200:
                start(waiting, ending)
                made += 1
        except (OSError, RuntimeError):
            return f"{made} and no more"
        return f"{made}"

    layers = [Layer.LIMITS, Layer.BUBBLE]  # in a bubble, processes are counted for themselves
    free = alone(layers, {"many": many}, before=own_user_namespace)
    if "entered" in free:
        pytest.skip(f"no namespace of its own to count in: {free}")
    found = alone(layers, {"many": many}, limits=ROOMY, before=own_user_namespace)
    assert free == {"many": "200"}, f"without limits there may be 200: {free}"
    assert found == {"many": f"{usual.THREADS_AT_ALL} and no more"}, f"with itself, {usual.THREADS_AT_ALL}: {found}"


def test_no_right_is_left_and_none_can_be_gained() -> None:
    def mounts() -> None:
        call("unshare", NEW_MOUNTS)

    def before() -> None:
        own_user_namespace()
        mounts()

    attempts: dict[str, Attempt] = {"mounts": mounts, "no new privileges": lambda: libc.prctl(39, 0, 0, 0, 0)}
    found = alone([], attempts, before=before)
    if "entered" in found:
        pytest.skip(f"no namespace in which this user could have rights: {found}")
    assert found == {"mounts": "EPERM", "no new privileges": "1"}, f"whatever the layers: {found}"


@pytest.mark.parametrize("request_first", [True, False])
def test_a_child_keeps_two_descriptors_and_nothing_else(request_first: bool, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            os.dup2(os.open(secret, os.O_RDONLY), 50)
            # At the very numbers that they are to get, and in the other order.
            low, high = os.dup2(writing, 201), os.dup2(os.open(os.devnull, os.O_RDONLY), 200)
            numbers = (3, 4) if request_first else (4, 3)
            os.dup2(high, numbers[0]), os.dup2(low, numbers[1])
            kept = jail.keep_only(*numbers)
            found = {str(number): told(Path(f"/proc/self/fd/{number}").readlink) for number in range(300)}
            os.write(kept[1], json.dumps([kept, found]).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        kept, found = json.loads(pipe.read())
    os.waitpid(child, 0)
    assert kept == [3, 4], f"the request and the answers: {kept}"
    found = {number: path for number, path in found.items() if path != "ENOENT"}
    assert set(found) == set("01234"), f"nothing else is open: {found}"
    assert [found[number] for number in "0123"] == [os.devnull] * 4, f"0 to 2 lead nowhere, 3 is the request: {found}"
    assert found["4"].startswith("pipe:"), f"4 takes the answers: {found}"
