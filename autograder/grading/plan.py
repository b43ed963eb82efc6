"""What has to be graded: students and functions whose submission, questions or engine changed since their record."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import msgspec

from autograder.course.settings import Course, read_course
from autograder.course.solutions import Solution, load_solutions, refuse_unknown
from autograder.errors import SolutionsError
from autograder.exam.exam import Exam, make_exam
from autograder.feedback.words import worded
from autograder.forking import undisturbed
from autograder.grading.earlier import earlier_of
from autograder.grading.own_work import with_intake
from autograder.grading.question_results import written_question
from autograder.records.fingerprint import engine_hash, exam_hashes, sources_hash, work_hashes
from autograder.records.record import AssignmentResult, QuestionResult, Result
from autograder.submissions import Entry, HandedIn, Submission, read_submission
from autograder.submissions.asked import AskedWork, asked_of

# Assignment to the functions to sit; a student's task.
Wanted = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class LoadedCourse:
    """What the course asks, without any case: assignments as declared, and the hashes of all that is asked.

    Args:
        folder: of the solutions.
        course: its settings, with the seed that counts.
        solutions: all assignments of the folder.
        chosen: the names of those to be graded.
        sources: by assignment, the hash of its files when they were loaded.
        modules: what to hand in, by assignment: of all, so that what is read does not depend on the choice.
        functions: those to be graded; empty for all.
    """

    folder: Path
    course: Course
    solutions: tuple[Solution, ...]
    chosen: tuple[str, ...]
    sources: Mapping[str, str]
    modules: Mapping[str, AskedWork]
    functions: tuple[str, ...] = ()
    _hashes: dict[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)

    def hashes(self, student: str) -> Mapping[str, Mapping[str, str]]:
        """By assignment and function, the hash of what a student is asked."""
        key = student if self.course.cases == "per-student" else ""
        if key not in self._hashes:
            self._hashes[key] = {
                name: exam_hashes(solution, self.course, self.course.seed_of(name, key), self.sources[name])
                for solution in self.solutions
                for name in [solution.assignment.name]
            }
        return self._hashes[key]

    def exam(self, seed: int | None, student: str = "") -> Exam:
        """The exam of what is graded, made of the references as they were loaded: a record's hashes are of these.

        Args:
            seed: in place of the course's.
            student: whose cases they are, in a course that gives each student cases of their own.

        Raises:
            SolutionsError, CourseError: the references cannot make it, or the folder has changed since it was loaded.
        """
        with undisturbed():
            made = make_exam(self.folder, self.chosen, seed, student)
            now = load_solutions(self.folder)
        if [each.reference.__name__ for each in now] != [each.reference.__name__ for each in self.solutions]:
            raise SolutionsError(f"{self.folder} was changed while it was read: grade again")
        return made


def load_course(
    folder: Path, names: Sequence[str] | None, seed: int | None, functions: Sequence[str] | None
) -> LoadedCourse:
    """Read what is asked.

    Args:
        folder: of the solutions.
        names: of the assignments to grade; default all.
        seed: in place of the course's.
        functions: to grade, as "smooth_ap" or "a4_smooth_ap.smooth_ap"; default all.

    Raises:
        SolutionsError, CourseError, SettingsError: something is wrong in the folder, or a name is unknown.
    """
    course = read_course(folder / "course.toml").with_seed(seed)
    solutions = tuple(load_solutions(folder))
    refuse_unknown(names or (), [solution.assignment.name for solution in solutions])
    chosen = [solution for solution in solutions if not names or solution.assignment.name in names]
    if functions:
        known = {f"{s.assignment.name}.{f}" for s in chosen for f in s.assignment.functions}
        full = {name for f in functions for name in known if name == f or name.partition(".")[2] == f}
        for function in functions:
            if not any(name == function or name.partition(".")[2] == function for name in known):
                raise SolutionsError(f"no function is named {function!r}; there are {', '.join(sorted(known))}")
        chosen = [s for s in chosen if any(name.partition(".")[0] == s.assignment.name for name in full)]
        functions = sorted(full)
    sources = {solution.assignment.name: sources_hash(solution) for solution in solutions}
    names = tuple(solution.assignment.name for solution in chosen)
    asked = asked_of(folder, solutions)
    return LoadedCourse(folder, course, solutions, names, sources, asked, tuple(functions or ()))


@dataclass(frozen=True)
class Task:
    """One student whose record is to change: what to sit. Nothing to sit: only what was read, or a rubric, changed."""

    entry: Entry
    wanted: Wanted


def plan(
    loaded: LoadedCourse, entries: Sequence[Entry], records: Mapping[str, Result], force: bool
) -> tuple[list[Task], dict[str, Result]]:
    """What to grade, and the records that change without a grading: new notes, a new rubric.

    Args:
        loaded: what is asked.
        entries: the students who are looked at.
        records: those that there are.
        force: grade whatever the hashes say.
    """
    tasks, renewed = [], {}
    # One for all: a large class would take a large part of its memory for saying the same of each student.
    whole = everything(loaded)
    for entry in entries:
        own = [record for student in entry.students if (record := records.get(student)) and record.score is not None]
        if len(own) < len(entry.students):
            # Where there is nothing to keep, --function would leave a record with holes: all is graded.
            tasks.append(Task(entry, whole))
            continue
        submission = read_submission(entry, loaded.modules)
        # Members of a group are graded together, but their records may have come apart since.
        wanted: dict[str, tuple[str, ...]] = {}
        for record in own:
            for name, functions in _stale(loaded, record, submission, force).items():
                wanted[name] = tuple(dict.fromkeys((*wanted.get(name, ()), *functions)))
        if wanted:
            tasks.append(Task(entry, wanted))
            continue
        for record, (_, handed_in) in zip(own, entry.shares(submission.handed_in or entry.handed_in), strict=True):
            fresh = renew(loaded, record, replace(submission, handed_in=handed_in))
            if fresh != record:
                renewed[record.student] = fresh
    return tasks, renewed


def everything(loaded: LoadedCourse) -> Wanted:
    """All functions of the assignments that are graded."""
    return {name: _functions(loaded, name) for name in loaded.chosen}


def _functions(loaded: LoadedCourse, assignment: str, only: Collection[str] = ()) -> tuple[str, ...]:
    """The functions to sit: all, or those named with what they build on and what builds on them.

    A function that is right on top of another one's wrong values earns points for it, so that the two belong together.
    """
    (solution,) = (found for found in loaded.solutions if found.assignment.name == assignment)
    names = solution.assignment.functions
    chosen = {name for name in names if not only or f"{assignment}.{name}" in only}
    while True:
        links = [{function, *below} for function, below in solution.assignment.foundations.items()]
        more = chosen.union(*(link for link in links if link & chosen))
        if more == chosen:
            return tuple(name for name in names if name in chosen)
        chosen = more


def _stale(loaded: LoadedCourse, record: Result, submission: Submission, force: bool) -> dict[str, tuple[str, ...]]:
    """What of a student's record no longer holds; with `force`, all of it.

    An assignment is sat as a whole, as at first: what one function does may show in the next. Only who names functions
    gets these alone, and only where the rest of the assignment's record still stands for the same submission.
    """
    engine = engine_hash()
    by_name = {assignment.name: assignment for assignment in record.assignments}
    hashes = loaded.hashes(record.student)
    works = work_hashes(submission, loaded.chosen)
    found = {}
    for name in loaded.chosen:
        old = by_name.get(name)
        functions = _functions(loaded, name)
        if old is None or old.submission != works[name]:
            found[name] = functions
            continue
        holds = {
            q.function for q in old.questions if q.engine == engine and q.exam == hashes[name].get(q.function, "-")
        }
        stale = tuple(function for function in functions if force or function not in holds)
        only = tuple(function for function in stale if f"{name}.{function}" in loaded.functions)
        if loaded.functions and only and {q.function for q in old.questions} >= set(functions):
            found[name] = _functions(loaded, name, [f"{name}.{function}" for function in only])
        elif stale and (only or not loaded.functions):
            found[name] = functions
    return found


def renew(loaded: LoadedCourse, record: Result, submission: Submission) -> Result:
    """A record whose functions all hold, with what needs no grading brought up to date."""
    assignments = []
    for assignment in record.assignments:
        if assignment.name in loaded.chosen and not loaded.functions:
            assignments.append(_with_written(loaded, record.student, assignment))
        else:
            assignments.append(assignment)
    assignments = [with_intake(a, submission) if a.name in loaded.chosen else a for a in assignments]
    handed_in = submission.handed_in
    timed = [_timed(a, handed_in, a) if a.name in loaded.chosen else a for a in assignments]
    handed_in = _known(record.handed_in, handed_in)
    # A sentence may have become better since.
    return worded(_summed(msgspec.structs.replace(record, notes=tuple(submission.notes), handed_in=handed_in), timed))


def _known(before: HandedIn | None, now: HandedIn | None) -> HandedIn | None:
    """What is known of a hand-in: what an earlier run knew stays where this one, for want of a worksheet, does not."""
    if before is None or now is None:
        return before if now is None else now
    if before.id and now.id and before.id != now.id:
        return now
    return replace(
        now,
        **{field.name: getattr(before, field.name) for field in fields(now) if not _said(getattr(now, field.name))},
    )


def _said(value: object) -> bool:
    return value not in ("", None, ())


def _timed(
    assignment: AssignmentResult, handed_in: HandedIn | None, before: AssignmentResult | None
) -> AssignmentResult:
    """An assignment with the time of the hand-in that it was graded from; others may be of other weeks.

    Args:
        assignment: as it is now.
        handed_in: what the platform says now.
        before: as it was on record: of the same submission the time that was known stays, where none is known now.
    """
    same = before is not None and before.submission == assignment.submission
    if same and before is not None and before.at and (handed_in is None or not handed_in.at):
        return msgspec.structs.replace(assignment, at=before.at, late=before.late)
    if handed_in is None:
        return msgspec.structs.replace(assignment, at="", late=None)
    return msgspec.structs.replace(assignment, at=handed_in.at, late=handed_in.late)


def _with_written(loaded: LoadedCourse, student: str, assignment: AssignmentResult) -> AssignmentResult:
    """An assignment with its written answers as the rubric now has them."""
    (solution,) = (found for found in loaded.solutions if found.assignment.name == assignment.name)
    hashes = loaded.hashes(student)[assignment.name]
    functions = [q for q in assignment.questions if not q.written and q.function in hashes]
    written = [stamped(written_question(answer), hashes) for answer in solution.written]
    return summed(msgspec.structs.replace(assignment, questions=(*functions, *written)))


def stamped(question: QuestionResult, hashes: Mapping[str, str]) -> QuestionResult:
    """A question's result with the hashes of what it was made from."""
    return msgspec.structs.replace(question, exam=hashes.get(question.function, ""), engine=engine_hash())


