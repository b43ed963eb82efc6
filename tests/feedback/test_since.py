"""What a page says of the hand-in before: points, what passes now and what no longer does, what is still to gain."""

from msgspec.structs import replace

from autograder.feedback.comment import comment
from autograder.feedback.pages import student_page
from autograder.feedback.plain_report import plain
from autograder.feedback.since import MOST_TOLD, since
from autograder.judging.levels import Reveal
from autograder.judging.verdicts import Verdict
from autograder.records.record import EarlierHandIn, EarlierQuestion, QuestionResult, Result
from tests.feedback.making import check, question, record


def second(*pairs: tuple[QuestionResult, EarlierQuestion], at: str = "", **more: object) -> Result:
    result = record("anna", [now for now, _ in pairs], **more)
    earlier = EarlierHandIn(tuple(then for _, then in pairs), at, "old")
    return replace(result, assignments=(replace(result.assignments[0], before=earlier),))


JOINT = question("joint", [check("a", 2.0, 2.0), check("b", 0.5, 0.5)]), EarlierQuestion("joint", 0.5, ("a",))
LONG = (
    question("kl_factorized", [check("short", 2.0, 2.0), check("long", 0.0, 1.5)]),
    EarlierQuestion("kl_factorized", 0.0, ("short", "long")),
)
WORSE = question("kl", [check("zeros", 0.0, 1.0), check("full", 1.0)]), EarlierQuestion("kl", 2.0, ())


def test_it_says_what_changed_and_what_is_still_to_gain() -> None:
    found = since(second(JOINT, LONG, at="2023-05-01T14:02:00+02:00"))
    assert found is not None, "there was one before"
    assert found.head == "Since your last hand-in (1 May 2023, 14:02): +4 points", found.head
    assert found.lines == (
        "0.5 then, 4.5 now, written answers not counted.",
        "joint now passes.",
        "kl_factorized: “Title of short” now passes.",
        "Still to gain: kl_factorized 1.5 (“Title of long”).",
    ), found.lines


def test_what_got_worse_is_said_too() -> None:
    found = since(second(WORSE))
    assert found is not None, "there was one before"
    assert found.head == "Since your last hand-in: −1 point", found.head
    assert "kl: “Title of zeros” no longer passes." in found.lines, found.lines


def test_points_that_a_person_gave_are_no_change_of_the_hand_in() -> None:
    now, then = LONG
    found = since(second((replace(now, score=3.5), then)))
    assert found is not None and found.head.endswith("+2 points"), f"the machine's points: {found}"


def test_nothing_changed_is_said_as_such() -> None:
    now = question("f", [check("a", 0.0)])
    found = since(second((now, EarlierQuestion("f", 0.0, ("a",)))))
    assert found is not None, "there was one before"
    assert any("No check passes that did not pass before" in line for line in found.lines), found.lines


def test_nothing_is_said_where_nothing_is_known() -> None:
    assert since(record("anna", [JOINT[0]])) is None, "a first hand-in"
    assert since(replace(second(JOINT), score=None)) is None, "the grader failed"


def test_a_time_that_is_none_is_told_as_it_is() -> None:
    found = since(second(JOINT, at="Monday"))
    assert found is not None and "(Monday)" in found.head, f"{found}"


def test_it_is_bounded() -> None:
    pairs = [
        (question(f"f{i}", [check("a", 1.0), check("b", 0.0)]), EarlierQuestion(f"f{i}", 0.0, ("a", "b")))
        for i in range(30)
    ]
    found = since(second(*pairs))
    assert found is not None, "there was one before"
    assert sum("“Title of a” now passes" in line for line in found.lines) == MOST_TOLD, found.lines
    assert f"{30 - MOST_TOLD} more functions {30 - MOST_TOLD}" in found.lines[-1], found.lines[-1]


def test_every_format_says_it() -> None:
    result = second(JOINT, LONG)
    for level in Reveal:
        assert "joint now passes." in student_page(result, "course", level), f"the page at {level}"
    assert "joint now passes" in comment(result, "course").replace("\\", ""), "Markdown"
    assert "joint now passes." in plain(result, "course").since, "PDF and terminal"


def test_a_criterion_that_waits_is_not_to_gain_here() -> None:
    waits = question("written_1", [check("k", 0.0, verdict=Verdict.UNGRADED, kind="criterion")], written=True)
    result = second(JOINT)
    whole = result.assignments[0]
    found = since(replace(result, assignments=(replace(whole, questions=(*whole.questions, waits)),)))
    assert found is not None and not any("written" in line and "gain" in line for line in found.lines), f"{found}"
