"""Notebooks run cell by cell: what only Jupyter reads costs nothing, and what fails costs itself."""

from collections.abc import Iterator

import pytest

from autograder.sandbox.answers import Answer, Ended, Missing, Raised, Returned, SubmissionAnswers
from autograder.sandbox.call_plan import CallPlan, QuestionCalls
from autograder.sandbox.inside.notebook_cells import plain
from autograder.sandbox.slot import Slot, SubmissionLimits
from autograder.submissions.notebook_reader import read_notebook
from tests.submissions.notebooks.making import notebook, text


@pytest.fixture(scope="module")
def slot() -> Iterator[Slot]:
    with Slot(SubmissionLimits(import_seconds=1.0)) as made:
        yield made


def sit(slot: Slot, *cells: str | dict[str, object], functions: str = "f") -> SubmissionAnswers:
    files = read_notebook(notebook(cells)).cells
    plan = CallPlan([QuestionCalls(function, [("call", [])], 2.0) for function in functions])
    try:
        return slot.run(plan, files, "work", tuple(files))
    finally:
        plan.close()


def value(answer: Answer) -> object:
    assert isinstance(answer, Returned), f"the call should return: {answer}"
    return answer.value


DEFINES_F = "def f(): return 7"
HARMLESS = {
    "a line magic": "%matplotlib inline\n" + DEFINES_F,
    "a shell line": "!pip install numpy \\\n  scipy\n" + DEFINES_F,
    "help": "?print\nprint?\nprint??\n" + DEFINES_F,
    "an assigned shell line": "files = !ls\n" + DEFINES_F,
    "a timed cell": "%%time\n" + DEFINES_F,
    "a timed line": "%time x = 7\ndef f(): return x",
    "an indented magic": "for i in range(2):\n    %timeit i\n" + DEFINES_F,
    "a text with what looks like magics": 'TEXT = """\n%time\n! x\n"""\n%matplotlib inline\n'
    "def f(): return 7 if TEXT.split() == ['%time', '!', 'x'] else TEXT",
    "a remainder on its own line": "%matplotlib inline\ndef f():\n    return (47\n% 10)",
    "plots": "import matplotlib.pyplot as plt\nfrom mpl_toolkits.mplot3d import Axes3D\nfig, ax = plt.subplots()\n"
    "ax.plot([1], [2]); plt.show()\n_, axes = plt.subplots(2, 2)\naxes[0, 1].set(title='x')\n"
    "for a in axes.flat: a.grid()\n"
    "line, = plt.plot([1])\nwith plt.style.context('x'): plt.hist([1])\n" + DEFINES_F,
    "IPython": "from IPython.display import display, Markdown\ndisplay(Markdown('x'))\n"
    "get_ipython().run_line_magic('matplotlib', 'inline')\n" + DEFINES_F,
    "otter": "import otter\ngrader = otter.Notebook('x.ipynb')\ngrader.check('f')\ngrader.check_all()\n" + DEFINES_F,
    "our own checks": "from autograder.notebook import Notebook\nNotebook('work').check('f')\n" + DEFINES_F,
    "progress bars": "from tqdm.auto import tqdm, trange\ns = sum(tqdm([3, 4])) + len(trange(0))\ndef f(): return s",
    "a widget around a function": "from ipywidgets import interact\n@interact\ndef f(): return 7",
    "a coding line in a cell": "# coding: no-such\n" + DEFINES_F,
}


@pytest.mark.parametrize("what", HARMLESS)
def test_what_only_jupyter_reads_is_harmless(slot: Slot, what: str) -> None:
    run = sit(slot, HARMLESS[what])
    assert not run.troubles, f"nothing fails: {run.troubles}"
    assert value(run.answers[0][0]) == 7, f"the function is as written: {run.answers}"


def test_cells_in_other_languages_are_passed_over(slot: Slot) -> None:
    for magic in ("bash", "html", "writefile x.py", "latex"):
        run = sit(slot, DEFINES_F, f"%%{magic}\ndef f(): return 8\n<b>")
        assert value(run.answers[0][0]) == 7 and not run.troubles, f"%%{magic} is no Python: {run}"


