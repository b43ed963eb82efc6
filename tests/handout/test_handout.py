"""What students receive: complete, from one source, without a line of an answer; and checks that can fail."""

import ast
import importlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.errors import HandoutError
from autograder.handout import drift, leaks, make_handout, materials, secrets, stub
from autograder.students.grader_file import GRADER_FILE, read_rules
from tests.contract import CONTRACT, MODULES, every_assignment, functions
from tests.handout.making import staff_secrets, write_handout
from tests.repository import ASSIGNMENTS, SOLUTIONS


def test_the_committed_handout_has_not_drifted_and_leaks_nothing() -> None:
    assert main(["handout", "--out", str(ASSIGNMENTS), "--solutions", str(SOLUTIONS), "--check"]) == 0


@every_assignment
def test_the_stub_has_every_function_and_no_body(name: str) -> None:
    module = MODULES[name]
    stubs = functions((ASSIGNMENTS / name / f"{module}.py").read_text())
    reference = functions((SOLUTIONS / name / f"{module}.py").read_text())
    assert list(stubs) == CONTRACT[name].split(), f"the functions of the contract, in order: {list(stubs)}"
    for function, node in stubs.items():
        docstring, *body = node.body
        assert isinstance(docstring, ast.Expr), f"{function} needs its docstring"
        (only,) = body
        assert isinstance(only, ast.Raise), f"{function} must only raise NotImplementedError"
        same = ast.unparse(node.args) == ast.unparse(reference[function].args)
        assert same, f"{function} must have the reference's signature"


@every_assignment
def test_the_statement_names_every_function(name: str) -> None:
    text = (ASSIGNMENTS / name / "README.md").read_text()
    for function in CONTRACT[name].split():
        assert f"| `{function}` |" in text, f"{function} must be in the statement's table"


@every_assignment
def test_the_statement_can_be_followed(name: str) -> None:
    statement = (ASSIGNMENTS / name / "README.md").read_text()
    (chosen,) = re.findall(r"`autograder check (\w+)`", statement)
    assert chosen in CONTRACT[name].split(), f"`autograder check {chosen}` selects no checks"
    assert "<!--" not in statement, "every section has come to its place"
    points = re.findall(r"^\| `(\w+)` \|.*\| ([0-9.]+) \|$", statement, re.MULTILINE)
    assert [function for function, _ in points] == CONTRACT[name].split(), f"points of each function: {points}"
    total = sum(float(worth) for _, worth in points)
    assert f"A machine marks these functions: {total:g} points." in statement, f"who marks what: {total}"
    assert "A person marks the written answers" in statement, "and what a person does"
    # GitHub takes a backslash before punctuation for Markdown's, also inside $...$: \\, and \\{ lose theirs.
    eaten = re.findall(r"\\[!-/:-@\[-`{-~]", (SOLUTIONS / name / "statement.md").read_text())
    assert not eaten, f"these do not reach the formulas on GitHub: {eaten}"


def test_a_changed_docstring_reaches_stub_notebook_and_statement(tmp_path: Path) -> None:
    staff = tmp_path / "solutions"
    shutil.copytree(SOLUTIONS, staff)
    make_handout(staff, tmp_path / "out")
    assert drift(staff, tmp_path / "out") == [], "what was just made has not drifted"
    source = staff / "a2_kl_factorized" / "kl_factorized.py"
    source.write_text(source.read_text().replace("The KL-divergence of two discrete", "The divergence of two discrete"))
    changed = drift(staff, tmp_path / "out")
    told = {Path(line.split()[0]).name for line in changed}
    everything = {"kl_factorized.py", "kl_factorized.ipynb", "README.md", "README.html"}
    assert told == everything, f"module, notebook and statement must follow: {changed}"


def test_drift_names_changed_missing_and_foreign_files(tmp_path: Path) -> None:
    write_handout(tmp_path)
    folder = tmp_path / "a3_kl_normal"
    (folder / "kl_normal.py").write_text("changed")
    (folder / "answers.md").unlink()
    (folder / "solution.py").write_text("")
    (folder / "tests" / "hidden.py").write_text("")
    (tmp_path / "a9_of_last_year").mkdir()
    problems = " ".join(drift(SOLUTIONS, tmp_path))
    for told in (
        "kl_normal.py has drifted",
        "answers.md is missing",
        "solution.py belongs to no handout",
        "hidden.py belongs to no handout",
        "a9_of_last_year belongs to no handout",
    ):
        assert told in problems, f"{told!r} must be told: {problems}"


