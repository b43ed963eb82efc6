"""How an instructor declares what is asked: an `Assignment`, its checks, mistakes and wrong versions."""

from autograder.authoring.assignment import Assignment, growing
from autograder.authoring.declarations import Arguments, Check, Curve, Gradient, Maker, Mistake, Relation
from autograder.errors import AuthoringError

__all__ = [
    "Arguments",
    "Assignment",
    "AuthoringError",
    "Check",
    "Curve",
    "Gradient",
    "Maker",
    "Mistake",
    "Relation",
    "growing",
]
