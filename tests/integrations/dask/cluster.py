"""A Dask scheduler and workers as processes of this machine, which a test may kill, freeze and start again."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.repository import ROOT

# Started once more if need be; a machine with other work may be slow.
PATIENCE = 60.0

# Workers heartbeat often, so that tests need not wait long; as an administrator would set it.
QUIET = {"DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "critical", "DASK_DISTRIBUTED__DASHBOARD__LINK": ""}


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until(what: str, holds: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait for something that will be so; a failure says what was not."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"after {seconds:g} s: {what}"
        time.sleep(0.05)


def listens(port: int) -> bool:
    """Whether anything answers at a port."""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Processes:
    """A scheduler and its workers; use it as a context manager, which leaves none of them behind."""

    def __init__(
        self,
        folder: Path,
        protocol: str = "tcp",
        environment: dict[str, str] | None = None,
        home: Path = ROOT,
    ) -> None:
        self.folder, self.home = folder, home
        self.port = free_port()
        self.address = f"{protocol}://127.0.0.1:{self.port}"
        self.environment = {**os.environ, **QUIET, **(environment or {})}
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Processes":
        self.start_scheduler()
        return self

    def __exit__(self, *_: object) -> None:
        for process in [*self.workers, *([self.scheduler] if self.scheduler else [])]:
            self.end(process)

    def _start(self, command: str, *options: str) -> "subprocess.Popen[bytes]":
        with (self.folder / f"{command}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "distributed.cli.dask_" + command, *options],
                cwd=self.home,
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    def start_scheduler(self) -> None:
        """Start it, at the same address as before."""
        options = [
            "--host",
            self.address.partition(":")[0] + "://127.0.0.1",
            "--port",
            str(self.port),
            "--no-dashboard",
        ]
        self.scheduler = self._start("scheduler", *options)
        until(f"the scheduler does not listen: {self.log('scheduler')}", lambda: listens(self.port))

    def start_worker(self) -> "subprocess.Popen[bytes]":
        """Start one more, of one thread; it is one process, that a test can stop as a whole."""
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(self.folder / "scratch")]
        worker = self._start("worker", self.address, *options)
        self.workers.append(worker)
        return worker

    def log(self, command: str) -> str:
        """What the processes of a command have written."""
        with contextlib.suppress(OSError):
            return (self.folder / f"{command}.log").read_text()
        return ""

    @staticmethod
    def end(process: "subprocess.Popen[bytes]") -> None:
        """Kill one, also one that is stopped."""
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        process.wait()


def children(pid: int) -> list[int]:
    """The processes that a process has started and not yet waited for."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()] + [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        if task.name != str(pid)
        for child in (task / "children").read_text().split()
    ]
