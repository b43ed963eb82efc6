"""Blackboard, Brightspace, Sakai and Teams: whose a hand-in is, which attempt counts, when it came."""

from pathlib import Path

import pytest

from autograder.submissions import Listing
from tests.submissions.layouts.building import Container, as_folder, as_zip, packed
from tests.submissions.layouts.reading import read_all, source, told

both = pytest.mark.parametrize("contain", [as_folder, as_zip])
RECEIPT = (
    b"Name: Ann Example (aexample1)\nAssignment: Homework 2\nSubmission Field:\n%s\n\n"
    b"Comments:\nNone\n\nFiles:\n\tx.py\n"
)
EMPTY = b"There is no student submission text data for this assignment."


def handed_in(listing: Listing) -> dict[str, tuple[str, str, str]]:
    """Of each student the id, the name, and when."""
    return {e.student: (e.handed_in.id, e.handed_in.name, e.handed_in.at) for e in listing.entries if e.handed_in}


BLACKBOARD = {
    "Home_work 2_aexample1_attempt_2026-05-11-20-10-00_smooth_ap.py": b"old",
    "Home_work 2_aexample1_attempt_2026-05-11-20-10-00.txt": RECEIPT % b"an older text",
    "Home_work 2_aexample1_attempt_2026-05-12-23-41-07_smooth_ap.py": b"new",
    "Home_work 2_aexample1_attempt_2026-05-12-23-41-07_kl_normal.py": b"3",
    "Home_work 2_aexample1_attempt_2026-05-12-23-41-07.txt": RECEIPT % EMPTY,
    "Home_work 2_bsample2_attempt_2026-05-12-09-00-00_a.zip": packed({"smooth_ap.py": b"zipped"}),
}


@both
def test_blackboards_latest_attempt_counts(contain: Container, tmp_path: Path) -> None:
    listing, read = read_all(contain(BLACKBOARD, tmp_path / "x"))
    assert listing.layout == "blackboard" and listing.students == ("aexample1", "bsample2"), f"{listing.why}"
    assert handed_in(listing) == {
        "aexample1": ("aexample1", "Ann Example", "2026-05-12T23:41:07"),
        "bsample2": ("bsample2", "", "2026-05-12T09:00:00"),
    }, f"{handed_in(listing)}"
    assert source(read["aexample1"]) == b"new" and source(read["aexample1"], "a3_kl_normal") == b"3", (
        "all of the latest"
    )
    assert "2026-05-11-20-10-00_smooth_ap.py" in told(read["aexample1"]), (
        f"the other is named: {told(read['aexample1'])}"
    )
    assert source(read["bsample2"]) == b"zipped", "a zip is opened"
    assert "must read it" not in told(read["aexample1"]), "an empty field is nothing, and an older one is past"


def test_what_was_typed_into_blackboard_is_for_a_person(tmp_path: Path) -> None:
    name = "Home_work 2_aexample1_attempt_2026-05-12-23-41-07.txt"
    _, read = read_all(as_folder({**BLACKBOARD, name: RECEIPT % b"My proof: ..."}, tmp_path / "x"))
    assert "holds what was written on Blackboard: a person must read it" in told(read["aexample1"]), "it is told"


BRIGHTSPACE = {
    "12345-67890 - Ann - Example - May 11, 2026 810 PM/smooth_ap.py": b"old",
    "12345-67890 - Ann - Example - May 12, 2026 1141 PM/smooth_ap.py": b"new",
    "12346-67890 - Bo Sample - May 12, 2026 900 AM/smooth_ap.py": b"bo",
    "index.html": b"<html></html>",
}


