"""Which file is graded, what comes with it, and what is said where there is none; alike for folders and zips, alone and
among others."""

import pickle
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from autograder.submissions import Entry, tree
from autograder.submissions import intake_limits as limits
from tests.submissions.making import SOURCE, bulk, folder, pieced, read, told, zipped

Make = Callable[[Path, Mapping[str, bytes]], Path | Entry]
both = pytest.mark.parametrize("make", [folder, zipped, pieced, bulk])
OTHERS = [pytest.param(make, marks=pytest.mark.slow) for make in (zipped, pieced, bulk)]
folder_is_quick = pytest.mark.parametrize("make", [folder, *OTHERS])


@both
@pytest.mark.parametrize("above", ["", "a4_smooth_ap/", "submission/a4/", "Übung 4/", ".hidden/"])
def test_the_module_is_found_anywhere(tmp_path: Path, make: Make, above: str) -> None:
    submission = read(make(tmp_path / "anna", {f"{above}smooth_ap.py": SOURCE}))
    work = submission.works["a4_smooth_ap"]
    assert work.path == f"{above}smooth_ap.py", f"the path as it was named: {work.path}"
    assert work.module == "smooth_ap" and work.answers is None, f"no answers were handed in: {work}"
    assert dict(work.files) == {"smooth_ap.py": SOURCE}, f"its own bytes: {work.files}"
    assert not submission.notes, f"nothing is odd: {submission.notes}"
    assert pickle.loads(pickle.dumps(submission)) == submission, "it travels between processes"


@both
def test_helpers_and_answers_beside_it_come_along(tmp_path: Path, make: Make) -> None:
    files = {
        "a4/smooth_ap.py": SOURCE,
        "a4/helpers/ranks.py": b"x = 1",
        "a4/helpers/data.csv": b"1",
        "a4/__pycache__/smooth_ap.cpython-311.pyc": b"",
        "a4/__MACOSX/._smooth_ap.py": b"",
        "a4/answers.md": "4a: ž".encode(),
        "other/far.py": b"",
    }
    submission = read(make(tmp_path / "anna", files))
    work = submission.works["a4_smooth_ap"]
    assert dict(work.files) == {"smooth_ap.py": SOURCE, "helpers/ranks.py": b"x = 1"}, f"source only: {work.files}"
    assert work.answers == "4a: ž", f"the answers' text: {work.answers!r}"


@both
@pytest.mark.parametrize(
    ("paths", "taken"),
    [
        (["smooth_ap.py", "old/a4_smooth_ap/smooth_ap.py"], "old/a4_smooth_ap/smooth_ap.py"),
        (["x/y/smooth_ap.py", "z/smooth_ap.py"], "z/smooth_ap.py"),
        (["b/smooth_ap.py", "a/smooth_ap.py"], "a/smooth_ap.py"),
        (["a4_smooth_ap/old/smooth_ap.py", "a4_smooth_ap/smooth_ap.py"], "a4_smooth_ap/smooth_ap.py"),
    ],
)
def test_of_several_one_is_taken_by_rule(tmp_path: Path, make: Make, paths: list[str], taken: str) -> None:
    submission = read(make(tmp_path / "anna", {path: path.encode() for path in paths}))
    work = submission.works["a4_smooth_ap"]
    assert work.path == taken and work.files["smooth_ap.py"] == taken.encode(), f"{taken} is taken: {work}"
    (left,) = set(paths) - {taken}
    assert submission.notes == (f"{taken} was graded; {left} was not.",), f"both are named: {submission.notes}"


def test_one_that_cannot_be_read_gives_way_to_the_next(tmp_path: Path) -> None:
    large = b"#" * (limits.MODULE_BYTES + 1)
    submission = read(folder(tmp_path / "anna", {"a4_smooth_ap/smooth_ap.py": large, "old/smooth_ap.py": SOURCE}))
    assert submission.works["a4_smooth_ap"].path == "old/smooth_ap.py", "the other is graded"
    notes = told(submission)
    assert "old/smooth_ap.py was graded; a4_smooth_ap/smooth_ap.py was not." in notes, f"and that is said: {notes}"
    assert "1,000,001 bytes" in notes, f"and why: {notes}"


@both
def test_names_equal_but_for_case_are_noted_only_beside_the_module(tmp_path: Path, make: Make) -> None:
    if make is folder and (folder(tmp_path / "c", {"x": b""}) / "X").exists():
        pytest.skip("this disk ignores case")
    files = {"smooth_ap.py": SOURCE, "Smooth_AP.py": b"", "u.py": b"", "U.py": b""}
    notes = read(make(tmp_path / "anna", files)).notes
    assert notes == ("smooth_ap.py was graded; Smooth_AP.py was not.",), f"only what matters: {notes}"


