"""A kind of check is one module behind a small form: another package adds one, and nothing else changes."""

import ast
import sys
from pathlib import Path

import pytest

from autograder.authoring.kinds import OWN, kind_named
from autograder.authoring.kinds.kind import Kind
from autograder.errors import AuthoringError, MissingExtraError
from tests.repository import ROOT
from tests.small import REFERENCE
from tests.small.making import WRONG, course, hand_in, run

# Looks only at the sign of a value: what no kind of ours does.
SIGN = '''"""A kind of check from elsewhere."""

from dataclasses import dataclass

from autograder.authoring.kinds.comparing import FailedCase, judgement
from autograder.authoring.kinds.kind import Case, Kind
from autograder.judging.finding import Finding
from autograder.judging.outcomes import no_value, shown
from autograder.judging.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Sign(Kind):
    """The value must have the sign of the reference's."""

    name = "sign"

    def draw(self, drawing):
        drawn = drawing.cases()
        return drawing.drawn([Case(a, drawing.right(*a)) for a in drawn], [("call", a) for a in drawn])

    def judge(self, check, answers):
        failures = []
        for case, answer in zip(check.cases, answers, strict=True):
            found = no_value(answer)
            if found is None and (answer.value > 0) != (case.expected > 0):
                case_values = {"detail": f"It is {answer.value}."}
                found = Finding(Verdict.FAILED, "said", {"text": "Has the wrong sign."}, case_values)
            if found is not None:
                failures.append(FailedCase(found, case, answer, lambda answer=answer: shown(answer)))
        return judgement(check, failures)
'''
DECLARED = """

@b1.declare("square_sum", "sign", points=1)
def has_the_sign(rng, size):
    '''Has the right sign'''
    return (rng.uniform(1.0, 2.0, size),)
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny package that adds a kind, as pip would have installed it."""
    site = tmp_path / "site"
    (site / "signs-1.0.dist-info").mkdir(parents=True)
    (site / "signs.py").write_text(SIGN)
    (site / "signs-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: signs\nVersion: 1.0\n")
    (site / "signs-1.0.dist-info" / "entry_points.txt").write_text(
        "[autograder.kinds]\nsign = signs:Sign\nno_kind = signs:no_value\nabsent = signs:nothing\n"
    )
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.delitem(sys.modules, "signs", raising=False)
    return site


def test_another_package_adds_a_kind(installed: Path, tmp_path: Path) -> None:
    own = course(tmp_path / "solutions")
    questions = own / "b1_squares" / "questions.py"
    name = next(
        node.targets[0].id
        for node in ast.parse(questions.read_text()).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    )
    function = REFERENCE.partition("def ")[2].partition("(")[0]
    questions.write_text(questions.read_text() + DECLARED.replace("b1.", f"{name}.").replace("square_sum", function))
    negative = REFERENCE.replace("np.sum(x**2)", "-np.sum(x**2)")
    hand_in(tmp_path / "submissions", {"anna": REFERENCE, "berta": negative, "cem": WRONG})
    records = {record.student: record for record in run(tmp_path / "submissions", tmp_path / "out", own).records}
    found = {s: next(c for c in r.checks if c.kind == "sign") for s, r in records.items()}
    assert found["anna"].points == 1.0, f"the reference has the right sign: {found['anna']}"
    assert found["berta"].brief == "Has the wrong sign.", f"told in the kind's own words: {found['berta']}"
    assert "It is -" in found["berta"].message, f"with the number of the case: {found['berta'].message}"
    assert found["cem"].points == 1.0, f"a wrong value of the right sign passes it: {found['cem']}"


def test_what_cannot_be_used_is_told(installed: Path) -> None:
    with pytest.raises(AuthoringError, match=r"no kind of check named 'magic'; there are value, .*sign"):
        kind_named("magic")
    with pytest.raises(AuthoringError, match="no subclass"):
        kind_named("no_kind")
    with pytest.raises(MissingExtraError, match="'absent' of the package signs"):
        kind_named("absent")


def test_kinds_have_names_of_their_own() -> None:
    names = [kind.name for kind in OWN]
    assert len(set(names)) == len(names) and all(names), f"each has a name in records: {names}"
    assert {kind_named(name) for name in names} == set(OWN), "and is found by it"


def test_nothing_elsewhere_knows_a_kind_by_its_name() -> None:
    """The exam, the grader, the diagnosis and the audit go by the common form; only declarations name kinds."""
    names = {kind.__name__ for kind in OWN}
    allowed = {"authoring"}
    wrong = []
    for path in sorted((ROOT / "autograder").rglob("*.py")):
        if path.relative_to(ROOT / "autograder").parts[0] in allowed:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance":
                asked = {part.id for part in ast.walk(node.args[1]) if isinstance(part, ast.Name)}
                wrong += [f"{path.name}, line {node.lineno}: {name}" for name in asked & names]
            if isinstance(node, ast.MatchClass) and isinstance(node.cls, ast.Name) and node.cls.id in names:
                wrong.append(f"{path.name}, line {node.cls.lineno}: {node.cls.id}")
    assert not wrong, f"kinds are asked for by name: {wrong}"
    assert issubclass(OWN[0], Kind), "a kind is a subclass of Kind"