def summed(assignment: AssignmentResult) -> AssignmentResult:
    """An assignment with the sums of its questions."""
    return msgspec.structs.replace(
        assignment,
        score=round(sum(q.score for q in assignment.questions), 6),
        max_score=round(sum(q.max_score for q in assignment.questions), 6),
    )


def _summed(record: Result, assignments: Sequence[AssignmentResult]) -> Result:
    return msgspec.structs.replace(
        record,
        assignments=tuple(assignments),
        score=None if record.score is None else round(sum(a.score for a in assignments), 6),
        max_score=round(sum(a.max_score for a in assignments), 6),
    )


def merge(loaded: LoadedCourse, old: Result | None, new: Result) -> Result:
    """A record after a task: what was graded anew, and what was not wanted from the record before.

    Args:
        loaded: what is asked; gives the order of assignments and functions.
        old: the record before, if there was one.
        new: of the task, with its assignments and functions only.
    """
    before = {assignment.name: assignment for assignment in old.assignments} if old else {}
    after = {assignment.name: assignment for assignment in new.assignments}
    assignments = []
    for solution in loaded.solutions:
        name = solution.assignment.name
        if name in after:
            merged = _merged(loaded, new.student, name, before.get(name), after[name])
            merged = _timed(merged, new.handed_in, before.get(name))
            earlier = earlier_of(before.get(name), merged, failed=old is not None and old.score is None)
            assignments.append(msgspec.structs.replace(merged, before=earlier))
        elif name in before:
            assignments.append(before[name])
    handed_in = _known(old.handed_in if old else None, new.handed_in)
    return _summed(msgspec.structs.replace(new, handed_in=handed_in), assignments)


def _merged(
    loaded: LoadedCourse, student: str, name: str, old: AssignmentResult | None, new: AssignmentResult
) -> AssignmentResult:
    hashes = loaded.hashes(student)[name]
    found = {q.function: stamped(q, hashes) for q in new.questions}
    kept = {q.function: q for q in old.questions} if old and old.submission == new.submission else {}
    questions = [found.get(function) or kept.get(function) for function in hashes]
    return summed(msgspec.structs.replace(new, questions=tuple(q for q in questions if q is not None)))
