"""Finds what in the sources of a work breaks the rules of the course, or explains an error, by reading alone."""

import difflib
import re
import sys
from collections.abc import Iterator
from dataclasses import replace

from autograder.judging.finding import Plain
from autograder.sandbox.inside.harmless import HARMLESS, OWN
from autograder.submissions import newer_python, numpy_names
from autograder.submissions.file_contents import is_web_page
from autograder.submissions.numpy_names import REMOVED, REMOVED_METHODS, Version
from autograder.submissions.rules import Breach, dotted
from autograder.submissions.statements import ImportedName, Statement
from autograder.submissions.work_sources import WorkSources

# Modules that everybody knows to be installed from elsewhere, rather than a file that was left behind.
KNOWN_PACKAGES = frozenset(
    "PIL autograd bokeh bs4 cupy cv2 cvxpy dask datasets einops flax fsspec gensim graphviz gym gymnasium h5py imageio "
    "jax jaxtyping joblib keras lightgbm lightning mlxtend mpmath networkx nltk numba numexpr openpyxl optax pandas "
    "polars pyarrow pydantic pymc pytest pytorch_lightning pywt requests rich scipy skimage sklearn spacy statsmodels "
    "sympy tensorboard tensorflow theano torch torchvision transformers xarray xgboost yaml".split()
)
# Names that need an import, and the one that everybody writes.
USUAL = {
    "np": "import numpy as np",
    "numpy": "import numpy",
    "plt": "import matplotlib.pyplot as plt",
    **{name: f"import {name}" for name in "math random itertools functools collections operator copy re".split()},
}
_STARTS_PROCESSES = {
    "multiprocessing": "Pool Process Manager",
    "concurrent.futures": "ProcessPoolExecutor",
    "concurrent.futures.process": "ProcessPoolExecutor",
    "subprocess": "run Popen call check_call check_output getoutput getstatusoutput",
    "os": "fork forkpty system popen posix_spawn posix_spawnp spawnl spawnv execv execl execvp execlp startfile",
}
_PROCESSES = {f"{module}.{name}" for module, names in _STARTS_PROCESSES.items() for name in names.split()}
_READS = {f"numpy.{name}" for name in ("load", "loadtxt", "genfromtxt", "fromfile", "memmap")}
_READS_BY_NAME = re.compile(r"(?<![\w.])open[ \t]*\(|\.(?:open|read_text|read_bytes)[ \t]*\(")
_LITERAL = re.compile(r"[\"']([^\"'\n]{1,200})[\"']")
_FOR_WRITING = re.compile(r"[\"'][rbt+]*[wax][rbt+]*[\"']")
_MATRIX = {"numpy.matrix", "numpy.asmatrix", "numpy.mat", "numpy.bmat"}
_CONFLICT = re.compile(r"(?:<{7}|>{7}|={7})(?: |$)")
_PRINTS = re.compile(r"(?<![\w.])print[ \t]*\(")
_GIVES_BACK = re.compile(r"(?<!\w)(?:return[ \t]+(?!print[ \t]*\()\S|yield\b)")
_RUNS_FILE = re.compile(r"[ \t]*%run[ \t]+(?:-\w+[ \t]+)*([^\s;]+)")
_LONGEST_NAME = 80


def certain_breaches(work: WorkSources) -> list[Breach]:
    """All that breaks a rule for certain, in the sources that are imported; of one kind about one thing the first."""
    found: dict[tuple[object, ...], Breach] = {}
    for file in work.imported:
        for statement in work.statements(file):
            for breach in breaches_of(statement, work):
                about = (breach.about.get(key) for key in ("module", "name", "written", "what"))
                if breach.certain:
                    found.setdefault((breach.code, *about), breach)
    return list(found.values())


