"""What runs inside a Dask worker: it hands submissions to processes of its own, a process for each of its threads."""

import atexit
import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from autograder.errors import GradingProcessError, UngradableError
from autograder.integrations.dask.grading_process import LENGTH, REPLY
from autograder.integrations.dask.protocol import FaultReply, NoSettings, RefusedReply, decode, difference, encode
from autograder.records.fingerprint import engine_hash

# Settings that a worker remembers: of the run at hand, and of one beside it.
MOST_SETTINGS = 2


class GradingProcess:
    """A process that grades one submission at a time.

    Args:
        setting: pickled; the first that it is told.
        patience: seconds without a pulse after which it counts as frozen.
    """

    def __init__(self, setting: bytes, patience: float) -> None:
        self._patience = patience
        # Only this user can read what lies in it.
        self._folder = Path(tempfile.mkdtemp(prefix="autograder-"))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograder.integrations.dask.grading_process", str(self._folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # NumPy in the process must not fight for the processors with the other processes.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            # A Ctrl-C in the worker's terminal is the worker's; the process ends when its stdin does.
            start_new_session=True,
        )
        try:
            match decode(self.ask(setting)):
                case RefusedReply(why):
                    raise UngradableError(why)
                case FaultReply(why):
                    raise GradingProcessError(why)
        except BaseException:
            self.close()
            raise

    @property
    def lives(self) -> bool:
        """Whether it can be asked: one that was idle for long has ended itself."""
        return self._process.poll() is None

    def ask(self, data: bytes) -> bytes:
        """The reply to a setting or a job.

        Raises:
            GradingProcessError: there is none.
        """
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(LENGTH.pack(len(data)) + data)
            self._process.stdin.flush()
        except (OSError, ValueError) as error:
            raise GradingProcessError(f"the process that grades ended (exit code {self._process.poll()})") from error
        while self._read(1) != REPLY:
            pass
        return self._read(LENGTH.unpack(self._read(LENGTH.size))[0])

    def _read(self, count: int) -> bytes:
        assert self._process.stdout is not None
        found = bytearray()
        while len(found) < count:
            if not select.select([self._process.stdout], [], [], self._patience)[0]:
                raise GradingProcessError(f"the process that grades gave no sign of life for {self._patience:g} s")
            more = os.read(self._process.stdout.fileno(), count - len(found))
            if not more:
                raise GradingProcessError(f"the process that grades ended (exit code {self._process.wait()})")
            found += more
        return bytes(found)

    def close(self) -> None:
        """End it, and remove what it had on the disk."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                # What a dead process has not read stays unread.
                with contextlib.suppress(OSError):
                    stream.close()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            # Also one that is stopped.
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


class _GradingProcesses:
    """The processes of one setting; a Dask worker's thread takes one and gives it back."""

    def __init__(self, setting: bytes) -> None:
        self.setting = setting
        self.used = time.monotonic()
        self.taken = 0
        self._idle: list[GradingProcess] = []
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def process(self, patience: float) -> Iterator[GradingProcess]:
        """A process for one job; one that fails is closed."""
        with self._lock:
            self.used = time.monotonic()
            self.taken += 1
        process = None
        try:
            process = self._idle_process() or GradingProcess(self.setting, patience)
            yield process
        except BaseException:
            if process is not None:
                process.close()
            raise
        else:
            with self._lock:
                self._idle.append(process)
        finally:
            with self._lock:
                self.taken -= 1

    def _idle_process(self) -> GradingProcess | None:
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                if process.lives:
                    return process
                process.close()
        return None

    def close(self) -> None:
        with self._lock:
            while self._idle:
                self._idle.pop().close()


_settings: dict[str, _GradingProcesses] = {}
_lock = threading.Lock()


def _processes_of(key: str, setting: bytes | None) -> _GradingProcesses | None:
    """The processes of a setting; None where it has not been sent."""
    with _lock:
        if key not in _settings:
            if setting is None:
                return None
            _settings[key] = _GradingProcesses(setting)
            idle = sorted(
                (processes.used, old) for old, processes in _settings.items() if old != key and not processes.taken
            )
            for _, old in idle[: max(0, len(_settings) - MOST_SETTINGS)]:
                _settings.pop(old).close()
        return _settings[key]


@atexit.register
def _close_all() -> None:
    for processes in _settings.values():
        processes.close()


def work(key: str, engine: str, setting: bytes | None, job: bytes, patience: float) -> bytes:
    """Grade one submission.

    Args:
        key: of the setting.
        engine: the client's hash.
        setting: pickled, where this worker may not have it yet.
        job: pickled.
        patience: seconds without a pulse after which a process counts as frozen.

    Returns:
        a `Reply`, encoded.
    """
    if (own := engine_hash()) != engine:
        return encode(RefusedReply(difference("engine", engine, own)))
    processes = _processes_of(key, setting)
    if processes is None:
        return encode(NoSettings())
    try:
        with processes.process(patience) as process:
            return process.ask(job)
    except UngradableError as error:
        return encode(RefusedReply(str(error)))
    except GradingProcessError as error:
        return encode(FaultReply(str(error)))
