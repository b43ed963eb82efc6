"""Names in zips, as the tools of Windows, macOS and Linux write them."""

import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from autograder.submissions import list_entries
from autograder.submissions.zip_names import MemberName, member_name

WEISS, ZHANG = "class/J\u00fcrgen Wei\u00df/smooth_ap.py", "class/\u5f20\u4f1f/smooth_ap.py"


def unicode_path(raw: bytes, name: str, version: int = 1) -> bytes:
    """The extra field that holds a name in Unicode."""
    field = struct.pack("<BI", version, zlib.crc32(raw)) + name.encode()
    return struct.pack("<HH", 0x7075, len(field)) + field


def old_zip(path: Path, *members: tuple[bytes, bytes]) -> Path:
    """A zip whose names are bytes without a word on their encoding, each with its extra fields."""
    body, table = b"", b""
    for name, extra in members:
        data, at = b"1", len(body)
        head = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0x5A21, zlib.crc32(data), 1, 1, len(name), len(extra))
        body += b"PK\3\4" + head + name + extra + data
        table += b"PK\1\2" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0x20, at) + name + extra
    end = struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(table), len(body), 0)
    path.write_bytes(body + table + b"PK\5\6" + end)
    return path


def name_in(path: Path) -> MemberName:
    with zipfile.ZipFile(path) as archive:
        return member_name(archive.infolist()[0])


@pytest.mark.parametrize("code_page", ["cp437", "cp1252", "utf-8"])
def test_letters_of_the_west_are_read_and_what_is_guessed_is_told(code_page: str, tmp_path: Path) -> None:
    made = old_zip(tmp_path / "class.zip", (WEISS.encode(code_page), b""), (b"class/Bo Sample/smooth_ap.py", b""))
    assert name_in(made) == MemberName(WEISS, guessed=code_page != "utf-8"), f"{name_in(made)}"
    listing = list_entries(made)
    assert listing.students == ("Bo Sample", "J\u00fcrgen Wei\u00df"), f"{listing.students}"
    told = [note for note in listing.notes if "does not say in which encoding" in note]
    assert bool(told) == (code_page != "utf-8"), f"of a guess, and of nothing else: {listing.notes}"
    assert not told or ("J\u00fcrgen Wei\u00df" in told[0] and "Bo Sample" not in told[0]), f"with the name: {told}"


def test_a_name_in_the_field_for_unicode_is_the_name(tmp_path: Path) -> None:
    raw = ZHANG.encode("gbk")
    other = struct.pack("<HH", 0x5455, 4) + b"time"
    bo = (b"class/Bo Sample/smooth_ap.py", b"")
    made = old_zip(tmp_path / "a.zip", (raw, other + unicode_path(raw, ZHANG)), bo)
    assert name_in(made) == MemberName(ZHANG), f"{name_in(made)}"
    assert list_entries(made).students == ("Bo Sample", "\u5f20\u4f1f"), "and so the student is called"


@pytest.mark.parametrize(
    "extra",
    [
        unicode_path(b"another name", ZHANG),
        unicode_path(ZHANG.encode("gbk"), ZHANG, version=2),
        struct.pack("<HH", 0x7075, 6) + struct.pack("<BI", 1, zlib.crc32(ZHANG.encode("gbk"))) + b"\xff",
        b"up",
    ],
    ids=["of another name", "another version", "not UTF-8", "no field"],
)
def test_a_field_that_does_not_stand_for_the_name_is_none(extra: bytes, tmp_path: Path) -> None:
    found = name_in(old_zip(tmp_path / "a.zip", (ZHANG.encode("gbk"), extra)))
    assert found.guessed and found.text.startswith("class/") and found.text != ZHANG, f"{found}"


def test_backslashes_join_and_ascii_is_no_guess(tmp_path: Path) -> None:
    found = name_in(old_zip(tmp_path / "a.zip", (b"class\\Ann\\smooth_ap.py", b"")))
    assert found == MemberName("class/Ann/smooth_ap.py"), f"{found}"


def test_what_says_that_it_is_utf_8_is(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(ZHANG, b"1")
    assert name_in(tmp_path / "a.zip") == MemberName(ZHANG), "as zipfile writes it"
