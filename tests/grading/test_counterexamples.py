"""A counterexample for every failed check: it shows the mistake, is no hidden case, and comes from a clean process."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from autograder.exam.exam import Exam, make_exam
from autograder.exam.fresh_cases import FIRST, MORE, SIMPLER, key_of
from autograder.feedback.messages import brief
from autograder.grading import counterexamples
from autograder.grading.counterexamples import ROUNDS, Counterexamples
from autograder.grading.grader import Grader
from autograder.grading.time_limits import limit_of, timed
from autograder.judging.counterexample import Counterexample
from autograder.judging.verdicts import Verdict
from autograder.records.record import CheckResult, Result
from autograder.sandbox.answers import Ended, Returned, SubmissionAnswers
from autograder.sandbox.call_plan import CallPlan
from autograder.sandbox.canary import best_tier, works
from autograder.sandbox.fresh_slot import FreshSlot
from autograder.sandbox.slot import Slot
from autograder.sandbox.tiers import Tier
from autograder.submissions import Submission, Work
from tests.feedback.course import WRONG
from tests.small import REFERENCE, SOLUTIONS
from tests.small.making import course, hand_in, run

ISOLATED = (Tier.A, Tier.A_MINUS, Tier.B)


class Asked(FreshSlot):
    """A fresh slot that remembers what it was asked, and what it was told to pass over."""

    def __init__(self, tier: Tier) -> None:
        super().__init__(tier)
        self.calls: list[dict[str, int]] = []
        self.skips: list[dict[int, Ended]] = []

    def run(self, plan: CallPlan, *arguments: Any) -> SubmissionAnswers:
        self.calls.append({question.function: len(question.calls) for question in plan.questions})
        self.skips.append(dict(arguments[-1]))
        return super().run(plan, *arguments)


class Place:
    """A slot for hidden cases, a fresh one, and exams of the small course."""

    def __init__(self, tier: Tier) -> None:
        self.slot, self.fresh = Slot(tier=tier), Asked(tier)
        self.examples = Counterexamples(self.fresh)

    def graded(self, source: str, exam: Exam | None = None, student: str = "anna") -> Result:
        exam = exam or make_exam(SOLUTIONS)
        self.fresh.calls, self.fresh.skips = [], []
        work = Work("squares.py", "squares", {"squares.py": source.encode()})
        grader = Grader(exam, self.slot, examples=self.examples)
        try:
            return grader.grade(Submission(student, {"b1_squares": work}, {}))[0]
        finally:
            grader.close()

    def close(self) -> None:
        self.slot.close()
        self.fresh.close()


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    made = Place(best_tier()[0])
    yield made
    made.close()


def failed(result: Result) -> dict[str, CheckResult]:
    found = {f"{q.function}.{c.name}": c for a in result.assignments for q in a.questions for c in q.checks}
    return {name: c for name, c in found.items() if c.verdict not in (Verdict.PASSED, Verdict.UNGRADED)}


def example_of(check: CheckResult) -> Counterexample:
    assert check.example is not None, f"{check.name} has no counterexample"
    return check.example


def shown(result: Result) -> dict[str, str]:
    return {name: msgspec.json.encode(check.example).decode() for name, check in failed(result).items()}


def test_the_code_of_an_example_does_what_is_said_of_it(place: Place) -> None:
    found = failed(place.graded(WRONG))
    assert len(found) >= 7, f"every function is wrong: {list(found)}"
    spaces: list[dict[str, Any]] = [{}, {}]
    for space, source in zip(spaces, (WRONG, REFERENCE), strict=True):
        exec(source, space)  # our own text
    compared = 0
    for name, check in found.items():
        example = example_of(check) if check.kind not in ("training", "derivation") else None
        if example is None or example.case is None or check.name in ("nothing", "negative"):
            continue
        assert example.evidence is not None, f"{name} must have code"
        for space, said in zip(spaces, (example.case.got, example.case.expected), strict=True):
            lines = example.evidence.code.splitlines()
            exec("\n".join([*lines[:-1], f"result = {lines[-1]}"]), space)  # our own text
            np.testing.assert_allclose(space["result"], eval(said or "", {"np": np}), rtol=1e-12, err_msg=name)
        compared += 1
    assert compared >= 5, f"several kinds were run: {compared}"


def test_an_example_is_small_and_simple(place: Place) -> None:
    found = failed(place.graded(REFERENCE.replace("np.sum(x**2)", "np.sum(np.abs(x))")))
    code = {name: example_of(check).evidence for name, check in found.items() if check.kind == "value"}
    evidence = code["total.numbers"]
    assert evidence is not None, "the case as code"
    # At 1 and -1 the two agree: what is simplest does not show the mistake, and something nearly as simple does.
    (numbers,) = re.findall(r"np\.array\(\[(.*)\]\)", evidence.code)
    assert len(numbers.split(", ")) <= 2, f"few numbers: {numbers}"
    assert all(len(number) <= 5 for number in numbers.split(", ")), f"short numbers: {numbers}"


def test_a_mistake_that_only_long_cases_show_is_shown_on_one_that_is_no_longer_than_needed(place: Place) -> None:
    source = REFERENCE.replace("np.sum(x**2)", "np.sum(x[:4] ** 2)")
    example = example_of(failed(place.graded(source))["total.numbers"])
    assert example.evidence is not None, "the case as code"
    (numbers,) = re.findall(r"np\.array\(\[(.*)\]\)", example.evidence.code)
    assert 5 <= len(numbers.split(", ")) <= 6, f"up to 4 numbers all is right: {numbers}"


def test_no_example_is_a_hidden_case(place: Place) -> None:
    exam = make_exam(SOLUTIONS)
    tried: list[bytes] = []
    take = counterexamples._Search.take

    def spy(search: Any, fresh: Any, answers: Any) -> None:
        tried.append(fresh.key)
        take(search, fresh, answers)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counterexamples._Search, "take", spy)
        place.graded(WRONG, exam)
    hidden = {
        key_of(case.arguments)
        for part in exam.parts
        for question in part.questions
        for check in question.checks
        for case in (*check.cases, *check.good_cases)
    }
    assert len(tried) > 30, f"cases were tried: {len(tried)}"
    assert not hidden & set(tried), "a hidden case was asked of the fresh slot"


def test_a_check_without_other_cases_says_so(place: Place) -> None:
    source = REFERENCE.replace("np.sum(x**2)", "np.sum(x**2) + (len(x) == 0)")
    example = example_of(failed(place.graded(source))["total.nothing"])
    assert example.case is None, "the only case there is is hidden"
    assert example.finding.code == "no_other_case", f"and why: {example.finding}"


def test_equal_submissions_get_equal_examples_whatever_the_seed_and_the_student(place: Place) -> None:
    one = shown(place.graded(WRONG, make_exam(SOLUTIONS, seed=1), "anna"))
    two = shown(place.graded(WRONG, make_exam(SOLUTIONS, seed=2), "berta"))
    assert len(one) >= 7, f"there is something to compare: {list(one)}"
    assert one == two, "an example hangs on the submission alone"


def test_right_work_starts_no_second_server() -> None:
    made = Place(best_tier()[0])
    try:
        result = made.graded(REFERENCE)
        assert not failed(result), "all is right"
        assert made.fresh.calls == [], "nothing is asked"
        assert made.fresh._slot is None, "and no server is started for it"
        stub = "".join(f"def {name}(*_): raise NotImplementedError\n" for name in ("total", "root", "fit", "bound"))
        made.graded(stub)
        assert made.fresh.calls == [], "nor for what is not written yet"
    finally:
        made.close()


@pytest.mark.parametrize("source", [WRONG, REFERENCE.replace("np.sum(x**2)", "np.sum(x**2) + (len(x) > 7) * 1e-3")])
def test_the_budget_is_kept(place: Place, source: str) -> None:
    result = place.graded(source)
    checks = {name.partition(".")[0]: 0 for name in failed(result)}
    for name in failed(result):
        checks[name.partition(".")[0]] += 1
    assert 1 <= len(place.fresh.calls) <= ROUNDS, f"so many runs for an assignment: {place.fresh.calls}"
    for asked in place.fresh.calls:
        for function, calls in asked.items():
            # A check of errors draws two cases each time, one of either sort.
            most = max(2 * FIRST + 3, MORE, SIMPLER + counterexamples.SMALLER) * checks[function]
            assert calls <= 2 * most, f"{function} was asked {calls} times"


SMUGGLER = """
import os, sys
import numpy as np

