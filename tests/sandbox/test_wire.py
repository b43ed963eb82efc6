"""Values survive the wire exactly; bytes from anyone else are a value or a WireError, and nothing else."""

import contextlib
import math
import struct
from array import array
from collections import OrderedDict, deque
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.sandbox.inside.wire import DTYPES, MAX_DEPTH, NDARRAY, TUPLE, Opaque, WireError, pack, unpack

numbers = st.one_of(st.integers(), st.floats(), st.booleans(), st.none(), st.complex_numbers(), st.text())
arrays = hnp.arrays(
    st.sampled_from(DTYPES), hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4), fill=st.nothing()
)
values = st.recursive(
    st.one_of(numbers, arrays),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.tuples(inner, inner), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


def same(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray | np.generic):
        return (
            type(a) is type(b) and a.dtype == b.dtype and a.shape == b.shape and np.asarray(a).tobytes() == b.tobytes()
        )
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return isinstance(b, dict) and list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, float):
        return isinstance(b, float) and struct.pack("<d", a) == struct.pack("<d", b)
    if isinstance(a, complex):
        return isinstance(b, complex) and same(a.real, b.real) and same(a.imag, b.imag)
    return type(a) is type(b) and bool(a == b)


@given(values)
@settings(max_examples=150, deadline=None)
def test_values_survive_exactly(value: Any) -> None:
    back = unpack(pack(value))
    assert same(value, back), f"{value!r} came back as {back!r}"


@given(st.binary(max_size=300))
@settings(max_examples=500, deadline=None)
def test_any_bytes_are_a_value_or_a_wire_error(data: bytes) -> None:
    with contextlib.suppress(WireError):
        unpack(data)


