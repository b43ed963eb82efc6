"""What a submission holds or sends costs the trusted side a bounded number of steps and bytes."""

import msgpack
import numpy as np
import pytest

from autograder.grading.own_work import MOST_CHARACTERS, MOST_UNUSUAL, all_unusual
from autograder.records.written_answers import split_answers
from autograder.sandbox.answers import MOST_ITEMS, Returned, Unreadable, read_answer, source_line
from autograder.sandbox.inside.wire import MAX_LISTS, WireError, pack, unpack
from autograder.sandbox.limited import limited


def test_an_answer_of_empty_lists_is_not_built() -> None:
    most: list[object] = [[[]] * 60_000] * 17
    with pytest.raises(WireError, match="lists within each other"):
        unpack(pack(most))
    found = read_answer("ok", pack(most), 0.0, None, {})
    assert isinstance(found, Unreadable), f"it costs the function that it is of, and nothing else: {found}"
    maps = msgpack.packb([[{}] * 30_000] * 2)
    assert isinstance(read_answer("ok", maps, 0.0, None, {}), Unreadable), "dicts are counted too"
    inner = pack(tuple([[]] * 20_000 for _ in range(2)))
    assert isinstance(read_answer("ok", inner, 0.0, None, {}), Unreadable), "and what stands in a tuple"


def test_an_answer_of_small_numbers_has_a_bound_and_large_right_ones_are_below_it() -> None:
    many = [[0] * 60_000 for _ in range(1 + MOST_ITEMS // 60_000)]
    assert isinstance(read_answer("ok", pack(many), 0.0, None, {}), Unreadable), "2 bytes there, 8 and more here"
    rows = np.arange(60_000.0).reshape(20_000, 3).tolist()
    found = read_answer("ok", pack(rows), 0.0, None, {})
    assert isinstance(found, Returned) and found.value == rows, "a long list of points is an answer"


def test_trusted_bytes_may_hold_any_number_of_lists() -> None:
    many: list[list[object]] = [[[]] * 60_000]
    assert unpack(pack(many), lists=None) == many, "a plan of many calls is ours"
    assert len(many[0]) > MAX_LISTS, "or this proves nothing"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", ["", "end"])
def test_a_line_is_the_one_that_python_counts(end: str, last: str) -> None:
    lines = ["one", "", "  three\f", "f\u00fcnf", "", "x" * 300]
    source = (end.join(lines) + end + last).encode()
    for number, line in enumerate([*lines, last] if last else lines, start=1):
        assert source_line({"a.py": source}, "a.py", number) == line.strip()[:200], f"line {number} of {source!r}"
    beyond = len(lines) + 1 + bool(last)
    for number in (-1, 0, beyond):
        assert source_line({"a.py": source}, "a.py", number) is None, f"there is no line {number}"
    assert source_line({"a.py": b""}, "a.py", 1) is None, "an empty file has no line"


def test_work_that_takes_too_long_or_too_much_is_lost_alone() -> None:
    def endless() -> list[str]:
        while True:
            pass

    assert limited(lambda: ["done"]) == ["done"], "what is done in time comes back"
    assert limited(endless, seconds=0.05) is None, "what is not is lost"
    assert limited(lambda: len(bytearray(1 << 30)), memory=1 << 24) is None, "so is what takes too much memory"
    assert limited(lambda: 1 // 0) is None, "and what fails"


@pytest.mark.slow
def test_a_source_that_takes_long_to_parse_is_told_and_not_waited_for() -> None:
    # Quadratic in Python 3.11; later versions parse it at once.
    source = "import os\nx = f'" + "{a}" * 300_000 + "'\n"
    found = all_unusual({"helper.py": source})
    assert len(source) > MOST_CHARACTERS, "a short one is parsed where it stands"
    told = ["helper.py imports os in line 1"], ["helper.py takes too long, or too much memory, to be looked through"]
    assert found in told, f"{found}"


def test_a_source_that_takes_much_memory_to_parse_is_told() -> None:
    found = all_unusual({"a.py": "import os\nx = [" + "a," * 1_000_000 + "]\n", "b.py": "import sys\n"})
    assert found[0] == "a.py takes too long, or too much memory, to be looked through", f"{found}"


def test_no_more_unusual_things_are_looked_for_than_are_told() -> None:
    source = "import os\n" * 50
    assert len(all_unusual({"a.py": source, "b.py": source})) == MOST_UNUSUAL, "the rest says nothing new"
    assert all_unusual({"b.py": "import os", "a.py": "import sys"})[0].startswith("a.py"), "in order of files"


def test_blank_lines_and_headings_in_answers_are_read_once() -> None:
    # Quadratic, this took minutes: a test that ends shows that it is not.
    text = "## 2. Proof\n" + "\n" * 400_000 + "**Your answer:**\n\nend\n"
    assert split_answers(text, ["2"]) == {"2": "end"}, "the task is left out"
    text = "## 2. A\n\n*Your answer:*\n\nfirst\n" + "# x\n" * 5_000 + "## 2 cases\n## 3. B\nsecond\n"
    found = split_answers(text, ["2", "3"])
    assert found["3"] == "second", f"{found}"
    assert found["2"].startswith("first") and found["2"].endswith("## 2 cases"), "only the first of a name begins one"
