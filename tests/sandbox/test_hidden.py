"""What submissions may read is an exact list, and a run whose own folders they could read does not start."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import msgpack
import numpy as np
import pytest

from autograder.errors import UsageError
from autograder.sandbox import hidden, server_start
from autograder.sandbox.canary import check, works
from autograder.sandbox.hidden import HIDING, hidden_folders, refuse_below, refuse_seen
from autograder.sandbox.readable_places import places, reaching, ways_in
from autograder.sandbox.slot import Slot
from autograder.sandbox.tiers import Tier
from tests.small import REFERENCE, SOLUTIONS

THIEF = """
import importlib.util

def total(x):
    spec = importlib.util.spec_from_file_location("stolen", {reference!r})
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.total(x)
"""


def needs(tier: Tier) -> None:
    if reason := works(tier):
        pytest.skip(f"tier {tier} does not work here: {reason}")


def test_no_prefix_is_readable_and_nothing_beside_the_interpreters_own_libraries() -> None:
    found = places()
    for prefix in (sys.prefix, sys.base_prefix, "/usr", "/usr/src", str(Path(found.package))):
        assert not reaching(prefix, found.readable), f"{prefix} may hold a course, or the grader: {found.readable}"
    for library in (np, msgpack):
        assert library.__file__ and reaching(library.__file__, found.readable), f"{library.__name__} must be readable"
        site = str(Path(library.__file__).parents[1])
        assert not reaching(site, found.readable), f"{site} may hold other packages: {found.readable}"


def test_a_path_is_reached_by_a_folder_above_it_and_by_itself_alone() -> None:
    readable = ("/usr/lib", "/opt/python/bin/python3")
    assert reaching("/usr/lib", readable) == reaching("/usr/lib/course/a1", readable) == "/usr/lib", "it, and below it"
    assert not reaching("/usr/library", readable), "a name that begins alike is another one"
    assert not reaching("/usr", readable), "and what lies above is not readable"
    assert [*ways_in("/opt", readable)] == ["python"], "in a folder above, the way is seen"
    assert [*ways_in("/usr/lib", readable)] == [], "what is readable itself is no way"


@pytest.mark.parametrize("tier", HIDING)
@pytest.mark.parametrize("what", ["folder", "file"])
def test_the_self_test_names_what_it_can_read_from_inside(
    tier: Tier, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs(tier)
    course = tmp_path / "course"
    (course / "a1").mkdir(parents=True)
    (course / "a1" / "reference.py").write_text("SECRET = 1\n")
    for folder in (tmp_path.parents[1], tmp_path.parents[0], tmp_path, course, course / "a1"):
        folder.chmod(0o755)
    asked = {str(course): "the folder of references"}
    with Slot(tier=tier) as slot:
        check(slot, asked)
    real = places()
    granted = str(course if what == "folder" else course / "a1" / "reference.py")
    monkeypatch.setattr(server_start, "places", lambda: replace(real, readable=(*real.readable, granted)))
    with Slot(tier=tier) as slot, pytest.raises(UsageError, match="the folder of references") as refused:
        check(slot, asked)
    assert str(course) in str(refused.value), f"the path must be told: {refused.value}"
    assert "No submission was run" in str(refused.value), f"{refused.value}"


def test_a_folder_below_a_readable_one_is_refused_by_both_names(monkeypatch: pytest.MonkeyPatch) -> None:
    real = places()
    monkeypatch.setattr(hidden, "places", lambda: replace(real, readable=("/usr/lib",)))
    with pytest.raises(UsageError, match=r"/usr/lib/course .*references.* lies in /usr/lib,"):
        refuse_below({"/usr/lib/course": "the folder of references"})
    refuse_below({"/usr/src/app": "the folder of references"})


def test_names_on_the_way_to_what_is_readable_may_be_seen_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    real = places()
    monkeypatch.setattr(hidden, "places", lambda: replace(real, readable=("/course/lib/numpy",)))
    asked = {"/course": "the folder of references"}
    refuse_seen({"seen": {"/course": ["lib"]}, "opened": []}, asked)
    with pytest.raises(UsageError, match="saw solutions in it"):
        refuse_seen({"seen": {"/course": ["lib", "solutions"]}, "opened": []}, asked)


def test_home_and_temporary_folders_are_hidden_by_their_real_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    monkeypatch.setenv("HOME", str(tmp_path / "link"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    found = hidden_folders({"the folder of references": tmp_path / "link"})
    assert found == {
        str(tmp_path / "real"): "the folder of references",
        str(tmp_path): "the folder of temporary files",
    }, "links are followed, and what was named gives a folder its name"


@pytest.mark.slow
@pytest.mark.parametrize("copies", [False, True])
def test_an_environment_in_the_courses_own_folder_gives_no_reference_away(copies: bool, tmp_path: Path) -> None:
    course = tmp_path / "course"
    made = [sys.executable, "-m", "venv", "--without-pip", *(["--copies"] if copies else []), str(course)]
    subprocess.run(made, check=True)
    for folder in (*reversed(tmp_path.parents[:2]), tmp_path, course):
        folder.chmod(0o755)
    (site,) = course.glob("lib/python*/site-packages")
    own = [str(Path(module.__file__ or "").parents[1]) for module in (np, msgpack)]
    (site / "own.pth").write_text("\n".join(dict.fromkeys([*own, str(Path(places().package).parent)])))
    solutions = copytree(SOLUTIONS, course / "solutions")
    thief = THIEF.format(reference=str(solutions / "b1_squares" / "squares.py"))
    for name, source in (("thief", thief), ("victim", REFERENCE)):
        (course / "submissions" / name).mkdir(parents=True)
        (course / "submissions" / name / "squares.py").write_text(source)

    def scores(isolation: str) -> dict[str, float]:
        command = [str(course / "bin" / "python"), "-m", "autograder", "grade", "submissions", "--jobs", "1"]
        out = course / f"out-{isolation}"
        run = subprocess.run(
            [*command, "--isolation", isolation, "--out", str(out)], cwd=course, capture_output=True, text=True
        )
        assert run.returncode == 0, f"tier {isolation}: {run.stdout}{run.stderr}"
        return {path.stem: json.loads(path.read_text())["score"] for path in (out / "results").glob("*.json")}

    free = scores("none")
    assert free["thief"] > 0, f"where nothing hides the references this theft must work, or it proves nothing: {free}"
    for tier in HIDING:
        if works(tier):
            continue
        found = scores(tier)
        assert found["victim"] > found["thief"] == 0, f"tier {tier}: the references must not be reached: {found}"
