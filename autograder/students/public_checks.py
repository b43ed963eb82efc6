"""What the public checks are written with. A check is a plain pytest function; a failure tells a beginner what to do.

A message says what was called (as NumPy code to copy), what came back, and what must hold. No answer is known here:
what must hold is worked by hand in the check, or follows from the student's own functions. pytest is not imported, so
the checks run without it too.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.feedback.messages import brief, detail
from autograder.judging.differences import Derivative, predicted, probes, slope
from autograder.judging.literals import show, show_arguments
from autograder.judging.tolerance import Tolerance
from autograder.judging.values import compare, in_form
from autograder.judging.verdicts import Verdict
from autograder.sandbox.inside.wire import WireError, pack, unpack
from autograder.students.gradient_table import ComparedNumber, in_common, rows, table
from autograder.students.own_rules import refuse_what_is_not_graded

VALUE = Tolerance(relative=1e-9, absolute=1e-12)
DIFFERENCES = Tolerance(relative=1e-5, absolute=1e-7)
# Every finite number is close enough: what is left to judge is type and shape.
ANY_NUMBER = Tolerance(relative=0.0, absolute=np.inf)


class _NotWrittenError(AssertionError):
    """A function is not there yet: a check of another one that needs it waits, rather than fails."""

    def __init__(self, function: str, message: str) -> None:
        super().__init__(message)
        self.not_written = function


class _NotDefinedError(_NotWrittenError):
    """A notebook has not defined a function, which may well be written there."""

    not_defined = True


class _OfNotebook:
    """A notebook's names, as attributes."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = names

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in self._names:
            raise _NotDefinedError(name, f"{name} is not defined yet: run the cell that defines it.")
        return self._names[name]


def of_notebook(names: Mapping[str, Any]) -> Any:
    """What stands for a student's module where the functions are a notebook's.

    Args:
        names: all that the notebook has defined.
    """
    return _OfNotebook(names)


def name_of(function: Callable[..., Any]) -> str:
    """What a function is called."""
    return getattr(function, "__name__", "the function")


def _parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    code = getattr(function, "__code__", None)
    return code.co_varnames[: code.co_argcount] if code is not None else ()


def _called(function: Callable[..., Any], arguments: Sequence[Any]) -> str:
    return f"{name_of(function)}({show_arguments(_parameters(function), tuple(arguments))})"


def as_read(got: Any, called: str) -> Any:
    """A value as it is read when work is graded: plain numbers and arrays, or what else it is.

    Raises:
        AssertionError: it is larger than an answer may be, or nests without end.
    """
    try:
        return unpack(pack(got))
    except WireError as error:
        raise AssertionError(f"{called}\n  returned what cannot be read as an answer: {error}") from None


def _wrong(read: Any, got: Any, expected: Any, close: Tolerance) -> str | None:
    """What is wrong with a value, in one line, or None.

    Args:
        read: the value as it is judged.
        got: as it came back.
        expected: what is right.
        close: how close is right.
    """
    wrong = compare(read, expected, close)
    if wrong is None:
        return None
    # Of a wrong type the brief says what is asked for; the detail may only repeat what came back.
    told = [brief(wrong)] if wrong.verdict is Verdict.WRONG_TYPE else []
    further = detail(wrong)
    return " ".join([*told, further] if further not in (f"It returned {show(v)}." for v in (read, got)) else told)


def call(function: Callable[..., Any], *arguments: Any, like: Any = None, keep: bool = True) -> Any:
    """Call a student's function; say so where it is not written yet.

    A function that changes its arguments must not spoil the checks of the others, so it gets copies.

    Args:
        function: of the student.
        arguments: of the call.
        like: any value of the right type and shape (a number, an array, a tuple or dict of them); the result is then
            judged by these, and comes back as floats and arrays.
        keep: whether to work on copies of the arguments.

    Raises:
        AssertionError: it raises NotImplementedError, or what it returns is not `like`. Any other exception passes
            through, with a note that says which call raised it.
    """
    __tracebackhide__ = True
    refuse_what_is_not_graded(function)
    try:
        got = function(*(copy.deepcopy(arguments) if keep else arguments))
    except NotImplementedError:
        written = f"{name_of(function)} is not written yet: it raises NotImplementedError."
        raise _NotWrittenError(name_of(function), f"{written} Replace that line by your code.") from None
    except Exception as error:
        error.add_note(f"It was raised by this call: {_called(function, arguments)}")
        raise
    if like is None:
        return got
    read = as_read(got, _called(function, arguments))
    wrong = _wrong(read, got, like, ANY_NUMBER)
    if wrong is not None:
        raise AssertionError(f"{_called(function, arguments)}\n  returned {show(got)}\n  {wrong}")
    return in_form(read, like)


