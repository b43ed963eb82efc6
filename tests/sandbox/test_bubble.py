"""The bubble and the namespaces with seccomp and landlock switched off; and threads, which every tier bounds."""

import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.sandbox import server_start
from autograder.sandbox.answers import Ended, Raised, Returned
from autograder.sandbox.canary import works
from autograder.sandbox.inside import usual_limits as usual
from autograder.sandbox.inside.jail import Layer
from autograder.sandbox.inside.threads import TOO_MANY_THREADS
from autograder.sandbox.readable_places import places
from autograder.sandbox.slot import Slot, SubmissionLimits
from autograder.sandbox.tiers import LAYERS, Tier
from tests.sandbox.alone import SECRET, scene
from tests.sandbox.running import ask

SOURCE = """
import errno, os, socket

def opens(path, flags):
    os.close(os.open(path, flags, 0o666))

def connects(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as made:
        made.settimeout(5)
        made.connect(address)

def fills(count, size):
    for number in range(count):
        with open(f"{os.getcwd()}/filling-{number}", "wb") as file:
            file.write(bytes(size))

def runs(path):
    os.waitpid(os.posix_spawn(path, [path], {}), 0)

def stays():
    if os.fork() == 0:
        os.closerange(0, 100)
        while True:
            os.sched_yield()

def leaves():
    with open("left", "x") as file:
        file.write("x")

def copies(path):
    with open(path, "rb") as file, open("copy", "wb") as copy:
        copy.write(file.read())
    os.chmod("copy", 0o777)

ATTEMPTS = {
    "read": lambda p: open(p["hidden"]).close(),
    "list": lambda p: os.listdir(p["folder"]),
    "write": lambda p: opens(p["given"], os.O_WRONLY),
    "create": lambda p: opens(p["given"] + ".new", os.O_CREAT | os.O_WRONLY),
    "remove": lambda p: os.unlink(p["given"]),
    "connect": lambda p: connects(socket.AF_INET, ("127.0.0.1", p["port"])),
    "abstract socket": lambda p: connects(socket.AF_UNIX, p["abstract"].encode()),
    "signal": lambda p: os.kill(p["pid"], 0),
    "execute": lambda p: (copies(p["program"]), runs(os.path.abspath("copy"))),
    "leave": lambda p: leaves(),
    "stay": lambda p: stays(),
    "fill": lambda p: fills(40, 1 << 20),
    "many": lambda p: fills(1000, 0),
    "some": lambda p: fills(8, 1 << 20),
}

def f(what, probe):
    try:
        ATTEMPTS[what](probe)
    except OSError as error:
        return errno.errorcode[error.errno]
    return "done"
"""


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What attempts are after; the folder with `given` is one of those that a submission may read."""
    abstract = f"\0autograder-bubble-{os.getpid()}"
    with (
        scene() as place,
        scene() as other,
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.socket(socket.AF_UNIX) as unix,
    ):
        real = places()
        readable = (*real.readable, str(other.folder))
        monkeypatch.setattr(server_start, "places", lambda: replace(real, readable=readable))
        unix.bind(abstract)
        unix.listen()
        yield {
            "folder": str(place.folder),
            "hidden": str(place.hidden),
            "program": str(other.program),
            "given": str(other.hidden),
            "port": server.getsockname()[1],
            "abstract": abstract,
            "pid": os.getppid(),
        }


def only(layers: frozenset[Layer], monkeypatch: pytest.MonkeyPatch) -> Slot:
    """A slot with these layers, limits beside them."""
    reason = works(Tier.A)
    if reason:
        pytest.skip(f"tier A does not work here: {reason}")
    monkeypatch.setitem(LAYERS, Tier.NONE, layers | {Layer.LIMITS})
    return Slot(SubmissionLimits(memory=512 << 20), Tier.NONE)


def tried(slot: Slot, what: str, probe: dict[str, Any]) -> str:
    answer = ask(slot, SOURCE, what, probe)
    return str(answer.value) if isinstance(answer, Returned) else repr(answer)


REACHING = {
    "read": "ENOENT",
    "list": "ENOENT",
    "write": "EROFS",
    "create": "EROFS",
    "remove": "EROFS",
    "connect": "ECONNREFUSED",
    "abstract socket": "ECONNREFUSED",
    "signal": "ESRCH",
}


def test_without_them_every_attempt_comes_through(probe: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    with only(frozenset(), monkeypatch) as slot:
        found = {what: tried(slot, what, probe) for what in REACHING}
    if os.geteuid() == 0 and slot._user:
        found["signal"] = found["signal"].replace("EPERM", "done")  # to be told of it is to have found it
    assert found == dict.fromkeys(REACHING, "done"), f"an attempt that fails anyway would prove nothing: {found}"


@pytest.mark.parametrize("layers", [{Layer.BUBBLE}, {Layer.BUBBLE, Layer.NAMESPACES}], ids=["bubble", "namespaces too"])
def test_the_bubble_alone_lets_nothing_outside_be_reached(
    layers: set[Layer], probe: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with only(frozenset(layers), monkeypatch) as slot:
        found = {what: tried(slot, what, probe) for what in REACHING}
    assert found == REACHING, f"seccomp and landlock are off, and all the same: {found}"
    assert Path(probe["given"]).read_text() == SECRET, "what was given to read must be as before"


def test_namespaces_alone_give_a_scratch_folder_that_is_bounded_and_goes(
    probe: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with only(frozenset({Layer.BUBBLE, Layer.NAMESPACES}), monkeypatch) as slot:
        attempts = ("some", "fill", "many", "execute", "leave", "leave")
        found = [tried(slot, what, probe) for what in attempts]
    assert found[0] == "done", f"8 MB are less than the {usual.SCRATCH_BYTES >> 20} that there are: {found[0]}"
    assert found[1] == "ENOSPC", f"40 MB are more: {found[1]}"
    assert found[2] == "ENOSPC", f"1000 files are more than {usual.SCRATCH_FILES}: {found[2]}"
    assert found[3] == "EACCES", f"nothing is executed there: {found[3]}"
    assert found[4:] == ["done", "done"], f"the second child must not find what the first left: {found[4:]}"


def below(ancestor: int) -> set[int]:
    """The living processes below one."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue
            if state != "Z":
                parents[int(entry.name)] = int(parent)
    found, more = {ancestor}, {ancestor}
    while more:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        found |= more
    return found - {ancestor}


