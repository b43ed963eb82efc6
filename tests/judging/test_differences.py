"""Central differences, number by number: directions, calls, slopes, and what a gradient says that they are."""

from typing import Any

import numpy as np
import pytest

from autograder.judging import differences
from autograder.judging.differences import (
    DIRECTIONS,
    FACTORS,
    STEP,
    Coordinate,
    Derivative,
    Probe,
    agrees,
    at,
    coordinates,
    derivative,
    predicted,
    probes,
    slope,
)
from autograder.judging.tolerance import Tolerance
from tests.values import changeable

OF_X = Derivative(("x",))
X = np.array([1.0, 2.0])


def probe(direction: Any = X, seed: int = 5, *calls: Any) -> Probe:
    return Probe((direction,), calls, seed)


def cotangent(seed: int, shape: tuple[int, ...]) -> Any:
    return np.random.default_rng(seed).uniform(0.5, 1.5, shape)


def test_the_steps_are_what_the_extrapolation_needs() -> None:
    assert (STEP, FACTORS, DIRECTIONS) == (1e-4, (1.0, -1.0, 0.5, -0.5, 0.0), 2), "a whole step, a half, and none"


def test_each_call_goes_a_step_along_the_direction() -> None:
    rng = np.random.default_rng(0)
    arguments = ("kept", X, {"b": 3.0, "a": np.zeros((2, 1))})
    found = probes(Derivative(("options", "x")), ["first", "x", "options"], arguments, rng)
    assert len(found) == DIRECTIONS, f"several directions: {len(found)}"
    again = np.random.default_rng(0)
    for each in found:
        options, x = each.direction
        assert list(options) == ["a", "b"], f"entries in order: {options}"
        drawn = again.uniform(-1.0, 1.0, (2, 1)), again.uniform(-1.0, 1.0, ()), again.uniform(-1.0, 1.0, (2,))
        assert np.array_equal(options["a"], drawn[0]) and options["b"] == drawn[1], "of the shape of the argument"
        assert np.array_equal(x, drawn[2]), "drawn in the order of `wrt`, from -1 to 1"
        assert each.cotangent_seed == again.integers(2**31), "and then the seed of the cotangent"
        assert len(each.calls) == len(FACTORS), f"a call for each factor: {len(each.calls)}"
        for factor, (first, moved, moved_options) in zip(FACTORS, each.calls, strict=True):
            assert first == "kept", "what is not differentiated by stays"
            assert np.array_equal(moved, X + factor * STEP * x), f"{factor} steps: {moved}"
            assert moved_options["b"] == 3.0 + factor * STEP * options["b"], f"{factor} steps of a number"
            assert type(moved_options["b"]) is float, "a number stays one"
            assert np.array_equal(moved_options["a"], factor * STEP * options["a"]), "entry by entry"
            assert list(moved_options) == ["b", "a"], "in their own order"
    assert np.array_equal(X, [1.0, 2.0]), "the case itself is left alone"
    assert found[0].cotangent_seed != found[1].cotangent_seed, "each direction has a cotangent of its own"


def test_calls_may_go_through_a_map() -> None:
    how = Derivative(("z",), through=lambda z, y: (z + y, "more"))
    (first, _) = probes(how, ["z", "y"], (1.0, 10.0), np.random.default_rng(0))
    step = STEP * float(first.direction[0])
    assert [call[0] for call in first.calls] == pytest.approx([11.0 + step * f for f in FACTORS], abs=1e-12), (
        f"the function's own arguments: {first.calls}"
    )
    assert all(call[1] == "more" for call in first.calls), "as the map gives them"


