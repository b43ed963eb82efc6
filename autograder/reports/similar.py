"""The page of pairs that are alike, both sources side by side; for staff."""

from collections.abc import Sequence

from autograder.reports.pages import staff_page
from autograder.similar import Pair


def similar_page(found: Sequence[Pair], title: str, least: float) -> str:
    """The page.

    Args:
        found: the pairs, the most alike first.
        title: of the course.
        least: the share from which pairs are shown.
    """
    return staff_page("similar.html", pairs=found, title=title, least=least)
