"""What is found of an answer that holds no value: an exception, an ended process, something unreadable, no function."""

import builtins

from autograder.judging.finding import Finding, Plain
from autograder.judging.literals import show
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Answer, Ended, Missing, Raised, Returned, Unreadable

# Exceptions of NumPy's own, whose names may be shown as Python's are.
NUMPYS = ("LinAlgError", "AxisError", "UFuncTypeError")


def exception_name(raised: Raised) -> str:
    """The exception's class where it is one of Python's or NumPy's own; a student's own class could carry a text."""
    first = raised.types[0]
    known = isinstance(getattr(builtins, first, None), type) or first in NUMPYS
    return first if known else ""


def raised_finding(raised: Raised) -> Finding:
    """What is found of a call that raised."""
    if raised.is_a("NotImplementedError"):
        return Finding(Verdict.RAISED, "not_written")
    about: dict[str, Plain] = {"error": exception_name(raised), **where(raised)}
    case: dict[str, Plain] = {"error": raised.types[0], "message": raised.message}
    if raised.is_a("MemoryError"):
        return Finding(Verdict.MEMORY, "memory_error", where(raised), case)
    return Finding(Verdict.RAISED, "raised", about, case)


def where(raised: Raised) -> dict[str, Plain]:
    """Where the student's code raised: file, line, and the line's text, each where it is known."""
    found: dict[str, Plain] = {"file": raised.file, "line": raised.line, "code": raised.code}
    return {name: value for name, value in found.items() if value is not None}


def ended_finding(ended: Ended) -> Finding:
    """What is found of a call in which its process ended."""
    verdicts = {"timeout": Verdict.TIMEOUT, "memory": Verdict.MEMORY}
    about: dict[str, Plain] = {"after": True} if ended.after else {}
    return Finding(verdicts.get(ended.how, Verdict.CRASHED), f"ended_{ended.how}", about, {"detail": ended.detail})


def no_value(answer: Answer) -> Finding | None:
    """What is wrong with an answer that holds no value; None for one that does."""
    match answer:
        case Returned():
            return None
        case Raised():
            return raised_finding(answer)
        case Ended():
            return ended_finding(answer)
        case Unreadable(detail=detail):
            return Finding(Verdict.WRONG_TYPE, "unreadable", {}, {"detail": detail})
        case Missing():
            return Finding(Verdict.MISSING, "no_function")


def shown(answer: Answer) -> str:
    """The value of an answer as NumPy code; empty where it holds none."""
    return show(answer.value) if isinstance(answer, Returned) else ""
