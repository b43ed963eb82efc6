"""Handouts as zips, one an assignment: the same source gives the same bytes, and no byte leaves unlooked at."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from autograder.errors import HandoutError
from autograder.files.writing import write_whole
from autograder.files.zips import FILE, MOMENT, zip_bytes
from autograder.handout.leaks import all_secrets, leaks_in
from autograder.handout.material import materials
from autograder.handout.rendering import files_of


def leaks_in_zip(name: str, data: bytes, hidden: dict[str, str]) -> list[str]:
    """What leaks in a zip as it leaves: in its members' bytes, and in what it says of them.

    Args:
        name: of the zip, for messages.
        data: its bytes.
        hidden: as for `leaks_in`.
    """
    problems = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {}
        for info in archive.infolist():
            files[f"{name}/{info.filename}"] = archive.read(info)
            if info.extra or info.comment or info.date_time != MOMENT or info.external_attr != FILE:
                problems.append(f"{name} says of {info.filename} more than its name")
        if archive.comment:
            problems.append(f"{name} has a comment")
    return [*problems, *leaks_in(files, hidden)]


def pack_handout(solutions: Path, out: Path, tell: Callable[[str, int, int], object] = lambda *_: None) -> list[Path]:
    """Write one zip an assignment; none of them where one would leak.

    Args:
        solutions: the folder of the references.
        out: where the zips go.
        tell: called with a step, and how many assignments of how many have been through it.

    Returns:
        the zips.

    Raises:
        HandoutError: a source is missing or wrong, a zip would leak, or cannot be written.
    """
    hidden = all_secrets(solutions)
    made: dict[Path, bytes] = {}
    found = materials(solutions)
    for count, material in enumerate(found, start=1):
        files = {f"{material.name}/{file}": text.encode() for file, text in files_of(material).items()}
        # Not compressed: what compression gives differs from one machine to the next.
        made[out / f"{material.name}.zip"] = zip_bytes(files, compressed=False)
        tell("making handouts", count, len(found))
    problems = []
    for count, (path, data) in enumerate(made.items(), start=1):
        problems += leaks_in_zip(path.name, data, hidden)
        tell("looking for leaks", count, len(made))
    if problems:
        raise HandoutError("nothing was packed: " + "; ".join(problems))
    try:
        for path, data in made.items():
            write_whole(path, data)
    except OSError as error:
        raise HandoutError(f"{path} cannot be written ({error.strerror})") from error
    return list(made)
