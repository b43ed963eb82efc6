"""A cell becomes what IPython makes of it: the same calls at the same places."""

import ast
import random

import pytest

from autograder.sandbox.inside.notebook_cells import plain

transformer = pytest.importorskip(
    "IPython.core.inputtransformer2", reason="what cells are held against; it comes with the extras nbgrader and otter"
)

CELLS = [
    "%matplotlib inline\nx=1",
    "!pip install numpy \\\n  scipy\nx=2",
    "?print",
    "print??",
    "?",
    "%cd?",
    "x.y[0]?",
    "np.a*?",
    "files = !ls -l",
    "a, b = %foo x y",
    "a = b = %foo",
    "f(a=1).x = %foo bar",
    "x == %foo",
    "for i in range(2):\n    %timeit i\n    !ls\nx=1",
    "if x:\n    !echo 'it''s'\nelse:\n    %foo\n",
    "def f(x):\n    y = !ls {x}\n    return y\n%foo \\\n bar \\\n baz\nz = 1",
    "    x = 1\n    y = 2",
    "  %matplotlib inline\n  x=1",
    ">>> x = 1\n>>> y = 2",
    ">>> for i in x:\n...     y = i\n",
    "In [1]: x = 1\n   ...: y = 2",
    "/f a b",
    ",f a b",
    ";f a b",
    "!!ls",
    "x = [1,\n 2]\nx?",
    'T = """\n%time\n! x\n"""\n%matplotlib inline\n',
    "x = (1 +\n% 2)\n%y",
    "y = 3 # ?\n%y",
    "x = !ls | grep 'a\n%z",
    "x = f'{y!r}'\n%z",
    '%load_ext autoreload\n%autoreload 2\nx = {"a": [1, 2]}["a"]',
    "\n\n%x\n",
    '!ls\n"""doc\n%no\n"""\n%yes',
    "x = 1; !ls\n",
    "%env A=1\n!git clone x y && \\\n  ls\nimport sys; sys.path.append('/x')",
]
LINES = [
    "x = 1",
    "%magic a b",
    "!shell 'quoted",
    "y = !ls",
    "z, w = %env X",
    "print(x)?",
    "x?",
    "if x:",
    "    y = 2",
    "    %timeit y",
    "    !ls",
    "x = [\n    1,\n]",
    't = """',
    '"""',
    "# 100% of it?",
    "",
    "x = y \\",
    "    % z",
    "f = lambda a=1: a",
    "s = 'it''s = %x'",
]


def tree(source: str) -> str:
    """A source as its tree; two that are no Python are alike."""
    try:
        return ast.dump(ast.parse(source))
    except SyntaxError:
        return "no Python"


def as_ipython(cell: str) -> str:
    return str(transformer.TransformerManager().transform_cell(cell))


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_is_what_ipython_makes_of_it(cell: str) -> None:
    assert tree(plain(cell)) == tree(as_ipython(cell)), f"{plain(cell)!r} is not {as_ipython(cell)!r}"


def test_so_are_mixtures_of_lines() -> None:
    drawn = random.Random(20)
    told, compared = [], 0
    for _ in range(2000):
        cell = "\n".join(drawn.choices(LINES, k=drawn.randint(2, 6)))
        ours, theirs = tree(plain(cell)), tree(as_ipython(cell))
        # What is no Python afterwards fails in both.
        compared += theirs != "no Python"
        told += [cell] if theirs not in (ours, "no Python") else []
    assert compared > 300, f"most mixtures are no Python: only {compared} are"
    assert not told, f"{len(told)} differ, as this one does: {told[:1]}"


def test_every_line_keeps_its_number() -> None:
    for cell in CELLS:
        lines = cell.splitlines()
        made = plain(cell).splitlines()
        assert len(made) == len(lines), f"{cell!r} has {len(lines)} lines, and becomes {made}"
