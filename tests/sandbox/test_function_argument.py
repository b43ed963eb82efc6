"""A function as an argument of a line: sent as a text, and made anew where it is called."""

import numpy as np
import pytest

from autograder.sandbox.inside.function_argument import FunctionArgument, function_of


def test_a_text_over_numpy_and_math_is_a_function() -> None:
    assert FunctionArgument("np.log")(1.0) == 0.0, "a name"
    assert FunctionArgument("lambda u: math.floor(u) + np.maximum(0.0, u)")(1.5) == 2.5, "or an expression"
    assert np.array_equal(FunctionArgument("lambda u: u**2")(np.arange(3.0)), [0.0, 1.0, 4.0]), "of arrays, too"


def test_it_is_shown_and_compared_by_its_text() -> None:
    one = FunctionArgument("np.log")
    assert repr(one) == "np.log", "as it may be pasted"
    assert one == FunctionArgument("np.log") and hash(one) == hash(FunctionArgument("np.log")), "the same text"
    assert one != FunctionArgument("np.exp") and one != "np.log", "and nothing else"


@pytest.mark.parametrize(
    ("text", "error"),
    [("lambda u:", SyntaxError), ("3.0", TypeError), ("reference.kl", NameError), ("u = 3", SyntaxError)],
)
def test_what_gives_no_function_is_refused_at_once(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        FunctionArgument(text)


def test_it_is_made_anew_for_each_call() -> None:
    one = function_of("lambda u, kept=[]: kept.append(u) or len(kept)")
    other = function_of("lambda u, kept=[]: kept.append(u) or len(kept)")
    assert [one(1.0), one(1.0), other(1.0)] == [1, 2, 1], "what one keeps, the other does not see"
