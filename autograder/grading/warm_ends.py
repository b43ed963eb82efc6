"""A program's ends of the pipes to the processes that grade for it, and how those are started."""

import contextlib
import os
import socket
import subprocess
import sys
from contextlib import ExitStack
from multiprocessing.connection import Connection
from pathlib import Path

from msgspec import DecodeError

import autograder
import autograder.errors
from autograder.errors import EngineError
from autograder.forking import own_descriptor, undisturbed
from autograder.grading.one_submission import GradedSubmission
from autograder.grading.warm_messages import (
    NEW_WORKER,
    ExamReady,
    Request,
    WarmSettings,
    answer_of,
    encoded,
    graded_of,
)

CHANGES_RECORDS = False

_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
# Seconds that the processes have to end by themselves.
_CLOSING = 5.0
# Loads this very package, wherever the program has it from, and puts no folder onto the path for that.
_BOOT = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("autograder", sys.argv[1])
sys.modules["autograder"] = package = importlib.util.module_from_spec(spec)
spec.loader.exec_module(package)
from autograder.grading.warm_process import main
main(int(sys.argv[2]))
"""


class _End:
    """This program's end of a pipe to one of the processes; no process that the program forks keeps it open."""

    def __init__(self, ours: socket.socket) -> None:
        self._open = ExitStack()
        self._open.enter_context(own_descriptor(ours.fileno, lambda _: self.pipe.close()))
        self.pipe = Connection(ours.detach())

    def socket(self) -> socket.socket:
        """The same once more, for what a pipe cannot do."""
        return socket.socket(fileno=os.dup(self.pipe.fileno()))

    def hang_up(self) -> None:
        """Let the other end know, and wake up whoever waits here for an answer."""
        with contextlib.suppress(OSError), self.socket() as end:
            end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up, and close."""
        self.hang_up()
        self._open.close()


class WarmWorker(_End):
    """A process that grades one submission at a time."""

    def ready(self) -> bool:
        """Whether it has a slot; waits until it has."""
        try:
            self.pipe.recv_bytes()
        except (EOFError, OSError):
            return False
        return True

    def graded(self, request: Request) -> GradedSubmission | None:
        """What it makes of a request; None where it has died, or was hung up on. Then, or interrupted, it is closed."""
        try:
            self.pipe.send_bytes(encoded(request))
            return graded_of(self.pipe.recv_bytes())
        except BaseException as error:
            self.close()
            if isinstance(error, EOFError | OSError | DecodeError):
                return None
            raise

    @property
    def closed(self) -> bool:
        """Whether nothing can be asked of it any more."""
        return self.pipe.closed


class ExamMaker:
    """The process that makes the exam, and workers.

    Raises:
        AutograderError: nothing can be graded, and why.
    """

    def __init__(self, settings: WarmSettings) -> None:
        code = ["-P", "-c", _BOOT, str(Path(autograder.__file__))]
        # No process that another thread forks may have these ends.
        with undisturbed():
            ours, theirs = socket.socketpair()
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, *code, str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    # References are timed as submissions run, and workers must not fight for the processors.
                    env={**os.environ, **dict.fromkeys(_THREADS, "1")},
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,  # Ctrl-C is for the program, which then hangs up
                )
            self._end = _End(ours)
        try:
            self.exam = self._begin(settings)
        except BaseException:
            self.close()
            raise

    def _begin(self, settings: WarmSettings) -> str:
        """The hash of the exam, once it is made."""
        try:
            self._end.pipe.send_bytes(encoded(settings))
            answer = answer_of(self._end.pipe.recv_bytes())
        except (EOFError, OSError):
            code = self._process.wait()
            told = f"the process that makes the exam ended (exit code {code}); what it said stands on standard error"
            raise EngineError(told) from None
        if isinstance(answer, ExamReady):
            return answer.exam
        raise getattr(autograder.errors, answer.error)(answer.message)

    def worker(self) -> WarmWorker:
        """A new worker.

        Raises:
            OSError: the process is gone.
        """
        with undisturbed():
            ours, theirs = socket.socketpair()
            with theirs, self._end.socket() as control:
                worker = WarmWorker(ours)
                try:
                    socket.send_fds(control, [NEW_WORKER], [theirs.fileno()])
                except BaseException:
                    worker.close()
                    raise
        return worker

    def close(self) -> None:
        """Hang up, and see that it ends; workers end when they are hung up on."""
        self._end.close()
        try:
            self._process.wait(_CLOSING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
