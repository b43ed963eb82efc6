"""What breaks the rules of a course is found by reading a work, whatever it holds, and told with its line."""

import random
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from autograder.feedback.messages import brief
from autograder.submissions import newer_python, numpy_names
from autograder.submissions.breaches import breaches_of, certain_breaches
from autograder.submissions.needed import Needs
from autograder.submissions.rules import EXPLAINS, Breach, Rules
from autograder.submissions.work_sources import WorkSources
from tests.quick import some_quick

RULES = Rules((3, 11), (2, 4))
F = "\ndef f(x):\n    return x\n"


def work(source: str, files: Mapping[str, str] | None = None, rules: Rules = RULES, **more: object) -> WorkSources:
    given = {"kl.py": source, **(files or {})}
    return WorkSources({name: text.encode() for name, text in given.items()}, ["kl.py"], rules, **more)  # type: ignore[arg-type]


def told(source: str, files: Mapping[str, str] | None = None, rules: Rules = RULES, **more: object) -> list[str]:
    return [brief(breach.finding) for breach in certain_breaches(work(source, files, rules, **more))]


SENTENCES: dict[str, tuple[str, str]] = {
    "a package": (
        "import numpy as np\n\nfrom scipy.special import expit" + F,
        "Line 3 of kl.py imports scipy: scipy is not among what this course allows (NumPy and the standard library); "
        "write it yourself.",
    ),
    "a helper that is missing": (
        "from my_utils import two" + F,
        "Line 1 of kl.py imports my_utils: there is no my_utils.py among your files, and it is not among what this "
        "course allows (NumPy and the standard library). Put it beside this file, and hand in both.",
    ),
    "a relative helper that is missing": ("from .more.utils import two" + F, "there is no utils.py among your files"),
    "a part of the folder that is missing": ("from . import utils" + F, "Line 1 of kl.py imports utils: there is no"),
    "an import in a function": (
        "def f(x):\n    import torch\n    return x\n",
        "Line 2 of kl.py imports torch: torch is",
    ),
    "two on a line": ("import math; import pandas as pd" + F, "Line 1 of kl.py imports pandas"),
    "brackets": ("from sklearn.metrics import (\n    a,\n    b,\n)" + F, "Line 1 of kl.py imports sklearn"),
    "nested quotes": (
        "x = 1\n\ndef f(q):\n    print(f'{', '.join(q)}')\n    return q\n",
        "Line 4 of kl.py needs Python 3.12 (an f-string with quotes of its own, a backslash or a comment inside its "
        "brackets {}); the course grades with 3.11.",
    ),
    "a backslash in an f-string": (
        "x = f'{chr(10).join(y)}' + f'{\"\\n\".join(y)}'" + F,
        "needs Python 3.12 (an f-str",
    ),
    "a type statement": ("type Vector = list[float]" + F, "Line 1 of kl.py needs Python 3.12 (a statement `type X = "),
    "type parameters": ("def g[T](x: T) -> T:\n    return x\n", "needs Python 3.12 (type parameters in brackets [])"),
    "a class with type parameters": ("class A[T]:\n    pass\n", "needs Python 3.12 (type parameters in brackets [])"),
    "a default of one": ("class A[T = int]:\n    pass\n", "needs Python 3.13 (a default of a type parameter)"),
    "exceptions without brackets": (
        "try:\n    pass\nexcept ValueError, TypeError:\n    pass\n",
        "Line 3 of kl.py needs Python 3.14 (several exceptions without brackets)",
    ),
    "a t-string": ("x = t'{y}'" + F, "needs Python 3.14 (a t-string)"),
    "a function that is new": (
        "import itertools as it\n\ndef f(x):\n    return it.batched(x, 2)\n",
        "Line 4 of kl.py needs Python 3.12 (itertools.batched is new there); the course grades with 3.11.",
    ),
    "a name that is gone": (
        "import numpy as np\n\ndef f(x):\n    return np.Inf\n",
        "Line 4 of kl.py: np.Inf is np.inf since NumPy 2; the course grades with NumPy 2.4.",
    ),
    "one that is gone, imported": ("from numpy import float_ as real" + F, "Line 1 of kl.py: np.float_ is np.float64"),
    "one that is gone, of another alias": (
        "import numpy\nx = numpy.trapz" + F,
        "np.trapz is np.trapezoid since NumPy 2.4",
    ),
    "a name that nobody imports": (
        "def f(x):\n    return np.sum(x)\n\ndef g(x):\n    return np.exp(x)\n",
        "Line 2 of kl.py uses np, which is nowhere imported: write `import numpy as np` at the top.",
    ),
    "a pool": (
        "from multiprocessing import Pool\n\ndef f(x):\n    with Pool(2) as pool:\n        return pool.map(abs, x)\n",
        "Line 4 of kl.py starts a process (multiprocessing.Pool): no new processes may be started when work is graded. "
        "Compute in this one; up to 64 threads may run.",
    ),
    "a process of another program": (
        "import subprocess as sp\nsp.run(['ls'])" + F,
        "starts a process (subprocess.run)",
    ),
    "an executor": (
        "import concurrent.futures\n\ndef f(x):\n    return concurrent.futures.ProcessPoolExecutor()\n",
        "Line 4 of kl.py starts a process (concurrent.futures.ProcessPoolExecutor)",
    ),
    "a line of a notebook": (
        "%matplotlib inline\nimport numpy as np" + F,
        "Line 1 of kl.py, `%matplotlib inline`, is for notebooks: Python does not read it in a module. Delete it.",
    ),
    "a merge": (
        "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other" + F,
        "Line 1 of kl.py is the mark of a merge conflict: two versions stand there, of which the lower one counts.",
    ),
}


