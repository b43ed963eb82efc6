"""The trusted side of the sandbox: a worker slot owns a zygote, hands it submissions and reads what came back."""

import contextlib
import itertools
import mmap
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import TracebackType

from autograder.errors import SandboxError
from autograder.sandbox.answers import (
    Answer,
    Ended,
    Missing,
    Raised,
    Reading,
    SubmissionAnswers,
    read_sheet,
    read_troubles,
)
from autograder.sandbox.call_plan import CallPlan, QuestionCalls, memory_file
from autograder.sandbox.inside import scratch_folder
from autograder.sandbox.inside import usual_limits as limits_
from autograder.sandbox.inside.child import ANSWERS_TOO_LARGE, DONE, HEAD, TIME_IS_OVER, wall_seconds
from autograder.sandbox.inside.jail import Layer
from autograder.sandbox.inside.wire import pack
from autograder.sandbox.inside.zygote import CROWDED, FORGET, LATE, NOT_LOCKED_IN, ORDER, OUTCOME, OVERFULL, SABOTAGED
from autograder.sandbox.server_start import processes_folder, scratch_folder_for, server_command
from autograder.sandbox.tiers import BUBBLE_SCRATCH, LAYERS, Tier, user_of_slot

# A submission that ends its zygote each time is given up, not tried for ever.
MAX_RESTARTS = 2
# Statements that end the process on import are passed over, so many of them.
MAX_SKIPS = 3


@dataclass(frozen=True, slots=True)
class SubmissionLimits:
    """What one submission may use. Times are seconds, memory is bytes."""

    import_seconds: float = limits_.IMPORT_SECONDS
    memory: int = limits_.MEMORY


