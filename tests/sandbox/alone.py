"""A process with one layer of the sandbox, or none, that tries things; what is told of each is how it was refused."""

import ctypes
import errno
import faulthandler
import json
import os
import shutil
import signal
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from autograder.sandbox.inside import jail, landlock
from autograder.sandbox.inside.jail import Jail, Layer, ProcessLimits
from autograder.sandbox.inside.kernel import call, libc
from autograder.sandbox.tiers import FIRST_UID

# No grader's slot has so high a number.
UID = FIRST_UID + 900
SECRET = "expected-answer-2718"
# Not the interpreter's own folders, where this user may not even look: all that is needed is loaded by then.
READABLE = ("/usr", "/lib", "/lib64", "/dev/null", "/dev/urandom")
ROOMY = ProcessLimits(processor=60.0, memory=1 << 40)
# An attempt that hangs ends by this clock, and counts as one that came through.
SECONDS = 60
DONE = "done"

Attempt = Callable[[], object]


@dataclass(frozen=True)
class Scene:
    """A folder in which everybody may do everything, so that only a layer can stand in the way."""

    folder: Path
    hidden: Path
    program: Path
    empty: Path


@contextmanager
def scene() -> Iterator[Scene]:
    folder = Path(mkdtemp(prefix="autograder-layers-"))
    made = Scene(folder, folder / "hidden.txt", folder / "program", folder / "empty")
    try:
        made.hidden.write_text(SECRET)
        made.empty.mkdir()
        shutil.copy("/usr/bin/true", made.program)
        for path in (folder, made.empty, made.hidden, made.program):
            path.chmod(0o777)
        yield made
    finally:
        shutil.rmtree(folder)


def become_nobody() -> None:
    """Where root runs the tests: a user who owns nothing, as the server of a slot does."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(UID, UID, UID)
        os.setresuid(UID, UID, UID)


def told(attempt: Attempt) -> str:
    """`done`, or the error's name."""
    try:
        value = attempt()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, repr(error))
    except BaseException as error:
        return type(error).__name__
    return DONE if value is None else str(value)


def alone(
    layers: Iterable[Layer],
    attempts: Mapping[str, Attempt],
    *,
    readable: tuple[str, ...] = READABLE,
    scratch: str | None = None,
    limits: ProcessLimits | None = None,
    interface: int | OSError | None = None,
    before: Attempt | None = None,
) -> dict[str, str]:
    """Put these layers on a process of its own, and let it try; one that a signal ends says so as `ended`.

    Args:
        layers: all others are off; so are limits on the process where `limits` are not given.
        attempts: what is tried, in order.
        readable: folders for landlock.
        scratch: a folder that it may write to.
        limits: of the process.
        interface: of landlock that the kernel pretends to have; an error where it has none.
        before: what is done first, without any layer.
    """
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # pytest's threads are of no use to this process
        child = os.fork()
    if child == 0:
        try:
            faulthandler.disable()  # what ends it here is meant to
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(SECONDS)
            become_nobody()
            if before is not None:
                before()
            _enter(layers, readable, scratch, limits, interface)
            for name, attempt in attempts.items():
                os.write(writing, json.dumps([name, told(attempt)]).encode() + b"\n")
        except BaseException as error:
            trace = "".join(traceback.format_exception(error))
            os.write(writing, json.dumps(["entered", f"{type(error).__name__}: {error} {trace}"]).encode() + b"\n")
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        lines = pipe.read().splitlines()
    _, status = os.waitpid(child, 0)
    found = dict(map(json.loads, lines))
    if os.WIFSIGNALED(status):
        found["ended"] = signal.Signals(os.WTERMSIG(status)).name
    return found


def _enter(
    layers: Iterable[Layer],
    readable: tuple[str, ...],
    scratch: str | None,
    limits: ProcessLimits | None,
    interface: int | OSError | None,
) -> None:
    if limits is None:
        jail.limit = lambda *_, **__: None
    if interface is not None:

        def version() -> int:
            if isinstance(interface, OSError):
                raise interface
            return interface

        landlock.version = version
    own_scratch = jail._writable
    jail._writable = lambda jail: [scratch] if scratch is not None else own_scratch(jail)
    jail.enter(Jail(frozenset(layers), readable, None), limits or ROOMY)


def starts(program: str) -> None:
    """Run a program to its end."""
    child = os.posix_spawn(program, [program], {})
    _, status = os.waitpid(child, 0)
    if status:
        raise OSError(errno.EACCES, f"it ended with {status}")


def forks() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def reads(path: Path) -> None:
    path.read_bytes()


def writes(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def moves(path: Path, target: Path) -> None:
    path.rename(target)


def lists(path: Path) -> None:
    next(path.iterdir(), None)


def opens(path: Path, flags: int) -> None:
    os.close(os.open(path, flags, 0o666))


def system_call(number: int, *arguments: int) -> None:
    """A call by number, with these words."""
    words = [ctypes.c_long(word) for word in (*arguments, *[0] * 6)][:6]
    if libc.syscall(ctypes.c_long(number), *words) < 0:
        raise OSError(ctypes.get_errno(), "refused")


def landlock_version() -> int:
    """The interface of this kernel; 0 for none."""
    try:
        return landlock.version()
    except OSError:
        return 0


def own_user_namespace() -> None:
    """A namespace in which this user's processes are counted by themselves."""
    call("unshare", 0x10000000)


def file_attempts(place: Scene, other: Path) -> dict[str, Attempt]:
    """Everything that a process could do with files of others; `other` is a folder that it may perhaps write to."""
    folder, hidden = place.folder, place.hidden
    return {
        "read": lambda: reads(hidden),
        "list": lambda: lists(folder),
        "execute": lambda: starts(str(place.program)),
        "append": lambda: opens(hidden, os.O_WRONLY | os.O_APPEND),
        "write": lambda: opens(hidden, os.O_RDWR),
        "write and cut off": lambda: opens(hidden, os.O_WRONLY | os.O_TRUNC),
        "create": lambda: opens(folder / "new", os.O_CREAT | os.O_WRONLY),
        "create to read": lambda: opens(folder / "newer", os.O_CREAT | os.O_RDONLY),
        "make a folder": lambda: (folder / "made").mkdir(),
        "remove a folder": place.empty.rmdir,
        "link": lambda: os.link(hidden, folder / "linked"),
        "symbolic link": lambda: (folder / "pointing").symlink_to("hidden.txt"),
        "fifo": lambda: os.mkfifo(folder / "fifo"),
        "rename": lambda: moves(hidden, folder / "renamed"),
        "rename back": lambda: moves(folder / "renamed", hidden),
        "move elsewhere": lambda: moves(place.program, other / "program"),
        "remove": hidden.unlink,
    }


def start_neighbour(found: list[int]) -> Attempt:
    """Start a process of the same user, outside of the layers that come later; it ends with its parent."""

    def start() -> None:
        # A signal at the parent's end would not come through: landlock holds that back, too.
        waiting, ending = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(ending)
            os.read(waiting, 1)
            os._exit(0)
        found[:] = [child]

    return start


# What cuts a file off without opening it for writing: landlock knows a right for it from its third interface on.
def cutting(hidden: Path) -> dict[str, Attempt]:
    return {
        "cut off by path": lambda: os.truncate(hidden, 0),
        "open to read and cut off": lambda: opens(hidden, os.O_RDONLY | os.O_TRUNC),
        "open for nothing and cut off": lambda: opens(hidden, os.O_ACCMODE | os.O_TRUNC),
    }
