"""Values as NumPy code that a person can read and paste. No number is shortened; what is left out is counted."""

import math
from typing import Any

import numpy as np

# Longer arrays show both ends; the count says what stands between.
MOST_ITEMS = 24
SHOWN_AT_EACH_END = 6
MOST_TEXT = 300
# A case with more numbers is not given as code: nobody would read it.
MOST_IN_CODE = 200


def show_number(value: Any) -> str:
    """The shortest text that reads back as the same float; integers and booleans as they are."""
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, int | np.integer):
        return str(int(value))
    if isinstance(value, complex | np.complexfloating):
        return repr(complex(value))
    number = float(value)
    if math.isnan(number):
        return "np.nan"
    if math.isinf(number):
        return "np.inf" if number > 0 else "-np.inf"
    return repr(number)


def _items(parts: list[str], total: int, ellipsis_of: str) -> str:
    left_out = total - len(parts)
    if not left_out:
        return ", ".join(parts)
    half = len(parts) // 2
    return ", ".join([*parts[:half], f"... {left_out:,} more {ellipsis_of} ...", *parts[half:]])


def _ends(length: int, most: int, at_each_end: int) -> list[int]:
    if length <= most:
        return list(range(length))
    return [*range(at_each_end), *range(length - at_each_end, length)]


def _nested(array: np.ndarray[Any, Any], most: int) -> str:
    if array.ndim == 0:
        return show_number(array[()])
    if array.ndim == 1:
        chosen = _ends(len(array), most, min(SHOWN_AT_EACH_END, max(1, most // 2)))
        return f"[{_items([show_number(array[i]) for i in chosen], len(array), 'numbers')}]"
    inner = max(4, most // max(1, min(len(array), 6)))
    chosen = _ends(len(array), 6, 2)
    return f"[{_items([_nested(array[i], inner) for i in chosen], len(array), 'rows')}]"


def show(value: Any) -> str:
    """A value as NumPy code, as exact as it is; only long arrays and long texts are shortened, and say so.

    >>> show((np.array([0.5, 1.0]), 3, None))
    '(np.array([0.5, 1.0]), 3, None)'
    """
    if isinstance(value, np.ndarray):
        # A row of a matrix is a matrix again, without end.
        value = np.asarray(value)
        if value.size == 0:
            return f"np.empty({value.shape})" if value.ndim > 1 else "np.array([])"
        note = "" if value.size <= MOST_ITEMS else f" of shape {value.shape}"
        # An array of whole floats must not read back as one of integers, nor the other way round.
        return f"np.array({_nested(value, MOST_ITEMS)}){note}"
    if isinstance(value, bool | int | float | complex | np.generic) and not isinstance(value, np.str_ | np.bytes_):
        return show_number(value)
    if isinstance(value, list | tuple):
        opening, closing = ("[", "]") if isinstance(value, list) else ("(", ",)" if len(value) == 1 else ")")
        chosen = _ends(len(value), MOST_ITEMS, SHOWN_AT_EACH_END)
        return opening + _items([show(value[i]) for i in chosen], len(value), "items") + closing
    if isinstance(value, dict):
        entries = [f"{key!r}: {show(item)}" for key, item in value.items()]
        chosen = _ends(len(entries), MOST_ITEMS, SHOWN_AT_EACH_END)
        return "{" + _items([entries[i] for i in chosen], len(entries), "entries") + "}"
    text = repr(value)
    return text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}... ({len(text):,} characters)"


def show_arguments(names: tuple[str, ...], arguments: tuple[Any, ...]) -> str:
    """Arguments by name: `d_pos=np.array([0.5]), tau=0.1`."""
    if len(names) != len(arguments):
        return ", ".join(show(value) for value in arguments)
    return ", ".join(f"{name}={show(value)}" for name, value in zip(names, arguments, strict=True))


def _count(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return int(value.size)
    if isinstance(value, list | tuple):
        return sum(map(_count, value))
    return sum(map(_count, value.values())) if isinstance(value, dict) else 1


def _listed(array: np.ndarray[Any, Any]) -> str:
    """All numbers of an array, as nested lists; `nan` and `inf` have no literal of their own."""
    return f"[{', '.join(map(_listed, array))}]" if array.ndim else show_number(array[()])


def _whole(value: Any) -> str:
    """A value as code, nothing left out."""
    if isinstance(value, np.ndarray) and value.size:
        return f"np.array({_listed(value)})"
    if isinstance(value, list):
        return f"[{', '.join(map(_whole, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(_whole, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_whole(item)}" for key, item in value.items()) + "}"
    return show(value)


def show_code(function: str, names: tuple[str, ...], arguments: tuple[Any, ...]) -> str:
    """A case ready to paste: one line for each argument, then the call; empty where it would be too long to read."""
    if len(names) != len(arguments) or _count(arguments) > MOST_IN_CODE:
        return ""
    given = [f"{name} = {_whole(value)}" for name, value in zip(names, arguments, strict=True)]
    call = f"{function}({', '.join(names)})" if function else ""
    return "\n".join([*given, *([call] if call else [])])
