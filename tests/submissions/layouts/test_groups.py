"""Groups by a table, and attempts in folders."""

from pathlib import Path

import pytest

from autograder.errors import SubmissionsError
from autograder.submissions import HandedIn
from tests.submissions.layouts.building import as_folder
from tests.submissions.layouts.reading import read_all, source, told

CANVAS = (
    "name,canvas_user_id,user_id,login_id,sections,group_name\nAnna Lee,1,a,a,s,Team 1!\nBert Oak,2,b,b,s,Team 1!\n"
)
MOODLE = (
    'First name,Last name,Email address,Groups\nAnna,Lee,a@example.org,"Team 1!, Lab"\nBert,Oak,b@example.org,Team 1!\n'
)
OWN = "group,student,id\nTeam 1!,Anna Lee,1\nTeam 1!,Bert Oak,2\nTeam 2,Cem,3\n"


@pytest.mark.parametrize(("table", "ids"), [(CANVAS, ("1", "2")), (MOODLE, ("", "")), (OWN, ("1", "2"))])
@pytest.mark.parametrize("files", ["team1_5_6_smooth_ap.py", "Team 1!_5_assignsubmission_file/smooth_ap.py"])
def test_every_member_of_a_group_gets_a_record(table: str, ids: tuple[str, str], files: str, tmp_path: Path) -> None:
    (tmp_path / "groups.csv").write_text(table)
    path = as_folder({files: b"1"}, tmp_path / "x")
    listing, read = read_all(path, groups=tmp_path / "groups.csv")
    assert listing.students == ("Anna Lee", "Bert Oak"), f"both: {listing.students}"
    (entry,) = listing.entries
    shares = dict(entry.shares(read[entry.student].handed_in))
    assert tuple(said.id for said in shares.values() if said) == ids, f"each with the own number: {shares}"
    assert all(said and said.members == ("Anna Lee", "Bert Oak") for said in shares.values()), f"and all: {shares}"
    assert any("Team 2" in note or "Lab" in note for note in listing.notes) == (table != CANVAS), f"{listing.notes}"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("begins", ["", "sep=;\r\n"])
def test_a_table_from_a_spreadsheet_is_read(begins: str, encoding: str, tmp_path: Path) -> None:
    text = begins + OWN.replace("Cem", "Jörg").replace(",", ";").replace("\n", "\r\n")
    (tmp_path / "groups.csv").write_bytes(text.encode(encoding))
    path = as_folder({"team1_5_6_smooth_ap.py": b"1", "team2_7_8_smooth_ap.py": b"2"}, tmp_path / "x")
    listing, _ = read_all(path, groups=tmp_path / "groups.csv")
    assert listing.students == ("Anna Lee", "Bert Oak", "Jörg"), f"every member, by name: {listing.students}"
    guessed = [note for note in listing.notes if "Windows-1252" in note and "Jörg" in note]
    assert bool(guessed) == (encoding == "cp1252"), f"what was guessed is told: {listing.notes}"


def test_members_without_a_name_and_groups_without_members_are_told(tmp_path: Path) -> None:
    path = as_folder({"red/smooth_ap.py": b""}, tmp_path / "x")
    (tmp_path / "groups.csv").write_text("group,student\nred,Anna\nred,\n")
    listing, _ = read_all(path, groups=tmp_path / "groups.csv")
    assert any("row 3 (red)" in note for note in listing.notes), f"nobody is lost silently: {listing.notes}"
    (tmp_path / "groups.csv").write_text("group,student\n")
    with pytest.raises(SubmissionsError, match="names nobody who is in a group"):
        read_all(path, groups=tmp_path / "groups.csv")


def test_two_groups_that_a_platform_writes_alike_are_not_taken_for_one(tmp_path: Path) -> None:
    (tmp_path / "groups.csv").write_text("group,student\nTeam 1,Anna\nTeam-1,Bert\n")
    path = as_folder({"team1_5_6_smooth_ap.py": b"1"}, tmp_path / "x")
    listing, _ = read_all(path, groups=tmp_path / "groups.csv")
    assert listing.students == ("team1",), f"neither group's: {listing.students}"
    assert any("team1 may be of Team 1 and Team-1" in note for note in listing.notes), f"{listing.notes}"
    path = as_folder({"Team-1/smooth_ap.py": b"1"}, tmp_path / "y")
    listing, _ = read_all(path, groups=tmp_path / "groups.csv")
    assert listing.students == ("Bert",), f"the one of exactly this name: {listing.students}"


