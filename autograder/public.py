"""What the public checks are written with. A check is a plain pytest function; a failure tells a beginner what to do.

A message says what was called (as NumPy code to copy), what came back, and what must hold. No answer is known here.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.authoring import Gradient
from autograder.course import Tolerance
from autograder.judging.gradients import predicted, probes, slope
from autograder.judging.values import compare
from autograder.showing import show, show_arguments

VALUE = Tolerance(relative=1e-9, absolute=1e-12)
DIFFERENCES = Tolerance(relative=1e-5, absolute=1e-7)
LINES = Tolerance(relative=1e-8, absolute=1e-10)


def _written(call: str) -> str:
    return f"{call} is not written yet: it raises NotImplementedError. Replace that line by your code."


def _called(function: Callable[..., Any], arguments: Sequence[Any]) -> str:
    code = getattr(function, "__code__", None)
    names = code.co_varnames[: code.co_argcount] if code is not None else ()
    name = getattr(function, "__name__", "the function")
    return f"{name}({show_arguments(tuple(names), tuple(arguments))})"


def call(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a student's function; say so where it is not written yet.

    Raises:
        AssertionError: it raises NotImplementedError.
    """
    __tracebackhide__ = True
    try:
        return function(*arguments)
    except NotImplementedError:
        raise AssertionError(_written(getattr(function, "__name__", "The function"))) from None


def expect(function: Callable[..., Any], *arguments: Any, gives: Any, because: str, close: Tolerance = VALUE) -> None:
    """The function must give this value, of this shape, for these arguments.

    Args:
        function: of the student.
        arguments: of the call.
        gives: the right value: a number, an array, or a tuple or dict of them.
        because: one sentence that says why.
        close: the tolerance.

    Raises:
        AssertionError: it gives another.
    """
    __tracebackhide__ = True
    got = call(function, *arguments)
    wrong = compare(got, gives, close)
    if wrong is not None:
        raise AssertionError(
            f"{_called(function, arguments)}\n  returned {show(got)}\n  but must return {show(gives)}: {because}\n"
            f"  {wrong.detail}"
        )


def expect_error(function: Callable[..., Any], *arguments: Any, error: type[Exception], because: str) -> None:
    """The function must raise this exception for these arguments.

    Raises:
        AssertionError: it raises none. Another exception passes through.
    """
    __tracebackhide__ = True
    try:
        got = call(function, *arguments)
    except error:
        return
    raise AssertionError(
        f"{_called(function, arguments)}\n  returned {show(got)}\n  but must raise {error.__name__}: {because}"
    )


def expect_untouched(function: Callable[..., Any], *arguments: Any) -> None:
    """The function must leave arrays that it is given as they were.

    Raises:
        AssertionError: it changes one.
    """
    __tracebackhide__ = True
    before = [np.copy(value) if isinstance(value, np.ndarray) else value for value in arguments]
    call(function, *arguments)
    for number, (old, new) in enumerate(zip(before, arguments, strict=True), start=1):
        if isinstance(new, np.ndarray) and not np.array_equal(old, new):
            raise AssertionError(
                f"{_called(function, before)}\n  changed argument {number} from {show(old)} to {show(new)};\n"
                "  work on a copy instead (x = x.copy())"
            )


def expect_gradient(
    gradient: Callable[..., Any],
    *arguments: Any,
    of: Callable[..., Any],
    wrt: Sequence[str],
    names: Sequence[str],
    through: Callable[..., tuple[Any, ...]] | None = None,
    pick: Callable[[Any], Any] | None = None,
    pick_gradient: Callable[[Any], Any] | None = None,
    elementwise: bool = False,
) -> None:
    """The gradient must agree with central differences of the student's own function, along random directions.

    Args:
        gradient: the student's gradient.
        arguments: of the call.
        of: the student's function whose gradient it is.
        wrt: the parameters by which is differentiated.
        names: all parameters of `gradient`.
        through: maps the arguments to those of `of`; default: the same.
        pick: takes the value out of what `of` returns.
        pick_gradient: takes the gradient out of what `gradient` returns.
        elementwise: whether each derivative has the broadcast shape of all arguments.

    Raises:
        AssertionError: they disagree.
    """
    __tracebackhide__ = True
    kind = Gradient(of.__name__, tuple(wrt), through, pick, pick_gradient, elementwise)
    got = call(gradient, *arguments)
    where = f"{gradient.__name__}({show_arguments(tuple(names), arguments)})"
    for probe in probes(kind, names, arguments, np.random.default_rng(0)):
        values = [call(of, *moved) for moved in probe.calls]
        found = slope(kind, probe, values)
        if found is None:
            raise AssertionError(f"{of.__name__} does not return finite numbers near {where}; make it right first")
        measured, cotangent = found
        said = predicted(kind, probe, got, cotangent)
        if said is None:
            raise AssertionError(f"{where}\n  returned {show(got)}\n  which has not the shape of {', '.join(wrt)}")
        if not abs(said - measured) <= DIFFERENCES.absolute + DIFFERENCES.relative * max(abs(said), abs(measured)):
            raise AssertionError(
                f"{where}\n  returned {show(got)}\n  Moving {', '.join(wrt)} a little along {show(probe.direction)}\n"
                f"  changes your own {of.__name__} at a rate of {show(measured)}, but your gradient says {show(said)}."
            )


def expect_derivation(lines: Any, cases: Sequence[Mapping[str, Any]], *, between: int = 2) -> None:
    """A list of (relation, step) pairs, each step one number on every case, each link true.

    Whether the ends are the right ones, and whether the relations prove the claim, the hidden checks say.

    Raises:
        AssertionError: it is not.
    """
    __tracebackhide__ = True
    pairs = [tuple(line) for line in lines]
    if not pairs or any(len(pair) != 2 for pair in pairs) or pairs[0][0] != "start":
        raise AssertionError('a derivation is a list of (relation, step) pairs, of which the first relation is "start"')
    if len(pairs) < between + 2:
        raise AssertionError(f"there are {len(pairs)} lines; at least {between} are asked for between first and last")
    for case in cases:
        shown = ", ".join(f"{name}={show(value)}" for name, value in case.items())
        values = []
        for number, (_, step) in enumerate(pairs, start=1):
            value = call(step, *case.values())
            if np.ndim(value) or not np.isfinite(float(value)):
                raise AssertionError(f"line {number} gives {show(value)} for {shown}; it must give one finite number")
            values.append(float(value))
        for number in range(1, len(pairs)):
            relation, left, right = pairs[number][0], values[number - 1], values[number]
            slack = LINES.absolute + LINES.relative * max(abs(left), abs(right))
            true = {"=": abs(left - right) <= slack, "<=": left <= right + slack, ">=": left >= right - slack}
            if relation not in true:
                raise AssertionError(f'the relation of line {number + 1} is {relation!r}; it must be "=", "<=" or ">="')
            if not true[relation]:
                raise AssertionError(
                    f"the link from line {number} to line {number + 1} breaks for {shown}:\n"
                    f"  {show(left)} {relation} {show(right)} is not true"
                )
