"""What authors declare for feedback: a check's own reveal level, curves, formulas."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring import Assignment, Assumption
from autograder.errors import AuthoringError, SolutionsError
from autograder.exam.exam import make_exam
from autograder.judging.levels import Reveal
from tests.small import SOLUTIONS


def declared() -> Assignment:
    return Assignment("b9", module="b9", title="B9")


def one(rng: Any, size: int) -> tuple[float]:
    """Is right"""
    return (1.0,)


def test_every_kind_of_check_takes_a_level_of_its_own() -> None:
    b9 = declared()
    b9.check("a", points=1, reveal="case")(one)
    b9.same("b", one, points=1, reveal="verdict")
    b9.raises("c", ValueError, points=1, unless=one, reveal="full")(one)
    b9.untouched("d", points=1, like=one, reveal="hint")
    b9.quiet("e", points=1, like=one, reveal="case")
    b9.gradient("f", of="a", wrt=["x"], like=one, points=1, reveal="full")
    facts = [Assumption(sentence, fails=one, holds=bool, hint="Use it.") for sentence in ("a is b", "b is c")]
    proof = b9.derivation(
        "g", ingredients=["x"], sides=(float, float), claim="=", assumptions=facts, points=1, reveal="case"
    )
    proof(one)
    b9.training("h", judge=lambda *_: None, points=1, reveal="verdict")(one)
    b9.check("i", points=1)(one)
    levels = [check.reveal for check in b9.checks]
    wanted = ["case", "verdict", "full", "hint", "case", "full", "case", "verdict", None]
    assert levels == [None if level is None else Reveal(level) for level in wanted], f"as declared: {levels}"


def test_a_level_that_is_none_is_the_authors_to_mend() -> None:
    with pytest.raises(AuthoringError, match="everything"):
        declared().check("a", points=1, reveal="everything")(one)


def test_a_curve_needs_a_title() -> None:
    def untitled(x: float) -> tuple[float]:
        return (x,)

    with pytest.raises(AuthoringError, match="docstring"):
        declared().curve("a", over=[0.0, 1.0], label="x")(untitled)


def changed(tmp_path: Path, old: str, new: str) -> Path:
    folder = tmp_path / "solutions"
    shutil.copytree(SOLUTIONS, folder)
    path = folder / "b1_squares" / "questions.py"
    text = path.read_text()
    assert old in text, f"the small course no longer holds {old!r}"
    path.write_text(text.replace(old, new))
    return folder


def test_a_curve_has_the_references_values(tmp_path: Path) -> None:
    (question,) = [q for q in make_exam(SOLUTIONS).parts[0].questions if q.function == "total"]
    (curve,) = question.curves
    assert curve.expected == tuple(x**2 for x in curve.curve.over), f"{curve.expected}"
    assert len(curve.calls) == len(curve.curve.over), "one call for each point"
    with pytest.raises(SolutionsError, match="One number, from -2 to 2"):
        # A curve on which the reference gives no number.
        make_exam(changed(tmp_path, "return (np.array([x]),)", "return (None,)"))


def test_what_is_asked_is_the_formula_or_the_docstrings_first_paragraph() -> None:
    asked = {q.function: q.asked for q in make_exam(SOLUTIONS).parts[0].questions}
    assert asked["total"] == r"The sum of the squares, $\sum_i x_i^2$.", "as declared"
    assert asked["root"] == "The square root of x.", f"and nothing of what follows: {asked['root']!r}"
