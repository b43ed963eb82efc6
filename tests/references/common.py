"""The right solutions under test: the reference of each assignment, and every alternative beside it."""

import importlib
from collections.abc import Callable
from types import ModuleType
from typing import Any

import mpmath
import numpy as np
import pytest

from autograder.course.settings import read_course
from autograder.feedback.messages import detail
from autograder.judging.tolerance import Tolerance
from autograder.judging.values import compare
from tests.repository import SOLUTIONS

COURSE = read_course(SOLUTIONS / "course.toml")
VALUE, EMBEDDING, DERIVATION = (COURSE.tolerances[name] for name in ("value", "embedding", "derivation"))
SEEDS = range(5)
every_seed = pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in SEEDS[1:])])

mpmath.mp.dps = 50


def right_solutions(assignment: str, module: str) -> list[Any]:
    """The reference and the alternatives of an assignment, as parameters of a test."""
    alternatives = sorted(path.stem for path in (SOLUTIONS / assignment / "alternatives").glob("*.py"))
    names = [module, *(f"alternatives.{name}" for name in alternatives)]
    return [pytest.param(importlib.import_module(f"solutions.{assignment}.{name}"), id=name) for name in names]


def agree(got: Any, expected: Any, where: object, tolerance: Tolerance = VALUE, scale: Any = None) -> None:
    """Fail where a result is not the expected one to the contract's tolerance."""
    wrong = compare(got, expected, tolerance, scale)
    assert wrong is None, f"{where}: {detail(wrong) if wrong else ''} got {got!r}, expected {expected!r}"


def stats() -> Any:
    """`scipy.stats`, which takes long to load: every process collects these tests, and few run them."""
    return importlib.import_module("scipy.stats")


def metrics() -> Any:
    """`sklearn.metrics`, by the same rule."""
    return importlib.import_module("sklearn.metrics")


def torch() -> Any:
    """PyTorch, or a skip that says how to get it."""
    found = pytest.importorskip("torch", reason="PyTorch is absent: python -m pip install torch==2.13.0")
    found.set_default_dtype(found.float64)
    return found


def torch_gradient(function: Callable[..., Any], *arrays: Any) -> tuple[Any, ...]:
    """The gradient of a function of tensors by each array, by PyTorch's automatic differentiation."""
    t = torch()
    tensors = [t.tensor(np.asarray(array, dtype=np.float64), requires_grad=True) for array in arrays]
    value = function(*tensors)
    gradients = t.autograd.grad(value, tensors, allow_unused=True)
    return tuple(
        np.zeros(tensor.shape) if gradient is None else gradient.numpy()
        for tensor, gradient in zip(tensors, gradients, strict=True)
    )


def untouched(function: Callable[..., Any], *arguments: Any) -> None:
    """Fail where a call changes an array that it is given."""
    copies = [np.copy(a) if isinstance(a, np.ndarray) else a for a in arguments]
    function(*arguments)
    for before, after in zip(copies, arguments, strict=True):
        if isinstance(after, np.ndarray):
            assert np.array_equal(before, after), f"{function.__name__} changed an argument from {before} to {after}"


Module = ModuleType
