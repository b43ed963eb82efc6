"""A gradient that fails its public check is shown number by number, with what the wrong numbers have in common."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.public import expect_gradient
from autograder.students.gradient_table import MOST_ROWS

X, Y = np.array([1.0, 2.0, 0.0]), 3.0


def total(x: Any, y: float) -> float:
    return float(np.sum(x**2) * y)


def told(gradient: Callable[..., Any], wrt: list[str], *arguments: Any, **options: Any) -> str:
    with pytest.raises(AssertionError) as caught:
        expect_gradient(gradient, *(arguments or (X, Y)), wrt=wrt, names=["x", "y"], **{"of": total, **options})
    return str(caught.value)


def test_a_forgotten_factor_is_a_ratio() -> None:
    def grad(x: Any, y: float) -> Any:
        return x * y

    text = told(grad, ["x"])
    assert "x[1]              6                     12    0.5  <- differs" in text, f"one line a number: {text}"
    assert "All are 0.5 times what the differences say." in text, f"0 is right with any factor: {text}"
    assert "Either grad or total may be wrong" in text, f"both are the student's: {text}"
    assert text.count("differs") == 2, f"of three numbers two: {text}"


def test_a_sign_and_the_right_part_are_told() -> None:
    def opposite(x: Any, y: float) -> Any:
        return -2.0 * x * y

    def half_right(x: Any, y: float) -> Any:
        return 2.0 * x * y, float(np.sum(x))

    assert "All have the opposite sign." in told(opposite, ["x"]), "a sign has a name"
    text = told(half_right, ["x", "y"])
    assert "By x it is right; by y it differs." in text and text.count("<- differs") == 1, f"part by part: {text}"


def test_of_many_numbers_the_wrong_ones_are_shown() -> None:
    def grad(x: Any, y: float) -> Any:
        found = 2.0 * x * y
        found[40:60] += 1.0
        return found

    text = told(grad, ["x"], np.arange(1.0, 101.0), Y)
    assert text.count("<- differs") == MOST_ROWS, f"no more than fit: {text}"
    assert "x[40]" in text and "x[0]" not in text, f"those that are wrong: {text}"
    assert f"and {100 - MOST_ROWS} more" in text, f"what is left out is told: {text}"


def test_element_by_element_and_in_a_dict() -> None:
    def square(x: Any, y: Any) -> Any:
        return (x / y) ** 2

    def grad(x: Any, y: Any) -> Any:
        return 2.0 * x / y**2, -2.0 * x**2 / y**2

    arguments = (np.array([1.0, 2.0]), np.array([[0.5], [2.0]]))
    text = told(grad, ["x", "y"], *arguments, of=square, elementwise=True)
    assert "y[1, 0]" in text and "x[1, 1]" in text, f"in the broadcast shape: {text}"
    assert "By x it is right; by y it differs." in text, f"part by part: {text}"

    def network(x: Any, y: Any) -> Any:
        return float(np.sum(x["W"] * y) + x["c"]), {"W": np.array([1.0, y]), "c": 2.0}

    text = told(
        network,
        ["x"],
        {"W": np.zeros(2), "c": 1.0},
        Y,
        of=network,
        pick=lambda found: found[0],
        pick_gradient=lambda found: found[1],
    )
    assert "W[0]" in text and "c " in text and text.count("<- differs") == 2, f"by the names of the entries: {text}"
    assert "Either the value or its gradient may be wrong." in text, f"one function gives both: {text}"


def test_what_is_wrong_only_in_form_has_no_table() -> None:
    def grad(x: Any, y: float) -> Any:
        return x[:2]

    assert "<- differs" not in told(grad, ["x"]), "a shape is told as a shape"
