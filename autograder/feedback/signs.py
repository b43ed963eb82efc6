"""Verdicts for people: a shape, words and a tone for each; colour is never the only sign."""

from dataclasses import dataclass

from autograder.judging.verdicts import Verdict
from autograder.records.record import CheckResult, QuestionResult


@dataclass(frozen=True, slots=True)
class Sign:
    """A verdict for people: a shape, words, and a class for the colour."""

    shape: str
    words: str
    tone: str


SIGNS = {
    Verdict.PASSED: Sign("✓", "passed", "good"),
    Verdict.FAILED: Sign("✗", "wrong value", "bad"),
    Verdict.WRONG_TYPE: Sign("✗", "wrong type or shape", "bad"),
    Verdict.RAISED: Sign("!", "raised an error", "bad"),
    Verdict.TIMEOUT: Sign("»", "too slow", "bad"),
    Verdict.MEMORY: Sign("▣", "too much memory", "bad"),
    Verdict.CRASHED: Sign("☓", "ended the process", "bad"),
    Verdict.MISSING: Sign("○", "not found", "bad"),
    Verdict.UNGRADED: Sign("…", "waits for a person", "wait"),
    Verdict.GRADER_ERROR: Sign("?", "grader error: not your fault", "wait"),
}
NOT_WRITTEN = Sign("○", "not written yet", "bad")
HALF = Sign("◐", "partly right", "wait")
GIVEN = Sign("✓", "given", "good")
NOT_GIVEN = Sign("–", "not given", "bad")


def sign_of(check: CheckResult) -> Sign:
    """The sign of one check."""
    if check.kind == "criterion":
        if check.verdict is Verdict.UNGRADED:
            return SIGNS[Verdict.UNGRADED]
        return GIVEN if check.points >= check.max_points else HALF if check.points > 0 else NOT_GIVEN
    if check.verdict is Verdict.RAISED and "NotImplementedError" in check.brief:
        return NOT_WRITTEN
    return SIGNS[check.verdict]


def sign_of_question(question: QuestionResult) -> Sign:
    """The sign of a function or written answer: its first check that is not as it should be."""
    if question.written and not any(check.verdict is Verdict.UNGRADED for check in question.checks):
        full, none = question.score >= question.max_score, question.score <= 0
        return GIVEN if full else NOT_GIVEN if none else HALF
    return next((sign_of(c) for c in question.checks if c.verdict is not Verdict.PASSED), SIGNS[Verdict.PASSED])
