"""What a record keeps of the hand-in that it takes the place of, so that a page can say what has changed since."""

from autograder.judging.verdicts import Verdict
from autograder.records.record import AssignmentResult, EarlierHandIn, EarlierQuestion


def earlier_of(old: AssignmentResult | None, new: AssignmentResult, *, failed: bool) -> EarlierHandIn | None:
    """The hand-in before that of `new`, as far as the two can be compared; None where there is none.

    A record that is made anew from the same hand-in keeps what it had; one that the grader failed on is no hand-in.

    Args:
        old: the record that there was.
        new: the one that takes its place, with the hashes of what was asked.
        failed: whether `old` is of a run in which the grader itself failed.
    """
    if old is None:
        return None
    before = old.before if failed or old.submission == new.submission else _summary(old)
    if before is None or before.submission == new.submission:
        return None
    asked = {question.function: question.exam for question in old.questions}
    now = {question.function: question.exam for question in new.questions if not question.written}
    same = tuple(q for q in before.questions if q.function in now and asked.get(q.function) == now[q.function])
    return EarlierHandIn(same, before.at, before.submission) if same else None


def _summary(old: AssignmentResult) -> EarlierHandIn:
    questions = tuple(
        EarlierQuestion(
            question.function,
            question.score,
            tuple(check.name for check in question.checks if check.verdict is not Verdict.PASSED),
        )
        for question in old.questions
        if not question.written
    )
    return EarlierHandIn(questions, old.at, old.submission)
