"""The course's rules on points: lateness, what is dropped, weights, rounding. Pure functions of numbers."""

import math
import zoneinfo
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo

import msgspec

from autograder.course.settings import Course, LatePenalty, Rounding, Terms
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


def due_of(course: Course, student: str, assignment: str) -> datetime | None:
    """When an assignment is due for a student, an extension counted; None where it has no due date."""
    due = course.assignments.get(assignment, Terms()).due
    given = course.extensions.get(student, {})
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


def lateness(penalty: LatePenalty | None, due: datetime, at: datetime, earned: float, most: float) -> Late | None:
    """How late, and the points that it costs; None where it is in time.

    Args:
        penalty: of the course; without one, lateness is told and costs nothing.
        due: with the student's extension.
        at: when it was handed in.
        earned: points of the assignment.
        most: points that it could earn.
    """
    # Two times of one zone would be subtracted by their clocks, which summer time puts forward and back.
    by = at.astimezone(UTC) - due.astimezone(UTC)
    if by <= timedelta(minutes=penalty.grace_minutes if penalty else 0):
        return None
    told = f"handed in {in_words(by)} after it was due"
    if penalty is None:
        return Late(by, 0.0, f"{told}; the course has no late penalty")
    begun = math.ceil(by / _UNITS[penalty.per])
    share = min(penalty.most, begun * penalty.penalty)
    of = most if penalty.of == "max" else earned
    lost = round(min(earned, share * of), 6)
    capped = ", the most that is taken off" if share < begun * penalty.penalty - _DUST else ""
    rule = f"{points(100 * share)} % of {'the' if penalty.of == 'max' else 'its earned'} {points(of)} points{capped}"
    return Late(by, lost, f"{told}: {points(lost)} points less ({rule})")


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


def rules(course: Course) -> list[str]:
    """The rules in force, one line each; none where points are simply summed."""
    found = []
    if course.late is not None and any(terms.due for terms in course.assignments.values()):
        late = course.late
        grace = f", after {points(late.grace_minutes)} min of grace" if late.grace_minutes else ""
        whose = "points" if late.of == "max" else "earned points"
        most = f", at most {points(100 * late.most)} %" if late.most < 1 else ""
        found.append(f"late: {points(100 * late.penalty)} % of the {whose} for each begun {late.per}{most}{grace}")
    weights = {name: terms.weight for name, terms in course.assignments.items() if terms.weight is not None}
    if weights:
        found.append("weights: " + ", ".join(f"{name} {points(weight)}" for name, weight in weights.items()))
    if course.drop:
        found.append(f"dropped: the {course.drop} lowest of each student's assignments")
    if course.rounding is not None:
        found.append(f"rounding: totals to multiples of {points(course.rounding.to)}, {course.rounding.how}")
    return found
