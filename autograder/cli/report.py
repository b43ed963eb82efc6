"""`autograder report`: pages, comments and PDFs from the records of a run, without grading."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.options import whole
from autograder.errors import DONE

if TYPE_CHECKING:
    from autograder.cli.options import Verbs

# As in autograder.feedback.remake and autograder.course.settings, which are too heavy for `--help`.
FORMATS = ("html", "md", "pdf", "terminal")
LEVELS = ("verdict", "hint", "case", "full")


def _formats(text: str) -> list[str]:
    found = [name.strip() for name in text.split(",") if name.strip()]
    wrong = [name for name in found if name not in FORMATS]
    if wrong or not found:
        raise argparse.ArgumentTypeError(f"{text!r}: the formats are {', '.join(FORMATS)}")
    return found


def add(verbs: "Verbs") -> None:
    """The verb's grammar."""
    report = verbs.add_parser(
        "report",
        help="make the pages again, or comments, PDFs, text",
        description="Make feedback again from the records of a run, without grading and without the references.",
    )
    report.add_argument("folder", type=Path, metavar="DIR", help="the folder that `autograder grade` wrote to")
    report.add_argument(
        "--format", type=_formats, default=["html"], metavar="LIST", help="of html, md, pdf, terminal (default: html)"
    )
    report.add_argument("--student", action="append", metavar="NAME", help="only this one (may be repeated)")
    report.add_argument("--reveal", choices=LEVELS, help="how much of hidden checks is shown (default: the course's)")
    report.add_argument("--jobs", type=whole, metavar="N", help="worker processes (default: one per processor)")
    report.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write what is asked for; print a student's feedback, or the class's summary, for the terminal."""
    from autograder.cli.progress import ProgressBar
    from autograder.feedback.remake import chosen, read_class, read_shown, report
    from autograder.feedback.terminal_report import print_student
    from autograder.judging.levels import Reveal
    from autograder.records.reveal import revealed

    level = None if options.reveal is None else Reveal(options.reveal)
    files = [name for name in options.format if name != "terminal"]
    written: list[Path] = []
    if files:
        with ProgressBar() as bar:
            written = report(
                options.folder,
                formats=files,
                students=options.student,
                reveal=level,
                jobs=options.jobs,
                done=bar.step("pages"),
            )
    for path in written[:4]:
        print(path)
    if len(written) > 4:
        print(f"and {len(written) - 4} more in {written[-1].parent}")
    if "terminal" in options.format:
        shown = read_shown(options.folder)
        found = read_class(options.folder, shown)
        for light in chosen(found.results, options.student):
            print_student(revealed(found.whole(light), level or shown.reveal), shown.title)
    return DONE