def breaches_of(statement: Statement, work: WorkSources) -> Iterator[Breach]:
    """What breaks the rules, or may, in one statement."""
    if is_web_page(work.files.get(statement.file, b"")):
        # Whatever else is wrong in it comes from this.
        yield Breach("web_page", statement.file, 1)
        return
    yield from _lines(statement, work)
    yield from _imports(statement, work)
    yield from _not_imported(statement, work)
    for look in (_newer, _numpy, _processes, _reads):
        for breach in look(statement, work):
            # Syntax is read before anything is asked.
            is_syntax = breach.code == "newer_python" and not breach.about["name"]
            yield replace(breach, certain=False) if statement.asks_first and not is_syntax else breach
    yield from _odd_results(statement, work)


def _lines(statement: Statement, work: WorkSources) -> Iterator[Breach]:
    """Lines that are no Python: of a notebook, or of a merge."""
    if work.is_cell(statement.file):
        yield from _run_files(statement, work)
    for number, code in enumerate(statement.code):
        if code[:1] in "<>=" and _CONFLICT.match(code):
            yield Breach("merge_conflict", statement.file, _first_mark(statement.file, work))
        elif number == 0 and code.startswith(("%", "!")) and not work.is_cell(statement.file):
            about: dict[str, Plain] = {"written": statement.lines[number].strip()[:_LONGEST_NAME]}
            yield Breach("line_of_notebook", statement.file, statement.line, about)


def _first_mark(file: str, work: WorkSources) -> int:
    """The line of the first mark of a merge in a file: it is one mistake, however many marks there are."""
    lines = ((one.line + number, code) for one in work.statements(file) for number, code in enumerate(one.code))
    return next(line for line, code in lines if _CONFLICT.match(code))


def _run_files(statement: Statement, work: WorkSources) -> Iterator[Breach]:
    for number, line in enumerate(statement.lines):
        found = _RUNS_FILE.match(line) if "%run" in line else None
        if found is None:
            continue
        name = found[1].strip("\"'").replace("\\", "/").removeprefix("./")
        name = name if name.endswith((".py", ".ipynb")) else f"{name}.py"
        if name not in work.files and name.rpartition("/")[2] not in work.files:
            yield Breach("run_file_not_there", statement.file, statement.line + number, {"name": name[:_LONGEST_NAME]})


def _imports(statement: Statement, work: WorkSources) -> Iterator[Breach]:
    for name in statement.imports:
        first = name.module.partition(".")[0]
        if name.guarded or (not name.level and _is_there(name.module, first, work)):
            continue
        if work.own_file(name, statement.file) is not None:
            # Of `from . import helpers` the name is the module.
            of_package = name.level and not name.module and name.name != "*"
            if of_package and work.own_file(name, statement.file, inner=True) is None:
                yield _not_there(statement, name, name.name, work)
        elif not name.level and first in KNOWN_PACKAGES:
            about: dict[str, Plain] = {"module": first, "allowed": work.rules.allowed}
            yield Breach("package_not_allowed", statement.file, name.line, about)
        else:
            yield _not_there(statement, name, name.module, work)


def _is_there(module: str, first: str, work: WorkSources) -> bool:
    """Whether a module is there when work is graded, without being one's own."""
    harmless = module in HARMLESS or first in HARMLESS or first == "google" or module in OWN
    return harmless or first in sys.stdlib_module_names or first in work.rules.packages


def _not_there(statement: Statement, name: ImportedName, module: str, work: WorkSources) -> Breach:
    own = sorted({file.removesuffix(".py").rpartition("/")[2] for file in work.files if file.endswith(".py")})
    near = difflib.get_close_matches(module.rpartition(".")[2][:_LONGEST_NAME], own, n=1, cutoff=0.75)
    about: dict[str, Plain] = {"module": module[:_LONGEST_NAME], "allowed": work.rules.allowed}
    if near:
        about["near"] = f"{near[0]}.py"
    return Breach("module_not_there", statement.file, name.line, about)


def _newer(statement: Statement, work: WorkSources) -> Iterator[Breach]:
    """What only a later Python has."""
    found = [(line, kind, "", since) for line, kind, since in newer_python.newer_syntax(statement)]
    for line, path in work.paths(statement):
        if path in newer_python.ADDED:
            found.append((line, "added_name", path, newer_python.ADDED[path]))
    for line, kind, name, since in found:
        if since > work.rules.python:
            yield newer_breach(statement.file, line, kind, name, since, work)


