"""Half of the points for work that is right on top of the student's own wrong work."""

from dataclasses import replace

from autograder.judging.finding import Finding
from autograder.judging.judgement import Judgement

SHARE = 0.5


def half(judged: Judgement, reason: Finding) -> Judgement:
    """A failed check that earns half, and why."""
    return replace(judged, share=SHARE, notes=(*judged.notes, reason))
