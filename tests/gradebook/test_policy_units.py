"""The rules on points, number by number: times, lateness, what is dropped, rounding, and what is told of them."""

import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from autograder.course.settings import Course, EarlyBonus, LatePenalty, LateStep, Rounding, Terms
from autograder.errors import WrongSettingError
from autograder.gradebook import policy
from autograder.gradebook.policy import (
    Early,
    Late,
    begun_days,
    dropped,
    due_of,
    earliness,
    in_words,
    lateness,
    parse_time,
    rounded,
    rules,
    slips,
    zone_of,
)
from autograder.judging.tolerance import Tolerance
from tests.values import changeable

DUE = datetime(2023, 6, 12, 20, 0, tzinfo=UTC)
TOLERANCES = dict.fromkeys(("value", "derivation", "differences"), Tolerance(1e-9, 1e-12))


def settings(**given: object) -> Course:
    return Course(**{"seed": 1, "tolerances": TOLERANCES, **given})  # type: ignore[arg-type]


def test_times_without_an_offset_are_of_the_courses_zone() -> None:
    plain, prague = settings(), settings(timezone="Europe/Prague")
    assert zone_of(plain) is UTC, "without a zone, UTC"
    assert str(zone_of(prague)) == "Europe/Prague", "with one, that"
    assert parse_time(prague, "2023-06-12T22:00:00") == DUE, "two hours ahead in summer"
    assert parse_time(prague, "2023-06-12T20:00:00+00:00") == DUE, "an offset stands above it"
    assert parse_time(plain, "2023-06-12T20:00:00") == DUE, "UTC where nothing is said"
    assert parse_time(plain, "last week") is None, "what is no time is none"


def test_a_due_date_without_an_offset_is_of_the_courses_zone() -> None:
    bare = DUE.replace(tzinfo=None) + timedelta(hours=2)
    terms = {"a": Terms(due=bare), "b": Terms(due=DUE)}
    given = settings(timezone="Europe/Prague", assignments=terms, extensions={"anna": {"a": bare + timedelta(days=1)}})
    assert due_of(given, "berta", "a") == DUE, "two hours ahead in summer"
    assert due_of(given, "anna", "a") == DUE + timedelta(days=1), "of an extension, too"
    found = due_of(given, "berta", "b")
    assert found == DUE and found is not None and found.tzinfo is UTC, "an offset stands above it"
    assert due_of(given, "berta", "c") is None, "an assignment without terms has no due date"


def test_an_extension_of_one_assignment_stands_above_that_of_all() -> None:
    given = settings(
        assignments={"a": Terms(due=DUE), "b": Terms(due=DUE), "c": Terms()},
        extensions={"anna": {"a": 1.0, "all": 3.0}, "berta": {"c": DUE}},
    )
    assert due_of(given, "anna", "a") == DUE + timedelta(days=1), "its own"
    assert due_of(given, "anna", "b") == DUE + timedelta(days=3), "that of all"
    assert due_of(given, "anna", "c") is None, "days more on no date are no date"
    assert due_of(given, "berta", "c") == DUE, "a date is one also where there was none"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=1), "1 min"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(seconds=61), "2 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(minutes=60), "1 h"),
        (timedelta(minutes=61), "1 h 1 min"),
        (timedelta(hours=23, minutes=59), "23 h 59 min"),
        (timedelta(hours=24), "1 day"),
        (timedelta(hours=24, minutes=59), "1 day 59 min"),
        (timedelta(hours=25), "1 day 1 h"),
        (timedelta(hours=47), "1 day 23 h"),
        (timedelta(hours=48), "2 days"),
        (timedelta(days=2, hours=3, minutes=30), "2 days 3 h 30 min"),
        (timedelta(days=10), "10 days"),
    ],
)
def test_a_span_is_told_in_words(span: timedelta, words: str) -> None:
    assert in_words(span) == words, f"{span}: {in_words(span)}"


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("penalty", "by", "lost", "rule"),
    [
        (LatePenalty(0.1), MINUTE, 2.0, "10 % of the 20 points"),
        (LatePenalty(0.1), DAY, 2.0, "10 % of the 20 points"),
        (LatePenalty(0.1), DAY + MINUTE, 4.0, "20 % of the 20 points"),
        (LatePenalty(0.1, per="hour"), HOUR, 2.0, "10 % of the 20 points"),
        (LatePenalty(0.1, per="hour"), 2 * HOUR + MINUTE, 6.0, "30 % of the 20 points"),
        (LatePenalty(0.1, of="earned"), MINUTE, 1.5, "10 % of its earned 15 points"),
        (LatePenalty(0.1, most=0.3), 3 * DAY, 6.0, "30 % of the 20 points"),
        (LatePenalty(0.25, most=0.5), 3 * DAY, 10.0, "50 % of the 20 points, the most that is taken off"),
        (LatePenalty(0.5, most=0.5), DAY, 10.0, "50 % of the 20 points"),
        (LatePenalty(0.5), 2 * DAY, 15.0, "100 % of the 20 points"),
        (LatePenalty(1 / 3), MINUTE, 6.666667, "33.3333 % of the 20 points"),
        (LatePenalty(0.1, grace_minutes=30), 31 * MINUTE, 2.0, "10 % of the 20 points"),
    ],
)
def test_what_lateness_costs_and_how_it_is_told(penalty: LatePenalty, by: timedelta, lost: float, rule: str) -> None:
    found = lateness(penalty, DUE, DUE + by, 15.0, 20.0)
    points = f"{round(lost, 4):g}"
    wanted = Late(by, lost, f"handed in {in_words(by)} after it was due: {points} points less ({rule})")
    assert found == wanted, f"{by} late under {penalty}: {found}"