@pytest.mark.parametrize("what", SENTENCES)
def test_each_breach_is_told_once_with_its_rule_and_its_line(what: str) -> None:
    source, sentence = SENTENCES[what]
    found = told(source)
    assert len(found) == 1, f"one thing is wrong, and told once: {found}"
    assert sentence in found[0], f"{sentence!r} must be told: {found}"


FINE = {
    "what is allowed": "import numpy as np, math\nfrom collections import deque\nfrom numpy.linalg import norm" + F,
    "plots": "import matplotlib.pyplot as plt\nfrom IPython.display import display\nfrom tqdm.auto import tqdm" + F,
    "our own checks": "from autograder.notebook import Notebook" + F,
    "an import that may fail": "try:\n    import scipy\nexcept ImportError:\n    scipy = None" + F,
    "an import in either of two ways": (
        "try:\n    from scipy.special import expit\nexcept (ImportError, AttributeError):\n    expit = None" + F
    ),
    "one that is caught with all else": "try:\n    import torch\nexcept:\n    torch = None" + F,
    "an import for types": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pandas as pd\n    import x"
    + F,
    "texts and comments": '"""import scipy, np.Inf\n\n<<<<<<< HEAD\n%matplotlib inline\n"""\n# import torch; np.NaN'
    + F,
    "an f-string as it always was": "x = f\"{', '.join(y)!r:>{w}} {{}} {a['b']}\"" + F,
    "names that look new": "type = 1\ntype(x)\ntypes = x[1]\nt = 'x'\ndef g(t='x'): return t\nclass A: pass" + F,
    "several exceptions": "try:\n    pass\nexcept (ValueError, TypeError) as error:\n    pass" + F,
    "an exception as Python 2 wrote it": "try:\n    pass\nexcept ValueError, error:\n    pass" + F,
    "other things called Inf": "import numpy as np\nclass Own:\n    Inf = 1\nx = Own.Inf, np.inf" + F,
    "a name that is given": "def g(np):\n    return np.sum(1)\nnp = None" + F,
    "a name that comes with a star": "from helpers import *\ndef f(x):\n    return np.sum(x)\n",
    "threads": "from multiprocessing.pool import ThreadPool\nfrom concurrent.futures import ThreadPoolExecutor" + F,
    "processes that are only counted": "import multiprocessing as mp, os\nx = mp.cpu_count(), os.getpid()" + F,
    "a file that is written": "with open('log.txt', 'w') as file:\n    file.write('x')" + F,
    "a division over lines": "x = 7 \\\n% 3\ny = (1\n% 2)" + F,
    "what is imported out of a module in a module": "from collections.abc import Callable\nimport random.seed, copy.x"
    + F,
    "a name that is asked for first": "import numpy as np\nx = np.trapz if hasattr(np, 'trapz') else np.trapezoid" + F,
    "a name that is fallen back from": "import numpy as np\ntry:\n    x = np.Inf\nexcept AttributeError:\n    x = 1"
    + F,
    "a version that is asked for": "import sys, itertools\nif sys.version_info > (3, 11):\n    x = itertools.batched"
    + F,
    "a pool that is done without": (
        "from multiprocessing import Pool\n"
        "def f():\n    try:\n        return Pool()\n    except OSError:\n        pass\n"
    ),
    "a rule of equals": '"""\n=======\n"""\nx = 1\n# =======' + F,
}


