"""What other installed packages add, by entry points: kinds of checks, layouts, exports, integrations.

A package declares it in its pyproject.toml, e.g.

    [project.entry-points."autograder.exports"]
    ilias = "our_package.ilias"

Nothing of it is imported before it is asked for by name, or where all of a group are shown.
"""

from importlib.metadata import EntryPoint, entry_points
from typing import Literal

from autograder.errors import MissingExtraError

# kinds: a subclass of authoring.kinds.kind.Kind; layouts: a submissions.layouts.layout.Layout; exports: a module with
# `export`, as those in exports; integrations: a module with `add(verbs)`, as those in cli.
Group = Literal["kinds", "layouts", "exports", "integrations"]


def added(group: Group) -> dict[str, EntryPoint]:
    """What other packages add to a group, by name, in order of names."""
    return {point.name: point for point in sorted(entry_points(group=f"autograder.{group}"), key=lambda p: p.name)}


def load(group: Group, point: EntryPoint) -> object:
    """What an entry point names.

    Raises:
        MissingExtraError: it cannot be imported; says of which package it is.
    """
    try:
        return point.load()
    except Exception as error:
        package = point.dist.name if point.dist is not None else "another package"
        told = f"{point.name!r} of the package {package} (autograder.{group}) cannot be loaded"
        raise MissingExtraError(f"{told}: {type(error).__name__}: {error}") from error
