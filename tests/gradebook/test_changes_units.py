"""What differs between two folders, record by record: whose score, in which check, and why."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from autograder.course.settings import Course, Terms
from autograder.errors import StoreError
from autograder.gradebook import changes
from autograder.gradebook.changes import (
    CheckChange,
    Diff,
    QuestionChange,
    Side,
    StudentChange,
    compare,
    difference,
    read_side,
)
from autograder.gradebook.final import finals
from autograder.gradebook.journal import write_marks
from autograder.gradebook.marks import Mark
from autograder.gradebook.marks_file import Marks
from autograder.records.record import Result
from autograder.records.store import Store
from tests.gradebook.made_up import (
    FAILED,
    PASSED,
    UNGRADED,
    assignment,
    check,
    function,
    record,
    scored,
    settings,
    written,
)
from tests.values import changeable

RULES = "marks or the course's rules have changed since the scores were written"


def side(
    *records: Result,
    marks: Marks | None = None,
    published: dict[str, float | None] | None = None,
    run: dict[str, object] | None = None,
    **rules: object,
) -> Side:
    found = finals(records, marks or Marks(), settings(**rules))
    return Side(
        {each.student: each for each in records}, {each.student: each for each in found}, published or {}, run or {}
    )


def changed(old: Side, new: Side) -> StudentChange:
    (found,) = difference(old, new).changes
    return found


ANNA = record(assignment("a", function("f", check("one", 1.0, 2.0), check("two", 3.0, 3.0)), written("written_1", 2.0)))


def with_function(*checks: object, **given: str) -> Result:
    return record(assignment("a", function("f", *checks, **given), written("written_1", 2.0)))  # type: ignore[arg-type]


def test_nothing_differs_between_a_folder_and_itself() -> None:
    assert difference(side(ANNA), side(ANNA)) == Diff((), 1), "one student, and no change"
    assert difference(side(), side()) == Diff((), 0), "no student, and no change"
    both = difference(side(ANNA), side(ANNA, replace(ANNA, student="berta")))
    assert both.students == 2, f"students of either side count: {both}"


def test_a_check_that_ends_otherwise_is_told_with_its_points() -> None:
    other = with_function(check("one", 2.0, 2.0), check("two", 3.0, 3.0))
    found = changed(side(ANNA), side(other))
    assert found == StudentChange(
        student="anna",
        before=4.0,
        after=5.0,
        max_before=7.0,
        max_after=7.0,
        why=(),
        questions=(
            QuestionChange(
                "a.f",
                4.0,
                5.0,
                5.0,
                5.0,
                ("graded again with another outcome",),
                (CheckChange("one", FAILED, PASSED, 1.0, 2.0),),
            ),
        ),
    ), f"in this check alone: {found}"
    assert found.by == 1.0, f"and by so much: {found.by}"


def test_each_hash_that_differs_is_a_reason() -> None:
    better = (check("one", 2.0, 2.0), check("two", 3.0, 3.0))

    def why(new: Result) -> tuple[str, ...]:
        return changed(side(ANNA), side(new)).questions[0].why

    assert why(with_function(*better, exam="y")) == ("questions changed",), "what was asked"
    assert why(with_function(*better, engine="g")) == ("engine changed",), "what graded it"
    handed = with_function(*better, exam="y", engine="g")
    handed = replace(handed, assignments=(replace(handed.assignments[0], submission="t"),))
    assert why(handed) == ("submission changed", "questions changed", "engine changed"), "what was handed in, too"
    for lower in ("a", "z"):  # a hash is neither more nor less than another
        first = replace(ANNA, assignments=(replace(ANNA.assignments[0], submission=lower),))
        assert changed(side(first), side(with_function(*better))).questions[0].why == ("submission changed",), lower
        assert why(with_function(*better, exam=lower)) == ("questions changed",), lower
        assert why(with_function(*better, engine=lower)) == ("engine changed",), lower


def test_checks_and_questions_that_come_and_go_are_told() -> None:
    gone = with_function(check("two", 3.0, 3.0))
    found = changed(side(ANNA), side(gone)).questions[0]
    assert found.checks == (CheckChange("one", FAILED, None, 1.0, 0.0),), f"a check that is no more: {found}"
    back = changed(side(gone), side(ANNA)).questions[0]
    assert back.checks == (CheckChange("one", None, FAILED, 0.0, 1.0),), f"a check that is new: {back}"
    assert (back.max_before, back.max_after) == (3.0, 5.0), f"and what there is to earn: {back}"
    more = record(assignment("a", *ANNA.assignments[0].questions, function("g", check("three", 1.0, 1.0))))
    (question,) = changed(side(ANNA), side(more)).questions
    assert question == QuestionChange(
        "a.g", 0.0, 1.0, 0.0, 1.0, ("it was not asked before",), (CheckChange("three", None, PASSED, 0.0, 1.0),)
    ), f"a question that is new: {question}"
    (question,) = changed(side(more), side(ANNA)).questions
    assert question == QuestionChange(
        "a.g", 1.0, 0.0, 1.0, 0.0, ("it is asked no more",), (CheckChange("three", PASSED, None, 1.0, 0.0),)
    ), f"a question that is no more: {question}"


def test_a_check_of_the_same_points_may_end_otherwise() -> None:
    same = with_function(check("one", 1.0, 2.0, PASSED), check("two", 3.0, 3.0))
    found = changed(side(ANNA), side(same))
    assert (found.before, found.after, found.by) == (4.0, 4.0, 0.0), f"the total stays: {found}"
    assert found.questions[0].checks == (CheckChange("one", FAILED, PASSED, 1.0, 1.0),), f"and this changes: {found}"
    assert difference(side(ANNA), side(same)).scores == (), "no score changes"
    less = with_function(check("one", 0.5, 2.0), check("two", 3.0, 3.0))
    assert changed(side(ANNA), side(less)).questions[0].checks == (CheckChange("one", FAILED, FAILED, 1.0, 0.5),)
    assert changed(side(less), side(ANNA)).questions[0].checks == (CheckChange("one", FAILED, FAILED, 0.5, 1.0),)


def test_a_difference_has_no_dust() -> None:
    made = StudentChange("anna", 0.0, 0.1234567, 1.0, 1.0, (), ())
    assert (made.by, replace(made, before=0.1, after=0.3).by) == (0.123457, 0.2), "six digits, as points have"


def test_more_to_earn_is_a_change_of_itself() -> None:
    ungraded = assignment("a", *ANNA.assignments[0].questions[:1], written("written_1", 3.0))
    found = changed(side(ANNA), side(record(ungraded)))
    assert (found.max_before, found.max_after) == (7.0, 8.0), f"of the total: {found}"
    assert [(q.name, q.max_before, q.max_after) for q in found.questions] == [("a.written_1", 2.0, 3.0)], f"{found}"
    back = changed(side(record(ungraded)), side(ANNA))
    assert [(q.name, q.max_before, q.max_after) for q in back.questions] == [("a.written_1", 3.0, 2.0)], f"{back}"
    weighed = changed(side(ANNA), side(replace(ANNA, assignments=(replace(ANNA.assignments[0], max_score=9.0),))))
    assert weighed.questions == () and weighed.max_after == 9.0, f"also where no question changes: {weighed}"
    fewer = changed(side(replace(ANNA, assignments=(replace(ANNA.assignments[0], max_score=9.0),))), side(ANNA))
    assert (fewer.max_before, fewer.max_after) == (9.0, 7.0), f"and less: {fewer}"


def test_marks_are_told_as_such() -> None:
    mark = Marks.of([Mark("anna", "a.written_1.1", 1.5, "Nearly.")])
    found = changed(side(ANNA), side(ANNA, marks=mark))
    assert found.questions == (
        QuestionChange(
            "a.written_1",
            0.0,
            1.5,
            2.0,
            2.0,
            ("marks changed",),
            (CheckChange("criterion_1", UNGRADED, FAILED, 0.0, 1.5),),
        ),
    ), f"people made the difference: {found}"
    back = changed(side(ANNA, marks=mark), side(ANNA))
    assert back.questions == (
        QuestionChange(
            "a.written_1",
            1.5,
            0.0,
            2.0,
            2.0,
            ("marks changed",),
            (CheckChange("criterion_1", FAILED, UNGRADED, 1.5, 0.0),),
        ),
    ), f"also where a mark is taken back: {back}"
    override = Marks.of([Mark("anna", "a.f", 5.0, "unclear")])
    (question,) = changed(side(ANNA), side(ANNA, marks=override)).questions
    assert question.why == ("marks changed",) and question.checks == (), f"also in place of a score: {question}"
    other = with_function(check("one", 2.0, 2.0), check("two", 3.0, 3.0), engine="g")
    (question,) = changed(side(ANNA), side(other, marks=Marks.of([Mark("anna", "a.f", 1.0, "x")]))).questions
    assert question.why == ("engine changed",), f"where the machine says otherwise, too, it is the reason: {question}"
    same = with_function(check("one", 1.0, 2.0, PASSED), check("two", 3.0, 3.0), engine="g")
    (question,) = changed(side(ANNA), side(same, marks=override)).questions
    assert question.why == ("engine changed",), f"also where the machine's points are the same: {question}"
    moved = replace(ANNA.assignments[0].questions[0], score=3.0)
    moved_record = record(assignment("a", moved, ANNA.assignments[0].questions[1]))
    (question,) = changed(side(ANNA, marks=override), side(moved_record)).questions
    assert question.why == ("graded again with another outcome",), f"a score without its checks counts, too: {question}"
    higher = Marks.of([Mark("anna", "a.f", 4.5, "unclear")])
    (question,) = changed(side(moved_record, marks=higher), side(ANNA)).questions
    assert question.why == ("graded again with another outcome",), f"whether more or less: {question}"


def test_students_that_come_and_go_are_told() -> None:
    berta = replace(ANNA, student="berta", score=None)
    new = changed(side(), side(ANNA))
    assert new == StudentChange("anna", None, 4.0, None, 7.0, ("the student is new",), ()), f"new: {new}"
    gone = changed(side(ANNA), side())
    assert gone == StudentChange("anna", 4.0, None, 7.0, None, ("the student has no record any more",), ())
    assert (new.by, gone.by) == (None, None), "no difference where there is no score"
    failed = changed(side(), side(berta))
    assert (failed.before, failed.after, failed.max_after) == (None, None, 7.0), f"a record without a score: {failed}"


def test_a_failure_of_the_grader_is_told_as_such() -> None:
    failed = replace(ANNA, score=None)
    assert changed(side(failed), side(ANNA)).why[0] == "the grader had failed", "before"
    assert changed(side(ANNA), side(failed)).why[0] == "the grader failed", "now"
    assert changed(side(failed), side(ANNA)).by is None and changed(side(ANNA), side(failed)).by is None, (
        "no difference"
    )
    assert difference(side(failed), side(failed)).changes == (), "twice the same is none"


def test_what_was_published_is_what_the_student_knows() -> None:
    assert difference(side(ANNA, published={"anna": 4.0}), side(ANNA)).changes == (), "as published"
    found = changed(side(ANNA, published={"anna": 3.5}), side(ANNA))
    assert (found.before, found.after, found.why) == (3.5, 4.0, (RULES,)), f"other than published: {found}"
    never = changed(side(ANNA, published={"anna": None}), side(ANNA))
    assert (never.before, never.after, never.why) == (None, 4.0, (RULES,)), f"published without a score: {never}"
    failed = replace(ANNA, score=None)
    assert difference(side(failed, published={"anna": None}), side(failed)).changes == (), (
        "no score, and none published"
    )
    third = replace(ANNA.assignments[0], score=1 / 3)
    exact = record(third)
    assert difference(side(exact, published={"anna": 0.3333}), side(exact)).changes == (), "as many digits as are shown"
    assert difference(side(exact, published={"berta": 1.0}), side(exact)).changes == (), "of another student"


def test_rules_that_are_applied_or_no_more_are_told() -> None:
    plain, weighed = side(ANNA), side(ANNA, assignments={"a": Terms(weight=70.0)})
    found = changed(plain, weighed)
    line = "The total weighs: A 40 of 70."
    assert found.why == (f"applied now: {line}",), f"a rule that is new: {found.why}"
    back = changed(weighed, plain)
    assert back.why == (f"applied no more: {line}",), f"a rule that is gone: {back.why}"


def test_scores_that_change_come_first_and_then_by_name() -> None:
    better = (check("one", 2.0, 2.0), check("two", 3.0, 3.0))
    same = (check("one", 1.0, 2.0, PASSED), check("two", 3.0, 3.0))
    names = ("anna", "berta", "cem", "dora")
    old = side(*(replace(ANNA, student=name) for name in names))
    new = side(*(replace(with_function(*(same if n in "anna cem" else better)), student=n) for n in names))
    found = difference(old, new)
    assert [change.student for change in found.changes] == ["berta", "dora", "anna", "cem"], f"in this order: {found}"
    assert [change.student for change in found.scores] == ["berta", "dora"], f"those whose total changes: {found}"
    back = [change.student for change in difference(new, old).scores]
    assert back == ["berta", "dora"], f"also where it falls: {back}"
    assert found.students == 4, f"of so many: {found}"


def causes(old: dict[str, object], new: dict[str, object]) -> tuple[str, ...]:
    return difference(side(run=old), side(run=new)).causes


def test_what_the_runs_say_of_the_engine() -> None:
    told = ("the engine changed: version 1 to 2, or its sources",)
    one: dict[str, object] = {"engine": "m", "version": "1"}
    two: dict[str, object] = {"engine": "n", "version": "2"}
    assert causes(one, two) == told, "another engine"
    assert causes(two, one) == ("the engine changed: version 2 to 1, or its sources",), "or the one before"
    assert causes(one, one) == (), "the same"
    assert causes({}, two) == () and causes(one, {}) == (), "a run that says nothing tells no difference"


def test_what_the_runs_say_of_files() -> None:
    old: dict[str, object] = {"sources": {"a": {"a/f.py": "1", "a/g.py": "1", "shared.py": "1"}, "b": {"b/f.py": "1"}}}
    new: dict[str, object] = {"sources": {"a": {"a/f.py": "2", "a/h.py": "1", "shared.py": "2"}, "c": {"c/f.py": "1"}}}
    assert causes(old, new) == (
        "file a/f.py changed",
        "file a/g.py is gone",
        "file a/h.py is new",
        "file shared.py changed",
    ), f"of assignments that both runs have: {causes(old, new)}"
    assert causes(old, old) == (), "the same"
    assert causes({"sources": "x"}, old) == () and causes({}, old) == (), "a run that says nothing tells no difference"
    assert causes({"sources": {"shared.py": "1"}}, {"sources": {"shared.py": "0"}}) == ("file shared.py changed",)


def test_what_the_runs_say_of_tolerances() -> None:
    old: dict[str, object] = {"tolerances": {"value": {"relative": 1e-9, "absolute": 0.0}, "mine": {"relative": 1.0}}}
    new: dict[str, object] = {"tolerances": {"value": {"relative": 1e-6, "absolute": 0.0}, "yours": "tight"}}
    assert causes(old, new) == (
        "tolerance mine is gone",
        "tolerance value changed from relative 1e-09, absolute 0.0 to relative 1e-06, absolute 0.0",
        "tolerance yours is new",
    ), f"with both values: {causes(old, new)}"
    assert causes({"tolerances": {"value": "loose"}}, {"tolerances": {"value": "tight"}}) == (
        "tolerance value changed from loose to tight",
    ), "whatever a value is"
    assert causes(old, old) == (), "the same"


def test_a_folder_is_read_with_what_was_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda descriptor: None)
    store = Store(tmp_path)
    store.write(ANNA)
    store.write(replace(ANNA, student="=berta"))
    store.write_run({"engine": "e"})
    found = read_side(tmp_path, Marks.of([Mark("anna", "a.written_1.1", 2.0)]), settings())
    assert {name: each.score for name, each in found.finals.items()} == {"anna": 6.0, "=berta": 4.0}, f"{found.finals}"
    assert dict(found.records) == {"anna": ANNA, "=berta": replace(ANNA, student="=berta")}, "the machine's records"
    assert (found.published, found.run) == ({}, {"engine": "e"}), "nothing was published yet"
    table = tmp_path / "scores.csv"
    table.write_text("student,total,max\nanna,4.5,7\n'=berta, ,7\n")
    assert read_side(tmp_path, Marks(), settings()).published == {"anna": 4.5, "=berta": None}, "as people saw it"
    for text, told in (
        ("student,sum\nanna,1\n", "row 1: there is no column student or total; there are student, sum"),
        ("name,total\nanna,1\n", "row 1: there is no column student or total; there are name, total"),
        ("student,total\nanna,1\nberta,much\n", "row 3, column total: 'much' is not a number"),
    ):
        table.write_text(text)
        with pytest.raises(StoreError) as caught:
            read_side(tmp_path, Marks(), settings())
        assert told in str(caught.value), f"{told!r} must be told: {caught.value}"


def test_two_folders_are_compared_each_with_its_own_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda descriptor: None)
    asked: list[object] = []

    def course_at(solutions: object) -> Course:
        asked.append(solutions)
        return settings()

    monkeypatch.setattr(changes, "course_at", course_at)
    old, new = tmp_path / "old", tmp_path / "new"
    for folder, points in ((old, 1.0), (new, 2.0)):
        Store(folder).write(ANNA)
        write_marks(folder / "marks.csv", Marks.of([Mark("anna", "a.written_1.1", points)]))
    (found,) = compare(str(old), new, solutions="here").changes
    assert (found.before, found.after, asked) == (5.0, 6.0, ["here"]), f"each its own: {found}"
    assert compare(old, new, marks=str(old / "marks.csv")).changes == (), "or the same file for both"
    with pytest.raises(TypeError):
        compare(old, new, old / "marks.csv")  # type: ignore[call-arg]


def test_values_do_not_change() -> None:
    assert changeable(changes) == [], "a value that can change is no fact"


def test_a_question_without_a_counterpart_was_not_graded_by_people_alone() -> None:
    assert changed(side(record(scored("a", 1, 2))), side(record(scored("b", 1, 2)))).questions[0].why == (
        "it is asked no more",
    ), "whatever its score"
