"""What is in the zip, and how its making can fail."""

import json
import zipfile
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.errors import BuildError
from autograder.grading.plan import load_course
from autograder.integrations.gradescope.build import build
from autograder.integrations.gradescope.public_tests import public_tests
from autograder.integrations.gradescope.zip_settings import Settings
from autograder.sandbox.canary import works
from autograder.sandbox.tiers import Tier
from autograder.submissions import Entry
from tests.contract import CONTRACT, MODULES
from tests.repository import ASSIGNMENTS, SOLUTIONS
from tests.small import SOLUTIONS as SMALL


def test_what_the_zip_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "autograder.zip"
    command = ["gradescope", "build", "--solutions", str(SOLUTIONS), "--out", str(out), "--assignment", "a3_kl_normal"]
    assert main([*command, "--hidden-checks", "visible", "--leaderboard"]) == 0, "it must be made"
    told = capsys.readouterr().out
    assert "Autograder points: 17.75" in told and "Written answers: 4" in told and "staff only" in told, f"{told}"
    first = out.read_bytes()
    with zipfile.ZipFile(out) as archive:
        names = archive.namelist()
        modes = {name: archive.getinfo(name).external_attr >> 16 & 0o777 for name in names}
        settings = json.loads(archive.read("settings.json"))
        pins = archive.read("requirements.txt").decode().splitlines()
    assert settings == {
        "assignments": ["a3_kl_normal"],
        "hidden": "visible",
        "leaderboard": True,
        "public": True,
    }, f"{settings}"
    assert modes["setup.sh"] == modes["run_autograder"] == 0o755, "both are programs"
    assert "engine/autograder/sandbox/inside/boot.py" in names and "solutions/course.toml" in names, f"{names}"
    assert not [name for name in names if "__pycache__" in name or "alternatives" in name or ".pyc" in name], f"{names}"
    assert any(pin.startswith("numpy==") for pin in pins) and all("==" in pin for pin in pins), f"all pinned: {pins}"
    assert main([*command, "--hidden-checks", "visible", "--leaderboard"]) == 0 and out.read_bytes() == first, (
        "the same source gives the same bytes"
    )


def test_what_cannot_be_built_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["gradescope", "build", "--solutions", str(SOLUTIONS), "--out", str(tmp_path / "out.zip")]
    assert main([*command, "--assignment", "a9"]) == 2, "an unknown assignment"
    assert "no assignment is named 'a9'" in capsys.readouterr().err, "and the message says so"
    assert main([*command, "--requirements", str(tmp_path / "absent.txt")]) == 2, "a file that is not there"
    assert "absent.txt cannot be read" in capsys.readouterr().err, "and the message says so"
    more = tmp_path / "more.txt"
    more.write_text("# of a reference\nno-such-package-of-anybodys @ file:///nowhere.whl\n")
    with pytest.raises(BuildError, match=r"wheels for Python 3\.12"):
        build(SMALL, tmp_path / "out.zip", settings=Settings(()), more=more, wheels_for="3.12")
    assert not (tmp_path / "out.zip").exists(), "and nothing is written"


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name == "a2_kl_factorized" else pytest.mark.slow) for name in CONTRACT]
)
def test_the_public_checks_are_made_in_the_sandbox(name: str, tmp_path: Path) -> None:
    if works(Tier.B):
        pytest.skip(f"tier B does not work here: {works(Tier.B)}")
    module = MODULES[name]
    loaded = load_course(SOLUTIONS, [name], None, None)
    sources = {"right": SOLUTIONS / name / f"{module}.py", "stub": ASSIGNMENTS / name / f"{module}.py"}
    found = {}
    for which, source in sources.items():
        (tmp_path / which).mkdir()
        (tmp_path / which / f"{module}.py").write_bytes(source.read_bytes())
        found[which] = public_tests(loaded, Entry(which, tmp_path / which), Tier.B)
    wrong = [test for test in found["right"] if not test.passed]
    assert found["right"] and not wrong, f"the reference passes, derivations and gradients with it: {wrong}"
    assert not [test for test in found["stub"] if test.passed], "the stub passes none"
    assert all("is not written yet" in test.text for test in found["stub"]), f"in kind words: {found['stub'][0]}"


# How many public checks the assignment has.
PUBLIC = (SOLUTIONS / "a3_kl_normal" / "public_checks.py").read_text().count("\ndef test_")
ODD = """
import os
import numpy as np
class Own(Exception): pass
def kl_normal(mu_q, sigma_q, mu_p, sigma_p):
    if np.ndim(sigma_q):
        sigma_q += 1.0
    raise Own("a text of its own")
def kl_normal_grad(mu_q, sigma_q, mu_p, sigma_p):
    os._exit(3)
def kl_normal_derivation():
    return [("start", lambda *case: 1 / 0), 5]
"""


def test_a_public_check_tells_the_rule_that_a_function_breaks(tmp_path: Path) -> None:
    if works(Tier.B):
        pytest.skip(f"tier B does not work here: {works(Tier.B)}")
    source = (SOLUTIONS / "a3_kl_normal" / "kl_normal.py").read_text()
    broken = "\n\ndef kl_normal(mu_q, sigma_q, mu_p, sigma_p):\n    return np.Inf\n"
    (tmp_path / "kl_normal.py").write_text(source + broken)
    found = public_tests(load_course(SOLUTIONS, ["a3_kl_normal"], None, None), Entry("old", tmp_path), Tier.B)
    for test in found:
        is_told = "np.Inf is np.inf since NumPy 2" in test.text
        needs_it = test.name.startswith(("kl_normal:", "kl_normal_derivation:"))
        assert is_told == (needs_it and not test.passed), f"of what needs it, alone: {test}"
    assert any(not test.passed for test in found), "kl_normal raises"


def test_a_public_check_of_odd_code_fails_and_ends(tmp_path: Path) -> None:
    if works(Tier.B):
        pytest.skip(f"tier B does not work here: {works(Tier.B)}")
    (tmp_path / "kl_normal.py").write_text(ODD)
    found = public_tests(load_course(SOLUTIONS, ["a3_kl_normal"], None, None), Entry("odd", tmp_path), Tier.B)
    assert len(found) == PUBLIC and not any(test.passed for test in found), f"{found}"
    told = {test.name.partition(":")[0]: test.text for test in found}
    assert "a text of its own" in told["kl_normal"], f"{told['kl_normal']}"
    assert "kl_normal_grad" in told["kl_normal_grad"] and "ended" in told["kl_normal_grad"], f"{told['kl_normal_grad']}"
