"""Maps the grading of one submission over a class, in worker processes that each own one slot of the sandbox.

Where grading runs is a choice: `LocalBackend`, in processes of this machine, or what else does as `Backend` says.
"""

import ctypes
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized
from typing import Protocol

import msgspec

from autograder.exam.exam import Exam, make_exam
from autograder.grading.grader import Cost, Grader
from autograder.grading.plan import LoadedCourse, Task, Wanted
from autograder.grading.question_results import grader_error
from autograder.records.fingerprint import work_hash
from autograder.records.record import AssignmentResult, Result
from autograder.sandbox.slot import Slot
from autograder.sandbox.tiers import Tier
from autograder.submissions import Submission, read_submission

Graded = tuple[Task, Result, Cost]

# A worker that dies takes others' submissions in hand with it. All of them are tried again, one at a time; the one on
# which a worker dies a second time is given up.
MOST_TRIES = 2

# After prctl(2): a signal for this process when the one that made it ends.
_SET_PARENT_DEATH_SIGNAL = 1


@dataclass(frozen=True)
class Run:
    """What the workers of a run share.

    Args:
        loaded: what the course asks.
        exam: the same for all students; None where each has cases of their own.
        seed: in place of the course's.
        tier: of isolation.
        lock: an open file of the run above, which a worker must not hold on to.
    """

    loaded: LoadedCourse
    exam: Exam | None
    seed: int | None
    tier: Tier
    lock: int | None = None

    def exam_of(self, student: str) -> Exam:
        """The exam that a student sits."""
        return self.exam or make_exam(self.loaded.folder, self.loaded.chosen, self.seed, student)


class Backend(Protocol):
    """Where the submissions of a class are graded."""

    def told(self) -> str:
        """What a run says of it before it begins; empty where nothing need be said."""

    def workers(self, tasks: int) -> int:
        """How many grade at once, of so many tasks."""

    def grade_all(self, run: Run, tasks: Sequence[Task]) -> Iterator[Graded]:
        """One record for each task, as they are done; never none, and never two."""


class Worker:
    """A slot for all submissions that a worker gets, and the graders of the functions last asked for."""

    def __init__(self, run: Run, number: int) -> None:
        self.run = run
        self.slot = Slot(tier=run.tier, number=number)
        self.graders: dict[tuple[tuple[str, tuple[str, ...]], ...], Grader] = {}

    def grader(self, wanted: Wanted, student: str) -> Grader:
        """The grader of an exam of the functions wanted; where all have the same cases, made once."""
        key = tuple(wanted.items())
        if key not in self.graders or self.run.exam is None:
            for grader in self.graders.values():
                grader.close()
            self.graders = {key: Grader(self.run.exam_of(student).only(wanted), self.slot)}
        return self.graders[key]

    def record(self, student: str, wanted: Wanted, read: Callable[[], Submission]) -> tuple[Result, Cost]:
        """The record of what is wanted of a student; whatever goes wrong here is the grader's fault, and stands in it.

        Args:
            student: whose submission it is.
            wanted: what to sit.
            read: gives the submission.
        """
        try:
            submission = read()
            result, cost = self.grader(wanted, student).grade(submission)
            assignments = tuple(_with_source(assignment, submission) for assignment in result.assignments)
            return msgspec.structs.replace(result, assignments=assignments), cost
        except Exception as error:
            return failed(self.run, student, wanted, error), Cost()


def failed(run: Run, student: str, wanted: Wanted, error: BaseException) -> Result:
    """The record where the grader itself failed on a student."""
    # The questions are the same for all; the cases need not be.
    exam = make_exam(run.loaded.folder, run.loaded.chosen, run.seed) if run.exam is None else run.exam
    return grader_error(exam.only(wanted), student, error)


def _with_source(assignment: AssignmentResult, submission: Submission) -> AssignmentResult:
    """An assignment's result with the hash of what was read for it."""
    work = submission.works.get(assignment.name)
    read = work_hash(work, submission.problems.get(assignment.name, ""))
    return msgspec.structs.replace(assignment, submission=read)


# Of a worker process, set when it starts. The exam reaches it by fork: it holds functions, and is large.
_run: Run | None = None
_worker: Worker | None = None


def _end_with_parent() -> None:
    """A run that is killed must not leave workers behind, which would wait for ever."""
    if sys.platform == "linux":
        above = os.getppid()
        ctypes.CDLL(None, use_errno=True).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != above:
            os._exit(1)


def _start_worker(counter: "Synchronized[int]") -> None:
    """In a worker: one slot for all submissions that it will get; Ctrl-C is for the process above."""
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with_parent()
    assert _run is not None
    if _run.lock is not None:
        os.close(_run.lock)
    with counter.get_lock():
        counter.value += 1
        number = counter.value
    _worker = Worker(_run, number)


def _grade_task(task: Task) -> tuple[Result, Cost]:
    """In a worker: the record of one student."""
    assert _worker is not None
    modules = _worker.run.loaded.modules
    return _worker.record(task.entry.student, task.wanted, lambda: read_submission(task.entry, modules))


def _one_pool(left: deque[Task], jobs: int, window: int) -> Iterator[tuple[Task, tuple[Result, Cost] | None]]:
    """Grades from the left of the queue until it is empty or a worker dies; None stands for what was then in hand."""
    context = get_context("fork")
    start = (context.Value("i", 0),)
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_start_worker, initargs=start)
    waiting: dict[Future[tuple[Result, Cost]], Task] = {}
    try:
        while left or waiting:
            try:
                while left and len(waiting) < window:
                    future = pool.submit(_grade_task, left[0])
                    waiting[future] = left.popleft()
            except BrokenProcessPool:
                # What waits has failed too, or is about to.
                window = 0
            if not waiting:
                return
            finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                task = waiting.pop(future)
                try:
                    graded = future.result()
                except BrokenProcessPool:
                    window = 0
                    yield task, None
                else:
                    yield task, graded
    finally:
        interrupted = list((getattr(pool, "_processes", None) or {}).values()) if waiting else []
        pool.shutdown(wait=not waiting, cancel_futures=True)
        for process in interrupted:
            process.terminate()


def grade_all(run: Run, tasks: Sequence[Task], jobs: int) -> Iterator[Graded]:
    """The records of what the tasks want, as they are done.

    Args:
        run: what is asked, and how submissions are isolated.
        tasks: the students, and what of each.
        jobs: the number of worker processes.
    """
    global _run
    _run = run
    left, window = deque(tasks), 2 * jobs
    tries = dict.fromkeys((task.entry for task in tasks), 0)
    while left:
        for task, graded in _one_pool(left, jobs, window):
            if graded is not None:
                yield task, *graded
                continue
            tries[task.entry] += 1
            if tries[task.entry] < MOST_TRIES:
                left.append(task)
            else:
                error = RuntimeError("the worker process ended while it graded this submission")
                yield task, failed(run, task.entry.student, task.wanted, error), Cost()
            jobs = window = 1


@dataclass(frozen=True)
class LocalBackend:
    """Worker processes of this machine; `jobs` is how many."""

    jobs: int

    def told(self) -> str:
        """Nothing: it is the usual place."""
        return ""

    def workers(self, tasks: int) -> int:
        """As promised by `Backend`."""
        return min(self.jobs, max(1, tasks))

    def grade_all(self, run: Run, tasks: Sequence[Task]) -> Iterator[Graded]:
        """As promised by `Backend`."""
        return grade_all(run, tasks, self.workers(len(tasks)))
