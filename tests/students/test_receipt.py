"""`check` and `pack` say what is graded, and agree with grading, since the same code decides."""

import io
import json
import random
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.students.own_folder import find_work
from autograder.students.packing import as_graded, members, pack, problems
from autograder.submissions import Entry, Submission, read_submission
from autograder.submissions.asked import AskedWork
from tests.students.folders import ANSWERS, RIGHT, STUB, handout, small
from tests.submissions.notebooks.making import from_module, notebook, text

WRITTEN = ANSWERS.replace("*Your answer:*\n", "*Your answer:*\n\nBecause.\n")
PICTURE = {**text("*Your answer:*\n\n![p](attachment:p.png)"), "attachments": {"p.png": {"image/png": "AAAA"}}}


def add(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def packed(folder: Path) -> set[str]:
    (work,) = find_work(folder)
    return {path.relative_to(folder).as_posix() for path in members(work)}


def graded(folder: Path, name: str = "b1") -> Submission:
    """What grading takes out of the zip that `pack` makes."""
    path = folder.parent / "anna.zip"
    path.write_bytes(pack(find_work(folder)))
    return read_submission(Entry("anna", path), {name: AskedWork("small", ("f", "g", "h"))})


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out + captured.err


# --- what is packed ----------

PACKED: dict[str, bytes] = {
    "proof.jpg": b"1",
    "answers.pdf": b"%PDF-",
    "answers 2.png": b"1",
    "scans/page 1.jpg": b"1",
    "theory.md": b"So.",
}


def test_written_work_that_is_no_text_is_packed_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = add(small(tmp_path / "b1", small_py=RIGHT, answers_md=ANSWERS), PACKED)
    code, told = run(capsys, "pack", folder)
    assert code == 0, f"a proof may be a picture, so nothing is missing: {told}"
    with zipfile.ZipFile(folder / "b1.zip") as archive:
        names = {name.removeprefix("b1/") for name in archive.namelist()}
    assert names == {"small.py", "answers.md", *PACKED}, f"all of it: {names}"
    (line,) = [line for line in told.splitlines() if "A person reads:" in line]
    assert all(name in line for name in PACKED), f"and each is said: {line}"


@pytest.mark.parametrize("name", ["answers.docx", "proof.heic", "notes.pages", "scan.tiff"])
def test_what_not_every_program_shows_is_packed_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    folder = add(small(tmp_path / "b1", small_py=RIGHT, answers_md=WRITTEN), {name: b"1"})
    code, told = run(capsys, "pack", folder)
    assert code == 1 and f"! {name} is packed, but not every program shows it" in told, f"{told}"
    assert name in packed(folder), "it is not lost"


@pytest.mark.parametrize(
    ("shows", "why"),
    [
        ("![p](gone.jpg)", "shows gone.jpg, which was not handed in"),
        ("<img src='gone.png'>", "shows gone.png, which was not handed in"),
        ("![p](https://example.org/p.png)", "lies outside this folder"),
        ("![p](../p.png)", "lies outside this folder"),
        ("![p](C:\\pictures\\p.png)", "lies outside this folder"),
    ],
)
def test_a_picture_that_would_not_be_seen_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], shows: str, why: str
) -> None:
    folder = small(tmp_path / "b1", small_py=RIGHT, answers_md=WRITTEN + shows)
    code, told = run(capsys, "pack", folder)
    assert code == 1 and why in told and "Nothing is missing" not in told, f"{why!r} must be told: {told}"


def test_blank_answers_beside_a_picture_are_no_problem_and_alone_they_are(tmp_path: Path) -> None:
    folder = small(tmp_path / "b1", small_py=RIGHT, answers_md=ANSWERS)
    assert "Nothing is written below" in " ".join(problems(find_work(folder)[0])), "nothing is written at all"
    add(folder, {"proof.jpg": b"1"})
    assert problems(find_work(folder)[0]) == [], "the picture may be the proof"


def test_what_stays_out_is_said_with_the_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = add(small(tmp_path / "b1", small_py=RIGHT, answers_md=WRITTEN), {"data.csv": b"1", "old.zip": b"PK"})
    code, told = run(capsys, "pack", folder)
    assert code == 0, f"data is no problem: {told}"
    for name in ("data.csv", "old.zip"):
        assert f"Left out: {name} is neither code nor an answer" in told, f"{name}: {told}"
    assert "Left out: test_small.py" not in told, f"our own checks are not theirs to hand in: {told}"


