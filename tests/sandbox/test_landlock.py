"""Landlock with the other layers switched off, and tier B with each of its interfaces and with none.

Every attempt is first made without any layer, where it must come through: otherwise its refusal would prove nothing.
"""

import errno
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from autograder.sandbox.inside.jail import Layer
from autograder.sandbox.tiers import LAYERS, Tier
from tests.sandbox.alone import (
    DONE,
    READABLE,
    SECRET,
    Attempt,
    Scene,
    alone,
    cutting,
    file_attempts,
    forks,
    landlock_version,
    lists,
    moves,
    opens,
    reads,
    scene,
    start_neighbour,
    starts,
    writes,
)

needs_landlock = pytest.mark.skipif(landlock_version() == 0, reason="this kernel has no landlock")


@pytest.fixture
def place() -> Iterator[Scene]:
    with scene() as made:
        yield made


@pytest.fixture
def scratch() -> Iterator[Path]:
    folder = Path(mkdtemp(prefix="autograder-scratch-"))
    folder.chmod(0o777)
    yield folder
    for path in folder.iterdir():
        path.unlink() if not path.is_dir() or path.is_symlink() else path.rmdir()
    folder.rmdir()


def test_without_any_layer_every_attempt_on_files_comes_through(place: Scene, scratch: Path) -> None:
    found = alone([], {**cutting(place.hidden), **file_attempts(place, scratch)})
    refused = {name: how for name, how in found.items() if how != DONE}
    assert not refused, f"an attempt that fails anyway would prove nothing of a layer: {refused}"


@needs_landlock
def test_landlock_alone_hides_files_and_lets_nothing_be_written_or_executed(place: Scene, scratch: Path) -> None:
    attempts = file_attempts(place, scratch)
    if landlock_version() >= 3:
        attempts |= cutting(place.hidden)
    found = alone([Layer.LANDLOCK], attempts)
    assert set(found) == set(attempts), f"each must be tried: {found}"
    # Nothing was renamed, so that there is nothing to rename back.
    through = {name: how for name, how in found.items() if how not in ("EACCES", "EXDEV")}
    assert through in ({}, {"rename back": "ENOENT"}), f"landlock alone must refuse: {through}"
    assert place.hidden.read_text() == SECRET, "the hidden file must be as before"
    assert sorted(path.name for path in place.folder.iterdir()) == ["empty", "hidden.txt", "program"], (
        "and so must its folder"
    )


@needs_landlock
def test_landlock_alone_lets_what_may_be_read_be_read_and_never_executed(place: Scene) -> None:
    attempts: dict[str, Attempt] = {
        "list": lambda: lists(Path("/usr")),
        "read": lambda: reads(Path("/usr/bin/true")),
        "device": lambda: Path("/dev/urandom").open("rb").close(),
        "execute": lambda: starts("/usr/bin/true"),
        "write": lambda: opens(place.hidden, os.O_WRONLY),
    }
    found = alone([Layer.LANDLOCK], attempts, readable=(*READABLE, str(place.folder), "/not/there"))
    execute, write = found.pop("execute"), found.pop("write")
    assert found == {"list": DONE, "read": DONE, "device": DONE}, f"what is given may be read: {found}"
    assert execute == "EACCES", f"no program of the system may be run: {execute}"
    assert write == "EACCES", f"a folder to read is none to write to: {write}"
    assert place.hidden.read_text() == SECRET, "the file must be as before"


@needs_landlock
def test_landlock_alone_lets_a_scratch_folder_be_used_for_plain_files(place: Scene, scratch: Path) -> None:
    file, folder = scratch / "file", scratch / "folder"
    data = place.program.read_bytes()
    attempts: dict[str, Attempt] = {
        "write": lambda: writes(file, data),
        "read": lambda: reads(file),
        "write anew": lambda: writes(file, data),
        "make": folder.mkdir,
        "list": lambda: lists(scratch),
        "rename": lambda: moves(file, scratch / "other"),
        "rename back": lambda: moves(scratch / "other", file),
        "remove folder": folder.rmdir,
        "mode": lambda: file.chmod(0o777),
    }
    refused: dict[str, Attempt] = {
        "execute": lambda: starts(str(file)),
        "symbolic link": lambda: (scratch / "root").symlink_to("/"),
        "fifo": lambda: os.mkfifo(scratch / "fifo"),
        "socket": lambda: socket.socket(socket.AF_UNIX).bind(str(scratch / "socket")),
        "move there": lambda: moves(place.program, scratch / "moved"),
        "take out": lambda: moves(file, place.folder / "taken"),
    }
    if os.geteuid() == 0:
        # Devices are made by root alone, whose child loses that right here: refused either way.
        refused["device"] = lambda: os.mknod(scratch / "device", 0o20666, os.makedev(1, 3))
    found = alone([Layer.LANDLOCK], {**attempts, **refused, "remove": file.unlink}, scratch=str(scratch))
    assert {name: found[name] for name in (*attempts, "remove")} == dict.fromkeys((*attempts, "remove"), DONE), (
        f"plain files may be made, changed and removed there: {found}"
    )
    through = {name: found[name] for name in refused if found[name] not in ("EACCES", "EXDEV", "EPERM")}
    assert not through, f"and nothing else: {through}"


