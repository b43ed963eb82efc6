"""Asks a person for points in the terminal: one criterion at a time, all students in turn, each mark saved at once."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rich.console import Console, Group
from rich.panel import Panel
from rich.rule import Rule
from rich.text import Text

from autograder.files.visible import visible
from autograder.gradebook.group_answers import for_each
from autograder.gradebook.journal import change_marks, given_before, read_marks
from autograder.gradebook.marks import Mark, MarkableCriterion
from autograder.gradebook.marks_file import Marks, number
from autograder.records.record import points

MOST_COMMENTS = 9
HELP = (
    "POINTS              give points, for example 2 or 0.5\n"
    "POINTS COMMENT      with a comment that the student reads\n"
    "POINTS #N           with the comment number N again\n"
    "s or Enter          skip; it is asked again next time\n"
    "b                   back to the one before\n"
    "q                   stop; everything is saved\n"
    "?                   this help"
)


class ProofContext:
    """What is shown beside a criterion: the task of its answer, and what the machine says of the derivation."""

    def __init__(self, tasks: Mapping[tuple[str, str], str], verdicts: Mapping[tuple[str, str], str]) -> None:
        self.tasks = tasks
        self.verdicts = verdicts


class MarkingSession:
    """One sitting of a person who marks.

    Args:
        path: of the file of marks.
        queue: the criteria to ask for, in order.
        beside: what is shown with them.
        console: to show on.
        ask: gives the person's line for a prompt.
    """

    def __init__(
        self,
        path: Path,
        queue: Sequence[MarkableCriterion],
        beside: ProofContext,
        console: Console,
        ask: Callable[[str], str],
    ) -> None:
        self.path = path
        self.queue = queue
        self.beside = beside
        self.console = console
        self.ask = ask
        self.given = 0

    def run(self) -> int:
        """Ask until the queue is done or the person stops; returns the number of marks given."""
        place = 0
        while place < len(self.queue):
            item = self.queue[place]
            marks = read_marks(self.path)
            comments = self._comments(marks, item)
            self._show(place, marks, comments)
            step = self._one(item, comments, marks.student(item.student).get(item.item))
            if step is None:
                break
            place = max(0, place + step)
        left = len(queue_of(self.queue, read_marks(self.path), again=False))
        self.console.print(f"{self.given} marks given, {left} left. They stand in {self.path}.", soft_wrap=True)
        return self.given

    def _comments(self, marks: Marks, item: MarkableCriterion) -> list[str]:
        """Comments given on this criterion, the most used first."""
        used = Counter(mark.comment for mark in marks if mark.item == item.item and mark.comment)
        return [comment for comment, _ in used.most_common(MOST_COMMENTS)]

    def _show(self, place: int, marks: Marks, comments: Sequence[str]) -> None:
        item = self.queue[place]
        before = self.queue[place - 1] if place else None
        if before is None or (before.assignment, before.answer) != (item.assignment, item.answer):
            task = self.beside.tasks.get((item.assignment, item.answer), "")
            self.console.print(Rule(f"{item.assignment}, answer {item.answer}"))
            if task:
                self.console.print(Text(visible(task)))
        head = Text()
        head.append(f"{place + 1} of {len(self.queue)}  ", "dim")
        head.append(visible(item.whose, keep=""), "bold")
        self.console.print(head)
        nothing = "(nothing is written as text)" if item.attached else "(nothing is written)"
        parts = [Text(visible(item.written) or nothing, "" if item.written else "dim")]
        parts += [Text(f"handed in, to be looked at: {visible(one)}", "bold") for one in item.attached]
        self.console.print(Panel(Group(*parts), title="answer", title_align="left"))
        verdict = self.beside.verdicts.get((item.student, item.item))
        if verdict:
            self.console.print(Text(f"machine: {visible(verdict)}"))
        criterion = Text(f"criterion {item.criterion} ({points(item.max_points)} points): ", "bold")
        criterion.append(visible(item.text), "not bold")
        self.console.print(criterion)
        mark = marks.student(item.student).get(item.item)
        if mark is not None:
            doubt = ", on another text than this" if mark.of and mark.of != item.of else ""
            self.console.print(Text(f"given before{doubt}: {points(mark.points)} {visible(mark.comment)}"))
        for count, comment in enumerate(comments, start=1):
            self.console.print(Text(f"  #{count} {visible(comment)}"))

    def _one(self, item: MarkableCriterion, comments: Sequence[str], seen: Mark | None) -> int | None:
        """Ask for one criterion, of which the person saw this mark; returns the step to the next one, None to stop."""
        while True:
            try:
                line = self.ask("points (? for help): ").strip()
            except EOFError:
                return None
            match line.lower():
                case "q":
                    return None
                case "b":
                    return -1
                case "" | "s":
                    return 1
                case "?":
                    self.console.print(Text(HELP))
                    continue
            mark = self._mark(item, line, comments)
            if mark is None:
                continue
            self._give(mark, seen, item.also)
            return 1

    def _give(self, mark: Mark, seen: Mark | None, also: Sequence[str]) -> None:
        """Save a mark; where somebody else has given one since this person saw the criterion, say which it replaces."""
        replaced: list[Mark] = []

        def change(marks: Marks) -> Marks:
            now = marks.student(mark.student).get(mark.item)
            if now is not None and now != seen and (now.points, now.comment) != (mark.points, mark.comment):
                replaced.append(now)
            for each in for_each(mark, also):
                marks = marks.with_mark(each)
            return marks

        change_marks(self.path, change)
        self.given += 1
        for other in replaced:
            who = next((line.who for line in given_before(self.path, mark)), "somebody")
            told = f"{who} gave {points(other.points)} here meanwhile: {visible(other.comment) or 'no comment'}. "
            self.console.print(Text(f"{told}Yours counts now; b goes back, and the journal keeps both.", "bold"))

    def _mark(self, item: MarkableCriterion, line: str, comments: Sequence[str]) -> Mark | None:
        first, _, comment = line.partition(" ")
        comment = comment.strip()
        try:
            value = number(first)
        except ValueError:
            self.console.print(Text(f"{first!r} is not a number of points; ? shows what can be typed"))
            return None
        if value > item.max_points:
            self.console.print(Text(f"at most {points(item.max_points)} points can be given here"))
            return None
        if comment.startswith("#"):
            try:
                comment = comments[int(comment[1:]) - 1] if int(comment[1:]) > 0 else comments[len(comments)]
            except (ValueError, IndexError):
                self.console.print(Text(f"there is no comment {comment}"))
                return None
        return Mark(item.student, item.item, value, comment, item.of)


def queue_of(found: Sequence[MarkableCriterion], marks: Marks, again: bool) -> list[MarkableCriterion]:
    """What to ask for: criterion by criterion, all students on each; what is marked only where in doubt, or `again`."""

    def waits(item: MarkableCriterion) -> bool:
        mark = marks.student(item.student).get(item.item)
        override = marks.student(item.student).get(item.item.rpartition(".")[0])
        return again or (mark is None and override is None) or (mark is not None and mark.of not in ("", item.of))

    order = sorted(found, key=lambda item: (item.assignment, item.answer, item.criterion, item.student))
    return [item for item in order if waits(item)]