@pytest.mark.parametrize("by", [-DAY, timedelta(0), 30 * MINUTE])
def test_in_time_costs_nothing(by: timedelta) -> None:
    assert lateness(LatePenalty(0.1, grace_minutes=30), DUE, DUE + by, 15.0, 20.0) is None, f"{by} is within the grace"


def test_without_a_penalty_lateness_is_told() -> None:
    assert lateness(None, DUE, DUE, 15.0, 20.0) is None, "the last moment is in time"
    assert lateness(None, DUE, DUE + timedelta(seconds=1), 15.0, 20.0) == Late(
        timedelta(seconds=1), 0.0, "handed in 1 min after it was due; the course has no late penalty"
    ), "one second is late, and costs nothing"
    other = datetime(2023, 6, 12, 22, 0, tzinfo=timezone(timedelta(hours=2)))
    assert lateness(LatePenalty(0.1), DUE, other, 15.0, 20.0) is None, "the same moment, told elsewhere"


@pytest.mark.parametrize(
    ("shares", "count", "places"),
    [
        ([0.5, 0.2, 0.3], 0, set()),
        ([0.5, 0.2, 0.3], 1, {1}),
        ([0.5, 0.2, 0.3], 2, {1, 2}),
        ([0.5, 0.2, 0.3], 3, {1, 2}),
        ([0.5, 0.2, 0.3], 9, {1, 2}),
        ([0.2, 0.5, 0.2], 1, {0}),
        ([0.2, 0.5, 0.2], 2, {0, 2}),
        ([0.2], 1, set()),
        ([0.2, 0.1], 1, {1}),
        ([], 1, set()),
    ],
)
def test_the_lowest_shares_are_dropped_and_one_stays(shares: list[float], count: int, places: set[int]) -> None:
    assert dropped(shares, count) == places, f"{count} of {shares}: {dropped(shares, count)}"


@pytest.mark.parametrize(
    ("value", "to", "how", "expected"),
    [
        (1.25, 0.5, "nearest", 1.5),
        (1.24, 0.5, "nearest", 1.0),
        (1.75, 0.5, "nearest", 2.0),
        (2.5, 1.0, "nearest", 3.0),
        (0.35, 0.1, "nearest", 0.4),
        (7.0, 2.0, "nearest", 8.0),
        (0.1 + 0.2, 0.1, "up", 0.3),
        (0.31, 0.1, "up", 0.4),
        (1.01, 1.0, "up", 2.0),
        (2.0, 1.0, "up", 2.0),
        (0.3 * 3, 0.1, "down", 0.9),
        (0.89, 0.1, "down", 0.8),
        (1.99, 1.0, "down", 1.0),
        (1.0 / 3.0, 1e-5, "down", 0.33333),
    ],
)
def test_a_total_is_rounded(value: float, to: float, how: str, expected: float) -> None:
    found = rounded(value, Rounding(to, how))  # type: ignore[arg-type]
    assert found == expected, f"{value} to {to}, {how}: {found}"


