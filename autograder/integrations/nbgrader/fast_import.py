"""What to do before nbgrader is imported by our verb."""

import sys


def without_slow_grammar() -> None:
    """Leave out a check that no notebook uses: reading the grammar of international addresses takes over a second.

    jsonschema does without it where it is not installed, and what nbgrader checks names no such format.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
