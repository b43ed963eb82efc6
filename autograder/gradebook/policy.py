"""The course's rules on points: lateness, what is dropped, weights, rounding. Pure functions of numbers."""

import math
import zoneinfo
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

import msgspec

from autograder.course.settings import Course, EarlyBonus, LatePenalty, Rounding, Terms
from autograder.gradebook.identity import plain_name
from autograder.records.record import points

_UNITS = {"day": timedelta(days=1), "hour": timedelta(hours=1)}
# Dust of adding floats must not decide whether a total is rounded up, nor what is told of a penalty.
_DUST = 1e-9


class Late(msgspec.Struct, frozen=True):
    """How late an assignment came, and what it costs."""

    by: timedelta
    points: float
    reason: str


def zone_of(course: Course) -> tzinfo:
    """The zone of times without an offset."""
    return zoneinfo.ZoneInfo(course.timezone) if course.timezone else UTC


def _extensions(course: Course, student: str) -> Mapping[str, datetime | float]:
    """A student's extensions, however their name is written there."""
    own = course.extensions.get(student)
    if own is not None:
        return own
    plain = plain_name(student)
    return next((given for name, given in course.extensions.items() if plain_name(name) == plain), {})


def due_of(course: Course, student: str, assignment: str) -> datetime | None:
    """When an assignment is due for a student, an extension counted; None where it has no due date."""
    due = course.assignments.get(assignment, Terms()).due
    given = _extensions(course, student)
    extended = given.get(assignment, given.get("all"))
    if isinstance(extended, datetime):
        due = extended
    elif due is not None and extended is not None:
        due = due + timedelta(days=extended)
    return due if due is None or due.tzinfo else due.replace(tzinfo=zone_of(course))


def parse_time(course: Course, at: str) -> datetime | None:
    """A platform's time after ISO 8601; None where it is none."""
    try:
        found = datetime.fromisoformat(at)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone_of(course))


def in_words(span: timedelta) -> str:
    """A span of time for people, to the minute: "2 days 3 h", "1 day 31 min", "5 min"."""
    minutes = math.ceil(span.total_seconds() / 60)
    days, hours, left = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [
        f"{days} day{'s' if days > 1 else ''}" if days else "",
        f"{hours} h" if hours else "",
        f"{left} min" if left or minutes == 0 else "",
    ]
    return " ".join(filter(None, parts))


def begun_days(span: timedelta) -> int:
    """The days of a span, a begun one counted whole."""
    return max(0, math.ceil(span / _UNITS["day"]))


def slips(penalty: LatePenalty | None, spans: Mapping[str, timedelta]) -> dict[str, int]:
    """The slip days that a student spends on each assignment.

    Args:
        penalty: of the course; says how many each student has.
        spans: how late each assignment came, in the order in which they are spent.
    """
    left = penalty.slip_days if penalty else 0
    grace = timedelta(minutes=penalty.grace_minutes if penalty else 0)
    spent = {}
    for name, by in spans.items():
        spent[name] = min(left, begun_days(by)) if by > grace else 0
        left -= spent[name]
    return spent


def lateness(
    penalty: LatePenalty | None, due: datetime, at: datetime, earned: float, most: float, slip: int = 0
) -> Late | None:
    """How late, and the points that it costs; None where it is in time.

    Args:
        penalty: of the course; without one, lateness is told and costs nothing.
        due: with the student's extension.
        at: when it was handed in.
        earned: points of the assignment.
        most: points that it could earn.
        slip: slip days that are spent on it.
    """
    # Two times of one zone would be subtracted by their clocks, which summer time puts forward and back.
    by = at.astimezone(UTC) - due.astimezone(UTC)
    if by <= timedelta(minutes=penalty.grace_minutes if penalty else 0):
        return None
    told = f"handed in {in_words(by)} after it was due"
    if penalty is None:
        return Late(by, 0.0, f"{told}; the course has no late penalty")
    if slip:
        told += f", with {slip} slip day{'s' if slip > 1 else ''} spent"
    if penalty.cutoff_days is not None and by > timedelta(days=penalty.cutoff_days):
        limit = in_words(timedelta(days=penalty.cutoff_days))
        return Late(by, round(earned, 6), f"{told}: it counts 0, as {limit} after the due date nothing counts any more")
    left = by - slip * _UNITS["day"]
    if left <= timedelta(0):
        return Late(by, 0.0, f"{told}: nothing is taken off")
    share, capped = _share(penalty, left)
    of = most if penalty.of == "max" else earned
    lost = round(min(earned, share * of), 6)
    rule = f"{points(100 * share)} % of {'the' if penalty.of == 'max' else 'its earned'} {points(of)} points{capped}"
    return Late(by, lost, f"{told}: {points(lost)} points less ({rule})")


