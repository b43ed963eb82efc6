"""Maps the grading of one submission over a class, in worker processes that each own one slot of the sandbox.

Where grading runs is a choice: `LocalBackend`, in processes of this machine, or what else does as `Backend` says.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import msgspec

from autograder.exam.exam import Exam
from autograder.forking import ForkedPool
from autograder.grading.counterexamples import Counterexamples
from autograder.grading.grader import Cost, Grader
from autograder.grading.plan import LoadedCourse, Task, Wanted
from autograder.grading.question_results import grader_error
from autograder.records.fingerprint import work_hash
from autograder.records.record import AssignmentResult, Result
from autograder.sandbox.fresh_slot import FreshSlot
from autograder.sandbox.slot import Slot
from autograder.sandbox.slot_number import claimed_number
from autograder.sandbox.tiers import Tier
from autograder.submissions import Submission, read_submission

Graded = tuple[Task, Result, Cost]

# A worker that dies takes others' submissions in hand with it. All of them are tried again, one at a time; the one on
# which a worker dies a second time is given up.
MOST_TRIES = 2


@dataclass(frozen=True)
class Run:
    """What the workers of a run share.

    Args:
        loaded: what the course asks.
        exam: the same for all students; None where each has cases of their own.
        seed: in place of the course's.
        tier: of isolation.
    """

    loaded: LoadedCourse
    exam: Exam | None
    seed: int | None
    tier: Tier

    def exam_of(self, student: str) -> Exam:
        """The exam that a student sits; without a name, one whose questions are those of all, whatever the cases."""
        return self.exam or self.loaded.exam(self.seed, student)


class Backend(Protocol):
    """Where the submissions of a class are graded."""

    def told(self) -> str:
        """What a run says of it before it begins; empty where nothing need be said."""

    def workers(self, tasks: int) -> int:
        """How many grade at once, of so many tasks."""

    def grade_all(self, run: Run, tasks: Sequence[Task]) -> Iterator[Graded]:
        """One record for each task, as they are done; never none, and never two."""


class Worker:
    """The slots for all submissions that a worker gets, and the graders of the functions last asked for."""

    def __init__(self, run: Run) -> None:
        self.run = run
        number, self._claim = claimed_number()
        self.slot = Slot(tier=run.tier, number=number)
        self.examples = Counterexamples(FreshSlot(run.tier))
        self.graders: dict[tuple[tuple[str, tuple[str, ...]], ...], Grader] = {}

    def grader(self, wanted: Wanted, student: str) -> Grader:
        """The grader of an exam of the functions wanted; where all have the same cases, made once."""
        key = tuple(wanted.items())
        if key not in self.graders or self.run.exam is None:
            for grader in self.graders.values():
                grader.close()
            self.graders = {key: Grader(self.run.exam_of(student).only(wanted), self.slot, examples=self.examples)}
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

    def close(self) -> None:
        """End the slots' servers, and give their numbers back."""
        self.slot.close()
        self.examples.slot.close()
        if self._claim is not None:
            self._claim.close()

    def task(self, task: Task) -> tuple[Result, Cost]:
        """The record of a task."""
        return self.record(
            task.entry.student, task.wanted, partial(read_submission, task.entry, self.run.loaded.modules)
        )


def failed(run: Run, student: str, wanted: Wanted, error: BaseException) -> Result:
    """The record where the grader itself failed on a student."""
    return grader_error(run.exam_of("").only(wanted), student, error)


def _with_source(assignment: AssignmentResult, submission: Submission) -> AssignmentResult:
    """An assignment's result with the hash of what was read for it."""
    work = submission.works.get(assignment.name)
    read = work_hash(work, submission.problems.get(assignment.name, ""))
    return msgspec.structs.replace(assignment, submission=read)


def _one_pool(run: Run, left: deque[Task], jobs: int, window: int) -> Iterator[tuple[Task, tuple[Result, Cost] | None]]:
    """Grades from the left of the queue until it is empty or a worker dies; None stands for what was then in hand."""
    waiting: dict[Future[tuple[Result, Cost]], Task] = {}
    with ForkedPool(jobs, partial(Worker, run)) as pool:
        while left or waiting:
            try:
                while left and len(waiting) < window:
                    future = pool.submit(Worker.task, left[0])
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


def grade_all(run: Run, tasks: Sequence[Task], jobs: int) -> Iterator[Graded]:
    """The records of what the tasks want, as they are done.

    Args:
        run: what is asked, and how submissions are isolated.
        tasks: the students, and what of each.
        jobs: the number of worker processes.
    """
    left, window = deque(tasks), 2 * jobs
    tries = dict.fromkeys((task.entry for task in tasks), 0)
    while left:
        for task, graded in _one_pool(run, left, jobs, window):
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
