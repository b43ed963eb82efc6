"""The class in numbers, held against what they are by definition."""

import numpy as np
import pytest
from msgspec.structs import replace

from autograder.feedback import class_numbers
from autograder.feedback.pages import class_page
from autograder.judging.verdicts import Verdict
from tests.feedback.making import check, question, random_class, record


def test_item_analysis_is_what_its_names_say() -> None:
    records = random_class(400)
    by_name = {item.name: item for item in class_numbers.items(records)["a1_first"]}
    for name, item in by_name.items():
        own = np.array([q.score for r in records for q in r.assignments[0].questions if q.function == name])
        rest = np.array([r.score or 0.0 for r in records]) - own
        assert item.difficulty == pytest.approx(own.mean()), f"{name}: the mean share of the points"
        assert item.passed == int(own.sum()), f"{name}: how many have all points"
        assert item.discrimination == pytest.approx(np.corrcoef(own, rest)[0, 1]), f"{name}: against all other points"
    assert (by_name["hard"].discrimination or 0) > 0.2, "what follows ability tells students apart"
    assert abs(by_name["noise"].discrimination or 0) < 0.2, "what follows nothing does not"
    assert by_name["easy"].difficulty > by_name["hard"].difficulty, "the easy one is easier"


def test_an_item_analysis_that_means_nothing_is_left_out() -> None:
    few = class_numbers.items(random_class(5))["a1_first"]
    assert all(item.discrimination is None for item in few), f"five students say nothing: {few}"
    same = class_numbers.items([record(f"s{i}", [question("f", [check("c", 1.0)])]) for i in range(50)])["a1_first"]
    assert same[0].discrimination is None, "what does not vary correlates with nothing"


def test_what_has_no_points_yet_is_not_counted() -> None:
    written = question("written_1", [check("k", 0.0, 2.0, Verdict.UNGRADED)], written=True)
    broken = record("b", [question("f", [check("c", 0.0, verdict=Verdict.GRADER_ERROR)])], score=None)
    records = [record("a", [question("f", [check("c", 1.0)]), written]), broken]
    (item,) = class_numbers.items(records)["a1_first"]
    assert (item.name, item.students) == ("f", 1), f"neither the unmarked answer nor the grader's fault: {item}"
    marked = replace(written, checks=(check("k", 1.0, 2.0),), score=1.0)
    items = class_numbers.items([record("a", [marked])])["a1_first"]
    assert [i.name for i in items] == ["written_1"], "a marked answer counts like any other"


def test_mistakes_come_with_the_students_most_frequent_first() -> None:
    def seen(student: str, *mistakes: str) -> object:
        return record(student, [question("f", [check("c", 0.0, hint=f"hint {mistakes}")], mistakes=mistakes)])

    records = [seen("a", "mean"), seen("b", "sign"), seen("c", "sign"), seen("d", "mean", "sum")]
    found = class_numbers.mistakes(records)  # type: ignore[arg-type]
    assert [(m.mistake, m.students) for m in found] == [
        ("sign", ("b", "c")),
        ("mean", ("a",)),
        ("mean or sum", ("d",)),
    ], f"{found}"
    assert found[0].hint == "hint ('sign',)", "with the hint that it earned"


def test_what_needs_a_person_is_found() -> None:
    good = question("f", [check("c", 1.0)])
    records = [
        record("error", [good], score=None, grader_error="Traceback\nRuntimeError: ours"),
        record("crash", [question("f", [check("c", 0.0, verdict=Verdict.CRASHED)])]),
        record("slow", [question("f", [check("c", 0.0, verdict=Verdict.TIMEOUT)])]),
        record("noted", [good], notes=("x.py is empty",)),
        record("fine", [good, question("written_1", [check("k", 0.0, verdict=Verdict.UNGRADED)], written=True)]),
    ]
    needs = class_numbers.needs(records)
    assert [(c.student, c.reasons) for c in needs.errors] == [("error", ("RuntimeError: ours",))], f"{needs.errors}"
    assert [c.student for c in needs.suspicious] == ["crash"], f"{needs.suspicious}"
    assert [c.student for c in needs.stopped] == ["crash", "slow"], f"{needs.stopped}"
    assert [c.student for c in needs.noted] == ["noted"], f"{needs.noted}"
    assert needs.ungraded == (("a1_first.written_1", 1, 0, 0),), f"{needs.ungraded}"
    strange = record("strange", [good])
    strange = replace(strange, assignments=(replace(strange.assignments[0], unusual=("a.py imports socket",)),))
    assert [c.student for c in class_numbers.needs([strange]).suspicious] == ["strange"], "worth a look"
    assert class_numbers.needs([record("fine", [good])]).nothing, "nothing to do"


def test_slow_is_far_slower_than_the_class() -> None:
    seconds = {**{f"s{i}": 0.2 for i in range(20)}, "slow": 9.0, "short": 1.5}
    assert class_numbers.slow(seconds) == [("slow", 9.0)], "many times the median, and long enough to wait for"
    assert class_numbers.slow({f"s{i}": 30.0 for i in range(5)}) == [], "a slow exam makes nobody slow"
    assert class_numbers.slow({}) == [], "nothing measured"


def test_the_class_page_takes_any_class() -> None:
    for records in ([], random_class(1), random_class(30)):
        page = class_page(records, "course", {"student0000": 99.0})
        assert f"Class of {len(records)}" in page, "the page is there"
        assert page.count("<tr>") >= len(records), "a row a student"
