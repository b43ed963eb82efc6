"""Reads an answer sheet as the handout lays it out: what a student wrote below the heading of each written answer."""

import re

from autograder.records.record import AssignmentResult

# Spaces alone, no ends of lines: of many empty lines each would be tried from each.
_YOUR_ANSWER = re.compile(r"^[^\S\n]*+\*++Your answer:?\*+[^\S\n]*+$", re.IGNORECASE | re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}[ \t]*(.+)$", re.MULTILINE)


def split_answers(text: str, ids: list[str]) -> dict[str, str]:
    """The part of an answer sheet below each answer's own heading (`## 4a. ...`), what was asked left out."""
    heads: list[tuple[int, int, str]] = []
    left = {name: re.compile(rf"\W*{re.escape(name)}(?!\w)", re.IGNORECASE) for name in ids}
    for found in _HEADING.finditer(text):
        name = next((name for name, pattern in left.items() if pattern.match(found[1])), None)
        if name is not None:
            heads.append((found.start(), found.end(), name))
            # Only the first heading of a name: a student's own "2 cases" below answer 2 begins no other.
            del left[name]
    sections = {}
    for number, (_, end, name) in enumerate(heads):
        section = text[end : heads[number + 1][0] if number + 1 < len(heads) else len(text)]
        sections[name] = _YOUR_ANSWER.split(section, maxsplit=1)[-1].strip()
    return sections


def own_answers(assignment: AssignmentResult) -> dict[str, str]:
    """The student's answers by function (`written_4a`); empty where the sheet has none of the headings."""
    questions = {q.function.removeprefix("written_"): q for q in assignment.questions if q.written}
    text = (assignment.answers or "").replace("\r\n", "\n")
    return {
        questions[name].function: _without_task(answer, questions[name].task)
        for name, answer in split_answers(text, list(questions)).items()
    }


def _without_task(answer: str, task: str) -> str:
    """An answer without the task above it, which is still there where the line "Your answer" was deleted."""
    words = r"\s+".join(map(re.escape, task.split()))
    return re.sub(rf"\A\s*{words}\s*", "", answer) if words else answer


def written_text(assignment: AssignmentResult, answer: str) -> str:
    """A student's words on one written answer: what stands below its heading, or everything where it has none."""
    whole = (assignment.answers or "").replace("\r\n", "\n").strip()
    return own_answers(assignment).get(f"written_{answer}", whole)
