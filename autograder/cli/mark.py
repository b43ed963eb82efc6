"""`autograder mark`: points for written answers by a person, and overrides."""

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.options import FOUND, add_marks, add_solutions, say
from autograder.errors import DONE, AboveMaximumError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from autograder.cli.options import Verbs
    from autograder.course.rubric import WrittenAnswer
    from autograder.gradebook.marks_file import Marks
    from autograder.records.record import Result


def add(verbs: "Verbs") -> None:
    """The verb's grammar."""
    mark = verbs.add_parser(
        "mark",
        help="mark written answers, and override scores",
        description="Ask for the points of written answers, one criterion at a time, all students in turn.",
    )
    mark.add_argument("results", type=Path, metavar="DIR", help="the folder that `grade` wrote")
    mark.add_argument("--answer", action="append", metavar="ID", help="only this written answer (may be repeated)")
    mark.add_argument("--student", action="append", metavar="NAME", help="only this student (may be repeated)")
    mark.add_argument("--again", action="store_true", help="ask also for what is marked")
    what = mark.add_mutually_exclusive_group()
    what.add_argument("--template", type=Path, metavar="FILE", help="write a CSV table to fill in, and ask nothing")
    what.add_argument("--import", type=Path, metavar="FILE", dest="table", help="take the marks from a filled-in table")
    what.add_argument("--override", nargs=2, metavar=("STUDENT", "ITEM"), help="replace a score; ITEM is a function")
    what.add_argument("--remove", nargs=2, metavar=("STUDENT", "ITEM"), help="take a mark or an override back")
    what.add_argument("--doubts", action="store_true", help="list marks to look at again")
    what.add_argument(
        "--history", action="store_true", help="list every mark given, taken back or replaced, and by whom"
    )
    mark.add_argument(
        "--over", action="store_true", help="with --import: also over marks that are newer than the table"
    )
    mark.add_argument("--points", metavar="P", help="with --override: the score that counts")
    mark.add_argument("--reason", metavar="TEXT", help="with --override: why; the student reads it")
    mark.add_argument("--above-maximum", action="store_true", help="with --override: more than can be earned is meant")
    add_marks(mark)
    add_solutions(mark)
    mark.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do what was asked, then bring scores and pages up to date."""
    from autograder.gradebook.journal import read_marks
    from autograder.gradebook.marks_file import MARKS
    from autograder.records.store import Store

    path = options.marks or options.results / MARKS
    records = Store(options.results).records()
    before, code = read_marks(path), DONE
    try:
        code = _do(options, path, records, before)
    except KeyboardInterrupt:
        # As good an end of marking as `q`.
        say(f"stopped; the marks given stand in {path}.")
    if read_marks(path) != before:
        _refresh(options)
    return code


def _do(options: argparse.Namespace, path: Path, records: "Mapping[str, Result]", marks: "Marks") -> int:
    """Run the form of the verb that was asked for; the exit code.

    Raises:
        UsageError: what was asked for does not fit together, or names what is not there.
    """
    if options.override:
        _override(options, path)
    elif options.remove:
        _remove(options, path)
    elif options.points is not None or options.reason is not None or options.above_maximum:
        raise UsageError("--points, --reason and --above-maximum belong to --override STUDENT ITEM")
    elif options.doubts:
        _list_doubts(options, records, marks)
    elif options.history:
        _list_history(path)
    elif options.table:
        return _import(options, path, records)
    else:
        _ask_or_template(options, path, records, marks)
    return DONE


def _import(options: argparse.Namespace, path: Path, records: "Mapping[str, Result]") -> int:
    """Take a filled-in table; rows whose marks are newer than the table are told, and not taken."""
    from autograder.cli.progress import plain
    from autograder.gradebook.journal import change_marks, latest
    from autograder.gradebook.marks_template import Taken, read_template, taken
    from autograder.records.record import points

    rows, results = read_template(options.table, records, say), list[Taken]()

    def change(marks: "Marks") -> "Marks":
        results.append(taken(rows, marks, over=options.over))
        return results[-1].marks

    change_marks(path, change)
    (found,), given = results, latest(path)
    for row, now in found.refused:
        line = given.get((now.student, now.item))
        who = f"by {plain(line.who)} at {line.when[:16].replace('T', ' ')} UTC" if line is not None else "by hand"
        say(
            f"row {row.number}, {plain(now.student)}, {now.item}: not taken. {points(now.points)} points were given "
            f"{who}, after this table was made; the row has {points(row.mark.points)}."
        )
    if found.refused:
        say(f"{len(found.refused)} rows are older than what counts; --over takes them all the same.")
    over = f", {len(found.replaced)} of them in place of others" if found.replaced else ""
    print(f"{len(found.taken)} marks taken from {options.table}{over}; they stand in {path}.")
    return FOUND if found.refused else DONE


def _list_history(path: Path) -> None:
    """Every change, the oldest first."""
    from autograder.cli.progress import plain
    from autograder.gradebook.journal import history
    from autograder.records.record import points

    lines = history(path)
    for line in lines:
        for given in line.given:
            what = "taken back" if given.points is None else f"{points(given.points)} points"
            comment = f": {plain(given.comment)}" if given.comment else ""
            when = f"{line.when[:16].replace('T', ' ')} UTC"
            print(f"{when}  {plain(line.who)}  {plain(given.student)}  {given.item}  {what}{comment}")
    if not lines:
        print("No mark was given yet.")


def _ask_or_template(options: argparse.Namespace, path: Path, records: "Mapping[str, Result]", marks: "Marks") -> None:
    from rich.console import Console

    from autograder.gradebook.beside_proof import beside
    from autograder.gradebook.group_answers import asked_once
    from autograder.gradebook.marking_order import MarkingSession, queue_of
    from autograder.gradebook.marks import items
    from autograder.gradebook.marks_template import write_template

    chosen = [record for name, record in sorted(records.items()) if not options.student or name in options.student]
    every = [item for record in chosen for item in items(record) if not options.answer or item.answer in options.answer]
    found = asked_once(every, records, marks)
    if not found:
        raise UsageError("there is no such written answer in these records")
    shown = beside(chosen, _rubrics(options))
    if options.template:
        order = sorted(found, key=lambda item: (item.assignment, item.answer, item.criterion, item.student))
        write_template(options.template, order, marks, shown.verdicts)
        print(f"{len(order)} rows in {options.template}; fill in points and comment, then --import it.")
        return
    queue = queue_of(found, marks, options.again)
    if not queue:
        print("Everything is marked. --again asks for all of it once more.")
        return
    console = Console()
    MarkingSession(path, queue, shown, console, console.input).run()


def _remove(options: argparse.Namespace, path: Path) -> None:
    """Take back an override, or a mark."""
    from autograder.gradebook.giving_marks import remove_mark

    student, item = options.remove
    remove_mark(options.results, student, item, marks=path)
    print(f"{student}, {item}: the machine's score counts again.")


def _override(options: argparse.Namespace, path: Path) -> None:
    """Give points in place of the machine's."""
    from autograder.gradebook.giving_marks import give_mark
    from autograder.gradebook.marks_file import number

    student, item = options.override
    if not options.points or not (options.reason or "").strip():
        raise UsageError("an override needs --points and --reason: who looks at it next must know why")
    try:
        value = number(options.points)
    except ValueError:
        raise UsageError(f"--points {options.points} is not a number of points from 0 on") from None
    give = partial(give_mark, options.results, student, item, value, options.reason, marks=path)
    try:
        give(above_maximum=options.above_maximum)
    except AboveMaximumError as error:
        if not sys.stdin.isatty():
            raise AboveMaximumError(f"{error} Nothing was changed; --above-maximum gives it.") from None
        if input(f"{error} Give it all the same? [y/N] ").strip().lower() not in ("y", "yes"):
            print("Nothing was changed.")
            return
        give(above_maximum=True)
    print(f"{student}, {item}: {options.points} points count. It stands in {path}.")