def test_elementwise_derivatives_are_of_the_common_shape() -> None:
    column, row = np.array([[1.0], [2.0], [3.0]]), np.array([10.0, 20.0])
    how = Derivative(("x", "y"), elementwise=True)
    first = probes(how, ["n", "x", "y"], (7, column, row), np.random.default_rng(0))[0]
    assert [np.shape(part) for part in first.direction] == [(3, 2), (3, 2)], "each element has its own"
    number, x, y = first.calls[-1]
    assert number == 7 and np.array_equal(x, np.broadcast_to(column, (3, 2))), "without a step, the argument itself"
    assert np.array_equal(y, np.broadcast_to(row, (3, 2))), "of each"
    both = probes(Derivative(("x",), elementwise=True), ["x", "y"], (column, row), np.random.default_rng(0))[0]
    assert np.shape(both.direction[0]) == (3, 1) and both.calls[0][1] is row, "others are no part of it"


def values_of(function: Any, at: float, by: float) -> list[Any]:
    return [function(at + factor * STEP * by) for factor in FACTORS]


def test_a_slope_is_extrapolated_from_two_steps() -> None:
    found = slope(OF_X, probe(), [3.0 * STEP, -1.0 * STEP, 5.0 * STEP, 1.0 * STEP, 9.0])
    assert found is not None, "five numbers have a slope"
    coarse, fine = 2.0, 4.0
    assert found[0] == pytest.approx((4 * fine - coarse) / 3, rel=1e-12), (
        f"four times the fine less the coarse: {found}"
    )
    assert found[1].shape == () and found[1] == 1.0, f"a number is its own: {found[1]}"
    cubic = slope(OF_X, probe(), values_of(lambda x: x**3, 2.0, 1.0))
    assert cubic is not None and cubic[0] == pytest.approx(12.0, rel=1e-9), f"of x^3 at 2: {cubic}"


def test_an_array_is_weighed_by_the_cotangent() -> None:
    weights = np.array([1.0, -2.0])
    found = slope(OF_X, probe(X, 5), values_of(lambda x: weights * x, 3.0, 1.0))
    assert found is not None, "five arrays have a slope"
    assert np.array_equal(found[1], cotangent(5, (2,))), "drawn by the probe's own seed, from 0.5 to 1.5"
    assert found[0] == pytest.approx(float(np.sum(found[1] * weights)), rel=1e-9), f"the sum of its parts: {found}"


@pytest.mark.parametrize(
    ("how", "values"),
    [
        (OF_X, [1.0, 1.0, 1.0, 1.0, None]),
        (OF_X, [1.0, 1.0, "x", 1.0, 1.0]),
        (OF_X, [1.0, np.inf, 1.0, 1.0, 1.0]),
        (OF_X, [np.nan, 1.0, 1.0, 1.0, 1.0]),
        (OF_X, [np.array([1.0, np.nan])] * 5),
        (OF_X, [1.0, 1.0, 1.0, 1.0, X]),
        (OF_X, [X, X, X, X, np.zeros(3)]),
        (Derivative(("x",), pick=lambda value: value[0]), [1.0] * 5),
        (Derivative(("x",), pick=lambda value: value[0]), [()] * 5),
        (Derivative(("x",), pick=lambda value: value["y"]), [{}] * 5),
    ],
)
def test_values_of_no_number_have_no_slope(how: Derivative, values: list[Any]) -> None:
    assert slope(how, probe(), values) is None, f"{values}"
    assert slope(how, probe(), []) is None, "nor has none"
    assert not agrees(how, probe(), X, values, Tolerance(1.0, 1e9)), "and no gradient is theirs"


def test_the_value_may_be_picked_out() -> None:
    how = Derivative(("x",), pick=lambda value: value["y"])
    found = slope(how, probe(), [{"y": value} for value in values_of(lambda x: 2 * x, 1.0, 1.0)])
    assert found is not None and found[0] == pytest.approx(2.0, rel=1e-9), f"{found}"


def said(how: Derivative, direction: tuple[Any, ...], gradient: Any, weights: Any = None) -> float | None:
    return predicted(how, Probe(direction, (), 0), gradient, np.ones(()) if weights is None else weights)