def test_a_module_name_that_assignments_share_is_taken_from_its_own_folder(tmp_path: Path) -> None:
    path = folder(tmp_path / "anna", {"a1/main.py": b"1"})
    submission = read(path, {"a1": "main", "a2": "main"})
    assert list(submission.works) == ["a1"], f"a1's file is not a2's: {submission.works}"


@both
@pytest.mark.parametrize(
    ("near", "meant"),
    [
        ("smoothap.py", True),
        ("Smooth_AP.py", True),
        ("smooth_ap (1).py", True),
        ("smooth_ap.py.txt", True),
        ("Smooth-AP.ipynb", True),
        ("a4/smoth_ap.py", True),
        ("test_smooth_ap.py", False),
        ("smooth_ap.pdf", False),
        ("kl_normal.py", False),
        ("main.py", False),
    ],
)
def test_a_near_name_is_suggested(tmp_path: Path, make: Make, near: str, meant: bool) -> None:
    problem = read(make(tmp_path / "anna", {near: b"x = 1"})).problems["a4_smooth_ap"]
    assert problem.startswith("No file named smooth_ap.py was found"), f"what is missing: {problem}"
    assert (f"; {near} is there: was it meant?" in problem) == meant, f"{near} is meant: {meant}, but: {problem}"


@both
@pytest.mark.parametrize(
    ("files", "end"),
    [
        ({}, "is empty."),
        ({".DS_Store": b""}, "is empty."),
        ({"report.pdf": b""}, "has no Python file, only report.pdf."),
        ({"work.zip": b""}, "has no Python file, only work.zip."),
        ({f"{n}.txt": b"" for n in range(8)}, "only 0.txt, 1.txt, 2.txt, 3.txt, 4.txt and 3 more."),
        ({"main.py": b""}, "among main.py."),
        ({"kl_normal.py": b""}, "No file named smooth_ap.py was found."),
    ],
)
def test_what_is_there_instead_is_said_in_one_line(
    tmp_path: Path, make: Make, files: Mapping[str, bytes], end: str
) -> None:
    problem = read(make(tmp_path / "anna", files)).problems["a4_smooth_ap"]
    assert problem.endswith(end) and "\n" not in problem, f"should end with {end!r}: {problem}"


@both
@pytest.mark.parametrize("inner", ["work.RAR", "work.7z", "work.tar.xz", "smooth_ap.py.gz"])
def test_archives_that_are_not_opened_are_noted_with_what_to_do(tmp_path: Path, make: Make, inner: str) -> None:
    packed = zipped(tmp_path / "inner", {"smooth_ap.py": SOURCE}).read_bytes()
    submission = read(make(tmp_path / "anna", {inner: packed, "kl_normal.py": SOURCE}))
    assert list(submission.works) == ["a3_kl_normal"], f"what is inside is not read: {submission.works}"
    (note,) = submission.notes
    assert inner in note and "is not opened: unpack it" in note, f"noted, with what to do: {note}"


@both
def test_source_that_is_not_utf8_is_passed_on(tmp_path: Path, make: Make) -> None:
    source = b"# -*- coding: latin-1 -*-\n# \xe9\n\x00"
    work = read(make(tmp_path / "anna", {"smooth_ap.py": source})).works["a4_smooth_ap"]
    assert work.files["smooth_ap.py"] == source, "byte for byte"


@both
@pytest.mark.parametrize(
    ("name", "data", "text", "noted"),
    [
        ("answers.md", b"\xef\xbb\xbfone", "one", False),
        ("answers.md", "ž".encode("utf-16"), "ž", False),
        ("answers.md", b"caf\xe9", "caf�", True),
        ("Answers.MD", b"one", "one", False),
    ],
)
def test_answers_are_decoded_leniently(
    tmp_path: Path, make: Make, name: str, data: bytes, text: str, noted: bool
) -> None:
    submission = read(make(tmp_path / "anna", {"smooth_ap.py": SOURCE, name: data}))
    assert submission.works["a4_smooth_ap"].answers == text, f"{data!r} reads {text!r}: {submission.works}"
    assert ("answers.md is not UTF-8" in told(submission)) == noted, f"noted: {noted}, but {submission.notes}"


