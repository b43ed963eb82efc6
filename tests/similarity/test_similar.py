"""Pairs that are alike are found whatever their names, and what all were given counts for nothing."""

from pathlib import Path

import pytest

from autograder.cli import main
from autograder.errors import MissingExtraError
from autograder.extras import needs
from autograder.handout import stub
from autograder.similarity.compare import pairs
from tests.needed import needed
from tests.small import REFERENCE, SOLUTIONS
from tests.small.making import hand_in

needed("copydetect", "copydetect is not installed: pip install 'seminar-autograder[similar]'")

COPIED = '''"""Mine."""
import numpy as np

def total(x):
    result = 0.0
    for index in range(len(x)):
        value = x[index] * x[index]
        if value > 0.0:
            result = result + value
    return float(result)

def total_grad(x):
    answer = np.zeros(len(x))
    for index in range(len(x)):
        answer[index] = x[index] + x[index]
    return answer
'''
# Other names, other comments: the same code.
RENAMED = (
    COPIED.replace("result", "s").replace("index", "k").replace("value", "term").replace("answer", "g")
    + "# written by myself\n"
)
OWN = "import numpy as np\n\ndef total(x):\n    return float(x @ x)\n\ndef root(x):\n    return x ** 0.5\n"


def test_a_renamed_copy_is_found_and_own_work_is_not() -> None:
    found = pairs({"anna": COPIED, "berta": RENAMED, "cem": OWN}, stub(REFERENCE, "squares").module, "b1_squares")
    assert [pair.students for pair in found] == [("anna", "berta")], f"one pair is alike: {found}"
    (pair,) = found
    assert min(pair.shares) > 0.9, f"nearly all of it: {pair.shares}"
    assert "".join(text for text, _ in pair.left) == COPIED, "the whole source is shown"
    shared = "".join(text for text, marked in pair.right if marked)
    assert "s = s + term" in shared, f"what is shared is marked: {shared}"


def test_the_handout_and_what_very_many_share_count_for_nothing() -> None:
    handout = stub(REFERENCE, "squares").module
    assert pairs({"anna": handout, "berta": handout}, handout, "b1_squares") == [], "two untouched stubs are no pair"
    many = {f"student{number}": COPIED for number in range(9)}
    assert pairs(many, handout, "b1_squares") == [], "what all nine share is as good as given"


def test_the_page_shows_both_sources_and_says_what_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = COPIED.replace('"""Mine."""', '"""<script>alert(1)</script>\u202e"""')
    submissions = hand_in(tmp_path / "in", {"anna": hostile, "berta": RENAMED, "cem": OWN})
    command = ["similar", str(submissions), "--out", str(tmp_path / "out"), "--solutions", str(SOLUTIONS)]
    assert main(command) == 0
    assert "b1_squares: anna" in capsys.readouterr().out, "the pair is printed"
    page = (tmp_path / "out" / "similar.html").read_text()
    assert "Places to look" in page and "no judgement" in page, "it says what it is"
    assert "<script" not in page and "\u202e" not in page, "sources are text"
    assert "for index in" in page and "for k in" in page, "both are there"
    assert main(command) == 0
    assert (tmp_path / "out" / "similar.html").read_text() == page, "the same class gives the same page"


def test_a_missing_library_is_told_with_its_command() -> None:
    with pytest.raises(MissingExtraError, match=r"seminar-autograder\[similar\]"):
        needs("no_such_library_here", "similar")
