"""From a record to a score: marks, overrides and the course's policy applied by one pure function.

The record stays what the machine found. Tables, pages and exports all read what stands here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from autograder.course.settings import Course, Terms
from autograder.gradebook.identity import meant, named
from autograder.gradebook.marks import Mark, mark_hash, question_of
from autograder.gradebook.marks_file import Marks
from autograder.gradebook.policy import (
    Early,
    Late,
    dropped,
    due_of,
    earliness,
    lateness,
    parse_time,
    rounded,
    rules,
    slips,
)
from autograder.judging.verdicts import Verdict
from autograder.records.record import AssignmentResult, CheckResult, QuestionResult, Result, points


class FinalAssignment(msgspec.Struct, frozen=True):
    """One assignment's way from the machine's score to its part of the total.

    `machine` is without any mark, `earned` with marks and overrides, `score` after the late penalty or with what an
    early hand-in brings; `worth` of `max_worth` is what it adds to the total (0 of 0 where it is dropped).
    """

    name: str
    title: str
    machine: float
    earned: float
    score: float
    max_score: float
    worth: float
    max_worth: float
    late: Late | None = None
    early: Early | None = None
    is_dropped: bool = False
    at: str = ""


class Final(msgspec.Struct, frozen=True):
    """One student's score, and how it comes about.

    `record` is the record with marks and overrides put in and the final total, for tables and pages; `applied` says in
    sentences for the student what was done to the sum of the points; `doubts` are marks to look at again, `waiting` is
    the number of criteria without a mark. `source` is the student whose record it is: a group's, for its members.
    """

    student: str
    score: float | None
    max_score: float
    machine: float | None
    assignments: tuple[FinalAssignment, ...]
    record: Result
    applied: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    waiting: int = 0
    overrides: int = 0
    source: str = ""


def _graded(check: CheckResult, mark: Mark | None) -> CheckResult:
    if mark is None:
        return check
    full = mark.points >= check.max_points
    return msgspec.structs.replace(
        check,
        verdict=Verdict.PASSED if full else Verdict.FAILED,
        points=mark.points,
        message=mark.comment,
        brief=mark.comment,
    )


def _question(assignment: AssignmentResult, question: QuestionResult, marks: Mapping[str, Mark]) -> QuestionResult:
    """A question with its marks: one a criterion, or one in place of its score."""
    name = f"{assignment.name}.{question.function}"
    checks = question.checks
    if question.written:
        checks = tuple(_graded(check, marks.get(f"{name}.{number}")) for number, check in enumerate(checks, start=1))
    override = marks.get(name)
    if override is not None and question.written:
        # The whole answer is marked: none of its criteria waits any more.
        checks = tuple(
            msgspec.structs.replace(check, verdict=Verdict.PASSED if check.points else Verdict.FAILED)
            if check.verdict is Verdict.UNGRADED
            else check
            for check in checks
        )
    score = override.points if override is not None else round(sum(check.points for check in checks), 6)
    given = [mark.comment for check in range(len(checks)) if (mark := marks.get(f"{name}.{check + 1}")) is not None]
    said = [*given, override.comment] if override is not None else given
    comment = "\n\n".join(text for text in dict.fromkeys(said) if text)
    return msgspec.structs.replace(question, checks=checks, score=score, comment=comment)


def _doubts(record: Result, marks: Mapping[str, Mark]) -> list[str]:
    """Marks that no longer fit what they were given on."""
    found = []
    for item, mark in sorted(marks.items()):
        now = mark_hash(record, item)
        if not now:
            found.append(f"{item}: the record has nothing of this name; the mark counts nowhere")
        elif mark.of and mark.of != now:
            what = "the submission or the machine's score" if mark.is_override else "the answer"
            found.append(f"{item}: {what} has changed since {points(mark.points)} points were given")
        _, question = question_of(record, item)
        if question is not None and not mark.is_override and now:
            check = question.checks[int(item.rpartition(".")[2]) - 1]
            if mark.points > check.max_points:
                found.append(f"{item}: {points(mark.points)} points were given, and there are {check.max_points:g}")
    return found


def _assignment(assignment: AssignmentResult, marks: Mapping[str, Mark]) -> tuple[AssignmentResult, list[str]]:
    """An assignment with marks and overrides, and sentences on the overrides."""
    if not marks:
        return assignment, []
    questions = tuple(_question(assignment, question, marks) for question in assignment.questions)
    told = []
    for before, after in zip(assignment.questions, questions, strict=True):
        override = marks.get(f"{assignment.name}.{before.function}")
        if override is not None:
            in_place = "" if before.written else f" in place of {points(before.score)}"
            told.append(f"{before.function}: {points(after.score)} points{in_place}. {override.comment}".strip())
    score = round(sum(question.score for question in questions), 6)
    whole = marks.get(assignment.name)
    if whole is not None:
        told.append(f"{assignment.title}: {points(whole.points)} points in place of {points(score)}. {whole.comment}")
        score = whole.points
    return msgspec.structs.replace(assignment, questions=questions, score=score), told


class _Timed(msgspec.Struct, frozen=True):
    """When an assignment was due for a student, and when it came."""

    due: datetime
    at: datetime


def _timed(course: Course, student: str, assignment: AssignmentResult) -> tuple[_Timed | None, str]:
    """When an assignment came, where it has a due date; and what a person must decide about it."""
    due = due_of(course, student, assignment.name)
    if due is None or assignment.file is None:
        return None, ""
    if not assignment.at:
        told = f"{assignment.name}: the platform says that it was late, and not when" if assignment.late else ""
        return None, told
    at = parse_time(course, assignment.at)
    if at is None:
        return None, f"{assignment.name}: {assignment.at!r} is not understood as the time of handing in"
    return _Timed(due, at), ""


def _slips(course: Course, times: Mapping[str, _Timed]) -> dict[str, int]:
    """The slip days spent on each assignment: in the order of due dates, and of names."""
    order = sorted(times, key=lambda name: (times[name].due.astimezone(UTC), name))
    return slips(
        course.late, {name: times[name].at.astimezone(UTC) - times[name].due.astimezone(UTC) for name in order}
    )


def _in_time(
    course: Course, assignment: AssignmentResult, when: _Timed | None, spent: Mapping[str, int]
) -> tuple[Late | None, Early | None]:
    """How late or early an assignment came, and what that costs or brings."""
    if when is None:
        return None, None
    points_of = (assignment.score, assignment.max_score)
    late = lateness(course.late, when.due, when.at, *points_of, slip=spent.get(assignment.name, 0))
    return late, earliness(course.early, when.due, when.at, *points_of)


def _counted(
    course: Course, before: AssignmentResult, assignment: AssignmentResult, late: Late | None, early: Early | None
) -> FinalAssignment:
    """What an assignment counts for, lateness, what came early, and weight applied."""
    score = round(assignment.score - (late.points if late else 0.0) + (early.points if early else 0.0), 6)
    weight = course.assignments.get(assignment.name, Terms()).weight
    share = score / assignment.max_score if assignment.max_score else 0.0
    return FinalAssignment(
        name=assignment.name,
        title=assignment.title,
        machine=before.score,
        earned=assignment.score,
        score=score,
        max_score=assignment.max_score,
        worth=score if weight is None else round(weight * share, 6),
        max_worth=assignment.max_score if weight is None else weight,
        late=late,
        early=early,
        at=assignment.at,
    )


def _told_of_total(found: Sequence[FinalAssignment], course: Course, plain: float, total: float) -> list[str]:
    """How the total comes about, where it is more than a sum."""
    told = [f"{part.title} does not count: the lowest {course.drop} are dropped." for part in found if part.is_dropped]
    counted = [part for part in found if not part.is_dropped]
    if any(part.max_worth != part.max_score for part in counted):
        worths = ", ".join(f"{part.title} {round(part.worth, 2):g} of {points(part.max_worth)}" for part in counted)
        told.append(f"The total weighs: {worths}.")
    if abs(total - plain) > 1e-6:
        told.append(f"The total of {round(plain, 2):g} is rounded to {points(total)}.")
    return told


def final(record: Result, marks: Marks, course: Course, student: str | None = None) -> Final:
    """A student's score.

    Args:
        record: what the machine found.
        marks: of the class; the record's own are taken.
        course: its policy.
        student: a member of the group whose record it is; default: the record's student.
    """
    name = student or record.student
    given = {**marks.student(record.student), **marks.student(name)}
    told: list[str] = []
    doubts = _doubts(record, given)
    timed = {each.name: _timed(course, name, each) for each in record.assignments}
    doubts += [question for _, question in timed.values() if question]
    times = {each: when for each, (when, _) in timed.items() if when is not None}
    spent = _slips(course, times)
    found, parts = [], []
    for before in record.assignments:
        assignment, sentences = _assignment(before, given)
        told += sentences
        late, early = _in_time(course, assignment, times.get(assignment.name), spent)
        told += [f"{assignment.title} was {each.reason}." for each in (late, early) if each is not None]
        found.append(_counted(course, before, assignment, late, early))
        parts.append(msgspec.structs.replace(assignment, score=found[-1].score))
    found = _without_dropped(found, course)
    plain = sum(part.worth for part in found)
    total = rounded(plain, course.rounding)
    told += _told_of_total(found, course, plain, total)
    max_score = round(sum(part.max_worth for part in found), 6)
    failed = record.score is None
    shown = msgspec.structs.replace(
        record, student=name, score=None if failed else total, max_score=max_score, assignments=tuple(parts)
    )
    return Final(
        student=name,
        score=shown.score,
        max_score=max_score,
        machine=record.score,
        assignments=tuple(found),
        record=shown,
        applied=() if failed else tuple(told),
        doubts=tuple(doubts),
        waiting=sum(check.verdict is Verdict.UNGRADED for check in shown.checks),
        overrides=sum(mark.is_override for mark in given.values()),
        source=record.student,
    )


def _without_dropped(parts: Sequence[FinalAssignment], course: Course) -> list[FinalAssignment]:
    shares = [part.score / part.max_score if part.max_score else 1.0 for part in parts]
    places = dropped(shares, course.drop)
    return [
        msgspec.structs.replace(part, is_dropped=True, worth=0.0, max_worth=0.0) if place in places else part
        for place, part in enumerate(parts)
    ]


def each_final(records: Mapping[str, Result], marks: Marks, course: Course) -> Iterator[Final]:
    """The scores of a class, one after another; a group's record gives one to each of its members.

    A member who has a record of their own keeps that.
    """
    for student in records:
        members = [name for name in course.groups.get(student, ()) if name not in records]
        record = records[student]
        for member in members or [student]:
            yield final(record, marks, course, member)


def finals(records: Iterable[Result], marks: Marks, course: Course) -> list[Final]:
    """The scores of a class, sorted by student; as `each_final`."""
    by_student = {record.student: record for record in records}
    return sorted(each_final(by_student, marks, course), key=lambda each: each.student)


def _told_of_extensions(found: Sequence[Final], course: Course) -> list[str]:
    """Who has an extension, and which of them are nobody's: these would not count, and nobody would know."""
    if not course.extensions:
        return []
    names = [each.student for each in found]
    nobody = [name for name in course.extensions if named(name, names) is None]
    lines = [f"extensions: {len(course.extensions) - len(nobody)} students"]
    return lines + [f"an extension for {name}, of whom there is no record{meant(name, names)}" for name in nobody]


