"""Rubrics of written answers: what is in them, and that a wrong one is refused by name."""

from pathlib import Path

import pytest

from autograder.course.rubric import read_rubric
from autograder.errors import RubricError
from tests.repository import SOLUTIONS

WRITTEN = {"a1_noisy_labels": "1a 1b", "a2_kl_factorized": "2", "a3_kl_normal": "3", "a4_smooth_ap": "4a 4b 4c"}

GOOD = """
[[answer]]
id = "1"
title = "A title"
task = "A task"

[[answer.criterion]]
points = 2
text = "First"

[[answer.criterion]]
points = 0.5
text = "Second"
"""


def rubric(folder: Path, text: str) -> Path:
    path = folder / "rubric.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", WRITTEN)
def test_the_rubrics_hold_the_written_answers_of_the_contract(name: str) -> None:
    answers = read_rubric(SOLUTIONS / name / "rubric.toml")
    assert [answer.id for answer in answers] == WRITTEN[name].split(), "the ids of the contract, in order"
    for answer in answers:
        assert 2 <= answer.points <= 5, f"{answer.id} is worth {answer.points}"
        assert len(answer.criteria) >= 2, f"{answer.id} needs criteria that can be given one by one"


def test_points_are_the_sum_of_the_criteria(tmp_path: Path) -> None:
    (answer,) = read_rubric(rubric(tmp_path, GOOD))
    assert answer.points == 2.5, f"2 and 0.5 make {answer.points}"
    assert [criterion.text for criterion in answer.criteria] == ["First", "Second"], "criteria keep their order"


WRONG = {
    "another answer of the same id": (GOOD + GOOD, "line 16: answer 2: id is '1', as that of answer 1 is"),
    "an unknown field": (GOOD.replace("task =", "taks ="), "taks is no setting; did you mean task?"),
    "a plural": (GOOD.replace("[[answer]]", "[[answers]]"), "answers is no setting; did you mean answer?"),
    "an unknown field of a criterion": (GOOD + "note = 1\n", "line 14: answer '1', criterion 2: note is no setting"),
    "no criterion": (
        GOOD.partition("[[answer.criterion]]")[0] + "criterion = []\n",
        "line 2: answer '1' has no [[answer.criterion]]",
    ),
    "criteria left out": (GOOD.partition("[[answer.criterion]]")[0], "line 2: answer '1': criterion is missing"),
    "negative points": (
        GOOD.replace("points = 2", "points = -2"),
        "line 8: answer '1', criterion 1: points must be a number above 0, not -2",
    ),
    "no points": (GOOD.replace("points = 2", "points = 0"), "not 0"),
    "points that are no number": (GOOD.replace("points = 2", "points = nan"), "not nan"),
    "infinite points": (GOOD.replace("points = 2", "points = inf"), "not inf"),
    "points as a text": (
        GOOD.replace("points = 2", 'points = "2"'),
        "line 8: answer '1', criterion 1: points must be a number, not a text",
    ),
    "a missing title": (GOOD.replace('title = "A title"\n', ""), "line 2: answer '1': title is missing"),
    "an empty task": (GOOD.replace('"A task"', '" "'), "line 5: answer '1': task is empty"),
    "an empty criterion": (GOOD.replace('"First"', '""'), "line 9: answer '1', criterion 1: text is empty"),
    "no TOML": ("[[answer]\n", "line 1: it is no TOML"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_rubric_is_refused_by_name(tmp_path: Path, wrong: str) -> None:
    text, told = WRONG[wrong]
    path = rubric(tmp_path, text)
    with pytest.raises(RubricError) as caught:
        read_rubric(path)
    assert str(path) in str(caught.value), f"the file must be named: {caught.value}"
    assert told in str(caught.value), f"{told!r} must be told: {caught.value}"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rubric.toml"
    with pytest.raises(RubricError, match=r"rubric\.toml"):
        read_rubric(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(RubricError, match=r"rubric\.toml"):
        read_rubric(path)
