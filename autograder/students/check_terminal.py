"""What a student sees in the terminal: of each function a sign, words, and where it fails the case."""

import json
import sys
import textwrap
from collections import Counter
from dataclasses import replace

from rich.console import Console
from rich.markup import escape

from autograder.files.visible import visible
from autograder.students.checked_work import CheckedWork
from autograder.students.checks import CheckedFunction, Status

SIGNS = {
    Status.PASSES: ("✓", "+", "green"),
    Status.FAILS: ("✗", "x", "red"),
    Status.WAITS: ("…", "~", "yellow"),
    Status.NOT_STARTED: ("○", "o", "dim"),
    Status.MISSING: ("?", "?", "red"),
}
# Of what was printed, so much is shown.
MOST_LINES, MOST_IN_A_LINE = 12, 200
HIDDEN = "Hidden checks follow when you hand in: more cases, larger ones, and the edges that the docstrings state."


def console() -> Console:
    """Where to print; characters that the terminal has not are replaced."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    return Console(highlight=False)


def sign(status: Status, encoding: str) -> str:
    """A status as one character."""
    fine, plain, _ = SIGNS[status]
    return fine if encoding.lower().replace("-", "").startswith("utf") else plain


def print_report(report: CheckedWork, out: Console) -> None:
    """One work."""
    work = report.work
    taken = work.taken
    out.print(f"[bold]{escape(str(taken if taken is not None else work.folder))}[/bold]", soft_wrap=True)
    for note in notes(report):
        out.print(escape(textwrap.indent(note, "  ")), soft_wrap=True)
    width = max((len(checked.function) for checked in report.functions), default=0)
    for line in printed_lines(report.printed):
        out.print(escape(f"  {line}"), soft_wrap=True)
    told: dict[str, str] = {}
    for checked in report.functions:
        status = Status.FAILS if checked.rules else checked.status
        colour = SIGNS[status][2]
        mark = sign(status, out.encoding)
        out.print(
            f"  [{colour}]{mark}[/{colour}] {escape(checked.function):<{width}}  [{colour}]{checked.words}[/{colour}]"
        )
        for text in failure_lines(_told_once(checked, told)):
            # Not broken into lines: a call is there to be copied.
            out.print(escape(f"      {text}"), soft_wrap=True)
    out.print(summary(report.functions))


def _told_once(checked: CheckedFunction, told: dict[str, str]) -> CheckedFunction:
    """A function whose rules are told in full only where no function above it had them.

    Args:
        checked: the function.
        told: the function that had a rule first; those of this one are added.
    """
    first = [told.setdefault(rule, checked.function) for rule in checked.rules]
    own = [rule for rule, by in zip(checked.rules, first, strict=True) if by == checked.function]
    above = dict.fromkeys(f"As {by} above." for by in first if by != checked.function)
    return replace(checked, rules=(*own, *above))


def notes(report: CheckedWork) -> list[str]:
    """What to know about the files before their functions."""
    work = report.work
    found = list(work.wrong)
    if work.taken is None:
        found.append(f"There is neither {work.module_file.name} nor {work.notebook_file.name} here.")
    if work.module_written and work.notebook_written:
        found.append(
            f"{work.module_file.name} and {work.notebook_file.name} both hold work: {work.module_file.name} is what is "
            "checked and graded. Keep your work in one of the two."
        )
    return [*found, *report.rules, *(f"While it was imported, a statement {trouble}" for trouble in report.troubles)]


def failure_lines(checked: CheckedFunction) -> list[str]:
    """What breaks the rules in a function; else its first failure, whole, and how many follow it; what it printed."""
    lines = list(checked.rules)
    if checked.failures and not lines:
        first, *others = checked.failures
        lines += [f"{first.title}:", *(f"  {line}" for line in first.message.splitlines())]
        if checked.status is Status.MISSING:
            lines = [first.message]
        if others:
            lines.append(f"({len(others)} more {'check fails' if len(others) == 1 else 'checks fail'}.)")
    return [*lines, *printed_lines(checked.printed)]


def printed_lines(text: str) -> list[str]:
    """What was printed, as far as a person reads it."""
    lines = [visible(line[:MOST_IN_A_LINE], keep="\t") for line in text.strip("\n").splitlines()]
    if not lines:
        return []
    more = [f"(... {len(lines) - MOST_LINES:,} more lines)"] if len(lines) > MOST_LINES else []
    return ["printed:", *(f"  {line}" for line in [*lines[:MOST_LINES], *more])]


def summary(functions: list[CheckedFunction]) -> str:
    """How many functions stand how, and that hidden checks follow."""
    counts = Counter(Status.FAILS if checked.rules else checked.status for checked in functions)
    words = [f"{counts[status]} {WORDS[status][counts[status] > 1]}" for status in WORDS if counts[status]]
    return f"{len(functions)} function{'s' if len(functions) > 1 else ''}: {', '.join(words)}. {HIDDEN}"


# Of one function, and of several.
WORDS = {
    Status.PASSES: ("passes its public checks", "pass their public checks"),
    Status.FAILS: ("fails", "fail"),
    Status.WAITS: ("waits for another", "wait for others"),
    Status.NOT_STARTED: ("is not started", "are not started"),
    Status.MISSING: ("is not found", "are not found"),
}


def as_json(reports: list[CheckedWork]) -> str:
    """The reports for programs."""
    return json.dumps(
        [
            {
                "file": str(report.work.taken) if report.work.taken else None,
                "notes": notes(report),
                "functions": [
                    {
                        "function": checked.function,
                        "status": (Status.FAILS if checked.rules else checked.status).value,
                        "checks": checked.total,
                        "failures": [{"title": f.title, "message": f.message} for f in checked.failures],
                        "rules": list(checked.rules),
                        "waits_for": list(checked.waits_for),
                        "printed": checked.printed,
                    }
                    for checked in report.functions
                ],
            }
            for report in reports
        ],
        indent=2,
    )
