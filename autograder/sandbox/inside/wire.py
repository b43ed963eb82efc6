"""Values on the wire: msgpack with exact types and no code.

`pack` turns a value into bytes on either side; `unpack` is safe on bytes from an untrusted peer: it raises `WireError`
and nothing else, and what it builds is bounded by the length of what it reads.
"""

import re
import struct
import sys
from array import array as flat_array
from collections import deque
from collections.abc import Mapping
from typing import Any

import msgpack
import numpy as np

from autograder.sandbox.inside.usual_limits import ANSWER_BYTES

NDARRAY, TUPLE, SCALAR, COMPLEX, BIGINT, OPAQUE = range(1, 7)
DTYPES = tuple(
    np.dtype(name)
    for name in ("?", "<i1", "<u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16")
)
_CODE = {dtype: code for code, dtype in enumerate(DTYPES)}

MAX_FRAME = ANSWER_BYTES
MAX_ITEMS = 1 << 16
# Of lists and dicts within each other: each that is empty takes one byte on the wire, 64 in memory, and time.
MAX_LISTS = 1 << 15
# Tuples nest by calling the reader again; unbounded, that overflowed the C stack.
MAX_DEPTH = 12
MAX_TEXT = 400
# The integers that msgpack has.
SMALLEST, LARGEST = -(1 << 63), (1 << 64) - 1

# A float of 64 bits, as msgpack writes it.
FLOAT, FLOAT_MARK = struct.Struct(">Bd"), 0xCB
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}")
# What the folder that a submission may write to is called where it is told: its own name differs from run to run.
SCRATCH = "/box"
_folders: list[str] = []


class WireError(ValueError):
    """Bytes that are not a value of the wire format, or a value that has no bytes in it."""


class Opaque(str):
    """Stands for a value with no wire form: what it is (see `called`), a colon, and a short description."""

    __slots__ = ()


# What an array is called whose numbers are none: by the kind of its dtype. Of one of objects it says what they are.
UNSENT = {
    "U": "array of str",
    "S": "array of bytes",
    "V": "structured array",
    "M": "array of dates",
    "m": "array of dates",
}


def call_folder(folder: str) -> None:
    """Let a folder be told by the name of all scratch folders."""
    _folders[:] = [folder] if folder else []


def without_addresses(text: str) -> str:
    """`text` without memory addresses and the folder's own name: both differ from run to run, and a record must not."""
    for folder in _folders:
        text = text.replace(folder, SCRATCH)
    return _ADDRESS.sub("0x...", text)


def called(value: object) -> str:
    """What a value with no wire form is: the name of its class; of an array, what it holds."""
    if _is_masked(value):
        return "masked array"
    if not isinstance(value, np.ndarray | np.generic):
        return type(value).__name__
    kind = value.dtype.kind
    if kind == "O" and isinstance(value, np.ndarray):
        strange = next((item for item in value.flat if not isinstance(item, int | float)), 0)
        return f"array of {type(strange).__name__}"
    return UNSENT.get(kind, type(value).__name__)


def describe(value: object) -> str:
    """A short description of any object, whatever its own `repr` does."""
    try:
        text = f"{called(value)}: {value!r}"
    except BaseException:
        text = "an object that cannot be printed"
    return without_addresses(text[:MAX_TEXT])


def _is_masked(value: object) -> bool:
    """Whether it is a masked array in which something is masked; what stands below a mask is no number."""
    # Only who has made a masked array has loaded them.
    masked = sys.modules.get("numpy.ma")
    return masked is not None and isinstance(value, masked.MaskedArray) and bool(np.any(value.mask))


def _plain(array: np.ndarray[Any, Any] | np.generic) -> np.ndarray[Any, Any]:
    """Base class, native byte order, no wider than float64 or complex128; Python's own numbers become floats."""
    plain = np.asarray(array)
    dtype = plain.dtype.newbyteorder("=")
    if dtype.kind == "f" and dtype.itemsize > 8:
        dtype = np.dtype(np.float64)
    elif dtype.kind == "c" and dtype.itemsize > 16:
        dtype = np.dtype(np.complex128)
    elif dtype.kind == "O" and all(isinstance(item, int | float) for item in plain.flat):
        dtype = np.dtype(np.float64)
    try:
        return plain.astype(dtype, copy=False)
    except OverflowError:  # an integer beyond all floats
        return plain


def _array_extension(value: Any) -> msgpack.ExtType | None:
    """An array or one of NumPy's numbers, where it has numbers that may be sent."""
    if _is_masked(value):
        return None
    plain = _plain(value)
    code = _CODE.get(plain.dtype)
    if code is not None and isinstance(value, np.ndarray):
        head = struct.pack(f"<BB{plain.ndim}I", code, plain.ndim, *plain.shape)
        return msgpack.ExtType(NDARRAY, head + plain.tobytes())
    return None if code is None else msgpack.ExtType(SCALAR, bytes([code]) + plain.tobytes())


