"""Grades what has changed of a class, in parallel, and writes each record as it is done."""

import difflib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import overload

from msgspec.structs import replace

from autograder.course.solutions import find_solutions
from autograder.errors import MarksError, StoreError, SubmissionsError, UsageError
from autograder.exam.exam import make_exam
from autograder.gradebook.final import Final
from autograder.gradebook.marks_file import MARKS, read_marks
from autograder.grading.grader import Cost
from autograder.grading.outputs import publish, run_of
from autograder.grading.plan import load_course, merge, plan
from autograder.grading.workers import Backend, LocalBackend, Run
from autograder.records.record import Result
from autograder.records.store import Records, Store
from autograder.sandbox.canary import best_tier, works
from autograder.sandbox.tiers import MEANS, Tier
from autograder.submissions import Entry, list_entries

Done = Callable[[int, int, Result], None]


class _SomeRecords(Sequence[Result]):
    """The records of some students, each read when it is asked for."""

    def __init__(self, records: Records, students: Sequence[str]) -> None:
        self._records, self._students = records, students

    @overload
    def __getitem__(self, at: int) -> Result: ...
    @overload
    def __getitem__(self, at: slice) -> "_SomeRecords": ...
    def __getitem__(self, at: int | slice) -> "Result | _SomeRecords":
        if isinstance(at, slice):
            return _SomeRecords(self._records, self._students[at])
        return self._records[self._students[at]]

    def __len__(self) -> int:
        return len(self._students)


@dataclass(frozen=True, slots=True)
class Results:
    """What a run gave: the records, in order of students, and where they were written.

    `graded` counts those that were graded in this run; the others were up to date, or not asked for. `others` are
    records of students who are not among the submissions: they stay, and count in the tables. Records are read from
    their files when they are asked for. `finals` are the scores of all, with marks and the course's policy, and light
    records; `told` says in a few lines what was applied.
    """

    records: Sequence[Result]
    folder: Path
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    graded: int = 0
    others: Sequence[Result] = ()
    finals: tuple[Final, ...] = ()
    told: tuple[str, ...] = ()

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


def _chosen(entries: Sequence[Entry], students: Sequence[str] | None) -> list[Entry]:
    """The entries of the students named; all where none is."""
    if not students:
        return list(entries)
    names = [student for entry in entries for student in entry.students]
    for student in students:
        if student not in names:
            near = difflib.get_close_matches(student, names, n=3)
            meant = f"; did you mean {' or '.join(near)}?" if near else ""
            raise UsageError(f"no submission is of a student named {student!r}{meant}")
    return [entry for entry in entries if any(student in students for student in entry.students)]


def _others_note(others: Sequence[str]) -> str:
    shown = ", ".join(others[:5]) + (f" and {len(others) - 5} more" if len(others) > 5 else "")
    return (
        f"{len(others)} record{'s' if len(others) > 1 else ''} of students who are not among these submissions stay"
        f"{'' if len(others) > 1 else 's'} and count{'' if len(others) > 1 else 's'}: {shown}. "
        "Delete their files in results/ if they left."
    )


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
    students: Sequence[str] | None = None,
    functions: Sequence[str] | None = None,
    force: bool = False,
    marks: str | Path | None = None,
    place: Backend | None = None,
    done: Done | None = None,
    begin: Callable[[int, Sequence[str]], None] | None = None,
) -> Results:
    """Grade every student below `submissions` whose record is not up to date; write records, table and pages to `out`.

    Args:
        submissions: a folder in which each student has a folder or zip, or what a platform hands out, unpacked or not.
        out: the folder to write to; nothing is written elsewhere. Records that it holds are kept where the submission,
            what is asked and the engine are the same.
        assignments: names; default all.
        jobs: worker processes; default one per processor.
        seed: in place of the course's secret seed.
        solutions: the folder of the references; default: the nearest `solutions`.
        isolation: a tier by name ("A", "A-", "B"), or "none" to accept less than B; default: the best that works here.
        layout: how the submissions lie, by name ("moodle", "canvas", ...); default: the one that fits best.
        groups: a CSV with the columns group and student, where the platform does not say who is in a group.
        students: grade only these.
        functions: grade only these ("smooth_ap" or "a4_smooth_ap.smooth_ap").
        force: grade also what is up to date.
        marks: the file of marks given by people; default: `marks.csv` in `out`, where there is one.
        place: where submissions are graded; default: `jobs` worker processes of this machine.
        done: called after each student graded with the number done, the number of all, and the record.
        begin: called once before the first with the number of students to grade and notes on the folder.

    Raises:
        UsageError, SubmissionsError, SolutionsError, CourseError, MarksError, StoreError: nothing was graded, and why.
        BreachError: the sandbox does not hold what it promises; nothing was graded.
    """
    started = time.perf_counter()
    source, folder = Path(submissions), Path(out)
    listing = list_entries(source, layout, Path(groups) if groups else None)
    _checked_paths(source, folder)
    loaded = load_course(Path(solutions) if solutions else find_solutions(), assignments, seed, functions)
    store = Store(folder)
    given = read_marks(Path(marks) if marks else folder / MARKS)
    records, notes = store.read()
    tasks, renewed = plan(loaded, _chosen(listing.entries, students), records, force)
    exam, tier = None, Tier.NONE
    if tasks:
        if loaded.course.cases == "shared":
            exam = make_exam(loaded.folder, loaded.chosen, seed)
        tier = choose_tier(isolation)
    where = place or LocalBackend(max(1, jobs or os.cpu_count() or 1))
    names = set(listing.students)
    others = sorted(set(records) - names)
    told = [listing.why, *([f"isolation: tier {tier}, {MEANS[tier]}", where.told()] if tasks else [])]
    told += [*listing.notes, *notes, *([_others_note(others)] if others else [])]
    total = sum(len(task.entry.students) for task in tasks)
    if begin is not None:
        begin(total, [line for line in told if line])
    costs: dict[str, Cost] = {}
    with store.writing():
        for record in renewed.values():
            records.write(record)
        run = Run(loaded, exam, seed, tier, store.lock)
        for task, result, cost in where.grade_all(run, tasks):
            for student, handed_in in task.entry.shares(result.handed_in or task.entry.handed_in):
                own = replace(result, student=student, handed_in=handed_in)
                record, costs[student] = merge(loaded, records.get(student), own), cost
                records.write(record)
                if done is not None:
                    done(len(costs), total, record)
        how = {"layout": listing.layout, **({"workers": where.workers(len(tasks)), "isolation": tier} if tasks else {})}
        seconds = time.perf_counter() - started
        found, applied = publish(
            store, records, loaded.course, given, run_of(store, loaded, costs, {"seconds": round(seconds, 3), **how})
        )
    return Results(
        records=_SomeRecords(records, sorted(name for name in names if name in records)),
        folder=folder,
        notes=(*listing.notes, *notes),
        seconds=time.perf_counter() - started,
        graded=len(costs),
        others=_SomeRecords(records, others),
        finals=tuple(found),
        told=tuple(applied),
    )


__all__ = ["MarksError", "Results", "StoreError", "SubmissionsError", "UsageError", "grade"]