@pytest.mark.parametrize(
    "files", [{}, {"smal.py": RIGHT.encode()}, {"answers.md": WRITTEN.encode()}, {"proof.pdf": b"1"}]
)
def test_without_a_module_nothing_is_packed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], files: Mapping[str, bytes]
) -> None:
    folder = add(small(tmp_path / "b1"), files)
    code, told = run(capsys, "pack", folder)
    assert code == 2 and not (folder / "b1.zip").exists(), f"{set(files)}: {code} {told}"
    assert "small.py" in told and "no zip was made" in told, f"what is missing: {told}"
    if "smal.py" in files:
        assert "smal.py defines 3 of the 3 functions: was it meant?" in told, f"and what is there: {told}"


def test_of_several_assignments_one_without_a_module_is_told_and_the_others_packed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small(tmp_path / "course" / "b1", small_py=RIGHT)
    small(tmp_path / "course" / "b2")
    code, told = run(capsys, "pack", tmp_path / "course")
    assert code == 1 and "! There is neither small.py nor small.ipynb." in told, f"{code} {told}"
    with zipfile.ZipFile(tmp_path / "course" / "course.zip") as archive:
        assert archive.namelist() == ["b1/small.py"], f"{archive.namelist()}"


# --- what is said ----------


def test_the_place_of_each_function_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = "from mine import g\n\n\ndef f(x):\n    return 2 * x\n\n\ndef h():\n    raise NotImplementedError\n"
    folder = small(tmp_path / "b1", small_py=source, mine_py="\ndef g():\n    return 1\n", answers_md=ANSWERS)
    _, told = run(capsys, "pack", folder)
    for line in (
        "This is what is graded: b1/small.py",
        "f  line 4 of small.py",
        "g  line 2 of mine.py",
        "h  line 8 of small.py: not written yet",
        "Written answers in b1/answers.md: nothing is written below: 1a, 1b",
    ):
        assert line in told, f"{line!r} must be said: {told}"
    _, checked = run(capsys, "check", folder)
    for line in ("passes its 2 public checks (line 4 of small.py)", "(line 2 of mine.py)", "h  not started\n"):
        assert line in checked, f"check says the same: {line!r} in {checked}"


def test_cells_are_said_and_a_picture_in_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cells = notebook([RIGHT, text("## 1a. Why\n\nWhy?"), PICTURE])
    folder = small(tmp_path / "b1", small_ipynb=cells)
    code, told = run(capsys, "pack", folder)
    assert code == 0 and "g  cell 1, line 4" in told, f"{code} {told}"
    assert "A person reads: b1/small.ipynb, cell 3, p.png (picture, 3 bytes)" in told, f"{told}"


def test_a_function_in_a_text_cell_is_said_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cells = notebook([RIGHT.replace("def g():\n    return 1\n", ""), text("def g():\n    return 1")])
    code, told = run(capsys, "pack", small(tmp_path / "b1", small_ipynb=cells))
    assert code == 1 and "! g stands in cell 2, which is a text cell and is not run" in told, f"{told}"
    assert "There is no function g" not in told, f"it is there, and that is the mistake: {told}"


def test_json_has_the_receipt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = add(small(tmp_path / "b1", small_py=RIGHT, answers_md=WRITTEN), {"proof.jpg": b"1", "data.csv": b"1"})
    _, told = run(capsys, "check", "--json", folder)
    (found,) = json.loads(told)
    receipt = found["graded"]
    assert [(one["function"], one["line"]) for one in receipt["functions"]] == [("f", 1), ("g", 4), ("h", 7)], (
        f"{receipt}"
    )
    assert [one["written"] for one in receipt["answers"]] == [True, True], f"{receipt}"
    assert [one["path"] for one in receipt["attachments"]] == ["proof.jpg"], f"{receipt}"
    assert [one["path"] for one in receipt["left_out"]] == ["data.csv"], f"{receipt}"