def test_a_table_that_fits_nobody_is_told(tmp_path: Path) -> None:
    (tmp_path / "groups.csv").write_text(OWN)
    listing, _ = read_all(as_folder({"red/smooth_ap.py": b""}, tmp_path / "x"), groups=tmp_path / "groups.csv")
    assert listing.students == ("red",) and "No hand-in is named as a group is" in listing.notes[0], f"{listing.notes}"


def test_a_table_that_is_none_is_an_error(tmp_path: Path) -> None:
    path = as_folder({"red/smooth_ap.py": b""}, tmp_path / "x")
    (tmp_path / "groups.csv").write_text("team,who\n1,anna\n")
    for name in ("groups.csv", "nowhere.csv"):
        with pytest.raises(SubmissionsError, match="columns group and student") as caught:
            read_all(path, groups=tmp_path / name)
        assert name in str(caught.value), f"the file is named: {caught.value}"


def test_one_in_two_groups_has_one_record(tmp_path: Path) -> None:
    (tmp_path / "groups.csv").write_text("group,student\nred,Anna\nred,Bert\nblue,Anna\nblue,Cem\n")
    path = as_folder({"red/smooth_ap.py": b"r", "blue/smooth_ap.py": b"b"}, tmp_path / "x")
    listing, _ = read_all(path, groups=tmp_path / "groups.csv")
    assert listing.students == ("Anna", "Bert", "Cem"), f"no record overwrites another: {listing.students}"
    assert any(note.startswith("Anna is in red and in blue") for note in listing.notes), (
        f"and it is said: {listing.notes}"
    )


@pytest.mark.parametrize(
    ("earlier", "latest"),
    [
        ("attempt_1", "attempt_2"),
        ("attempt 9", "attempt 10"),
        ("Submission-2", "Submission-11"),
        ("v1", "v2"),
        ("2026-05-01", "2026-05-02"),
        ("2026-05-01T10-00-00", "2026-05-01T10-00-01"),
    ],
)
def test_of_attempts_in_folders_the_latest_is_taken(earlier: str, latest: str, tmp_path: Path) -> None:
    files = {f"anna/{earlier}/smooth_ap.py": b"old", f"anna/{latest}/deeper/smooth_ap.py": b"new"}
    _, read = read_all(as_folder(files, tmp_path / "x"))
    assert source(read["anna"]) == b"new", f"{latest} is the latest"
    assert f"{earlier}/smooth_ap.py was not" in told(read["anna"]), f"the other is named: {told(read['anna'])}"


def test_an_assignment_that_only_an_earlier_attempt_has_is_graded_from_there(tmp_path: Path) -> None:
    files = {
        "anna/attempt_1/kl_normal.py": b"3",
        "anna/attempt_1/smooth_ap.py": b"old",
        "anna/attempt_2/smooth_ap.py": b"4",
    }
    _, read = read_all(as_folder(files, tmp_path / "x"))
    assert source(read["anna"], "a3_kl_normal") == b"3" and source(read["anna"]) == b"4", "nothing is lost"


def test_no_platform_says_nothing(tmp_path: Path) -> None:
    listing, read = read_all(
        as_folder({"anna/smooth_ap.py": b"1", "bert (1)/x.py": b"", "bert/x.py": b""}, tmp_path / "x")
    )
    assert read["anna"].handed_in is None, f"a plain folder knows nothing: {read['anna'].handed_in}"
    assert any("bert (1) and bert were both graded" in note for note in listing.notes), f"{listing.notes}"
    assert HandedIn() == HandedIn(at="", late=None, attempt="", members=(), id="", email="", name="", platform=""), (
        "all is optional"
    )
