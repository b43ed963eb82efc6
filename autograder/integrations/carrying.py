"""What of a folder of staff files goes along where another program or machine does the grading, and how it travels."""

import io
import zipfile
from pathlib import Path

from autograder.files.zips import zip_bytes

# No grading needs them: other right solutions, and what Python leaves behind.
LEFT_OUT = frozenset({"alternatives", "__pycache__"})


def carried(folder: Path) -> dict[str, Path]:
    """The files below a folder that a run needs, by path in it; nothing hidden is among them."""
    found = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {
        below.as_posix(): path
        for below, path in found.items()
        if not any(part in LEFT_OUT or part.startswith(".") for part in below.parts)
    }


def packed(folder: Path) -> bytes:
    """These files as a zip: of all assignments, since the course's settings name them; always the same bytes."""
    return zip_bytes(carried(folder))


def unpack(zipped: bytes | Path, folder: Path) -> None:
    """Write the files of `packed` below a folder that is made for them, and that only this user can read.

    Args:
        zipped: by ourselves, and given by staff: it is believed.
        folder: must not be there yet.

    Raises:
        OSError: the folder is there, or cannot be written.
        zipfile.BadZipFile: it is no zip.
    """
    folder.mkdir(mode=0o700, parents=True)
    with zipfile.ZipFile(io.BytesIO(zipped) if isinstance(zipped, bytes) else zipped) as archive:
        archive.extractall(folder)
