"""The page of pairs that are alike, both sources side by side; for staff."""

from collections.abc import Sequence

from autograder.feedback.pages import staff_page
from autograder.similarity.compare import SimilarPair


def similar_page(found: Sequence[SimilarPair], title: str, least: float) -> str:
    """The page.

    Args:
        found: the pairs, the most alike first.
        title: of the course.
        least: the share from which pairs are shown.
    """
    return staff_page("similar.html", pairs=found, title=title, least=least)
