"""What the sandbox's server keeps from one child to the next: caches and papers, and nothing of a submission."""

import linecache
import platform
import resource
import sys
import warnings

import numpy as np
import pytest

from autograder.sandbox.answers import Returned
from autograder.sandbox.inside.warming import NAME, SOURCE, warm_up
from autograder.sandbox.inside.zygote import MOST_PAPERS
from autograder.sandbox.papers import Asked, Paper
from autograder.sandbox.slot import Slot
from tests.sandbox.sitting import ask


def test_warming_leaves_nothing_behind() -> None:
    before = list(sys.meta_path), list(warnings.filters), warnings.showwarning
    warm_up(1)
    assert (list(sys.meta_path), list(warnings.filters), warnings.showwarning) == before
    assert NAME not in sys.modules and f"{NAME}.py" not in linecache.cache


def test_what_warms_answers_as_a_submission_would(slot: Slot) -> None:
    x = np.array([0.5, -1.0, 2.0])
    paper = Paper([Asked("numbers", [("call", [x, [1.0, 2.0]])], 2.0), Asked("lines", [("steps", [[x]])], 2.0)])
    try:
        sitting = slot.sit(paper, {f"{NAME}.py": SOURCE}, NAME)
    finally:
        paper.close()
    assert not sitting.troubles and all(isinstance(answer, Returned) for (answer,) in sitting.answers), (
        "its calls must run to their end, or they warm little"
    )


FAULTS = """import resource
import numpy as np

def f(count):
    np.ones(count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        np.ones(count)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries keep memory in ways of their own")
def test_large_arrays_are_not_made_of_new_pages_each_time(slot: Slot) -> None:
    bytes_each = 1 << 20
    answer = ask(slot, FAULTS, bytes_each // 8)
    assert isinstance(answer, Returned), f"the call should return: {answer}"
    pages = bytes_each // resource.getpagesize()
    assert answer.value < pages, f"20 arrays of {pages} pages took {answer.value} new ones"


def test_papers_may_come_in_any_order(slot: Slot) -> None:
    papers = [Paper([Asked("f", [("call", [number])], 2.0)]) for number in range(MOST_PAPERS + 2)]
    try:
        for number in [*range(len(papers)), 1, 0, 1, len(papers) - 1, 0]:
            ((answer,),) = slot.sit(papers[number], {"work.py": b"def f(x): return x + 1"}, "work").answers
            assert isinstance(answer, Returned) and answer.value == number + 1, f"paper {number}: {answer}"
    finally:
        for paper in papers:
            paper.close()


PAPERS = """import sys

def f():
    frame = sys._getframe()
    while frame is not None:
        papers = getattr(frame.f_locals.get("self"), "papers", None)
        if papers is not None:
            return len(papers)
        frame = frame.f_back
"""


def test_a_slot_forgets_the_papers_of_the_student_before(slot: Slot) -> None:
    slot.forget()
    counts = []
    for forgets in (False, False, True):
        if forgets:
            slot.forget()
        answer = ask(slot, PAPERS, seconds=2.0)
        assert isinstance(answer, Returned), f"the server's papers can be counted: {answer}"
        counts.append(answer.value)
    assert counts == [1, 2, 1], "they are kept, until they are forgotten: then only its own lies beside a submission"


def test_no_more_papers_are_kept_than_an_exam_has(slot: Slot) -> None:
    answers = [ask(slot, PAPERS, seconds=2.0) for _ in range(MOST_PAPERS + 2)]
    most = max(answer.value for answer in answers if isinstance(answer, Returned))
    assert most == MOST_PAPERS, f"{most} papers lay in the server; with more, the oldest must go, and only that"