@pytest.mark.parametrize("what", FINE)
def test_what_is_in_order_is_not_told(what: str) -> None:
    files = {"helpers.py": "import numpy as np\n"}
    assert told(FINE[what], files) == [], f"nothing is wrong with {what}"


STANDARD = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))


@pytest.mark.parametrize("path", random.Random(0).sample(STANDARD, 40), ids=lambda path: path.stem)
def test_python_s_own_library_is_in_order(path: Path) -> None:
    sources = WorkSources({path.name: path.read_bytes()}, [path.name], Rules.here())
    # Its other modules are no files of the work, and some may start processes.
    expected = {"module_not_there", "package_not_allowed", "starts_processes"}
    found = [brief(breach.finding) for breach in certain_breaches(sources) if breach.code not in expected]
    assert not found, f"this Python reads it as it is: {found}"


def test_later_versions_read_more() -> None:
    newer = "type A = int\nx = f'{'a'}'\nfrom itertools import batched\nimport numpy as np\ny = np.matvec" + F
    assert len(told(newer)) == 3, f"three things are of Python 3.12: {told(newer)}"
    assert told(newer, rules=Rules((3, 12), (2, 4))) == [], "which reads them"
    (new,) = told(newer, rules=Rules((3, 12), (2, 0)))
    assert "needs NumPy 2.2 (np.matvec is new there); the course grades with 2.0" in new, new
    old = "import numpy as np\nx = np.Inf, np.trapz, np.int" + F
    assert [text.split()[4] for text in told(old, rules=Rules((3, 11), (1, 26)))] == ["np.int"], "gone since 1.24"


def test_packages_that_a_course_allows_are_allowed() -> None:
    rules = Rules((3, 11), (2, 4), ("numpy", "scipy"))
    assert told("from scipy.special import expit" + F, rules=rules) == [], "this course allows it"
    (text,) = told("import torch" + F, rules=rules)
    assert "(NumPy, scipy and the standard library)" in text, f"the rule is quoted: {text}"


def test_a_near_name_is_offered() -> None:
    (text,) = told("from helper import two" + F, {"helpers.py": "two = 2\n"})
    assert text.endswith("helpers.py is there: was it meant?"), text


def test_a_file_that_lies_beside_the_work_is_told() -> None:
    for read in ("np.load('data/w.npy')", "open('w.npy', 'rb')", "pathlib.Path('w.npy').read_bytes()"):
        source = f"import numpy as np, pathlib\nW = {read}" + F
        (text,) = told(source, beside=["w.npy"])
        assert "Line 2 of kl.py reads w.npy: files beside your module are not readable when it is graded" in text, text
        assert told(source) == [], f"what is not there may be the work's own: {read}"
        found = [breach.code for one in work(source).statements("kl.py") for breach in breaches_of(one, work(source))]
        assert found == ["reads_file"], f"but it explains an error: {found}"


