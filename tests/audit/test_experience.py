"""What the student of a wrong version reads, and what of it is not so."""

import pytest

from autograder.audit.experience import Experience, Told, ToldCause, experience, false_claims
from autograder.audit.findings import Counter
from autograder.audit.standards import Standards
from autograder.audit.subjects import Subject, SubjectKind
from autograder.audit.trials import PageReading
from autograder.records.record import Result, decode
from tests.small import REFERENCE
from tests.small.making import WRONG, hand_in, run


def subject(function: str = "total", kind: SubjectKind = SubjectKind.WRONG, name: str = "planted") -> Subject:
    return Subject("b1_squares", kind, name, function, "squares", {})


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    home = tmp_path_factory.mktemp("read")
    works = {
        "right": REFERENCE,
        "half": REFERENCE.replace("np.sum(x**2)", "np.sum(x**2) / 2"),
        "more": REFERENCE.replace("np.sum(x**2)", "np.sum(x**2) + 0.5"),
        "wrong": WRONG,
        "raises": REFERENCE.replace("return float(np.sum(x**2))", "return float(np.summ(x**2))"),
    }
    run(hand_in(home / "submissions", works), home / "out")
    return {name: decode((home / "out" / "results" / f"{name}.json").read_bytes()) for name in works}


def read(result: Result, planted: Subject | None = None) -> Experience:
    found = experience(planted or subject(), result)
    assert found is not None, "it lost points"
    return found


def test_of_right_work_there_is_nothing_to_read(results: dict[str, Result]) -> None:
    assert experience(subject(), results["right"]) is None, "no page tells of a fault"


def test_a_relation_an_exception_and_a_place_are_causes(results: dict[str, Result]) -> None:
    half = read(results["half"])
    assert half.told is Told.CAUSE and half.claims["total"].code == "times", f"half of what is right: {half}"
    more = read(results["more"])
    assert more.told is Told.CAUSE and "0.5 more" in more.first, f"what is added: {more}"
    raised = read(results["raises"])
    assert raised.told is Told.CAUSE and "AttributeError" in raised.first, f"the exception and its line: {raised}"
    wrong = read(results["wrong"])
    assert wrong.told is Told.CAUSE and "what is special there?" in wrong.first, f"right on no number at all: {wrong}"


def test_a_cause_in_another_function_than_the_planted_one_is_none(results: dict[str, Result]) -> None:
    elsewhere = experience(subject("total_grad"), results["half"])
    assert elsewhere is not None, "points are lost"
    assert elsewhere.told is Told.NOTHING or "total_grad" not in elsewhere.claims, f"{elsewhere}"


def told(claim: ToldCause | None, kind: SubjectKind = SubjectKind.WRONG) -> Experience:
    return Experience(subject(kind=kind), Told.CAUSE, "", {} if claim is None else {"total": claim})


def test_a_claim_is_false_that_names_another_mistake_or_does_not_hold_again() -> None:
    named = told(ToldCause("known_mistake", mistakes=("other",)), SubjectKind.MISTAKE)
    assert false_claims(named, None) == ["total: told as other"], "another mistake was planted"
    right = told(ToldCause("known_mistake", mistakes=("planted",)), SubjectKind.MISTAKE)
    assert false_claims(right, right) == [], "this one was"
    twice = told(ToldCause("times", (("factor", "2"),)))
    assert false_claims(twice, twice) == [], "it holds with another seed too"
    for again in (told(None), told(ToldCause("times", (("factor", "-1"),)))):
        assert len(false_claims(twice, again)) == 1, f"it does not hold again: {again.claims}"


def test_readings_are_counted_and_held_against_the_standards() -> None:
    counter = Counter({("b1_squares", "total"): {}})
    for each in (Told.CAUSE, Told.CAUSE, Told.CASE, Told.NOTHING):
        counter.add_reading(PageReading(subject(), Experience(subject(), each, "a sentence", {})))
    counter.add_reading(PageReading(subject(), None))
    counter.add_reading(PageReading(subject(), Experience(subject(), Told.CAUSE, "", {}), ("total: times",)))
    found = counter.findings(Standards(alternatives=0))
    assert found.shares["first"] == 3 / 5, f"three of five tell the cause: {found.shares}"
    assert found.shares["nothing"] == pytest.approx(1 / 5), f"one tells nothing: {found.shares}"
    assert found.shares["false"] == pytest.approx(1 / 5), f"one is wrong: {found.shares}"
    for words in ("tell the cause first", "tell nothing", "claim what is not so"):
        assert any(words in problem for problem in found.problems), f"{words}: {found.problems}"
