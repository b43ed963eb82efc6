"""What the student of a wrong version reads: whether the page tells the cause first, or nothing, or what is false.

Each wrong version stands alone in right work, so that the cause is known: it lies in that function. What is claimed of
it is held against what was planted, and against the answers with another seed: what holds by chance does not again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from autograder.audit.subjects import Subject, SubjectKind
from autograder.feedback.causes import SYMPTOMS, first_steps, where_wrong
from autograder.feedback.student_page import FunctionView, assignment_view
from autograder.judging.finding import Finding, Plain
from autograder.judging.levels import Reveal
from autograder.judging.verdicts import Verdict
from autograder.records.record import QuestionResult, Result
from autograder.records.reveal import revealed

# What of a claim belongs to its cases alone.
OF_CASES = frozenset({"cases", "right", "digits"})


class Told(StrEnum):
    """What a page tells first of what is wrong."""

    CAUSE = "cause"
    CASE = "case"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class ToldCause:
    """What a page claims to be behind a failed function."""

    code: str
    about: tuple[tuple[str, str], ...] = ()
    mistakes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ", ".join(self.mistakes) or f"{self.code} {dict(self.about) or ''}".strip()


@dataclass(frozen=True, slots=True)
class Experience:
    """What the student of one wrong version reads.

    Args:
        subject: the wrong version.
        told: of the cause.
        first: the sentence that stands first.
        claims: by function.
    """

    subject: Subject
    told: Told
    first: str
    claims: Mapping[str, ToldCause]


def experience(subject: Subject, result: Result) -> Experience | None:
    """What the page of a record tells of a wrong version; None where it lost no points, and nothing is to be told."""
    shown = revealed(result, Reveal.HINT)
    views = [assignment_view(assignment) for assignment in shown.assignments]
    failed = {f.question.function: f for v in views for f in v.functions if not f.passed and not f.question.written}
    if not failed:
        return None
    claims = {name: claim for name, view in failed.items() if (claim := _claim(view.question)) is not None}
    steps = first_steps(views)
    if not steps:
        return Experience(subject, Told.NOTHING, "", claims)
    first = failed.get(steps[0].name)
    # A helper or a constant is no function that is asked for: whichever function tells of it first is right.
    if first is None or (subject.function in failed and first.question.function != subject.function):
        return Experience(subject, Told.NOTHING, steps[0].text, claims)
    return Experience(subject, _told(first, claims), steps[0].text, claims)


def _claim(question: QuestionResult) -> ToldCause | None:
    """The diagnosis of a function, in a form that can be compared."""
    found = next((check.diagnosis for check in question.checks if check.diagnosis is not None), None)
    if found is None:
        return None
    if question.mistakes:
        return ToldCause(found.code, mistakes=question.mistakes)
    return ToldCause(found.code, tuple(_plain(found)))


def _plain(found: Finding) -> list[tuple[str, str]]:
    pairs = [(key, _text(value)) for key, value in sorted(found.about.items()) if key not in OF_CASES]
    return pairs + ([("part", found.part.code)] if found.part is not None else [])


def _text(value: Plain) -> str:
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _told(view: FunctionView, claims: Mapping[str, ToldCause]) -> Told:
    question = view.question
    wrong = [check for check in question.checks if check.verdict is not Verdict.PASSED]
    codes = {check.finding.code for check in wrong if check.finding is not None}
    # Wherever the author's own judge speaks, it says why.
    if question.function in claims or codes - SYMPTOMS or where_wrong(view):
        return Told.CAUSE
    return (
        Told.CASE
        if any(check.example is not None and check.example.case is not None for check in wrong)
        else Told.NOTHING
    )


def false_claims(found: Experience, again: Experience | None) -> list[str]:
    """What a page claims and is not so: another mistake than the planted one, or what does not hold with other cases.

    Args:
        found: with one seed.
        again: the same version with another seed; None where it lost no points then.
    """
    told = []
    for function, claim in found.claims.items():
        planted = found.subject
        if planted.kind is SubjectKind.MISTAKE and claim.mistakes and planted.name not in claim.mistakes:
            told.append(f"{function}: told as {claim}")
        elif again is not None and again.claims.get(function) != claim:
            told.append(f"{function}: {claim}; with another seed {again.claims.get(function) or 'nothing is said'}")
    return told
