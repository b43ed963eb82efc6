"""Gradescope's metadata: groups, times, several submissions; and files that are no metadata or attack its reader."""

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.submissions.layouts.gradescope_yaml import metadata_of
from tests.submissions.layouts.building import Container, as_folder, as_zip, gradescope, the_class
from tests.submissions.layouts.reading import read_all, source, told

both = pytest.mark.parametrize("contain", [as_folder, as_zip])
CLASS = the_class()
META = "submission_metadata.yml"


def one(folder: str, *people: tuple[str, str, str], at: str = "2026-05-01 10:00:00.000000000 Z", more: str = "") -> str:
    lines = [f"{folder}:", "  :submitters:"]
    for name, sid, email in people:
        lines += [f"  - :name: {name}", f"    :sid: {sid}", f"    :email: {email}"]
    return "\n".join([*lines, f"  :created_at: {at}", more]).rstrip() + "\n"


ANNA, BERT, CEM = ("Anna", "'007'", "a@example.org"), ("Bert", "8", "b@example.org"), ("Cem", "9", "c@example.org")


@both
def test_times_numbers_and_emails_are_kept(contain: Container, tmp_path: Path) -> None:
    text = one(
        "submission_1",
        ANNA,
        at="2026-05-01 10:00:00.123456789 +02:00",
        more="  :history:\n  - :score: 1\n  - :score: 2\n",
    )
    _, read = read_all(contain({META: text.encode(), "submission_1/smooth_ap.py": b"1"}, tmp_path / "x"))
    found = read["Anna"].handed_in
    assert found is not None, "Gradescope says who it is"
    assert (found.id, found.email, found.name) == ("007", "a@example.org", "Anna"), f"with leading zeros: {found}"
    assert (found.at, found.attempt) == ("2026-05-01T10:00:00+02:00", "3"), f"the third attempt, and when: {found}"
    assert not found.members and found.late is None, f"alone, and nothing is said of lateness: {found}"


@both
def test_a_group_is_one_entry_with_its_members(contain: Container, tmp_path: Path) -> None:
    listing, _ = read_all(contain(gradescope(CLASS[:5], groups=[(0, 2, 4)]), tmp_path / "x"))
    assert len(listing.entries) == 3 and len(listing.students) == 5, f"read once, five records: {listing.entries}"
    (group,) = [entry for entry in listing.entries if len(entry.students) == 3]
    shares = dict(group.shares(group.handed_in))
    assert {handed_in.id for handed_in in shares.values() if handed_in} == {"101", "103", "105"}, f"own ids: {shares}"
    for student, handed_in in shares.items():
        assert handed_in is not None and set(handed_in.members) == set(shares), f"{student} sees all: {handed_in}"
        assert handed_in.at, f"and when it was: {handed_in}"


@both
def test_of_a_students_several_the_latest_is_taken(contain: Container, tmp_path: Path) -> None:
    text = (
        one("submission_1", ANNA, at="2026-05-03 10:00:00 Z")
        + one("submission_2", ANNA, BERT, at="2026-05-02 23:00:00 -12:00")
        + one("submission_3", ANNA, CEM, at="2026-05-01 10:00:00 Z")
    )
    files = {META: text.encode(), **{f"submission_{n}/smooth_ap.py": str(n).encode() for n in (1, 2, 3)}}
    listing, read = read_all(contain(files, tmp_path / "x"))
    assert listing.students == ("Anna", "Bert", "Cem"), f"one record each: {listing.students}"
    by_student = {student: source(read[entry.student]) for entry in listing.entries for student in entry.students}
    assert by_student == {"Anna": b"2", "Bert": b"2", "Cem": b"3"}, f"by the moment, not by the clock: {by_student}"
    notes = "\n".join(told(submission) for submission in read.values())
    assert "submission_2 is the latest of Anna; submission_3 and submission_1 were not graded" in notes, (
        f"said: {notes}"
    )


