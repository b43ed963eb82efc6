"""Handouts as zips, one an assignment: the same source gives the same bytes, and no byte leaves unlooked at."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from autograder.errors import HandoutError
from autograder.files.writing import write_whole
from autograder.files.zips import FILE, MOMENT, zip_bytes
from autograder.handout.handed_out_list import with_handout
from autograder.handout.leaks import all_secrets, leaks_in
from autograder.handout.rendering import handouts_of


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
    """Write one zip an assignment, and the list of what was handed out; none of them where one would leak.

    Args:
        solutions: the folder of the references.
        out: where the zips go.
        tell: called with a step, and how many assignments of how many have been through it.

    Returns:
        the zips.

    Raises:
        HandoutError: a source is missing or wrong, a zip would leak, or cannot be written.
    """
    hidden, handouts = all_secrets(solutions), handouts_of(solutions)
    made: dict[Path, bytes] = {}
    for count, (name, files) in enumerate(handouts.items(), start=1):
        # Not compressed: what compression gives differs from one machine to the next.
        packed = zip_bytes({f"{name}/{file}": data for file, data in files.items()}, compressed=False)
        made[out / f"{name}.zip"] = packed
        tell("making handouts", count, len(handouts))
    problems = []
    for count, (path, data) in enumerate(made.items(), start=1):
        problems += leaks_in_zip(path.name, data, hidden)
        tell("looking for leaks", count, len(made))
    if problems:
        raise HandoutError("nothing was packed: " + "; ".join(problems))
    listed, known = with_handout(solutions, handouts)
    try:
        for path, data in made.items():
            write_whole(path, data)
        if not listed.exists() or listed.read_bytes() != known:
            write_whole(listed, known)
    except OSError as error:
        raise HandoutError(f"{path} cannot be written ({error.strerror})") from error
    return list(made)