def test_dust_of_adding_decides_nothing_and_a_difference_of_points_does() -> None:
    assert rounded(1.0 + 4e-10, Rounding(1.0, "up")) == 1.0, "dust is not rounded up"
    assert rounded(1.0 + 1e-8, Rounding(1.0, "up")) == 2.0, "more than dust is"
    assert rounded(1.0 - 4e-10, Rounding(1.0, "down")) == 1.0, "dust is not rounded down"
    assert rounded(1.0 - 1e-8, Rounding(1.0, "down")) == 0.0, "more than dust is"
    assert rounded(0.5 - 4e-10, Rounding(1.0)) == 1.0, "dust below a half is a half"
    assert rounded(0.5 - 1e-8, Rounding(1.0)) == 0.0, "less than a half is not"


def test_without_rounding_only_dust_goes() -> None:
    assert rounded(0.1 + 0.2, None) == 0.3, "dust of adding"
    assert rounded(1.2345678, None) == 1.234568, "six digits, as points have"
    assert rounded(0.3333333 * 3, Rounding(1e-6)) == 1.0, "a multiple has no more digits either"
    assert rounded(0.123456, Rounding(1e-6)) == 0.123456, "nor fewer"
    assert rounded(0.1234567, Rounding(1e-7)) == 0.123457, "also where the course asks for more"


def test_the_rules_in_force_are_told() -> None:
    assert rules(settings()) == [], "where points are summed there is no rule"
    penalty = LatePenalty(0.1)
    assert rules(settings(late=penalty)) == [], "a penalty without a due date is none"
    due = {"a": Terms(due=DUE), "b": Terms()}
    assert rules(settings(late=penalty, assignments=due)) == ["late: 10 % of the points for each begun day"]
    assert rules(settings(assignments=due)) == [], "nor is a due date without a penalty"
    strict = LatePenalty(0.125, per="hour", of="earned", most=0.5, grace_minutes=15)
    assert rules(settings(late=strict, assignments=due)) == [
        "late: 12.5 % of the earned points for each begun hour, at most 50 %, after 15 min of grace"
    ], "every word of it"
    weighed = {"a": Terms(weight=30.0), "b": Terms(weight=0.0)}
    found = rules(settings(assignments=weighed, drop=2, rounding=Rounding(0.5, "up")))
    assert found == [
        "weights: a 30, b 0",
        "dropped: the 2 lowest of each student's assignments",
        "rounding: totals to multiples of 0.5, up",
    ], f"one line each: {found}"


def test_values_do_not_change() -> None:
    assert changeable(policy) == [], "a value that can change is no fact"


@pytest.mark.parametrize("zone", ["Europe/Prague", "America/New_York", "Australia/Lord_Howe", "UTC"])
def test_one_instant_has_one_penalty_whatever_its_zone(zone: str) -> None:
    rules = settings(assignments={"a": Terms(due=datetime(2026, 10, 24, 23, 59))}, timezone=zone)
    due = due_of(rules, "anna", "a")
    assert due is not None, "it is due"
    for hours in (0.5, 12, 24.2, 26, 24 * 8 + 0.5):
        instant = due.astimezone(UTC) + timedelta(hours=hours)
        # As Moodle says it: the clock on the wall, without a zone. An hour that comes twice is taken as the first.
        wall = instant.astimezone(zoneinfo.ZoneInfo(zone)).replace(tzinfo=None, fold=0).isoformat()
        ways = [parse_time(rules, text) for text in (instant.isoformat(), wall)]
        late = [lateness(LatePenalty(0.1), due, at, 20.0, 24.0) for at in ways if at is not None]
        assert late[0] == late[1], f"{hours} h late in {zone}: {late}"
        assert late[0] is not None and late[0].by == timedelta(hours=hours), f"the time that has passed: {late[0]}"