def told_of_class(found: Sequence[Final], marks: Marks, course: Course) -> list[str]:
    """What a run applied, in a few lines."""
    lines = rules(course)
    late = [part.late for each in found for part in each.assignments if part.late is not None]
    if late:
        lines.append(f"late hand-ins: {len(late)}, which lost {points(sum(each.points for each in late))} points")
    if any(terms.due for terms in course.assignments.values()):
        unknown = sum(not part.at for each in found for part in each.assignments if course_has_due(course, part.name))
        if unknown:
            lines.append(f"no time of handing in is known for {unknown} of the assignments with a due date")
    lines += _told_of_extensions(found, course)
    given = [mark for mark in marks if not mark.is_override]
    overrides = [mark for mark in marks if mark.is_override]
    waiting = sum(each.waiting for each in found)
    if given or overrides:
        lines.append(f"marks: {len(given)} given, {waiting} criteria wait; overrides: {len(overrides)}")
    doubts = [f"{each.student}: {doubt}" for each in found for doubt in each.doubts]
    sources = {each.source for each in found} | {each.student for each in found}
    doubts += [
        f"{mark.student}: no record is of a student of this name{meant(mark.student, sources)}"
        for mark in marks
        if mark.student not in sources
    ]
    if doubts:
        lines.append(f"to look at again: {len(doubts)}")
        lines += [f"  {doubt}" for doubt in doubts[:10]]
        lines += [f"  and {len(doubts) - 10} more (`autograder mark DIR --doubts` lists all)"] if doubts[10:] else []
    return lines


def course_has_due(course: Course, assignment: str) -> bool:
    """Whether an assignment has a due date."""
    return course.assignments.get(assignment, Terms()).due is not None