def _rubrics(options: argparse.Namespace) -> "dict[str, tuple[WrittenAnswer, ...]]":
    """The written answers by assignment; without the course's folder, marking does without tasks."""
    from autograder.course.rubric import read_rubric
    from autograder.course.solutions import find_solutions
    from autograder.errors import SolutionsError

    try:
        folder = options.solutions or find_solutions()
    except SolutionsError:
        return {}
    return {path.parent.name: read_rubric(path) for path in sorted(folder.glob("*/rubric.toml"))}


def _list_doubts(options: argparse.Namespace, records: "Mapping[str, Result]", marks: "Marks") -> None:
    from autograder.cli.progress import plain
    from autograder.course.settings import read_course
    from autograder.course.solutions import find_solutions
    from autograder.gradebook.final import finals

    course = read_course((options.solutions or find_solutions()) / "course.toml")
    doubts = [(each.student, doubt) for each in finals(records.values(), marks, course) for doubt in each.doubts]
    for student, doubt in doubts:
        print(f"{plain(student)}: {plain(doubt)}")
    if not doubts:
        print("No mark is in doubt.")


def _refresh(options: argparse.Namespace) -> None:
    """Bring the table and the pages up to date with the marks."""
    from autograder.cli.progress import ProgressBar
    from autograder.errors import SolutionsError
    from autograder.grading.outputs import apply_marks

    try:
        with ProgressBar() as bar:
            apply_marks(options.results, marks=options.marks, solutions=options.solutions, pages=bar.step("pages"))
    except SolutionsError:
        print("Run `autograder grade` again to bring scores and pages up to date.")
        return
    print(f"Scores and pages in {options.results} are up to date.")