def newer_breach(file: str, line: int, kind: str, name: str, since: Version, work: WorkSources) -> Breach:
    """What is said of something that only a later Python has."""
    has = dotted(work.rules.python)
    return Breach("newer_python", file, line, {"what": kind, "name": name, "needs": dotted(since), "has": has})


def _numpy(statement: Statement, work: WorkSources) -> Iterator[Breach]:
    """Names of NumPy's that are gone, or not there yet."""
    ours, has = work.rules.numpy, dotted(work.rules.numpy)
    for line, path in work.paths(statement):
        module, _, name = path.rpartition(".")
        if module == "numpy" and name in REMOVED and ours >= REMOVED[name][0]:
            since, now = REMOVED[name]
            about: dict[str, Plain] = {"name": f"np.{name}", "now": now, "since": dotted(since), "has": has}
            yield Breach("numpy_name_gone", statement.file, line, about)
        elif module == "numpy" and name in numpy_names.ADDED and numpy_names.ADDED[name][0] > ours:
            about = {"name": f"np.{name}", "needs": dotted(numpy_names.ADDED[name][0]), "has": has}
            yield Breach("numpy_name_new", statement.file, line, about)
    for number, code in enumerate(statement.code):
        for name, (since, now) in REMOVED_METHODS.items():
            if f".{name}" in code and ours >= since and re.search(rf"\.{name}[ \t]*\(", code):
                about = {"name": f"x.{name}()", "now": now, "since": dotted(since), "has": has}
                # It may be a method of something else.
                yield Breach("numpy_name_gone", statement.file, statement.line + number, about, certain=False)


def _not_imported(statement: Statement, work: WorkSources) -> Iterator[Breach]:
    """Well-known names that nobody has given."""
    for name in sorted({path.partition(".")[0] for _, path in statement.dotted} & USUAL.keys()):
        if not work.gives(name):
            # It is one mistake, however often the name is used.
            file, line = work.first_use(name)
            yield Breach("import_missing", file, line, {"name": name, "write": USUAL[name]})


def _processes(statement: Statement, work: WorkSources) -> Iterator[Breach]:
    for line, path in work.paths(statement):
        # `from multiprocessing import Pool` starts nothing yet.
        if path in _PROCESSES and not any(name.line == line and name.name for name in statement.imports):
            yield Breach("starts_processes", statement.file, line, {"name": path})
    for bound, path in work.known_as(statement.file).items():
        if path in _PROCESSES and bound in statement.uses:
            called = re.compile(rf"(?<![\w.]){re.escape(bound)}[ \t]*\(")
            for number, code in enumerate(statement.code):
                if called.search(code):
                    yield Breach("starts_processes", statement.file, statement.line + number, {"name": path})


def _reads(statement: Statement, work: WorkSources) -> Iterator[Breach]:
    """What reads files: certain where it names one that lies beside the work."""
    lines = {line for line, path in work.paths(statement) if path in _READS}
    for number, code in enumerate(statement.code):
        reads = ("open" in code or ".read_" in code) and _READS_BY_NAME.search(code)
        if reads and not _FOR_WRITING.search(statement.lines[number]):
            lines.add(statement.line + number)
    for line in sorted(lines):
        literal = _LITERAL.search(statement.lines[line - statement.line])
        name = "" if literal is None else literal[1].replace("\\", "/").rpartition("/")[2]
        known = name in work.beside
        yield Breach("reads_file", statement.file, line, {"name": name} if known else {}, certain=known)


def _odd_results(statement: Statement, work: WorkSources) -> Iterator[Breach]:
    """What explains a result of an odd kind: a matrix, or nothing but a print."""
    for line, path in work.paths(statement):
        if path in _MATRIX:
            yield Breach("matrix", statement.file, line, {}, certain=False)
    printing = [number for number, code in enumerate(statement.code) if _PRINTS.search(code)]
    if statement.is_definition and printing and not any(map(_GIVES_BACK.search, statement.code)):
        yield Breach("prints_only", statement.file, statement.line + printing[0], {}, certain=False)
