"""What students run before they hand in: its helpers, and that every check fails where it must, in kind words."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from autograder.public import call, expect, expect_derivation, expect_ends, expect_error, expect_gradient, expect_uses
from autograder.public import expect_untouched as untouched
from autograder.students import public_checks as public
from tests.contract import CONTRACT, MODULES, every_assignment, load
from tests.references.common import right_solutions
from tests.repository import ASSIGNMENTS, SOLUTIONS
from tests.students.wrong_functions import WRONG


def message(check: Callable[..., Any], *arguments: Any, **keywords: Any) -> str:
    """What a student reads where a check fails."""
    with pytest.raises(AssertionError) as caught:
        check(*arguments, **keywords)
    return str(caught.value)


def square(x: Any) -> Any:
    return 2.0 * x


def test_the_message_is_the_one_that_the_statements_show() -> None:
    shown = message(expect, square, 3.0, gives=9.0, because="3 times 3")
    for name in CONTRACT:
        statement = (ASSIGNMENTS / name / "README.md").read_text()
        assert f"```text\n{shown}\n```" in statement, f"the README of {name} must show what students get:\n{shown}"


ROW = np.array([0.1, 0.2, 0.3])
RETURNED: dict[str, tuple[Any, str]] = {
    "a column": (ROW[:, None], "It returned shape (3, 1); shape (3,) is asked for."),
    "a number": (0.1, "Returns one number; an array is asked for."),
    "nothing": (None, "is a `return` missing?"),
    "a text": ("0.1", "Returns a text (give back numbers, not str of them); an array is asked for."),
    "nan": (np.array([0.1, np.nan, 0.3]), "It returned nan at index 1."),
    "a wrong number": (np.array([0.1, 0.2, 0.3 + 1e-8]), "returned 0.30000001, expected 0.3"),
    "an inf": (np.array([0.1, 0.2, np.inf]), "np.inf"),
}


@pytest.mark.parametrize("what", RETURNED)
def test_expect_tells_what_came_back(what: str) -> None:
    value, told = RETURNED[what]
    shown = message(expect, lambda _: value, ROW, gives=ROW, because="it is the identity")
    for part in (told, "np.array([0.1, 0.2, 0.3])", "but must return", "it is the identity"):
        assert part in shown, f"{part!r} must be told: {shown}"


def test_expect_takes_what_numpy_reads_as_right() -> None:
    expect(lambda _: [0.1, 0.2, 0.3], ROW, gives=ROW, because="a list reads as the array")
    expect(lambda _: np.array(3), 0.0, gives=3.0, because="a 0-d array reads as a number")
    expect(lambda _: (ROW + 1e-13, 1), 0.0, gives=(ROW, 1.0), because="rounding is no error")


def test_long_arrays_are_shortened_openly_and_short_ones_not_at_all() -> None:
    third = np.full(3, 1.0 / 3.0)
    shown = message(expect, lambda x: x, third, gives=ROW, because="")
    assert "x=np.array([0.3333333333333333, 0.3333333333333333, 0.3333333333333333])" in shown, f"all digits: {shown}"
    shown = message(expect, lambda x: x + 1.0, np.zeros(1000), gives=np.zeros(1000), because="")
    assert "more numbers ..." in shown and "of shape (1000,)" in shown, f"what is left out must be counted: {shown}"


def unwritten(_: Any) -> Any:
    raise NotImplementedError("write unwritten here")


def spoils(x: Any) -> Any:
    x += 1.0
    return x


def test_unwritten_functions_are_told_in_one_line() -> None:
    for check in (lambda: call(unwritten, ROW), lambda: expect(unwritten, ROW, gives=ROW, because="")):
        assert message(check).startswith("unwritten is not written yet"), "the function must be named"


def test_a_function_that_changes_its_arguments_spoils_no_other_check() -> None:
    before = ROW.copy()
    shown = message(expect, spoils, ROW, gives=ROW, because="")
    assert np.array_equal(before, ROW), f"the check's array became {ROW}"
    assert "spoils(x=np.array([0.1, 0.2, 0.3]))" in shown, f"the arguments as they were must be told: {shown}"
    params = {"rows": [ROW.copy()]}
    call(lambda p: spoils(p["rows"][0]), params)
    assert np.array_equal(before, params["rows"][0]), "nor an array inside a list or a dict"


def test_expect_untouched_looks_into_lists_and_dicts() -> None:
    untouched(square, ROW)
    assert "changed argument 1 from np.array([0.1, 0.2, 0.3]) to np.array([1.1" in message(untouched, spoils, ROW)
    assert "changed argument 1" in message(untouched, lambda rows: spoils(rows[0]), [ROW.copy()])
    assert "changed argument 2" in message(untouched, lambda _, p: p.update(c=1.0), 0.0, {"W": ROW})


def test_another_exception_keeps_its_class_and_says_which_call() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        expect(lambda x: 1 / 0, 3.0, gives=1.0, because="")
    assert any("x=3.0" in note for note in caught.value.__notes__), "the call must be noted"


def refuses(_: Any) -> Any:
    raise ValueError


def test_expect_error_needs_the_promised_exception() -> None:
    expect_error(refuses, 0.0, error=ValueError, because="0 is refused")
    shown = message(expect_error, square, 0.0, error=ValueError, because="0 is refused")
    for part in ("square(x=0.0)", "returned 0.0", "must raise ValueError: 0 is refused"):
        assert part in shown, f"{part!r} must be told: {shown}"


def test_call_judges_type_and_shape_only() -> None:
    got = call(lambda: ([1, 2, 3], 5), like=(ROW, 0.0))
    assert isinstance(got[0], np.ndarray) and isinstance(got[1], float), f"lists come back as arrays: {got}"
    assert "shape (3,) is asked for" in message(call, lambda: ROW[:, None], like=ROW)
    assert "is a `return` missing?" in message(call, lambda: None, like=0.0)


def softmax(x: Any) -> Any:
    return np.exp(x) / np.exp(x).sum()


def dot(x: Any) -> Any:
    return float(x @ x)


GRADIENTS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "of the wrong sign": (lambda x: -2.0 * x, "All have the opposite sign."),
    "wrong in one number only": (lambda x: 2.0 * x + np.array([0.0, 1e-3, 0.0]), "0.4  1.003  <- differs"),
    "as a column": (lambda x: 2.0 * x[:, None], "A derivative has the shape of what it is taken by"),
    "as its sum": (lambda x: 2.0 * x.sum(), "an array is asked for"),
    "nan": (lambda x: x * np.nan, "nan"),
    "nothing": (lambda x: None, "is a `return` missing?"),
}


@pytest.mark.parametrize("what", GRADIENTS)
def test_a_wrong_gradient_is_told(what: str) -> None:
    gradient, told = GRADIENTS[what]
    expect_gradient(lambda x: 2.0 * x, ROW, of=dot, wrt=["x"], names=["x"])
    shown = message(expect_gradient, gradient, ROW, of=dot, wrt=["x"], names=["x"])
    assert told in shown, f"{told!r} must be told: {shown}"


def test_the_sum_of_a_vector_is_not_what_is_differentiated() -> None:
    """The sum of a softmax is 1, so that a gradient of 0 would pass against a cotangent of ones."""

    def shares(x: Any, scale: Any) -> Any:
        return scale * softmax(x)

    shown = message(
        expect_gradient,
        *(lambda x, scale: np.zeros(3), ROW, 1.0),
        of=lambda x, scale: shares(np.append(x[0], ROW[1:]), scale),
        wrt=["x"],
        names=["x", "scale"],
        elementwise=True,
    )
    assert "<- differs" in shown, f"0 must not pass: {shown}"


def test_a_function_that_is_wrong_itself_is_told_first() -> None:
    shown = message(expect_gradient, lambda x: 2.0 * x, ROW, of=lambda x: None, wrt=["x"], names=["x"])
    assert "does not return finite numbers" in shown and "make it right first" in shown, shown


CASES = [{"x": 1.0, "y": 1.0}, {"x": 2.0, "y": -0.5}]
START, LINE_2 = ("start", lambda x, y: (x + y) ** 2), ("=", lambda x, y: x**2 + 2 * x * y + y**2)
LINE_3, END = ("<=", lambda x, y: x**2 + (x**2 + y**2) + y**2), ("=", lambda x, y: 2 * x**2 + 2 * y**2)
GOOD = [START, LINE_2, LINE_3, END]
DERIVATIONS: dict[str, tuple[Any, str]] = {
    "no return": (None, "is a `return` missing?"),
    "empty": ([], "it returned []"),
    "a number": (3.0, "list of (relation, step) pairs; it returned 3.0"),
    "no pairs": ([1, 2, 3, 4], "line 1 is 1"),
    "steps that are values": ([START, ("=", 4.0), LINE_3, END], "line 2 is ('=', 4.0)"),
    "no start": ([("=", START[1]), *GOOD[1:]], 'The first relation is not "start".'),
    "an unknown relation": ([START, ("<", LINE_2[1]), LINE_3, END], "The relation of line 2 is none of"),
    "one line": ([START], "There is one line"),
    "both directions": ([*GOOD, (">=", END[1])], 'both "<=" and ">="'),
    "the wrong direction": ([START, LINE_2, (">=", LINE_3[1]), END], "an upper bound is asked for"),
    "a broken link": ([START, ("=", lambda x, y: x**2 + y**2), LINE_3, END], "from line 1 to line 2 breaks"),
    "an array": ([START, ("=", lambda x, y: np.array([x])), LINE_3, END], "Line 2 does not give one number"),
    "a text": ([START, ("=", lambda x, y: "4"), LINE_3, END], "line 2 gives '4' for x=1.0, y=1.0"),
    "nan": ([START, ("=", lambda x, y: np.nan), LINE_3, END], "must give finite numbers"),
    "rounded": ([START, ("=", lambda x, y: (x + y) ** 2 * 1.00001), LINE_3, END], "is off by 1e-05 of its size"),
}


@pytest.mark.parametrize("what", DERIVATIONS)
def test_a_wrong_derivation_is_told(what: str) -> None:
    lines, told = DERIVATIONS[what]
    expect_derivation(lambda: GOOD, CASES, claim="<=")
    shown = message(expect_derivation, lambda: lines, CASES, claim="<=")
    assert told in shown, f"{told!r} must be told: {shown}"


def test_the_smallest_case_of_a_broken_link_is_told() -> None:
    lines = [START, ("=", lambda x, y: x**2 + y**2 + 2.0 * x), LINE_3, END]
    shown = message(expect_derivation, lambda: lines, CASES, claim="<=")
    assert "For x=2.0, y=-0.5 the one is 2.25 and the other 8.25." in shown, f"the first case holds: {shown}"


def test_a_chain_may_be_spelled_otherwise_and_lead_from_either_side() -> None:
    expect_derivation(lambda: [(" Start", START[1]), ("==", LINE_2[1]), ("≤", LINE_3[1]), END], CASES, claim="<=")
    back = [("start", END[1]), ("=", LINE_3[1]), ("≥", LINE_2[1]), ("=", START[1])]
    expect_derivation(lambda: back, CASES, claim="<=")
    shown = message(expect_derivation, lambda: [("start", END[1]), ("<=", START[1])], CASES, claim="<=")
    assert '"<=" does not hold' in shown, f"the one way or the other: {shown}"


def test_ends_are_held_against_the_sides_of_the_claim() -> None:
    right = {"first": ("the square", START[1]), "last": ("the bound", END[1])}
    expect_ends(lambda: GOOD, CASES, **right)
    expect_ends(lambda: [("start", END[1]), (">=", START[1])], CASES, **right)
    shown = message(expect_ends, lambda: GOOD, CASES, **{**right, "last": ("the bound", START[1])})
    assert "the last line must be the bound" in shown, shown
    shown = message(expect_ends, lambda: GOOD, CASES, **{**right, "first": ("the square", LINE_3[1])})
    assert "the first line must be the square" in shown and "For x=2.0, y=-0.5" in shown, f"1, 1 agrees: {shown}"


def test_a_fact_must_be_used() -> None:
    # The second fact, that e is 0, does not hold; the third line needs it.
    cases = [{"x": 1.0, "e": 0.5}]
    lines = [("start", lambda x, e: x), ("=", lambda x, e: 2 * x - x), ("=", lambda x, e: x + e)]
    expect_uses(lambda: lines, cases, that="e is 0")
    shown = message(expect_uses, lambda: lines[:2], cases, that="e is 0")
    assert "nowhere is it used that e is 0" in shown and "x=1.0, e=0.5" in shown, f"with a case: {shown}"


def test_the_helpers_need_neither_pytest_nor_what_only_linux_has() -> None:
    source = Path(public.__file__).read_text()
    assert "import pytest" not in source, "the checks must run without pytest"


# --- the checks of the four assignments ----------


def public_checks(name: str, module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], None]]:
    """The public checks of an assignment, run against a given module."""
    monkeypatch.setitem(sys.modules, MODULES[name], module)
    checks = load(ASSIGNMENTS / name / f"test_{MODULES[name]}.py", f"checks_of_{name}")
    return {key: value for key, value in vars(checks).items() if key.startswith("test_")}


def failed(checks: dict[str, Callable[[], None]], function: str) -> set[str]:
    """The checks of a function that fail. Only an AssertionError is kind; any other exception passes through."""
    found = set()
    for key, check in checks.items():
        if key.startswith(f"test_{function}__"):
            try:
                check()
            except AssertionError:
                found.add(key)
    return found


def with_function(right: ModuleType, function: str, wrong: Callable[..., Any]) -> ModuleType:
    """The right module, but for one function."""
    module = ModuleType(right.__name__)
    vars(module).update(vars(right))
    wrong.__name__ = function
    setattr(module, function, wrong)
    return module


def reference(name: str) -> ModuleType:
    return load(SOLUTIONS / name / f"{MODULES[name]}.py", MODULES[name])


@every_assignment
def test_every_function_has_a_public_check_with_a_title(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    checks = public_checks(name, reference(name), monkeypatch)
    for function in CONTRACT[name].split():
        own = [check for key, check in checks.items() if key.startswith(f"test_{function}__")]
        assert own, f"{function} needs a public check"
        assert all(check.__doc__ for check in own), f"the checks of {function} need titles"


@every_assignment
def test_every_public_check_fails_on_the_stub_in_kind_words(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = load(ASSIGNMENTS / name / f"{MODULES[name]}.py", MODULES[name])
    for key, check in public_checks(name, module, monkeypatch).items():
        assert "is not written yet" in message(check), f"{key} must say so"


RIGHT = [(name, param.values[0], param.id) for name in CONTRACT for param in right_solutions(name, MODULES[name])]


@pytest.mark.parametrize(("name", "module"), [(n, m) for n, m, _ in RIGHT], ids=[f"{n}-{i}" for n, _, i in RIGHT])
def test_right_solutions_pass_every_public_check(name: str, module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for check in public_checks(name, module, monkeypatch).values():
        check()


ODD: dict[str, Callable[[], Any]] = {
    "None": lambda: None,
    "a text": lambda: "0.5",
    "an object": object,
    "a dict": dict,
    "an empty list": list,
    "a ragged list": lambda: [[1.0], [1.0, 2.0]],
    "a tuple of one": lambda: (1.0,),
    "a function": lambda: square,
    "a deep array": lambda: np.zeros((1, 1, 1, 1, 1)),
}


@every_assignment
@pytest.mark.parametrize("what", ODD)
def test_odd_values_are_refused_in_kind_words(name: str, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = reference(name)
    for function in CONTRACT[name].split():
        module = with_function(right, function, lambda *_: ODD[what]())
        assert failed(public_checks(name, module, monkeypatch), function), f"{function} returns {what}, unnoticed"


@every_assignment
def test_each_check_notices_a_wrong_function_and_each_wrong_function_is_noticed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    right, able = reference(name), set()
    for (function, what), make in WRONG[name].items():
        checks = public_checks(name, with_function(right, function, make(right)), monkeypatch)
        noticed = failed(checks, function)
        assert noticed, f"no public check of {function} notices: {what}"
        able |= noticed
    assert able == set(checks), f"these fail for no wrong function: {sorted(set(checks) - able)}"
