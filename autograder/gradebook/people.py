"""The students of an export: who they are to the platform, and the scores that it gets."""

from collections.abc import Iterable

import msgspec

from autograder.gradebook.final import Final, FinalAssignment
from autograder.judging.levels import Reveal
from autograder.records.record import points
from autograder.submissions import HandedIn


class ExportedScore(msgspec.Struct, frozen=True):
    """One column of an export: an assignment's score with marks and lateness, or the total."""

    name: str
    title: str
    score: float | None
    max_score: float
    raw: float | None = None
    late: float = 0.0
    at: str = ""

    @property
    def text(self) -> str:
        """As a cell; empty where the grader has failed, which is no zero."""
        return "" if self.score is None else points(self.score)


class Recipient(msgspec.Struct, frozen=True):
    """One student, with the ids by which a platform may know them; `platform` is the one that gave `id`."""

    student: str
    id: str
    email: str
    name: str
    scores: tuple[ExportedScore, ...]
    total: ExportedScore
    comment: str
    final: Final
    reveal: Reveal = Reveal.HINT
    platform: str = ""


TOTAL = "total"


def _score(part: FinalAssignment, failed: bool) -> ExportedScore:
    return ExportedScore(
        name=part.name,
        title=part.title,
        score=None if failed else part.score,
        max_score=part.max_score,
        raw=None if failed else part.earned,
        late=part.late.points if part.late else 0.0,
        at=part.at,
    )


def people(found: Iterable[Final], assignment: str | None = None, reveal: Reveal = Reveal.HINT) -> list[Recipient]:
    """The students of an export, by name; with `assignment`, only its score, which is then the total too.

    `reveal` is how much the course lets students see of a hidden check.
    """
    made = []
    for final in found:
        handed_in = final.record.handed_in or HandedIn()
        failed = final.score is None
        scores = tuple(_score(part, failed) for part in final.assignments if assignment in (None, part.name))
        total = ExportedScore(TOTAL, "Total", final.score, final.max_score, final.machine)
        if assignment is not None:
            total = scores[0] if scores else ExportedScore(assignment, assignment, None, 0.0)
        is_member = final.student != final.source
        made.append(
            Recipient(
                student=final.student,
                # A group's own ids are not its members'.
                id="" if is_member else handed_in.id,
                email="" if is_member else handed_in.email,
                name="" if is_member else handed_in.name,
                scores=scores,
                total=total,
                comment=_comment(final, assignment),
                final=final,
                reveal=reveal,
                platform="" if is_member else handed_in.platform,
            )
        )
    return sorted(made, key=lambda person: person.student)


def _comment(final: Final, assignment: str | None) -> str:
    """One line for the platform's comment: points by assignment, and what was applied."""
    if final.score is None:
        return ""
    parts = [part for part in final.assignments if assignment in (None, part.name)]
    told = [f"{part.title}: {points(part.score)} of {points(part.max_score)}." for part in parts]
    return " ".join([*told, *(final.applied if assignment is None else ())])
