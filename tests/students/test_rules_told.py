"""The rules of a course are told alike by `check`, `pack`, pytest and a notebook, before anything is handed in."""

import linecache
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.cli import main
from autograder.errors import OwnFolderError
from autograder.notebook import Notebook
from autograder.students.check_terminal import MOST_LINES
from autograder.students.grader_file import GRADER_FILE, grader_text, read_rules
from autograder.students.own_folder import find_work
from autograder.students.packing import problems
from autograder.students.process import check_work
from autograder.students.runner import MOST_PRINTED
from autograder.submissions.rules import Rules
from tests.repository import SOLUTIONS
from tests.students.folders import CHECKS, RIGHT, STUB, handout, small
from tests.submissions.notebooks.making import notebook

SCIPY = (
    "Line 1 of small.py imports scipy: scipy is not among what this course allows (NumPy and the standard library); "
    "write it yourself."
)
NEEDS_SCIPY = RIGHT.replace("return 2 * x", "return 2 * x + expit(-np.inf)")
BREAKS = "from scipy.special import expit\nimport numpy as np\n" + NEEDS_SCIPY


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out + captured.err


def checked(folder: Path, *only: str) -> dict[str, Any]:
    (work,) = find_work(folder)
    return {found.function: found for found in check_work(work, 10.0, only).functions}


def test_the_same_sentence_stands_in_every_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("scipy", reason="it must be installed here for the functions to work at home")
    folder = small(tmp_path / "work", small_py=BREAKS)
    code, text = run(capsys, "check", folder)
    assert code == 1 and text.count(SCIPY) == 1, f"check tells it once: {code} {text}"
    assert "f  will not work when it is graded" in text and "g  passes its public check" in text, text
    code, text = run(capsys, "pack", folder)
    assert code == 1 and f"! {SCIPY}" in text, f"pack: {code} {text}"
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"f will not work when it is graded:\nE         {SCIPY}" in ran.stdout, f"pytest: {ran.stdout}"
    assert "own_rules.py" not in ran.stdout, f"and shows no line of ours: {ran.stdout}"
    assert "2 failed, 2 passed" in ran.stdout, f"what needs none of it passes: {ran.stdout}"


def cells(grader: Notebook, *sources: str) -> dict[str, Any]:
    """The names of a notebook that has run these cells, as IPython keeps them."""
    names: dict[str, Any] = {"grader": grader, "In": [""], "__name__": "__main__"}
    for number, source in enumerate(sources, start=1):
        file = f"<ipython-input-{number}-0>"
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        names["In"].append(source)
        exec(compile(source, file, "exec"), names)
    return names


def test_a_notebook_s_check_tells_the_rule_with_its_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(small(tmp_path))
    names = cells(Notebook("small"), "import numpy as np", "def f(x):\n    return 2 * x if x < np.Inf else x\n")
    found = repr(names["grader"].check("f", names))
    assert "In [2], line 2: np.Inf is np.inf since NumPy 2" in found, f"the rule, with its cell: {found}"
    names = cells(Notebook("small"), "def f(x):\n    return 2 * x\n")
    assert repr(names["grader"].check("f", names)) == "✓ f passes its 2 public checks", "what keeps to them is checked"


def test_a_cause_is_told_once_and_what_hangs_on_it_points_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = BREAKS.replace("return 1", "return expit(np.inf)")
    _, text = run(capsys, "check", small(tmp_path, small_py=source))
    assert text.count(SCIPY) == 1 and text.count("As f above.") == 1, f"once in full, then by its place: {text}"


def test_what_lies_behind_an_error_in_another_function_is_told(tmp_path: Path) -> None:
    checks = CHECKS + '\ndef test_h__f() -> None:\n    """Goes with f"""\n    m.f(1.0)\n'
    source = "import numpy as np\nW = np.load('w.npy')\n" + RIGHT.replace("return 2 * x", "return W[0] * x")
    folder = small(tmp_path, test_small_py=checks, small_py=source, w_npy=b"")
    found = checked(folder)["h"]
    (failure,) = found.failures
    assert "raised NameError" in failure.message, f"the error itself: {failure}"
    told = "Line 2 of small.py reads w.npy: files beside your module are not readable when it is graded"
    assert told in failure.message, f"and what is behind it: {failure}"


