"""A process that grades for a Dask worker: `python -m autograder.integrations.dask.grading_process FOLDER`.

Not in the worker itself: it has threads, beside which one should not fork, and it must answer its scheduler while a
submission runs. The setting and the submissions come on stdin, each after its length; replies go to stdout. While the
process lives, also in the middle of a submission, it sends a pulse each second, so that one that is frozen is noticed.
"""

import os
import pickle
import select
import shutil
import signal
import struct
import sys
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from autograder.errors import AutograderError, UngradableError
from autograder.exam.exam import make_exam
from autograder.grading.workers import Run, Worker
from autograder.integrations.carrying import unpack
from autograder.integrations.dask.protocol import (
    FaultReply,
    GradedReply,
    Job,
    NoSettings,
    RefusedReply,
    Reply,
    RunSettings,
    difference,
    encode,
    exam_hash,
    read_setting,
)
from autograder.records.fingerprint import engine_hash
from autograder.sandbox.canary import works
from autograder.sandbox.hidden import hidden_folders
from autograder.sandbox.tiers import Tier
from autograder.submissions import Submission

LENGTH = struct.Struct("!Q")
# Before a reply, and alone.
REPLY, PULSE = b"=", b"."
PULSE_SECONDS = 1.0
# A process that nothing was asked of for so long ends: the solutions then no longer lie on its machine.
IDLE_SECONDS = 120.0


class _Pipes:
    """Both ends of the pipes to the Dask worker."""

    def __init__(self) -> None:
        self._asks = os.fdopen(os.dup(0), "rb", buffering=0)
        self._replies = os.dup(1)
        # What references print must not come between the replies.
        os.dup2(2, 1)

    def pulse(self, *_: Any) -> None:
        """Say that this process lives; a pipe that is full or closed is none of its concern."""
        try:
            if select.select([], [self._replies], [], 0)[1]:
                os.write(self._replies, PULSE)
        except OSError:
            pass

    def read(self, seconds: float) -> Any:
        """What comes next; None where nothing does for so long, or the other end is gone."""
        if not select.select([self._asks], [], [], seconds)[0]:
            return None
        data = read_block(self._asks)
        return None if data is None else pickle.loads(data)  # noqa: S301  # from the staff's own client

    def write(self, reply: Reply) -> None:
        """Send a reply, whole: no pulse comes into the middle of it."""
        data = encode(reply)
        view = memoryview(REPLY + LENGTH.pack(len(data)) + data)
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
        try:
            while view:
                view = view[os.write(self._replies, view) :]
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGALRM])


def read_block(stream: BinaryIO) -> bytes | None:
    """Bytes after their length; None where the stream ends before."""

    def exactly(count: int) -> bytes | None:
        found = bytearray()
        while len(found) < count:
            more = stream.read(count - len(found))
            if not more:
                return None
            found += more
        return bytes(found)

    head = exactly(LENGTH.size)
    return None if head is None else exactly(LENGTH.unpack(head)[0])


def _worker(setting: RunSettings, folder: Path) -> Worker:
    """The worker of a setting.

    Raises:
        AutograderError: it cannot be graded here; says why.
    """
    if (own := engine_hash()) != setting.engine:
        raise UngradableError(difference("engine", setting.engine, own))
    hidden = hidden_folders({"the folder of references": folder})
    reason = "" if setting.tier is Tier.NONE else works(setting.tier, hidden=hidden)
    if reason:
        raise UngradableError(
            f"isolation tier {setting.tier} does not work there: {reason}. Install what is missing, or name a tier "
            "that works on all machines with --isolation."
        )
    unpack(setting.solutions, folder / "solutions")
    loaded = read_setting(setting, folder / "solutions")
    exam = make_exam(loaded.folder, loaded.chosen, setting.seed) if loaded.course.cases == "shared" else None
    return Worker(Run(loaded, exam, setting.seed, setting.tier))


def _given(job: Job) -> Submission:
    return job.submission


def serve(talk: _Pipes, folder: Path) -> None:
    """Answer until nothing more comes."""
    setting = talk.read(IDLE_SECONDS)
    if not isinstance(setting, RunSettings):
        return
    try:
        worker = _worker(setting, folder)
    except Exception as error:
        kind = "" if isinstance(error, AutograderError) else f"{type(error).__name__}: "
        talk.write(RefusedReply(f"{kind}{error}"))
        return
    talk.write(NoSettings())
    # Of what is here, and not as it was sent: the client holds them against its own.
    made_by = engine_hash(), exam_hash(worker.run.loaded)
    try:
        while isinstance(job := talk.read(IDLE_SECONDS), Job):
            talk.write(GradedReply(*worker.record(job.student, job.wanted, partial(_given, job)), *made_by))
    finally:
        worker.close()


def main() -> None:
    """Serve, and leave nothing behind."""
    folder = Path(sys.argv[1])
    sys.dont_write_bytecode = True
    talk = _Pipes()
    signal.signal(signal.SIGALRM, talk.pulse)
    signal.setitimer(signal.ITIMER_REAL, PULSE_SECONDS, PULSE_SECONDS)
    try:
        serve(talk, folder)
    except Exception as error:
        talk.write(FaultReply(f"{type(error).__name__}: {error}"))
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
