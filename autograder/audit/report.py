"""Tells what an audit found: a table for people, and JSON for programs."""

from typing import Any

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from autograder.audit.findings import Findings, FunctionFindings

MOST_LISTED = 12


def print_findings(found: Findings, console: Console | None = None, *, everything: bool = False) -> None:
    """A table per function, then what needs a person, then the verdict."""
    console = console or Console()
    table = Table(title="The grader, graded", title_justify="left", padding=0, collapse_padding=True)
    table.add_column("function", no_wrap=True)
    for name in ("checks", "caught", "named", "killed", "alarms", "power", "cause"):
        table.add_column(name, justify="right", no_wrap=True)
    last = ""
    for (assignment, function), counts in sorted(found.functions.items(), key=lambda item: item[0][0]):
        if assignment != last:
            table.add_section()
            table.add_row(f"[bold]{escape(assignment)}[/bold]")
            last = assignment
        table.add_row(f"  {escape(function)}", *_cells(counts))
    table.add_section()
    judged = found.total("mutants") - found.total("excused")
    table.add_row(
        "[bold]all[/bold]",
        str(found.total("checks")),
        _of(found.total("wrongs"), found.total("missed")),
        _of(found.total("known"), found.total("unnamed")),
        _of(judged, found.total("survivors")),
        str(found.total("false_alarms")),
        f"{min((counts.weakest for counts in found.functions.values()), default=1.0):.0%}",
        _of(found.total("readings"), found.total("unclear") + found.total("silent")),
    )
    console.print(table)
    console.print(
        "caught: wrong versions that lose points; named: known mistakes told as themselves; killed: mutants that lose "
        "points, but for the excused; alarms: right work that fails; power: seeds with which the weakest is caught; "
        "cause: pages of wrong work that tell the cause first",
        style="dim",
    )
    _print_lists(found, console, everything)
    shares = found.shares
    console.print(
        f"wrong versions caught {shares['caught']:.2%}, mistakes named {shares['named']:.2%}, mutants killed "
        f"{shares['killed']:.2%} ({found.total('excused')} excused); "
        f"right work tried with {found.seeds} seeds, wrong work with {found.power_seeds}"
    )
    console.print(
        f"of {found.total('readings')} pages of wrong work {shares['first']:.2%} tell the cause first, "
        f"{shares['nothing']:.2%} tell nothing, {shares['false']:.2%} claim what is not so"
    )
    if found.total("tried_publicly"):
        console.print(
            f"public checks notice {shares['public']:.2%} of the known mistakes before work is handed in, and let "
            f"{found.total('let_pass')} pass"
        )
    for problem in found.problems:
        console.print(f"[bold]not good enough:[/bold] {escape(problem)}", soft_wrap=True)
    if not found.problems:
        console.print("good enough")


def _of(whole: int, missing: int) -> str:
    return f"{whole - missing}/{whole}"


def _cells(counts: FunctionFindings) -> list[str]:
    mutants = counts.mutants - counts.excused
    return [
        str(counts.checks) if counts.checks else "",
        _of(counts.wrongs, len(counts.missed)) if counts.wrongs else "",
        _of(counts.known, len(counts.unnamed)) if counts.known else "",
        _of(mutants, len(counts.survivors)) if counts.mutants else "",
        str(len(counts.false_alarms)),
        f"{counts.weakest:.0%}" if counts.power else "",
        _of(counts.readings, len(counts.unclear) + len(counts.silent)) if counts.readings else "",
    ]


LISTS = {
    "missed": "wrong, and not caught",
    "unnamed": "known, and not named",
    "survivors": "mutants that survive",
    "false_alarms": "right, and failed",
    "false": "pages that claim what is not so",
    "silent": "pages that tell nothing",
    "unclear": "pages that show a case, and no cause",
    "let_pass": "known mistakes that the public checks let pass",
    "idle": "checks that catch nothing alone",
}


def _print_lists(found: Findings, console: Console, everything: bool) -> None:
    for name, words in LISTS.items():
        if name in ("idle", "unclear") and not everything:
            continue
        listed = [
            f"{assignment}.{function}: {text}"
            for (assignment, function), counts in found.functions.items()
            for text in getattr(counts, name)
        ]
        if not listed:
            continue
        console.print(f"\n[bold]{words}: {len(listed)}[/bold]")
        shown = listed if everything else listed[:MOST_LISTED]
        for line in shown:
            console.print(f"  {escape(line[:300])}", soft_wrap=True)
        if len(shown) < len(listed):
            console.print(f"  and {len(listed) - len(shown)} more; --all lists them")


def as_json(found: Findings) -> bytes:
    """All findings; functions as a list, each with its assignment and name."""
    functions: list[dict[str, Any]] = [
        {"assignment": assignment, "function": function, "weakest": counts.weakest, **msgspec.to_builtins(counts)}
        for (assignment, function), counts in found.functions.items()
    ]
    content = {
        "good_enough": not found.problems,
        "problems": found.problems,
        **found.shares,
        "seeds": found.seeds,
        "power_seeds": found.power_seeds,
        "alternatives": found.alternatives,
        "functions": functions,
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"
