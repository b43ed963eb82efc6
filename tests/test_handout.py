"""What students receive: complete, from one source, without a line of an answer; and checks that can fail."""

import ast
import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from autograder.cli import main
from autograder.handout import HandoutError, drift, leaks, make_handout, materials, stub
from tests.references.common import right_solutions

ROOT = Path(__file__).parents[1]
SOLUTIONS, ASSIGNMENTS = ROOT / "solutions", ROOT / "assignments"
CONTRACT = {
    "a1_noisy_labels": "log_likelihood log_likelihood_grad posterior soft_cross_entropy soft_cross_entropy_grad "
    "jensen_gap mlp_objective fit lower_bound_derivation",
    "a2_kl_factorized": "kl joint kl_factorized decomposition_derivation",
    "a3_kl_normal": "kl_normal kl_normal_grad kl_normal_derivation",
    "a4_smooth_ap": "average_precision flat_radius pair_loss triplet_loss triplet_loss_grad expected_indicator "
    "smooth_ap smooth_ap_grad smooth_ap_embedding_grad smooth_map smooth_map_grad surrogate_derivation "
    "expectation_derivation",
}
MODULES = {material.name: material.module for material in materials(SOLUTIONS)}
every_assignment = pytest.mark.parametrize("name", CONTRACT)


def functions(source: str) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}


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


def test_a_changed_docstring_reaches_stub_and_statement(tmp_path: Path) -> None:
    staff = tmp_path / "solutions"
    shutil.copytree(SOLUTIONS, staff)
    make_handout(staff, tmp_path / "out")
    assert drift(staff, tmp_path / "out") == [], "what was just made has not drifted"
    source = staff / "a2_kl_factorized" / "kl_factorized.py"
    source.write_text(source.read_text().replace("The KL-divergence of two discrete", "The divergence of two discrete"))
    changed = drift(staff, tmp_path / "out")
    told = {Path(line.split()[0]).name for line in changed}
    assert told == {"kl_factorized.py", "README.md"}, f"module and statement must follow: {changed}"


def test_drift_names_changed_missing_and_foreign_files(tmp_path: Path) -> None:
    make_handout(SOLUTIONS, tmp_path)
    folder = tmp_path / "a3_kl_normal"
    (folder / "kl_normal.py").write_text("changed")
    (folder / "answers.md").unlink()
    (folder / "solution.py").write_text("")
    problems = " ".join(drift(SOLUTIONS, tmp_path))
    for told in ("kl_normal.py has drifted", "answers.md is missing", "solution.py belongs to no handout"):
        assert told in problems, f"{told!r} must be told: {problems}"


PLANTED = {
    "a reference's line": ("a4_smooth_ap/smooth_ap.py", "    g_neg = scale * weight_neg.sum(axis=0)\n"),
    "the same in other spacing": ("a4_smooth_ap/smooth_ap.py", "g_neg=scale*weight_neg.sum( axis = 0 )\n"),
    "a question": ("a1_noisy_labels/README.md", "eps = float(rng.choice([0.0, 1.0, 1e-300, 1e-12, 0.3]))\n"),
    "a criterion": (
        "a4_smooth_ap/answers.md",
        "Turns the expectation of the indicator into a probability, P(Z < d_p - d_n).",
    ),
    "a machine's path": ("a2_kl_factorized/README.md", "see /home/staff/solutions\n"),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_leak_is_found(tmp_path: Path, planted: str) -> None:
    make_handout(SOLUTIONS, tmp_path)
    assert leaks(SOLUTIONS, tmp_path) == [], "the handout leaks nothing"
    file, text = PLANTED[planted]
    path = tmp_path / file
    path.write_text(path.read_text() + text)
    (problem,) = leaks(SOLUTIONS, tmp_path)
    assert str(path) in problem, f"the file must be named: {problem}"


def test_a_failure_leaves_the_old_files(tmp_path: Path) -> None:
    staff = tmp_path / "solutions"
    shutil.copytree(SOLUTIONS, staff)
    make_handout(staff, tmp_path / "out")
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    (staff / "a1_noisy_labels" / "noisy_labels.py").write_text('"""Changed."""\n\ndef f(x):\n    """New."""\n')
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
    made = stub(source, "f.py")
    for hidden in ("trick", "_g", "SECRET", "functools", "2 * x"):
        assert hidden not in made, f"{hidden!r} must not reach students: {made}"
    assert "def f(x: int) -> int:" in made, f"the signature must: {made}"


def load(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def public_checks(name: str, module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], None]]:
    """The public checks of an assignment, run against a given module."""
    monkeypatch.setitem(sys.modules, MODULES[name], module)
    checks = load(ASSIGNMENTS / name / f"test_{MODULES[name]}.py", f"checks_of_{name}")
    return {key: value for key, value in vars(checks).items() if key.startswith("test_")}


