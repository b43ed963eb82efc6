"""The reveal policy: nothing of a hidden case is in any byte below `case`, nothing that is right below `full`."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace
from rich.console import Console

from autograder.course.settings import read_course
from autograder.exam.exam import make_exam
from autograder.exports.results_json import ResultsOptions, encoded, results_json
from autograder.feedback.comment import comment
from autograder.feedback.pages import student_page
from autograder.feedback.plain_report import plain
from autograder.feedback.terminal_report import print_student
from autograder.gradebook.final import final
from autograder.gradebook.marks_file import Marks
from autograder.judging.levels import Reveal
from autograder.judging.verdicts import Verdict
from autograder.records.record import CheckResult, Result, encode
from autograder.records.reveal import revealed
from tests.feedback.course import TELLING, WRONG, graded
from tests.small import SOLUTIONS
from tests.small.making import hand_in, run

BELOW_CASE = (Reveal.VERDICT, Reveal.HINT)


# The same verdicts whatever the seed, and values that carry all that the function is given.
CARRYING = WRONG.replace("return float(np.sum(x**2) + 0.5)", "return np.array([*x, 199 / 2])")


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, ...]:
    return tuple(graded(tmp_path_factory.mktemp("small"), {"telling": TELLING, "wrong": WRONG}))


def printed(result: Result, level: Reveal) -> str:
    out = io.StringIO()
    print_student(revealed(result, level), "course", Console(file=out, width=200))
    return out.getvalue()


def gradescope(result: Result, level: Reveal) -> str:
    found = final(result, Marks(), read_course(SOLUTIONS / "course.toml"))
    return encoded(results_json(found, found.score, ResultsOptions(reveal=level))).decode()


RENDERERS: dict[str, Callable[[Result, Reveal], str]] = {
    "page": lambda result, level: student_page(result, "course", level),
    "json": lambda result, level: encode(revealed(result, level)).decode(),
    "markdown": lambda result, level: comment(revealed(result, level), "course"),
    "terminal": printed,
    "gradescope": gradescope,
    "pdf": lambda result, level: msgspec.json.encode(plain(revealed(result, level), "course")).decode(),
}


def numbers(value: Any) -> Iterator[float]:
    """All numbers of a value that are long enough to be told from others."""
    if isinstance(value, np.ndarray):
        yield from (float(number) for number in value.ravel())
    elif isinstance(value, list | tuple):
        for item in value:
            yield from numbers(item)
    elif isinstance(value, dict):
        yield from numbers(list(value.values()))
    elif isinstance(value, float):
        yield value


def forms(number: float) -> set[str]:
    """A number as pages, JSON, tables and code may write it; only forms that no other number would have by chance."""
    size = abs(number)
    found = {repr(size), f"{size:.17g}", f"{size:.12f}", f"{size:.6e}", f"{size:.6g}", f"{size:.8g}", size.hex()}
    return {form for form in found if len(re.sub(r"[^0-9]", "", form.lstrip("0."))) >= 6}


def hidden() -> dict[str, set[str]]:
    """The forms of every number of every hidden case: arguments and expected values."""
    exam = make_exam(SOLUTIONS)
    arguments, expected = set(), set()
    for part in exam.parts:
        for question in part.questions:
            for check in question.checks:
                for case in (*check.cases, *check.good_cases):
                    arguments |= {form for number in numbers(case.arguments) for form in forms(number)}
                    expected |= {form for number in numbers(case.expected) for form in forms(number)}
    return {"arguments": arguments, "expected": expected - arguments}


def in_text(secrets: set[str], text: str) -> set[str]:
    """Secrets that stand in a text as whole numbers, not as a part of a longer one."""
    words = set(re.findall(r"[0-9a-fx][0-9a-fxp.+\-]*", text)) | set(re.findall(r"[0-9][0-9.]*(?:e[+-]?[0-9]+)?", text))
    return secrets & words


@pytest.mark.parametrize("name", RENDERERS)
@pytest.mark.parametrize("level", BELOW_CASE)
def test_nothing_of_a_hidden_case_is_in_the_bytes(records: tuple[Result, ...], name: str, level: Reveal) -> None:
    secrets = hidden()
    assert len(secrets["arguments"]) > 200, f"there must be secrets to look for: {len(secrets['arguments'])}"
    for record in records:
        text = RENDERERS[name](record, level)
        for what, forms_ in secrets.items():
            assert not in_text(forms_, text), f"{name} at {level} shows {what}: {sorted(in_text(forms_, text))[:3]}"
        for check in record.checks:
            if check.case and check.verdict is not Verdict.PASSED:
                told = {check.case.got, check.case.arguments, check.case.expected or ""}
                long = {each for each in told if len(each) > 12 and any(map(str.isdigit, each))}
                assert not any(each in text for each in long), f"{name} at {level} shows {long}"


@pytest.fixture(scope="module")
def by_seed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, ...]:
    """The same submission, examined on the hidden cases of two seeds."""
    home = tmp_path_factory.mktemp("seeds")
    submissions = hand_in(home / "submissions", {"carrying": CARRYING})
    return tuple(run(submissions, home / str(seed), seed=seed).records[0] for seed in (1, 2))


@pytest.mark.parametrize("name", RENDERERS)
@pytest.mark.parametrize("level", BELOW_CASE)
def test_what_students_get_does_not_hang_on_the_hidden_cases(
    by_seed: tuple[Result, Result], name: str, level: Reveal
) -> None:
    one, two = by_seed
    assert "return np.array([*x, 199 / 2])" in CARRYING, "the submission returns what it is given"
    assert [check.verdict for check in one.checks] == [check.verdict for check in two.checks], "the same verdicts"
    cases = [[check.case and check.case.arguments for check in record.checks] for record in by_seed]
    assert cases[0] != cases[1], "of other hidden cases"
    texts = [RENDERERS[name](record, level) for record in by_seed]
    assert texts[0] == texts[1], f"{name} at {level} tells something of the hidden cases"
    assert ("99.5" in texts[0]) is (level is Reveal.HINT), f"a counterexample is there from hint on: {name} at {level}"


@pytest.mark.parametrize("name", RENDERERS)
def test_from_case_on_the_hidden_cases_are_told(by_seed: tuple[Result, Result], name: str) -> None:
    texts = [RENDERERS[name](record, Reveal.CASE) for record in by_seed]
    assert texts[0] != texts[1], f"{name}: else the comparison above could not fail"


@pytest.mark.parametrize("name", RENDERERS)
def test_the_search_would_find_a_case_where_it_is_shown(records: tuple[Result, ...], name: str) -> None:
    wrong = [e for check in records[1].checks if check.evidence for e in check.evidence.elements if not e.right]
    assert len(wrong) >= 4, f"several numbers must be wrong: {wrong}"
    # A submission's own numbers may be seen, also where they are right.
    right = {form for e in wrong for form in forms(float(e.expected or 0.0))}
    case, full = (RENDERERS[name](records[1], level) for level in (Reveal.CASE, Reveal.FULL))
    assert in_text(hidden()["arguments"], case), f"{name} at case must show arguments"
    assert not in_text(right, case), f"{name} at case shows what is right: {in_text(right, case)}"
    assert in_text(right, full), f"{name} at full must show what is right"


def test_levels_only_ever_add(records: tuple[Result, ...]) -> None:
    for record in records:
        sizes = [len(encode(revealed(record, level))) for level in Reveal]
        assert sizes == sorted(sizes), f"{record.student}: each level shows what those before it show: {sizes}"
        assert len(set(sizes)) == len(sizes), f"{record.student}: each level shows more than the one before: {sizes}"


def failed(result: Result, function: str) -> CheckResult:
    checks = [c for a in result.assignments for q in a.questions if q.function == function for c in q.checks]
    return next(check for check in checks if check.verdict is not Verdict.PASSED)


def test_what_each_level_shows(records: tuple[Result, ...]) -> None:
    wrong = records[1]
    by_level = {level: revealed(wrong, level) for level in Reveal}
    for level in Reveal:
        check = failed(by_level[level], "total_grad")
        assert check.verdict is Verdict.FAILED, "the verdict is shown at every level"
        assert bool(check.brief) == (level is not Reveal.VERDICT), f"the brief at {level}: {check.brief!r}"
        assert (check.case is not None) == (level in (Reveal.CASE, Reveal.FULL)), f"the case at {level}"
        assert bool(check.message) == (level is Reveal.FULL), f"the message tells what is right: {level}"
        assert (check.example is not None) == (level is not Reveal.VERDICT), f"the counterexample at {level}"
    seen = failed(by_level[Reveal.CASE], "total_grad")
    assert seen.case is not None
    assert seen.evidence is not None
    assert seen.case.expected is None, "what is right is for full"
    assert seen.evidence.elements, "what came back is shown number by number"
    assert all(element.expected is None for element in seen.evidence.elements), "what is right is for full"
    hinted = failed(by_level[Reveal.HINT], "bound").evidence
    assert hinted is not None
    assert hinted.chain is not None, "which link breaks is no secret"
    assert hinted.chain.at == 2, f"the second line is reached by the broken link: {hinted.chain}"
    assert all(line.value is None for line in hinted.chain.lines), "the values belong to a case"


def test_curves_are_students_values_from_case_and_right_ones_from_full(records: tuple[Result, ...]) -> None:
    curves = {level: revealed(records[1], level).assignments[0].questions[0].curves for level in Reveal}
    assert not curves[Reveal.VERDICT], "no picture"
    assert not curves[Reveal.HINT], "what came back could carry a case"
    assert curves[Reveal.CASE][0].got, "the student's own curve"
    assert not curves[Reveal.CASE][0].expected, "the right curve is an answer"
    assert curves[Reveal.FULL][0].expected == tuple(x**2 for x in curves[Reveal.FULL][0].over), "the right curve"
    assert curves[Reveal.FULL][0].got == tuple(x**2 + 0.5 for x in curves[Reveal.FULL][0].over), "the student's"


def test_a_checks_own_level_stands_above_the_courses(records: tuple[Result, ...]) -> None:
    wrong = records[1]
    (assignment,) = wrong.assignments
    first, *others = assignment.questions
    open_check = replace(first.checks[0], reveal=Reveal.CASE)
    first = replace(first, checks=(open_check, *first.checks[1:]))
    record = replace(wrong, assignments=(replace(assignment, questions=(first, *others)),))
    seen = revealed(record, Reveal.VERDICT).assignments[0].questions[0].checks
    assert seen[0].case is not None, "this check is declared with reveal='case'"
    assert seen[0].case.expected is None, "and no more than that"
    assert all(check.case is None for check in seen[1:]), "the others follow the course"
    strict = replace(first, checks=tuple(replace(check, reveal=Reveal.VERDICT) for check in first.checks))
    record = replace(wrong, assignments=(replace(assignment, questions=(strict, *others)),))
    seen = revealed(record, Reveal.FULL).assignments[0].questions[0].checks
    assert all(not check.brief and check.case is None for check in seen), "a stricter check is obeyed too"


def test_staffs_words_stay_with_the_staff(records: tuple[Result, ...]) -> None:
    record = records[1]
    (assignment,) = record.assignments
    assignment = replace(
        assignment,
        unusual=("imports socket",),
        questions=tuple(replace(q, mistakes=("sum_of_cubes",)) for q in assignment.questions),
    )
    record = replace(record, assignments=(assignment,), grader_error="Traceback: secret_seed")
    for level in Reveal:
        seen = encode(revealed(record, level)).decode()
        for staff in ("imports socket", "sum_of_cubes", "secret_seed"):
            assert staff not in seen, f"{staff!r} is shown at {level}"
        criteria = [c.title for q in assignment.questions if q.written for c in q.checks]
        assert criteria, "the small course has a written answer"
        assert not any(title in seen for title in criteria), f"before marking, a criterion tells: {criteria}"


def test_criteria_are_told_once_a_person_has_graded(records: tuple[Result, ...]) -> None:
    (assignment,) = records[1].assignments
    question = next(q for q in assignment.questions if q.written)
    done = replace(question, checks=tuple(replace(c, verdict=Verdict.PASSED, points=1.0) for c in question.checks))
    record = replace(records[1], assignments=(replace(assignment, questions=(done,)),))
    seen = revealed(record, Reveal.HINT).assignments[0].questions[0]
    assert [c.title for c in seen.checks] == [c.title for c in question.checks], "marked criteria are feedback"


def test_the_record_itself_is_left_alone(records: tuple[Result, ...]) -> None:
    before = encode(records[1])
    revealed(records[1], Reveal.VERDICT)
    assert encode(records[1]) == before, "revealed is pure"
    once = revealed(records[1], Reveal.HINT)
    assert revealed(once, Reveal.HINT) == once, "twice is once"


def test_files_for_students_obey_the_course(tmp_path: Path) -> None:
    results = graded(tmp_path, {"wrong": WRONG})
    page = (tmp_path / "out" / "feedback" / "wrong.html").read_text()
    data = (tmp_path / "out" / "feedback" / "wrong.json").read_bytes()
    assert data == encode(revealed(results.records[0], Reveal.HINT)), "the small course's level is the default, hint"
    assert page == student_page(results.records[0], "A small course", Reveal.HINT), "and so is the page's"