def test_the_handout_as_received_has_nothing_that_is_odd(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = handout(tmp_path)
    _, told = run(capsys, "pack", folder)
    marked = [line for line in told.splitlines() if "!" in line[:4]]
    assert len(marked) == 2 and "Not started" in marked[0] and "Nothing is written" in marked[1], f"{marked}"
    assert "Left out" not in told, f"none of our files is theirs: {told}"


# --- one rule ----------

ONE, OTHER = (
    STUB.replace('raise NotImplementedError("write f here")', "return 2"),
    RIGHT.replace("return 1", "return 3"),
)
WORKS: dict[str, Mapping[str, bytes]] = {
    "a module": {"small.py": RIGHT.encode()},
    "a notebook": {"small.ipynb": from_module(RIGHT.encode())},
    "a stub beside a notebook": {"small.py": STUB.encode(), "small.ipynb": from_module(RIGHT.encode())},
    "one tried in the module": {"small.py": ONE.encode(), "small.ipynb": from_module(RIGHT.encode())},
    "one tried in the notebook": {"small.py": RIGHT.encode(), "small.ipynb": from_module(ONE.encode())},
    "as many in each": {"small.py": RIGHT.encode(), "small.ipynb": from_module(OTHER.encode())},
    "answers in the notebook": {"small.py": RIGHT.encode(), "small.ipynb": notebook([text("## 1a. Why"), PICTURE])},
    "a helper": {"small.py": b"from mine import *\n", "mine.py": RIGHT.encode()},
    "UTF-16": {"small.py": RIGHT.encode("utf-16")},
    "a web page beside a notebook": {"small.py": b"<!DOCTYPE html>", "small.ipynb": from_module(RIGHT.encode())},
    "a stub beside another name": {"small.py": STUB.encode(), "small_final.py": RIGHT.encode()},
    "two modules": {"small.py": ONE.encode(), "final/small.py": RIGHT.encode()},
}


@pytest.mark.parametrize("what", WORKS)
def test_check_pack_and_grading_take_the_same(tmp_path: Path, what: str) -> None:
    folder = add(small(tmp_path / "b1", answers_md=WRITTEN), {**WORKS[what], "scans/proof.jpg": b"1"})
    (work,) = find_work(folder)
    submission = graded(folder)
    ours, theirs = work.work, submission.works["b1"]
    assert ours is not None and f"b1/{ours.path}" == theirs.path, f"{what}: {ours} and {theirs.path}"
    assert dict(ours.files) == dict(theirs.files), f"{what}: {set(ours.files)} and {set(theirs.files)}"
    assert (ours.answers, ours.cells) == (theirs.answers, theirs.cells), f"{what}: {ours} and {theirs}"
    assert bool(work.receipt.question) == bool(submission.receipts["b1"].question), f"{what}: both ask, or none"
    assert work.receipt.functions == submission.receipts["b1"].functions, f"{what}: the same places"
    assert len(work.attachments) == len(submission.attachments["b1"]), f"{what}: the same pictures"
    shown = as_graded(pack([work]), [work])
    assert shown.works["b1"] == theirs, f"{what}: pack shows what grading takes"


def test_any_folder_is_taken_alike(tmp_path: Path) -> None:
    rng = random.Random(20261203)
    codes = [b"", STUB.encode(), ONE.encode(), RIGHT.encode(), OTHER.encode(), b"from mine import *\n"]
    for number in range(60):
        files: dict[str, bytes] = {}
        for name in ("small.py", "small.ipynb", "mine.py", "old/small.py", "tests/small.py", "small_v2.py"):
            if rng.random() < 0.45:
                code = rng.choice(codes)
                files[name] = notebook([code.decode()]) if name.endswith(".ipynb") else code
        for name in ("answers.md", "proof.pdf", "img/a.png", "data.csv"):
            if rng.random() < 0.4:
                files[name] = rng.choice([WRITTEN.encode(), ANSWERS.encode(), b"x"])
        folder = add(small(tmp_path / str(number) / "b1"), files)
        (work,) = find_work(folder)
        if work.taken is None:
            continue
        theirs = graded(folder).works["b1"]
        told = {name: data[:30] for name, data in files.items()}
        assert work.work is not None and f"b1/{work.work.path}" == theirs.path, f"{told}: {theirs.path}"
        assert dict(work.work.files) == dict(theirs.files), f"{told}: {set(work.work.files)} and {set(theirs.files)}"
        assert work.work.answers == theirs.answers, f"{told}: {work.work.answers!r} and {theirs.answers!r}"


def test_a_packed_zip_names_every_member_once(tmp_path: Path) -> None:
    folder = add(small(tmp_path / "b1", small_py=RIGHT, answers_md=WRITTEN), {"a.md": b"1", "mine.py": b""})
    with zipfile.ZipFile(io.BytesIO(pack(find_work(folder)))) as archive:
        names = archive.namelist()
    assert len(names) == len(set(names)) == 4, f"{names}"
