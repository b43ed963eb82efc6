"""From a record to a score, step by step: marks, lateness, weights, drops, rounding, groups, and what is told."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from autograder.course.settings import EarlyBonus, LatePenalty, Rounding, Terms
from autograder.gradebook import final as final_module
from autograder.gradebook.final import Final, course_has_due, each_final, final, finals, told_of_class
from autograder.gradebook.marks import Mark, mark_hash
from autograder.gradebook.marks_file import Marks
from autograder.judging.verdicts import Verdict
from autograder.records.record import Result
from tests.gradebook.made_up import (
    DUE,
    FAILED,
    PASSED,
    UNGRADED,
    assignment,
    check,
    function,
    record,
    scored,
    settings,
    written,
)
from tests.values import changeable

ANNA = record(assignment("a", function("f", check("one", 6.0, 10.0)), written("written_1", 3.0, 1.0)))
LATE_AT = (DUE + timedelta(hours=25)).isoformat()


def given(*marks: Mark) -> Marks:
    return Marks.of(marks)


def criterion(number: int, points: float, comment: str = "", of: str = "") -> Mark:
    return Mark("anna", f"a.written_1.{number}", points, comment, of)


def totals(found: Final) -> tuple[float | None, float, float | None]:
    return found.score, found.max_score, found.machine


def test_without_marks_and_rules_the_record_is_the_score() -> None:
    found = final(ANNA, Marks(), settings())
    assert totals(found) == (6.0, 14.0, 6.0) and found.record == ANNA, f"as the machine found it: {found}"
    assert (found.applied, found.doubts, found.waiting, found.overrides) == ((), (), 2, 0), f"nothing applied: {found}"
    (part,) = found.assignments
    numbers = (part.machine, part.earned, part.score, part.max_score, part.worth, part.max_worth)
    assert numbers == (6.0, 6.0, 6.0, 14.0, 6.0, 14.0), f"step by step: {part}"
    assert (part.name, part.title, part.late, part.is_dropped, part.at) == ("a", "A", None, False, ""), f"{part}"
    assert (found.student, found.source) == ("anna", "anna"), f"whose it is: {found}"


def test_criteria_are_marked_one_by_one() -> None:
    found = final(ANNA, given(criterion(1, 3.0, "Right."), criterion(2, 0.5, "Half.")), settings())
    assert totals(found) == (9.5, 14.0, 6.0), f"three and a half more: {found}"
    question = found.record.assignments[0].questions[1]
    one, two = question.checks
    assert (one.verdict, one.points, one.message, one.brief) == (PASSED, 3.0, "Right.", "Right."), f"full points: {one}"
    assert (two.verdict, two.points, two.message) == (FAILED, 0.5, "Half."), f"less than full: {two}"
    assert (question.score, question.comment, found.waiting) == (3.5, "Right.\n\nHalf.", 0), (
        f"nothing waits: {question}"
    )
    assert found.record.assignments[0].score == 9.5, "the assignment has the sum"
    some = final(ANNA, given(criterion(2, 1.5)), settings())
    assert (some.waiting, some.score, some.overrides) == (1, 7.5, 0), f"the other still waits: {some}"
    assert some.record.assignments[0].questions[1].checks[0].verdict is UNGRADED, "and is no zero"
    assert some.record.assignments[0].questions[1].checks[1].verdict is PASSED, "more than full is full"
    assert some.record.assignments[0].questions[1].comment == "", "nobody said anything"


def test_a_comment_that_is_said_twice_is_told_once() -> None:
    found = final(ANNA, given(criterion(1, 1.0, "See above."), criterion(2, 0.0, "See above.")), settings())
    assert found.record.assignments[0].questions[1].comment == "See above.", "once"
    marks = given(criterion(1, 1.0, "One."), Mark("anna", "a.written_1", 2.0, "Whole."))
    assert final(ANNA, marks, settings()).record.assignments[0].questions[1].comment == "One.\n\nWhole.", "in order"


def test_an_override_stands_in_place_of_a_function_and_says_why() -> None:
    found = final(ANNA, given(Mark("anna", "a.f", 9.0, "unclear")), settings())
    assert totals(found) == (9.0, 14.0, 6.0), f"in place of 6: {found}"
    assert found.applied == ("f: 9 points in place of 6. unclear",), f"and why: {found.applied}"
    assert (found.overrides, found.assignments[0].machine, found.assignments[0].earned) == (1, 6.0, 9.0), f"{found}"
    question = found.record.assignments[0].questions[0]
    assert (question.score, question.checks) == (9.0, ANNA.assignments[0].questions[0].checks), "checks stay"
    quiet = final(ANNA, given(Mark("anna", "a.f", 9.0)), settings())
    assert quiet.applied == ("f: 9 points in place of 6.",), f"without a reason, too: {quiet.applied}"


def test_an_override_of_a_written_answer_ends_its_waiting() -> None:
    marks = given(criterion(1, 0.5), Mark("anna", "a.written_1", 2.5, "whole"))
    found = final(ANNA, marks, settings())
    assert (found.score, found.waiting, found.overrides) == (8.5, 0, 1), f"in place of its criteria: {found}"
    assert found.applied == ("written_1: 2.5 points. whole",), f"in place of nothing: {found.applied}"
    one, two = found.record.assignments[0].questions[1].checks
    assert (one.verdict, one.points) == (FAILED, 0.5), f"a criterion that was marked stays so: {one}"
    assert (two.verdict, two.points) == (FAILED, 0.0), f"one that was not waits no more: {two}"
    given_points = replace(ANNA.assignments[0].questions[1].checks[1], points=1.0)
    question = replace(
        ANNA.assignments[0].questions[1], checks=(ANNA.assignments[0].questions[1].checks[0], given_points)
    )
    other = record(assignment("a", ANNA.assignments[0].questions[0], question))
    found = final(other, given(Mark("anna", "a.written_1", 2.5)), settings())
    assert [each.verdict for each in found.record.assignments[0].questions[1].checks] == [FAILED, PASSED], "by points"


def test_an_override_of_a_whole_assignment_stands_above_all() -> None:
    marks = given(Mark("anna", "a.f", 9.0), Mark("anna", "a", 12.5, "viva"))
    found = final(ANNA, marks, settings())
    assert totals(found) == (12.5, 14.0, 6.0), f"in place of the sum: {found}"
    assert found.applied == ("f: 9 points in place of 6.", "A: 12.5 points in place of 9. viva"), f"{found.applied}"
    assert found.overrides == 2, f"both are overrides: {found}"


def test_only_criteria_wait() -> None:
    odd = record(assignment("a", function("f", check("one", 0.0, 1.0, Verdict.WRONG_TYPE)), written("written_1", 1.0)))
    assert final(odd, Marks(), settings()).waiting == 1, "a check that failed does not, however it failed"
    bare = Final("anna", None, 0.0, None, (), ANNA)
    assert (bare.waiting, bare.overrides) == (0, 0), "nothing waits and nothing is overridden unless it is said"


def test_marks_of_another_student_do_not_count() -> None:
    found = final(ANNA, given(Mark("berta", "a.f", 9.0)), settings())
    assert (found.score, found.overrides, found.doubts) == (6.0, 0, ()), f"they are Berta's: {found}"


def test_marks_that_no_longer_fit_are_doubted() -> None:
    marks = given(
        criterion(1, 2.0, of=mark_hash(ANNA, "a.written_1.1")),
        criterion(2, 1.0),
        Mark("anna", "a.f", 9.0, of=mark_hash(ANNA, "a.f")),
        Mark("anna", "a", 9.0, of="0" * 20),
        Mark("anna", "a.gone", 1.0),
        Mark("anna", "b", 1.0),
    )
    assert final(ANNA, marks, settings()).doubts == (
        "a: the submission or the machine's score has changed since 9 points were given",
        "a.gone: the record has nothing of this name; the mark counts nowhere",
        "b: the record has nothing of this name; the mark counts nowhere",
    ), "in order of items; a mark that fits, or that says nothing of what it was given on, is none"
    stale = given(criterion(1, 2.5, of="0" * 20), criterion(2, 1.5), Mark("anna", "a.f", 11.0, of="z" * 20))
    assert final(ANNA, stale, settings()).doubts == (
        "a.f: the submission or the machine's score has changed since 11 points were given",
        "a.written_1.1: the answer has changed since 2.5 points were given",
        "a.written_1.2: 1.5 points were given, and there are 1",
    ), "an override may be above what there is; a criterion's mark may not"
    for of in ("0" * 20, "z" * 20):  # a hash is neither more nor less than another
        assert len(final(ANNA, given(criterion(2, 1.0, of=of)), settings()).doubts) == 1, of
    gone = given(Mark("anna", "a.written_1.3", 9.0))
    assert len(final(ANNA, gone, settings()).doubts) == 1, "a criterion that is not there has no points to exceed"


def late(**changes: Any) -> Result:
    return record(scored("a", 6.0, 10.0, at=LATE_AT, **changes))


TERMS = {"a": Terms(due=DUE)}


def test_late_points_come_off_after_marks_and_are_explained() -> None:
    rules = settings(assignments=TERMS, late=LatePenalty(0.1))
    found = final(late(), given(Mark("anna", "a.f", 9.0)), rules)
    (part,) = found.assignments
    assert totals(found) == (7.0, 10.0, 6.0), f"9 points less two begun days of 1: {found}"
    assert (part.machine, part.earned, part.score, part.worth) == (6.0, 9.0, 7.0, 7.0), f"step by step: {part}"
    assert part.at == LATE_AT and part.late is not None and part.late.points == 2.0, f"{part}"
    words = "A was handed in 1 day 1 h after it was due: 2 points less (20 % of the 10 points)."
    assert found.applied == ("f: 9 points in place of 6.", words), f"the student must see why: {found.applied}"
    assert found.record.assignments[0].score == 7.0, "pages show the same"


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({"at": "last week"}, "a: 'last week' is not understood as the time of handing in"),
        ({"at": "", "late": True}, "a: the platform says that it was late, and not when"),
        ({"at": "", "late": False}, ""),
        ({"at": ""}, ""),
        ({"file": None}, ""),
        ({"at": "2023-06-12T20:00:00+00:00"}, ""),
    ],
)
def test_without_a_time_nothing_is_taken_off(changes: dict[str, Any], doubt: str) -> None:
    found = final(
        record(scored("a", 6.0, 10.0, **{"at": LATE_AT, **changes})),
        Marks(),
        settings(assignments=TERMS, late=LatePenalty(0.1)),
    )
    assert found.score == 6.0 and found.assignments[0].late is None, f"{changes}: {found}"
    assert found.doubts == ((doubt,) if doubt else ()), f"{changes}: a person must look: {found.doubts}"
    assert final(late(), Marks(), settings(late=LatePenalty(0.1))).score == 6.0, "nor without a due date"


def test_slip_days_are_spent_in_the_order_of_due_dates_and_told() -> None:
    times = {"a": "2023-06-14T21:00:00+00:00", "b": "2023-06-05T09:00:00+00:00", "c": "2023-06-20T00:00:00+00:00"}
    rules = settings(
        assignments={
            "a": Terms(due=DUE),
            "b": Terms(due=DUE - timedelta(days=8)),
            "c": Terms(due=DUE + timedelta(days=8)),
        },
        late=LatePenalty(0.1, slip_days=2),
    )
    found = final(record(*(scored(name, 6.0, 10.0, at=at) for name, at in times.items())), Marks(), rules)
    lost = {part.name: part.late.points if part.late else None for part in found.assignments}
    assert lost == {"a": 2.0, "b": 0.0, "c": None}, f"b is due first and takes one day; a is 3 days late: {lost}"
    assert found.score == 16.0, f"{found.score}"
    told = [line for line in found.applied if "slip day" in line]
    assert told == [
        "A was handed in 2 days 1 h after it was due, with 1 slip day spent: 2 points less (20 % of the 10 points).",
        "B was handed in 13 h after it was due, with 1 slip day spent: nothing is taken off.",
    ], f"{told}"


def test_what_comes_early_brings_points_and_is_told() -> None:
    rules = settings(assignments=TERMS, early=EarlyBonus(0.1, 2))
    found = final(record(scored("a", 6.0, 10.0, at="2023-06-10T20:00:00+00:00")), Marks(), rules)
    (part,) = found.assignments
    assert (part.earned, part.score, found.score) == (6.0, 7.0, 7.0) and part.early is not None, f"{part}"
    assert found.applied == (
        "A was handed in 2 days or more before it was due: 1 points more (10 % of the 10 points).",
    ), f"{found.applied}"


THREE = record(scored("a", 7.0, 10.0), scored("b", 3.5, 10.0), scored("c", 1.4, 10.0))
WEIGHTS = {"a": Terms(weight=30.0), "b": Terms(weight=50.0), "c": Terms(weight=20.0)}


def test_weights_make_the_total() -> None:
    found = final(THREE, Marks(), settings(assignments=WEIGHTS))
    assert found.score == 41.3, f"shares of the weights: {found}"
    assert [part.worth for part in found.assignments] == [21.0, 17.5, 2.8], f"each its share: {found.assignments}"
    assert [part.score for part in found.record.assignments] == [7.0, 3.5, 1.4], f"pages show points: {found.record}"
    assert [part.max_worth for part in found.assignments] == [30.0, 50.0, 20.0], f"of so much: {found.assignments}"
    assert found.max_score == 100.0, f"of all together: {found}"
    assert found.applied == ("The total weighs: A 21 of 30, B 17.5 of 50, C 2.8 of 20.",), f"told: {found.applied}"
    equal = settings(assignments={name: Terms(weight=10.0) for name in "abc"})
    assert final(THREE, Marks(), equal).applied == (), "where weights are points nothing need be told"
    third = final(record(scored("a", 1.0, 3.0)), Marks(), settings(assignments={"a": Terms(weight=1.0)}))
    assert (third.score, third.assignments[0].worth) == (0.333333, 0.333333), f"six digits: {third}"
    assert third.applied == ("The total weighs: A 0.33 of 1.",), f"two are told, also of a smaller weight: {third}"
    nothing = record(assignment("a"))
    found = final(nothing, Marks(), settings(assignments={"a": Terms(weight=5.0)}))
    assert (found.score, found.max_score) == (0.0, 5.0), f"an assignment without points earns none: {found}"


def test_the_lowest_shares_are_dropped() -> None:
    found = final(THREE, Marks(), settings(drop=1))
    assert totals(found) == (10.5, 20.0, THREE.score), f"the third: {found}"
    assert [part.is_dropped for part in found.assignments] == [False, False, True], f"{found.assignments}"
    assert (found.assignments[2].worth, found.assignments[2].max_worth) == (0.0, 0.0), "0 of 0"
    assert found.assignments[2].score == 1.4, "its score stays what it is"
    assert found.applied == ("C does not count: the lowest 1 are dropped.",), f"told: {found.applied}"
    two = final(THREE, Marks(), settings(drop=2, assignments=WEIGHTS))
    assert (two.score, two.max_score) == (21.0, 30.0), f"with weights, too: {two}"
    assert two.applied[-1] == "The total weighs: A 21 of 30.", f"of those that count: {two.applied}"
    shares = record(scored("a", 2.0, 10.0), scored("b", 1.0, 2.0), assignment("c"))
    found = final(shares, Marks(), settings(drop=1))
    assert [part.is_dropped for part in found.assignments] == [True, False, False], "by shares, not by points"
    high = record(scored("a", 8.0, 10.0), scored("b", 1.0, 2.0))
    found = final(high, Marks(), settings(drop=1))
    assert [part.is_dropped for part in found.assignments] == [False, True], "not by points that are missing either"
    full = record(assignment("c"), scored("a", 10.0, 10.0))
    found = final(full, Marks(), settings(drop=1))
    assert [part.is_dropped for part in found.assignments] == [True, False], "one without points is as a full one"
    found = final(shares, Marks(), settings(drop=2))
    assert [part.is_dropped for part in found.assignments] == [True, True, False], (
        "one without points is not the lowest"
    )


def test_the_total_is_rounded_and_says_so() -> None:
    found = final(THREE, Marks(), settings(rounding=Rounding(0.5, "up")))
    assert (found.score, found.max_score) == (12.0, 30.0), f"11.9 up: {found}"
    assert found.applied == ("The total of 11.9 is rounded to 12.",), f"told: {found.applied}"
    assert found.record.score == 12.0, "pages and tables show the same"
    down = final(THREE, Marks(), settings(rounding=Rounding(1.0, "down")))
    assert down.applied == ("The total of 11.9 is rounded to 11.",), f"also where it is less: {down.applied}"
    exact = final(record(scored("a", 7.0, 10.0)), Marks(), settings(rounding=Rounding(0.5)))
    assert exact.applied == (), "where rounding changes nothing it is not told"
    third = final(record(scored("a", 1 / 3, 1.0)), Marks(), settings(rounding=Rounding(1e-6)))
    assert third.applied == (), f"nor where it is dust: {third.applied}"
    digits = final(record(scored("a", 1.23456, 2.0)), Marks(), settings(rounding=Rounding(1.0)))
    assert digits.applied == ("The total of 1.23 is rounded to 1.",), f"no more digits than needed: {digits.applied}"


def test_dust_of_adding_is_no_point() -> None:
    checks = [check(str(n), 0.1, 0.1) for n in range(3)]
    found = final(
        record(assignment("a", function("f", *checks), function("g", check("x", 0.6, 0.6)))),
        given(Mark("anna", "a.g", 0.6)),
        settings(),
    )
    (part,) = found.record.assignments
    assert part.questions[0].score == 0.3 and part.score == 0.9, f"0.1 three times is 0.3: {part}"
    sevenths = record(scored("a", 1 / 7, 1.0))
    assert final(sevenths, given(Mark("anna", "a.f", 1 / 7)), settings()).assignments[0].earned == 0.142857, (
        "six digits"
    )
    assert final(sevenths, Marks(), settings()).assignments[0].score == 0.142857, "of each score"
    mark = given(criterion(1, 1 / 7))
    assert final(ANNA, mark, settings()).record.assignments[0].questions[1].score == 0.142857, "of a question's, too"
    many = record(*(scored(name, 0.1, 0.1) for name in "abc"))
    assert final(many, Marks(), settings()).max_score == 0.3, "and of what there is to earn"
    seventh = settings(assignments={"a": Terms(weight=1 / 7)})
    assert final(record(scored("a", 1.0, 1.0)), Marks(), seventh).max_score == 0.142857, "six digits again"


def test_a_failure_of_the_grader_is_no_score() -> None:
    failed = replace(ANNA, score=None)
    found = final(failed, given(Mark("anna", "a.f", 9.0)), settings(rounding=Rounding(5.0)))
    assert totals(found) == (None, 14.0, None) and found.record.score is None, f"our fault is no zero: {found}"
    assert found.applied == (), "and nothing was applied"


def test_a_groups_record_counts_for_each_member_with_their_own_terms() -> None:
    rules = settings(
        groups={"team": ("anna", "berta", "cem")},
        assignments=TERMS,
        extensions={"berta": {"a": 5.0}},
        late=LatePenalty(0.1),
    )
    team, own = replace(late(), student="team"), record(scored("a", 1.0, 10.0), student="cem")
    marks = given(Mark("team", "a.f", 8.0), Mark("berta", "a.f", 9.0), Mark("cem", "a.f", 2.0))
    found = finals([team, own], marks, rules)
    scores = {each.student: (each.score, each.source) for each in found}
    assert scores == {"anna": (6.0, "team"), "berta": (9.0, "team"), "cem": (2.0, "cem")}, (
        f"the team's mark, a member's own above it, own terms, and a record of one's own: {scores}"
    )
    assert [each.student for each in found] == ["anna", "berta", "cem"], "sorted"
    assert found[0].record.student == "anna", "the record shown is the member's"
    everyone = {"team": team, **{name: replace(own, student=name) for name in ("anna", "berta", "cem")}}
    alone = [each.student for each in each_final(everyone, Marks(), rules)]
    assert alone == ["team", "anna", "berta", "cem"], f"a group whose members all have records is itself: {alone}"


def class_of(*records: Result, marks: Marks | None = None, **rules: Any) -> list[str]:
    made = settings(**rules)
    return told_of_class(finals(records, marks or Marks(), made), marks or Marks(), made)


def test_what_a_run_applied_is_told_in_a_few_lines() -> None:
    assert class_of(ANNA) == [], "where nothing was applied, nothing"
    berta = replace(late(), student="berta")
    unknown = record(scored("a", 1.0, 10.0), scored("b", 1.0, 10.0), student="cem")
    extended = {"Cem": {"a": 1.0}, "emil": {"a": 1.0}, "brta": {"a": 1.0}}
    assert class_of(late(), berta, unknown, late=LatePenalty(0.1), assignments=TERMS, extensions=extended) == [
        "late: 10 % of the points for each begun day",
        "late hand-ins: 2, which lost 4 points",
        "no time of handing in is known for 1 of the assignments with a due date",
        "extensions: 1 students",
        "an extension for emil, of whom there is no record",
        "an extension for brta, of whom there is no record; did you mean berta?",
    ], "each in one line, and an extension that counts for nobody with the nearest name"
    no_rule = class_of(late(), assignments=TERMS)
    assert no_rule == ["late hand-ins: 1, which lost 0 points"], f"without a penalty, too: {no_rule}"
    assert class_of(unknown, assignments={"a": Terms()}) == [], "no time is needed without a due date"


def test_marks_and_doubts_are_told_in_a_few_lines() -> None:
    marks = given(criterion(1, 3.0), Mark("anna", "a.f", 9.0), Mark("anna", "a", 9.0))
    assert class_of(ANNA, marks=marks) == ["marks: 1 given, 1 criteria wait; overrides: 2"], "counts"
    assert class_of(ANNA, marks=given(criterion(1, 3.0))) == ["marks: 1 given, 1 criteria wait; overrides: 0"], "marks"
    assert class_of(ANNA, marks=given(Mark("anna", "a", 9.0))) == ["marks: 0 given, 2 criteria wait; overrides: 1"]
    nobody = class_of(ANNA, marks=given(Mark("zoe", "a", 9.0)))
    assert nobody[1:] == ["to look at again: 1", "  zoe: no record is of a student of this name"], f"{nobody}"
    team = replace(ANNA, student="team")
    grouped = class_of(team, marks=given(Mark("team", "a", 9.0), Mark("berta", "a", 8.0)), groups={"team": ("berta",)})
    assert len(grouped) == 1, f"a group and its members are known: {grouped}"
    ten = class_of(ANNA, marks=given(*(Mark("anna", f"x{n}", 1.0) for n in range(10))))
    assert len(ten) == 12 and ten[1] == "to look at again: 10", f"ten doubts are listed: {ten}"
    eleven = class_of(ANNA, marks=given(*(Mark("anna", f"x{n:02}", 1.0) for n in range(11))))
    assert eleven[-1] == "  and 1 more (`autograder mark DIR --doubts` lists all)", f"one is left: {eleven}"
    many = class_of(ANNA, marks=given(*(Mark("anna", f"x{n:02}", 1.0) for n in range(23))))
    assert many[-1] == "  and 13 more (`autograder mark DIR --doubts` lists all)", f"or thirteen: {many}"
    twelve = class_of(ANNA, marks=given(*(Mark("anna", f"x{n:02}", 1.0) for n in range(12))))
    assert twelve[1] == "to look at again: 12" and len(twelve) == 13, f"of more, ten: {twelve}"
    assert twelve[2] == "  anna: x00: the record has nothing of this name; the mark counts nowhere", f"{twelve}"
    assert twelve[11].startswith("  anna: x09:"), f"the first ten: {twelve}"
    assert twelve[-1] == "  and 2 more (`autograder mark DIR --doubts` lists all)", f"and how many are left: {twelve}"


def test_which_assignments_have_a_due_date() -> None:
    rules = settings(assignments={"a": Terms(due=DUE), "b": Terms()})
    assert course_has_due(rules, "a") and not course_has_due(rules, "b") and not course_has_due(rules, "c"), "one"


def test_values_do_not_change() -> None:
    assert changeable(final_module) == [], "a value that can change is no fact"