def _as_base(value: Any) -> Any:
    """A value of a class below one of Python's own, or of a further kind of sequence, as that; else the value itself.

    NumPy reads them so, too. What the class itself says of its content is not asked.
    """
    match value:
        case float():
            return float.__float__(value)
        case int():
            return int.__int__(value)
        case str():
            return str.__str__(value)
        case bytes():
            return bytes.__bytes__(value)
        case list():
            return [*list.__iter__(value)]
        case tuple():
            return (*tuple.__iter__(value),)
        case dict():
            return dict(dict.items(value))
        case range() | deque() | flat_array():
            return list(value)
        case Mapping():
            return dict(value)
    return value


def _extension(value: Any) -> Any:
    """What msgpack has no exact type for."""
    if isinstance(value, np.ndarray | np.generic) and not isinstance(value, str | bytes):
        made = _array_extension(value)
        return msgpack.ExtType(OPAQUE, describe(value).encode(errors="replace")) if made is None else made
    base = _as_base(value)
    if type(base) is tuple:
        return msgpack.ExtType(TUPLE, pack(list(base)))
    if type(base) is complex:
        return msgpack.ExtType(COMPLEX, struct.pack("<dd", base.real, base.imag))
    if type(base) is int and not SMALLEST <= base <= LARGEST:
        # A length is all that is told of an absurd one.
        if base.bit_length() <= 8 * MAX_TEXT:
            return msgpack.ExtType(BIGINT, base.to_bytes(base.bit_length() // 8 + 1, "little", signed=True))
        return msgpack.ExtType(OPAQUE, f"int: a number of {base.bit_length()} bits".encode())
    if base is not value:
        return base
    return msgpack.ExtType(OPAQUE, describe(value).encode(errors="replace"))


# Kept, since a new Packer costs a fresh buffer; a value inside a tuple is packed while the outer packer is busy.
_packers: list[msgpack.Packer] = []


def pack(value: object) -> bytes:
    """The bytes of a value.

    Raises:
        WireError: the value nests too deeply or refers to itself.
    """
    packer = _packers.pop() if _packers else msgpack.Packer(default=_extension, strict_types=True)
    try:
        data: bytes = packer.pack(value)
    except (ValueError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        # The packer is dropped: after an error its buffer is in an unknown state.
        raise WireError(f"this value cannot be sent: {error}") from error
    _packers.append(packer)
    return data


def _array(data: bytes) -> np.ndarray[Any, Any]:
    dtype, ndim = DTYPES[data[0]], data[1]
    if ndim > 32:
        raise WireError("an array of too many dimensions")
    shape = struct.unpack_from(f"<{ndim}I", data, 2)
    if 0 in shape:
        if len(data) != 2 + 4 * ndim:
            raise WireError("an empty array with content")
        return np.empty(shape, dtype)
    flat = np.frombuffer(data, dtype, -1, 2 + 4 * ndim)
    return flat.reshape(shape)


class _Unpacker:
    """Reads one value, and counts what it makes on the way."""

    def __init__(self, lists: int | None) -> None:
        self._depth = self._made = 0
        self._lists = lists
        self._hook = None if lists is None else self._counted

    def read(self, body: bytes) -> Any:
        """The value of these bytes."""
        return msgpack.unpackb(
            body,
            ext_hook=self._extension,
            list_hook=self._hook,
            object_hook=self._hook,
            max_array_len=MAX_ITEMS,
            max_map_len=MAX_ITEMS,
        )

    def _counted(self, value: Any) -> Any:
        self._made += 1
        if self._lists is not None and self._made > self._lists:
            raise WireError(f"more than {self._lists:,} lists within each other")
        return value

    def _extension(self, code: int, body: bytes) -> Any:
        if code == NDARRAY:
            return _array(body)
        if code == SCALAR:
            return np.frombuffer(body, DTYPES[body[0]], 1, 1)[0]
        if code == TUPLE:
            return self._tuple(body)
        if code == COMPLEX:
            return complex(*struct.unpack("<dd", body))
        if code == BIGINT and len(body) <= MAX_TEXT + 1:
            return int.from_bytes(body, "little", signed=True)
        if code == OPAQUE:
            return Opaque(body[: 4 * MAX_TEXT].decode(errors="replace"))
        raise WireError("a value of an unknown kind")

    def _tuple(self, body: bytes) -> tuple[Any, ...]:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise WireError("nested too deeply")
        items = self.read(body)
        self._depth -= 1
        if type(items) is not list:
            raise WireError("a tuple that is not a list of values")
        return tuple(items)


def unpack(data: bytes, *, limit: int = MAX_FRAME, lists: int | None = MAX_LISTS) -> Any:
    """The value that `pack` made these bytes of.

    Args:
        data: bytes from anyone.
        limit: the most bytes that are looked at; trusted plans are larger than an answer may be.
        lists: the most lists and dicts that are made; None for any number.

    Raises:
        WireError: the bytes are not a value within the limits.
    """
    if len(data) > limit:
        raise WireError(f"{len(data)} bytes are more than the {limit} that one answer may have")
    if len(data) == FLOAT.size and data[0] == FLOAT_MARK:
        # As msgpack would read it: most answers are one number.
        return FLOAT.unpack(data)[1]
    try:
        return _Unpacker(lists).read(data)
    except WireError:
        raise
    except (ValueError, TypeError, IndexError, KeyError, OverflowError, struct.error, RecursionError) as error:
        raise WireError(f"not a value: {error}") from error
    except msgpack.UnpackException as error:
        raise WireError(f"not a value: {error}") from error
