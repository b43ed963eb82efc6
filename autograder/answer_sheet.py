"""Reads an answer sheet as the handout lays it out: what a student wrote below the heading of each written answer."""

import re

from autograder.results import AssignmentResult

_YOUR_ANSWER = re.compile(r"^\s*\*+Your answer:?\*+\s*$", re.IGNORECASE | re.MULTILINE)


def split_answers(text: str, ids: list[str]) -> dict[str, str]:
    """The part of an answer sheet below each answer's own heading (`## 4a. ...`), what was asked left out."""
    found: dict[str, str] = {}
    for name in ids:
        others = "|".join(re.escape(other) for other in ids)
        heading = re.compile(rf"^#{{1,6}}[ \t]*{re.escape(name)}\b.*$", re.MULTILINE | re.IGNORECASE)
        match = heading.search(text)
        if match is None:
            continue
        rest = text[match.end() :]
        following = re.search(rf"^#{{1,6}}[ \t]*(?:{others})\b", rest, re.MULTILINE | re.IGNORECASE)
        own = rest[: following.start()] if following else rest
        marker = _YOUR_ANSWER.search(own)
        found[name] = (own[marker.end() :] if marker else own).strip()
    return found


def own_answers(assignment: AssignmentResult) -> dict[str, str]:
    """The student's answers by function (`written_4a`); empty where the sheet has none of the headings."""
    functions = {q.function.removeprefix("written_"): q.function for q in assignment.questions if q.written}
    text = (assignment.answers or "").replace("\r\n", "\n")
    return {functions[name]: answer for name, answer in split_answers(text, list(functions)).items()}