@dataclass(slots=True)
class _Work:
    """What is imported: the files, the module's name, a notebook's cells; and what proved to end the process."""

    files: Mapping[str, bytes]
    module: str
    cells: Sequence[str]
    skipped: dict[int, Ended]
    folders: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How a child ended, and what it wrote.

    `statement` is the one that its import had come to; `ended_for` says whether the server ended it, and why.
    """

    reading: Reading
    statement: int
    code: int
    ended_for: int
    processor: float
    processor_limit: float
    stop: int

    @property
    def out_of_time(self) -> bool:
        """Whether the child was ended because its time was over, by whichever clock."""
        if self.ended_for == LATE or self.code in TIME_IS_OVER:
            return True
        return self.code == -signal.SIGKILL and self.processor >= self.processor_limit


class Slot:
    """One worker slot: one zygote, one submission at a time. Use it as a context manager.

    Raises:
        SandboxError: the zygote cannot be started.
    """

    def __init__(self, limits: SubmissionLimits | None = None, tier: Tier = Tier.NONE, number: int = 0) -> None:
        self.limits = limits or SubmissionLimits()
        self.tier = tier
        self._user = user_of_slot(number)
        self._start()

    def __enter__(self) -> "Slot":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        bubbled = Layer.BUBBLE in LAYERS[self.tier]
        self._scratch = "" if bubbled else scratch_folder_for(self._user)
        scratch = BUBBLE_SCRATCH if bubbled else self._scratch
        environment = {
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "HOME": scratch or "/",
            "TMPDIR": scratch or "/",
            "PYTHONHASHSEED": "0",  # the order of sets must not change from run to run
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
        }
        with contextlib.ExitStack() as failing, theirs, processes_folder() as processes:
            failing.callback(self._remove_scratch)
            self._zygote = subprocess.Popen(
                server_command(LAYERS[self.tier], theirs.fileno(), processes, scratch),
                pass_fds=[theirs.fileno(), *([] if processes is None else [processes])],
                env=environment,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C is for the grader, which then hangs up
                **self._user,
            )
            failing.pop_all()
        self._control = ours

    def _remove_scratch(self) -> None:
        if self._scratch:
            with contextlib.suppress(OSError):
                scratch_folder.empty(self._scratch)
                os.rmdir(self._scratch)  # noqa: PTH106

    def close(self) -> None:
        """Hang up; the zygote and whatever it runs end."""
        self._control.close()
        try:
            self._zygote.wait(2)
        except subprocess.TimeoutExpired:
            self._zygote.kill()
            self._zygote.wait()
        if self._zygote.stderr is not None:
            self._zygote.stderr.close()
        self._remove_scratch()

    def forget(self) -> None:
        """Let the server drop the plans that it has read: one student's own cases must not lie beside the next one."""
        # A server that has ended is replaced when it is next needed, and knows nothing.
        with contextlib.suppress(OSError):
            self._control.send(FORGET)

    def _last_words(self) -> str:
        stream = self._zygote.stderr
        if stream is None or not select.select([stream], [], [], 0.5)[0]:
            return ""
        return os.read(stream.fileno(), 10_000).decode(errors="replace").strip()[-1000:]

    def _order(self, plan: CallPlan, work: _Work, start: int, run: SubmissionAnswers) -> _Outcome:
        """Let one child answer the questions from `start` on, as far as they have one limit of memory."""
        stop = plan.stop(start)
        processor_limit = self.limits.import_seconds + sum(plan.seconds[start:stop])
        seconds = self.limits.import_seconds + sum(map(wall_seconds, plan.seconds[start:stop]))
        request = {
            "files": dict(work.files),
            "module": work.module,
            "cells": list(work.cells),
            "skip": list(work.skipped),
            "folders": list(work.folders),
            "start": start,
            "stop": stop,
            "import_seconds": self.limits.import_seconds,
            "seconds": list(plan.seconds),
        }
        asked, sheet = memory_file(pack(request)), memory_file(size=limits_.SHEET_BYTES)
        try:
            memory = plan.questions[start].memory or self.limits.memory
            order = ORDER.pack(seconds + limits_.GRACE_SECONDS, processor_limit, memory, plan.number)
            try:
                socket.send_fds(self._control, [order], [plan.descriptor, asked, sheet])
                self._control.settimeout(seconds + 10 * limits_.GRACE_SECONDS)
                reply = self._control.recv(OUTCOME.size)
            except (OSError, TimeoutError):
                reply = b""
            if len(reply) != OUTCOME.size:
                raise SandboxError(f"the sandbox's server ended. {self._last_words()}".strip())
            status, ended_for, processor, peak = OUTCOME.unpack(reply)
            run.processor += processor
            run.peak_kilobytes = max(run.peak_kilobytes, peak)
            run.forks += 1
            # The child is dead by now: nobody writes any more.
            with mmap.mmap(sheet, limits_.SHEET_BYTES, prot=mmap.PROT_READ) as mapped, memoryview(mapped) as view:
                (statement,) = HEAD.unpack_from(view)
                with view[HEAD.size :] as frames:
                    reading = read_sheet(frames, plan.calls, start, work.files)
            code = os.waitstatus_to_exitcode(status)
            return _Outcome(reading, statement, code, ended_for, processor, processor_limit, stop)
        finally:
            os.close(asked)
            os.close(sheet)

    def _attempt(self, plan: CallPlan, work: _Work, start: int, run: SubmissionAnswers) -> _Outcome:
        """As `_order`, but a zygote that died is replaced, a bounded number of times."""
        for restart in itertools.count():
            try:
                return self._order(plan, work, start, run)
            except SandboxError:
                self.close()
                self._start()
                if restart == MAX_RESTARTS:
                    raise
        raise AssertionError("unreachable")

    def _sound(self) -> bool:
        """Whether a harmless submission is answered: then it was the one before that ended the server."""
        plan = CallPlan([QuestionCalls("f", [("call", [])], 2.0)])
        try:
            found = self._order(plan, _Work({"f.py": b"f = int\n"}, "f", (), {}), 0, SubmissionAnswers([[]]))
        except SandboxError:
            return False
        finally:
            plan.close()
        return found.code == DONE and len(found.reading.questions[0]) == 1

    def run(
        self,
        plan: CallPlan,
        files: Mapping[str, bytes],
        module: str,
        cells: Sequence[str] = (),
        skip: dict[int, Ended] | None = None,
        folders: Sequence[str] = (),
    ) -> SubmissionAnswers:
        """Let a submission answer the calls of a plan.

        A function in which the process ends costs its own calls from there on; the functions after it are answered by
        a fresh child. So does a statement of the module in which it ends: a fresh child passes it over.

        Args:
            plan: what is asked.
            files: the submission's Python files by path relative to its folder.
            module: the module to import, without `.py`.
            cells: the names in `files` of a notebook's cells, in order; where there are any, they are the module.
            skip: statements known to end the process, by number; those that prove to are added.
            folders: names by which the files' folder may be imported as a package.

        Raises:
            SandboxError: the sandbox itself failed.
        """
        started = time.perf_counter()
        work = _Work(files, module, cells, {} if skip is None else skip, folders)
        run = SubmissionAnswers([[] for _ in plan.questions])
        start = 0
        while start < len(plan.questions):
            try:
                outcome = self._attempt(plan, work, start, run)
            except SandboxError:
                if not self._sound():
                    raise
                _given_up(plan, start, run)
                break
            if outcome.ended_for == NOT_LOCKED_IN:
                raise SandboxError(f"the child could not be locked in. {self._last_words()}".strip())
            start = self._take(outcome, plan, work, start, run)
        _blame(plan, run)
        run.seconds = time.perf_counter() - started
        return run

    def _take(self, outcome: _Outcome, plan: CallPlan, work: _Work, start: int, run: SubmissionAnswers) -> int:
        """Move a child's answers into the run; returns the question that the next child begins with."""
        reading = outcome.reading
        if reading.imported is None and outcome.statement not in work.skipped and len(work.skipped) < MAX_SKIPS:
            gone = ended(outcome, "on import")
            work.skipped[outcome.statement] = gone
            run.endings.append(f"import: {gone.how}")
            return start
        if not _imported(reading.imported):
            failure = reading.imported if isinstance(reading.imported, Raised) else ended(outcome, "on import")
            if start == 0:
                run.import_failure = failure
            for number in range(start, len(plan.questions)):
                run.answers[number] = [failure] * plan.calls[number]
            return len(plan.questions)
        assert reading.imported is not None
        run.troubles = read_troubles(reading.imported, work.skipped, work.files)
        for number in range(start, outcome.stop):
            answers = reading.questions[number]
            run.answers[number] = answers
            if len(answers) < plan.calls[number]:
                gone = ended(outcome, f"in {plan.questions[number].function}")
                limit = f" (limit {plan.seconds[number]:.3g} s of the processor)" if gone.how == "timeout" else ""
                run.endings.append(f"{plan.questions[number].function}: {gone.how}{limit}")
                answers += [gone, *[replace(gone, after=True)] * (plan.calls[number] - len(answers) - 1)]
                return number + 1
        return outcome.stop


