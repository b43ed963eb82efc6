"""What differs between two folders of results: whose score changes, by how much, in which check and why."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from autograder.course.settings import Course
from autograder.course.solutions import course_at
from autograder.errors import StoreError
from autograder.files.formula_cells import restored
from autograder.files.tables import number_of, read_table
from autograder.gradebook.final import Final, finals
from autograder.gradebook.journal import read_marks
from autograder.gradebook.marks_file import MARKS, Marks
from autograder.judging.verdicts import Verdict
from autograder.records.record import AssignmentResult, CheckResult, QuestionResult, Result, points
from autograder.records.store import Store


class CheckChange(msgspec.Struct, frozen=True):
    """One check, or one criterion, that ended otherwise; None where it was not there."""

    name: str
    before: Verdict | None
    after: Verdict | None
    points_before: float
    points_after: float


class QuestionChange(msgspec.Struct, frozen=True):
    """One function or written answer whose points or checks changed, and why."""

    name: str
    score_before: float
    score_after: float
    max_before: float
    max_after: float
    why: tuple[str, ...]
    checks: tuple[CheckChange, ...]


class StudentChange(msgspec.Struct, frozen=True):
    """One student whose total or whose checks changed; None where there is no score."""

    student: str
    before: float | None
    after: float | None
    max_before: float | None
    max_after: float | None
    why: tuple[str, ...]
    questions: tuple[QuestionChange, ...]

    @property
    def by(self) -> float | None:
        """How much the total changes."""
        if self.before is None or self.after is None:
            return None
        return round(self.after - self.before, 6)


class Diff(msgspec.Struct, frozen=True):
    """The difference of two folders: students whose total changes first, then those with the same total.

    `causes` says what changed for the class as a whole: files of the questions, tolerances, the engine.
    """

    changes: tuple[StudentChange, ...]
    students: int
    causes: tuple[str, ...] = ()

    @property
    def scores(self) -> tuple[StudentChange, ...]:
        """Those whose total changes."""
        return tuple(change for change in self.changes if change.before != change.after)


def compare(
    old: str | Path, new: str | Path, *, marks: str | Path | None = None, solutions: str | Path | None = None
) -> Diff:
    """Whose score differs between two folders of results, by how much, in which check and why.

    Args:
        old: a folder that `grade` wrote.
        new: another one.
        marks: the file of marks given by people, for both; default: `marks.csv` in each, where there is one.
        solutions: the folder with the course's rules; default: the nearest `solutions`.

    Raises:
        StoreError: one of them holds no records.
        MarksError, CourseError, SolutionsError: a file cannot be used; says which and why.
    """
    course = course_at(solutions)
    sides = [
        read_side(folder, read_marks(Path(marks) if marks else folder / MARKS), course)
        for folder in (Path(old), Path(new))
    ]
    return difference(*sides)


class Side(msgspec.Struct, frozen=True):
    """One folder: its records, the scores that follow from them, what was published, and what its run says."""

    records: Mapping[str, Result]
    finals: Mapping[str, Final]
    published: Mapping[str, float | None]
    run: Mapping[str, object]


def read_side(folder: Path, marks: Marks, course: Course) -> Side:
    """One side of a difference.

    Raises:
        RecordsError: there are no records, or a file is none: its student would seem to be gone.
    """
    store = Store(folder)
    records = store.records()
    found = {each.student: each for each in finals(records.values(), marks, course)}
    return Side(records, found, _published(folder), store.run())


def _published(folder: Path) -> dict[str, float | None]:
    """The totals of a folder's scores.csv, which are what people have seen; None where there was no score.

    Raises:
        StoreError: it is there and cannot be read: what people have seen is then not known.
    """
    path = folder / "scores.csv"
    if not path.exists():
        return {}
    table = read_table(path, StoreError)
    if not {"student", "total"} <= set(table.columns):
        raise StoreError(f"{path}, row 1: there is no column student or total; there are {', '.join(table.columns)}")
    found: dict[str, float | None] = {}
    for number, row in table.records():
        try:
            found[restored(row["student"])] = number_of(row["total"]) if row["total"].strip() else None
        except ValueError as error:
            raise StoreError(f"{path}, row {number}, column total: {error}") from None
    return found


def difference(old: Side, new: Side) -> Diff:
    """What differs from one side to the other."""
    names = sorted({*old.finals, *new.finals})
    found = [change for name in names if (change := _student(name, old, new)) is not None]
    order = sorted(found, key=lambda change: (change.before == change.after, change.student))
    return Diff(tuple(order), len(names), tuple(_causes(old.run, new.run)))


def _student(name: str, old: Side, new: Side) -> StudentChange | None:
    before, after = old.finals.get(name), new.finals.get(name)
    if before is None or after is None:
        only = before or after
        assert only is not None
        reason = "the student is new" if before is None else "the student has no record any more"
        return StudentChange(
            student=name,
            before=before.score if before else None,
            after=after.score if after else None,
            max_before=before.max_score if before else None,
            max_after=after.max_score if after else None,
            why=(reason,),
            questions=(),
        )
    raw_before, raw_after = old.records[before.source], new.records[after.source]
    questions = _questions((raw_before, before.record), (raw_after, after.record))
    # What was published is what the student knows, whatever marks and rules say now.
    was = before.score
    if name in old.published and old.published[name] != (None if was is None else float(points(was))):
        was = old.published[name]
    if not questions and was == after.score and before.max_score == after.max_score:
        return None
    why = []
    if raw_before.score is None or raw_after.score is None:
        why.append("the grader had failed" if raw_before.score is None else "the grader failed")
    if was != before.score:
        why.append("marks or the course's rules have changed since the scores were written")
    if before.applied != after.applied:
        why += [f"applied now: {line}" for line in after.applied if line not in before.applied]
        why += [f"applied no more: {line}" for line in before.applied if line not in after.applied]
    return StudentChange(name, was, after.score, before.max_score, after.max_score, tuple(why), tuple(questions))


def _questions(old: tuple[Result, Result], new: tuple[Result, Result]) -> list[QuestionChange]:
    """The questions that differ; each side is the machine's record, and the one with marks."""
    before, after = _by_name(old[1]), _by_name(new[1])
    machine_before, machine_after = _by_name(old[0]), _by_name(new[0])
    found = []
    for name in dict.fromkeys([*before, *after]):
        one, two = before.get(name), after.get(name)
        checks = _checks(one[1].checks if one else (), two[1].checks if two else ())
        score = (one[1].score if one else 0.0, two[1].score if two else 0.0)
        most = (one[1].max_score if one else 0.0, two[1].max_score if two else 0.0)
        if not checks and score[0] == score[1] and most[0] == most[1]:
            continue
        why = _why(machine_before.get(name), machine_after.get(name))
        if _same(machine_before.get(name), machine_after.get(name)):
            why = ["marks changed"]
        found.append(QuestionChange(name, *score, *most, tuple(why), tuple(checks)))
    return found