PLANTED = {
    "a reference's line": ("a4_smooth_ap/smooth_ap.py", "    g_neg = scale * weight_neg.sum(axis=0)\n"),
    "the same in other spacing": ("a4_smooth_ap/smooth_ap.py", "g_neg=scale*weight_neg.sum( axis = 0 )\n"),
    "the same with other quotes": ("a1_noisy_labels/README.md", "hidden = np.tanh(x @ params['W'].T + params['b'])\n"),
    "a line of a longer statement": ("a1_noisy_labels/README.md", '    "v": rng.normal(0.0, 1.0, h),\n'),
    "a comment that says how": ("a3_kl_normal/answers.md", "# E_q (x - mu_p)^2 = sigma_q^2 + (mu_q - mu_p)^2\n"),
    "a question": ("a1_noisy_labels/README.md", "eps = float(rng.choice([1e-300, 1e-12, 0.3, 1.0 - 1e-12]))\n"),
    "a criterion": (
        "a4_smooth_ap/answers.md",
        "Turns the expectation of the indicator into a probability, P(Z < d_p - d_n).",
    ),
    "a hint": ("a1_noisy_labels/README.md", "k(p) is the position among all examples; which of them does yours count?"),
    "a hint over two lines": (
        "a1_noisy_labels/answers.md",
        "k(p) is the position\namong all examples; which of them\ndoes yours count?",
    ),
    "the seed": ("a2_kl_factorized/test_kl_factorized.py", "# 6062023417\n"),
    "a machine's path": ("a2_kl_factorized/README.md", "see /home/staff/solutions\n"),
    "a path of Windows": ("a2_kl_factorized/README.md", "see C:\\Users\\staff\n"),
}


