"""Notebooks run cell by cell: what only Jupyter reads costs nothing, and what fails costs itself."""

from collections.abc import Iterator, Mapping

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


def sit(
    slot: Slot, *cells: str | dict[str, object], functions: str = "f", files: Mapping[str, str] | None = None
) -> SubmissionAnswers:
    code = read_notebook(notebook(cells)).cells
    beside = {name: text.encode() for name, text in (files or {}).items()}
    plan = CallPlan([QuestionCalls(function, [("call", [])], 2.0) for function in functions])
    try:
        return slot.run(plan, {**code, **beside}, "work", tuple(code))
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
    "a bar that is told of": "from tqdm import tqdm\nbar = tqdm([3, 4], desc='x')\ns = 0\nfor x in bar:\n"
    "    s += x\n    bar.set_description(f'{s}')\n    bar.set_postfix(s=s)\n"
    "tqdm.write('x'); bar.close()\nassert bar.n == len(bar) == bar.total == 2\ndef f(): return s",
    "a bar moved by hand": "import tqdm.notebook as tq\nwith tq.tqdm(total=7) as bar:\n    for _ in range(7):\n"
    "        bar.update()\n        bar.set_postfix({'a': 1})\ndef f(): return bar.n",
    "parts of tqdm": "import tqdm\nfrom tqdm import notebook\nfrom tqdm.contrib import tzip, tenumerate\n"
    "from tqdm.contrib.concurrent import thread_map\n"
    "s = sum(a * b for a, b in tzip([1, 2], [1, 1])) + sum(i for i, _ in tenumerate([5, 5])) + "
    "sum(thread_map(abs, [-1])) + len(list(notebook.tqdm([1, 2])))\ndef f(): return s",
    "what plots give back": "import matplotlib as mpl, matplotlib.pyplot as plt\nprint(mpl.__version__)\n"
    "fig, (a, b) = plt.subplots(1, 2)\nlo, hi = a.get_xlim()\nn, bins, _ = a.hist([1])\nx, y = fig.get_size_inches()\n"
    "assert hi - lo == 1\n" + DEFINES_F,
    "a magic that is kept": "out = %timeit -o f\nprint(out.best)\n" + DEFINES_F,
    "a captured cell": "%%capture out\nprint(1)\n" + DEFINES_F + "\nout.show()",
    "a pasted session": ">>> x = 3\n>>> def f():\n...     return x + 4\n",
    "an indented cell": "    def f():\n        return 7\n",
    "an await": "import asyncio\nasync def g():\n    await asyncio.sleep(0.001)\n    return 7\nx = await g()\n"
    "def f(): return x",
    "awaits at once": "import asyncio\nasync def g(x):\n    await asyncio.sleep(0)\n    return x\n"
    "a, b = await asyncio.gather(g(3), asyncio.to_thread(int, 4))\n"
    "def f(): return a + b",
    "a shell that is asked": "shell = get_ipython()\nshell.magic('matplotlib inline')\nshell.run_cell('x = 7')\n"
    "if 'IPKernelApp' in shell.config: pass\ndef f(): return x",
    "a cell magic that is called": "get_ipython().run_cell_magic('time', '', 'def f(): return 7\\n')",
    "a widget around a function": "from ipywidgets import interact\n@interact\ndef f(): return 7",
    "a coding line in a cell": "# coding: no-such\n" + DEFINES_F,
}


@pytest.mark.parametrize("what", HARMLESS)
def test_what_only_jupyter_reads_is_harmless(slot: Slot, what: str) -> None:
    run = sit(slot, HARMLESS[what])
    assert not run.troubles, f"nothing fails: {run.troubles}"
    assert value(run.answers[0][0]) == 7, f"the function is as written: {run.answers}"


FILES = {
    "written by a cell": ("%%writefile helpers.py\ndef f(): return 7\n", "from helpers import f", {}),
    "written below a folder": ("%%writefile more/helpers.py\ndef f(): return 7\n", "from more.helpers import f", {}),
    "written on another machine": (
        "%%file '/content/helpers.py'\ndef f(): return 7\n",
        "import helpers; f = helpers.f",
        {},
    ),
    "appended": ("%%writefile h.py\nx = 3\n", "%%writefile -a h.py\nf = lambda: x + 4\n", {}),
    "run": ("%run helpers.py", "", {"helpers.py": "def f(): return 7\n"}),
    "run without its ending, and with arguments": ("%run ./helpers a 1", "", {"helpers.py": "def f(): return 7\n"}),
    "run with what the notebook has": ("x = 7\n%run -i helpers.py", "", {"helpers.py": "def f(): return x\n"}),
    "run as a program": ("%run helpers", "", {"helpers.py": "if __name__ == '__main__':\n    def f(): return 7\n"}),
}


@pytest.mark.parametrize("what", FILES)
def test_files_of_ones_own_are_there(slot: Slot, what: str) -> None:
    first, second, files = FILES[what]
    third = "from h import f" if what == "appended" else ""
    run = sit(slot, first, second, third, files=files)
    assert not run.troubles, f"nothing fails: {run.troubles}"
    assert value(run.answers[0][0]) == 7, f"the function is found: {run.answers}"


def test_a_file_that_is_run_and_is_not_there_is_told(slot: Slot) -> None:
    run = sit(slot, "%run helpers.py", "def f(): return 7")
    assert value(run.answers[0][0]) == 7, "the rest is read"
    (trouble,) = run.troubles
    assert isinstance(trouble.answer, Raised) and "helpers.py: no such file was handed in" in trouble.answer.message, (
        trouble
    )


def test_what_a_file_defines_before_it_fails_is_kept(slot: Slot) -> None:
    run = sit(slot, "%run helpers.py", files={"helpers.py": "def f(): return 7\n1 / 0\n"})
    assert value(run.answers[0][0]) == 7, "as IPython does"
    (trouble,) = run.troubles
    assert isinstance(trouble.answer, Raised) and (trouble.answer.file, trouble.answer.line) == ("helpers.py", 2), (
        trouble
    )


def test_cells_in_other_languages_are_passed_over(slot: Slot) -> None:
    for magic in ("bash", "html", "latex", "javascript"):
        run = sit(slot, DEFINES_F, f"%%{magic}\ndef f(): return 8\n<b>")
        assert value(run.answers[0][0]) == 7 and not run.troubles, f"%%{magic} is no Python: {run}"


def test_lines_keep_their_numbers() -> None:
    source = "%matplotlib inline\n\nx = !ls \\\n  -l\ny = 1\n"
    made = plain(source).splitlines()
    assert made[1::2] == ["", ""] and made[4] == "y = 1" and made[2].startswith("x = get_ipython()."), made
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