Found = tuple[AssignmentResult, QuestionResult]


def _by_name(record: Result) -> dict[str, Found]:
    return {f"{a.name}.{q.function}": (a, q) for a in record.assignments for q in a.questions}


def _same(one: Found | None, two: Found | None) -> bool:
    """Whether the machine says the same of both, so that only people can have made a difference."""
    if one is None or two is None:
        return False
    return _checks(one[1].checks, two[1].checks) == [] and one[1].score == two[1].score


def _why(one: Found | None, two: Found | None) -> list[str]:
    """What the hashes say is other."""
    if one is None or two is None:
        return ["it was not asked before" if one is None else "it is asked no more"]
    why = []
    if one[0].submission != two[0].submission:
        why.append("submission changed")
    if one[1].exam != two[1].exam:
        why.append("questions changed")
    if one[1].engine != two[1].engine:
        why.append("engine changed")
    return why or ["graded again with another outcome"]


def _checks(old: Sequence[CheckResult], new: Sequence[CheckResult]) -> list[CheckChange]:
    before, after = {check.name: check for check in old}, {check.name: check for check in new}
    found = []
    for name in dict.fromkeys([*before, *after]):
        one, two = before.get(name), after.get(name)
        verdicts = (one.verdict if one else None, two.verdict if two else None)
        given = (one.points if one else 0.0, two.points if two else 0.0)
        if verdicts[0] is not verdicts[1] or given[0] != given[1]:
            found.append(CheckChange(name, *verdicts, *given))
    return found


def _causes(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """What the two runs say of themselves, where it differs: which files, which tolerances, the engine."""
    found = []
    if old.get("engine") != new.get("engine") and old and new:
        found.append(f"the engine changed: version {old.get('version')} to {new.get('version')}, or its sources")
    for key, what in (("sources", "file"), ("tolerances", "tolerance")):
        before, after = _flat(old.get(key)), _flat(new.get(key))
        common = {name.partition("/")[0] for name in before} & {name.partition("/")[0] for name in after}
        for name in sorted({*before, *after}):
            if before.get(name) != after.get(name) and (key == "tolerances" or name.partition("/")[0] in common):
                state = "is new" if name not in before else "is gone" if name not in after else "changed"
                both = key == "tolerances" and state == "changed"
                values = f" from {_in_words(before[name])} to {_in_words(after[name])}" if both else ""
                found.append(f"{what} {name} {state}{values}")
    return found


def _in_words(value: object) -> str:
    """A tolerance for people."""
    return ", ".join(f"{name} {number}" for name, number in value.items()) if isinstance(value, dict) else str(value)


def _flat(found: object) -> dict[str, object]:
    """Files by path, tolerances by name."""
    flat: dict[str, object] = {}
    if isinstance(found, dict):
        for name, value in found.items():
            if isinstance(value, dict) and all("/" in str(key) or str(key).endswith(".py") for key in value):
                flat.update(value)
            else:
                flat[name] = value
    return flat