def test_a_gradient_says_what_the_slope_is() -> None:
    two = Derivative(("x", "y"))
    assert said(OF_X, (X,), np.array([3.0, 4.0])) == 11.0, "the inner product with the direction"
    assert said(OF_X, (np.array(2.0),), 3.0) == 6.0, "of one number"
    assert said(two, (X, np.array(2.0)), (np.array([3.0, 4.0]), 5.0)) == 21.0, "the sum over all parts"
    assert said(two, (X, np.array(2.0)), [[3.0, 4.0], 5.0]) == 21.0, "lists are as good"
    entries = {"a": X, "b": np.array(2.0)}
    assert said(OF_X, (entries,), {"b": 5.0, "a": np.array([3.0, 4.0])}) == 21.0, "and over all entries"
    picked = Derivative(("x",), pick_gradient=lambda value: value["x"])
    assert said(picked, (X,), {"x": [3.0, 4.0]}) == 11.0, "it may be picked out"
    element = Derivative(("x", "y"), elementwise=True)
    weights = np.array([10.0, 100.0])
    assert said(element, (X, X), (np.array([3.0, 4.0]), np.zeros(2)), weights) == 830.0, "weighed by the cotangent"
    assert said(OF_X, (X,), np.array([3.0, 4.0]), weights) == 11.0, "where it is elementwise, and else not"


@pytest.mark.parametrize(
    ("how", "direction", "gradient"),
    [
        (OF_X, (X,), None),
        (OF_X, (X,), np.zeros(3)),
        (OF_X, (X,), np.zeros((2, 1))),
        (OF_X, (X,), 1.0),
        (OF_X, (X,), (X, X)),
        (OF_X, ({"a": X},), X),
        (OF_X, ({"a": X},), {"b": X}),
        (OF_X, ({"a": X},), {"a": X, "b": X}),
        (OF_X, ({"a": X, "b": X},), {"a": X, "b": None}),
        (Derivative(("x", "y")), (X, X), X[0]),
        (Derivative(("x", "y")), (X, X), (X,)),
        (Derivative(("x", "y")), (X, X), (X, X, X)),
        (Derivative(("x", "y")), (X, X), (X, None)),
        (Derivative(("x", "y")), (X, X), {"x": X, "y": X}),
        (Derivative(("x",), pick_gradient=lambda value: value["x"]), (X,), {}),
        (Derivative(("x",), pick_gradient=lambda value: value[0]), (X,), 1.0),
        (Derivative(("x",), pick_gradient=lambda value: value[0]), (X,), ()),
    ],
)
def test_what_has_another_structure_says_nothing(how: Derivative, direction: tuple[Any, ...], gradient: Any) -> None:
    assert said(how, direction, gradient) is None, f"{gradient!r}"


def test_a_gradient_agrees_within_the_tolerance() -> None:
    values = values_of(lambda x: 8.0 * x, 1.0, 1.0)
    one = Probe((np.array(1.0),), (), 0)
    tolerance = Tolerance(relative=0.25, absolute=0.5)
    for gradient, right in (
        (8.0, True),
        (11.3, True),
        (11.4, False),
        (5.6, True),
        (5.4, False),
        (-8.0, False),
        (np.inf, False),
        (np.nan, False),
        (None, False),
    ):
        assert agrees(OF_X, one, gradient, values, tolerance) is right, f"{gradient} for a slope of 8"
    downward = values_of(lambda x: -8.0 * x, 1.0, 1.0)
    assert agrees(OF_X, one, -11.3, downward, tolerance) and not agrees(OF_X, one, -11.4, downward, tolerance)
    flat = values_of(lambda x: 0.0 * x, 1.0, 1.0)
    assert agrees(OF_X, one, 0.0, flat, Tolerance(0.0, 0.0)), "what is equal agrees without any"
    assert agrees(OF_X, one, 0.6, flat, tolerance) and not agrees(OF_X, one, 0.7, flat, tolerance), "of the larger"
    assert not agrees(OF_X, one, np.inf, values, Tolerance(0.0, np.inf)), "what is not finite is never right"


def test_values_do_not_change() -> None:
    assert changeable(differences) == [], "a value that can change is no fact"


