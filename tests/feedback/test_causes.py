"""A cause is told once, first; what depends on it, or fails for the same reason, stands below it."""

from typing import Any

from msgspec.structs import replace

from autograder.feedback.causes import Step, first_steps
from autograder.feedback.student_page import assignment_view
from autograder.judging.counterexample import Counterexample
from autograder.judging.finding import Finding, Plain
from autograder.judging.judgement import SmallestCase
from autograder.judging.verdicts import Verdict
from autograder.records.record import QuestionResult
from tests.feedback.making import check, question, record


def failed(name: str, points: float, *above: str, **more: Any) -> QuestionResult:
    return replace(question(name, [check("c", 0.0, points, **more)]), depends_on=above)


def raised(name: str, error: str, line: int) -> QuestionResult:
    made = failed(name, 1.0, brief=f"Raises {error} in line {line} of f.py.")
    found = Finding(Verdict.RAISED, "raised", {"error": error, "file": "f.py", "line": line})
    return replace(made, checks=tuple(replace(each, finding=found) for each in made.checks))


def steps(*questions: QuestionResult) -> list[Step]:
    return first_steps([assignment_view(part) for part in record("anna", list(questions)).assignments])


def names(pairs: tuple[tuple[str, str], ...]) -> list[str]:
    return [name for name, _ in pairs]


def test_what_depends_on_a_cause_stands_below_it() -> None:
    (step,) = steps(
        failed("smooth_map_grad", 4.0, "smooth_ap_grad", brief="Returns a wrong value."),
        failed("smooth_ap_grad", 8.0, "smooth_ap", brief="Returns a wrong value."),
        failed("smooth_ap", 5.0, hint="Its own noise cancels."),
    )
    assert (step.name, step.text) == ("smooth_ap", "Its own noise cancels."), f"the cause comes first: {step}"
    assert names(step.below) == ["smooth_map_grad", "smooth_ap_grad"], f"and what depends on it below: {step}"
    assert step.points == 17.0, "all of it is to be gained"


def test_causes_that_have_nothing_to_do_with_each_other_stand_apart() -> None:
    found = steps(failed("f", 1.0, hint="A."), failed("g", 2.0, hint="B."), failed("h", 1.0, "g", brief="C."))
    assert [(step.name, names(step.below)) for step in found] == [("g", ["h"]), ("f", [])], f"by points: {found}"


def test_a_circle_of_functions_is_told_all_the_same() -> None:
    found = steps(failed("f", 1.0, "g", brief="A."), failed("g", 1.0, "f", brief="B."))
    assert {step.name for step in found} | {n for s in found for n in names(s.below)} == {"f", "g"}, f"both: {found}"


def test_a_missing_name_is_one_cause_wherever_it_is_used() -> None:
    found = steps(raised("f", "NameError", 3), raised("g", "NameError", 9), raised("h", "ValueError", 12))
    assert [(step.name, names(step.alike)) for step in found] == [("f", ["g"]), ("h", [])], f"two causes: {found}"
    assert found[0].checks == 2, "so many checks fail for it"


def test_an_error_in_one_line_is_one_cause() -> None:
    found = steps(raised("f", "ValueError", 3), raised("g", "ValueError", 3), raised("h", "ValueError", 4))
    assert [names(step.alike) for step in found] == [["g"], []], f"the helper's line is one cause: {found}"


def test_what_an_exception_says_is_told_where_a_shown_case_raised_it_too() -> None:
    text = "It raised ValueError: The truth value is ambiguous in line 3 of f.py: `if x < 0:`."
    about: dict[str, Plain] = {"error": "ValueError", "file": "f.py", "line": 3}

    def of(line: int, code: str = "raised") -> str:
        made = raised("f", "ValueError", 3)
        case = SmallestCase("x=np.array([1.0, 2.0])", error=text)
        example = Counterexample(Finding(Verdict.RAISED, code, {**about, "line": line}), case)
        (step,) = steps(replace(made, checks=tuple(replace(each, example=example) for each in made.checks)))
        return step.text

    assert of(3) == text, f"the same error in the same line: {of(3)}"
    assert of(4) == of(3, "wrong_value") == "Raises ValueError in line 3 of f.py.", f"another is no answer: {of(4)}"
