"""Values on the wire: msgpack with exact types and no code.

`pack` turns a value into bytes on either side; `unpack` is safe on bytes from an untrusted peer: it raises `WireError`
and nothing else, and what it builds is bounded by the length of what it reads.
"""

import re
import struct
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

# An empty list is one byte on the wire and 56 in memory: a frame of 1 MB can then cost 60 MB, and no more.
MAX_FRAME = ANSWER_BYTES
MAX_ITEMS = 1 << 16
# Tuples nest by calling the reader again; unbounded, that overflowed the C stack.
MAX_DEPTH = 12
MAX_TEXT = 400

# A float of 64 bits, as msgpack writes it.
FLOAT, FLOAT_MARK = struct.Struct(">Bd"), 0xCB
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}")


class WireError(ValueError):
    """Bytes that are not a value of the wire format, or a value that has no bytes in it."""


class Opaque(str):
    """Stands for a value with no wire form: its type's name and a short description."""

    __slots__ = ()


def without_addresses(text: str) -> str:
    """`text` with memory addresses masked: they differ from run to run, and a record must not."""
    return _ADDRESS.sub("0x...", text)


def describe(value: object) -> str:
    """A short description of any object, whatever its own `repr` does."""
    try:
        text = f"{type(value).__name__}: {value!r}"
    except BaseException:
        text = "an object that cannot be printed"
    return without_addresses(text[:MAX_TEXT])


def _plain(array: np.ndarray[Any, Any] | np.generic) -> np.ndarray[Any, Any]:
    """Base class, native byte order, and no wider than float64 or complex128."""
    plain = np.asarray(array)
    dtype = plain.dtype.newbyteorder("=")
    if dtype.kind == "f" and dtype.itemsize > 8:
        dtype = np.dtype(np.float64)
    elif dtype.kind == "c" and dtype.itemsize > 16:
        dtype = np.dtype(np.complex128)
    return plain.astype(dtype, copy=False)


def _extension(value: Any) -> msgpack.ExtType:
    """What msgpack has no exact type for."""
    if isinstance(value, np.ndarray | np.generic):
        plain = _plain(value)
        code = _CODE.get(plain.dtype)
        if code is not None and isinstance(value, np.ndarray):
            head = struct.pack(f"<BB{plain.ndim}I", code, plain.ndim, *plain.shape)
            return msgpack.ExtType(NDARRAY, head + plain.tobytes())
        if code is not None:
            return msgpack.ExtType(SCALAR, bytes([code]) + plain.tobytes())
    elif type(value) is tuple:
        return msgpack.ExtType(TUPLE, pack(list(value)))
    elif type(value) is complex:
        return msgpack.ExtType(COMPLEX, struct.pack("<dd", value.real, value.imag))
    elif type(value) is int:
        # Only integers beyond 64 bits come here; a length is all that is told of an absurd one.
        if value.bit_length() <= 8 * MAX_TEXT:
            return msgpack.ExtType(BIGINT, value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True))
        return msgpack.ExtType(OPAQUE, f"int: a number of {value.bit_length()} bits".encode())
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


def unpack(data: bytes, *, limit: int = MAX_FRAME) -> Any:
    """The value that `pack` made these bytes of.

    Args:
        data: bytes from anyone.
        limit: the most bytes that are looked at; trusted plans are larger than an answer may be.

    Raises:
        WireError: the bytes are not a value within the limits.
    """
    if len(data) > limit:
        raise WireError(f"{len(data)} bytes are more than the {limit} that one answer may have")
    if len(data) == FLOAT.size and data[0] == FLOAT_MARK:
        # As msgpack would read it: most answers are one number.
        return FLOAT.unpack(data)[1]
    depth = 0

    def extension(code: int, body: bytes) -> Any:
        nonlocal depth
        if code == NDARRAY:
            return _array(body)
        if code == SCALAR:
            return np.frombuffer(body, DTYPES[body[0]], 1, 1)[0]
        if code == TUPLE:
            depth += 1
            if depth > MAX_DEPTH:
                raise WireError("nested too deeply")
            items = read(body)
            depth -= 1
            if type(items) is not list:
                raise WireError("a tuple that is not a list of values")
            return tuple(items)
        if code == COMPLEX:
            return complex(*struct.unpack("<dd", body))
        if code == BIGINT and len(body) <= MAX_TEXT + 1:
            return int.from_bytes(body, "little", signed=True)
        if code == OPAQUE:
            return Opaque(body[: 4 * MAX_TEXT].decode(errors="replace"))
        raise WireError("a value of an unknown kind")

    def read(body: bytes) -> Any:
        return msgpack.unpackb(body, ext_hook=extension, max_array_len=MAX_ITEMS, max_map_len=MAX_ITEMS)

    try:
        return read(data)
    except WireError:
        raise
    except (ValueError, TypeError, IndexError, KeyError, OverflowError, struct.error, RecursionError) as error:
        raise WireError(f"not a value: {error}") from error
    except msgpack.UnpackException as error:
        raise WireError(f"not a value: {error}") from error
