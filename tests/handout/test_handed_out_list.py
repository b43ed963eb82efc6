"""`autograder handout` writes down what it hands out, and grading knows it again, older versions too."""

import json
import shutil
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.errors import SettingsError
from autograder.grading.plan import load_course
from autograder.handout import handouts_of, make_handout, not_listed, pack_handout
from autograder.submissions import Entry, read_submission
from autograder.submissions.handed_out import FILE, content_hash, read_handed_out
from tests.repository import ASSIGNMENTS, SOLUTIONS

NAME = "a2_kl_factorized"


@pytest.fixture
def staff(tmp_path: Path) -> Path:
    """The staff's files of one assignment, never handed out."""
    folder = tmp_path / "solutions"
    shutil.copytree(SOLUTIONS / NAME, folder / NAME, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(SOLUTIONS / "course.toml", folder)
    return folder


def changed(staff: Path) -> None:
    """Public checks, and so all that is made of them, as they were not before."""
    path = staff / NAME / "public_checks.py"
    path.write_text(path.read_text().replace('"""', '"""Now: ', 1))


def test_the_committed_list_knows_every_file_of_the_handout() -> None:
    listed = read_handed_out(SOLUTIONS)
    for path in sorted(ASSIGNMENTS.rglob("*")):
        name, _, inner = path.relative_to(ASSIGNMENTS).as_posix().partition("/")
        if path.is_file() and "__pycache__" not in path.parts and not inner.startswith("."):
            hash_ = content_hash(inner, path.read_bytes())
            assert hash_ in listed[name].get(inner, []), f"{name}/{inner}: run `autograder handout`, and commit {FILE}"


@pytest.mark.parametrize("make", [make_handout, pack_handout])
def test_what_is_handed_out_is_listed_and_stays_so(staff: Path, tmp_path: Path, make: object) -> None:
    assert callable(make)
    make(staff, tmp_path / "out")
    first = read_handed_out(staff)[NAME]
    assert set(first) == set(handouts_of(staff)[NAME]), f"every file: {set(first)}"
    data = (staff / FILE).read_bytes()
    make(staff, tmp_path / "out")
    assert (staff / FILE).read_bytes() == data, "the same handout again changes nothing"
    changed(staff)
    make(staff, tmp_path / "out")
    second = read_handed_out(staff)[NAME]
    checks = f"test_{NAME.partition('_')[2]}.py"
    assert second[checks][:1] == first[checks] and len(second[checks]) == 2, f"both versions: {second[checks]}"


def test_check_tells_what_is_not_listed(staff: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "out")
    assert main(["handout", "--out", out, "--solutions", str(staff)]) == 0, "it is written"
    assert not not_listed(staff, handouts_of(staff)), "and all of it is listed"
    (staff / FILE).unlink()
    capsys.readouterr()
    assert main(["handout", "--out", out, "--solutions", str(staff), "--check"]) == 1, "the list is gone"
    told = capsys.readouterr().err
    assert f"{FILE} does not know" in told and "run `autograder handout`, and commit it" in told, f"{told}"
    assert not (staff / FILE).exists(), "and --check writes nothing"


def test_a_handout_that_cannot_be_made_lists_nothing(staff: Path, tmp_path: Path) -> None:
    (staff / NAME / "statement.md").write_text("no table")
    assert main(["handout", "--out", str(tmp_path / "out"), "--solutions", str(staff)]) == 2, "it is refused"
    assert not (staff / FILE).exists(), "nobody was given anything"


def test_a_damaged_list_is_told_before_anything_is_graded(staff: Path, tmp_path: Path) -> None:
    (staff / FILE).write_text("{")
    with pytest.raises(SettingsError, match="Take it back from version control"):
        load_course(staff, None, None, None)
    assert main(["handout", "--out", str(tmp_path / "out"), "--solutions", str(staff)]) == 2, "nor is it overwritten"
    assert (staff / FILE).read_text() == "{", "what it knew may be taken back"


def test_a_student_who_returns_an_older_handout_is_in_order(staff: Path, tmp_path: Path) -> None:
    make_handout(staff, tmp_path / "out")
    anna = tmp_path / "class" / "anna" / "my homework"
    shutil.copytree(tmp_path / "out" / NAME, anna)
    changed(staff)
    make_handout(staff, tmp_path / "out")
    (anna / "tests").rename(anna / "tests copy")
    shutil.copy(SOLUTIONS / NAME / "kl_factorized.py", anna)
    submission = read_submission(Entry("anna", anna.parent), load_course(staff, None, None, None).modules)
    work = submission.works[NAME]
    assert work.path == "my homework/kl_factorized.py" and set(work.files) == {"kl_factorized.py"}, f"{set(work.files)}"
    assert not submission.notes, f"nothing is said of our own files: {submission.notes}"


def test_the_list_is_sorted_and_says_what_it_is() -> None:
    found = json.loads((SOLUTIONS / FILE).read_text())
    assert "autograder handout" in found["about"], "who opens it reads what it is"
    for name, files in found["assignments"].items():
        assert list(files) == sorted(files), f"{name}: two people's versions of it merge line by line"
