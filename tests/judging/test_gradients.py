"""Central differences tell a right gradient from a wrong one, also where the plain sum of the outputs does not move."""

from typing import Any

import numpy as np
import pytest

from autograder.authoring.kinds.gradient import Gradient
from autograder.judging.differences import agrees, probes
from autograder.judging.tolerance import Tolerance

DIFFERENCES = Tolerance(relative=1e-5, absolute=1e-7)


def softmax(x: Any) -> Any:
    powers = np.exp(x - np.max(x))
    return powers / powers.sum()


def check(
    kind: Gradient, function: Any, names: list[str], arguments: tuple[Any, ...], gradient: Any, seed: int
) -> bool:
    found = probes(kind.derivative, names, arguments, np.random.default_rng(seed))
    how = kind.derivative
    return all(agrees(how, probe, gradient, [function(*call) for call in probe.calls], DIFFERENCES) for probe in found)


@pytest.mark.parametrize("seed", range(20))
def test_numbers_arrays_and_dicts(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x: Any = rng.normal(size=4)
    params: dict[str, Any] = {"W": rng.normal(size=(2, 4)), "c": 0.5}

    def f(x: Any, params: Any, power: int) -> float:
        return float(np.sum(np.tanh(params["W"] @ x + params["c"])) ** power)

    inner = params["W"] @ x + params["c"]
    outer = 2 * np.sum(np.tanh(inner)) * (1 - np.tanh(inner) ** 2)
    right = (params["W"].T @ outer, {"W": np.outer(outer, x), "c": outer.sum()})
    kind = Gradient("f", ("x", "params"))
    names = ["x", "params", "power"]
    assert check(kind, f, names, (x, params, 2), right, seed), "the right gradient must agree"
    for wrong in (
        (right[0] + 0.01, right[1]),
        (right[0], {**right[1], "c": -right[1]["c"]}),
        (right[0], {"W": right[1]["W"]}),
        (right[0][:, None], right[1]),
        (right[0],),
        right[0],
        None,
        (right[0] * np.nan, right[1]),
    ):
        assert not check(kind, f, names, (x, params, 2), wrong, seed), f"a wrong gradient must not agree: {wrong}"


@pytest.mark.parametrize("seed", range(20))
def test_elementwise_derivatives_in_the_broadcast_shape(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(3, 1)), rng.normal(size=2)
    kind = Gradient("f", ("x", "y"), elementwise=True)
    right = (np.broadcast_to(y, (3, 2)), np.broadcast_to(x, (3, 2)))
    assert check(kind, np.multiply, ["x", "y"], (x, y), right, seed), "the right derivatives must agree"
    swapped = (right[1], right[0])
    assert not check(kind, np.multiply, ["x", "y"], (x, y), swapped, seed), "swapped derivatives must not agree"


@pytest.mark.parametrize("seed", range(20))
def test_the_cotangent_is_not_all_ones(seed: int) -> None:
    x = np.random.default_rng(seed).normal(size=5)
    kind = Gradient("softmax", ("x",), elementwise=True)
    assert not check(kind, softmax, ["x"], (x,), np.zeros(5), seed), (
        "a softmax sums to 1, so that under ones a gradient of 0 would pass"
    )


def test_through_maps_the_arguments() -> None:
    kind = Gradient(
        "f", ("z",), through=lambda z: (z**2, 3.0), pick=lambda pair: pair[0], pick_gradient=lambda g: g["z"]
    )

    def f(square: Any, factor: float) -> tuple[float, str]:
        return factor * float(np.sum(square)), "more"

    z = np.array([1.0, -2.0])
    assert check(kind, f, ["z"], (z,), {"z": 6.0 * z}, 0), "the gradient of 3 z^2 is 6 z"
    assert not check(kind, f, ["z"], (z,), {"z": 5.0 * z}, 0), "5 z is not"
