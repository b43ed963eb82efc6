"""What a source defines is found by reading, in a time that nobody can make long."""

import random
import tracemalloc

import pytest

from autograder.submissions import defined_functions
from autograder.submissions.defined_functions import MOST_CHARACTERS, Definition, defined_in, definitions, is_untouched
from tests.quick import some_quick

WRITTEN = {
    "a function": "def f(x):\n    return 1\n",
    "in one line": "def f(x): return 1\n",
    "async": "async def f(x):\n    return 1\n",
    "a signature over lines": "def f(\n    x: dict[str, int] = {'a': 1},\n    y=lambda z: 2,\n) -> T:\n    return 1\n",
    "a signature at the margin": "def f(\nx,\n):\n    return 1\n",
    "below a decorator": "@cache\ndef f(x):\n    return 1\n",
    "below try": "try:\n    import fast\nexcept ImportError:\n    def f(x):\n        return 1\n",
    "below if, by tabs": "if True:\n\tdef f(x):\n\t\treturn 1\n",
    "assigned": "f = partial(g, 1)\n",
    "with a type": "f: Callable[..., int] = g\n",
    "one of two": "e, f = made()\n",
    "a class": "class f:\n    def __call__(self):\n        return 1\n",
    "a docstring at the margin": 'def f(x):\n    """Doc\nraise NotImplementedError\n"""\n    return 1\n',
    "a docstring that quotes": 'def f(x):\n    """It\'s "so" # not."""\n    return 1  # "\n',
    "a stub's line among others": "def f(x):\n    if x:\n        raise NotImplementedError\n    return 1\n",
    "line ends of Windows": "def f(x):\r\n    return 1\r\n",
    "line ends of old Macs": "def f(x):\r    return 1\r",
}


@pytest.mark.parametrize("what", WRITTEN)
def test_a_function_that_is_written_is_found(what: str) -> None:
    found = {one.name: one for one in definitions("m.py", WRITTEN[what])}
    assert found["f"].written, f"{what}: {found}"


UNWRITTEN = {
    "the stub": 'def f(x):\n    """Doc."""\n    raise NotImplementedError("write f (here)")\n',
    "a bare raise": "def f(x):\n    raise NotImplementedError  # later\n",
    "pass": 'def f(x):\n    "Doc."\n    pass\n',
    "dots": "def f(x): ...\n",
    "a docstring alone": 'def f(x):\n    """Doc."""\n',
    "nothing": "def f(x):\n",
    "a class of stubs": "class f:\n    def a(self):\n        raise NotImplementedError\n",
}


@pytest.mark.parametrize("what", UNWRITTEN)
def test_a_stub_is_no_work(what: str) -> None:
    (one,) = [one for one in definitions("m.py", UNWRITTEN[what]) if one.name == "f"]
    assert not one.written, f"{what}: {one}"


NOT_THERE = {
    "in a text": 'x = """\ndef f(x):\n    return 1\n"""\n',
    "in a comment": "# def f(x): return 1\n",
    "in a function": "def g():\n    def f(x):\n        return 1\n",
    "in a class below if": "if True:\n    class G:\n        def f(self):\n            return 1\n",
    "compared": "f == 1\n",
    "imported from a library": "from scipy import f\n",
    "a longer name": "def ff(x):\n    return 1\n",
}


@pytest.mark.parametrize("what", NOT_THERE)
def test_what_only_looks_like_it_is_not_found(what: str) -> None:
    found = defined_in({"m.py": NOT_THERE[what]}, ["m.py"], ["f"])
    assert "f" not in found, f"{what}: {found}"


PLACED = '''"""Doc

of the module."""

import numpy as np


def f(x):
    """Doc
at the margin"""
    return 1


if x:

    def g(x):
        return 2
'''


def test_places_are_lines_of_the_file() -> None:
    places = {one.name: one.line for one in definitions("m.py", PLACED)}
    assert places == {"f": 8, "g": 16}, f"counted from 1: {places}"


def test_a_name_imported_from_ones_own_file_stands_there() -> None:
    files = {
        "m.py": "from helpers import f, g as h\nfrom stars import *\nfrom .inner.deep import k\nfrom gone import n\n",
        "helpers.py": "from m import nothing\n\ndef f(x):\n    return 1\ndef g(x):\n    raise NotImplementedError\n",
        "stars.py": "from m import *\ndef s(x):\n    return 1\ndef hidden(x):\n    return 1\n",
        "inner/deep/__init__.py": "def k(x):\n    return 1\n",
    }
    found = defined_in(files, ["m.py"], ["f", "h", "s", "k", "n"])
    told = {name: (one.file, one.line, one.written) for name, one in found.items()}
    assert told == {
        "f": ("helpers.py", 3, True),
        "h": ("helpers.py", 5, False),
        "s": ("stars.py", 2, True),
        "k": ("inner/deep/__init__.py", 1, True),
    }, f"each where it is defined, files that import one another among them: {told}"


