"""A student's feedback as Markdown for a comment on a pull request: bounded, and inert whoever wrote what it shows."""

import re

from autograder.feedback.plain_report import PlainCheck, PlainFunction, PlainReport, case_text, plain
from autograder.records.record import Result

# The platforms allow 65,536 characters in a comment.
MOST_CHARACTERS = 60_000
# In CommonMark, a backslash before any of these makes it a plain character.
_PUNCTUATION = re.compile(r"([!\"#$%&'()*+,\-./:;<=>?\[\\\]^_`{|}~])")


def escaped(text: str) -> str:
    """A text as one line of Markdown that shows it and does nothing: no markup, no link, no mention.

    >>> escaped("*a* @b")
    '\\\\*a\\\\* @<!-- -->b'
    """
    one_line = " ".join(text.split())
    return _PUNCTUATION.sub(r"\\\1", one_line).replace("@", "@<!-- -->")


def code_block(text: str, language: str = "python") -> str:
    """A fenced block: the fence is longer than any run of backticks in the text."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _check(check: PlainCheck) -> list[str]:
    lines = [f"- {check.shape} **{check.words}** {escaped(check.title)} ({check.points})"]
    lines += [f"  {escaped(text)}" for text in (check.hint, check.brief) if text]
    parts = []
    for case in check.cases:
        parts += [f"{label}:\n\n{code_block(code)}" for label, code in case_text(case)]
        parts += [escaped(case.told)] if case.told else []
        parts += [code_block("\n".join(case.chain), "text")] if case.chain else []
    if check.chain:
        parts.append(code_block("\n".join(check.chain), "text"))
    return ["\n".join([*lines, *("\n" + _indented(part) + "\n" for part in parts)])]


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" if line else "" for line in text.split("\n"))


def function_comment(function: PlainFunction) -> str:
    """What is said of one function or written answer, as Markdown."""
    name = escaped(function.name) if function.written else f"`{function.name}`"
    lines = [f"### {function.shape} {name}: {function.words}, {function.points} points", ""]
    if function.hint:
        lines += [f"> **Hint:** {escaped(function.hint)}", ""]
    if function.brief:
        lines += [escaped(function.brief), ""]
    if function.comment:
        lines += ["Comment:", "", code_block(function.comment, "text"), ""]
    if function.excerpt:
        lines += [code_block(function.excerpt, "text"), ""]
    told = [check for check in function.checks if not check.passed]
    if not (function.written and function.words == "waits for a person"):
        lines += [line for check in told for line in _check(check)]
    return "\n".join(lines).rstrip() + "\n"


def comment(seen: Result, course: str, most: int = MOST_CHARACTERS) -> str:
    """A student's feedback as Markdown.

    Args:
        seen: the record after `revealed`.
        course: its title.
        most: characters; what does not fit is left out, function by function, and counted.
    """
    report = plain(seen, course)
    pieces = [_head(report)]
    left = most - len(pieces[0]) - 200
    left_out = 0
    for assignment in report.assignments:
        title = f"## {escaped(assignment.title)}: {assignment.points} points\n"
        if assignment.problem:
            title += f"\n**{escaped(assignment.problem)}**\n"
            title += f"\n{code_block(assignment.excerpt, 'text')}\n" if assignment.excerpt else ""
        title += f"\n{escaped(assignment.attached)}\n" if assignment.attached else ""
        right = [f"`{f.name}`" for f in assignment.functions if f.passed and not f.written]
        title += f"\n✓ All points: {', '.join(right)}\n" if right else ""
        for piece in [title, *(function_comment(f) for f in assignment.functions if not f.passed or f.comment)]:
            if len(piece) + 1 > left:
                left_out += 1
                continue
            left -= len(piece) + 1
            pieces.append(piece)
    if left_out:
        pieces.append(f"{left_out} more parts did not fit here; the feedback page has them.\n")
    return "\n".join(pieces)


def _head(report: PlainReport) -> str:
    lines = [f"# {escaped(report.student[:200])}: {report.points}", ""]
    lines += [escaped(report.course), ""] if report.course else []
    lines += [escaped(report.waits), ""] if report.waits else []
    lines += [f"- {escaped(note[:500])}" for note in (*report.since, *report.notes)[:20]]
    return "\n".join(lines).rstrip() + "\n"
