"""Grades on the workers of a Dask cluster: `autograder grade --scheduler tcp://host:8786`, or `--dask-local N`.

The client reads the submissions and writes the records; workers get bytes and give bytes (`setting`). A worker that is
sent a submission before the setting asks for it, so that one which joins late, or comes back, needs no special care.

Whatever happens to workers and scheduler, each task ends with one record: what is lost is sent again, as often as it
takes, since that is no fault of the submission; what ends its worker's process is sent again a bounded number of times.
"""

import logging
import queue
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from autograder.errors import BackendError, EngineError
from autograder.extras import needs
from autograder.grading.grader import Cost
from autograder.grading.plan import Task
from autograder.grading.workers import MOST_TRIES, Graded, Run, failed
from autograder.integrations.dask.on_worker import work
from autograder.integrations.dask.protocol import (
    FaultReply,
    GradedReply,
    Job,
    NoSettings,
    RefusedReply,
    RunSettings,
    decode,
    difference,
    dumped,
    setting_of,
)
from autograder.integrations.trusted import another_submission
from autograder.records.fingerprint import work_hashes
from autograder.submissions import read_submission

needs("distributed", "dask")

from distributed import Client, Future, KilledWorker, LocalCluster  # noqa: E402

# Seconds without a sign of life after which a worker, or the process that grades in it, counts as frozen.
PATIENCE = 30.0
# Seconds that a scheduler may be away, or without any worker, before the run gives up; a cluster may have a queue.
AWAY = 600.0
# Seconds until a scheduler answers at first: a wrong address should be told soon.
CONNECT = 15.0
# Results are fetched by so many threads, so that one that is stuck holds up no other.
FETCHERS = 4
# Seconds between two looks at the workers.
LOOK = 1.0
# In the queue of a worker beside what it runs: small submissions take less time than the next takes to come.
AHEAD = 3


@dataclass
class _Submitted:
    """A task on its way. `pins` are the workers that it is bound to, because others hold it and are frozen."""

    task: Task
    job: bytes
    # What was read of it, by assignment: the record that comes back must be of the same.
    read: Mapping[str, str] = field(default_factory=dict)
    tries: int = 0
    future: Any = None
    pins: tuple[str, ...] = ()


@dataclass
class _Workers:
    """What is known of the workers: their threads, and when each was last heard of, by this machine's clock."""

    threads: dict[str, int] = field(default_factory=dict)
    _heard: dict[str, tuple[float, float]] = field(default_factory=dict)

    def look(self, client: Client) -> None:
        """Ask the scheduler."""
        found: Mapping[str, Mapping[str, Any]] = client.scheduler_info(n_workers=-1)["workers"]
        now = time.monotonic()
        self.threads = {address: worker["nthreads"] for address, worker in found.items()}
        self._heard = {
            # The scheduler's clock may differ from this one: what counts is that it moves.
            address: old
            if (old := self._heard.get(address)) and old[0] == worker["last_seen"]
            else (worker["last_seen"], now)
            for address, worker in found.items()
        }

    def living(self, patience: float) -> tuple[str, ...]:
        """Those who were heard of lately; with many workers, each is heard of less often."""
        limit = time.monotonic() - patience - len(self._heard) / 40
        return tuple(address for address, (_, since) in self._heard.items() if since >= limit)


class DaskBackend:
    """A `Backend`: a Dask scheduler and whatever workers it has.

    Args:
        address: of the scheduler; TLS and timeouts are as Dask's own configuration says.
        local: in place of an address, start so many workers on this machine.
        patience: seconds without a sign of life after which a worker counts as frozen.
        away: seconds that the scheduler may be away, or without a worker.
        tell: is told what the run waits for; by default nobody is.
    """

    def __init__(
        self,
        address: str | None = None,
        local: int | None = None,
        *,
        patience: float = PATIENCE,
        away: float = AWAY,
        tell: Callable[[str], object] = len,
    ) -> None:
        assert (address is None) != (local is None), "an address, or a number of local workers"
        self.address, self.local = address, local
        self.patience, self.away, self.tell = patience, away, tell
        self._most = local or 0

    def told(self) -> str:
        """Where it runs."""
        return f"grading on Dask, {self.address or f'{self.local} local workers'}"

    def workers(self, tasks: int) -> int:
        """The most threads of workers that were seen at once."""
        return self._most

    def saw(self, threads: int) -> None:
        """Remember how many threads there are."""
        self._most = max(self._most, threads)

    @contextmanager
    def scheduler(self) -> Iterator[str]:
        """The address of the scheduler, which of a local cluster lasts as long as the context."""
        if self.address is not None:
            yield self.address
            return
        with LocalCluster(
            n_workers=self.local, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
        ) as cluster:
            yield cluster.scheduler_address

    def grade_all(self, run: Run, tasks: Sequence[Task]) -> Iterator[Graded]:
        """As promised by `Backend`.

        Raises:
            BackendError: there is no scheduler or no worker, or a worker that refuses.
        """
        if not tasks:
            return
        setting = setting_of(run.loaded, run.seed, run.tier)
        with self.scheduler() as address, _ClusterRun(self, address, run, setting) as cluster_run:
            yield from cluster_run.all(tasks)