@both
@pytest.mark.parametrize("flat", [False, True])
def test_brightspaces_latest_hand_in_counts(flat: bool, contain: Container, tmp_path: Path) -> None:
    files = {name.replace("M/", "M - ") if flat else name: data for name, data in BRIGHTSPACE.items()}
    listing, read = read_all(contain(files, tmp_path / "x"))
    assert listing.layout == "brightspace" and listing.students == ("Ann - Example", "Bo Sample"), f"{listing.why}"
    assert handed_in(listing) == {
        "Ann - Example": ("12345", "Ann - Example", "2026-05-12T23:41:00"),
        "Bo Sample": ("12346", "Bo Sample", "2026-05-12T09:00:00"),
    }, f"{handed_in(listing)}"
    assert source(read["Ann - Example"]) == b"new" and source(read["Bo Sample"]) == b"bo", "the latest"
    assert "810 PM" in told(read["Ann - Example"]), f"the other is named: {told(read['Ann - Example'])}"
    assert not [note for note in listing.notes if "index.html" in note], "the site's own page is nobody's"


SAKAI = {
    "grades.csv": b"Homework 2,Points\n",
    "Example, Ann(aexample1)/Submission attachment(s)/smooth_ap.py": b"ann",
    "Example, Ann(aexample1)/timestamp.txt": b"20260512234107000",
    "Example, Ann(aexample1)/comments.txt": b"",
    "Sample, Bo(bsample2)/Submission attachment(s)/smooth_ap.py": b"bo",
    "Sample, Bo(bsample2)/bsample2_submissionText.html": b"<p>My proof</p>",
}


@both
@pytest.mark.parametrize("around", ["", "Homework 2/"])
def test_sakais_students_are_called_by_their_user_names(around: str, contain: Container, tmp_path: Path) -> None:
    listing, read = read_all(contain({f"{around}{name}": data for name, data in SAKAI.items()}, tmp_path / "x"))
    assert listing.layout == "sakai" and listing.students == ("aexample1", "bsample2"), f"{listing.why}"
    assert handed_in(listing) == {
        "aexample1": ("aexample1", "Ann Example", "2026-05-12T23:41:07"),
        "bsample2": ("bsample2", "Bo Sample", ""),
    }, f"{handed_in(listing)}"
    assert source(read["aexample1"]) == b"ann" and source(read["bsample2"]) == b"bo", "what they attached"
    assert "was written on Sakai: a person must read it" in told(read["bsample2"]), "what was typed is told"
    own = [note for note in listing.notes if "was not graded" in note]
    assert not own, f"Sakai's own files are nobody's: {own}"


TEAMS = {
    "Submitted files/Example, Ann/Homework 2/Version 1/smooth_ap.py": b"old",
    "Submitted files/Example, Ann/Homework 2/Version 2/smooth_ap.py": b"new",
    "Submitted files/Sample, Bo/Homework 2/smooth_ap.py": b"bo",
    "Working files/Example, Ann/Homework 2/smooth_ap.py": b"not handed in",
    "Working files/Cem/Homework 2/smooth_ap.py": b"not handed in",
}


@both
def test_teams_students_are_those_who_submitted(contain: Container, tmp_path: Path) -> None:
    listing, read = read_all(contain(TEAMS, tmp_path / "x"))
    assert listing.layout == "teams" and listing.students == ("Example, Ann", "Sample, Bo"), f"{listing.why}"
    assert source(read["Example, Ann"]) == b"new" and source(read["Sample, Bo"]) == b"bo", "the latest version"
    assert any("Working files was not graded" in note for note in listing.notes), f"it is told: {listing.notes}"


@pytest.mark.parametrize("files", [BLACKBOARD, BRIGHTSPACE, SAKAI, TEAMS], ids=["bb", "d2l", "sakai", "teams"])
def test_work_that_came_by_another_way_is_graded_too(files: dict[str, bytes], tmp_path: Path) -> None:
    listing, read = read_all(as_folder({**files, "Dora/smooth_ap.py": b"dora"}, tmp_path / "x"))
    assert "Dora" in listing.students and source(read["Dora"]) == b"dora", f"{listing.why}: {listing.students}"
    assert "is not named as in" in told(read["Dora"]), "with a note"


def test_a_few_students_whose_names_look_like_it_are_no_platform(tmp_path: Path) -> None:
    files = {"Example, Ann(x)/smooth_ap.py": b"1", "Bo/smooth_ap.py": b"2", "Cem/smooth_ap.py": b"3"}
    listing, _ = read_all(as_folder(files, tmp_path / "x"))
    assert listing.layout == "plain" and len(listing.students) == 3, f"{listing.why}"
