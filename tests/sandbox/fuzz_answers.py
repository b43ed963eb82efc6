"""Fuzzes the reader of answers: whatever bytes a submission writes, no crash, no exception, bounded memory.

A short run is part of the tests. A long one is guided by coverage:

    python -m pip install atheris
    python -m tests.sandbox.fuzz_answers -max_total_time=600
"""

import sys
import tracemalloc

from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.grading.question_results import failed_statements
from autograder.judging.derivations import read_lines
from autograder.judging.literals import show
from autograder.judging.tolerance import Tolerance
from autograder.judging.values import compare
from autograder.sandbox.answers import Ended, Returned, read_sheet, read_troubles
from autograder.sandbox.inside.wire import pack

CALLS = [2, 1, 3]
FILES = {"work.py": b"def f():\n    return 1\n"}
TOLERANCE = Tolerance(relative=1e-9, absolute=1e-12)
# A megabyte of empty lists takes 60 times as much.
MOST_MEMORY = 200 << 20


def one_input(data: bytes) -> None:
    """Read a sheet, and do with every answer what the grader does with it."""
    reading = read_sheet(data, CALLS, 0, FILES)
    if reading.imported is not None:
        failed_statements(read_troubles(reading.imported, {0: Ended("timeout", "it hangs")}, FILES))
    for answers, count in zip(reading.questions, CALLS, strict=True):
        assert len(answers) <= count, f"{len(answers)} answers to {count} calls"
        for answer in answers:
            if isinstance(answer, Returned):
                compare(answer.value, 1.0, TOLERANCE)
                compare(answer.value, (1.0, {"a": 2.0}), TOLERANCE)
                read_lines(answer.value, 2)
                show(answer.value)


def frame(question: int, call: int, packed: bytes, status: str = "ok") -> bytes:
    """One frame, as the child would write it."""
    data = pack([question, call, status, packed, 0.0, None])
    return len(data).to_bytes(4, "little") + data


START = frame(-1, 0, pack(None))


@given(st.lists(st.one_of(st.binary(max_size=200), st.binary(max_size=60).map(lambda b: frame(0, 0, b))), max_size=4))
@settings(max_examples=400, deadline=None)
def test_any_sheet_is_read(parts: list[bytes]) -> None:
    one_input(b"".join(parts))
    one_input(START + b"".join(parts))


@given(st.binary(max_size=300), st.sampled_from(["ok", "raised", "missing", "unsendable", "?"]))
@settings(max_examples=400, deadline=None)
def test_any_value_is_read(packed: bytes, status: str) -> None:
    one_input(START + frame(0, 0, packed, status) + frame(0, 1, packed))


PLAIN = st.one_of(
    st.none(), st.integers(-3, 3), st.sampled_from(["work.py", "f", "types", "line"]), st.binary(max_size=9)
)
TROUBLE = st.lists(
    st.one_of(PLAIN, st.lists(PLAIN, max_size=3), st.dictionaries(st.sampled_from(["types", "line", "file"]), PLAIN)),
    min_size=4,
    max_size=6,
)


@given(st.lists(st.one_of(PLAIN, TROUBLE), max_size=4))
@settings(max_examples=400, deadline=None)
def test_any_report_of_an_import_is_read(value: list[object]) -> None:
    one_input(frame(-1, 0, pack(value)))


def test_memory_is_bounded() -> None:
    empty_lists = b"\xdd" + (900_000).to_bytes(4, "big") + b"\x90" * 900_000
    deep_lists = b"\x91" * 900_000
    maps = (
        b"\xdf"
        + (300_000).to_bytes(4, "big")
        + b"".join(b"\xa1" + bytes([65 + i % 26]) + b"\x80" for i in range(300_000))
    )
    for packed in (empty_lists, deep_lists, maps):
        tracemalloc.start()
        one_input(START + frame(0, 0, packed))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < MOST_MEMORY, f"{len(packed):,} bytes took {peak:,}"


def main() -> None:
    """Fuzz with atheris, guided by the coverage of the reader."""
    import atheris

    with atheris.instrument_imports(include=["autograder"]):
        import autograder.sandbox.answers
        import autograder.sandbox.inside.wire  # noqa: F401

    def test_one_input(data: bytes) -> None:
        one_input(data)
        one_input(START + data)
        one_input(START + frame(0, 0, data))
        one_input(frame(-1, 0, data))

    atheris.instrument_all()
    atheris.Setup(sys.argv, test_one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
