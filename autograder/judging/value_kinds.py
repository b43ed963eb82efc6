"""What kind of value came back, as a word of a fixed vocabulary."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.sandbox.inside.wire import Opaque

# What the sandbox calls a value that it cannot send (see `wire.called`), as a kind of `feedback.value_words`.
_CALLED = {
    "Decimal": "decimal",
    "Fraction": "fraction",
    "_ArrayFunctionDispatcher": "function",
    "array of Decimal": "decimals",
    "array of Fraction": "fractions",
    "array of NoneType": "array_of_none",
    "array of bytes": "texts",
    "array of complex": "complex_numbers",
    "array of dates": "dates",
    "array of str": "texts",
    "builtin_function_or_method": "function",
    "coroutine": "coroutine",
    "dict_items": "view",
    "dict_keys": "view",
    "dict_values": "view",
    "ellipsis": "ellipsis",
    "filter": "iterator",
    "frozenset": "set",
    "function": "function",
    "generator": "generator",
    "map": "iterator",
    "masked array": "masked",
    "method": "function",
    "module": "module",
    "set": "set",
    "structured array": "structured",
    "type": "class",
    "ufunc": "function",
    "zip": "iterator",
}


def kind_of(value: object) -> str:
    """What a value is: a word that `feedback.value_words` puts into a beginner's words; nothing of its content."""
    match value:
        case None:
            return "none"
        case Opaque():
            called = str(value).partition(":")[0]
            return _CALLED.get(called, "objects" if called.startswith("array of ") else "object")
        case str() | bytes():
            return "text"
        case Mapping():
            return "dict"
        case tuple():
            return "tuple"
        case list():
            return _kind_of_list(value)
        case np.ndarray():
            return "complex_numbers" if value.dtype.kind == "c" else "array"
        case complex() | np.complexfloating():
            return "complex"
    return "number"


# Of what a list holds, the kind of the list.
_LISTS = {
    "complex": "complex_list",
    "complex_numbers": "complex_list",
    "decimal": "decimals",
    "fraction": "fractions",
    "none": "list_of_none",
    "text": "list_of_texts",
}


def _kind_of_list(value: list[Any]) -> str:
    """Of a list that is no array of numbers, why."""
    row: Any = value
    while isinstance(row, list | tuple):
        # The first item that is not a number; of numbers and rows the first row.
        kinds = [kind_of(item) if not isinstance(item, list | tuple) else "" for item in row]
        strange = next((kind for kind in kinds if kind not in ("", "number", "array")), None)
        if strange is not None:
            return _LISTS.get(strange, "mixed_list")
        row = next((item for item in row if isinstance(item, list | tuple)), None)
    try:
        np.asarray(value)
    except ValueError:
        return "ragged"
    return "list"
