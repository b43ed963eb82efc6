"""Where a class as a whole says that the exam may be wrong, staff read it first."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from autograder.feedback.alarms import ExamAlarm, alarms
from autograder.feedback.pages import class_page
from autograder.judging.finding import Finding
from autograder.judging.judgement import SmallestCase
from autograder.judging.verdicts import Verdict
from autograder.records.record import QuestionResult, Result
from tests.feedback.making import check, question, record


def answered(got: str, mistakes: tuple[str, ...] = ()) -> QuestionResult:
    """A function that gave this on the smallest case of its only check; right where it gave 1."""
    case = None if got == "1" else SmallestCase("x=2", got, "1")
    return question("f", [check("c", float(got == "1"), case=case)], mistakes=mistakes)


def class_of(questions: Sequence[QuestionResult]) -> list[Result]:
    return [record(f"s{number}", [each]) for number, each in enumerate(questions)]


def test_a_check_that_nearly_everybody_fails_asks_about_the_reference() -> None:
    found = alarms(class_of([*(answered(str(n)) for n in range(3, 11)), answered("1"), answered("1")]))
    assert found == [ExamAlarm("a1_first.f: Title of c", 8, 10)], f"eight of ten, each in another way: {found}"
    assert "8 of 10 who tried it fail. Is the reference right" in found[0].words, found[0].words
    seven = [answered(str(n)) for n in range(3, 10)]
    assert not alarms(class_of([*seven, *[answered("1")] * 3])), "seven of ten do not"
    assert not alarms(class_of(seven)), "nor seven of seven: it is a small class"


def test_one_common_value_that_no_known_mistake_gives_asks_too() -> None:
    (found,) = alarms(class_of([*[answered("7")] * 5, *[answered("1")] * 10]))
    assert (found.alike, found.got, found.expected, found.arguments) == (5, "7", "1", "x=2"), f"{found}"
    assert "5 give 7 for x=2, where the reference says 1" in found.words, found.words
    assert not alarms(class_of([*[answered("7")] * 4, *[answered("1")] * 9])), "four could be friends"
    assert not alarms(class_of([*[answered("7")] * 5, *[answered("1")] * 20])), "five of many could be, too"
    assert not alarms(class_of([*[answered("7", ("a_mistake",))] * 5, *[answered("1")] * 10])), "a known mistake is one"


@pytest.mark.parametrize("code", ["not_written", "no_function", "value_first"])
def test_who_has_not_begun_or_fails_elsewhere_does_not_count(code: str) -> None:
    begun = check("c", 0.0, verdict=Verdict.FAILED, finding=Finding(Verdict.FAILED, code))
    assert not alarms(class_of([question("f", [begun])] * 20)), "nobody has tried it"


def test_what_has_no_verdict_is_no_alarm() -> None:
    for verdict in (Verdict.MISSING, Verdict.UNGRADED, Verdict.GRADER_ERROR):
        assert not alarms(class_of([question("f", [check("c", 0.0, verdict=verdict)])] * 20)), f"{verdict}"
    written = question("written_1", [check("c", 0.0)], written=True)
    assert not alarms(class_of([written] * 20)), "a person has marked it"
    lost = [
        replace(r, assignments=(replace(r.assignments[0], problem="no file"),)) for r in class_of([answered("7")] * 9)
    ]
    assert not alarms(lost), "a file that nobody could read says nothing of the exam"


def test_the_worst_stands_first_and_on_the_class_page() -> None:
    both = [replace(record(f"s{n}", [answered("7"), question("g", [check("d", float(n > 8))])])) for n in range(10)]
    found = alarms(both)
    assert [each.check for each in found] == ["a1_first.f: Title of c", "a1_first.g: Title of d"], f"{found}"
    page = class_page(both, "Course")
    assert page.index("The exam itself: 2") < page.index('id="scores"'), "staff read it before any number"
    assert "The exam itself" not in class_page(class_of([answered("1")] * 10), "Course"), (
        "and nothing where all is well"
    )
