"""What a student sees in the terminal: of each function a sign, words, and where it fails the case."""

import json
import sys
import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace

from rich.console import Console
from rich.markup import escape

from autograder.feedback.receipt_words import answers_words, left_out_words, place_words
from autograder.files.visible import visible
from autograder.students.checked_work import CheckedWork
from autograder.students.checks import CheckedFunction, Status
from autograder.students.own_folder import AssignmentFolder
from autograder.submissions.receipt import Attachment, Receipt
from autograder.submissions.submission import Submission

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
    places = {one.function: place_words(one) for one in work.receipt.functions if one.file and one.written}
    for checked in report.functions:
        status = Status.FAILS if checked.rules else checked.status
        colour = SIGNS[status][2]
        mark = sign(status, out.encoding)
        where = f" [dim]({escape(places[checked.function])})[/dim]" if checked.function in places else ""
        out.print(
            f"  [{colour}]{mark}[/{colour}] {escape(checked.function):<{width}}  "
            f"[{colour}]{checked.words}[/{colour}]{where}",
            soft_wrap=True,
        )
        for text in failure_lines(_told_once(checked, told)):
            # Not broken into lines: a call is there to be copied.
            out.print(escape(f"      {text}"), soft_wrap=True)
    for line in beside_code(work.receipt, work.attachments):
        out.print(escape(f"  {line}"), soft_wrap=True)
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


def print_receipt(graded: Submission, work: AssignmentFolder, out: Console) -> None:
    """What is graded of a work in the zip that was made of it.

    Args:
        graded: as the grader reads the zip.
        work: the student's own folder, of which more may be left out.
        out: where to.
    """
    receipt, taken = graded.receipts[work.name], graded.works.get(work.name)
    out.print(f"  This is what is graded: {escape(taken.path if taken is not None else 'nothing')}", soft_wrap=True)
    width = max((len(one.function) for one in receipt.functions), default=0)
    for one in receipt.functions:
        out.print(escape(f"    {one.function:<{width}}  {place_words(one)}"), soft_wrap=True)
    left_out = replace(receipt, left_out=work.receipt.left_out, more_left_out=work.receipt.more_left_out)
    for line in beside_code(left_out, graded.attachments[work.name]):
        out.print(escape(f"    {line}"), soft_wrap=True)


def beside_code(receipt: Receipt, attachments: Sequence[Attachment]) -> list[str]:
    """The written answers, what a person reads besides, and what is left out; a line each."""
    lines = [f"Written answers in {told}" for told in [answers_words(receipt)] if told]
    lines += [f"A person reads: {'; '.join(one.words for one in attachments)}"] if attachments else []
    return [*lines, *(f"Left out: {told}" for told in left_out_words(receipt))]


def notes(report: CheckedWork) -> list[str]:
    """What to know about the files before their functions."""
    troubles = (f"While it was imported, a statement {trouble}" for trouble in report.troubles)
    return [*report.work.notes, *report.rules, *troubles]


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
                "graded": {
                    "functions": [asdict(one) for one in report.work.receipt.functions],
                    "answers": [asdict(one) for one in report.work.receipt.answers],
                    "attachments": [asdict(one) for one in report.work.attachments],
                    "left_out": [asdict(one) for one in report.work.receipt.left_out],
                },
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