def test_a_matrix_is_told_where_a_shape_is_wrong(tmp_path: Path) -> None:
    checks = CHECKS.replace("import small as m\n", "import numpy as np\nimport small as m\n").replace(
        "expect(m.f, 1.0, gives=2.0,", "expect(m.f, np.ones(2), gives=np.full(2, 2.0),"
    )
    for made, is_matrix in (("np.matrix(x)", True), ("np.array([x])", False)):
        source = "import numpy as np\n" + RIGHT.replace("2 * x", f"2 * {made}")
        (tmp_path / made).mkdir()
        failure = checked(small(tmp_path / made, test_small_py=checks, small_py=source))["f"].failures[0]
        assert "It returned shape (1, 2)" in failure.message, f"the shape: {failure}"
        told = "Line 3 of small.py makes a matrix" in failure.message
        assert told == is_matrix, f"of {made}: {failure}"


def test_what_is_printed_is_shown_and_bounded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = "print('at import')\n" + RIGHT.replace(
        "return 1", "print('here', 7)\n    print('\\x1b[31mred')\n    return 0"
    )
    _, text = run(capsys, "check", small(tmp_path / "some", small_py=source))
    for told in ("printed:", "at import", "here 7"):
        assert told in text, f"{told!r} must be shown: {text}"
    assert "\x1b[31mred" not in text and "[31mred" in text, f"nothing reaches the terminal but text: {text!r}"
    source = RIGHT.replace("return 1", "for n in range(10**5): print(n)\n    return 0")
    _, text = run(capsys, "check", small(tmp_path / "much", small_py=source))
    assert "more lines)" in text and len(text) < 3 * MOST_PRINTED, f"at most some lines: {len(text)}"
    shown = [line for line in text.splitlines() if line.strip().isdigit()]
    assert len(shown) == MOST_LINES and shown[0].strip() == "0", f"the first ones: {shown}"


def test_some_functions_can_be_checked_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = small(tmp_path / "work", small_py=RIGHT.replace("return 1", "return 0"))
    assert set(checked(folder, "h")) == {"h"}, "h alone"
    code, text = run(capsys, "check", folder, "f", "h")
    assert code == 0 and "2 functions: 2 pass" in text and " g " not in text, f"f and h: {code} {text}"
    monkeypatch.chdir(folder)
    code, text = run(capsys, "check", "g")
    assert code == 1 and "1 function: 1 fails" in text, f"in this folder: {code} {text}"
    code, text = run(capsys, "check", "hh")
    assert code == 2 and "h is there: was it meant?" in text, f"a slip of the keyboard: {code} {text}"
    code, text = run(capsys, "check", "small.py", "test_small.py")
    assert code == 2 and "are two files" in text, f"two files: {code} {text}"
    monkeypatch.chdir(tmp_path)
    (tmp_path / "work").rename(tmp_path / "elsewhere")
    code, text = run(capsys, "check", "work")
    assert code == 2 and "work is neither a file here nor a function" in text, f"a folder that is gone: {code} {text}"


@pytest.mark.parametrize(
    ("name", "module", "written", "waiting"),
    [
        ("a3_kl_normal", "kl_normal", "kl_normal", "kl_normal_grad"),
        ("a4_smooth_ap", "smooth_ap", "smooth_map", "smooth_map_grad"),
    ],
)
def test_a_function_is_right_before_the_one_that_builds_on_it_is_begun(
    tmp_path: Path, name: str, module: str, written: str, waiting: str
) -> None:
    folder = handout(tmp_path, name)
    source = (SOLUTIONS / name / f"{module}.py").read_text()
    begun = f"\n\ndef {waiting}(*args):\n    raise NotImplementedError\n"
    (folder / f"{module}.py").write_text(source + begun)
    found = checked(folder)
    assert found[written].status == "passes", f"{written} is right: {found[written]}"
    assert found[waiting].status == "not started", f"{waiting} is not begun: {found[waiting]}"