@given(values, st.data())
@settings(max_examples=300, deadline=None)
def test_damaged_values_are_a_value_or_a_wire_error(value: Any, data: st.DataObject) -> None:
    packed = bytearray(pack(value))
    for _ in range(data.draw(st.integers(1, 4))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(WireError):
        unpack(bytes(packed))


def nested(depth: int) -> bytes:
    data: bytes = msgpack.packb([1])
    for _ in range(depth):
        data = msgpack.packb([msgpack.ExtType(TUPLE, data)])
    return data


def test_tuples_nest_up_to_a_depth_and_no_further() -> None:
    unpack(nested(MAX_DEPTH))
    with pytest.raises(WireError, match="nested"):
        unpack(nested(MAX_DEPTH + 1))
    with pytest.raises(WireError):
        unpack(nested(30_000), limit=1 << 30)


def test_lists_nested_without_end_are_refused_on_both_sides() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(WireError):
        pack(value)
    with pytest.raises(WireError):
        unpack(b"\x91" * 100_000)


def test_a_long_answer_is_refused_before_it_is_read() -> None:
    with pytest.raises(WireError, match="bytes"):
        unpack(b"\x90" * 2_000_000)


@pytest.mark.parametrize(
    "body",
    [b"", b"\x0b", b"\xff\x01\x01\x00\x00\x00", b"\x0b\x01\xff\xff\xff\xff" + bytes(8), b"\x0b\xff" + bytes(1020)],
    ids=["empty", "no shape", "no such dtype", "shape beyond the bytes", "255 dimensions"],
)
def test_malformed_arrays_are_refused(body: bytes) -> None:
    with pytest.raises(WireError):
        unpack(msgpack.packb(msgpack.ExtType(NDARRAY, body)))


class Lying(np.ndarray[Any, Any]):
    """An array that says it equals everything."""

    def __eq__(self, other: object) -> Any:
        return True


class Number(float):
    """A float that says it is another."""

    def __float__(self) -> float:
        return 7.0

    def __repr__(self) -> str:
        return "7.0"


class Pair(NamedTuple):
    a: float
    b: list[float]


class Large(IntEnum):
    SOME, MUCH = 3, 2**70


class Row(list[Any]):
    """A list that says it is empty."""

    def __iter__(self) -> Any:
        return iter(())


class Unprintable:
    def __repr__(self) -> str:
        raise RuntimeError


def test_what_arrives_is_data_whatever_was_sent() -> None:
    lying = np.zeros(3).view(Lying)
    back = unpack(pack(lying))
    assert type(back) is np.ndarray, f"an array subclass must arrive as a plain array, not {type(back)}"
    assert type(unpack(pack(Number(2.0)))) is float, "a subclass of float is sent as the float that it is"
    assert isinstance(unpack(pack(Unprintable())), Opaque), "an object whose repr raises is described all the same"
    assert isinstance(unpack(pack(lambda: None)), Opaque), "a function is described, never sent"


AS_NUMPY_READS_THEM: list[tuple[Any, Any]] = [
    (Number(2.0), 2.0),
    (Number(-0.0), -0.0),
    (Pair(1.0, [2.0]), (1.0, [2.0])),
    (Row([1.0, Row([2.0])]), [1.0, [2.0]]),
    ([Large.SOME, Large.MUCH], [3, 2**70]),
    (OrderedDict(b=1.0, a=2.0), {"b": 1.0, "a": 2.0}),
    (MappingProxyType({"W": [1.0]}), {"W": [1.0]}),
    (range(3), [0, 1, 2]),
    (deque([1.0, 2.0]), [1.0, 2.0]),
    (array("d", [1.0, 2.0]), [1.0, 2.0]),
    (np.str_("x"), "x"),
    (np.array([1.0, 2, True], dtype=object), np.array([1.0, 2.0, 1.0])),
    (np.array(0.5, dtype=object), np.array(0.5)),
    (np.array([2**70], dtype=object), np.array([2.0**70])),
    (np.ma.masked_array([1.0, 2.0], [False, False]), np.array([1.0, 2.0])),
]


@pytest.mark.parametrize(("value", "plain"), AS_NUMPY_READS_THEM, ids=lambda value: type(value).__name__)
def test_what_numpy_reads_as_numbers_arrives_as_numbers(value: Any, plain: Any) -> None:
    back = unpack(pack(value))
    assert same(back, plain), f"{value!r} should arrive as {plain!r}, and came as {back!r}"


NOT_SENT: list[tuple[Any, str]] = [
    (Fraction(1, 2), "Fraction"),
    (np.array([Fraction(1, 2)]), "array of Fraction"),
    (np.array([1.0, Decimal(1)]), "array of Decimal"),
    (np.array([None, 1.0]), "array of NoneType"),
    (np.array([1.0, 1j], dtype=object), "array of complex"),
    (np.array([10**400], dtype=object), "array of int"),
    (np.array(["0.5"]), "array of str"),
    (np.array([(0.5,)], dtype=[("x", float)]), "structured array"),
    (np.array(["2026-01-01"], dtype="M8[D]"), "array of dates"),
    (np.ma.masked, "masked array"),
    (np.ma.masked_array([1.0, 2.0], [False, True]), "masked array"),
    ((i for i in range(2)), "generator"),
    ({1.0}, "set"),
    ({1: 2}.values(), "dict_values"),
]


@pytest.mark.parametrize(("value", "called"), NOT_SENT, ids=lambda value: type(value).__name__)
def test_what_is_no_number_is_called_by_what_it_is(value: Any, called: str) -> None:
    back = unpack(pack(value))
    assert isinstance(back, Opaque), f"{value!r} has no numbers that may be sent: {back!r}"
    assert back.partition(":")[0] == called, f"{value!r} should be called {called!r}: {back}"


def test_descriptions_do_not_change_from_run_to_run() -> None:
    text = unpack(pack(object()))
    assert "0x..." in text, f"a memory address would differ in each run: {text}"


def test_wide_floats_arrive_as_float64() -> None:
    assert unpack(pack(np.longdouble(1.5))) == 1.5, "a longdouble is a real number and must arrive as one"
    assert unpack(pack(np.arange(3, dtype=">f8"))).dtype == np.dtype("<f8"), "foreign byte order must be made native"


def test_infinities_and_nan_survive() -> None:
    back = unpack(pack([math.inf, -math.inf, math.nan]))
    assert back[:2] == [math.inf, -math.inf], f"infinities must survive: {back}"
    assert math.isnan(back[2]), f"nan must survive: {back}"


@pytest.mark.parametrize("value", [0.0, -0.0, 1.5, math.pi, -1e300, 5e-324, math.inf, -math.inf])
def test_one_number_is_read_as_msgpack_reads_it(value: float) -> None:
    got = unpack(pack(value))
    assert type(got) is float and struct.pack("d", got) == struct.pack("d", msgpack.unpackb(pack(value))), f"{got!r}"
