"""A source is cut into statements by its lines where that is safe, and is then what Python makes of it as a whole."""

import ast
from pathlib import Path

import pytest

from autograder.sandbox.inside.units import Compiler, Unit
from tests.repository import SAMPLE_CLASS

SUBMISSIONS = sorted((SAMPLE_CLASS / "submissions").rglob("*.py"))
F = "def f():\n    return 1\n"
SAFE = {
    "comments and blank lines above": "# one\n\n# two\n" + F,
    "a long text at the margin's right": '"""Doc\n  more\n"""\n' + F,
    "else": "if x:\n    y = 1\nelif z:\n    y = 2\nelse:\n    y = 3\n",
    "finally": "try:\n    a = 1\nexcept ValueError:\n    a = 2\nfinally:\n    b = 2\n",
    "text at the margin": '"""Doc\nmore\n\nx = 1\n"""\n' + F,
    "brackets over lines at the margin": "x = (\n1,\n2)\n" + F,
    "a backslash": "x = 1 + \\\n2\n" + F,
    "closing brackets": "x = [\n    1,\n]\n" + F,
    "decorators": "@one\n# why\n@two(3)\ndef f():\n    return 1\n",
    "a comment at the margin inside": "def f():\n    x = 1\n# aside\n    return x\n",
    "a semicolon in a text": 'x = "a; b"\n' + F,
    "the future": "from __future__ import annotations\nx: whatever = 1\n",
    "a stub": 'def f(x):\n    """Doc."""\n    raise NotImplementedError\n',
    "almost a stub": "def g():\n    return NotImplementedError\n",
    "no line at the end": F + "x = 1",
}
UNSAFE = {
    "nothing": "",
    "only a comment": "# nothing\n",
    "two on a line": "import a; x = 1\n" + F,
    "an indented beginning": "  x = 1\n" + F,
    "a comment that some would cut": "# one\u2028two = 1 / 0\n" + F,
    "a form feed": "x = 1\n\f\n" + F,
    "other ends of lines": "x = 1\r\n" + F,
    "two after a long text": '"""Doc\nmore\n"""; x = 1\n' + F,
    "no Python": "def f(:\n    pass\n" + F,
    "a return outside": "return 1\n" + F,
}


def shown(units: list[Unit]) -> list[tuple[int, tuple[str, ...], bool, object]]:
    return [(unit.line, unit.names, unit.stub, unit.code and unit.code.co_code) for unit in units]


def by_tree(text: str) -> list[Unit]:
    """The units as the tree of the whole source has them."""
    compiler = Compiler()
    return [compiler._compiled("work.py", node) for node in ast.parse(text, "work.py").body]


@pytest.mark.parametrize("what", SAFE)
def test_cut_by_lines_it_is_the_same(what: str) -> None:
    found = Compiler()._by_lines("work.py", SAFE[what])
    assert found is not None, "this can be cut by lines"
    assert shown(found) == shown(by_tree(SAFE[what]))


@pytest.mark.parametrize("what", UNSAFE)
def test_what_lines_do_not_tell_is_left_to_the_tree(what: str) -> None:
    assert Compiler()._by_lines("work.py", UNSAFE[what]) is None


@pytest.mark.parametrize("path", SUBMISSIONS, ids=lambda path: "/".join(path.parts[-3:]))
def test_submissions_are_the_same_either_way(path: Path) -> None:
    text = path.read_text(errors="replace")
    found = Compiler()._by_lines("work.py", text)
    if found is None:
        return
    assert shown(found) == shown(by_tree(text))
    lines = [{line for *_, line in unit.code.co_lines() if line} for unit in found if unit.code]
    assert lines == [{line for *_, line in unit.code.co_lines() if line} for unit in by_tree(text) if unit.code]


def test_most_submissions_are_cut_by_lines() -> None:
    cut = [path for path in SUBMISSIONS if Compiler()._by_lines("work.py", path.read_text(errors="replace"))]
    assert len(cut) > 0.9 * len(SUBMISSIONS), "it is there to spare nearly all submissions the tree"
