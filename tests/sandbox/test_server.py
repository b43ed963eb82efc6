"""What the sandbox's server keeps from one child to the next: caches and plans, and nothing of a submission."""

import linecache
import platform
import resource
import sys
import warnings

import numpy as np
import pytest

from autograder.authoring.kinds.derivation import steps_call
from autograder.sandbox.answers import Returned
from autograder.sandbox.call_plan import CallPlan, QuestionCalls
from autograder.sandbox.inside.function_argument import FunctionArgument
from autograder.sandbox.inside.warming import NAME, SOURCE, warm_up
from autograder.sandbox.inside.zygote import MOST_PLANS
from autograder.sandbox.slot import Slot
from tests.sandbox.running import ask


def test_warming_leaves_nothing_behind() -> None:
    before = list(sys.meta_path), list(warnings.filters), warnings.showwarning
    warm_up(1)
    assert (list(sys.meta_path), list(warnings.filters), warnings.showwarning) == before
    assert NAME not in sys.modules and f"{NAME}.py" not in linecache.cache


def test_what_warms_answers_as_a_submission_would(slot: Slot) -> None:
    x = np.array([0.5, -1.0, 2.0])
    steps = steps_call([(x, FunctionArgument("np.log"))])
    plan = CallPlan([QuestionCalls("numbers", [("call", [x, [1.0, 2.0]])], 2.0), QuestionCalls("lines", [steps], 2.0)])
    try:
        run = slot.run(plan, {f"{NAME}.py": SOURCE}, NAME)
    finally:
        plan.close()
    assert not run.troubles and all(isinstance(answer, Returned) for (answer,) in run.answers), (
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
    plans = [CallPlan([QuestionCalls("f", [("call", [number])], 2.0)]) for number in range(MOST_PLANS + 2)]
    try:
        for number in [*range(len(plans)), 1, 0, 1, len(plans) - 1, 0]:
            ((answer,),) = slot.run(plans[number], {"work.py": b"def f(x): return x + 1"}, "work").answers
            assert isinstance(answer, Returned) and answer.value == number + 1, f"plan {number}: {answer}"
    finally:
        for plan in plans:
            plan.close()


PAPERS = """import sys

def f():
    frame = sys._getframe()
    while frame is not None:
        plans = getattr(frame.f_locals.get("self"), "plans", None)
        if plans is not None:
            return len(plans)
        frame = frame.f_back
"""


def test_a_slot_forgets_the_papers_of_the_student_before(slot: Slot) -> None:
    slot.forget()
    counts = []
    for forgets in (False, False, True):
        if forgets:
            slot.forget()
        answer = ask(slot, PAPERS, seconds=2.0)
        assert isinstance(answer, Returned), f"the server's plans can be counted: {answer}"
        counts.append(answer.value)
    assert counts == [1, 2, 1], "they are kept, until they are forgotten: then only its own lies beside a submission"


def test_no_more_papers_are_kept_than_an_exam_has(slot: Slot) -> None:
    answers = [ask(slot, PAPERS, seconds=2.0) for _ in range(MOST_PLANS + 2)]
    most = max(answer.value for answer in answers if isinstance(answer, Returned))
    assert most == MOST_PLANS, f"{most} plans lay in the server; with more, the oldest must go, and only that"