class _ClusterRun:
    """One run of a class on a cluster."""

    def __init__(self, cluster: DaskBackend, address: str, run: Run, setting: RunSettings) -> None:
        self.cluster, self.address, self.run = cluster, address, run
        self.key, self.engine, self.exam, self.setting = setting.key, setting.engine, setting.exam, dumped(setting)
        self.flights: dict[str, _Submitted] = {}
        self.found: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self.fetchers = ThreadPoolExecutor(FETCHERS, thread_name_prefix="autograder-fetch")
        self.known = _Workers()
        self.alive = time.monotonic()
        self.waiting = False
        self.client = self._connect(min(CONNECT, cluster.away))

    def __enter__(self) -> "_ClusterRun":
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(Exception):
            self.client.cancel([flight.future for flight in self.flights.values()], force=True)
        self.fetchers.shutdown(wait=False, cancel_futures=True)
        with suppress(Exception):
            self.client.close(timeout=2)

    def _connect(self, seconds: float) -> Client:
        try:
            return Client(self.address, timeout=seconds, set_as_default=False, name="autograder")
        except Exception as error:
            raise BackendError(
                f"the Dask scheduler {self.address} does not answer ({type(error).__name__}: {error}). What is graded "
                "stays; the same command goes on from there."
            ) from error

    def all(self, tasks: Sequence[Task]) -> Iterator[Graded]:
        """The records, as they come."""
        left = deque(tasks)
        looked = 0.0
        while left or self.flights:
            # What the scheduler tells of many workers is long.
            if time.monotonic() - looked > LOOK + len(self.known.threads) / 50:
                self._look()
                looked = time.monotonic()
            threads = sum(self.known.threads.values())
            while left and len(self.flights) < threads + AHEAD * len(self.known.threads):
                self._begin(left.popleft())
            with suppress(queue.Empty):
                key, outcome = self.found.get(timeout=LOOK)
                if (graded := self._take(key, outcome)) is not None:
                    yield graded

    def _begin(self, task: Task) -> None:
        """Send a task for the first time."""
        try:
            submission = read_submission(task.entry, self.run.loaded.modules)
            job = dumped(Job(task.entry.student, task.wanted, submission))
            read = work_hashes(submission, task.wanted)
        except Exception as error:
            self.flights[key := uuid.uuid4().hex] = _Submitted(task, b"")
            self.found.put((key, error))
            return
        self._send(_Submitted(task, job, read))

    def _send(self, flight: _Submitted, *, whole: bool = False) -> None:
        """Send a task, with the setting where a worker had not got it."""
        key = f"autograder-{uuid.uuid4().hex}"
        setting = self.setting if whole else None
        self.flights[key] = flight
        try:
            flight.future = self.client.submit(
                work,
                self.key,
                self.engine,
                setting,
                flight.job,
                self.cluster.patience,
                key=key,
                pure=False,
                workers=list(flight.pins) or None,
            )
            flight.future.add_done_callback(partial(self._done, key))
        except Exception:
            # The connection is lost just now; the next look sends it again.
            flight.future = None

    def _done(self, key: str, future: Any) -> None:
        # Where the run is over, nobody fetches any more.
        with suppress(RuntimeError):
            self.fetchers.submit(self._fetch, key, future)

    def _fetch(self, key: str, future: Future) -> None:
        try:
            self.found.put((key, future.result(timeout=self.cluster.patience)))
        except BaseException as error:
            self.found.put((key, error))

    def _take(self, key: str, outcome: Any) -> Graded | None:
        """Make a record of what came back, or send the task again; what comes of a task that was sent again is late."""
        flight = self.flights.pop(key, None)
        if flight is None:
            return None
        task, flight.future = flight.task, None
        if not flight.job:
            # It could not be read here, and so was never sent.
            return self._failed(task, outcome)
        match decode(outcome) if isinstance(outcome, bytes) else outcome:
            case GradedReply() as reply:
                return self._trusted(flight, reply)
            case NoSettings():
                self._send(flight, whole=True)
                return None
            case RefusedReply(why):
                raise BackendError(f"a Dask worker refuses to grade: {why}")
            case FaultReply(why):
                return self._again(flight, RuntimeError(why))
            case KilledWorker() as error:
                return self._again(flight, error)
            case CancelledError() | TimeoutError() | OSError():
                # The scheduler was away, or the worker that had the result: no fault of the submission.
                self._send(flight)
                return None
            case ImportError() as error:
                raise BackendError(
                    f"a Dask worker cannot import this package ({error}): install it there, in the same version."
                ) from error
            case error:
                return self._again(flight, error)

    def _trusted(self, flight: _Submitted, reply: GradedReply) -> Graded | None:
        """The record of a reply, if it is of this run and of what was sent.

        Raises:
            BackendError: it is of another run: the machine does not do what it said that it would.
        """
        for what, own, other in (("engine", self.engine, reply.engine), ("exam", self.exam, reply.exam)):
            if own != other:
                raise BackendError(f"a Dask worker's reply is refused: {difference(what, own, other)}")
        if why := another_submission(reply.record, flight.task.entry.student, flight.read):
            return self._again(flight, EngineError(f"a Dask worker's reply is refused: the record {why}"))
        return flight.task, reply.record, reply.cost

    def _again(self, flight: _Submitted, error: BaseException) -> Graded | None:
        """Once more, unless it was tried often enough; then the grader failed on it."""
        flight.tries += 1
        if flight.tries < MOST_TRIES:
            self._send(flight)
            return None
        return self._failed(flight.task, error)

    def _failed(self, task: Task, error: BaseException) -> Graded:
        return task, failed(self.run, task.entry.student, task.wanted, error), Cost()

    def _look(self) -> None:
        """See who is there, and take tasks away from those that are gone or frozen."""
        if self.client.status == "closed":
            self.cluster.tell(f"the Dask scheduler {self.address} is gone; waiting for it to come back.")
            self.client = self._connect(self.cluster.away)
        try:
            self.known.look(self.client)
            living = self.known.living(self.cluster.patience)
            held = self._held_by() if len(living) < len(self.known.threads) else {}
        except (OSError, TimeoutError, CancelledError, ValueError, AttributeError, RuntimeError):
            # Between two schedulers; Dask's client goes on trying, up to its own limit.
            living, held = (), {}
            self.known.threads = {}
        self.cluster.saw(sum(self.known.threads.values()))
        if not living and not self.waiting:
            self.cluster.tell(f"waiting for a worker of the Dask scheduler {self.address}.")
        self.waiting = not living
        if living:
            self.alive = time.monotonic()
        elif time.monotonic() - self.alive > self.cluster.away:
            raise BackendError(
                f"the Dask scheduler {self.address} had no living worker for {self.cluster.away:g} s. Start some "
                f"(dask worker {self.address}); what is graded stays, and the same command goes on from there."
            )
        for key, flight in list(self.flights.items()):
            lost = flight.future is None and flight.job != b""
            frozen = key in held and held[key] not in living
            orphan = bool(flight.pins) and not set(flight.pins) & set(living)
            if living and (lost or frozen or orphan):
                del self.flights[key]
                if flight.future is not None:
                    with suppress(Exception):
                        flight.future.cancel(force=True)
                flight.pins = living if len(living) < len(self.known.threads) else ()
                self._send(flight)

    def _held_by(self) -> dict[str, str]:
        """The worker that each task is with."""
        held: Mapping[str, Sequence[str]] = self.client.processing()
        return {key: address for address, keys in held.items() for key in keys}
