"""Zips that we make: the same files give the same bytes, with no clock, no user and no order of a disk in them."""

import io
import zipfile
from collections.abc import Collection, Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import IO

from autograder.files.writing import open_whole

CHANGES_RECORDS = False

# The first moment that a zip can name; and what everybody may read, or run.
MOMENT = (1980, 1, 1, 0, 0, 0)
FILE, PROGRAM = 0o100644 << 16, 0o100755 << 16
# Compressed by themselves; to do so again takes time and gives nothing.
_COMPRESSED = (".whl", ".zip", ".png", ".jpg", ".jpeg", ".pdf")

# What a member holds, or the file that holds it, which is read when its turn comes: only one is in memory at a time.
Content = bytes | Path
Members = Mapping[str, Content] | Iterable[tuple[str, Content]]


def zip_bytes(files: Members, *, programs: Collection[str] = (), compressed: bool = True) -> bytes:
    """A zip, its members sorted by name.

    Args:
        files: what to pack, by name in the zip, its parts joined by "/".
        programs: names of members that are unpacked as programs.
        compressed: False where the bytes must be the same on every machine: what compression gives is not.

    Raises:
        ValueError: two members have one name, of which unpacking would leave one.
        OSError: a file cannot be read.
    """
    out = io.BytesIO()
    _write(out, files, programs, compressed)
    return out.getvalue()


def write_zip(path: Path, files: Members, *, programs: Collection[str] = (), compressed: bool = True) -> None:
    """The zip of `zip_bytes` as a file, written whole.

    Raises:
        ValueError, OSError: as there, or it cannot be written; what stood at `path` stands there still.
    """
    with open_whole(path) as out:
        _write(out, files, programs, compressed)


def _write(out: IO[bytes], files: Members, programs: Collection[str], compressed: bool) -> None:
    members = sorted(files.items() if isinstance(files, Mapping) else files, key=lambda member: member[0])
    for (name, _), (following, _) in pairwise(members):
        if name == following:
            raise ValueError(f"two members of the zip are called {name!r}")
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name, MOMENT)
            # As on Unix, wherever it is made: only then are the modes read.
            info.create_system, info.external_attr = 3, PROGRAM if name in programs else FILE
            packed = compressed and not name.lower().endswith(_COMPRESSED)
            info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
            archive.writestr(info, content if isinstance(content, bytes) else content.read_bytes())