def test_the_handout_leaks_nothing(tmp_path: Path) -> None:
    assert leaks(SOLUTIONS, write_handout(tmp_path)) == [], "otherwise what follows would show nothing"


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_leak_is_found(tmp_path: Path, planted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write_handout(tmp_path)
    # To gather them takes longer than to look for them. The package has a function of its module's name.
    module = importlib.import_module("autograder.handout.leaks")
    monkeypatch.setattr(module, "all_secrets", {SOLUTIONS: staff_secrets()}.__getitem__)
    file, text = PLANTED[planted]
    path = tmp_path / file
    path.write_text(path.read_text() + text)
    (problem,) = leaks(SOLUTIONS, tmp_path)
    assert str(path) in problem, f"the file must be named: {problem}"


def test_every_telling_line_of_the_staffs_code_is_found() -> None:
    # Held against the text itself, not against what the handout takes for a secret.
    source = (SOLUTIONS / "a4_smooth_ap" / "smooth_ap.py").read_text()
    hidden = secrets(next(material for material in materials(SOLUTIONS) if material.name == "a4_smooth_ap"))
    for node in functions(source).values():
        first = node.body[1] if ast.get_docstring(node) is not None else node.body[0]
        for line in source.splitlines()[first.lineno - 1 : node.end_lineno]:
            pasted = "".join(line.split()).replace("'", '"').rstrip(",")
            if len(pasted) > 30 and not pasted.startswith("def"):
                assert any(secret in pasted for secret in hidden), f"{line!r} of {node.name} would not be found"


def test_what_is_public_in_a_reference_is_no_secret(tmp_path: Path) -> None:
    source = '''"""Doc that both have."""
def f(first_of_all: float, second_of_all: float) -> float:
    """Raises ValueError where the first is negative.

    The steps take (first_of_all, second_of_all).
    """
    pair = (
        (first_of_all, second_of_all)
    )
    return first_of_all * 1234.5 + second_of_all
def _g(first: float) -> None:
    """Raises ValueError where the first is negative."""
'''
    staff = small_course(tmp_path / "solutions", source)
    make_handout(staff, tmp_path / "out")
    assert leaks(staff, tmp_path / "out") == [], "words and names that the docstrings say are no secret"
    readme = tmp_path / "out" / "b1_small" / "README.md"
    readme.write_text(readme.read_text() + "return first_of_all*1234.5+second_of_all")
    (problem,) = leaks(staff, tmp_path / "out")
    assert "small.py" in problem, f"the body is one: {problem}"


RUBRIC = '[[answer]]\nid = "1"\ntitle = "T"\ntask = "Why?"\n[[answer.criterion]]\npoints = 2\ntext = "Says it."\n'


def small_course(staff: Path, source: str, statement: str = "# Small\n\n<!-- functions -->\n") -> Path:
    folder = staff / "b1_small"
    folder.mkdir(parents=True)
    texts = {"statement.md": statement, "rubric.toml": RUBRIC, "small.py": source, "public_checks.py": ""}
    for name, text in texts.items():
        (folder / name).write_text(text)
    return staff


def test_the_handout_says_with_what_the_course_grades(tmp_path: Path) -> None:
    staff = small_course(tmp_path / "solutions", '"""Doc."""\ndef f(x):\n    """Doc."""\n')
    make_handout(staff, tmp_path / "none")
    assert not (tmp_path / "none" / "b1_small" / GRADER_FILE).exists(), "a course that does not say it, says nothing"
    settings = (SOLUTIONS / "course.toml").read_text()
    (staff / "course.toml").write_text(re.sub(r'python = ".*"', 'python = "3.13"', settings))
    make_handout(staff, tmp_path / "out")
    assert read_rules(tmp_path / "out" / "b1_small").python == (3, 13), "as course.toml says"
    (staff / "course.toml").write_text(settings.replace("[grader]", "[grader]\nnumbers = 1"))
    with pytest.raises(HandoutError, match="numbers is no setting"):
        make_handout(staff, tmp_path / "out")
    (staff / "course.toml").write_text(re.sub(r'python = ".*"', 'python = "3.12"', settings))
    (told,) = drift(staff, tmp_path / "out")
    assert GRADER_FILE in told and "has drifted" in told, f"another version is drift: {told}"


WRONG_SOURCES = {
    "no docstring": ('"""Doc."""\ndef f(x):\n    return x\n', "f has no docstring"),
    "no module docstring": ('def f(x):\n    """Doc."""\n', "small.py has no docstring"),
    "no function": ('"""Doc."""\ndef _f(x):\n    """Doc."""\n', "no public function"),
    "a syntax error": ('"""Doc."""\ndef f(x:\n', "small.py"),
}


@pytest.mark.parametrize("wrong", WRONG_SOURCES)
def test_a_wrong_source_is_named(tmp_path: Path, wrong: str) -> None:
    source, told = WRONG_SOURCES[wrong]
    with pytest.raises(HandoutError) as caught:
        make_handout(small_course(tmp_path / "solutions", source), tmp_path / "out")
    assert told in str(caught.value), f"{told!r} must be told: {caught.value}"
    assert not (tmp_path / "out").exists(), "nothing may be written"


def test_a_statement_without_a_place_for_the_functions_is_named(tmp_path: Path) -> None:
    staff = small_course(tmp_path / "solutions", '"""Doc."""\ndef f(x):\n    """Doc."""\n', "# Small\n")
    with pytest.raises(HandoutError, match=r"statement\.md has no line"):
        make_handout(staff, tmp_path / "out")


def test_a_file_that_cannot_be_written_leaves_the_old_ones(tmp_path: Path) -> None:
    write_handout(tmp_path)
    first, blocked = tmp_path / "a1_noisy_labels" / "README.md", tmp_path / "a4_smooth_ap" / "answers.md"
    first.write_text("of last year")
    missing = tmp_path / "a2_kl_factorized" / "README.md"
    missing.unlink()
    blocked.unlink()
    blocked.mkdir()
    with pytest.raises(HandoutError, match="the old files stay"):
        make_handout(SOLUTIONS, tmp_path)
    assert first.read_text() == "of last year", "a file written before the failure must be as it was"
    assert not missing.exists(), "a file that was new must be gone"


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make_handout(SOLUTIONS, tmp_path / name)
    for path in sorted((tmp_path / "one").rglob("*.*")):
        other = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert path.read_bytes() == other.read_bytes(), f"{path.name} differs between two runs"


SIGNATURES = (
    "def f(x: float = 1.0, *rest: float) -> float:",
    'def f(x, y=2, /, z: str = "a", *, w: int = 3, **more: float):',
    "def f(x: dict[str, Any], *, y: int) -> tuple[float, dict[str, Any]]:",
    "def f(first_of_many_arguments: float, second_of_many_arguments: float, third_of_many_arguments: float = 0.5, "
    'fourth_of_many_arguments: str = "x") -> tuple[float, float]:',
    "def f(" + ", ".join(f"argument_number_{i}: float = {i}.5" for i in range(8)) + ") -> float:",
)


@pytest.mark.parametrize("signature", SIGNATURES)
def test_signatures_come_out_exact_and_formatted(tmp_path: Path, signature: str) -> None:
    head = '"""Doc."""\nfrom typing import Any\n\nimport numpy as np\n'
    source = f'{head}{signature}\n    r"""Gives \\sigma."""\n    return 1\n'
    made = stub(source, "small.py").module
    before, after = functions(source)["f"], functions(made)["f"]
    assert ast.unparse(before.args) == ast.unparse(after.args), f"the arguments must stay: {made}"
    assert 'r"""Gives \\sigma."""' in made, f"the docstring must stay as it is written: {made}"
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent)) or shutil.which("ruff")
    if ruff is None:
        pytest.skip("ruff is absent: python -m pip install ruff")
    path = tmp_path / "small.py"
    path.write_text(made)
    command = [ruff, "format", "--isolated", "--line-length", "120", "--diff", os.fspath(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, f"ruff would format it otherwise: {run.stdout}"


def test_a_failure_leaves_the_old_files(tmp_path: Path) -> None:
    staff = tmp_path / "solutions"
    shutil.copytree(SOLUTIONS, staff)
    make_handout(staff, tmp_path / "out")
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    changed = staff / "a1_noisy_labels" / "noisy_labels.py"
    changed.write_text(changed.read_text().replace('"""', '"""Changed. ', 1))
    (staff / "a4_smooth_ap" / "rubric.toml").write_text("[[answer]]\nid = 3\n")
    with pytest.raises(HandoutError, match=r"rubric\.toml"):
        make_handout(staff, tmp_path / "out")
    after = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert before == after, "nothing may be written where anything is wrong"


def test_comments_private_helpers_and_decorators_stay_with_the_staff() -> None:
    source = '''"""Doc."""
import functools
import numpy as np
SECRET = 42
@functools.cache
def f(x: int) -> int:
    """Twice x."""
    # the trick
    return _g(x)
def _g(x):
    return 2 * x
'''
    made = stub(source, "f.py").module
    for hidden in ("trick", "_g", "SECRET", "functools", "2 * x"):
        assert hidden not in made, f"{hidden!r} must not reach students: {made}"
    assert "def f(x: int) -> int:" in made, f"the signature must: {made}"


def test_pytest_runs_in_a_students_folder(tmp_path: Path) -> None:
    folder = tmp_path / "a4_smooth_ap"
    shutil.copytree(ASSIGNMENTS / "a4_smooth_ap", folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    module = folder / "smooth_ap.py"
    text = module.read_text().replace('raise NotImplementedError("write pair_loss here")', "return 0.5")
    module.write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "pair_loss"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 1, f"a wrong pair_loss must fail: {run.stdout}{run.stderr}"
    for told in ("pair_loss(d_pos=np.array([0.5, 2.0])", "returned 0.5", "but must return 3"):
        assert told in run.stdout, f"{told!r} must be told: {run.stdout}"


def test_the_course_says_how_the_package_is_installed(tmp_path: Path) -> None:
    staff = tmp_path / "solutions"
    shutil.copytree(SOLUTIONS, staff)
    settings = staff / "course.toml"
    settings.write_text('install = "pip install https://uni.example/g.whl"\n' + settings.read_text())
    make_handout(staff, tmp_path / "out")
    folder = tmp_path / "out" / "a3_kl_normal"
    for file in ("README.md", "README.html", "kl_normal.ipynb"):
        text = (folder / file).read_text()
        assert "pip install https://uni.example/g.whl" in text and "FILE" not in text, f"{file} says how"


def test_the_statement_is_a_page_for_any_browser() -> None:
    page = (ASSIGNMENTS / "a4_smooth_ap" / "README.html").read_text()
    assert "<math" in page and "$" not in page.split("<body>")[1], "formulas are drawn, none is left as its source"
    assert "src=" not in page and "@import" not in page and "<script" not in page, "nothing is fetched or run"
    numbered = [f"<mn>{number}</mn>" in page for number in (2, 3)]
    assert numbered == [True, True], "the equations that the text names have their numbers"
