"""nbgrader's submitted folder and its exchange: times, assignments, attempts."""

from pathlib import Path

import pytest

from autograder.submissions import Entry, HandedIn
from tests.submissions.layouts.building import Container, as_folder, as_zip
from tests.submissions.layouts.reading import read_all, source, told

both = pytest.mark.parametrize("contain", [as_folder, as_zip])


@both
@pytest.mark.parametrize(
    ("text", "at", "noted"),
    [
        ("2015-02-02 15:58:23.948203 America/Los_Angeles", "2015-02-02T15:58:23-08:00", False),
        ("2026-05-01 15:58:23.948203 UTC\n", "2026-05-01T15:58:23+00:00", False),
        ("2026-05-01 15:58:23 +0200", "2026-05-01T15:58:23+02:00", False),
        ("2026-05-01 15:58:23", "2026-05-01T15:58:23+00:00", False),
        ("2026-05-01 15:58:23 Nowhere/Land", "2026-05-01T15:58:23+00:00", True),
        ("2026-05-01 15:58:23 ../../../etc/passwd", "2026-05-01T15:58:23+00:00", True),
        ("2026-13-01 15:58:23 UTC", "", True),
        ("soon", "", True),
        ("x" * 10_000, "", True),
    ],
)
def test_the_time_is_read(text: str, at: str, noted: bool, contain: Container, tmp_path: Path) -> None:
    files = {"anna/ps4/timestamp.txt": text.encode(), "anna/ps4/smooth_ap.py": b"1"}
    listing, read = read_all(contain(files, tmp_path / "submitted"))
    assert listing.layout == "nbgrader", f"recognised: {listing.why}"
    assert read["anna"].handed_in == HandedIn(at=at, id="anna", name="anna", platform="nbgrader"), (
        f"{read['anna'].handed_in}"
    )
    assert ("timestamp.txt" in told(read["anna"])) == noted, f"noted: {noted}, but {told(read['anna'])}"
    assert source(read["anna"]) == b"1", "and the work is graded in any case"


@both
def test_several_assignments_are_one_student(contain: Container, tmp_path: Path) -> None:
    files = {
        "anna/a3_kl_normal/kl_normal.py": b"3",
        "anna/a3_kl_normal/timestamp.txt": b"2026-05-01 10:00:00 UTC",
        "anna/a4_smooth_ap/smooth_ap.py": b"4",
        "anna/a4_smooth_ap/timestamp.txt": b"2026-05-02 10:00:00 UTC",
        "anna/essay/timestamp.txt": b"2026-06-09 10:00:00 UTC",
    }
    listing, read = read_all(contain(files, tmp_path / "submitted"))
    assert listing.students == ("anna",), f"one record: {listing.students}"
    assert source(read["anna"]) == b"4" and source(read["anna"], "a3_kl_normal") == b"3", "each from its folder"
    assert read["anna"].handed_in is not None and read["anna"].handed_in.at == "2026-05-02T10:00:00+00:00", (
        f"the latest of what is graded: {read['anna'].handed_in}"
    )


@both
def test_the_course_folder_may_be_given(contain: Container, tmp_path: Path) -> None:
    files = {
        "nbgrader_config.py": b"",
        "source/a4/smooth_ap.py": b"the solution",
        "release/a4/smooth_ap.py": b"the stub",
        "submitted/anna/a4/smooth_ap.py": b"1",
        "submitted/anna/a4/timestamp.txt": b"2026-05-01 10:00:00 UTC",
    }
    listing, read = read_all(contain(files, tmp_path / "course"))
    assert listing.students == ("anna",) and source(read["anna"]) == b"1", f"only what was handed in: {listing}"
    assert "submitted" in listing.why, f"where is said: {listing.why}"


@both
def test_of_the_exchanges_attempts_the_latest_is_taken(contain: Container, tmp_path: Path) -> None:
    files = {
        "anna+a4+2026-05-09 10:00:00.000000 UTC/smooth_ap.py": b"old",
        "anna+a4+2026-05-10 09:00:00.000000 UTC+Zm9v/smooth_ap.py": b"new",
        "anna+a3+2026-05-01 09:00:00.000000 UTC/kl_normal.py": b"3",
        "bert+a4+2026-05-01 09:00:00.000000 UTC/smooth_ap.py": b"b",
    }
    files |= {f"{path.partition('/')[0]}/timestamp.txt": path.split("+")[2].encode() for path in list(files)}
    listing, read = read_all(contain(files, tmp_path / "inbound"))
    assert listing.students == ("anna", "bert"), f"one record each: {listing.students}"
    assert source(read["anna"]) == b"new" and source(read["anna"], "a3_kl_normal") == b"3", "for each assignment"
    assert "anna+a4+2026-05-09" in told(read["anna"]), f"the other is named: {told(read['anna'])}"
    assert read["anna"].works["a4_smooth_ap"].path == "a4/smooth_ap.py", "under the assignment"


def test_a_clock_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    path = as_folder(
        {"anna/a4/smooth_ap.py": b"1", "bert/a4/timestamp.txt": b"2026-05-01 10:00:00 UTC"}, tmp_path / "x"
    )
    (tmp_path / "secret").write_text("2026-05-01 10:00:00 UTC")
    (path / "anna/a4/timestamp.txt").symlink_to(tmp_path / "secret")
    listing, read = read_all(path)
    entry: Entry = listing.entries[0]
    assert read["anna"].handed_in == entry.handed_in, f"nothing is known of the time: {read['anna'].handed_in}"
    assert "symbolic link" in told(read["anna"]), f"and it is said: {told(read['anna'])}"
