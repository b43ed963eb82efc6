"""`autograder pack`: what is missing is said first, and what is packed is what is graded."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from autograder.cli import main
from autograder.students.own_folder import find_work
from autograder.students.packing import members, pack, problems
from autograder.submissions import Entry, read_submission
from tests.students.folders import ANSWERS, RIGHT, STUB, handout, small
from tests.submissions.notebooks.making import notebook, text

WRITTEN = ANSWERS.replace("*Your answer:*\n", "*Your answer:*\n\nBecause.\n")


def told(folder: Path) -> str:
    (work,) = find_work(folder)
    return "\n".join(problems(work))


def packed(folder: Path) -> list[str]:
    (work,) = find_work(folder)
    return [path.relative_to(folder).as_posix() for path in members(work)]


def test_complete_work_has_no_problems(tmp_path: Path) -> None:
    assert told(small(tmp_path / "module", small_py=RIGHT, answers_md=WRITTEN)) == "", "all is there"
    cells = notebook(["%matplotlib inline", RIGHT, text("## 1a. Why\n\nWhy?"), text("*Your answer:*\n\nSo.")])
    assert told(small(tmp_path / "cells", small_ipynb=cells)) == "", "all is there, in the notebook"


CASES: dict[str, tuple[dict[str, str | bytes], str]] = {
    "nothing": ({}, "There is neither small.py nor small.ipynb."),
    "another name": ({"smal_py": RIGHT}, "smal.py defines 3 of the 3 functions: was it meant?"),
    "stubs": ({"small_py": STUB}, "Not started: f, g, h."),
    "a stub": ({"small_py": RIGHT.replace("return 1", "raise NotImplementedError")}, "Not started: g."),
    "a renamed function": ({"small_py": RIGHT.replace("def g", "def G")}, "There is no function g."),
    "a syntax error": ({"small_py": RIGHT.replace("def g():", "def g()")}, "Syntax error in line 4 of small.py"),
    "a syntax error in a cell": (
        {"small_ipynb": notebook(["%ls", "x = = 1", RIGHT])},
        "Syntax error in cell 2, line 1",
    ),
    "no text": ({"small_py": b"# \xff\n" + RIGHT.encode()}, "not UTF-8 text"),
    "both": (
        {"small_py": RIGHT, "small_ipynb": notebook([RIGHT.replace("return 1", "return 3")])},
        "small.py is graded; small.ipynb is not, though it holds other work",
    ),
    "no answers": ({"small_py": RIGHT, "answers_md": ANSWERS}, "Nothing is written below: 1a. Why (2 points); 1b. How"),
    "one answer": (
        {"small_py": RIGHT, "answers_md": ANSWERS.replace("answer:*\n\n##", "answer:*\nYes.\n\n##")},
        "Nothing is written below: 1b. How (1 point).",
    ),
    "too large": ({"small_py": RIGHT + "#" * 1_000_000}, "at most 1,000,000 are read"),
    "a damaged notebook": ({"small_ipynb": b"{"}, "malformed"),
}


@pytest.mark.parametrize("what", CASES)
def test_what_is_missing_or_misnamed_is_told(tmp_path: Path, what: str) -> None:
    files, expected = CASES[what]
    assert expected in told(small(tmp_path, **files)), f"{expected!r} must be told: {told(tmp_path)}"


def test_a_link_is_left_out_and_told(tmp_path: Path) -> None:
    folder = small(tmp_path / "work")
    (tmp_path / "elsewhere.py").write_text(RIGHT)
    for name in ("small.py", "helper.py"):
        (folder / name).symlink_to(tmp_path / "elsewhere.py")
    assert packed(folder) == [], "no link is followed"
    assert "small.py is a symbolic link" in told(folder) and "helper.py is a symbolic link" in told(folder), told(
        folder
    )


def test_caches_data_and_checks_stay_out(tmp_path: Path) -> None:
    folder = small(tmp_path / "work", small_py=RIGHT, answers_md=WRITTEN, helper_py="x = 1", data_csv="1", old_zip="")
    for path in ("__pycache__/small.py", "tests/f.py", ".git/a.py", "venv/b.py", "more/deep.py", "test_more.py"):
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text("")
    assert packed(folder) == ["small.py", "answers.md", "helper.py", "more/deep.py"], f"work only: {packed(folder)}"


def test_an_untouched_notebook_or_module_stays_out(tmp_path: Path) -> None:
    both = small(tmp_path / "a", small_py=RIGHT, small_ipynb=notebook([STUB]))
    assert packed(both) == ["small.py"], "the notebook was not worked in"
    other = small(tmp_path / "b", small_py=STUB, small_ipynb=notebook([RIGHT]))
    assert packed(other) == ["small.ipynb"], "the module was not worked in"
    written: list[dict[str, Any] | str] = [STUB, text("## 1a. Why\n\nWhy?"), text("*Your answer:*\n\nSo.")]
    answered = small(tmp_path / "c", small_py=RIGHT, small_ipynb=notebook(written))
    assert packed(answered) == ["small.py", "small.ipynb"], "answers are not left behind"


def test_the_same_files_give_the_same_bytes_and_are_read_as_they_were(tmp_path: Path) -> None:
    folder = small(tmp_path / "b1_small", small_py=RIGHT, answers_md=WRITTEN, helper_py="x = 1")
    works = find_work(folder)
    assert pack(works) == pack(works), "two runs differ"
    path = tmp_path / "anna.zip"
    path.write_bytes(pack(works))
    submission = read_submission(Entry("anna", path), {"b1_small": "small"})
    work = submission.works["b1_small"]
    assert dict(work.files) == works[0].files() and work.answers == WRITTEN, f"as it was packed: {submission}"
    assert not submission.notes, f"and without a note: {submission.notes}"


@pytest.mark.parametrize("out", [".", "..", "made"])
def test_a_folder_in_place_of_the_zip_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, out: str
) -> None:
    folder = small(tmp_path / "b1_small", small_py=RIGHT, answers_md=WRITTEN)
    (folder / "made").mkdir()
    monkeypatch.chdir(folder)
    code, said = main(["pack", "--out", out]), capsys.readouterr().err
    assert code == 2, f"it is no fault of ours: {code} {said}"
    assert f"{out}: it is a folder" in said and "--out ZIP" in said, f"what to do is said: {said}"


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = small(tmp_path / "b1_small", small_py=RIGHT, answers_md=WRITTEN)
    assert main(["pack", str(folder)]) == 0, "nothing is missing"
    assert "Nothing is missing" in capsys.readouterr().out, "and that is said"
    first = (folder / "b1_small.zip").read_bytes()
    monkeypatch.chdir(folder)
    assert main(["pack"]) == 0 and (folder / "b1_small.zip").read_bytes() == first, "a second run packs no zip"
    (folder / "small.py").write_text(STUB)
    assert main(["pack", "--out", str(tmp_path / "z.zip")]) == 1, "something is missing, and the zip is made"
    assert "! Not started: f, g, h." in capsys.readouterr().out and (tmp_path / "z.zip").exists(), "both"
    for path in (tmp_path / "gone", folder / "small.py", tmp_path / "empty"):
        (tmp_path / "empty").mkdir(exist_ok=True)
        assert main(["pack", str(path)]) == 2, f"{path} cannot be packed"
    (folder / "small.py").unlink()
    (folder / "answers.md").unlink()
    (folder / "b1_small.zip").unlink()
    assert main(["pack"]) == 2 and not (folder / "b1_small.zip").exists(), "an empty zip is not made"


def test_several_assignments_go_into_one_zip(tmp_path: Path) -> None:
    for name in ("a2_kl_factorized", "a4_smooth_ap"):
        handout(tmp_path / "course", name)
    assert main(["pack", str(tmp_path / "course")]) == 1, "nothing is started"
    with zipfile.ZipFile(io.BytesIO((tmp_path / "course" / "course.zip").read_bytes())) as archive:
        names = set(archive.namelist())
    expected = {
        f"{name}/{file}" for name, file in (("a2_kl_factorized", "kl_factorized.py"), ("a4_smooth_ap", "smooth_ap.py"))
    }
    assert expected < names, f"a folder for each: {names}"
