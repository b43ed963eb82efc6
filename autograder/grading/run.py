"""Grades what has changed of a class, in parallel, and writes each record as it is done."""

import difflib
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import overload

from msgspec.structs import replace

from autograder.course.solutions import find_solutions
from autograder.errors import UsageError
from autograder.exam.exam import Exam
from autograder.files.writing import write_whole
from autograder.forking import undisturbed
from autograder.gradebook.final import Final
from autograder.gradebook.journal import read_marks
from autograder.gradebook.marks_file import MARKS
from autograder.grading.grader import Cost
from autograder.grading.grader_versions import versions_note
from autograder.grading.outputs import publish, run_of
from autograder.grading.plan import LoadedCourse, Task, load_course, merge, plan
from autograder.grading.workers import Backend, LocalBackend, Run
from autograder.records.record import Result
from autograder.records.store import Records, Store
from autograder.sandbox.canary import best_tier, works
from autograder.sandbox.hidden import hidden_folders
from autograder.sandbox.tiers import MEANS, Tier
from autograder.submissions import Entry, Listing, list_entries

# The groups that a run was given, in the folder of results.
GROUPS = "groups.csv"
# So often scores and pages are made again for marks that were given while they were made.
MOST_TURNS = 5

Begin = Callable[[int, Sequence[str]], None]
Pages = Callable[[int, int], object]
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


def choose_tier(isolation: str | None, hidden: Mapping[str, Path] | None = None) -> Tier:
    """The tier to grade in: the one named, or the best that works here.

    Args:
        isolation: the name of one.
        hidden: folders that submissions must not read, by what they are called; the self-test looks into each.

    Raises:
        UsageError: the one named does not work here, or nothing better than C does and nothing was named; or one of
            the folders can be read.
        BreachError: a tier does not hold what it promises.
    """
    # It is found by starting servers, whose pipes no process that is forked meanwhile may hold on to.
    with undisturbed():
        folders = hidden_folders(hidden or {})
        return _best_tier(folders) if isolation is None else _named_tier(isolation, folders)


def _best_tier(hidden: Mapping[str, str]) -> Tier:
    tier, refused = best_tier(hidden=hidden)
    if tier in (Tier.C, Tier.NONE):
        raise UsageError(
            f"only isolation tier {tier} works here ({MEANS[tier]}); that is not enough for submissions of others. "
            f"Tier B does not work: {refused[Tier.B]}. `autograder doctor` says what to install; "
            "--isolation=none goes on all the same."
        )
    return tier


def _named_tier(isolation: str, hidden: Mapping[str, str]) -> Tier:
    if isolation == Tier.NONE:
        return Tier.NONE if works(Tier.C) else Tier.C
    if isolation not in list(Tier):
        raise UsageError(f"there is no isolation {isolation!r}; there are {', '.join(Tier)}")
    reason = works(Tier(isolation), hidden=hidden)
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


def shared_exam(loaded: LoadedCourse, seed: int | None) -> Exam | None:
    """The exam that all students sit; None where each has cases of their own.

    Args:
        loaded: what is asked.
        seed: in place of the course's.
    """
    return loaded.exam(seed) if loaded.course.cases == "shared" else None


