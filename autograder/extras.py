"""Optional dependencies: a missing one is told with the command that installs it."""

import importlib.util


class MissingExtraError(ImportError):
    """An optional dependency is not installed; the message is the command that installs it."""


def needs(module: str, extra: str) -> None:
    """Make sure that a module of an extra is there.

    Raises:
        MissingExtraError: it is not.
    """
    if importlib.util.find_spec(module) is None:
        raise MissingExtraError(f"this needs {module}: python -m pip install 'seminar-autograder[{extra}]'")
