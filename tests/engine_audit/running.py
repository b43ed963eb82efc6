"""Tries mutants in parallel: parts of one module's mutants, each in a worker process of its own."""

import os
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from queue import Empty, Queue

import msgspec

from tests.engine_audit.engine_mutants import EngineMutant
from tests.engine_audit.modules import path_of, tests_of, unaffected
from tests.engine_audit.worker import Task, Trial
from tests.repository import ROOT

# Of one worker: enough to be worth its start, few enough that no processor waits for the last one.
TOGETHER = 50


class WorkerError(RuntimeError):
    """A worker could not say anything of its mutants; the tests fail on the engine as it stands, perhaps."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A mutant, and what became of it."""

    mutant: EngineMutant
    trial: Trial


def _parts(mutants: Sequence[EngineMutant]) -> list[list[EngineMutant]]:
    """Parts of one module each, the largest first."""
    by_module: dict[str, list[EngineMutant]] = defaultdict(list)
    for mutant in mutants:
        by_module[mutant.module].append(mutant)
    parts = [of_one[at : at + TOGETHER] for of_one in by_module.values() for at in range(0, len(of_one), TOGETHER)]
    return sorted(parts, key=len, reverse=True)


class _Pool:
    """Threads that wait for worker processes, one part of the mutants after another."""

    def __init__(self, parts: Sequence[Sequence[EngineMutant]], cache: str) -> None:
        self.parts: Queue[Sequence[EngineMutant]] = Queue()
        for part in parts:
            self.parts.put(part)
        self.done: Queue[Tried | WorkerError] = Queue()
        self.cache = cache
        self.workers: set[subprocess.Popen[bytes]] = set()

    def start(self, jobs: int) -> None:
        """Begin; each thread waits for a process of its own, so that the interpreter's lock is no matter."""
        for _ in range(jobs):
            threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        """End what still runs."""
        while not self.parts.empty():
            self.parts.get()
        for worker in tuple(self.workers):
            worker.kill()

    def _run(self) -> None:
        while True:
            try:
                part = self.parts.get_nowait()
            except Empty:
                return
            try:
                self._try(part)
            except Exception as error:
                self.done.put(WorkerError(f"{part[0].module}: {error!r}"))

    def _try(self, part: Sequence[EngineMutant]) -> None:
        """Let one worker try a part; what it says goes into the queue."""
        module = part[0].module
        command = [sys.executable, "-m", "tests.engine_audit.worker"]
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        pipe = subprocess.PIPE
        with tempfile.TemporaryFile() as errors:
            worker = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=errors, cwd=ROOT, env=environment)
            assert worker.stdin is not None
            assert worker.stdout is not None
            self.workers.add(worker)
            try:
                worker.stdin.write(msgspec.json.encode(_task(part, self.cache)))
                worker.stdin.close()
                left = len(part)
                for line in worker.stdout:
                    trial = msgspec.json.decode(line, type=Trial)
                    if trial.failure:
                        what = f"the tests of {module} fail without any mutant" if trial.number < 0 else module
                        raise WorkerError(f"{what} ({trial.noticed}): {trial.failure}")
                    left -= 1
                    self.done.put(Tried(part[trial.number], trial))
                if left:
                    errors.seek(0)
                    said = errors.read().decode(errors="replace")[-4000:]
                    raise WorkerError(f"the worker of {module} ended before {left} of its mutants were tried: {said}")
            except WorkerError as error:
                self.done.put(error)
            finally:
                worker.kill()
                worker.wait()
                worker.stdout.close()
                self.workers.discard(worker)


def _task(part: Sequence[EngineMutant], cache: str) -> Task:
    module = part[0].module
    path = path_of(module)
    return Task(
        module=f"autograder.{module}",
        path=str(path),
        prepared=tuple(unaffected(module)),
        tests=tests_of(module),
        original=path.read_text(encoding="utf-8"),
        mutants=tuple(mutant.source for mutant in part),
        cache=cache,
    )


def tried(mutants: Sequence[EngineMutant], jobs: int) -> Iterator[Tried]:
    """Every mutant with what became of it, as they are done.

    Args:
        mutants: of any modules.
        jobs: how many processes.

    Raises:
        WorkerError: nothing can be said of some.
    """
    with tempfile.TemporaryDirectory(prefix="autograder-engine-audit-", ignore_cleanup_errors=True) as cache:
        pool = _Pool(_parts(mutants), cache)
        pool.start(jobs)
        try:
            for _ in mutants:
                found = pool.done.get()
                if isinstance(found, WorkerError):
                    raise found
                yield found
        finally:
            pool.stop()
