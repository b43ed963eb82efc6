"""Optional dependencies: a missing one is told with the command that installs it, in these words and no others."""

import importlib.util

from autograder.errors import MissingExtraError


def needs(module: str, extra: str) -> None:
    """Make sure that a module of an extra is there; it is not imported.

    Args:
        module: as it is imported, at the top of its package.
        extra: of this package, which installs it.

    Raises:
        MissingExtraError: it is not there.
    """
    if importlib.util.find_spec(module) is None:
        raise MissingExtraError(f"this needs {module}: python -m pip install 'seminar-autograder[{extra}]'")