def test_answers_without_a_module_are_not_lost(tmp_path: Path) -> None:
    submission = read(folder(tmp_path / "anna", {"a4_smooth_ap/answers.md": b"4a"}))
    assert any("a4_smooth_ap/answers.md" in note for note in submission.notes), f"a person reads it: {submission.notes}"


def test_an_empty_module_is_noted(tmp_path: Path) -> None:
    submission = read(folder(tmp_path / "anna", {"smooth_ap.py": b"\n"}))
    assert "smooth_ap.py is empty" in told(submission), f"an upload may have failed: {submission.notes}"


@both
@pytest.mark.parametrize("above", [0, 1])
def test_a_module_above_the_limit_is_a_problem(tmp_path: Path, make: Make, above: int) -> None:
    size = limits.MODULE_BYTES + above
    submission = read(make(tmp_path / "anna", {"a4/smooth_ap.py": b"#" * size, "kl_normal.py": SOURCE}))
    assert ("a4_smooth_ap" in submission.works) == (above == 0), f"at most {limits.MODULE_BYTES:,}: {told(submission)}"
    assert "a3_kl_normal" in submission.works, "the rest is graded"
    if above:
        for word in ("a4/smooth_ap.py", "1,000,001", "1,000,000"):
            assert word in submission.problems["a4_smooth_ap"], f"{word} must be named: {submission.problems}"


@both
def test_answers_above_the_limit_cost_only_the_answers(tmp_path: Path, make: Make) -> None:
    large = b"a" * (limits.ANSWERS_BYTES + 1)
    submission = read(make(tmp_path / "anna", {"smooth_ap.py": SOURCE, "answers.md": large}))
    assert submission.works["a4_smooth_ap"].answers is None, "too large to read"
    assert "answers.md has 1,000,001 bytes" in told(submission), f"and named: {submission.notes}"


@both
def test_python_files_above_the_limit_of_a_work_are_left_out(tmp_path: Path, make: Make) -> None:
    part = b"#" * (limits.WORK_BYTES // 2)
    submission = read(make(tmp_path / "anna", {"smooth_ap.py": SOURCE, "a.py": part, "b.py": part, "c.py": b""}))
    assert set(submission.works["a4_smooth_ap"].files) == {"smooth_ap.py", "a.py", "c.py"}, "what fits is taken"
    for word in ("b.py", "2,000,000", "4,000,000"):
        assert word in told(submission), f"{word} must be named: {submission.notes}"


@both
def test_more_python_files_than_the_limit_are_left_out(tmp_path: Path, make: Make) -> None:
    files = {f"deep/{n:03}.py": b"" for n in range(limits.WORK_FILES)}
    submission = read(make(tmp_path / "anna", {"smooth_ap.py": SOURCE, **files}))
    work = submission.works["a4_smooth_ap"]
    assert len(work.files) == limits.WORK_FILES and "smooth_ap.py" in work.files, f"{len(work.files)} files"
    assert "deep/199.py" in told(submission), f"the first left out is named: {submission.notes}"


@both
def test_only_so_much_of_a_submission_is_read(tmp_path: Path, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "SUBMISSION_BYTES", 10)
    submission = read(make(tmp_path / "anna", {"kl_normal.py": SOURCE, "smooth_ap.py": SOURCE}))
    assert list(submission.works) == ["a3_kl_normal"], f"the limit holds: {submission.works}"
    assert "10 bytes of this submission" in submission.problems["a4_smooth_ap"], f"why: {submission.problems}"


@pytest.mark.parametrize(
    "make", [folder, *(pytest.param(make, marks=pytest.mark.slow) for make in (zipped, pieced, bulk))]
)
def test_too_many_files_leave_out_the_deepest(tmp_path: Path, make: Make) -> None:
    files = {f"data/{n}.csv": b"" for n in range(limits.FILES)}
    submission = read(make(tmp_path / "anna", {"smooth_ap.py": SOURCE, **files}))
    assert "a4_smooth_ap" in submission.works, "what lies on top is graded"
    assert "More than 10,000 files" in told(submission), f"and the limit is named: {submission.notes}"


@both
def test_folders_that_are_too_deep_are_named(tmp_path: Path, make: Make) -> None:
    fits, deep = "d/" * limits.DEPTH, "e/" * (limits.DEPTH + 1)
    submission = read(make(tmp_path / "anna", {f"{fits}smooth_ap.py": SOURCE, f"{deep}kl_normal.py": SOURCE}))
    assert list(submission.works) == ["a4_smooth_ap"], f"{limits.DEPTH} folders are allowed: {submission.works}"
    assert f"more than {limits.DEPTH} folders deep" in told(submission), f"the limit: {told(submission)}"
