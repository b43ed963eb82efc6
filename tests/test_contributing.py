"""What CONTRIBUTING.md shows works: its package of a kind, a layout, an export and an integration is installed."""

import re
import sys
import tomllib
from pathlib import Path

import pytest

from autograder.cli import main
from tests.repository import ROOT
from tests.small import REFERENCE
from tests.small.making import course, hand_in

BLOCK = re.compile(r"^```(?P<kind>\w+)(?: file=(?P<file>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
DECLARED = '''

@b1.declare("total", "sign", points=1)
def has_the_sign(rng, size):
    """Has the right sign"""
    return (rng.uniform(1.0, 2.0, size),)
'''


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The package of the page, as pip would have installed it; gives the names of its modules."""
    site = tmp_path / "site"
    blocks = list(BLOCK.finditer((ROOT / "CONTRIBUTING.md").read_text()))
    for block in blocks:
        if block["file"]:
            path = site / block["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block["text"])
    (project,) = [tomllib.loads(block["text"])["project"] for block in blocks if block["kind"] == "toml"]
    info = site / f"{project['name']}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    points = [
        f"[{group}]\n" + "".join(f"{n} = {v}\n" for n, v in own.items())
        for group, own in project["entry-points"].items()
    ]
    (info / "entry_points.txt").write_text("\n".join(points))
    (site / "ours" / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(site))
    for name in [name for name in sys.modules if name.partition(".")[0] == "ours"]:
        monkeypatch.delitem(sys.modules, name)
    return [block["file"] for block in blocks if block["file"]]


def test_a_package_adds_one_of_each(installed: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(installed) == 4, f"a module each: {installed}"
    own = course(tmp_path / "solutions")
    questions = own / "b1_squares" / "questions.py"
    questions.write_text(questions.read_text() + DECLARED)
    negative = REFERENCE.replace("np.sum(x**2)", "-np.sum(x**2)")
    hand_in(tmp_path / "class", {"dropbox-anna": REFERENCE, "dropbox-berta": negative})
    out, solutions = str(tmp_path / "out"), ["--solutions", str(own)]
    graded = main(["grade", str(tmp_path / "class"), "--out", out, *solutions, "--jobs", "1", "--isolation", "none"])
    said = capsys.readouterr()
    assert graded == 0, f"the class is graded: {said.err}"
    assert "drop box" in said.out + said.err, f"by its layout: {said.out + said.err}"
    scores = (tmp_path / "out" / "scores.csv").read_text()
    assert scores.count("\nanna,") == 1, f"students have the names that the layout gives: {scores}"
    record = (tmp_path / "out" / "results" / "berta.json").read_text()
    assert "Has the wrong sign." in record and "It returned -" in record, "the kind judges, in its own words"
    assert main(["export", out, "--to", "points", *solutions]) == 0, capsys.readouterr().err
    assert (tmp_path / "out" / "export-points.txt").read_text().startswith("anna: "), "the export writes its own form"
    assert main(["tally", out]) == 0, capsys.readouterr().err
    assert "2 records" in capsys.readouterr().out, "the integration has a verb of its own"


def test_a_name_that_nobody_adds_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(tmp_path), "--to", "blackboard"]) == 2, "there is no such export"
    assert "moodle" in capsys.readouterr().err, "and it is said which there are"


def test_the_targets_of_the_page_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text()
    (shell,) = [b["text"] for b in BLOCK.finditer((ROOT / "CONTRIBUTING.md").read_text()) if b["kind"] == "sh"]
    wanted = re.findall(r"^make ([\w-]+)", shell, re.MULTILINE)
    missing = [target for target in wanted if not re.search(rf"^{target}:", makefile, re.MULTILINE)]
    assert wanted and not missing, f"make has no {missing}"