def test_lines_keep_their_numbers() -> None:
    source = "%matplotlib inline\n\nx = !ls \\\n  -l\ny = 1\n"
    assert plain(source).splitlines() == ["pass", "", "x = None", "pass", "y = 1"], plain(source)
    python = "x = 7 \\\n% 3\n"
    assert plain(python) == python, "what is Python already stays as it is"


BAD = {
    "raises": ("1 / 0", "ZeroDivisionError", 1),
    "is no Python": ("x = 1\nx = = 2", "SyntaxError", 2),
    "leaves": ("import sys\nsys.exit()", "SystemExit", 2),
    "needs what is not there": ("x = 3\n\nimport torch", "ImportError", 3),
    "uses a name of a deleted cell": ("y = f(gone)", "NameError", 1),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_cell_costs_one_cell_and_is_told(slot: Slot, what: str) -> None:
    source, error, line = BAD[what]
    run = sit(slot, text("# Work"), "def f(): return 1", source, "def g(): return 2", functions="fg")
    assert [value(answers[0]) for answers in run.answers] == [1, 2], "the cells around it are as ever"
    (trouble,) = run.troubles
    assert isinstance(trouble.answer, Raised) and trouble.answer.is_a(error), f"{error} must be told: {trouble}"
    assert (trouble.file, trouble.line) == ("cell 3", line), f"the cell and the line must be told: {trouble}"


@pytest.mark.parametrize(("source", "how"), [("while True: pass", "timeout"), ("import os; os._exit(3)", "crashed")])
def test_a_cell_that_ends_the_process_is_passed_over(slot: Slot, source: str, how: str) -> None:
    run = sit(slot, "def f(): return 1", source, "def g(): return 2", functions="fg")
    assert [value(answers[0]) for answers in run.answers] == [1, 2], f"the cells around it are as ever: {run}"
    endings = [trouble.answer.how for trouble in run.troubles if isinstance(trouble.answer, Ended)]
    assert endings == [how], f"and how it ended is told: {run.troubles}"


@pytest.mark.slow
def test_a_submission_that_only_hangs_is_given_up(slot: Slot) -> None:
    run = sit(slot, *["while True: pass"] * 9, "def f(): return 1")
    assert isinstance(run.import_failure, Ended), f"it must not be tried for ever: {run}"
    assert run.forks < 9, f"{run.forks} attempts"


def test_functions_are_found_wherever_they_are_defined(slot: Slot) -> None:
    run = sit(slot, "if True:\n    def f(): return g() + 1", "def g():\n    return 1", functions="fg")
    assert [value(answers[0]) for answers in run.answers] == [2, 1], f"later cells count, too: {run}"
    run = sit(slot, "def f(): return 1", "def f(): return 2")
    assert value(run.answers[0][0]) == 2, "of two the later one counts, as in Jupyter"


def test_a_stub_left_in_a_later_cell_does_not_undo_the_work(slot: Slot) -> None:
    stub = 'def f():\n    """Doc."""\n    raise NotImplementedError("write f here")'
    assert value(sit(slot, DEFINES_F, stub).answers[0][0]) == 7, "the function was written above its stub"
    (answer,) = sit(slot, stub, stub).answers[0]
    assert isinstance(answer, Raised) and answer.is_a("NotImplementedError"), f"a stub alone is one: {answer}"


def test_a_function_in_a_broken_cell_is_raised_not_missing(slot: Slot) -> None:
    run = sit(slot, "def f(:\n    return 1\n\ndef g():\n    return 2", functions="fgh")
    broken, whole, absent = (answers[0] for answers in run.answers)
    assert isinstance(broken, Raised) and broken.is_a("SyntaxError"), f"f is there, broken: {broken}"
    assert (broken.file, broken.line, broken.code) == ("cell 1", 1, "def f(:"), f"and its line is told: {broken}"
    assert value(whole) == 2, "the other function of the cell is graded"
    assert isinstance(absent, Missing) and absent.names[-1:] == ("g",), f"h is nowhere: {absent}"