def test_a_check_that_needs_another_function_waits_for_it(tmp_path: Path) -> None:
    checks = (
        CHECKS + '\ndef test_h__f() -> None:\n    """Goes with f"""\n    expect(m.f, 1.0, gives=2.0, because="so")\n'
    )
    stub = STUB[: STUB.index("def g()")]
    folder = small(tmp_path, test_small_py=checks, small_py=stub + RIGHT[RIGHT.index("def g") :])
    found = checked(folder)["h"]
    assert (found.status, found.waits_for) == ("waits", ("f",)), f"h itself is right: {found}"
    assert found.words == "waits for f, which a check of it needs", found.words


def test_a_module_in_utf_16_is_read_as_when_it_is_graded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = small(tmp_path, small_py=("# é\n" + RIGHT).encode("utf-16"))
    told = "small.py is in UTF-16, and was read all the same: save it as UTF-8."
    _, text = run(capsys, "check", folder)
    assert text.count(told) == 1 and "3 pass their public checks" in text, f"once, and graded all the same: {text}"
    (work,) = find_work(folder)
    assert problems(work) == [told], f"and pack says the same: {problems(work)}"


def test_a_module_that_is_no_text_is_told_by_check_and_pack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = small(tmp_path, small_py=("# é\n" + RIGHT).encode("latin-1"))
    told = (
        "small.py is not UTF-8 text: it is in an encoding of 8 bits, such as Latin-1 or Windows-1252. Save it as UTF-8."
    )
    _, text = run(capsys, "check", folder)
    assert text.count(told) == 1 and "fails its 0" not in text, f"once: {text}"
    (work,) = find_work(folder)
    assert problems(work) == [told], f"and nothing that follows from it: {problems(work)}"


def test_syntax_that_a_rule_explains_is_told_by_the_rule(tmp_path: Path) -> None:
    (work,) = find_work(small(tmp_path, small_py="%matplotlib inline\ntype A = int\n" + RIGHT))
    found = problems(work)
    assert len(found) == 2 and "is for notebooks" in found[0] and "needs Python 3.12" in found[1], f"by rules: {found}"


def test_a_notebook_in_a_folder_is_held_against_the_rules(tmp_path: Path) -> None:
    made = notebook(["%matplotlib inline\nimport torch", RIGHT.replace("2 * x", "torch.mul(2, x)")])
    found = checked(small(tmp_path, small_ipynb=made))["f"]
    assert any("Cell 1, line 2 imports torch" in rule for rule in found.rules), f"its cell and line: {found.rules}"


# --- With what the course grades ----------


def test_the_rules_are_those_of_the_course_s_grader(tmp_path: Path) -> None:
    folder = small(tmp_path, small_py="import itertools\n" + RIGHT.replace("2 * x", "2 * len(itertools.batched(x))"))
    (folder / GRADER_FILE).write_text(grader_text(Rules((3, 11), (2, 4))))
    (work,) = find_work(folder)
    (told,) = problems(work)
    assert told.endswith("needs Python 3.12 (itertools.batched is new there); the course grades with 3.11."), told
    (folder / GRADER_FILE).write_text(grader_text(Rules((3, 12), (2, 4))))
    assert problems(work) == [], "a later Python has it"


def test_the_file_of_the_grader_is_read_as_it_is_written(tmp_path: Path) -> None:
    rules = Rules((3, 12), (1, 26), ("numpy", "scipy"))
    (tmp_path / GRADER_FILE).write_text(grader_text(rules))
    assert read_rules(tmp_path) == rules, "what is written comes back"
    assert read_rules(tmp_path / "none") == Rules.here(), "without, what is installed counts"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("python = 3.11\n", "imports is missing"),
        ('imports = ["numpy"]\npython = 3.11\nnumpy = "2.4"\n', 'python is no text such as "3.11"'),
        ('imports = "numpy"\n', "imports is no list of names"),
        ("python = = 1", "line 1"),
        ('imports = []\npython = "three"\nnumpy = "2.4"\n', "three"),
    ],
)
def test_a_damaged_file_of_the_grader_is_told(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / GRADER_FILE).write_text(text)
    with pytest.raises(OwnFolderError) as caught:
        read_rules(tmp_path)
    for told in (GRADER_FILE, why, "Copy it from the handout"):
        assert told in str(caught.value), f"{told!r} must be told: {caught.value}"
