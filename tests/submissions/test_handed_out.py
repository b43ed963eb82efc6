"""What a course handed out is nobody's work, whatever it is called, wherever it lies, and whoever saved it again."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import SettingsError
from autograder.submissions import Entry
from autograder.submissions.handed_out import FILE, content_hash, encoded, read_handed_out, with_files
from tests.submissions.making import FUNCTIONS, OURS, asked, bulk, folder, pieced, read, told, written, zipped
from tests.submissions.notebooks.making import notebook, text

Make = Callable[[Path, Mapping[str, bytes]], Path | Entry]
both = pytest.mark.parametrize("make", [folder, zipped, pieced, bulk])
listed = pytest.mark.parametrize("known", [True, False], ids=["listed", "not listed"])
NAME = "a4_smooth_ap"
WORK = written(*FUNCTIONS)
CELLS = notebook([WORK.decode()])


def below(place: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{place}{path}": data for path, data in files.items()}


@both
@listed
@pytest.mark.parametrize("place", ["a4_smooth_ap/", "", "week 6/a4_smooth_ap (1)/"])
def test_whoever_returns_the_whole_folder_is_in_order(tmp_path: Path, make: Make, place: str, known: bool) -> None:
    submission = read(make(tmp_path / "anna", below(place, {**OURS, "smooth_ap.py": WORK})), asked(listed=known))
    work = submission.works[NAME]
    assert work.path == f"{place}smooth_ap.py", f"their own file is graded: {work.path}"
    assert set(work.files) == {"smooth_ap.py"}, f"our tests are no helpers of theirs: {set(work.files)}"
    assert not submission.notes, f"and there is nothing to say: {submission.notes}"
    if known:
        assert not submission.attachments[NAME], f"our picture is no answer: {submission.attachments}"
        assert not submission.receipts[NAME].left_out, f"nothing of theirs is left out: {submission.receipts}"


@both
@listed
def test_a_notebook_beside_our_tests_is_graded(tmp_path: Path, make: Make, known: bool) -> None:
    files = {path: data for path, data in OURS.items() if path != "smooth_ap.py"}
    submission = read(
        make(tmp_path / "anna", below("a4_smooth_ap/", {**files, "smooth_ap.ipynb": CELLS})), asked(listed=known)
    )
    assert submission.works[NAME].path == "a4_smooth_ap/smooth_ap.ipynb", f"{submission.works}"
    assert not submission.notes, f"and there is nothing to say: {submission.notes}"


# Where our check of smooth_ap may lie.
PLACES = [
    "tests/smooth_ap.py",
    "a4_smooth_ap/tests/smooth_ap.py",
    "Tests/smooth_ap.py",
    "tests copy/smooth_ap.py",
    "a4_smooth_ap/smooth_ap.py",
    "checks/deep/smooth_ap.py",
]


@pytest.mark.parametrize("place", PLACES)
def test_our_own_file_is_never_graded_though_nothing_else_is_there(tmp_path: Path, place: str) -> None:
    submission = read(folder(tmp_path / "anna", {place: OURS["tests/smooth_ap.py"]}), asked())
    assert NAME not in submission.works, f"{place} is ours: {submission.works}"
    assert "was meant" not in told(submission) and "was it meant" not in told(submission), (
        f"nor offered: {told(submission)}"
    )


def test_a_check_that_a_student_changed_is_not_graded_either(tmp_path: Path) -> None:
    files = {"a4/tests/smooth_ap.py": OURS["tests/smooth_ap.py"] + b"print(1)\n", "a4/smooth_ap.ipynb": CELLS}
    submission = read(folder(tmp_path / "anna", files), asked())
    assert submission.works[NAME].path == "a4/smooth_ap.ipynb" and not submission.notes, f"{submission}"


def test_any_folder_of_the_handout_is_no_place_for_work(tmp_path: Path) -> None:
    files = {"figures/smooth_ap.py": b"import matplotlib\n", "smooth_ap.ipynb": CELLS}
    submission = read(folder(tmp_path / "anna", files), asked())
    assert submission.works[NAME].path == "smooth_ap.ipynb", f"figures/ is the handout's: {submission.works}"


def test_work_in_a_folder_of_ours_is_offered_to_a_person(tmp_path: Path) -> None:
    submission = read(folder(tmp_path / "anna", {"tests/smooth_ap.py": WORK}), asked())
    assert NAME not in submission.works, "no work is looked for in tests/"
    problem = submission.problems[NAME]
    assert "tests/smooth_ap.py defines 3 of the 3 functions: was it meant?" in problem, f"but it is not lost: {problem}"


def test_a_course_folder_within_a_folder_called_tests_is_graded(tmp_path: Path) -> None:
    files = below("tests/a4_smooth_ap/", {**OURS, "smooth_ap.py": WORK})
    submission = read(folder(tmp_path / "anna", files), asked())
    assert submission.works[NAME].path == "tests/a4_smooth_ap/smooth_ap.py", f"below it is a work's place: {submission}"


def test_the_stub_in_its_folder_gives_way_to_work_elsewhere(tmp_path: Path) -> None:
    files = {**below("a4_smooth_ap/", OURS), "my work/smooth_ap.py": WORK}
    submission = read(folder(tmp_path / "anna", files), asked())
    assert submission.works[NAME].path == "my work/smooth_ap.py", f"the stub is no work: {submission.works}"
    assert not submission.notes, f"and nothing need be said of it: {submission.notes}"


def test_the_handout_as_it_was_is_graded_as_the_stub(tmp_path: Path) -> None:
    submission = read(folder(tmp_path / "anna", below("a4_smooth_ap/", OURS)), asked())
    assert submission.works[NAME].path == "a4_smooth_ap/smooth_ap.py", f"each function is not written: {submission}"
    assert [one.written for one in submission.receipts[NAME].functions] == [False] * 3, f"{submission.receipts}"


def test_the_zip_of_the_handout_beside_the_work_says_nothing(tmp_path: Path) -> None:
    given = zipped(tmp_path / "given", below("a4_smooth_ap/", OURS)).read_bytes()
    files = {"a4_smooth_ap.zip": given, "a4_smooth_ap/smooth_ap.py": WORK}
    submission = read(folder(tmp_path / "anna", files), asked())
    assert submission.works[NAME].path == "a4_smooth_ap/smooth_ap.py" and not submission.notes, f"{submission.notes}"


# --- content ----------

TEXT = b"def f(x):\n    return 1\n\nx = 2\n"
SAVED_AGAIN = {
    "line ends of Windows": TEXT.replace(b"\n", b"\r\n"),
    "a byte order mark": b"\xef\xbb\xbf" + TEXT,
    "spaces at the ends of lines": TEXT.replace(b"\n", b"  \n"),
    "no line end at the end": TEXT.rstrip(),
}


@pytest.mark.parametrize("what", SAVED_AGAIN)
def test_what_an_editor_changes_by_saving_changes_no_hash(what: str) -> None:
    assert content_hash("m.py", SAVED_AGAIN[what]) == content_hash("m.py", TEXT), f"{what} is no work"


@pytest.mark.parametrize(
    "other", [TEXT + b"y", TEXT.replace(b"1", b"3"), TEXT.replace(b"    ", b"  "), b"", b"\xff\x00"]
)
def test_another_content_has_another_hash(other: bytes) -> None:
    assert content_hash("m.py", other) != content_hash("m.py", TEXT), f"{other!r} is not {TEXT!r}"


def test_a_notebook_that_was_only_run_is_the_same() -> None:
    plain = notebook([text("# Task"), "a = 1"])
    data = json.loads(plain)
    data["cells"][1] |= {"outputs": [{"output_type": "stream", "text": "1"}], "execution_count": 7, "id": "x"}
    data["metadata"] = {"kernelspec": {"name": "other"}}
    run = json.dumps(data, indent=2).encode()
    assert content_hash("n.ipynb", run) == content_hash("n.ipynb", plain), "outputs, ids and kernels are no work"
    pasted = {**text("# Task"), "attachments": {"proof.png": {"image/png": "AAAA"}}}
    others: list[list[dict[str, Any] | str]] = [
        [text("# Task"), "a = 2"],
        [text("# Task, done"), "a = 1"],
        ["# Task", "a = 1"],
        [pasted, "a = 1"],
    ]
    for changed in others:
        assert content_hash("n.ipynb", notebook(changed)) != content_hash("n.ipynb", plain), f"{changed} is work"
    assert content_hash("n.ipynb", b"{") != content_hash("n.ipynb", plain), "a damaged one is itself"


# --- the list ----------


def test_the_list_keeps_every_version_and_each_once(tmp_path: Path) -> None:
    first = with_files({}, {"a1": {"m.py": b"1\n"}})
    second = with_files(first, {"a1": {"m.py": b"2\n", "tests/f.py": b"3\n"}, "a2": {"n.py": b"4\n"}})
    (tmp_path / FILE).write_bytes(encoded(second))
    found = read_handed_out(tmp_path)
    assert found["a1"]["m.py"] == [content_hash("m.py", b"1\n"), content_hash("m.py", b"2\n")], f"in order: {found}"
    assert with_files(found, {"a1": {"m.py": b"1\r\n"}}) == found, "what is known is not listed again"
    assert first == {"a1": {"m.py": [content_hash("m.py", b"1\n")]}}, f"a list that was read stays as it is: {first}"
    assert encoded(found) == encoded(second), "the same list gives the same bytes"


def test_without_a_list_nothing_is_ours_and_a_damaged_one_is_told(tmp_path: Path) -> None:
    assert read_handed_out(tmp_path) == {}, "a course that never handed out"
    for data, why in (
        (b"{", FILE),
        (b"[]", FILE),
        (b'{"version": 1}', FILE),
        (b'{"version": 9, "about": "", "assignments": {}}', "9"),
    ):
        (tmp_path / FILE).write_bytes(data)
        with pytest.raises(SettingsError, match=why) as caught:
            read_handed_out(tmp_path)
        assert str(tmp_path / FILE) in str(caught.value), f"the file is named: {caught.value}"
