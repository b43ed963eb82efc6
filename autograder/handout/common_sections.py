"""What every statement says in the same words: how to start, a worked example, how to hand in."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from autograder.handout.stub import is_public

# Lines of a statement in whose place these sections go.
START_HERE, HAND_IN_HERE, FUNCTIONS_HERE = "<!-- start -->", "<!-- hand in -->", "<!-- functions -->"
DERIVATION_HERE, WRITTEN_HERE = "<!-- derivation -->", "<!-- written answers -->"

WRITTEN = """## Written answers

Write them in `answers.md`, or in the last cells of the notebook. A person reads and marks them,
with the machine's verdict on your derivation beside the proof."""
EXAMPLE = '''A worked example, of a function that is not asked for. It comes as

```python
def square(x):
    """The square of a number.

    Args:
        x: a number.

    Returns:
        A number.
    """
    raise NotImplementedError("write square here")
```

You replace the last line, say by `return 2 * x`, and `autograder check` says what was called, what came back, and what
must hold:

```text
square(x=3.0)
  returned 6.0
  but must return 9.0: 3 times 3
  The error is 3.0.
```

With `return x * x` it says that `square` passes.'''


@dataclass(frozen=True, slots=True)
class HandoutNames:
    """What the common sections name.

    Args:
        folder: of the assignment.
        module: that students write, without `.py`.
        function: one of its functions, for an example.
        install: the command with which students of this course install the package; empty where nobody said one.
    """

    folder: str
    module: str
    function: str
    install: str = ""


def installing(install: str) -> str:
    """How the package is installed: as the course says, or from the file that it gives out."""
    if install:
        return f"`{install}`"
    return "`python -m pip install FILE`, where FILE is the file (`.whl`) or the address that your course gives you"


def start(names: HandoutNames) -> str:
    """How to start, with a worked example."""
    return f"""## Start in two minutes

1. Install the package once, with Python 3.11 or later:
   {installing(names.install)}.
2. Open `{names.module}.py` in an editor, or `{names.module}.ipynb` in Jupyter: the notebook has the same functions as
   cells. Work in one of the two. Every function says in its docstring what it takes and what it returns. Replace
   `raise NotImplementedError(...)` by your code, one function at a time.
3. In this folder, run `autograder check` (or `python -m autograder check`, where the terminal does not know the first).
   Of each function it says whether it is not started, fails, or passes the public checks; at first none is started.
   `autograder check {names.function}` checks one function alone; `pytest` makes the same checks.

{EXAMPLE}

These checks are public and small. Hidden checks follow when you hand in: more cases, larger ones, and the edges that
the docstrings state. `README.html` is this page with its formulas, for any browser."""


def hand_in(names: HandoutNames) -> str:
    """How to hand in."""
    return f"""## Hand in

Run `autograder pack` in this folder. It says what is missing or misnamed, and makes `{names.folder}.zip`: hand that in.
Without it, hand in `{names.module}.py` or `{names.module}.ipynb`, and `answers.md` where you wrote in it, with these
names; Python files of your own that your work imports go beside it."""


def function_table(source: str, points: Mapping[str, float]) -> str:
    """A table of the functions: the first lines of their docstrings, and their points where these are known."""
    rows = ["| function | what it returns |", "| --- | --- |"]
    if points:
        rows = ["| function | what it returns | points |", "| --- | --- | ---: |"]
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and is_public(node):
            first = (ast.get_docstring(node) or "").splitlines()[0].replace("|", "\\|")
            worth = f" {points[node.name]:g} |" if node.name in points else " |" if points else ""
            rows.append(f"| `{node.name}` | {first} |{worth}")
    return "\n".join(rows)


def who_marks(points: Mapping[str, float], written: Mapping[str, float]) -> str:
    """One sentence on what a machine marks, and what a person does."""
    if not points:
        return ""
    told = f"A machine marks these functions: {sum(points.values()):g} points."
    if written:
        parts = ", ".join(f"{name} ({worth:g})" for name, worth in written.items())
        told += f" A person marks the written answers: {sum(written.values()):g} points, for {parts}."
    return told