def test_cells_are_read_as_notebooks_are() -> None:
    cells = {
        "cell 1": b"%matplotlib inline\n!pip install scipy\nimport numpy as np",
        "cell 2": b"%%bash\nimport scipy\nnp.Inf",
        "cell 4": b"%%time\ndef f(x):\n    return np.Inf",
        "cell 5": b"%run gone.py\n%run helpers\n%run other.ipynb",
        "helpers.py": b"x = 1",
    }
    sources = WorkSources(cells, ["cell 1", "cell 2", "cell 4", "cell 5"], RULES, cells=True)
    found = [brief(breach.finding) for breach in certain_breaches(sources)]
    assert found == [
        "Cell 4, line 3: np.Inf is np.inf since NumPy 2; the course grades with NumPy 2.4.",
        "Cell 5, line 1 runs gone.py, which is not among your files: put it beside this one, and hand in both.",
        "Cell 5, line 3 runs other.ipynb: of other notebooks nothing is run when work is graded. Copy its cells.",
    ], f"magics are no faults there: {found}"


FILES = {
    "helpers.py": "import scipy.special as sp\nX = 1\n\ndef g(x):\n    return sp.expit(x)\n\ndef h(x):\n    return x\n",
    "more/deep.py": "import numpy\n\ndef low(x):\n    return other(x)\n\ndef other(x):\n    return numpy.alltrue(x)\n",
    "stars.py": "import pandas as pd\n\ndef star(x):\n    return pd.x(x)\n",
    "unused.py": "import torch\n",
}
SOURCE = """import numpy as np
from helpers import g as own
import more.deep as d
from .stars import *

def direct(x):
    return np.Inf

def through(x):
    return direct(x)

def by_helper(x):
    return own(x)

def by_module(x):
    return d.low(x)

def by_star(x):
    return star(x)

def clean(x):
    return x + len(x)

def printing(x):
    return print(x)

def product(x):
    return np.matrix(x)
"""


def test_a_function_answers_for_what_it_needs_and_for_no_more() -> None:
    needs = Needs(work(SOURCE, FILES))
    names = [line[4:].partition("(")[0] for line in SOURCE.splitlines() if line.startswith("def ")]
    by_name = {name: [(b.code, b.file, b.line) for b in needs.breaches(name)] for name in names}
    gone, scipy = ("numpy_name_gone", "kl.py", 7), ("package_not_allowed", "helpers.py", 1)
    assert by_name["direct"] == by_name["through"] == [gone], f"np.Inf: {by_name}"
    assert by_name["by_helper"] == [scipy], f"the helper's import: {by_name}"
    assert by_name["by_module"] == [("numpy_name_gone", "more/deep.py", 7)], f"two steps into a module: {by_name}"
    assert by_name["by_star"] == [("package_not_allowed", "stars.py", 1)], f"through a star: {by_name}"
    assert by_name["clean"] == [], f"needs nothing of it: {by_name}"
    assert by_name["printing"] == [("prints_only", "kl.py", 25)], f"gives nothing back: {by_name}"
    assert by_name["product"] == [("matrix", "kl.py", 28)], f"makes a matrix: {by_name}"
    everything = {(breach.file, breach.code) for breach in certain_breaches(work(SOURCE, FILES))}
    assert ("unused.py", "package_not_allowed") not in everything, "what is not imported costs nothing"
    assert ("stars.py", "package_not_allowed") in everything, f"what is imported is read: {everything}"


def test_what_cannot_be_read_does_not_undo_what_stands_above_it() -> None:
    newest = "def f[T = int](x: T) -> T:\n    return x\n"
    rules = Rules((3, 9), (2, 4))
    for source, is_told in (("def f(x):\n    return x\n\n" + newest, False), (newest, True)):
        sources = work(source, rules=rules)
        assert [breach.code for breach in certain_breaches(sources)] == ["newer_python"], "it is told as ever"
        if sys.version_info >= (3, 13):
            is_told = True  # this Python takes the later one, and the grader the first
        assert bool(Needs(sources).breaches("f")) == is_told, f"whether f itself hangs on it: {source}"


