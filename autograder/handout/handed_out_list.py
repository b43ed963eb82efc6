"""Keeps the list of all that was ever handed out, beside the references: by it students' copies are known again."""

from collections.abc import Mapping
from pathlib import Path

from autograder.files.names import enumerated
from autograder.submissions.handed_out import FILE, encoded, read_handed_out, with_files


def with_handout(solutions: Path, handouts: Mapping[str, Mapping[str, bytes]]) -> tuple[Path, bytes]:
    """Where the list stands, and what it holds with these files in it.

    Args:
        solutions: the folder of the references.
        handouts: by assignment and path in its folder, the files.

    Raises:
        SettingsError: the list is damaged.
    """
    return solutions / FILE, encoded(with_files(read_handed_out(solutions), handouts))


def not_listed(solutions: Path, handouts: Mapping[str, Mapping[str, bytes]]) -> list[str]:
    """One line on the files of a handout that the list lacks; none where it lacks none.

    Raises:
        SettingsError: the list is damaged.
    """
    known = read_handed_out(solutions)
    lacking = [
        f"{name}/{path}"
        for name, files in with_files(known, handouts).items()
        for path, hashes in files.items()
        if len(hashes) > len(known.get(name, {}).get(path, ()))
    ]
    if not lacking:
        return []
    return [f"{solutions / FILE} does not know {enumerated(lacking)}; run `autograder handout`, and commit it"]
