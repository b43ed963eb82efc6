"""One submission in a slot, for tests."""

from autograder.sandbox.answers import Answer, Sitting
from autograder.sandbox.papers import Asked, Paper
from autograder.sandbox.slot import Slot


def sit(slot: Slot, source: str, *questions: Asked, files: dict[str, bytes] | None = None) -> Sitting:
    paper = Paper(questions)
    try:
        return slot.sit(paper, {"work.py": source.encode(), **(files or {})}, "work")
    finally:
        paper.close()


def ask(slot: Slot, source: str, *arguments: object, mode: str = "call", seconds: float = 5.0) -> Answer:
    sitting = sit(slot, source, Asked("f", [(mode, list(arguments))], seconds))
    return sitting.answers[0][0]