@dataclass(frozen=True)
class _ClassRun:
    """One run over a class: who handed in, what is asked, what is on record, and what of it has to be graded anew."""

    listing: Listing
    loaded: LoadedCourse
    store: Store
    marks: Path
    records: Records
    notes: tuple[str, ...]
    tasks: Sequence[Task]
    renewed: Mapping[str, Result]
    submissions: Path
    started: float

    @property
    def hidden(self) -> dict[str, Path]:
        """The folders that no submission may read."""
        return {
            "the folder of references": self.loaded.folder,
            "the folder of submissions": self.submissions,
            "the folder of results": self.store.folder,
        }

    @cached_property
    def others(self) -> list[str]:
        """Those on record who are not among the submissions."""
        return sorted(set(self.records) - set(self.listing.students))

    def grade(
        self,
        place: Backend,
        seed: int | None,
        isolation: str | None,
        begin: Begin | None,
        done: Done | None,
        pages: Pages | None,
    ) -> Results:
        """Grade what has to be, in a place; the arguments are those of `grade`."""
        exam, tier = None, Tier.NONE
        if self.tasks:
            exam, tier = shared_exam(self.loaded, seed), choose_tier(isolation, self.hidden)
        if begin is not None:
            told = [f"isolation: tier {tier}, {MEANS[tier]}", place.told()] if self.tasks else []
            told = [self.listing.why, *told, *self.listing.notes, *self.notes]
            told += [_others_note(self.others)] if self.others else []
            begin(sum(len(task.entry.students) for task in self.tasks), [line for line in told if line])
        with self.store.writing():
            for record in self.renewed.values():
                self.records.write(record)
            costs = self._graded(place, Run(self.loaded, exam, seed, tier), done)
            how: dict[str, object] = {"seconds": round(time.perf_counter() - self.started, 3)}
            how["layout"] = self.listing.layout
            if self.tasks:
                how |= {"workers": place.workers(len(self.tasks)), "isolation": tier}
            run = run_of(self.store, self.loaded, costs, how)
            found, applied = self._published(run, pages)
        return Results(
            records=_SomeRecords(self.records, [name for name in self.listing.students if name in self.records]),
            folder=self.store.folder,
            notes=(*self.listing.notes, *self.notes),
            seconds=time.perf_counter() - self.started,
            graded=len(costs),
            others=_SomeRecords(self.records, self.others),
            finals=tuple(found),
            told=tuple(applied),
        )

    def _published(self, run: Mapping[str, object], pages: Pages | None) -> tuple[list[Final], list[str]]:
        """Publish with the marks as they are now: people may have given some while this run went on."""
        marks = read_marks(self.marks)
        for _ in range(MOST_TURNS):
            found = publish(self.store, self.records, self.loaded.course, marks, run, pages)
            before, marks = marks, read_marks(self.marks)
            if marks == before:
                break
        return found

    def _graded(self, place: Backend, run: Run, done: Done | None) -> dict[str, Cost]:
        """Grade the tasks, and write each record as it comes; what each cost, by student."""
        costs: dict[str, Cost] = {}
        total = sum(len(task.entry.students) for task in self.tasks)
        for task, result, cost in place.grade_all(run, self.tasks):
            for student, handed_in in task.entry.shares(result.handed_in or task.entry.handed_in):
                own = replace(result, student=student, handed_in=handed_in)
                record, costs[student] = merge(self.loaded, self.records.get(student), own), cost
                self.records.write(record)
                if done is not None:
                    done(len(costs), total, record)
        return costs


def _groups(out: Path, given: str | Path | None) -> Path | None:
    """The table of groups: the one given, or that of an earlier run; None where there is none."""
    if given:
        return Path(given)
    return out / GROUPS if (out / GROUPS).exists() else None


def _remember_groups(out: Path, groups: Path | None) -> list[str]:
    """Keep the groups for later runs, and for `diff`, which need not be told again; a note where these were kept."""
    if groups is None:
        return []
    if groups == out / GROUPS:
        return [f"groups: as in {groups}, which an earlier run was given."]
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / GROUPS, groups.read_bytes())
    return []


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
    begin: Begin | None = None,
    pages: Pages | None = None,
) -> Results:
    """Grade every student below `submissions` whose record is not up to date; write records, table and pages to `out`.

    Args:
        submissions: a folder with a folder or zip per student, or what a platform hands out, unpacked or not.
        out: the folder to write to, and no other; records whose submission, questions and engine are the same stay.
        assignments: names; default all.
        jobs: worker processes; default one per processor.
        seed: in place of the course's secret seed.
        solutions: the folder of the references; default: the nearest `solutions`.
        isolation: a tier by name ("A", "A-", "B"), or "none" to accept less than B; default: the best that works here.
        layout: how the submissions lie, by name ("moodle", "canvas", ...); default: the one that fits best.
        groups: a CSV with the columns group and student, where the platform does not say who is in a group; default:
            what an earlier run was given.
        students: grade only these.
        functions: grade only these ("smooth_ap" or "a4_smooth_ap.smooth_ap").
        force: grade also what is up to date.
        marks: the file of marks given by people; default: `marks.csv` in `out`, where there is one.
        place: where submissions are graded; default: `jobs` worker processes of this machine.
        done: called after each student graded with the number done, the number of all, and the record.
        begin: called once before the first with the number of students to grade and notes on the folder.
        pages: called after each student's page with the number made and the number of all that are not up to date.

    Raises:
        UsageError, SubmissionsError, SolutionsError, CourseError, MarksError, StoreError: nothing was graded, and why.
        BreachError: the sandbox does not hold what it promises; nothing was graded.
    """
    started = time.perf_counter()
    known = _groups(Path(out), groups)
    listing = list_entries(Path(submissions), layout, known)
    _checked_paths(Path(submissions), Path(out))
    loaded = load_course(Path(solutions) if solutions else find_solutions(), assignments, seed, functions)
    given, store = Path(marks) if marks else Path(out) / MARKS, Store(Path(out))
    # What is wrong with them is told before anything is graded.
    read_marks(given)
    records, notes = store.read()
    notes += versions_note(loaded.course)
    tasks, renewed = plan(loaded, _chosen(listing.entries, students), records, force)
    notes += _remember_groups(Path(out), known)
    run = _ClassRun(listing, loaded, store, given, records, tuple(notes), tasks, renewed, Path(submissions), started)
    return run.grade(place or LocalBackend(max(1, jobs or os.cpu_count() or 1)), seed, isolation, begin, done, pages)