def test_namespaces_alone_end_what_a_submission_left_running(
    probe: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with only(frozenset({Layer.BUBBLE, Layer.NAMESPACES}), monkeypatch) as slot:
        tried(slot, "some", probe)  # by now the server has started all its own processes
        before = below(slot._zygote.pid)
        assert tried(slot, "stay", probe) == "done", "without seccomp a process may be started"
        left = below(slot._zygote.pid) - before
    with only(frozenset({Layer.BUBBLE}), monkeypatch) as slot:
        tried(slot, "some", probe)
        before = below(slot._zygote.pid)
        assert tried(slot, "stay", probe) == "done", "without seccomp a process may be started"
        control = below(slot._zygote.pid) - before
    assert len(control) == 1, f"without a namespace of its own it stays, so that the search would find it: {control}"
    assert not left, f"it must end with the namespace that it was in: {left}"


THREADS = """
import threading, time

def f(count, seconds, around):
    start = threading._start_new_thread
    threading._start_new_thread = start.__wrapped__ if around else start
    threading.stack_size(1 << 16)
    over = threading.Event()
    for _ in range(count):
        threading.Thread(target=over.wait, daemon=True).start()
    time.sleep(seconds)
    return threading.active_count()
"""


def test_every_tier_lets_64_threads_run_and_refuses_the_next_alike(slot: Slot) -> None:
    most = ask(slot, THREADS, usual.THREADS - 1, 0.3, False)
    assert isinstance(most, Returned), f"so many may run in tier {slot.tier}: {most}"
    assert most.value == usual.THREADS, f"with the first of them: {most}"
    more = ask(slot, THREADS, usual.THREADS, 0.3, False)
    assert isinstance(more, Raised) and more.message == TOO_MANY_THREADS, f"one more is refused, and why: {more}"


def test_no_tier_lets_many_more_threads_run(slot: Slot) -> None:
    """Who goes around Python's own limit meets another."""
    many = ask(slot, THREADS, 2 * usual.THREADS, 2.0, True)
    # The kernel counts in a bubble, and lets root do what it likes.
    if Layer.BUBBLE in LAYERS[slot.tier] and (os.geteuid() or slot._user):
        assert isinstance(many, Raised) and "thread" in many.message, f"the kernel must refuse: {many}"
    else:
        told = "more than 64 threads ran at once in f"
        assert many == Ended("crashed", told), f"the server must end it, and say why: {many}"
    again = ask(slot, THREADS, 1, 0.0, False)
    assert isinstance(again, Returned), f"the next submission is graded as ever: {again}"


DESCRIPTORS = """
import os

def f():
    found = {}
    for number in range(300):
        try:
            found[str(number)] = os.readlink(f"/proc/self/fd/{number}")
        except FileNotFoundError:
            pass
    return found
"""


def test_a_submission_finds_no_descriptor_of_the_server() -> None:
    with Slot(tier=Tier.NONE) as slot:
        answer = ask(slot, DESCRIPTORS)
    assert isinstance(answer, Returned), f"the list must come back: {answer}"
    nowhere = [number for number, path in answer.value.items() if path == os.devnull]
    others = {path for path in answer.value.values() if path != os.devnull}
    assert nowhere == ["0", "1", "2"], f"0 to 2 lead nowhere: {answer.value}"
    assert others <= {"/memfd:autograder (deleted)"}, f"its own answers are all that it may hold: {answer.value}"