def test_of_two_definitions_the_later_counts_and_in_cells_no_stub_undoes_one() -> None:
    work, stub = "def f(x):\n    return 1\n", "def f(x):\n    raise NotImplementedError\n"
    module = defined_in({"m.py": work + stub}, ["m.py"])
    assert not module["f"].written, f"in a module the later one counts: {module}"
    cells = defined_in({"cell 1": work, "cell 2": stub}, ["cell 1", "cell 2"], cells=True)
    assert cells["f"].file == "cell 1" and cells["f"].written, f"in a notebook a stub undoes nothing: {cells}"


def test_two_definitions_are_the_same_but_for_comments_docstrings_and_blank_lines() -> None:
    (one,) = definitions("a", 'def f(x):\n    """Doc."""\n    # why\n\n    return 1   \n')
    (same,) = definitions("b", "def f(x):\n    return 1\n")
    (other,) = definitions("b", "def f(x):\n    return 2\n")
    assert one.text == same.text != other.text, f"{one.text!r}, {same.text!r}, {other.text!r}"


def test_a_source_whose_every_function_is_a_stub_is_untouched() -> None:
    stubs = "from typing import Any\n\nFloats = Any\n\n\ndef f(x):\n    raise NotImplementedError\n"
    assert is_untouched(stubs) and not is_untouched(stubs + "def g(x):\n    return 1\n"), "as the handout has it"
    assert not is_untouched("x = 1\n") and not is_untouched(""), "without a function nothing was given out"


# Each takes quadratic time, or much memory, where it is looked for carelessly.
SLOW = {
    "an open text": "'''" + "a" * MOST_CHARACTERS,
    "quotes": "'" * MOST_CHARACTERS,
    "escapes": '"' + "\\a" * (MOST_CHARACTERS // 2),
    "open signatures": "def f(\n" * (MOST_CHARACTERS // 7),
    "deeper and deeper": "if 1:\n" + "".join(" " * (1 + n) + "def f(x):\n" for n in range(700)),
    "shallower and shallower": "if 1:\n" + "".join(" " * (700 - n) + "def f(x): 1\n" for n in range(700)),
    "spaces": "def f(x):\n" + " " * (MOST_CHARACTERS - 20) + "x\n",
    "commas": "a" + ",a" * (MOST_CHARACTERS // 2 - 1),
    "empty lines": "\n" * MOST_CHARACTERS,
    "statements": "x\n" * (MOST_CHARACTERS // 2),
}


@pytest.mark.parametrize("what", some_quick(SLOW, "open signatures", "spaces"))
def test_no_source_takes_much_memory(what: str) -> None:
    tracemalloc.start()
    definitions("m.py", SLOW[what])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 200 * MOST_CHARACTERS, f"{what}: {most:,} bytes for {len(SLOW[what]):,} characters"


class _Counted(str):
    """A text that counts how often one of its characters is asked for."""

    looked = 0

    def __getitem__(self, at: object) -> str:
        type(self).looked += 1
        return super().__getitem__(at)  # type: ignore[index]


def test_signatures_that_never_end_are_looked_through_once() -> None:
    made = defined_functions._Source("m.py", SLOW["open signatures"])
    made.blanked = _Counted(made.blanked)
    _Counted.looked = 0
    list(made.definitions())
    assert _Counted.looked < 2 * MOST_CHARACTERS, f"{_Counted.looked:,} looks at {MOST_CHARACTERS:,} characters"


def test_files_that_all_import_one_another_are_each_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"h{number}" for number in range(40)]
    everything = "".join(f"from {name} import *\n" for name in names)
    files = {f"{name}.py": everything + f"def {name}(x):\n    return 1\n" for name in names}
    files["m.py"] = everything
    read: list[str] = []
    real = defined_functions.definitions

    def counted(file: str, text: str) -> list[Definition]:
        read.append(file)
        return real(file, text)

    monkeypatch.setattr(defined_functions, "definitions", counted)
    found = defined_in(files, ["m.py"], names)
    assert len(read) <= 1 + len(names), f"{len(read)} readings of {1 + len(names)} files"
    assert "h0" in found, f"what the first defines is found: {sorted(found)}"


def test_any_text_is_read() -> None:
    rng = random.Random(20261201)
    parts = [
        "def f(x):\n",
        "    ",
        "'",
        '"""',
        "'''",
        "#",
        "\\",
        "\n",
        "(",
        ")",
        ":",
        "class G",
        "return 1",
        "é\x00\ud800",
        "if x:\n",
    ]
    for _ in range(2_000):
        text = "".join(rng.choice(parts) for _ in range(rng.randrange(25)))
        for one in definitions("m.py", text):
            assert 1 <= one.line <= text.count("\n") + 1, f"{one} of {text!r}"
