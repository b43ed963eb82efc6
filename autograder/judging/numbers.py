"""A value of the wire format, read as real numbers."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from autograder.sandbox.inside.wire import Opaque

Floats = npt.NDArray[np.float64]


def as_floats(value: Any) -> Floats | None:
    """The value as real numbers, as NumPy reads it, or None: lists of lists count, texts and ragged lists do not."""
    if isinstance(value, Opaque | str | bytes | Mapping) or value is None:
        return None
    try:
        array = np.asarray(value)
        if array.dtype.kind == "O" and all(type(item) in (int, float) for item in array.flat):
            # Integers of more than 64 bits.
            return array.astype(np.float64)
    except (ValueError, TypeError, OverflowError):
        return None
    if array.dtype.kind not in "biuf":
        return None
    return array.astype(np.float64, copy=False)
