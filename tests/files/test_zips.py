"""Zips that we make: the same bytes for the same files, and nothing in them but the files."""

import io
import os
import zipfile
from pathlib import Path

import pytest

from autograder.files.zips import FILE, MOMENT, PROGRAM, Content, write_zip, zip_bytes
from autograder.integrations.carrying import carried, packed, unpack

FILES = {"b/run.sh": b"#!/bin/sh\n", "a.txt": b"a" * 1000, "b/c.whl": b"w" * 1000}


def members(data: bytes) -> dict[str, zipfile.ZipInfo]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: info for info in archive.infolist()}


def test_the_same_files_give_the_same_bytes_in_whatever_order_they_come(tmp_path: Path) -> None:
    for name, data in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
        os.utime(tmp_path / name, (2e9, 2e9))
    data = zip_bytes(FILES)
    assert data == zip_bytes(dict(reversed(FILES.items()))), "the order in which they are named is not in it"
    assert data == zip_bytes((name, tmp_path / name) for name in FILES), "nor is what the disk says of them"
    assert list(members(data)) == sorted(FILES), f"the order is that of the names: {list(members(data))}"
    assert all(info.date_time == MOMENT and not info.extra for info in members(data).values()), "no clock, no user"


def test_programs_are_unpacked_as_programs_and_all_else_as_files() -> None:
    found = members(zip_bytes(FILES, programs=("b/run.sh",)))
    modes = {name: info.external_attr for name, info in found.items()}
    assert modes == {"a.txt": FILE, "b/c.whl": FILE, "b/run.sh": PROGRAM}, f"{modes}"
    assert {info.create_system for info in found.values()} == {3}, "modes are read where Unix has made the zip"


def test_what_is_compressed_already_is_stored_and_all_is_where_bytes_must_not_differ() -> None:
    kinds = {name: info.compress_type for name, info in members(zip_bytes(FILES)).items()}
    assert kinds["a.txt"] == zipfile.ZIP_DEFLATED and kinds["b/c.whl"] == zipfile.ZIP_STORED, f"{kinds}"
    stored = {info.compress_type for info in members(zip_bytes(FILES, compressed=False)).values()}
    assert stored == {zipfile.ZIP_STORED}, f"what compression gives is not the same everywhere: {stored}"


def test_two_members_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match=r"two members of the zip are called 'a\.txt'"):
        zip_bytes([("a.txt", b"1"), ("b.txt", b"2"), ("a.txt", b"3")])


def test_a_zip_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "out" / "some.zip"
    write_zip(path, FILES)
    assert path.read_bytes() == zip_bytes(FILES), "the same bytes as in memory"
    lost: dict[str, Content] = {"a.txt": b"a", "b.txt": tmp_path / "not there"}
    with pytest.raises(FileNotFoundError):
        write_zip(path, lost)
    assert path.read_bytes() == zip_bytes(FILES), "a file that cannot be read leaves the old zip"
    assert [each.name for each in path.parent.iterdir()] == ["some.zip"], "and no part of the new one"


def test_what_is_carried_elsewhere_arrives_and_holds_nothing_that_no_run_needs(tmp_path: Path) -> None:
    source, needed = tmp_path / "solutions", {"course.toml": b"seed = 1\n", "a1/questions.py": b"x = 1\n"}
    left = ("a1/alternatives/other.py", "a1/__pycache__/q.pyc", ".git/config", "a1/.cache/x", "a1/.hidden")
    for name, data in {**needed, **dict.fromkeys(left, b"left")}.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(data)
    assert sorted(carried(source)) == sorted(needed), f"only what a run needs: {sorted(carried(source))}"
    unpack(packed(source), tmp_path / "there" / "solutions")
    found = {name: path.read_bytes() for name, path in carried(tmp_path / "there" / "solutions").items()}
    assert found == needed, f"the same files with the same bytes: {found}"
    assert (tmp_path / "there" / "solutions").stat().st_mode & 0o077 == 0, "solutions are for this user alone"
    with pytest.raises(FileExistsError):
        unpack(packed(source), tmp_path / "there" / "solutions")
