"""What an assistant reads at the end of a command: a summary of a run, and of what a comparison found."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from autograder.cli.progress import plain
from autograder.feedback.alarms import alarms
from autograder.gradebook.changes import Diff
from autograder.grading.run import Results
from autograder.records.record import points

MOST_LISTED = 10
MOST_ALARMS = 3


def print_summary(results: Results, console: Console | None = None) -> None:
    """A table by assignment, what needs a person, and where everything is."""
    console = console or Console()
    graded = [each.record for each in results.finals if each.score is not None]
    if graded:
        table = Table(
            title=f"{len(results)} students, {results.graded} graded in {results.seconds:.1f} s", title_justify="left"
        )
        table.add_column("assignment")
        for name in ("points", "mean", "median", "lowest", "highest"):
            table.add_column(name, justify="right")
        names = dict.fromkeys(assignment.name for result in graded for assignment in result.assignments)
        for name in names:
            found = [assignment for result in graded for assignment in result.assignments if assignment.name == name]
            scores = sorted(assignment.score for assignment in found)
            table.add_row(name, points(found[0].max_score), *_spread(scores))
        totals = sorted(result.score for result in graded if result.score is not None)
        table.add_row("total", points(graded[0].max_score), *_spread(totals), style="bold")
        console.print(table)
    for line in results.told:
        console.print(plain(line), soft_wrap=True)
    _print_needs(results, console)
    for label, path in (("class page", "index.html"), ("scores", "scores.csv"), ("feedback", "feedback")):
        console.print(f"{label + ':':<12}{plain(str(results.folder / path))}", soft_wrap=True)


def _spread(scores: Sequence[float]) -> tuple[str, str, str, str]:
    middle = len(scores) // 2
    median = scores[middle] if len(scores) % 2 else (scores[middle - 1] + scores[middle]) / 2
    mean = sum(scores) / len(scores)
    return f"{mean:.1f}", f"{median:.1f}", points(scores[0]), points(scores[-1])


def _print_needs(results: Results, console: Console) -> None:
    if results.grader_errors:
        names = ", ".join(plain(result.student) for result in results.grader_errors)
        console.print(f"[bold]The grader failed on {len(results.grader_errors)}[/bold], which have no score: {names}")
    asked = alarms(list(results))
    if asked:
        console.print(f"[bold]{len(asked)} checks ask about the exam itself[/bold]: is the reference right?")
        for alarm in asked[:MOST_ALARMS]:
            console.print(f"  {plain(alarm.words)}", soft_wrap=True)
        if len(asked) > MOST_ALARMS:
            console.print(f"  and {len(asked) - MOST_ALARMS} more, on the class page")
    noted = [result for result in results if result.notes or any(a.problem for a in result.assignments)]
    if noted:
        console.print(f"{len(noted)} of {len(results)} were not handed in as asked:")
        for result in noted[:MOST_LISTED]:
            first = next(iter([*result.notes, *(a.problem for a in result.assignments if a.problem)]))
            console.print(f"  {plain(result.student)}: {plain(first)}", soft_wrap=True)
        if len(noted) > MOST_LISTED:
            console.print(f"  and {len(noted) - MOST_LISTED} more, on the class page")
    waiting = sum(each.waiting for each in results.finals)
    if waiting:
        console.print(f"{waiting} criteria of written answers wait to be marked: autograder mark {results.folder}")


def print_diff(found: Diff, console: Console | None = None) -> None:
    """Whose score changes, by how much, in which check and why."""
    console = console or Console()
    for cause in found.causes:
        console.print(plain(cause), soft_wrap=True)
    if not found.changes:
        console.print(f"Nothing differs, for {found.students} students.")
        return
    for change in found.changes:
        by = "" if change.by is None else f" ({change.by:+g})" if change.by else " (the same)"
        before, after = ("no score" if value is None else points(value) for value in (change.before, change.after))
        console.print(f"[bold]{plain(change.student)}[/bold]: {before} to {after}{by}", soft_wrap=True)
        for reason in change.why:
            console.print(f"  {plain(reason)}", soft_wrap=True)
        for question in change.questions:
            moved = f"{points(question.score_before)} to {points(question.score_after)} points"
            console.print(f"  {plain(question.name)}: {moved}; {', '.join(question.why)}", soft_wrap=True)
            for check in question.checks:
                verdicts = f"{check.before or 'not asked'} to {check.after or 'not asked'}"
                given = f"{points(check.points_before)} to {points(check.points_after)}"
                console.print(f"    {plain(check.name)}: {verdicts}, {given} points", soft_wrap=True)
    up = sum(change.by > 0 for change in found.scores if change.by is not None)
    down = sum(change.by < 0 for change in found.scores if change.by is not None)
    console.print(
        f"{len(found.scores)} of {found.students} totals change: {up} up, {down} down; "
        f"{len(found.changes) - len(found.scores)} differ in checks only."
    )
