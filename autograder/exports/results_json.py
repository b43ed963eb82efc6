"""Gradescope's results.json, made in this one place: for its container, for otter, and for exports.

After https://gradescope-autograders.readthedocs.io/en/latest/specs/. The reveal policy is applied here, so that no
caller can forget it. All texts are "text", never HTML or Markdown, since students' work is in them.
"""

import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any

import msgspec

from autograder import __version__
from autograder.feedback.plain_report import case_lines, since_lines
from autograder.feedback.signs import sign_of, sign_of_question
from autograder.files.visible import visible
from autograder.gradebook.final import Final
from autograder.judging.levels import Reveal
from autograder.judging.verdicts import Verdict
from autograder.records.record import AssignmentResult, CheckResult, QuestionResult, points
from autograder.records.reveal import revealed

# Of one text: more is no help to anyone, and previous results are sent along with each later submission.
MOST_TEXT = 10_000
NOT_YOUR_FAULT = (
    "The autograder itself failed on this submission. That is not your fault, and no score was recorded. "
    "What you handed in is kept; the staff of the course see what happened and can run the autograder again."
)
Fields = dict[str, Any]


class Visibility(StrEnum):
    """When students see a test, as Gradescope names it."""

    VISIBLE = "visible"
    AFTER_DUE_DATE = "after_due_date"
    AFTER_PUBLISHED = "after_published"
    HIDDEN = "hidden"


class ResultsOptions(msgspec.Struct, frozen=True):
    """How results are shown.

    Args:
        reveal: the course's level.
        hidden: when students see the hidden checks.
        leaderboard: whether scores are compared in public.
    """

    reveal: Reveal = Reveal.HINT
    hidden: Visibility = Visibility.AFTER_PUBLISHED
    leaderboard: bool = False


class PublicTest(msgspec.Struct, frozen=True):
    """A public check, for no points: its students have it, so that they see at once how it went."""

    name: str
    passed: bool
    text: str = ""


def results_json(
    final: Final,
    score: float | None,
    look: ResultsOptions,
    names: Sequence[str] | None = None,
    public: Sequence[PublicTest] = (),
    facts: Fields | None = None,
) -> Fields:
    """The fields of results.json.

    Args:
        final: the record with marks and the course's policy.
        score: the total that counts; None where the grader failed, which is no zero.
        look: how they are shown.
        names: of the assignments to show; default all.
        public: what the public checks gave.
        facts: more of the top level: `execution_time`, `extra_data`.
    """
    if score is None:
        return withheld(final.record.grader_error or "the grader gave no score")
    seen = revealed(final.record, look.reveal)
    chosen = [part for part in seen.assignments if names is None or part.name in names]
    tests = [_handed_in(part, len(chosen) > 1) for part in chosen]
    tests += [_public(test) for test in public]
    for part in chosen:
        tests += _tests(part, look, part.title if len(chosen) > 1 else "")
    for number, test in enumerate(tests, start=1):
        test["number"] = str(number)
    made = {
        "score": score,
        "output": _text(_output(chosen, [*since_lines(seen), *seen.notes, *final.applied])),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": str(Visibility.VISIBLE),
        "stdout_visibility": str(Visibility.HIDDEN),
        "tests": tests,
        "extra_data": {"autograder": __version__},
        **(facts or {}),
    }
    if look.leaderboard:
        made["leaderboard"] = [{"name": "Score", "value": score}]
    return made


def withheld(reason: str) -> Fields:
    """Where the grader itself failed: no score at all, a word to the student, and the reason for staff alone."""
    return {
        "output": NOT_YOUR_FAULT,
        "output_format": "text",
        "visibility": str(Visibility.VISIBLE),
        "stdout_visibility": str(Visibility.HIDDEN),
        "tests": [
            {
                "name": "The autograder failed (staff only)",
                "status": "failed",
                "output": _text(reason, end=True),
                "output_format": "text",
                "visibility": str(Visibility.HIDDEN),
            }
        ],
    }


def encoded(fields: Fields) -> bytes:
    """As bytes of a file.

    Raises:
        ValueError: a number is not finite, which JSON has no word for.
    """
    text = json.dumps(fields, allow_nan=False, indent=2, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _text(text: str, end: bool = False) -> str:
    """A text as it may be shown; a long one is cut, with its end kept where that says more."""
    shown = visible(text)
    if len(shown) <= MOST_TEXT:
        return shown
    left_out = f"[{len(shown) - MOST_TEXT:,} more characters]"
    return f"{left_out}\n{shown[-MOST_TEXT:]}" if end else f"{shown[:MOST_TEXT]}\n{left_out}"


def _output(parts: Sequence[AssignmentResult], notes: Sequence[str]) -> str:
    """What concerns the whole submission."""
    waiting = [
        question for part in parts for question in part.questions if question.written and _waits(question.checks)
    ]
    lines = list(notes)
    lines += [f"{part.title}: {note}" for part in parts for note in part.notes]
    if waiting:
        most = points(sum(question.max_score for question in waiting))
        told = f"{len(waiting)} written answers wait" if len(waiting) > 1 else "1 written answer waits"
        lines.append(f"{told} for a person: {most} points, not in this score.")
    return "\n".join(lines)


def _waits(checks: Sequence[CheckResult]) -> bool:
    return any(check.verdict is Verdict.UNGRADED for check in checks)


def _test(name: str, passed: bool, text: str, visibility: Visibility, **more: Any) -> Fields:
    return {
        "name": _text(name),
        "status": "passed" if passed else "failed",
        "output": _text(text),
        "output_format": "text",
        "visibility": str(visibility),
        **more,
    }


def _handed_in(part: AssignmentResult, several: bool) -> Fields:
    """Whether there is something to grade: said at once, since it can still be mended."""
    name = f"{part.title}: can be graded" if several else "Can be graded"
    return _test(name, not part.problem, part.problem or f"{part.file} was graded.", Visibility.VISIBLE)


def _public(test: PublicTest) -> Fields:
    return _test(f"Public: {test.name}", test.passed, test.text, Visibility.VISIBLE, tags=["public"])


def _tests(part: AssignmentResult, look: ResultsOptions, title: str) -> Iterator[Fields]:
    """A test for each check; written answers only once a person has marked them."""
    for question in part.questions:
        if question.written and _waits(question.checks):
            continue
        above = f"{title}: " if title else ""
        name = question.function.replace("written_", "Written answer ") if question.written else question.function
        name = f"{above}{name}"
        if abs(question.score - sum(check.points for check in question.checks)) > 1e-6:
            # A person gave points in place of those of the checks.
            sign = sign_of_question(question)
            text = "\n".join(part for part in (f"{sign.shape} {sign.words}", question.comment) if part)
            yield _scored(name, question.score, question.max_score, text, look.hidden)
            continue
        for check in question.checks:
            yield _scored(f"{name}: {check.title}", check.points, check.max_points, _told(question, check), look.hidden)


def _scored(name: str, score: float, most: float, text: str, visibility: Visibility) -> Fields:
    return _test(name, score >= most, text, visibility, score=score, max_score=most)


def _told(question: QuestionResult, check: CheckResult) -> str:
    """What the policy has left of a check: verdict, hint, and further lines where it has."""
    sign = sign_of(check)
    lines = [f"{sign.shape} {sign.words}"]
    if check.verdict is not Verdict.PASSED or question.written:
        lines += dict.fromkeys(text for text in (check.hint, check.brief) if text)
    if check.verdict is not Verdict.PASSED:
        lines += case_lines(question.function, check)
    return "\n".join(lines)