@pytest.mark.skipif(landlock_version() < 4, reason="landlock knows networks from its fourth interface on")
def test_landlock_alone_lets_no_connection_be_made() -> None:
    def connect() -> None:
        with socket.socket() as made:
            made.connect(address)

    def bind() -> None:
        with socket.create_server(("127.0.0.1", 0)):
            pass

    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        attempts: dict[str, Attempt] = {"connect": connect, "bind": bind}
        free, found = alone([], attempts), alone([Layer.LANDLOCK], attempts)
    assert free == {"connect": DONE, "bind": DONE}, f"without it both must come through: {free}"
    assert found == {"connect": "EACCES", "bind": "EACCES"}, f"landlock alone must refuse both: {found}"


@pytest.mark.skipif(landlock_version() < 6, reason="landlock knows scopes from its sixth interface on")
def test_landlock_alone_lets_no_process_outside_be_reached() -> None:
    name = f"\0autograder-layers-{os.getpid()}"
    neighbour: list[int] = []

    def connect() -> None:
        with socket.socket(socket.AF_UNIX) as made:
            made.connect(name)

    attempts: dict[str, Attempt] = {
        "connect": connect,
        "signal": lambda: os.kill(neighbour[0], 0),
        "signal itself": lambda: os.kill(os.getpid(), 0),
    }
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(name)
        server.listen()
        free, found = (alone(layers, attempts, before=start_neighbour(neighbour)) for layers in ([], [Layer.LANDLOCK]))
    assert set(free.values()) == {DONE}, f"without it all must come through: {free}"
    assert found == {"connect": "EPERM", "signal": "EPERM", "signal itself": DONE}, f"landlock alone: {found}"


def test_a_kernel_that_refuses_landlock_lets_nothing_run() -> None:
    ran: dict[str, Attempt] = {"ran": lambda: None}
    found = alone([Layer.LANDLOCK], ran, interface=OSError(errno.ENOSYS, "no landlock"))
    assert set(found) == {"entered"}, f"no attempt may have been made: {found}"
    assert "no landlock" in found["entered"], f"and the kernel's word is told: {found}"


@needs_landlock
@pytest.mark.parametrize("interface", range(1, landlock_version() + 1))
def test_tier_b_holds_with_every_interface_of_landlock(interface: int, place: Scene, scratch: Path) -> None:
    cut = place.folder / "cut"
    cut.mkdir()
    readable = cut / "module.py"
    readable.write_text(SECRET)
    for path in (cut, readable):
        # As an environment of the student's own user would be: only the layers guard it.
        path.chmod(0o777)

    def connect() -> None:
        with socket.socket() as made:
            made.connect(("127.0.0.1", 1))

    attempts: dict[str, Attempt] = {
        **file_attempts(place, scratch),
        **{f"{name} (hidden)": attempt for name, attempt in cutting(place.hidden).items()},
        **{f"{name} (readable)": attempt for name, attempt in cutting(readable).items()},
        "execute what may be read": lambda: starts("/usr/bin/true"),
        "connect": connect,
        "unix socket": lambda: socket.socket(socket.AF_UNIX).close(),
        "signal": lambda: os.kill(1, 0),
        "fork": forks,
    }
    layers = LAYERS[Tier.B]
    found = alone(layers, attempts, readable=(*READABLE, str(cut)), interface=interface)
    assert set(found) == set(attempts), f"each must be tried: {found}"
    through = {name: how for name, how in found.items() if how not in ("EACCES", "EPERM", "EXDEV")}
    assert through in ({}, {"rename back": "ENOENT"}), f"with interface {interface} tier B must refuse: {through}"
    assert (place.hidden.read_text(), readable.read_text()) == (SECRET, SECRET), "both files must be as before"
    assert sorted(path.name for path in place.folder.iterdir()) == ["cut", "empty", "hidden.txt", "program"], (
        "and so must the folder"
    )
    given: dict[str, Attempt] = {"read": lambda: reads(readable), "list": lambda: lists(cut)}
    found = alone(layers, given, readable=(*READABLE, str(cut)), interface=interface)
    assert found == {"read": DONE, "list": DONE}, f"what is given may be read: {found}"