SEEN = []


def plans():
    found, frame = [], sys._getframe()
    while frame is not None:
        for value in list(frame.f_locals.values()):
            known = getattr(value, "plans", None)
            found += list(known.values()) if isinstance(known, dict) else []
            if isinstance(value, list) and value and isinstance(value[0], dict) and "calls" in value[0]:
                found.append(value)
        frame = frame.f_back
    return found


def numbers(value):
    if isinstance(value, np.ndarray):
        return value.ravel().tolist()
    if isinstance(value, (list, tuple)):
        return [number for part in value for number in numbers(part)]
    return [value] if isinstance(value, float) else []


def files(more):
    found = []
    for folder in (os.getcwd(), "/box", "/tmp", "/dev/shm", "/var/tmp", os.environ.get("HOME", "/")):
        path = os.path.join(folder, "left_for_later")
        try:
            with open(path) as file:
                found += [float(number) for number in file.read().split()]
        except (OSError, ValueError):
            pass
        try:
            with open(path, "a") as file:
                file.write(" ".join(map(repr, more)) + " ")
        except OSError:
            pass
    return found


def total(x):
    SEEN.extend(numbers(x))
    asked = [number for plan in plans() for question in plan for number in numbers(question["calls"])]
    return np.array(SEEN + asked + files(SEEN + asked))
