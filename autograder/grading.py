"""Grades a class: maps one function over submissions in parallel, and writes each record as it is done."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec.structs import replace

from autograder import __version__
from autograder.exam import Exam, make_exam
from autograder.marking import Cost, cost_record
from autograder.results import Result, Shown, encode, scores_csv, write_shown, write_whole
from autograder.sandbox.canary import best_tier, works
from autograder.sandbox.tiers import MEANS, Tier
from autograder.solutions import find_solutions
from autograder.submissions import SubmissionsError, list_entries, safe_name
from autograder.workers import grade_all

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


def _checked_paths(submissions: Path, out: Path) -> None:
    inside, outside = submissions.resolve(), out.resolve()
    if outside == inside or inside in outside.parents:
        raise UsageError(
            f"{out} lies inside {submissions}; the next run would take it for a student. Choose another --out."
        )
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} exists and is not a folder.")


def choose_tier(isolation: str | None) -> Tier:
    """The tier to grade in: the one named, or the best that works here.

    Raises:
        UsageError: the one named does not work here, or nothing better than C does and nothing was named.
        BreachError: a tier does not hold what it promises.
    """
    if isolation is None:
        tier, refused = best_tier()
        if tier in (Tier.C, Tier.NONE):
            raise UsageError(
                f"only isolation tier {tier} works here ({MEANS[tier]}); that is not enough for submissions of others. "
                f"Tier B does not work: {refused[Tier.B]}. `autograder doctor` says what to install; "
                "--isolation=none goes on all the same."
            )
        return tier
    if isolation == Tier.NONE:
        return Tier.NONE if works(Tier.C) else Tier.C
    if isolation not in list(Tier):
        raise UsageError(f"there is no isolation {isolation!r}; there are {', '.join(Tier)}")
    reason = works(Tier(isolation))
    if reason:
        raise UsageError(f"isolation tier {isolation} does not work here: {reason}")
    return Tier(isolation)


def grade(
    submissions: str | Path,
    out: str | Path,
    *,
    assignments: Sequence[str] | None = None,
    jobs: int | None = None,
    seed: int | None = None,
    solutions: str | Path | None = None,
    isolation: str | None = None,
    layout: str = "auto",
    groups: str | Path | None = None,
    done: Done | None = None,
    begin: Callable[[int, Sequence[str]], None] | None = None,
) -> Results:
    """Grade every student below `submissions` and write records, table and pages to `out`.

    Args:
        submissions: a folder in which each student has a folder or zip, or what a platform hands out, unpacked or not.
        out: the folder to write to; nothing is written elsewhere.
        assignments: names; default all.
        jobs: worker processes; default one per processor.
        seed: in place of the course's secret seed.
        solutions: the folder of the references; default: the nearest `solutions`.
        isolation: a tier by name ("A", "A-", "B"), or "none" to accept less than B; default: the best that works here.
        layout: how the submissions lie, by name ("moodle", "canvas", ...); default: the one that fits best.
        groups: a CSV with the columns group and student, where the platform does not say who is in a group.
        done: called after each student with the number done, the number of all, and the record.
        begin: called once before the first with the number of students and notes on the folder.

    Raises:
        UsageError, SubmissionsError, SolutionsError, CourseError: nothing was graded, and why.
        BreachError: the sandbox does not hold what it promises; nothing was graded.
    """
    started = time.perf_counter()
    source, folder = Path(submissions), Path(out)
    listing = list_entries(source, layout, Path(groups) if groups else None)
    _checked_paths(source, folder)
    exam = make_exam(Path(solutions) if solutions else find_solutions(), assignments, seed)
    tier = choose_tier(isolation)
    workers = min(max(1, jobs or os.cpu_count() or 1), len(listing.entries))
    students = listing.students
    if begin is not None:
        begin(len(students), [listing.why, f"isolation: tier {tier}, {MEANS[tier]}", *listing.notes])
    records: dict[str, Result] = {}
    costs: dict[str, Cost] = {}
    for entry, result, cost in grade_all(exam, listing.entries, workers, tier):
        for student, handed_in in entry.shares(result.handed_in or entry.handed_in):
            own = replace(result, student=student, handed_in=handed_in)
            write_whole(folder / "results" / f"{safe_name(student)}.json", encode(own))
            records[student], costs[student] = own, cost
            if done is not None:
                done(len(records), len(students), own)
    ordered = tuple(records[student] for student in students)
    results = Results(ordered, folder, listing.notes, time.perf_counter() - started)
    write_tables(results, exam, costs, {"workers": workers, "isolation": tier, "layout": listing.layout})
    return results


def write_tables(results: Results, exam: Exam, costs: dict[str, Cost], how: dict[str, object]) -> None:
    """Scores, pages, and the run's own file: all that depends on the clock stands in the last."""
    from autograder.reports import write_pages

    write_whole(results.folder / "scores.csv", scores_csv(results.records))
    run = {
        "version": __version__,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(results.seconds, 3),
        **how,
        "assignments": [part.name for part in exam.parts],
        "students": {student: cost_record(cost) for student, cost in sorted(costs.items())},
    }
    write_whole(results.folder / "run.json", msgspec.json.format(msgspec.json.encode(run), indent=2) + b"\n")
    # What the pages need beside the records, so that they can be made again without the references.
    write_shown(results.folder, Shown(exam.course.title, exam.course.reveal))
    write_pages(results.records, results.folder, exam.course.title, exam.course.reveal)


__all__ = ["Results", "SubmissionsError", "UsageError", "grade"]