def test_an_extension_counts_however_the_name_is_written() -> None:
    due = datetime(2026, 10, 1, 12, tzinfo=UTC)
    rules = settings(
        assignments={"a": Terms(due=due)}, extensions={"Nova\u0301k, Jan": {"a": 2.0}, "O’Brien": {"all": 1.0}}
    )
    assert due_of(rules, "Jan Novák", "a") == due + timedelta(days=2), "decomposed letters, the last name first"
    assert due_of(rules, "o'brien", "a") == due + timedelta(days=1), "another apostrophe"
    assert due_of(rules, "Jana Nováková", "a") == due, "somebody else"


STEPS = LatePenalty(steps=(LateStep(24, 0.1), LateStep(72, 0.3)))


@pytest.mark.parametrize(
    ("penalty", "by", "lost", "rule"),
    [
        (STEPS, MINUTE, 2.0, "2 points less (10 % of the 20 points, as up to 1 day after it was due)"),
        (STEPS, DAY, 2.0, "2 points less (10 % of the 20 points, as up to 1 day after it was due)"),
        (STEPS, DAY + MINUTE, 6.0, "6 points less (30 % of the 20 points, as up to 3 days after it was due)"),
        (STEPS, 3 * DAY, 6.0, "6 points less (30 % of the 20 points, as up to 3 days after it was due)"),
        (
            STEPS,
            3 * DAY + MINUTE,
            15.0,
            "15 points less (100 % of the 20 points, as more than 3 days after it was due)",
        ),
        (LatePenalty(0.1, cutoff_days=3), 3 * DAY, 6.0, "6 points less (30 % of the 20 points)"),
        (
            LatePenalty(0.1, cutoff_days=3),
            3 * DAY + MINUTE,
            15.0,
            "it counts 0, as 3 days after the due date nothing counts any more",
        ),
        (LatePenalty(cutoff_days=0), MINUTE, 15.0, "it counts 0, as 0 min after the due date nothing counts any more"),
        (LatePenalty(cutoff_days=1), MINUTE, 0.0, "0 points less (0 % of the 20 points)"),
    ],
)
def test_steps_and_a_cutoff(penalty: LatePenalty, by: timedelta, lost: float, rule: str) -> None:
    found = lateness(penalty, DUE, DUE + by, 15.0, 20.0)
    assert found == Late(by, lost, f"handed in {in_words(by)} after it was due: {rule}"), f"{by}: {found}"


def test_slip_days_are_spent_before_anything_is_taken_off() -> None:
    penalty = LatePenalty(0.1, slip_days=3)
    one = lateness(penalty, DUE, DUE + HOUR, 15.0, 20.0, slip=1)
    assert one == Late(HOUR, 0.0, "handed in 1 h after it was due, with 1 slip day spent: nothing is taken off"), (
        f"{one}"
    )
    two = lateness(penalty, DUE, DUE + 2 * DAY, 15.0, 20.0, slip=2)
    assert two == Late(2 * DAY, 0.0, "handed in 2 days after it was due, with 2 slip days spent: nothing is taken off")
    left = lateness(penalty, DUE, DUE + 2 * DAY + HOUR, 15.0, 20.0, slip=1)
    assert left is not None and left.points == 4.0, f"two begun days are left: {left}"
    assert "with 1 slip day spent: 4 points less (20 % of the 20 points)" in left.reason, left.reason
    cut = lateness(LatePenalty(0.1, cutoff_days=1), DUE, DUE + 2 * DAY, 15.0, 20.0, slip=2)
    assert cut is not None and cut.points == 15.0, f"no slip day opens what is closed: {cut}"


def test_slip_days_are_spent_in_order_by_begun_days() -> None:
    penalty = LatePenalty(0.1, slip_days=3, grace_minutes=10)
    spans = {"a": DAY + MINUTE, "b": -DAY, "c": 10 * MINUTE, "d": 2 * DAY, "e": HOUR}
    assert slips(penalty, spans) == {"a": 2, "b": 0, "c": 0, "d": 1, "e": 0}, f"{slips(penalty, spans)}"
    assert slips(None, {"a": DAY}) == {"a": 0} == slips(LatePenalty(0.1), {"a": DAY}), "none where there are none"
    assert [begun_days(span) for span in (-DAY, timedelta(0), MINUTE, DAY, DAY + MINUTE)] == [0, 0, 1, 1, 2], "begun"


