"""Every code that judging gives has a sentence, and a better sentence reaches old records without any grading."""

import ast
from pathlib import Path

import pytest

from autograder.feedback import messages
from autograder.feedback.words import worded
from autograder.judging.finding import Finding
from autograder.judging.verdicts import Verdict
from autograder.records.store import Store
from tests.repository import ROOT
from tests.small import REFERENCE
from tests.small.making import WRONG, hand_in, run

# Of these the sentence is built around that of their part.
AROUND = {"in_part", "not_imported", "failed_statement", "value_first"}


def codes_in(path: Path) -> set[str]:
    """The codes that a module gives: texts given to `Finding` or to a helper that makes one."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        place = {"Finding": 1, "broken": 0, "_apart": 0, "_hint": 0, "Change": 0, "Breach": 0}.get(node.func.id)
        if place is not None and len(node.args) > place:
            found |= {
                part.value
                for part in ast.walk(node.args[place])
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            }
    return found


def given() -> set[str]:
    rooms = ("judging", "authoring", "grading", "submissions")
    paths = [path for room in rooms for path in (ROOT / "autograder" / room).rglob("*.py")]
    found = set().union(*map(codes_in, paths))
    # Made of variables, in judging.values, judging.relations and judging.diagnosis.
    values = (
        "one_number wrong_shape no_single_number infinite wrong_value by_differences divided_by_examples "
        "times_examples transposed axes_reversed first_axes_swapped flattened constant few_digits single_precision"
    )
    return found | set(values.split()) | {f"ended_{how}" for how in ("timeout", "memory", "crashed", "output")}


def test_every_code_has_a_sentence_and_every_sentence_a_code() -> None:
    codes = given() - AROUND - {"ended_"}
    assert len(codes) > 30, f"codes were found at all: {codes}"
    assert codes <= set(messages.BRIEF), f"without a sentence: {sorted(codes - set(messages.BRIEF))}"
    idle = set(messages.BRIEF) - codes - {"said"}
    assert not idle, f"nothing gives these codes: {sorted(idle)}"
    assert set(messages.DETAIL) <= set(messages.BRIEF), "a detail belongs to a brief sentence"


def test_a_brief_sentence_never_asks_for_values_of_the_case() -> None:
    names = ("error", "message", "got", "expected", "detail", "left", "right", "at", "warning")
    secret = dict.fromkeys(names, "12345")
    found = Finding(Verdict.FAILED, "in_part", {"part": 2}, part=Finding(Verdict.FAILED, "wrong_value", {}, secret))
    assert "12345" not in messages.brief(found), f"a number of the case is told: {messages.brief(found)}"


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("worded")
    hand_in(home / "submissions", {"anna": WRONG, "berta": "x = (\n", "cem": REFERENCE})
    run(home / "submissions", home / "out")
    return home


def test_a_better_sentence_needs_no_grading(graded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(messages.BRIEF, "wrong_value", lambda _: "Das Ergebnis ist falsch.")
    again = run(graded / "submissions", graded / "out")
    assert again.graded == 0, "nothing is graded for it"
    record, _ = Store(graded / "out").read()
    briefs = [check.brief for check in record["anna"].checks if check.verdict is Verdict.FAILED]
    assert "Das Ergebnis ist falsch." in briefs, f"the records: {briefs}"
    assert not any("Returns a wrong value" in brief for brief in briefs), f"all of them: {briefs}"
    page = (graded / "out" / "feedback" / "anna.html").read_text()
    assert "Returns a wrong value." not in page, "and the page"


def test_words_follow_from_findings_alone(graded: Path) -> None:
    records, _ = Store(graded / "out").read()
    for student in records:
        record = records[student]
        assert worded(record) == worded(worded(record)), f"{student}: the same again"
        failed = [check for check in record.checks if check.verdict not in (Verdict.PASSED, Verdict.UNGRADED)]
        assert all(check.finding is not None for check in failed), f"{student}: each failed check has a finding"