"""


def hidden_numbers(exam: Exam) -> set[float]:
    cases = (c for part in exam.parts for q in part.questions for check in q.checks for c in check.cases)
    found: set[float] = set()
    for case in cases:
        for value in case.arguments:
            found |= set(np.ravel(np.asarray(value, dtype=float)).tolist())
    return {number for number in found if len(repr(number)) > 12}


@pytest.mark.slow
@pytest.mark.parametrize("tier", ISOLATED)
def test_a_submission_cannot_hand_on_what_it_saw_of_hidden_cases(tier: Tier, monkeypatch: pytest.MonkeyPatch) -> None:
    if reason := works(tier):
        pytest.skip(f"tier {tier} does not work here: {reason}")
    # The whole answer must be there to be searched.
    monkeypatch.setattr("autograder.judging.literals.MOST_ITEMS", 10**6)
    exam, made = make_exam(SOLUTIONS), Place(tier)
    try:
        twice = [failed(made.graded(SMUGGLER, exam))["total.numbers"] for _ in range(2)]
    finally:
        made.close()
    secrets = hidden_numbers(exam)
    assert len(secrets) > 40, f"there are secrets: {len(secrets)}"
    for check in twice:
        assert check.case is not None, "the hidden case is in the staff's record"
        told = {float(number) for number in re.findall(r"-?\d+\.\d+(?:e[+-]?\d+)?", check.case.got)}
        assert len(told & secrets) > 10, "this submission does tell the hidden numbers that it sees"
        example = msgspec.json.encode(example_of(check)).decode()
        fresh = {float(number) for number in re.findall(r"-?\d+\.\d+(?:e[+-]?\d+)?", example)}
        assert fresh, f"and the numbers that it sees of fresh cases: {example}"
        assert not fresh & secrets, f"hidden numbers reached a counterexample: {sorted(fresh & secrets)}"


def test_what_a_process_that_saw_hidden_cases_does_on_import_tells_the_fresh_one_nothing(place: Place) -> None:
    source = "import os\nif True:\n    os._exit(3)\n" + REFERENCE.replace("np.sum(x**2)", "np.sum(x**2) + 0.5")
    result = place.graded(source)
    assert any("ends the Python process" in note for note in result.assignments[0].notes), "a statement was passed over"
    assert place.fresh.skips[0] == {}, "which statements were passed over could spell a number"
    example = example_of(failed(result)["total.numbers"])
    assert example.case is not None, "the fresh process finds out by itself, and answers"


def test_what_each_kind_shows(place: Place) -> None:
    changes = REFERENCE.replace("float(np.sum(x**2))", "(x.sort(), x.__imul__(1.0), np.sum(x**2))[2] * 1.0")
    example = example_of(failed(place.graded(changes))["total.arguments_untouched"])
    before, after = example.finding.case["before"], example.finding.case["after"]
    assert example.finding.case["name"] == "x" and before != after, f"the argument before and after: {example.finding}"
    warns = REFERENCE.replace("float(np.sum(x**2))", "float(np.sum(x**2) + 0 * np.log(np.zeros(1))[0] ** -1)")
    example = example_of(failed(place.graded(warns))["total.no_warning"])
    assert "divide by zero" in str(example.finding.case["warning"]), f"the warning's own text: {example.finding}"
    swallows = REFERENCE.replace('raise ValueError("x must not be negative")', "return 0.0")
    example = example_of(failed(place.graded(swallows))["root.negative"])
    assert example.case is not None, "a case"
    assert (example.case.got, example.case.expected) == ("0.0", "ValueError"), f"what came and what should: {example}"
    strict = REFERENCE.replace("if x < 0.0", "if x < 0.5")
    example = example_of(failed(place.graded(strict))["root.negative"])
    assert example.case is not None, "a case"
    assert example.case.expected == "no ValueError", f"of a good case: {example.case}"
    broken = REFERENCE.replace('("<=", lambda', '("=", lambda')
    example = example_of(failed(place.graded(broken))["bound.two_numbers"])
    assert example.evidence is not None and example.evidence.chain is not None, "a derivation line by line"
    values = [line.value for line in example.evidence.chain.lines]
    assert None not in values and values[0] != values[1], f"with the values where it breaks: {values}"
    biased = place.graded(REFERENCE.replace("np.mean(x)", "np.max(x)"))
    assert failed(biased)["fit.sample"].example is None, "what the judge of a training says is all"


def test_a_rare_mistake_that_no_fresh_case_shows_is_said_to_be_so(place: Place) -> None:
    exam = make_exam(SOLUTIONS)
    (check,) = [c for c in exam.parts[0].questions[0].checks if c.check.name == "numbers"]
    rare = repr(float(check.cases[3].arguments[0][0]))
    source = REFERENCE.replace("np.sum(x**2)", f"np.sum(x**2) + (len(x) > 0 and x[0] == {rare})")
    example = example_of(failed(place.graded(source, exam))["total.numbers"])
    assert example.case is None, "only a hidden case has that number"
    assert example.finding.code == "on_none_of_these", f"{example.finding}"
    tried = example.finding.about["tried"]
    assert isinstance(tried, int) and tried >= MORE, f"how many were tried: {tried}"
    assert str(tried) in brief(example.finding), "and it is said"


def test_a_function_that_never_comes_back_is_shown_on_a_small_case(place: Place, tmp_path: Path) -> None:
    solutions = course(tmp_path / "solutions")
    questions = solutions / "b1_squares" / "questions.py"
    questions.write_text(questions.read_text() + '\nb1.limit("total", seconds=0.3)\n')
    source = REFERENCE.replace("return float(np.sum(x**2))", "while True: pass")
    found = failed(place.graded(source, make_exam(solutions)))
    first = found["total.numbers"]
    about = first.finding.about if first.finding else {}
    assert about == {"limit": 0.3, "numbers": 1}, f"the limit that was declared, and the size of the case: {about}"
    assert "stopped on a case of about 1 number after 0.3 s of processor time" in first.brief, first.brief
    example = example_of(first)
    assert example.case is not None, "a case on which it hangs"
    assert brief(example.finding) == "Does not come back: stopped after more than 0.3 s.", brief(example.finding)
    assert found["total.no_warning"].example is None, "a check that was never tried has none"
    assert "Was not tried" in found["total.no_warning"].brief, f"and says so: {found['total.no_warning'].brief}"


def test_a_limit_that_hangs_on_the_machine_is_told_by_its_rule() -> None:
    (question, *_) = make_exam(SOLUTIONS).parts[0].questions
    (check,) = [check for check in question.checks if check.check.name == "numbers"]
    answers = [Returned(0.0)] * 9 + [Ended("timeout", "the time limit was reached in total")]
    told = limit_of(question, check, check.check.kind.judge(check, [answers[-1]] * 10), answers)
    assert told == {"least": 2.0, "times": 50.0, "numbers": 12}, f"not in seconds, which differ each time: {told}"
    after = [Ended("timeout", "the time limit was reached in total", after=True)] * 10
    judged = check.check.kind.judge(check, after)
    assert judged.finding is not None, "a check that was never tried has failed"
    assert brief(timed(judged.finding, **told)) == "Was not tried: the function's time was over in an earlier check."
    right = [Returned(case.expected) for case in check.cases]
    assert limit_of(question, check, check.check.kind.judge(check, right), right) == {}, "no limit was reached"


@pytest.mark.parametrize("by_course", [True, False], ids=["by the course", "by the author of a check"])
def test_who_does_not_want_examples_gets_none(tmp_path: Path, by_course: bool) -> None:
    solutions = course(tmp_path / "solutions", top="counterexamples = false" if by_course else "")
    if not by_course:
        questions = solutions / "b1_squares" / "questions.py"
        text = questions.read_text()
        questions.write_text(text.replace('"total", points=2)', '"total", points=2, counterexample=False)'))
        assert questions.read_text() != text, "the declaration must be there"
    folder = hand_in(tmp_path / "submissions", {"anna": WRONG})
    found = failed(run(folder, tmp_path / "out", solutions).records[0])
    codes = {name: c.example.finding.code for name, c in found.items() if c.example and c.example.case is None}
    assert codes["total.numbers"] == "no_case_shown", f"it is said that none is shown: {codes}"
    others = [name for name, c in found.items() if c.example and c.example.case is not None]
    assert bool(others) is not by_course, f"the others have theirs, unless the course forbids all: {others}"


def test_a_setting_that_changes_what_is_shown_makes_records_stale(tmp_path: Path) -> None:
    folder = hand_in(tmp_path / "submissions", {"anna": WRONG})
    assert run(folder, tmp_path / "out", course(tmp_path / "one")).graded == 1, "graded"
    without = course(tmp_path / "two", top="counterexamples = false")
    assert run(folder, tmp_path / "out", without).graded == 1, "the records have examples that are not wanted any more"
