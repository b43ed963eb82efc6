"""What a student is told of a time limit: the limit, for how long the function ran at least, and the size of the case.

A limit hangs on what the reference takes on this machine in this run, and so does the time until it was reached; a
record must not. What is told is the rule, and a time that was surely passed; the run's own file has this run's seconds.
The size is that of a fresh case of the same declared size, since that of a hidden one could hang on the seed.
"""

from collections.abc import Sequence

from msgspec.structs import replace as struct_with

from autograder.authoring.kinds.kind import DrawnCheck
from autograder.exam.exam import Question
from autograder.judging.finding import Finding, Plain
from autograder.judging.judgement import Judgement
from autograder.sandbox.answers import Answer, Ended
from autograder.sandbox.inside.usual_limits import SECONDS_MORE, TIMES_THE_REFERENCE

CODE = "ended_timeout"


def timed(finding: Finding, **about: Plain) -> Finding:
    """A finding that a time limit was reached, with what is told of it; any other as it is."""
    if finding.code != CODE or finding.about.get("after"):
        return finding
    return struct_with(finding, about={**finding.about, **about})


def limit_of(question: Question, check: DrawnCheck, judged: Judgement, answers: Sequence[Answer]) -> dict[str, Plain]:
    """What is told of the limit that a check's calls have reached; empty where they have not.

    Args:
        question: whose limit it is.
        check: of the question.
        judged: its judgement.
        answers: to its calls.
    """
    if judged.finding is None or judged.finding.code != CODE:
        return {}
    told: dict[str, Plain] = {"least": SECONDS_MORE, "times": TIMES_THE_REFERENCE}
    if question.own_seconds is not None:
        told = {"limit": question.own_seconds}
    stopped = (number for number, answer in enumerate(answers) if isinstance(answer, Ended) and not answer.after)
    at, sizes = next(stopped, None), check.check.sizes
    # Of kinds that ask several calls a case, or several cases a call, nobody knows here which case it was.
    if question.fresh is None or at is None or at >= len(sizes) or len(check.calls) < len(sizes):
        return told
    numbers = question.fresh.numbers(check, sizes[at])
    return told if numbers is None else {**told, "numbers": numbers}
