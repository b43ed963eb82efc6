"""Maps the grading of one submission over a class, in worker processes that each own one slot of the sandbox."""

import signal
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized

from autograder.exam import Exam
from autograder.marking import Cost, Marker, grader_error
from autograder.results import Result
from autograder.sandbox.slot import Slot
from autograder.sandbox.tiers import Tier
from autograder.submissions import Entry, read_submission

Graded = tuple[Entry, Result, Cost]

# A worker that dies takes others' submissions in hand with it. All of them are tried again, one at a time; the one on
# which a worker dies a second time is given up.
MOST_TRIES = 2

# Of a worker process, set when it starts. The exam reaches it by fork: it holds functions, and is large.
_exam: Exam | None = None
_marker: Marker | None = None


def _start_worker(tier: Tier, counter: "Synchronized[int]") -> None:
    """In a worker: one slot for all submissions that it will get; Ctrl-C is for the process above."""
    global _marker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    assert _exam is not None
    with counter.get_lock():
        counter.value += 1
        number = counter.value
    _marker = Marker(_exam, Slot(tier=tier, number=number))


def _grade_entry(entry: Entry) -> tuple[Result, Cost]:
    """In a worker: the record of one student; whatever goes wrong here is the grader's fault."""
    assert _marker is not None
    try:
        return _marker.mark(read_submission(entry, _marker.exam.modules))
    except Exception as error:
        return grader_error(_marker.exam, entry.student, error), Cost()


def _one_pool(
    left: deque[Entry], jobs: int, window: int, tier: Tier
) -> Iterator[tuple[Entry, tuple[Result, Cost] | None]]:
    """Grades from the left of the queue until it is empty or a worker dies; None stands for what was then in hand."""
    context = get_context("fork")
    start = (tier, context.Value("i", 0))
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_start_worker, initargs=start)
    waiting: dict[Future[tuple[Result, Cost]], Entry] = {}
    try:
        while left or waiting:
            try:
                while left and len(waiting) < window:
                    future = pool.submit(_grade_entry, left[0])
                    waiting[future] = left.popleft()
            except BrokenProcessPool:
                # What waits has failed too, or is about to.
                window = 0
            if not waiting:
                return
            finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                entry = waiting.pop(future)
                try:
                    graded = future.result()
                except BrokenProcessPool:
                    window = 0
                    yield entry, None
                else:
                    yield entry, graded
    finally:
        interrupted = list((getattr(pool, "_processes", None) or {}).values()) if waiting else []
        pool.shutdown(wait=not waiting, cancel_futures=True)
        for process in interrupted:
            process.terminate()


def grade_all(exam: Exam, entries: Sequence[Entry], jobs: int, tier: Tier) -> Iterator[Graded]:
    """The records of all entries, as they are done.

    Args:
        exam: what is asked.
        entries: the students.
        jobs: the number of worker processes.
        tier: of isolation.
    """
    global _exam
    _exam = exam
    left, window = deque(entries), 2 * jobs
    tries = dict.fromkeys(entries, 0)
    while left:
        for entry, graded in _one_pool(left, jobs, window, tier):
            if graded is not None:
                yield entry, *graded
                continue
            tries[entry] += 1
            if tries[entry] < MOST_TRIES:
                left.append(entry)
            else:
                error = RuntimeError("the worker process ended while it graded this submission")
                yield entry, grader_error(exam, entry.student, error), Cost()
            jobs = window = 1
