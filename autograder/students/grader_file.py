"""The file of a handout that says with what the course grades, so that a check at home can hold the work against it."""

import tomllib
from pathlib import Path
from typing import Any

from autograder.errors import OwnFolderError
from autograder.submissions.numpy_names import Version, version
from autograder.submissions.rules import Rules, dotted

GRADER_FILE = "grader.toml"


def grader_text(rules: Rules) -> str:
    """The file's text."""
    imports = ", ".join(f'"{name}"' for name in rules.packages)
    return (
        "# With what your work is graded. `autograder check` and `autograder pack` hold it against this.\n"
        f'python = "{dotted(rules.python)}"\n'
        f'numpy = "{dotted(rules.numpy)}"\n'
        "# What it may import, beside Python's own library and your own files.\n"
        f"imports = [{imports}]\n"
    )


def read_rules(folder: Path) -> Rules:
    """The rules that lie in a folder; those of this machine where none do.

    Raises:
        OwnFolderError: the file is damaged; says what to do.
    """
    path = folder / GRADER_FILE
    if not path.is_file():
        return Rules.here()
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        imports = found["imports"]
        if not (isinstance(imports, list) and all(isinstance(name, str) for name in imports)):
            raise ValueError("imports is no list of names")
        return Rules(_version(found, "python"), _version(found, "numpy"), tuple(imports))
    except (OSError, ValueError, KeyError) as error:
        why = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        raise OwnFolderError(
            f"{path}, which says with what the course grades, cannot be read ({why}). Copy it from the handout."
        ) from error


def _version(found: dict[str, Any], key: str) -> Version:
    text = found[key]
    if not isinstance(text, str):
        raise ValueError(f'{key} is no text such as "3.11"')  # noqa: TRY004  # it is the file that is wrong
    return version(text)