def _given_up(plan: CallPlan, start: int, run: SubmissionAnswers) -> None:
    """A submission that ended its server each time has crashed, from the question on that it had come to."""
    gone = Ended("crashed", f"the sandbox's server ended each of the {MAX_RESTARTS + 1} times that this code ran")
    run.endings.append(f"server: {gone.how}")
    if start == 0:
        run.import_failure = gone
    for number in range(start, len(plan.questions)):
        run.answers[number] = [gone] * plan.calls[number]


def _blame(plan: CallPlan, run: SubmissionAnswers) -> None:
    """A function that is missing because its own statement failed did what that statement did.

    Where none of those asked for is there, and something failed, the import as a whole is what failed.
    """
    failed = {name: trouble.answer for trouble in run.troubles for name in trouble.names}
    for number, asked in enumerate(plan.questions):
        answers = run.answers[number]
        if asked.function in failed and answers and isinstance(answers[0], Missing):
            run.answers[number] = [failed[asked.function]] * len(answers)
    if run.troubles and all(answers and isinstance(answers[0], Missing) for answers in run.answers):
        first = run.troubles[0].answer
        run.import_failure = first
        run.answers = [[first] * len(answers) for answers in run.answers]


def _imported(answer: Answer | None) -> bool:
    return answer is not None and not isinstance(answer, Raised | Ended)


def ended(outcome: _Outcome, where: str) -> Ended:
    """In words, why a child stopped before it was done."""
    code = outcome.code
    if outcome.ended_for == CROWDED:
        return Ended("crashed", f"more than {limits_.THREADS} threads ran at once {where}")
    if outcome.ended_for == OVERFULL:
        most = f"{limits_.SCRATCH_BYTES >> 20} MB, or {limits_.SCRATCH_FILES} files,"
        return Ended("output", f"more than {most} were written {where}")
    if outcome.out_of_time:
        return Ended("timeout", f"the time limit was reached {where}")
    if code == ANSWERS_TOO_LARGE:
        return Ended("output", f"the answers grew larger than {limits_.SHEET_BYTES >> 20} MB {where}")
    if code == -signal.SIGXFSZ:
        return Ended("output", f"a file grew too large {where}")
    if code == DONE:
        return Ended("crashed", f"the answers stopped {where}, and what follows them is not readable")
    if code == SABOTAGED:
        return Ended("crashed", f"Python's own functions were replaced, and failed {where}")
    if code < 0:
        name = signal.Signals(-code).name if -code in signal.valid_signals() else f"signal {-code}"
        return Ended("crashed", f"the Python process was ended by {name} {where}")
    return Ended("crashed", f"the Python process ended itself {where} (exit code {code})")
