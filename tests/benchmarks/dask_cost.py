"""What Dask adds to a submission, and what its scheduler costs alone."""

import time
from functools import partial
from pathlib import Path

from autograder.exam.exam import make_exam
from autograder.grading.grader import Cost as Used
from autograder.grading.plan import Task, load_course
from autograder.grading.workers import Backend, LocalBackend, Run
from autograder.records.record import Result
from autograder.sandbox.canary import best_tier
from autograder.submissions import list_entries
from tests.benchmarks.measuring import heading, line
from tests.benchmarks.peers import build

CLASS = 400
# The start of the workers and of their exams is not what is measured.
WARM = 40


def stub(exam: str, key: str, engine: str, setting: bytes | None, job: bytes, patience: float) -> bytes:
    """In place of grading: a record of nothing."""
    from autograder.integrations.dask.protocol import GradedReply, encode

    return encode(GradedReply(Result("", 0.0, 0.0, ()), Used(), engine, exam))


def each(place: Backend, run: Run, tasks: list[Task], warm: int) -> float:
    """Seconds between two records, once all are at work."""
    started = time.perf_counter()
    for number, _ in enumerate(place.grade_all(run, tasks), start=1):
        if number == warm:
            started = time.perf_counter()
    return (time.perf_counter() - started) / (len(tasks) - warm)


def main(folder: Path, *, quick: bool, many: int) -> None:
    """Print this part of the table."""
    heading("(d) Dask on this machine: the peers' assignment")
    try:
        from autograder.integrations.dask import backend, protocol
    except Exception as error:
        line("not measured", str(error))
        return
    build.modules(folder / "dask", CLASS)
    loaded = load_course(build.OWN, None, None, None)
    run = Run(loaded, make_exam(build.OWN), None, best_tier()[0])
    wanted = {"p1_peers": loaded.solutions[0].assignment.functions}
    tasks = [Task(entry, wanted) for entry in list_entries(folder / "dask" / "class").entries]
    for count in (1, 2):
        best = {"here": 1e9, "dask": 1e9}
        for _ in range(1 if quick else 2):
            best["here"] = min(best["here"], each(LocalBackend(count), run, tasks, WARM))
            best["dask"] = min(best["dask"], each(backend.DaskBackend(local=count), run, tasks, WARM))
        here, there = 1000 * best["here"], 1000 * best["dask"]
        line(
            f"{count} worker{'s' if count > 1 else ''}: here, and on Dask",
            f"{here:.1f} ms, {there:.1f} ms each",
            f"{there / here:.2f} times; {there - here:+.1f} ms",
        )
    exam = protocol.exam_hash(loaded)
    setattr(backend, "work", partial(stub, exam))  # noqa: B010  # in place of what a leaf keeps to itself
    seconds = each(backend.DaskBackend(local=2), run, [tasks[n % CLASS] for n in range(many)], WARM)
    line(
        f"the scheduler alone, {many:,} stubs, 2 workers",
        f"{seconds * many:,.0f} s, {1000 * seconds:.2f} ms each",
        f"{seconds / best['dask']:.2f} of a submission",
        f"100,000 would take {100_000 * seconds:,.0f} s" if many < 100_000 else "",
    )
