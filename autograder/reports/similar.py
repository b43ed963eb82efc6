"""The page of pairs that are alike, both sources side by side; for staff."""

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder.similar import Pair
from autograder.visible import visible


def similar_page(found: Sequence[Pair], title: str, least: float) -> str:
    """The page.

    Args:
        found: the pairs, the most alike first.
        title: of the course.
        least: the share from which pairs are shown.
    """
    environment = Environment(
        loader=PackageLoader("autograder.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: visible(value) if type(value) is str else value,
    )
    return environment.get_template("similar.html").render(pairs=found, title=title, least=least)
