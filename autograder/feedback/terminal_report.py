"""A student's feedback in the terminal."""

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.feedback.plain_report import PlainAssignment, PlainCase, PlainCheck, PlainFunction, case_text, plain
from autograder.records.record import Result

# Styles of rich's own names, so that a terminal's colours are used; words and shapes say the same without them.
TONES = {True: "green", False: "red"}


def _check(check: PlainCheck) -> RenderableType:
    head = Text.assemble(
        (f"{check.shape} {check.words}", TONES[check.passed]), f"  {check.title}  ", (check.points, "dim")
    )
    more: list[RenderableType] = [Text(text) for text in (check.hint, check.brief) if text]
    for case in check.cases:
        more += _case(case)
    more += [Text(line) for line in check.chain]
    return Group(head, *(Padding(each, (0, 0, 0, 2)) for each in more))


def _case(case: PlainCase) -> list[RenderableType]:
    found: list[RenderableType] = []
    for label, code in case_text(case):
        found += [Text(label, "dim"), Padding(Text(code), (0, 0, 0, 2))]
    if case.told:
        found.append(Text(case.told))
    if case.rows:
        table = Table("", "yours", "right", "error", box=None, pad_edge=False)
        for row in case.rows:
            mark = "" if row.right else "✗"
            table.add_row(*(Text(cell) for cell in (row.place, row.got, row.expected, f"{row.error} {mark}")))
        found.append(table)
    return [*found, *map(Text, case.chain)]


def _function(function: PlainFunction) -> RenderableType:
    tone = "yellow" if function.written else TONES[function.passed]
    head = Text.assemble(
        (function.name, "bold"), "  ", (f"{function.shape} {function.words}", tone), f"  {function.points}"
    )
    if function.passed or (function.written and not function.comment):
        return head
    more: list[RenderableType] = []
    if function.hint:
        more.append(Text.assemble(("Hint  ", "bold yellow"), function.hint))
    more += [Text(text) for text in (function.brief, function.comment, function.excerpt) if text]
    more += [_check(check) for check in function.checks]
    return Group(head, *(Padding(each, (0, 0, 0, 2)) for each in more), "")


def _assignment(assignment: PlainAssignment) -> RenderableType:
    head = Text.assemble("\n", (assignment.title, "bold underline"), f"  {assignment.points} points")
    problem = [Text(text, "red") for text in (assignment.problem, assignment.excerpt) if text]
    attached = [Text(assignment.attached, "dim")] if assignment.attached else []
    return Group(head, *problem, *attached, *(_function(function) for function in assignment.functions))


def print_student(seen: Result, course: str, console: Console | None = None) -> None:
    """Print a student's feedback.

    Args:
        seen: the record after `revealed`.
        course: its title.
        console: where to; default: standard output.
    """
    report = plain(seen, course)
    console = console or Console(highlight=False)
    console.print(Text.assemble((report.student, "bold"), f"  {report.points}"), soft_wrap=True)
    for text in (report.course, report.waits, *report.since, *report.notes):
        if text:
            console.print(Text(text, "dim"))
    for assignment in report.assignments:
        console.print(_assignment(assignment))