@every_assignment
def test_every_function_has_a_public_check_with_a_title(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = load(ASSIGNMENTS / name / f"{MODULES[name]}.py", MODULES[name])
    checks = public_checks(name, module, monkeypatch)
    for function in CONTRACT[name].split():
        own = [check for key, check in checks.items() if key.startswith(f"test_{function}__")]
        assert own, f"{function} needs a public check"
        assert all(check.__doc__ for check in own), f"the checks of {function} need titles"


@every_assignment
def test_every_public_check_fails_on_the_stub_in_kind_words(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = load(ASSIGNMENTS / name / f"{MODULES[name]}.py", MODULES[name])
    for key, check in public_checks(name, module, monkeypatch).items():
        with pytest.raises(AssertionError) as caught:
            check()
        assert "is not written yet" in str(caught.value), f"{key}: {caught.value}"


RIGHT = [(name, param.values[0], param.id) for name in CONTRACT for param in right_solutions(name, MODULES[name])]


@pytest.mark.parametrize(("name", "module"), [(n, m) for n, m, _ in RIGHT], ids=[f"{n}-{i}" for n, _, i in RIGHT])
def test_right_solutions_pass_every_public_check(name: str, module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for check in public_checks(name, module, monkeypatch).values():
        check()


BROKEN: dict[str, Callable[[Any], Any]] = {
    "returns None": lambda _: None,
    "is off by a little": lambda value: _scaled(value, 1.0 + 1e-4),
    "has the wrong sign": lambda value: _scaled(value, -1.0),
}


def _scaled(value: Any, factor: float) -> Any:
    if isinstance(value, dict):
        return {key: _scaled(part, factor) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(_scaled(part, factor) for part in value)
    if isinstance(value, str):
        return value
    if callable(value):
        return lambda *arguments: value(*arguments) * factor + 0.001
    return value * factor + (0.001 if factor > 0 else 0.0)


@every_assignment
@pytest.mark.parametrize("how", BROKEN)
def test_public_checks_notice_a_wrong_function(name: str, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = load(SOLUTIONS / name / f"{MODULES[name]}.py", MODULES[name])
    for function in CONTRACT[name].split():
        if function.endswith("_derivation") and how != "returns None":
            continue  # what happens to every line alike breaks no link; the hidden checks look at the ends
        module = ModuleType(MODULES[name])
        vars(module).update(vars(right))
        original = getattr(right, function)

        def broken(*arguments: Any, original: Any = original) -> Any:
            return BROKEN[how](original(*arguments))

        broken.__name__ = function
        setattr(module, function, broken)
        failed = []
        for key, check in public_checks(name, module, monkeypatch).items():
            if key.startswith(f"test_{function}__"):
                try:
                    check()
                except (AssertionError, TypeError, AttributeError):
                    failed.append(key)
        spared = function == "fit" and how != "returns None"
        assert failed or spared, f"no public check of {function} notices that it {how}"


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
