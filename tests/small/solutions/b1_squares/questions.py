"""Every kind of check, once."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.random import Generator

from autograder.authoring import Arguments, Assignment, Assumption

b1 = Assignment("b1_squares", module="squares", title="Sums of squares")


@b1.check("total", points=2)
def numbers(rng: Generator, size: int) -> Arguments:
    """Is right on random numbers"""
    return (rng.normal(0.0, 1.0, size),)


@b1.check("total", points=1, cases=1)
def nothing(rng: Generator, size: int) -> Arguments:
    """Is 0 for no number"""
    return (np.zeros(0),)


@b1.curve("total", over=np.linspace(-2.0, 2.0, 9), label="x")
def one_number(x: float) -> Arguments:
    """One number, from -2 to 2"""
    return (np.array([x]),)


b1.formula("total", r"The sum of the squares, $\sum_i x_i^2$.")
b1.untouched("total", points=1, like=numbers)
b1.quiet("total", points=1, like=numbers)
b1.gradient("total_grad", of="total", wrt=["x"], like=numbers, points=4, title="Is the gradient of total")


@b1.check("root", points=1)
def positive(rng: Generator, size: int) -> Arguments:
    """Is right on positive numbers"""
    return (float(rng.uniform(0.0, size)),)


@b1.raises("root", ValueError, points=1, unless=positive)
def negative(rng: Generator, size: int) -> Arguments:
    """Raises ValueError on negative numbers"""
    return (-float(rng.uniform(0.1, size)),)


def left(x: float, y: float, s: float, e: float) -> float:
    return 2.0 * x * y


def right(x: float, y: float, s: float, e: float) -> float:
    return s + e


def other_sum(rng: Generator, size: int) -> Arguments:
    """Another sum, so small that the bound does not hold."""
    x, y = rng.normal(0.0, 1.0, 2)
    e = rng.uniform(0.1, 1.0)
    return float(x), float(y), float(2.0 * x * y - e - rng.uniform(0.1, 1.0)), float(e)


def below_zero(rng: Generator, size: int) -> Arguments:
    """An e so far below 0 that the bound does not hold."""
    x, y = rng.normal(0.0, 1.0, 2)
    return float(x), float(y), float(x**2 + y**2), float(-((x - y) ** 2) - rng.uniform(0.1, 1.0))


@b1.derivation(
    "bound",
    ingredients=("x", "y", "s", "e"),
    sides=(left, right),
    claim="<=",
    assumptions=[
        Assumption(
            "s is the sum of the squares",
            fails=other_sum,
            holds=lambda x, y, s, e: abs(s - x**2 - y**2) < 1e-12,
            hint="What is above 2 x y whatever x and y are?",
        ),
        Assumption("e is not below 0", fails=below_zero, holds=lambda x, y, s, e: e >= 0.0, hint="What may be added?"),
    ],
    points=3,
)
def two_numbers(rng: Generator, size: int) -> Arguments:
    """Proves the bound, line by line"""
    x, y, e = (float(value) for value in rng.normal(0.0, 1.0, 3))
    return x, y, x**2 + y**2, abs(e)


def near_the_mean(arguments: Arguments, facts: Any, values: Sequence[Any]) -> str | None:
    if values[0] != values[1]:
        return "Gives another number for the same seed."
    return None if abs(values[0] - facts) < 0.1 else "Is far from the mean."


@b1.training("fit", judge=near_the_mean, points=2)
def sample(rng: Generator, size: int) -> Arguments:
    """Comes near the mean, the same for the same seed"""
    x = rng.normal(1.0, 1.0, 20 * size)
    return (x, 3), float(np.mean(x))
