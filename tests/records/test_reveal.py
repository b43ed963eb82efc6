"""What each level takes out of a record, on records made up for it: every field that could hold something is filled."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from autograder.judging.evidence import Chain, ChainLine, Element, Evidence
from autograder.judging.finding import Finding
from autograder.judging.judgement import SmallestCase
from autograder.judging.levels import Reveal
from autograder.judging.verdicts import Verdict
from autograder.records.record import (
    AssignmentResult,
    CheckResult,
    CurveResult,
    QuestionResult,
    Result,
    SourceFile,
    encode,
)
from autograder.records.reveal import at_least, revealed

BELOW_CASE = (Reveal.VERDICT, Reveal.HINT)
BELOW_FULL = (Reveal.VERDICT, Reveal.HINT, Reveal.CASE)

PART = Finding(Verdict.FAILED, "of_part", {"open": "part-open"}, {"hidden": "part-hidden"})
FOUND = Finding(Verdict.FAILED, "wrong", {"open": "found-open"}, {"hidden": "found-hidden"}, PART)
NOTE = Finding(Verdict.FAILED, "note", {"open": "note-open"}, {"hidden": "note-hidden"})
CAUSE = Finding(Verdict.FAILED, "cause", {"open": "cause-open"})
STATEMENT = Finding(Verdict.RAISED, "statement", {"open": "statement-open"}, {"hidden": "statement-hidden"})
LINES = (ChainLine("", 1.5, "reason-1"), ChainLine("=", 2.5, "reason-2"))
EVIDENCE = Evidence(
    file="f.py",
    line=7,
    code="case-code",
    elements=(Element("a", 3.5, 4.5, False), Element("b", 5.5, 5.5, True)),
    count=2,
    chain=Chain(LINES, at=2, link=True, ends=(6.5, 7.5)),
)
CASE = SmallestCase("case-arguments", "case-got", "case-expected", "case-error", FOUND)
FAILED = CheckResult(
    "values",
    "Is right",
    Verdict.FAILED,
    0.5,
    2.0,
    message="the-message",
    hint="the-hint",
    brief="the-brief",
    case=CASE,
    kind="gradient",
    evidence=EVIDENCE,
    finding=FOUND,
    failing=(3, 9),
    notes=(NOTE,),
    diagnosis=CAUSE,
)
PASSED = replace(FAILED, name="passes", verdict=Verdict.PASSED)
CURVE = CurveResult("curve-title", "x", False, (0.0, 1.0), (8.5, None), (9.5, 10.5))


def record(*checks: CheckResult, written: bool = False, **given: Any) -> Result:
    question = QuestionResult(
        "written_1" if written else "f", 0.5, 2.0, checks, written=written, mistakes=("sum_of_cubes",), curves=(CURVE,)
    )
    assignment = AssignmentResult(
        "a1",
        "The first",
        0.5,
        2.0,
        (question,),
        file="f.py",
        problem="the-problem",
        notes=("the-note",),
        sources=(SourceFile("f.py", "the-source"),),
        unusual=("imports socket",),
        failure=STATEMENT,
        failed_statements=(STATEMENT, replace(STATEMENT, part=PART)),
    )
    return replace(Result("anna", 0.5, 2.0, (assignment,), grader_error="a traceback"), **given)


def check_of(result: Result) -> CheckResult:
    ((check,),) = (question.checks for question in result.assignments[0].questions)
    return check


def shown(check: CheckResult, level: Reveal) -> CheckResult:
    return check_of(revealed(record(check), level))


def test_levels_stand_in_order() -> None:
    order = [Reveal.VERDICT, Reveal.HINT, Reveal.CASE, Reveal.FULL]
    for place, level in enumerate(order):
        found = [at_least(level, other) for other in order]
        assert found == [other <= place for other in range(4)], f"{level} shows what those before it show: {found}"


def test_at_level_verdict_a_failed_check_is_its_verdict_and_points() -> None:
    bare = CheckResult("values", "Is right", Verdict.FAILED, 0.5, 2.0, kind="gradient")
    assert shown(FAILED, Reveal.VERDICT) == bare, "no word, no hint, no cause, no case, no picture, no place"


def test_at_level_hint_nothing_of_a_case_is_shown() -> None:
    found = shown(FAILED, Reveal.HINT)
    assert (found.hint, found.brief, found.diagnosis) == ("the-hint", "the-brief", CAUSE), "what may always be told"
    assert (found.message, found.case, found.failing) == ("", None, None), f"what tells of a case may not: {found}"
    assert found.finding == Finding(Verdict.FAILED, "wrong", {"open": "found-open"}, {}, replace(PART, case={})), (
        f"of the finding and of its part, what is open: {found.finding}"
    )
    assert found.notes == (replace(NOTE, case={}),), f"of notes, what is open: {found.notes}"
    relations = (ChainLine("", None, ""), ChainLine("=", None, ""))
    assert found.evidence == Evidence("f.py", 7, chain=Chain(relations, at=2, link=True, ends=None)), (
        f"the place and the broken link are the student's own, values are not: {found.evidence}"
    )


def test_at_level_case_the_answer_is_shown_and_never_what_is_right() -> None:
    found = shown(FAILED, Reveal.CASE)
    assert found.case == SmallestCase("case-arguments", "case-got"), f"arguments, and what came back: {found.case}"
    assert found.evidence == replace(
        EVIDENCE,
        elements=(Element("a", 3.5, None, False), Element("b", 5.5, None, True)),
        chain=Chain(LINES, at=2, link=True, ends=None),
    ), f"the student's numbers and lines: {found.evidence}"
    assert (found.message, found.failing) == ("", None), f"the message tells what is right in one sentence: {found}"
    assert (found.hint, found.brief, found.diagnosis) == ("the-hint", "the-brief", CAUSE), (
        f"and what hint shows: {found}"
    )
    assert found.finding is not None and found.finding.case == {}, f"of the finding, what is open: {found.finding}"


def test_at_level_full_a_check_is_shown_whole() -> None:
    assert shown(FAILED, Reveal.FULL) == FAILED, "everything is shown"


@pytest.mark.parametrize("level", Reveal)
def test_a_passed_check_is_shown_whole_at_every_level(level: Reveal) -> None:
    assert shown(PASSED, level) == PASSED, f"there is nothing to guess from it: {level}"


@pytest.mark.parametrize("level", Reveal)
def test_what_is_not_there_is_not_invented(level: Reveal) -> None:
    bare = CheckResult("values", "Is right", Verdict.RAISED, 0.0, 2.0, evidence=Evidence("f.py", 7))
    wanted = replace(bare, evidence=None) if level is Reveal.VERDICT else bare
    assert shown(bare, level) == wanted, f"a check without case and chain at {level}"
    empty = CheckResult("values", "Is right", Verdict.RAISED, 0.0, 2.0)
    assert shown(empty, level) == empty, f"a check without evidence at {level}"
    plain = replace(record(empty), assignments=(replace(record(empty).assignments[0], failure=None),))
    assert revealed(plain, level).assignments[0].failure is None, f"an assignment without failure at {level}"


@pytest.mark.parametrize("own", Reveal)
@pytest.mark.parametrize("policy", Reveal)
def test_a_checks_own_level_stands_above_the_courses(own: Reveal, policy: Reveal) -> None:
    check = replace(FAILED, reveal=own)
    assert shown(check, policy) == replace(shown(FAILED, own), reveal=own), f"its own {own} under {policy}"


@pytest.mark.parametrize("level", Reveal)
def test_curves_are_the_students_from_case_and_the_right_ones_from_full(level: Reveal) -> None:
    found = revealed(record(FAILED), level).assignments[0].questions[0].curves
    wanted = {Reveal.CASE: (replace(CURVE, expected=()),), Reveal.FULL: (CURVE,)}
    assert found == wanted.get(level, ()), f"at {level}: {found}"


@pytest.mark.parametrize("level", Reveal)
def test_staffs_words_and_hidden_cases_are_taken_out_of_the_rest(level: Reveal) -> None:
    found = revealed(record(FAILED), level)
    (assignment,) = found.assignments
    assert found.grader_error == "", f"a traceback of ours is for maintainers: {found.grader_error}"
    assert assignment.unusual == (), f"what looks odd is for staff: {assignment.unusual}"
    assert assignment.questions[0].mistakes == (), "names of the catalogue may say what is right"
    assert assignment.failure == replace(STATEMENT, case={}), f"of a failed import, what is open: {assignment.failure}"
    assert assignment.failed_statements == (
        replace(STATEMENT, case={}),
        replace(STATEMENT, case={}, part=replace(PART, case={})),
    ), f"of a failed statement, what is open: {assignment.failed_statements}"
    kept = replace(record(FAILED).assignments[0], questions=(), unusual=(), failure=None, failed_statements=())
    assert replace(assignment, questions=(), failure=None, failed_statements=()) == kept, f"and all else: {assignment}"
    assert (found.student, found.score, found.max_score) == ("anna", 0.5, 2.0), f"scores are shown: {found}"


@pytest.mark.parametrize("level", Reveal)
def test_a_criterion_is_told_once_a_person_has_marked_it(level: Reveal) -> None:
    waiting = CheckResult("criterion_1", "Says why", Verdict.UNGRADED, 0.0, 1.0, message="the-message")
    marked = replace(waiting, verdict=Verdict.FAILED, name="criterion_2")
    found = revealed(record(waiting, marked, written=True), level).assignments[0].questions[0]
    assert found.checks == (replace(waiting, title="Criterion 1"), marked), f"what it asks for is an answer: {found}"
    assert found.mistakes == (), f"and no name of a mistake is shown: {found}"
    again = revealed(record(marked, waiting, written=True), level).assignments[0].questions[0]
    assert again.checks[1].title == "Criterion 2", f"criteria are counted from 1: {again}"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif not isinstance(value, bool):
        yield str(value)


@pytest.mark.parametrize("level", BELOW_FULL)
def test_nothing_else_slips_through(level: Reveal) -> None:
    """By the bytes: none of the texts and numbers above that a level must not show is anywhere in what it shows."""
    case = {"case-arguments", "case-got", "case-code", "reason-1", "reason-2", "1.5", "2.5", "3.5", "8.5"}
    right = {"case-expected", "case-error", "the-message", "4.5", "6.5", "7.5", "9.5", "10.5"}
    hidden = {"found-hidden", "part-hidden", "note-hidden", "statement-hidden", "a traceback", "imports socket"}
    seen = set(_texts(json.loads(encode(revealed(record(FAILED), level)))))
    forbidden = hidden | right | (case if level in BELOW_CASE else set())
    assert not forbidden & seen, f"{level} shows {forbidden & seen}"
    everything = set(_texts(json.loads(encode(record(FAILED)))))
    assert forbidden <= everything, f"the record must hold what is looked for: {forbidden - everything}"
