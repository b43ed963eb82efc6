"""What a file of tests needs and not everybody has. It is looked for and not imported: each of pytest's processes
collects every file, and some of these packages take seconds to load.
"""

from importlib.util import find_spec

import pytest


def needed(package: str, reason: str) -> None:
    """Skip the whole file where a package is absent; called at the file's top.

    Args:
        package: its name at the top, without a dot.
        reason: what is missing, and how it is installed.
    """
    if find_spec(package) is None:
        pytest.skip(reason, allow_module_level=True)
