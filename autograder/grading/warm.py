"""Grades one submission after another from a program that goes on running: in milliseconds, after the first."""

import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

from autograder.course.solutions import find_solutions
from autograder.errors import EngineError, SandboxError, SubmissionsError, UsageError
from autograder.grading.one_submission import GradedSubmission
from autograder.grading.warm_ends import ExamMaker, WarmWorker
from autograder.grading.warm_messages import FilesRequest, FolderRequest, GivenUpRequest, Request, WarmSettings
from autograder.grading.workers import MOST_TRIES
from autograder.submissions import HandedIn

CHANGES_RECORDS = False

# What a file is called that is no folder or zip, and can be a submission by itself.
_SINGLE = (".py", ".ipynb")


class WarmGrader:
    """Makes the exam once, and grades one submission after another, in milliseconds. Use it as a context manager.

    Submissions are isolated, limited and judged as by `grade`, in processes of their own: neither they nor the
    references are ever in this one. Threads may share it; as many submissions as there are slots are graded at once,
    and others wait. It does not outlive a fork: each process that is to grade makes its own.

    Args:
        solutions: the folder of the references; default: the nearest `solutions`. It is read once: make another grader
            after a change.
        assignments: names; default all.
        slots: so many submissions at once.
        seed: in place of the course's secret seed.
        isolation: a tier by name ("A", "A-", "B"), or "none" to accept less than B; default: the best that works here.

    Raises:
        UsageError, SolutionsError, CourseError: nothing can be graded, and why.
        BreachError, SandboxError: the sandbox does not work, or does not hold what it promises.
        EngineError: the process that makes the exam ended before it was made.
    """

    def __init__(
        self,
        solutions: str | Path | None = None,
        *,
        assignments: Sequence[str] | None = None,
        slots: int = 1,
        seed: int | None = None,
        isolation: str | None = None,
    ) -> None:
        if slots < 1:
            raise UsageError(f"slots={slots}: there must be at least one")
        folder = Path(solutions) if solutions is not None else find_solutions()
        self._settings = WarmSettings(os.fsencode(folder.absolute()), assignments, seed, isolation)
        self._process, self._closed = os.getpid(), False
        # A free slot is a worker, or room for a new one.
        self._free: list[WarmWorker | None] = []
        self._busy: set[WarmWorker] = set()
        self._changed, self._making = threading.Condition(), threading.Lock()
        self._maker = ExamMaker(self._settings)
        try:
            for _ in range(slots):
                self._free.append(self._new_worker())
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "WarmGrader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def grade(
        self,
        submission: str | Path | Mapping[str, bytes],
        *,
        student: str = "submission",
        handed_in: HandedIn | None = None,
    ) -> GradedSubmission:
        """Grade one submission. Nothing that is handed in raises: what is wrong with it stands in its record.

        Args:
            submission: a folder, a zip, a module or notebook by its path; or the bytes of each file by its name, as
                uploaded, zips among them opened.
            student: the name in the record.
            handed_in: when, for the course's rules on lateness, and what else is known of it.

        Raises:
            UsageError: the call cannot mean what it says; or it is closed, or the solutions have changed since.
            SubmissionsError: there is nothing at the path.
            EngineError, SandboxError: its processes end again and again.
        """
        if os.getpid() != self._process:
            raise UsageError("this WarmGrader was made before the process was forked: make one in each process")
        request = _request(submission, student, handed_in)
        given_up = GivenUpRequest(student, "the worker process ended while it graded this submission")
        worker = self._taken()
        try:
            for asked in (*[request] * MOST_TRIES, given_up):
                if worker is None or worker.closed:
                    worker = self._new_worker()
                if (graded := self._graded(worker, asked)) is not None:
                    return graded
            raise EngineError("the processes that grade end again and again; what they say stands on standard error")
        finally:
            self._give_back(worker)

    def _graded(self, worker: WarmWorker, request: Request) -> GradedSubmission | None:
        """What comes of a request; None where the worker has died."""
        with self._changed:
            self._refuse_closed()
            self._busy.add(worker)
        try:
            graded = worker.graded(request)
        finally:
            with self._changed:
                self._busy.remove(worker)
        if graded is None:
            self._refuse_closed()
        return graded

    def _taken(self) -> WarmWorker | None:
        """A free slot, waited for."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._free)
            self._refuse_closed()
            return self._free.pop()

    def _give_back(self, worker: WarmWorker | None) -> None:
        with self._changed:
            self._free.append(worker)
            self._changed.notify()
            closed = self._closed
        if closed and worker is not None:
            worker.close()

    def _refuse_closed(self) -> None:
        if self._closed:
            raise UsageError("this WarmGrader is closed: make another one")

    def _new_worker(self) -> WarmWorker:
        with self._making:
            self._refuse_closed()
            try:
                worker = self._maker.worker()
            except OSError:
                worker = self._maker_again().worker()
        if not worker.ready():
            worker.close()
            self._refuse_closed()
            raise SandboxError("a process that grades ended as it began; what it said stands on standard error")
        return worker

    def _maker_again(self) -> ExamMaker:
        """In place of a maker that has died, one that asks the same."""
        before = self._maker
        before.close()
        self._maker = ExamMaker(self._settings)
        if self._maker.exam != before.exam:
            raise UsageError("the solutions have changed since this WarmGrader was made: make another one")
        return self._maker

    def close(self) -> None:
        """End the processes. What is being graded is given up, and whoever waits for it is told."""
        with self._changed:
            if self._closed:
                return
            self._closed = True
            for worker in self._busy:
                worker.hang_up()
            free, self._free = self._free, []
            self._changed.notify_all()
        for each in free:
            if each is not None:
                each.close()
        with self._making:
            self._maker.close()


def _request(submission: str | Path | Mapping[str, bytes], student: str, handed_in: HandedIn | None) -> Request:
    try:
        student.encode()
        if isinstance(submission, Mapping):
            files = {name.encode().decode(): bytes(memoryview(data)) for name, data in submission.items()}
            return FilesRequest(student, files, handed_in)
    except (UnicodeEncodeError, AttributeError, TypeError) as error:
        told = f"names must be text that UTF-8 can hold, and the content of files must be bytes: {error}"
        raise UsageError(told) from error
    path = Path(submission).absolute()
    if not path.exists():
        raise SubmissionsError(f"{path} does not exist: give the folder, zip or file that was handed in.")
    if path.is_file() and path.suffix in _SINGLE:
        return FolderRequest(student, os.fsencode(path.parent), os.fsencode(path.name), handed_in)
    return FolderRequest(student, os.fsencode(path), handed_in=handed_in)