def _share(penalty: LatePenalty, by: timedelta) -> tuple[float, str]:
    """The share that is taken off for being late by so much, and what is to be said of it."""
    if penalty.steps:
        for step in penalty.steps:
            if by <= timedelta(hours=step.hours):
                return step.share, f", as up to {in_words(timedelta(hours=step.hours))} after it was due"
        return 1.0, f", as more than {in_words(timedelta(hours=penalty.steps[-1].hours))} after it was due"
    begun = math.ceil(by / _UNITS[penalty.per])
    each = penalty.penalty or 0.0
    share = min(penalty.most, begun * each)
    return share, ", the most that is taken off" if share < begun * each - _DUST else ""


class Early(msgspec.Struct, frozen=True):
    """How early an assignment came, and what it brings."""

    points: float
    reason: str


def earliness(bonus: EarlyBonus | None, due: datetime, at: datetime, earned: float, most: float) -> Early | None:
    """What an early hand-in brings; None where it is not early, or brings nothing.

    Args:
        bonus: of the course.
        due: with the student's extension.
        at: when it was handed in.
        earned: points of the assignment.
        most: points that it could earn.
    """
    by = due.astimezone(UTC) - at.astimezone(UTC)
    if bonus is None or by < timedelta(days=bonus.days) or not earned:
        return None
    more = bonus.share * most if bonus.above_maximum else min(bonus.share * most, max(0.0, most - earned))
    if more <= _DUST:
        return None
    before = in_words(timedelta(days=bonus.days))
    rule = f"{points(100 * bonus.share)} % of the {points(most)} points"
    capped = "" if bonus.above_maximum or more >= bonus.share * most - _DUST else ", up to all of its points"
    told = f"handed in {before} or more before it was due"
    return Early(round(more, 6), f"{told}: {points(more)} points more ({rule}{capped})")


def dropped(shares: Sequence[float], count: int) -> set[int]:
    """The places of the `count` lowest shares, the first of equal ones; one share always stays."""
    order = sorted(range(len(shares)), key=lambda place: (shares[place], place))
    return set(order[: max(0, min(count, len(shares) - 1))])


def rounded(value: float, rounding: Rounding | None) -> float:
    """A total as the course rounds it."""
    if rounding is None:
        return round(value, 6)
    steps = value / rounding.to
    match rounding.how:
        case "up":
            whole = math.ceil(steps - _DUST)
        case "down":
            whole = math.floor(steps + _DUST)
        case "nearest":
            whole = math.floor(steps + 0.5 + _DUST)
    return round(whole * rounding.to, 6)


def _late_rule(late: LatePenalty) -> str:
    whose = "points" if late.of == "max" else "earned points"
    parts = []
    if late.steps:
        table = [f"{points(100 * step.share)} % up to {in_words(timedelta(hours=step.hours))}" for step in late.steps]
        parts.append(f"of the {whose} {', '.join(table)}, then all of them")
    elif late.penalty is not None:
        most = f", at most {points(100 * late.most)} %" if late.most < 1 else ""
        parts.append(f"{points(100 * late.penalty)} % of the {whose} for each begun {late.per}{most}")
    if late.cutoff_days is not None:
        parts.append(f"nothing counts after {in_words(timedelta(days=late.cutoff_days))}")
    if late.slip_days:
        parts.append(f"{late.slip_days} slip days a student, spent in the order of due dates")
    if late.grace_minutes:
        parts.append(f"after {points(late.grace_minutes)} min of grace")
    return ", ".join(parts)


def rules(course: Course) -> list[str]:
    """The rules in force, one line each; none where points are simply summed."""
    found = []
    if course.late is not None and any(terms.due for terms in course.assignments.values()):
        found.append(f"late: {_late_rule(course.late)}")
    if course.early is not None and any(terms.due for terms in course.assignments.values()):
        early = course.early
        found.append(
            f"early: {points(100 * early.share)} % more {in_words(timedelta(days=early.days))} before it is due"
        )
    weights = {name: terms.weight for name, terms in course.assignments.items() if terms.weight is not None}
    if weights:
        found.append("weights: " + ", ".join(f"{name} {points(weight)}" for name, weight in weights.items()))
    if course.drop:
        found.append(f"dropped: the {course.drop} lowest of each student's assignments")
    if course.rounding is not None:
        found.append(f"rounding: totals to multiples of {points(course.rounding.to)}, {course.rounding.how}")
    return found
