"""What of a folder of staff files goes along where another program or machine does the grading, and how it travels."""

import io
import zipfile
from pathlib import Path

from autograder.files.walking import files_below
from autograder.files.zips import zip_bytes

# Other right solutions: no grading needs them.
LEFT_OUT = "alternatives"


def carried(folder: Path) -> dict[str, Path]:
    """The files below a folder that a run needs, by path in it; nothing hidden is among them."""
    return dict(files_below(folder, lambda path: path.rpartition("/")[2] == LEFT_OUT))


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
