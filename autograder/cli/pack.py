"""`autograder pack`: the zip that a student hands in."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.options import FOUND
from autograder.errors import DONE, OwnFolderError, UsageError

if TYPE_CHECKING:
    from autograder.cli.options import Verbs


def add(verbs: "Verbs") -> None:
    """The verb's grammar."""
    pack = verbs.add_parser(
        "pack",
        help="students: make the zip to hand in",
        description="Say what is missing or misnamed, and what is graded, and make the zip to hand in all the same. "
        "Exit code: 0 where nothing is missing, 1 where something is, 2 where there is no module or notebook to pack.",
    )
    pack.add_argument(
        "folder", type=Path, nargs="?", default=Path(), metavar="FOLDER", help="of your work (default: this folder)"
    )
    pack.add_argument("--out", type=Path, metavar="ZIP", help="the file to write (default: FOLDER/<its name>.zip)")
    pack.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Look through the work, pack it, and say what is graded of the zip."""
    from rich.markup import escape

    from autograder.files.writing import write_whole
    from autograder.students.check_terminal import console, print_receipt
    from autograder.students.own_folder import find_work
    from autograder.students.packing import as_graded, large, members, pack, problems

    out, wrong = console(), 0
    target = options.out or options.folder / f"{options.folder.resolve().name}.zip"
    if options.folder.is_file():
        raise OwnFolderError(f"{options.folder} is a file: name the folder that it lies in.")
    if target.is_dir():
        raise UsageError(f"{target}: it is a folder, and must be a file. Name the zip to write: --out ZIP.")
    works = find_work(options.folder)
    data = pack(works)
    graded = as_graded(data, works)
    for work in works:
        out.print(f"[bold]{escape(work.name)}[/bold]")
        found = problems(work)
        wrong += len(found)
        for problem in found:
            out.print(f"  [yellow]![/yellow] {escape(problem)}", soft_wrap=True)
        for path in members(work):
            out.print(f"    {escape(path.relative_to(work.folder).as_posix())}", soft_wrap=True)
        print_receipt(graded, work, out)
    for problem in large(data):
        wrong += 1
        out.print(f"[yellow]![/yellow] {escape(problem)}", soft_wrap=True)
    write_whole(target, data)
    told = (
        "Nothing is missing." if not wrong else "It can be handed in as it is; what is marked ! above may cost points."
    )
    out.print(f"[bold]{escape(str(target))}[/bold] is what you hand in. {told}", soft_wrap=True)
    return FOUND if wrong else DONE
