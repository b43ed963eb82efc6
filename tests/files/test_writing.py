"""Whole writes: the old file or the new one, and nothing beside them."""

from pathlib import Path

import pytest

from autograder.files.writing import open_whole, write_whole


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def interrupted(path: Path) -> None:
    with open_whole(path) as file:
        file.write(b"half of the new")
        raise KeyboardInterrupt


@pytest.mark.parametrize("lasting", [True, False])
def test_a_file_is_written_with_the_folders_above_it(tmp_path: Path, lasting: bool) -> None:
    path = tmp_path / "a" / "b" / "scores.csv"
    write_whole(path, b"one", lasting=lasting)
    assert path.read_bytes() == b"one", f"a file in folders that were missing: {path.read_bytes()!r}"
    write_whole(path, b"two", lasting=lasting)
    assert path.read_bytes() == b"two", f"the new content takes the old one's place: {path.read_bytes()!r}"
    assert names(path.parent) == ["scores.csv"], f"nothing else is left: {names(path.parent)}"


def test_what_fails_half_way_leaves_the_old_file_and_no_part(tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    write_whole(path, b"old")
    with pytest.raises(KeyboardInterrupt):
        interrupted(path)
    assert path.read_bytes() == b"old", f"the old content must stay: {path.read_bytes()!r}"
    assert names(tmp_path) == ["scores.csv"], f"and no part of the new one: {names(tmp_path)}"


def test_a_name_of_the_greatest_length_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 255)
    write_whole(path, b"x")
    assert path.read_bytes() == b"x", "the half-written file needs a name that is short enough itself"


def test_what_cannot_be_written_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match="file") as caught:
        write_whole(tmp_path / "file" / "below", b"x")
    assert caught.value.filename, f"whoever catches it can say which: {caught.value!r}"
