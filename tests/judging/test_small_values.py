"""The small values of judging: tolerances, findings, judgements, outcomes, and numbers of the sandbox."""

from typing import Any

import msgspec
import numpy as np
import pytest

from autograder.errors import WrongSettingError
from autograder.judging import counterexample, evidence, finding, judgement, tolerance
from autograder.judging.evidence import Evidence
from autograder.judging.finding import Finding, Plain
from autograder.judging.judgement import PASS, Judgement, of
from autograder.judging.levels import Reveal
from autograder.judging.numbers import as_floats
from autograder.judging.outcomes import (
    ended_finding,
    exception_name,
    no_value,
    raised_finding,
    shown,
    where,
)
from autograder.judging.tolerance import Tolerance
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Ended, Missing, Raised, Returned, Unreadable
from autograder.sandbox.inside.wire import Opaque
from tests.values import changeable, takes_more


def test_a_tolerance_is_two_numbers_from_0_on() -> None:
    assert Tolerance(0.0, 0.0).relative == 0.0 and Tolerance(1.0, 2.0).absolute == 2.0, "0 is one"
    for name, wrong in (
        ("relative", (-1e-9, 0.0)),
        ("absolute", (0.0, -0.5)),
        ("relative", (-1.0, -1.0)),
        ("absolute", (0.0, float("nan"))),
    ):
        with pytest.raises(WrongSettingError, match="a tolerance is 0 or more") as caught:
            Tolerance(*wrong)
        assert caught.value.keys == (name,), f"the key is told: {caught.value.keys}"
    assert takes_more(Tolerance(1.0, 1.0)) == [], "a key that is mistyped must not be passed over"


def test_levels_and_verdicts_are_the_words_of_records() -> None:
    assert [*Reveal] == ["verdict", "hint", "case", "full"], "each shows what those before it show"
    words = "passed failed wrong_type raised timeout memory crashed missing ungraded grader_error".split()
    assert [*Verdict] == words, "the fixed ones"


def test_a_finding_tells_where_it_raised() -> None:
    found = Finding(Verdict.RAISED, "raised", {"file": "f.py", "line": 3})
    assert (found.file, found.line) == ("f.py", 3), f"file and line: {found}"
    assert (Finding(Verdict.FAILED, "x").file, Finding(Verdict.FAILED, "x").line) == (None, None), "or that it did not"
    assert msgspec.json.encode(Finding(Verdict.FAILED, "x")) == b'{"verdict":"failed","code":"x"}', "no more is written"
    odd = Finding(Verdict.FAILED, "x", {"file": 3, "line": "3"})
    assert (odd.file, odd.line) == (None, None), "of what is neither, nothing"


def test_a_judgement_without_a_case_shows_where_it_raised() -> None:
    found = Finding(Verdict.RAISED, "raised", {"file": "f.py", "line": 3})
    assert of(found) == Judgement(Verdict.RAISED, found, evidence=Evidence("f.py", 3)), "for a page"
    plain = Finding(Verdict.MISSING, "no_function")
    assert of(plain) == Judgement(Verdict.MISSING, plain), "where it raised nowhere, nothing"
    own = Evidence(code="x = 1")
    assert of(found, own) == Judgement(Verdict.RAISED, found, evidence=own), "what is given stands above it"
    assert (of(found).share, PASS.share, PASS.verdict) == (0.0, 1.0, Verdict.PASSED), "nothing is earned, or all"


RAISED = Raised(("ValueError", "Exception"), "bad", "f.py", 3, "x = 1")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("ValueError", "ValueError"),
        ("LinAlgError", "LinAlgError"),
        ("AxisError", "AxisError"),
        ("UFuncTypeError", "UFuncTypeError"),
        ("Secret7319Error", ""),
        ("print", ""),
        ("", ""),
    ],
)
def test_only_known_exceptions_are_told_by_name(name: str, told: str) -> None:
    assert exception_name(Raised((name, "Exception"), "")) == told, f"a student's own name could carry a text: {name}"


