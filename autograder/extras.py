"""Optional dependencies: a missing one is told with the command that installs it."""

import importlib.util

from autograder.errors import MissingExtraError


def needs(module: str, extra: str) -> None:
    """Make sure that a module of an extra is there.

    Raises:
        MissingExtraError: it is not.
    """
    if importlib.util.find_spec(module) is None:
        raise MissingExtraError(f"this needs {module}: python -m pip install 'seminar-autograder[{extra}]'")
