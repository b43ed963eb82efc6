"""A first-time user who does what assignments/a4_smooth_ap/README.md says, with only the folder and the package."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.students.folders import handout


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A command as the README has it, in a folder far from the repository, with the package's own environment."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
    }
    environment.pop("PYTHONPATH", None)
    return subprocess.run(command.split(), cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_readme_leads_to_a_first_passing_check_and_a_zip(tmp_path: Path) -> None:
    folder = handout(tmp_path)
    readme = (folder / "README.md").read_text()
    start = readme.partition("## Start in two minutes")[2].partition("\n## ")[0]
    commands = re.findall(r"`(autograder \w+|pytest[ \w]*)`", readme)
    assert commands[:2] == ["autograder check", "pytest"], f"what the README says to run: {commands}"
    assert "raise NotImplementedError(...)" in start and "`smooth_ap.py`" in start, "and what to replace, where"

    first = shell("autograder check", folder)
    assert first.returncode == 1, f"nothing is started: {first.stdout}{first.stderr}"
    assert first.stdout.count("not started") == 14, f"13 functions, and the summary: {first.stdout}"

    module = folder / "smooth_ap.py"
    body = "return sum(1 for p in d_pos for n in d_neg if n < p)"
    stub = 'raise NotImplementedError("write pair_loss here")'
    assert stub in module.read_text(), "the line to replace is there"
    module.write_text(module.read_text().replace(stub, body))
    second = shell("autograder check", folder)
    assert "✓ pair_loss                 passes its public check" in second.stdout, f"a first pass: {second.stdout}"
    assert "Hidden checks follow" in second.stdout, "and that more follows"
    assert not list(folder.glob("**/__pycache__")), "nothing is left in the folder"

    tests = shell("pytest -q -p no:cacheprovider -k pair_loss", folder)
    assert tests.returncode == 0 and "1 passed" in tests.stdout, f"pytest says the same: {tests.stdout}{tests.stderr}"

    packed = shell("autograder pack", folder)
    assert packed.returncode == 1 and "! Not started: average_precision" in packed.stdout, f"{packed.stdout}"
    with zipfile.ZipFile(folder / "a4_smooth_ap.zip") as archive:
        assert body in archive.read("a4_smooth_ap/smooth_ap.py").decode(), "the work is in the zip"


def test_the_notebook_leads_there_too(tmp_path: Path) -> None:
    folder = handout(tmp_path)
    path = folder / "smooth_ap.ipynb"
    stub = 'raise NotImplementedError(\\"write pair_loss here\\")'
    assert stub in path.read_text(), "the line to replace is there"
    path.write_text(path.read_text().replace(stub, "return sum(1 for p in d_pos for n in d_neg if n < p)"))
    checked = shell("autograder check", folder)
    assert "smooth_ap.ipynb" in checked.stdout and "✓ pair_loss" in checked.stdout, f"{checked.stdout}{checked.stderr}"
    assert "While it was imported" not in checked.stdout, f"no cell of the handout fails: {checked.stdout}"
    packed = shell("autograder pack", folder)
    assert "smooth_ap.ipynb" in packed.stdout and "    smooth_ap.py" not in packed.stdout, f"{packed.stdout}"
