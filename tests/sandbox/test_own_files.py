"""Files of one's own are imported as editors let students: by name, as parts of a package, from one folder up."""

from collections.abc import Iterator, Mapping

import pytest

from autograder.sandbox.answers import Raised, Returned, SubmissionAnswers
from autograder.sandbox.call_plan import CallPlan, QuestionCalls
from autograder.sandbox.slot import Slot

HELPERS = "def two():\n    return 2\n"


@pytest.fixture(scope="module")
def slot() -> Iterator[Slot]:
    with Slot() as made:
        yield made


def sit(slot: Slot, source: str, files: Mapping[str, str], folders: tuple[str, ...] = ("a2_kl",)) -> SubmissionAnswers:
    plan = CallPlan([QuestionCalls("f", [("call", [])], 2.0)])
    given = {"kl.py": source, **files}
    try:
        return slot.run(plan, {name: text.encode() for name, text in given.items()}, "kl", folders=folders)
    finally:
        plan.close()


F = "\ndef f():\n    return two()\n"
WAYS: dict[str, tuple[str, dict[str, str]]] = {
    "by name": ("from helpers import two", {"helpers.py": HELPERS}),
    "relative": ("from .helpers import two", {"helpers.py": HELPERS, "__init__.py": ""}),
    "relative, no package": ("from .helpers import two", {"helpers.py": HELPERS}),
    "relative, the module itself": ("from . import helpers\ntwo = helpers.two", {"helpers.py": HELPERS}),
    "relative, below": ("from .more.helpers import two", {"more/helpers.py": HELPERS}),
    "by the folder's name": ("from a2_kl.helpers import two", {"helpers.py": HELPERS}),
    "by the folder's name, as a module": ("import a2_kl.helpers as h\ntwo = h.two", {"helpers.py": HELPERS}),
    "by the folder's name, below": ("from a2_kl.more.helpers import two", {"more/helpers.py": HELPERS}),
    "one folder up": ("from helpers import two", {"../helpers.py": HELPERS}),
    "one folder up, relative": ("from ..helpers import two", {"../helpers.py": HELPERS}),
    "a package beside": (
        "from more import two",
        {"more/__init__.py": "from .deep import two", "more/deep.py": HELPERS},
    ),
    "helpers that need each other": (
        "from helpers import two",
        {"helpers.py": "from .other import two", "other.py": "from helpers2 import two", "helpers2.py": HELPERS},
    ),
    "a helper that needs the module": (
        "def one():\n    return 1\nfrom .helpers import two",
        {"helpers.py": "from a2_kl.kl import one\nimport kl\ndef two():\n    return one() + kl.one()"},
    ),
    "a helper below that looks up": (
        "from more.helpers import two",
        {"more/helpers.py": "from ..base import two", "base.py": HELPERS},
    ),
    "loaded again": (
        "import importlib, helpers\nimportlib.reload(helpers)\ntwo = helpers.two",
        {"helpers.py": HELPERS},
    ),
    "a data class of the module": (
        "from dataclasses import dataclass\n@dataclass\nclass C:\n    x: int = 2\ndef two():\n    return C().x",
        {},
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_import_leads_there(slot: Slot, way: str) -> None:
    imports, files = WAYS[way]
    run = sit(slot, imports + F, files)
    answer = run.answers[0][0]
    assert isinstance(answer, Returned) and answer.value == 2, f"{imports!r} must lead to the helper: {run}"


def test_all_ways_lead_to_one_module(slot: Slot) -> None:
    source = """
import helpers
from . import helpers as relative
import a2_kl.helpers as packaged
def f():
    return helpers is relative is packaged and len(helpers.made) == 1
"""
    counted = {"helpers.py": "import builtins\nmade = builtins.__dict__.setdefault('made', [])\nmade.append(1)\n"}
    answer = sit(slot, source, counted).answers[0][0]
    assert isinstance(answer, Returned) and answer.value is True, f"a helper runs once: {answer}"


def test_the_folder_may_have_the_modules_own_name(slot: Slot) -> None:
    answer = sit(slot, "from kl.helpers import two" + F, {"helpers.py": HELPERS}, ("kl",)).answers[0][0]
    assert isinstance(answer, Returned) and answer.value == 2, f"kl is the folder and the module: {answer}"


@pytest.mark.parametrize("name", ["statistics", "numpy", "random"])
def test_a_folder_hides_nothing_of_pythons_own(slot: Slot, name: str) -> None:
    answer = sit(slot, f"import {name}\ndef f():\n    return len(dir({name})) > 20", {"helpers.py": HELPERS}, (name,))
    assert isinstance(answer.answers[0][0], Returned) and answer.answers[0][0].value, f"{name} is Python's: {answer}"


def test_a_helper_that_fails_is_told_and_tried_again(slot: Slot) -> None:
    source = "try:\n    import helpers\nexcept ZeroDivisionError:\n    pass\nfrom .helpers import two" + F
    run = sit(slot, source, {"helpers.py": "def two():\n    return 2\n1 / 0\n"})
    answer = run.answers[0][0]
    assert isinstance(answer, Raised) and answer.is_a("NameError"), f"what is half there is not taken: {run}"
    (trouble,) = run.troubles
    assert isinstance(trouble.answer, Raised) and (trouble.answer.file, trouble.answer.line) == ("helpers.py", 3), (
        trouble
    )


def test_what_was_not_handed_in_is_not_found(slot: Slot) -> None:
    for imports in ("from .gone import two", "from a2_kl.gone import two", "from ..gone import two", "import gone"):
        run = sit(slot, imports + F, {"helpers.py": HELPERS})
        (trouble,) = run.troubles
        assert isinstance(trouble.answer, Raised) and trouble.answer.is_a("ImportError"), f"{imports}: {run}"


def test_what_jupyter_saves_as_a_module_runs(slot: Slot) -> None:
    source = """get_ipython().run_line_magic('matplotlib', 'inline')
get_ipython().system('pip install numpy')
def two():
    return 2
display(two())
get_ipython().run_cell_magic('time', '', 'def three():\\n    return 3\\n')
"""
    run = sit(slot, source + "\ndef f():\n    return two() * three() / 3\n", {})
    assert not run.troubles, f"nothing of it is a fault: {run.troubles}"
    assert isinstance(run.answers[0][0], Returned) and run.answers[0][0].value == 2, f"{run}"