@both
def test_what_the_metadata_does_not_know_is_not_lost(contain: Container, tmp_path: Path) -> None:
    text = one("submission_1", ANNA) + one("submission_9", BERT) + "submission_4:\n  :submitters: []\n"
    files = {META: text.encode(), **{f"submission_{n}/smooth_ap.py": b"1" for n in (1, 2, 4)}}
    listing, read = read_all(contain(files, tmp_path / "x"))
    assert listing.students == ("Anna", "submission_2", "submission_4"), f"each has a record: {listing.students}"
    assert source(read["submission_2"]) == b"1", "called by its folder"
    assert any("submission_9" in note and "not in the export" in note for note in listing.notes), f"{listing.notes}"


@both
@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "is not what Gradescope writes"),
        (b"- a\n- b\n", "is not what Gradescope writes"),
        (b"just text", "is not what Gradescope writes"),
        (b"a: [1, 2\nb: }", "it is not YAML"),
        (b"\x80abc", "it is not YAML"),
        (b"a: \x07", "it is not YAML"),
        (b"submission_1: 5\n? [a, b]\n: c\n", ""),
        (b"submission_1:\n  :submitters: none\n  :created_at: [1]\n  :history: 3\n", ""),
        (b"submission_1: *nobody\n", ""),
    ],
)
def test_metadata_that_is_none_costs_only_the_names(data: bytes, word: str, contain: Container, tmp_path: Path) -> None:
    listing, read = read_all(contain({META: data, "submission_1/smooth_ap.py": b"1"}, tmp_path / "x"))
    assert listing.students == ("submission_1",) and source(read["submission_1"]) == b"1", f"graded: {listing}"
    assert any(META in note and word in note for note in listing.notes) == bool(word), f"{word!r}: {listing.notes}"


def test_what_was_read_before_the_damage_counts() -> None:
    found, problem = metadata_of((one("submission_1", ANNA) + "submission_2: [").encode())
    assert list(found) == ["submission_1"] and "line" in problem, f"{found} {problem}"


def test_names_that_stand_for_values_are_understood() -> None:
    found, problem = metadata_of(b"s:\n  :created_at: &1 2026-05-01 10:00:00 Z\nt:\n  :created_at: *1\n")
    assert not problem and found["t"].created_at == "2026-05-01 10:00:00 Z", f"as Ruby writes equal values: {found}"


def test_nothing_is_built_of_a_tag() -> None:
    found, _ = metadata_of(b"s:\n  :created_at: !!python/object/apply:os.system ['touch /tmp/never']\n")
    assert found["s"].created_at == "", f"a tag is passed over: {found}"


LAUGHS = "a0: &a0 [lol]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 30))
HOSTILE = {
    "billion_laughs": LAUGHS + one("submission_1", ANNA),
    "deep": one("submission_1", ANNA) + "x: " + "[" * 100_000,
    "long_key": "? " + "k" * 3_000_000 + "\n: v\n" + one("submission_1", ANNA),
    "merge": "base: &b {<<: *b}\n" + one("submission_1", ANNA),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_metadata_costs_no_more_than_its_length(name: str, tmp_path: Path) -> None:
    (tmp_path / "meta.yml").write_text(HOSTILE[name])
    code = (
        "import resource, sys\nfrom pathlib import Path\n"
        "from autograder.submissions.layouts.gradescope_yaml import metadata_of\nimport yaml\n"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (30, 30))\n"
        "found, problem = metadata_of(Path(sys.argv[1]).read_bytes())\n"
        "print(found['submission_1'].submitters[0].name if 'submission_1' in found else problem)"
    )
    run = subprocess.run([sys.executable, "-c", code, str(tmp_path / "meta.yml")], capture_output=True, text=True)
    assert run.returncode == 0, f"it must be read in bounds: {run.stderr[-500:]}"
    assert run.stdout.strip() in ("Anna", "cannot be read from line 1 on: it is not YAML"), f"and told: {run.stdout}"
