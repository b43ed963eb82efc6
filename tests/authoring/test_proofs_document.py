"""The two examples of docs/proofs.md are graded as they stand there: proofs pass, what proves nothing does not."""

import re
from pathlib import Path

import pytest

from autograder.judging.verdicts import Verdict
from autograder.records.record import CheckResult
from tests.repository import ROOT
from tests.small import SOLUTIONS
from tests.small.making import run

BLOCK = re.compile(r"```python\n# (?P<path>[\w/]+\.py)\n(?P<text>.*?)```", re.S)
BLOCKS = {found["path"]: found["text"] for found in BLOCK.finditer((ROOT / "docs" / "proofs.md").read_text())}
EXAMPLES = {"p1_bias_variance": ("bias_variance", "error_derivation"), "p2_softmax": ("softmax", "gradient_derivation")}

# Each is put below the reference, whose derivation it spoils.
BOGUS = {
    "in one step": "[lines[0], ('=', lines[-1][1])]",
    "the ends repeated": "[lines[0], ('=', lines[0][1]), ('=', lines[-1][1]), ('=', lines[-1][1])]",
    "half way": "[lines[0], ('=', lambda *c: (lines[0][1](*c) + lines[-1][1](*c)) / 2), lines[-1]]",
    "the smaller of both": "[lines[0], ('=', lambda *c: np.minimum(lines[0][1](*c), lines[-1][1](*c))), lines[-1]]",
    "a small factor": "[lines[0], ('=', lambda *c: lines[0][1](*c) * (1 + 1e-9)), lines[-1]]",
}


@pytest.fixture(scope="module")
def solutions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("proofs") / "solutions"
    for path, text in BLOCKS.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    (folder / "course.toml").write_text((SOLUTIONS / "course.toml").read_text())
    return folder


def graded(solutions: Path, home: Path, works: dict[str, tuple[str, str]]) -> dict[str, CheckResult]:
    """The check of a derivation, of each student; a work is the assignment and the source."""
    for student, (assignment, source) in works.items():
        own = home / "submissions" / student / assignment
        own.mkdir(parents=True)
        (own / f"{EXAMPLES[assignment][0]}.py").write_text(source)
    found = {}
    for record in run(home / "submissions", home / "out", solutions).records:
        for each in record.assignments:
            if each.name == works[record.student][0]:
                ((found[record.student],),) = [question.checks for question in each.questions]
    return found


def test_the_document_has_both_examples_whole() -> None:
    wanted = {f"{name}/{part}.py" for name, (module, _) in EXAMPLES.items() for part in ("questions", module)}
    assert set(BLOCKS) == wanted, f"the files of both: {sorted(BLOCKS)}"


def test_the_proofs_of_the_document_pass_and_what_proves_nothing_does_not(solutions: Path, tmp_path: Path) -> None:
    works = {}
    for name, (module, function) in EXAMPLES.items():
        right = BLOCKS[f"{name}/{module}.py"]
        works[f"{name} right"] = name, right
        for what, lines in BOGUS.items():
            spoiled = f"\n\nproof = {function}\n\n\ndef {function}():\n    lines = proof()\n    return {lines}\n"
            works[f"{name} {what}"] = name, right + spoiled
    found = graded(solutions, tmp_path, works)
    assert set(found) == set(works), f"everybody has a record: {sorted(found)}"
    for student, check in found.items():
        if student.endswith(" right"):
            assert check.verdict is Verdict.PASSED and check.points == check.max_points, f"{student}: {check.message}"
            continue
        assert check.verdict is Verdict.FAILED and check.points == 0, f"{student} earns nothing: {check.message}"
        assert "you use at once that" in check.message, f"{student} is told why: {check.message}"
        assert check.hint, f"{student} has a hint"


def test_the_message_that_the_document_quotes_is_the_one_that_is_given(solutions: Path, tmp_path: Path) -> None:
    name, (module, function) = "p1_bias_variance", EXAMPLES["p1_bias_variance"]
    text = BLOCKS[f"{name}/{module}.py"]
    shorter = text.replace('("=", expanded), ("=", no_mixed_term), ', "")
    assert shorter != text, f"{function} has these lines"
    (check,) = graded(solutions, tmp_path, {"anna": (name, shorter)}).values()
    document = " ".join((ROOT / "docs" / "proofs.md").read_text().split())
    assert check.message.rstrip(".") in document, f"as it is quoted: {check.message}"
