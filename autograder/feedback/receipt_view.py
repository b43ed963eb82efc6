"""What the page of a student says of what is graded: plain values for templates."""

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.feedback.receipt_words import answers_words, left_out_words, place_words
from autograder.judging.verdicts import Verdict
from autograder.records.record import AssignmentResult


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """What is graded: of each function its place, of the written answers which have text, what a person reads besides,
    what is left out; all in words. `odd` where the student had better look at it."""

    places: Sequence[tuple[str, str]] = ()
    answers: str = ""
    attached: Sequence[str] = ()
    left_out: Sequence[str] = ()
    odd: bool = False

    @property
    def tells(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.places or self.answers or self.attached or self.left_out)


def receipt_view(assignment: AssignmentResult) -> ReceiptView:
    """The receipt of an assignment; of one that nothing is graded of, what came all the same."""
    attached = [one.words for one in assignment.attachments]
    receipt = assignment.receipt
    if receipt is None:
        return ReceiptView(attached=attached)
    there = {q.function for q in assignment.questions if any(c.verdict is not Verdict.MISSING for c in q.checks)}
    places, odd = [], bool(receipt.left_out or receipt.question)
    for one in receipt.functions if assignment.file else ():
        # Reading finds most functions, and running finds all.
        made = not one.file and one.function in there
        odd = odd or not (one.written or made)
        places.append((one.function, "is made when the file runs" if made else place_words(one)))
    return ReceiptView(places, answers_words(receipt), attached, left_out_words(receipt), odd)
