"""The sentences on the rules of a course: what in a work breaks them, where, and what to do (see `submissions.rules`).

They are the same wherever work is checked, packed or graded.
"""

from collections.abc import Callable, Mapping
from typing import Any

from autograder.feedback.places import place, raised_text
from autograder.sandbox.inside.usual_limits import THREADS

Values = Mapping[str, Any]

# What only a later Python reads.
NEWER = {
    "except_without_brackets": "several exceptions without brackets",
    "grammar": "syntax that is new there",
    "nested_text": "an f-string with quotes of its own, a backslash or a comment inside its brackets {}",
    "parameter_default": "a default of a type parameter",
    "template": "a t-string",
    "type_parameters": "type parameters in brackets []",
    "type_statement": "a statement `type X = ...`",
}


def _place(about: Values) -> str:
    return raised_text(place(about["file"], about["line"]))


def _module_not_there(about: Values) -> str:
    module = about["module"]
    file = f"{module.rpartition('.')[2]}.py"
    near = f" {about['near']} is there: was it meant?" if about.get("near") else ""
    return (
        f"{_place(about)} imports {module}: there is no {file} among your files, and it is not among what this course "
        f"allows ({about['allowed']}).{near or ' Put it beside this file, and hand in both.'}"
    )


def _newer_python(about: Values) -> str:
    what = f"{about['name']} is new there" if about.get("name") else NEWER[about["what"]]
    return f"{_place(about)} needs Python {about['needs']} ({what}); the course grades with {about['has']}."


def _since(text: str) -> str:
    return text.removesuffix(".0")


def _reads_file(about: Values) -> str:
    name = f" {about['name']}" if about.get("name") else " a file"
    return (
        f"{_place(about)} reads{name}: files beside your module are not readable when it is graded; put the numbers "
        "into the code."
    )


def _run_file_not_there(about: Values) -> str:
    runs = f"{_place(about)} runs {about['name']}"
    if about["name"].endswith(".ipynb"):
        return f"{runs}: of other notebooks nothing is run when work is graded. Copy its cells."
    return f"{runs}, which is not among your files: put it beside this one, and hand in both."


# By code.
RULES: dict[str, Callable[[Values], str]] = {
    "package_not_allowed": lambda a: (
        f"{_place(a)} imports {a['module']}: {a['module']} is not among what this course allows ({a['allowed']}); "
        "write it yourself."
    ),
    "module_not_there": _module_not_there,
    "newer_python": _newer_python,
    "numpy_name_gone": lambda a: (
        f"{_place(a)}: {a['name']} is {a['now']} since NumPy {_since(a['since'])}; the course grades with NumPy "
        f"{a['has']}."
    ),
    "numpy_name_new": lambda a: (
        f"{_place(a)} needs NumPy {a['needs']} ({a['name']} is new there); the course grades with {a['has']}."
    ),
    "import_missing": lambda a: (
        f"{_place(a)} uses {a['name']}, which is nowhere imported: write `{a['write']}` at the top."
    ),
    "starts_processes": lambda a: (
        f"{_place(a)} starts a process ({a['name']}): no new processes may be started when work is graded. Compute in "
        f"this one; up to {THREADS} threads may run."
    ),
    "reads_file": _reads_file,
    "line_of_notebook": lambda a: (
        f"{_place(a)}, `{a['written']}`, is for notebooks: Python does not read it in a module. Delete it."
    ),
    "merge_conflict": lambda a: (
        f"{_place(a)} is the mark of a merge conflict: two versions stand there, of which the lower one counts. Keep "
        "one, and delete the lines with <<<<<<<, ======= and >>>>>>>."
    ),
    "web_page": lambda a: (
        f"{_place(a)} begins a web page (HTML) that only shows the file: on that site choose Raw or Download, and hand "
        "in what that saves."
    ),
    "run_file_not_there": _run_file_not_there,
    "matrix": lambda a: f"{_place(a)} makes a matrix, which always has two dimensions: use np.array.",
    "prints_only": lambda a: (
        f"{_place(a)} prints, and the function has no `return` with a value: print shows a value, return gives it back."
    ),
    "too_many_threads": lambda _: (
        f"More threads are started than may run at once: at most {THREADS} when work is graded."
    ),
}