def weighed(x: Any, y: float) -> float:
    return float(np.sum(x**2) * y)


@pytest.mark.parametrize("seed", range(3))
def test_each_coordinate_has_its_own_derivative(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(2, 3)), float(rng.uniform(0.5, 2.0))
    how = Derivative(("x", "y"))
    gradient = (2.0 * x * y, float(np.sum(x**2)))
    found = list(coordinates(how, ["x", "y"], (x, y)))
    labels = [each.label for each in found]
    assert labels == [*(f"x[{i}, {j}]" for i in range(2) for j in range(3)), "y"], f"in order: {labels}"
    assert [each.parameter for each in found] == [0] * 6 + [1], "of the first, then of the second"
    for each in found:
        measured = derivative(how, each, [weighed(*call) for call in each.probe.calls])
        said = at(how, each, gradient)
        assert measured is not None and said is not None, f"{each.label} has both"
        assert abs(measured - said) < 1e-8 * max(1.0, abs(said)), f"{each.label}: {measured} and {said}"


def test_coordinates_of_a_dict_go_by_its_entries() -> None:
    how = Derivative(("p",), pick=lambda found: found[0], pick_gradient=lambda found: found[1])
    params = {"b": 3.0, "W": np.array([1.0, 2.0])}
    found = list(coordinates(how, ["first", "p"], (0.0, params)))
    assert [each.label for each in found] == ["W[0]", "W[1]", "b"], f"entries in order: {found}"
    for each, wanted in zip(found, (2.0, 4.0, 1.0), strict=True):
        values = [(float(np.sum(p["W"] ** 2) + p["b"]), None) for _, p in each.probe.calls]
        measured = derivative(how, each, values)
        assert measured is not None and abs(measured - wanted) < 1e-8, f"{each.label}: {measured}"
        assert at(how, each, (0.0, {"W": [2.0, 4.0], "b": 1.0})) == wanted, f"{each.label} of the gradient"


def test_coordinates_element_by_element_are_of_the_common_shape() -> None:
    how = Derivative(("x", "y"), elementwise=True)
    found = list(coordinates(how, ["x", "y"], (X, np.array([[1.0], [4.0]]))))
    assert [each.label for each in found][::3] == ["x[0, 0]", "x[1, 1]", "y[1, 0]"], f"of both: {found}"
    for each in found:
        measured = derivative(how, each, [x**2 * y for x, y in each.probe.calls])
        x, y = float(X[each.index[1]]), (1.0, 4.0)[each.index[0]]
        wanted = x**2 if each.parameter else 2.0 * x * y
        assert measured is not None and abs(measured - wanted) < 1e-7, f"{each.label}: {measured}, not {wanted}"


def test_what_has_no_number_at_a_coordinate() -> None:
    how = Derivative(("x",))
    (first, *_) = coordinates(how, ["x"], (X,))
    assert derivative(how, first, [2.0 * call[0] for call in first.probe.calls]) is None, "not element by element"
    assert derivative(how, first, [np.nan] * 5) is None, "not finite"
    for gradient in (None, 1.0, "text", {"x": 1.0}, [[1.0], [1.0, 2.0]]):
        assert at(how, first, gradient) is None, f"{gradient!r} holds no such number"
    two = Derivative(("x", "y"))
    assert at(two, Coordinate("y", 1, "", (), first.probe), (1.0,)) is None, "nor what is too short"
    assert at(two, Coordinate("y", 1, "", (), first.probe), (1.0, 2.0)) == 2.0, "the second of two"


def test_coordinates_may_go_through_a_map() -> None:
    how = Derivative(("x",), through=lambda x, y: (x.sum(), y))
    (first, second) = coordinates(how, ["x", "y"], (X, 7.0))
    assert [round(call[0] - 3.0, 9) for call in first.probe.calls] == [1e-4, -1e-4, 5e-5, -5e-5, 0.0], f"{first}"
    assert all(call[1] == 7.0 for call in second.probe.calls), "what is not moved stays"
