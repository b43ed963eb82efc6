"""`autograder pack`: the zip that a student hands in."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.options import FOUND
from autograder.errors import DONE, OwnFolderError

if TYPE_CHECKING:
    from autograder.cli.options import Verbs


def add(verbs: "Verbs") -> None:
    """The verb's grammar."""
    pack = verbs.add_parser(
        "pack",
        help="students: make the zip to hand in",
        description="Say what is missing or misnamed, and make the zip to hand in all the same. Exit code: 0 where "
        "nothing is missing, 1 where something is, 2 where there is nothing to pack.",
    )
    pack.add_argument(
        "folder", type=Path, nargs="?", default=Path(), metavar="FOLDER", help="of your work (default: this folder)"
    )
    pack.add_argument("--out", type=Path, metavar="ZIP", help="the file to write (default: FOLDER/<its name>.zip)")
    pack.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Look through the work, and pack it."""
    from rich.markup import escape

    from autograder.files.writing import write_whole
    from autograder.students.check_terminal import console
    from autograder.students.own_folder import find_work
    from autograder.students.packing import members, pack, problems

    out, wrong = console(), 0
    target = options.out or options.folder / f"{options.folder.resolve().name}.zip"
    if options.folder.is_file():
        raise OwnFolderError(f"{options.folder} is a file: name the folder that it lies in.")
    works = find_work(options.folder)
    for work in works:
        out.print(f"[bold]{escape(work.folder.resolve().name)}[/bold]")
        found = problems(work)
        wrong += len(found)
        for problem in found:
            out.print(f"  [yellow]![/yellow] {escape(problem)}", soft_wrap=True)
        for path in members(work):
            out.print(f"    {escape(path.relative_to(work.folder).as_posix())}", soft_wrap=True)
    if not any(members(work) for work in works):
        raise OwnFolderError("there is nothing to hand in, so no zip was made.")
    write_whole(target, pack(works))
    told = "Nothing is missing." if not wrong else "It can be handed in as it is; what is marked ! above costs points."
    out.print(f"[bold]{escape(str(target))}[/bold] is what you hand in. {told}", soft_wrap=True)
    return FOUND if wrong else DONE
