"""What of a hand-in is still as the handout gave it: answers that nobody wrote, functions that nobody began."""

import re

YOUR_ANSWER = "*Your answer:*"
_STUB = re.compile(rb"^[ \t]+raise NotImplementedError\b", re.MULTILINE)
_FUNCTION = re.compile(rb"^(?:async[ \t]+)?def[ \t]", re.MULTILINE)


def is_answered(answers: str | None) -> bool:
    """Whether something was written below at least one task."""
    return any(written for _, written in answer_sections(answers or ""))


def answer_sections(answers: str) -> list[tuple[str, bool]]:
    """Each task of a sheet of written answers, by its heading, and whether something was written below it."""
    parts = re.split(r"^##\s+", answers, flags=re.MULTILINE)
    if len(parts) == 1:
        return [("", bool(answers.strip()) and _is_written(answers))]
    found = []
    for part in parts[1:]:
        heading, _, body = part.partition("\n")
        found.append((heading.strip(), _is_written(body)))
    return found


def _is_written(text: str) -> bool:
    """Whether something stands below the line that asks for an answer; who deletes the line has written, too."""
    return YOUR_ANSWER not in text or bool(text.partition(YOUR_ANSWER)[2].strip())


def is_untouched(source: bytes) -> bool:
    """Whether every function of a source still raises NotImplementedError, as far as can be told from its lines."""
    functions = len(_FUNCTION.findall(source))
    return functions > 0 and len(_STUB.findall(source)) >= functions