def test_every_breach_says_what_it_explains_and_in_which_words() -> None:
    about = {"module": "m", "allowed": "a", "name": "n", "write": "w", "written": "w", "since": "2.0", "has": "2.4"}
    more = {"now": "n", "needs": "3.12", "what": "template"}
    for code in EXPLAINS:
        text = brief(Breach(code, "kl.py", 3, {**about, **more}).finding)
        assert text.startswith("Line 3 of kl.py") and text.endswith((".", "?")), f"{code}: {text}"


@pytest.mark.filterwarnings("ignore")
def test_names_of_numpy_are_as_the_tables_say() -> None:
    ours = Rules.here().numpy
    for name, (since, now) in numpy_names.REMOVED.items():
        if ours >= since:
            assert not hasattr(np, name), f"np.{name} is there in NumPy {ours}"
        if now.startswith("np.") and ours >= (2, 4):
            head = now.removeprefix("np.").partition("(")[0].partition(" ")[0]
            found: object = np
            for part in head.split("."):
                found = getattr(found, part, None)
            assert found is not None, f"{now}, in place of np.{name}, is not there"
    for name, (since, _) in numpy_names.ADDED.items():
        assert hasattr(np, name) == (ours >= since), f"np.{name} came with {since}"
    for name, (since, _) in numpy_names.REMOVED_METHODS.items():
        assert ours < since or not hasattr(np.zeros(1), name), f"x.{name}() is there in NumPy {ours}"


def test_no_name_that_numpy_took_out_is_forgotten() -> None:
    expired = pytest.importorskip("numpy._expired_attrs_2_0", reason="NumPy 2 has a list of them")
    # Of no use to anybody's coursework.
    unlikely = {"add_docstring", "add_newdoc", "add_newdoc_ufunc", "deprecate", "deprecate_with_doc", "get_array_wrap"}
    unlikely |= {"lookfor", "maximum_sctype", "sctypes", "set_numeric_ops", "set_string_function", "source"}
    unlikely |= {"tracemalloc_domain", "compat"}
    missing = set(expired.__expired_attributes__) - numpy_names.REMOVED.keys() - unlikely
    assert not missing, f"NumPy has taken out {sorted(missing)}, too"


def test_names_that_are_new_in_python_are_not_in_an_older_one() -> None:
    for name, since in newer_python.ADDED.items():
        module, _, attribute = name.rpartition(".")
        there = hasattr(__import__(module, fromlist=[attribute]), attribute)
        assert there == (sys.version_info[:2] >= since), f"{name} came with {since}; here it is {there}"


HOSTILE = {
    "brackets": "(" * 300_000,
    "f-strings in one another": 'f"{' * 100_000,
    "quotes": '"' * 300_000,
    "a line of spaces": "a" + " " * 300_000 + "=",
    "commas": "from a import " + "b," * 150_000,
    "dots": "a." * 150_000,
    "statements": "x\n" * 150_000,
    "blocks": "try:\n" * 60_000,
    "imports": "import a1\n" * 30_000,
    "decorators": "@a\n" * 100_000,
    "functions that need each other": "".join(f"def f{i}(x):\n    return f{i + 1}(x)\n" for i in range(6000)),
    "bytes": "".join(map(chr, range(1, 256))) * 1000,
    "ends of lines": "a\r\u2028b\x0c" * 50_000,
}


@pytest.mark.parametrize("what", some_quick(HOSTILE, "commas", "bytes"))
def test_any_source_is_read(what: str) -> None:
    sources = work(HOSTILE[what], {"a1.py": "import kl\n"})
    certain_breaches(sources)
    Needs(sources).breaches("f0")
    Needs(sources).at("kl.py", 3)


def test_reading_needs_no_numpy() -> None:
    code = (
        "import sys; from autograder.submissions import needed, breaches, rules; "
        "from autograder.feedback import rule_words; sys.exit('numpy' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert ran.returncode == 0, f"a student's command starts at once: {ran.stderr}"