@pytest.mark.parametrize(
    ("bonus", "by", "earned", "wanted"),
    [
        (EarlyBonus(0.1, 2), 2 * DAY, 15.0, 2.0),
        (EarlyBonus(0.1, 2), 2 * DAY - MINUTE, 15.0, None),
        (EarlyBonus(0.1, 2), 2 * DAY, 19.0, 1.0),
        (EarlyBonus(0.1, 2), 2 * DAY, 20.0, None),
        (EarlyBonus(0.1, 2, above_maximum=True), 2 * DAY, 20.0, 2.0),
        (EarlyBonus(0.1, 0), timedelta(0), 15.0, 2.0),
        (EarlyBonus(0.1, 2), 2 * DAY, 0.0, None),
        (None, 9 * DAY, 15.0, None),
    ],
)
def test_what_coming_early_brings(bonus: EarlyBonus | None, by: timedelta, earned: float, wanted: float | None) -> None:
    found = earliness(bonus, DUE, DUE - by, earned, 20.0)
    assert (None if found is None else found.points) == wanted, f"{by} early with {earned}: {found}"


def test_an_early_hand_in_is_told() -> None:
    found = earliness(EarlyBonus(0.1, 2), DUE, DUE - 3 * DAY, 19.0, 20.0)
    told = "handed in 2 days or more before it was due: 1 points more (10 % of the 20 points, up to all of its points)"
    assert found == Early(1.0, told), f"{found}"
    whole = earliness(EarlyBonus(0.1, 2), DUE, DUE - 3 * DAY, 15.0, 20.0)
    assert whole is not None and whole.reason.endswith("2 points more (10 % of the 20 points)"), f"{whole}"


@pytest.mark.parametrize(
    ("late", "rule"),
    [
        (STEPS, "late: of the points 10 % up to 1 day, 30 % up to 3 days, then all of them"),
        (LatePenalty(0.1, cutoff_days=3), "late: 10 % of the points for each begun day, nothing counts after 3 days"),
        (
            LatePenalty(0.1, slip_days=4),
            "late: 10 % of the points for each begun day, 4 slip days a student, spent in the order of due dates",
        ),
        (LatePenalty(cutoff_days=1), "late: nothing counts after 1 day"),
    ],
)
def test_the_rules_say_them(late: LatePenalty, rule: str) -> None:
    due = {"a": Terms(due=DUE)}
    assert rules(settings(late=late, assignments=due)) == [rule], f"{rules(settings(late=late, assignments=due))}"
    early = settings(early=EarlyBonus(0.05, 2), assignments=due)
    assert rules(early) == ["early: 5 % more 2 days before it is due"], f"{rules(early)}"
    assert rules(settings(early=EarlyBonus(0.05, 2), late=late)) == [], "nothing without a due date"


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: LatePenalty(), "penalty"),
        (lambda: LatePenalty(0.1, steps=(LateStep(24, 0.1),)), "say one of the two"),
        (lambda: LatePenalty(steps=(LateStep(24, 0.1), LateStep(24, 0.2))), "the step before has more"),
        (lambda: LatePenalty(0.1, cutoff_days=-1), "cutoff_days"),
        (lambda: LatePenalty(0.1, slip_days=-1), "slip_days"),
        (lambda: LateStep(0, 0.1), "hours"),
        (lambda: LateStep(1, 1.1), "share"),
        (lambda: EarlyBonus(0.0, 1), "share"),
        (lambda: EarlyBonus(0.1, -1), "days"),
    ],
)
def test_a_wrong_rule_is_refused(make: Callable[[], object], told: str) -> None:
    with pytest.raises(WrongSettingError) as caught:
        make()
    assert told in f"{caught.value.keys} {caught.value}", f"{caught.value.keys} {caught.value}"