def expect(function: Callable[..., Any], *arguments: Any, gives: Any, because: str, close: Tolerance = VALUE) -> None:
    """The function must give this value, of this type and shape, for these arguments.

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
    wrong = _wrong(as_read(got, _called(function, arguments)), got, gives, close)
    if wrong is not None:
        raise AssertionError(
            f"{_called(function, arguments)}\n  returned {show(got)}\n  but must return {show(gives)}: {because}\n"
            f"  {wrong}"
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


def _same(before: Any, after: Any) -> bool:
    """Whether an argument is as it was, also inside lists and dicts."""
    if isinstance(before, Mapping):
        return set(before) == set(after) and all(_same(before[key], after[key]) for key in before)
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(_same, before, after))
    return np.array_equal(before, after)


def expect_untouched(function: Callable[..., Any], *arguments: Any) -> None:
    """The function must leave its arguments as they were, also arrays inside a list or a dict.

    Raises:
        AssertionError: it changes one.
    """
    __tracebackhide__ = True
    mine = copy.deepcopy(arguments)
    call(function, *mine, keep=False)
    for number, (before, after) in enumerate(zip(arguments, mine, strict=True), start=1):
        if not _same(before, after):
            raise AssertionError(
                f"{_called(function, arguments)}\n  changed argument {number} from {show(before)} to {show(after)};\n"
                "  work on a copy instead (x = x + 1 makes a new array, x += 1 changes the old one)"
            )


def _form(how: Derivative, names: Sequence[str], arguments: Sequence[Any]) -> Any:
    """A value of the type and shape that a gradient must have."""
    parts = [arguments[list(names).index(name)] for name in how.wrt]
    if how.elementwise:
        parts = list(np.broadcast_arrays(*parts))
    return parts[0] if len(parts) == 1 else tuple(parts)


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
    how = Derivative(tuple(wrt), through, pick, pick_gradient, elementwise)
    raw = call(gradient, *arguments)
    where = f"{name_of(gradient)}({show_arguments(tuple(names), arguments)})\n  returned {show(raw)}"
    got = as_read(raw, _called(gradient, arguments))
    try:
        picked = pick_gradient(got) if pick_gradient else got
    except (TypeError, IndexError, KeyError):
        raise AssertionError(f"{where}\n  which holds no gradient; the docstring says what to return") from None
    wrong = _wrong(picked, picked, _form(how, names, arguments), ANY_NUMBER)
    if wrong is not None:
        raise AssertionError(f"{where}\n  {wrong} A derivative has the shape of what it is taken by.")

    def ask(moved: tuple[Any, ...]) -> Any:
        return as_read(call(of, *moved), _called(of, moved))

    for probe in probes(how, names, arguments, np.random.default_rng(0)):
        found = slope(how, probe, [ask(moved) for moved in probe.calls])
        if found is None:
            told = f"your {name_of(of)} does not return finite numbers of one shape"
            raise AssertionError(f"{told} for {_called(of, probe.calls[-1])}\n  or near it; make it right first")
        measured, cotangent = found
        said = predicted(how, probe, got, cotangent)
        if said is None or not (
            abs(said - measured) <= DIFFERENCES.absolute + DIFFERENCES.relative * max(abs(said), abs(measured))
        ):
            by_number = rows(how, names, arguments, got, ask, DIFFERENCES)
            along = (
                f"  Moving {', '.join(wrt)} a little along {show(probe.direction)}\n  changes your own {name_of(of)} at"
            )
            along += f" a rate of {show(measured)}, but your gradient says {show(said)}."
            raise AssertionError(f"{where}\n{_compared(by_number, name_of(of)) or along}\n  {_either(gradient, of)}")


def _compared(found: Sequence[ComparedNumber], of: str) -> str:
    """A gradient and differences number by number; nothing where no number by itself is wrong."""
    if all(row.right for row in found):
        return ""
    common = in_common(found)
    told = f"  but when one number is moved a little, your own {of} changes otherwise:\n{table(found, of)}"
    return f"{told}\n  {common}" if common else told


def _either(gradient: Callable[..., Any], of: Callable[..., Any]) -> str:
    """Where the error may be."""
    if name_of(gradient) == name_of(of):
        return "Either the value or its gradient may be wrong."
    return (
        f"Either {name_of(gradient)} or {name_of(of)} may be wrong: first see that {name_of(of)} passes its own checks."
    )
