"""The Python files beside and below a work, which it may import."""

import re
from collections.abc import Mapping, Sequence

from autograder.files.names import enumerated, shown
from autograder.submissions.intake_limits import WORK_BYTES, WORK_FILES
from autograder.submissions.reader import Reader, folder_of
from autograder.submissions.tree import RefusedError, TooLargeError, archive_kind

# Nobody imports them: environments, and tests, ours or the student's own.
_ENVIRONMENTS = frozenset({"venv", "env"})
_TESTS = re.compile(r"test_\w*\.py|conftest\.py")


def with_helpers(
    reader: Reader, taken: str, module: str, sources: Mapping[str, bytes]
) -> tuple[dict[str, bytes], list[str]]:
    """The work and the Python files in its folder and below, by path relative to it; and notes on what did not fit.

    Args:
        reader: of the hand-in.
        taken: the path of the module or notebook.
        module: the name of the module's file, which is no helper of a notebook's.
        sources: of the module or of the cells.
    """
    folder = folder_of(taken)
    files, left, notes = dict(sources), WORK_BYTES - sum(map(len, sources.values())), []
    helpers = [path for path in _named(reader, folder, sources) if path not in (taken, folder + module)]
    unnamed = [path for path in helpers if not _is_text(path[len(folder) :])]
    if unnamed:
        notes.append(f"{enumerated(unnamed)} cannot be imported: the name is not UTF-8. Rename it.")
    helpers = [path for path in helpers if path not in set(unnamed)]
    most = WORK_FILES - 1
    if len(helpers) > most:
        notes.append(
            f"{shown(taken)} has {len(helpers):,} Python files beside and below it; at most {most} were taken, "
            f"the shallowest: {shown(helpers[most])} and what follows cannot be imported. Hand in only your work."
        )
    too_large = []
    for path in helpers[:most]:
        try:
            data, _ = reader.source(path, left)
        except TooLargeError as error:
            too_large.append((path, error.size))
        except RefusedError as error:
            reader.tree.refused[path] = str(error)
        else:
            if not reader.is_ours(path):
                files[path[len(folder) :]] = data
                left -= len(data)
    return files, [*notes, *_too_large(too_large)]


def _named(reader: Reader, folder: str, sources: Mapping[str, bytes]) -> Sequence[str]:
    """The files that can be imported, by their names; of those that are tests, only what the work imports."""
    found = []
    code = b"\n".join(sources.values())
    for path in reader.tree.files:
        if not (path.startswith(folder) and path.endswith(".py")):
            continue
        first, *inner = path[len(folder) :].split("/")
        parts = (first, *inner)
        if any(part.startswith(".") or part in _ENVIRONMENTS or archive_kind(part) for part in parts[:-1]):
            continue
        of_tests = "tests" in parts[:-1] or _TESTS.fullmatch(parts[-1]) is not None
        if not of_tests or _imports(code, first.removesuffix(".py")):
            found.append(path)
    return found


def _imports(code: bytes, name: str) -> bool:
    return (
        re.search(rb"\b(?:from|import)[ \t]+\.?" + re.escape(name.encode("utf-8", "replace")) + rb"\b", code)
        is not None
    )


def _too_large(found: Sequence[tuple[str, str]]) -> list[str]:
    if not found:
        return []
    path, size = found[0]
    more = f" and {len(found) - 1:,} more" if len(found) > 1 else ""
    return [
        f"{shown(path)} ({size}){more} cannot be imported: the Python files of one work may have "
        f"{WORK_BYTES:,} bytes together. Hand in only your work."
    ]


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
