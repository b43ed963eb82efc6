"""GitHub Classroom's clones: whose they are, teams, and that git is never run."""

from pathlib import Path

import pytest

from autograder.submissions import HandedIn
from tests.submissions.layouts.building import Container, as_folder, as_zip
from tests.submissions.layouts.reading import read_all, source

both = pytest.mark.parametrize("contain", [as_folder, as_zip])
HEAD = (
    "assignment_name,assignment_url,starter_code_url,github_username,roster_identifier,student_repository_name,"
    "student_repository_url,submission_timestamp,points_awarded,points_available,group_name\n"
)


def clones(*names: str) -> dict[str, bytes]:
    files = {f"{name}/.git/HEAD": b"ref: refs/heads/main" for name in names}
    return {**files, **{f"{name}/smooth_ap.py": name.encode() for name in names}}


@both
@pytest.mark.parametrize(
    ("folder", "repositories", "students"),
    [
        ("hw-1-submissions", ["hw-1-anna", "hw-1-bert-oak"], ("anna", "bert-oak")),
        ("hw-1-submissions", ["hw-1-anna-a", "hw-1-anna-b"], ("anna-a", "anna-b")),
        ("hw-1-submissions", ["hw-1-anna"], ("anna",)),
        ("downloads", ["hw-1-anna", "hw-1-bert-oak"], ("anna", "bert-oak")),
        ("downloads", ["hw-1-anna"], ("hw-1-anna",)),
        ("downloads", ["anna", "bert"], ("anna", "bert")),
    ],
)
def test_students_are_called_without_the_assignment(
    folder: str, repositories: list[str], students: tuple[str, ...], contain: Container, tmp_path: Path
) -> None:
    listing, read = read_all(contain(clones(*repositories), tmp_path / folder))
    assert listing.layout == "classroom" and listing.students == students, f"{listing.why}: {listing.students}"
    for repository, student in zip(repositories, students, strict=True):
        assert source(read[student]) == repository.encode(), f"{student} has {repository}"
        assert read[student].handed_in == HandedIn(id=student, name=student, platform="classroom"), (
            f"{read[student].handed_in}"
        )


@both
def test_what_lies_in_git_is_not_taken(contain: Container, tmp_path: Path) -> None:
    files = {**clones("hw-anna", "hw-bert"), "hw-anna/.git/hooks/kl_normal.py": b"1", "hw-anna/.git/smooth_ap.py": b"2"}
    _, read = read_all(contain(files, tmp_path / "x"))
    assert list(read["anna"].works) == ["a4_smooth_ap"], f"the working tree only: {read['anna'].works}"
    assert not read["anna"].notes, f"in silence: {read['anna'].notes}"


@both
def test_the_grades_table_tells_teams_times_and_names(contain: Container, tmp_path: Path) -> None:
    rows = [
        "HW,u,u,octo-anna,Anna N.,hw-red,u,2026-05-01T10:00:00Z,0,10,red",
        "HW,u,u,octo-bert,,hw-red,u,2026-05-02 10:00:00 UTC,0,10,red",
        "HW,u,u,octo-cem,Cem,hw-blue,u,,0,10,blue",
    ]
    files = {**clones("hw-red", "hw-blue", "hw-green"), "grades.csv": (HEAD + "\n".join(rows)).encode()}
    listing, read = read_all(contain(files, tmp_path / "hw-submissions"))
    assert listing.students == ("green", "octo-anna", "octo-bert", "octo-cem"), f"each member: {listing.students}"
    assert not listing.notes, f"the table is no loose file: {listing.notes}"
    (red,) = [entry for entry in listing.entries if len(entry.students) == 2]
    shares = dict(red.shares(read[red.student].handed_in))
    assert shares["octo-anna"] == HandedIn(
        at="2026-05-02T10:00:00+00:00",
        members=("octo-anna", "octo-bert"),
        id="Anna N.",
        name="octo-anna",
        platform="classroom",
    ), f"the roster's own name, and the time of the last: {shares}"
    assert source(read[red.student]) == b"hw-red", "the team's clone"


@both
def test_a_folder_that_is_no_clone_is_a_student_too(contain: Container, tmp_path: Path) -> None:
    files = {**clones("hw-anna", "hw-bert"), "hw-cem/smooth_ap.py": b"unpacked by hand"}
    _, read = read_all(contain(files, tmp_path / "x"))
    assert source(read["cem"]) == b"unpacked by hand", f"graded all the same: {sorted(read)}"
    assert not read["cem"].notes, f"and nothing is odd about it: {read['cem'].notes}"