def test_what_raised_is_told_with_its_place() -> None:
    place: dict[str, Plain] = {"file": "f.py", "line": 3, "code": "x = 1"}
    case: dict[str, Plain] = {"error": "ValueError", "message": "bad"}
    assert where(RAISED) == place and where(Raised(("ValueError",), "bad")) == {}, "as far as it is known"
    assert raised_finding(RAISED) == Finding(Verdict.RAISED, "raised", {"error": "ValueError", **place}, case)
    memory = Raised(("MyError", "MemoryError"), "much", "f.py", 3, "x = 1")
    assert raised_finding(memory) == Finding(
        Verdict.MEMORY, "memory_error", place, {"error": "MyError", "message": "much"}
    ), "memory is a verdict of its own"
    assert raised_finding(Raised(("NotImplementedError",), "")) == Finding(Verdict.RAISED, "not_written"), "a stub"


@pytest.mark.parametrize(
    ("how", "verdict"),
    [
        ("timeout", Verdict.TIMEOUT),
        ("memory", Verdict.MEMORY),
        ("crashed", Verdict.CRASHED),
        ("output", Verdict.CRASHED),
    ],
)
def test_how_a_process_ended_is_a_verdict(how: Any, verdict: Verdict) -> None:
    found = ended_finding(Ended(how, "the detail"))
    assert found == Finding(verdict, f"ended_{how}", {}, {"detail": "the detail"}), f"{found}"
    assert no_value(Ended(how, "the detail")) == found, "and no value came back"


def test_what_is_wrong_with_an_answer_without_a_value() -> None:
    assert no_value(Returned(1.0)) is None, "a value came back"
    assert no_value(RAISED) == raised_finding(RAISED), "an exception"
    assert no_value(Unreadable("too long")) == Finding(Verdict.WRONG_TYPE, "unreadable", {}, {"detail": "too long"})
    assert no_value(Missing(("g",))) == Finding(Verdict.MISSING, "no_function"), "no such function"
    assert (shown(Returned(np.zeros(1))), shown(RAISED)) == ("np.array([0.0])", ""), "a value is shown, if there is one"


@pytest.mark.parametrize(
    "value",
    [
        None,
        "1",
        b"1",
        Opaque("1"),
        [10**30, 1j],
        [10**30, None],
        {"a": 1.0},
        [[1.0], [1.0, 2.0]],
        1j,
        np.array([1j]),
        10**400,
        ["a"],
        [None],
    ],
)
def test_what_is_no_number_is_none(value: Any) -> None:
    assert as_floats(value) is None, f"{value!r}"


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        (1, 1.0),
        (True, 1.0),
        ([1, 2], [1.0, 2.0]),
        (((1,), (2,)), [[1.0], [2.0]]),
        (np.uint8(3), 3.0),
        (np.float32(0.5), 0.5),
        ([10**30, 0.5], [1e30, 0.5]),
        (10**30, 1e30),
    ],
)
def test_numbers_are_read_as_numpy_reads_them(value: Any, numbers: Any) -> None:
    found = as_floats(value)
    assert found is not None and found.dtype == np.float64 and found.tolist() == numbers, f"{value!r}: {found}"


def test_floats_are_not_copied() -> None:
    array = np.zeros(3)
    assert as_floats(array) is array, "most answers are read as they are"


def test_values_do_not_change() -> None:
    loose = [
        name for module in (counterexample, evidence, finding, judgement, tolerance) for name in changeable(module)
    ]
    assert loose == [], f"a value that can change is no fact: {loose}"


def test_a_counterexample_without_a_case_takes_no_room() -> None:
    none = counterexample.Counterexample(Finding(Verdict.FAILED, "no_example"))
    assert set(msgspec.to_builtins(none)) == {"finding"}, f"a record holds many: {msgspec.to_builtins(none)}"


def test_that_the_child_ended_after_the_call_is_told() -> None:
    late, early = (ended_finding(Ended("crashed", "ended itself", after=after)) for after in (True, False))
    assert late.about.get("after") is True and "after" not in early.about, f"{late.about} and {early.about}"
