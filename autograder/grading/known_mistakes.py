"""What the known mistakes give on the exam's cases: run once, each in a child process with the limits of a submission.

The mistakes are ours and never enter the sandbox; but one of them may be that a joint distribution is built in full,
and then the grader must not run out of memory for it.
"""

import os
import pickle
import resource
import signal
from typing import Any

import numpy as np

from autograder.authoring.declarations import Mistake
from autograder.authoring.kinds.kind import Case, copied
from autograder.exam.exam import Question
from autograder.judging.diagnosis import NOTHING, TOO_MUCH, KnownMistake
from autograder.sandbox.inside.jail import mapped_bytes
from autograder.sandbox.inside.usual_limits import MEMORY


def outcome(mistake: Mistake, case: Case) -> Any:
    """What a known mistake gives on a case."""
    with np.errstate(all="ignore"):
        try:
            return mistake.call(*copied(case.arguments))
        except MemoryError:
            return TOO_MUCH
        except (ValueError, ArithmeticError, IndexError, TypeError):
            return NOTHING


def outcomes(question: Question, mistake: Mistake) -> list[Any]:
    """What a known mistake gives on every telling case of its question; from a case that ends it on, too much."""
    cases = question.telling_cases
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            _limit(question)
            with open(writing, "wb") as pipe:  # noqa: PTH123
                for case in cases:
                    # As it stands, so that what was given counts where a later case ends this process.
                    pickle.dump(outcome(mistake, case), pipe)
                    pipe.flush()
        finally:
            os._exit(0)
    os.close(writing)
    found: list[Any] = []
    with open(reading, "rb") as pipe:  # noqa: PTH123
        while len(found) < len(cases):
            try:
                found.append(pickle.load(pipe))  # noqa: S301  # our own child, which runs nothing of a student's
            except (EOFError, pickle.UnpicklingError):
                break
    os.waitpid(child, 0)
    return found + [TOO_MUCH] * (len(cases) - len(found))


def _limit(question: Question) -> None:
    memory = mapped_bytes() + (question.memory or MEMORY)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, question.seconds)


class KnownOutcomes:
    """The outcomes of an exam's known mistakes, found when they are first needed and kept."""

    def __init__(self) -> None:
        self._found: dict[int, tuple[Question, list[KnownMistake]]] = {}

    def of(self, question: Question) -> list[KnownMistake]:
        """The known mistakes of a question, with what each gives on its telling cases."""
        kept = self._found.get(id(question))
        if kept is None:
            found = [KnownMistake(each.name, each.hint, outcomes(question, each)) for each in question.mistakes]
            # The question is kept too, so that its id stays its own.
            kept = self._found[id(question)] = (question, found)
        return kept[1]
