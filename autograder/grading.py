"""Grades a class: maps one function over submissions in parallel, and writes each record as it is done."""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import msgspec

from autograder import __version__
from autograder.exam import Exam, make_exam
from autograder.marking import Cost, Marker, cost_record, grader_error
from autograder.results import Result, encode, scores_csv, write_whole
from autograder.sandbox.slot import Slot
from autograder.solutions import find_solutions
from autograder.submissions import Entry, Submission, SubmissionsError, list_entries, read_submission, safe_name

# A submission whose grading ends its worker process is tried again once, alone with its bad luck, and then given up.
MOST_TRIES = 2

Done = Callable[[int, int, Result], None]


class UsageError(ValueError):
    """The command cannot mean what it says; told in one line."""


@dataclass(frozen=True, slots=True)
class Results:
    """What a run gave: the records, in order of students, and where they were written."""

    records: tuple[Result, ...]
    folder: Path
    notes: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def grader_errors(self) -> tuple[Result, ...]:
        """The records without a score, because the grader itself failed."""
        return tuple(record for record in self.records if record.score is None)

    def __iter__(self) -> Iterator[Result]:
        return iter(self.records)

    def __len__(self) -> int:
        return len(self.records)


# Of a worker process, set when it starts. The exam reaches it by fork: it holds functions, and is large.
_exam: Exam | None = None
_marker: Marker | None = None


def _start_worker() -> None:
    """In a worker: one slot for all submissions that it will get; Ctrl-C is for the process above."""
    global _marker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    assert _exam is not None
    _marker = Marker(_exam, Slot())


def _grade_entry(entry: Entry) -> tuple[Result, Cost]:
    """In a worker: the record of one student; whatever goes wrong here is the grader's fault."""
    assert _marker is not None
    return grade_one(_marker, entry)


def grade_one(marker: Marker, entry: Entry) -> tuple[Result, Cost]:
    """The record of one student, also where the grader itself fails."""
    try:
        submission: Submission = read_submission(entry, marker.exam.modules)
        return marker.mark(submission)
    except Exception as error:
        return grader_error(marker.exam, entry.student, error), Cost()


def _in_parallel(exam: Exam, entries: Sequence[Entry], jobs: int) -> Iterator[tuple[Entry, Result, Cost]]:
    """Records as they are done. A worker that dies is replaced, and what it had in hand is tried again."""
    global _exam
    _exam = exam
    tries: dict[Entry, int] = dict.fromkeys(entries, 0)
    left = list(entries)
    while left:
        pool = ProcessPoolExecutor(jobs, mp_context=get_context("fork"), initializer=_start_worker)
        waiting: dict[Future[tuple[Result, Cost]], Entry] = {}
        ended = False
        try:
            queue = iter(left)
            # Few at a time are handed out, so that a worker's death costs few others a second try.
            for entry in queue:
                waiting[pool.submit(_grade_entry, entry)] = entry
                if len(waiting) >= 2 * jobs:
                    break
            while waiting:
                finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in finished:
                    entry = waiting.pop(future)
                    try:
                        result, cost = future.result()
                    except BrokenProcessPool as error:
                        ended = True
                        tries[entry] += 1
                        if tries[entry] < MOST_TRIES:
                            continue
                        result, cost = grader_error(exam, entry.student, error), Cost()
                    left.remove(entry)
                    yield entry, result, cost
                    follower = None if ended else next(queue, None)
                    if follower is not None:
                        waiting[pool.submit(_grade_entry, follower)] = follower
            if ended:
                # The next round finds out which submission it was: one worker, one at a time.
                jobs = 1
        finally:
            processes = list((getattr(pool, "_processes", None) or {}).values())
            pool.shutdown(wait=not waiting, cancel_futures=True)
            for process in processes if waiting else ():
                process.terminate()


def _checked_paths(submissions: Path, out: Path) -> None:
    inside, outside = submissions.resolve(), out.resolve()
    if outside == inside or inside in outside.parents:
        raise UsageError(
            f"{out} lies inside {submissions}; the next run would take it for a student. Choose another --out."
        )
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} exists and is not a folder.")


def grade(
    submissions: str | Path,
    out: str | Path,
    *,
    assignments: Sequence[str] | None = None,
    jobs: int | None = None,
    seed: int | None = None,
    solutions: str | Path | None = None,
    done: Done | None = None,
    begin: Callable[[int, Sequence[str]], None] | None = None,
) -> Results:
    """Grade every student below `submissions` and write records, table and pages to `out`.

    Args:
        submissions: a folder; each folder or zip in it is one student.
        out: the folder to write to; nothing is written elsewhere.
        assignments: names; default all.
        jobs: worker processes; default one per processor.
        seed: in place of the course's secret seed.
        solutions: the folder of the references; default: the nearest `solutions`.
        done: called after each student with the number done, the number of all, and the record.
        begin: called once before the first with the number of students and notes on the folder.

    Raises:
        UsageError, SubmissionsError, SolutionsError, CourseError: nothing was graded, and why.
    """
    started = time.perf_counter()
    source, folder = Path(submissions), Path(out)
    listing = list_entries(source)
    _checked_paths(source, folder)
    exam = make_exam(Path(solutions) if solutions else find_solutions(), assignments, seed)
    workers = min(max(1, jobs or os.cpu_count() or 1), len(listing.entries))
    if begin is not None:
        begin(len(listing.entries), listing.notes)
    records: dict[str, Result] = {}
    costs: dict[str, Cost] = {}
    for entry, result, cost in _in_parallel(exam, listing.entries, workers):
        write_whole(folder / "results" / f"{safe_name(entry.student)}.json", encode(result))
        records[entry.student], costs[entry.student] = result, cost
        if done is not None:
            done(len(records), len(listing.entries), result)
    ordered = tuple(records[entry.student] for entry in listing.entries)
    results = Results(ordered, folder, listing.notes, time.perf_counter() - started)
    write_tables(results, exam, costs, workers)
    return results


def write_tables(results: Results, exam: Exam, costs: dict[str, Cost], workers: int) -> None:
    """Scores, pages, and the run's own file: all that depends on the clock stands in the last."""
    from autograder.reports import write_pages

    write_whole(results.folder / "scores.csv", scores_csv(results.records))
    write_pages(results.records, results.folder, exam.course.title, exam.course.reveal)
    run = {
        "version": __version__,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(results.seconds, 3),
        "workers": workers,
        "assignments": [part.name for part in exam.parts],
        "students": {student: cost_record(cost) for student, cost in sorted(costs.items())},
    }
    write_whole(results.folder / "run.json", msgspec.json.format(msgspec.json.encode(run), indent=2) + b"\n")


__all__ = ["Results", "SubmissionsError", "UsageError", "grade"]
