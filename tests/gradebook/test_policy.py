"""The course's settings, and the way from a record to a score."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from autograder.course.settings import Course, LatePenalty, Rounding, Terms, read_course
from autograder.errors import CourseError
from autograder.gradebook.final import Final, final, finals
from autograder.gradebook.marks import Mark, mark_hash
from autograder.gradebook.marks_file import Marks
from autograder.gradebook.policy import dropped, due_of, lateness, rounded
from autograder.judging.tolerance import Tolerance
from autograder.judging.verdicts import Verdict
from autograder.records.record import AssignmentResult, CheckResult, QuestionResult, Result
from tests.small import REFERENCE
from tests.small.making import course, hand_in, run

DUE = datetime(2023, 6, 12, 20, 0, tzinfo=UTC)
TOLERANCES = dict.fromkeys(("value", "derivation", "differences"), Tolerance(1e-9, 1e-12))


def settings(**given: object) -> Course:
    return Course(**{"seed": 1, "tolerances": TOLERANCES, **given})  # type: ignore[arg-type]


def record(scores: dict[str, tuple[float, float]], at: str = "", student: str = "anna") -> Result:
    """A record with a function and a written answer of 4 points in each assignment."""

    def assignment(name: str, score: float, most: float) -> AssignmentResult:
        checks = (CheckResult("values", "Is right", Verdict.FAILED, score, most),)
        criteria = (
            CheckResult("criterion_1", "Says it", Verdict.UNGRADED, 0.0, 3.0),
            CheckResult("criterion_2", "Proves it", Verdict.UNGRADED, 0.0, 1.0),
        )
        questions = (
            QuestionResult("f", score, most, checks),
            QuestionResult("written_1", 0.0, 4.0, criteria, written=True),
        )
        return AssignmentResult(
            name, name.upper(), score, most + 4.0, questions, file="f.py", submission="s", answers="Because.", at=at
        )

    parts = tuple(assignment(name, *numbers) for name, numbers in scores.items())
    return Result(student, sum(a.score for a in parts), sum(a.max_score for a in parts), parts)


def total(found: Final) -> tuple[float | None, float]:
    return found.score, found.max_score


def test_without_policy_and_marks_the_score_is_the_machines() -> None:
    found = final(record({"a": (6, 10), "b": (2, 5)}), Marks(), settings())
    assert total(found) == (8, 23), f"the sum of the points: {found}"
    assert (found.waiting, found.applied, found.doubts) == (4, (), ()), f"nothing was applied: {found}"
    assert found.record == record({"a": (6, 10), "b": (2, 5)}), "the record shown is the record"


@pytest.mark.parametrize(
    ("penalty", "hours", "points"),
    [
        (LatePenalty(0.1), -1, None),
        (LatePenalty(0.1, grace_minutes=60), 1, None),
        (LatePenalty(0.1, grace_minutes=59), 1, 2.0),
        (LatePenalty(0.1), 1, 2.0),
        (LatePenalty(0.1), 24, 2.0),
        (LatePenalty(0.1), 25, 4.0),
        (LatePenalty(0.1, of="earned"), 25, 3.0),
        (LatePenalty(0.01, per="hour"), 5, 1.0),
        (LatePenalty(0.1, most=0.3), 24 * 9, 6.0),
        (LatePenalty(0.5), 24 * 9, 15.0),
        (None, 25, 0.0),
    ],
)
def test_lateness_costs_what_the_course_says(penalty: LatePenalty | None, hours: float, points: float | None) -> None:
    found = lateness(penalty, DUE, DUE + timedelta(hours=hours), 15.0, 20.0)
    assert (found.points if found else None) == points, f"{hours} h late under {penalty}: {found}"


def test_extensions_move_the_due_date() -> None:
    given = settings(
        assignments={"a": Terms(due=DUE), "b": Terms()},
        extensions={"anna": {"a": 2.0}, "berta": {"all": DUE + timedelta(days=7)}, "cem": {"b": 3.0}},
    )
    assert due_of(given, "anna", "a") == DUE + timedelta(days=2), "two days more"
    assert due_of(given, "berta", "a") == DUE + timedelta(days=7), "another date, for all assignments"
    assert due_of(given, "cem", "a") == DUE, "an extension of another assignment is none"
    assert due_of(given, "cem", "b") is None, "days more on no date are no date"


def test_late_points_come_off_after_marks_and_are_explained() -> None:
    given = settings(assignments={"a": Terms(due=DUE)}, late=LatePenalty(0.1), timezone="UTC")
    marks = Marks.of([Mark("anna", "a.written_1.1", 3.0)])
    # A time without an offset is one of the course's zone.
    found = final(record({"a": (6, 10)}, at="2023-06-13T21:00:00"), marks, given)
    assert total(found) == (6.2, 14), f"9 points less two begun days of 1.4: {found}"
    (line,) = found.applied
    assert "1 day 1 h after it was due" in line and "2.8 points less" in line, f"the student must see why: {line}"
    assert found.record.score == found.score, "pages and tables show the same"
    unknown = final(record({"a": (6, 10)}, at="last week"), Marks(), given)
    assert "last week" in unknown.doubts[0], f"a time that is not understood is a person's: {unknown.doubts}"
    late_mark = msgspec.structs.replace(record({"a": (6, 10)}).assignments[0], late=True)
    told = final(msgspec.structs.replace(record({"a": (6, 10)}), assignments=(late_mark,)), Marks(), given)
    assert "late, and not when" in told.doubts[0], f"so is the platform's mark alone: {told.doubts}"


def test_weights_drops_and_rounding_make_the_total() -> None:
    weighed = settings(assignments={n: Terms(weight=w) for n, w in {"a": 30.0, "b": 50.0, "c": 20.0}.items()})
    scores = {"a": (7.0, 10.0), "b": (3.5, 10.0), "c": (1.4, 10.0)}
    found = final(record(scores), Marks(), weighed)
    assert total(found) == (29.5, 100), f"shares of the weights: {found}"
    dropping = msgspec.structs.replace(weighed, drop=1, rounding=Rounding(0.5, "up"))
    found = final(record(scores), Marks(), dropping)
    assert total(found) == (27.5, 80), f"the lowest share does not count: {found}"
    assert [part.is_dropped for part in found.assignments] == [False, False, True], "the third is dropped"
    assert any("C does not count" in line for line in found.applied), f"the student must see it: {found.applied}"
    assert total(final(record({"a": (1, 10)}), Marks(), settings(drop=3))) == (1, 14), "one always counts"
    assert dropped([0.5, 0.2, 0.2], 1) == {1}, "of equal ones the first"


@pytest.mark.parametrize(
    ("value", "to", "how", "expected"),
    [
        (1.25, 0.5, "nearest", 1.5),
        (1.24, 0.5, "nearest", 1.0),
        (2.5, 1.0, "nearest", 3.0),
        (0.1 + 0.2, 0.1, "up", 0.3),
        (1.01, 1.0, "up", 2.0),
        (0.3 * 3, 0.1, "down", 0.9),
        (1.99, 1.0, "down", 1.0),
    ],
)
def test_rounding(value: float, to: float, how: str, expected: float) -> None:
    found = rounded(value, Rounding(to, how))  # type: ignore[arg-type]
    assert found == pytest.approx(expected), f"{value} to {to}, {how}: {found}"


def test_overrides_stand_in_place_of_scores_and_say_why() -> None:
    raw = record({"a": (6, 10)})
    marks = Marks.of([Mark("anna", "a.f", 9.0, "the case was unclear", mark_hash(raw, "a.f"))])
    found = final(raw, marks, settings())
    assert total(found) == (9, 14), f"the override counts: {found}"
    assert "9 points in place of 6. the case was unclear" in found.applied[0], f"the reason is told: {found.applied}"
    assert not found.doubts, f"nothing has changed: {found.doubts}"
    whole = final(raw, marks.with_mark(Mark("anna", "a", 12.0, "viva")), settings())
    assert total(whole) == (12, 14), f"an assignment as a whole: {whole}"
    assert raw.score == 6, "the record stays what the machine found"


def test_marks_that_no_longer_fit_are_doubted() -> None:
    raw = record({"a": (6, 10)})
    marks = Marks.of(
        [
            Mark("anna", "a.written_1.1", 2.0, "", mark_hash(raw, "a.written_1.1")),
            Mark("anna", "a.f", 9.0, "unclear", mark_hash(raw, "a.f")),
            Mark("anna", "a.written_1.2", 5.0, "", ""),
            Mark("anna", "a.gone", 5.0, "why"),
        ]
    )
    doubts = final(raw, marks, settings()).doubts
    assert len(doubts) == 2, f"too many points, and an item that is not there: {doubts}"
    other = msgspec.structs.replace(raw.assignments[0], answers="Otherwise.", submission="t")
    doubts = final(msgspec.structs.replace(raw, assignments=(other,)), marks, settings()).doubts
    assert sum("has changed since" in doubt for doubt in doubts) == 2, f"the answer and the code changed: {doubts}"


def test_a_groups_record_counts_for_its_members() -> None:
    given = settings(
        groups={"team": ("anna", "berta", "cem")},
        assignments={"a": Terms(due=DUE)},
        extensions={"berta": {"a": 5.0}},
        late=LatePenalty(0.5),
    )
    team = record({"a": (6, 10)}, at="2023-06-13T00:00:00+00:00", student="team")
    own = record({"a": (1, 10)}, student="cem")
    found = {each.student: each.score for each in finals([team, own], Marks(), given)}
    assert found == {"anna": 0.0, "berta": 6.0, "cem": 1.0}, f"members with their own terms and records: {found}"


def test_a_grader_error_stays_without_a_score() -> None:
    failed = msgspec.structs.replace(record({"a": (6, 10)}), score=None)
    found = final(failed, Marks(), settings(rounding=Rounding(1.0)))
    assert found.score is None and found.record.score is None, "our fault is no zero"


@pytest.mark.parametrize(
    ("top", "tables", "line", "told"),
    [
        ("drop = -1", "", 3, "drop is -1"),
        ("drop = 1", "", 3, "one must count"),
        ("reveel = 'full'", "", 3, "did you mean reveal"),
        ("reveal = 'all'", "", 3, "reveal is 'all'; there are verdict, hint, case, full"),
        ('timezone = "Mars/Crater"', "", 3, "timezone"),
        ('cases = "mine"', "", 3, "cases is 'mine'; there are shared, per-student"),
        ("", "[late]\npenalty = 2", 12, "late.penalty is 2.0"),
        ("", "[late]\npenalty = 0.1\nper = 'week'", 13, "late.per is 'week'; there are day, hour"),
        ("", "[late]\nper = 'day'", 11, "late.penalty is missing"),
        ("", "[assignments.b1_squares]\ndue = 2023-06-12T00:00:00", 12, "without an offset"),
        (
            "",
            "[assignments.b1_squares]\nweight = 'much'",
            12,
            "assignments.b1_squares.weight must be a number, not a text",
        ),
        ("", "[assignments.b7_cubes]\nweight = 3", 11, "there are b1_squares"),
        ("", "[extensions]\nanna = { b1_squares = -3 }", 12, "extensions.anna.b1_squares is -3"),
        ("", "[extensions.anna]\nb7 = 3", 12, "is no assignment"),
        ("", "[rounding]\nto = 0", 12, "rounding.to is 0"),
        ("", "[groups]\nteam = 'anna'", 12, "groups.team must be a list, not a text"),
        ("", "[tolerances.mine]\nrelative = -1.0\nabsolute = 0.0", 12, "tolerances.mine.relative is -1.0"),
        ("", "[late", 11, "no TOML"),
    ],
)
def test_a_mistake_in_the_settings_is_told_with_line_and_key(
    top: str, tables: str, line: int, told: str, tmp_path: Path
) -> None:
    folder = course(tmp_path / "solutions", tables, top)
    text = (folder / "course.toml").read_text()
    with pytest.raises(CourseError) as caught:
        read_course(folder / "course.toml")
    message = str(caught.value)
    assert told in message, f"the key and what is wrong: {message}"
    assert f"line {line}" in message, f"line {line} of\n{text}\nmust be told: {message}"


def test_a_run_applies_the_policy_and_says_so(tmp_path: Path) -> None:
    given = course(tmp_path / "solutions", "[rounding]\nto = 5\nhow = 'up'\n[assignments.b1_squares]\nweight = 100")
    submissions = hand_in(tmp_path / "submissions", {"anna": REFERENCE})
    results = run(submissions, tmp_path / "out", given)
    assert results.finals[0].score == 90.0, f"16 of 18 are 88.9 of 100, rounded up: {results.finals[0]}"
    assert results.records[0].score == 16.0, "the record stays as it is"
    assert any("weights: b1_squares 100" in line for line in results.told), f"the run says so: {results.told}"
    rows = (tmp_path / "out" / "scores.csv").read_text().splitlines()
    assert rows[1].startswith("anna,90,100,"), f"the table has it: {rows}"
    page = (tmp_path / "out" / "feedback" / "anna.html").read_text()
    text = " ".join(re.sub(r"<[^>]*>", "", page).split())
    assert "90 of 100 points" in text, f"the page has it: {text[:300]}"
    assert "is rounded to 90" in page, "and how it came about"
