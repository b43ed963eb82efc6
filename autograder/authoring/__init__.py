"""How an instructor declares what is asked: an `Assignment`, its checks, mistakes and wrong versions."""

from autograder.authoring.assignment import Assignment
from autograder.authoring.declarations import Curve, Mistake
from autograder.authoring.kinds.assumption import Assumption
from autograder.authoring.kinds.gradient import Gradient
from autograder.authoring.kinds.kind import Arguments, Check, Kind, Maker
from autograder.authoring.sizes import growing
from autograder.errors import AuthoringError
from autograder.judging.derivations import Relation
from autograder.sandbox.inside.function_argument import FunctionArgument

__all__ = [
    "Arguments",
    "Assignment",
    "Assumption",
    "AuthoringError",
    "Check",
    "Curve",
    "FunctionArgument",
    "Gradient",
    "Kind",
    "Maker",
    "Mistake",
    "Relation",
    "growing",
]
