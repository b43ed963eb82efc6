"""Grades the one submission that Gradescope has put into the container, and always writes results.json."""

import sys
import tempfile
import traceback
from pathlib import Path

import msgspec

from autograder.errors import EngineError
from autograder.exports.results_json import Fields, ResultsOptions, encoded, results_json, withheld
from autograder.files.writing import write_whole
from autograder.integrations.gradescope.public_tests import public_tests
from autograder.integrations.gradescope.submission_metadata import read_metadata
from autograder.integrations.gradescope.zip_settings import SETTINGS, SOLUTIONS, Settings
from autograder.integrations.single import GradedEntry, grade_one
from autograder.integrations.trusted import refuse_another
from autograder.submissions import Entry
from autograder.submissions.submission import Piece


def grade_here(root: Path) -> Fields:
    """The fields of results.json for the submission below `root`.

    Raises:
        Exception: whatever is wrong with the autograder itself; never for what was handed in.
    """
    source = root / "source"
    settings = msgspec.json.decode((source / SETTINGS).read_bytes(), type=Settings)
    student, handed_in, note = read_metadata(root / "submission_metadata.json")
    if note:
        print(note)
    # As in an export of submissions, which is then graded alike.
    entry = Entry(student, root, (Piece("submission"),), uploaded=True, handed_in=handed_in)
    graded = grade_one(entry, source / SOLUTIONS, settings.assignments)
    refuse_another(graded.final.record, graded.loaded, entry)
    print(f"{student}: {_said(graded)}, isolation tier {graded.tier}, {graded.seconds:.1f} s")
    look = ResultsOptions(graded.loaded.course.reveal, settings.hidden, settings.leaderboard)
    public = public_tests(graded.loaded, entry, graded.tier) if settings.public else ()
    facts = {"execution_time": round(graded.seconds, 1)}
    return results_json(graded.final, graded.score, look, public=public, facts=facts)


def _said(graded: GradedEntry) -> str:
    return "no score" if graded.score is None else f"{graded.score:g} points"


def check_here(root: Path) -> None:
    """Grade a submission without a file, so that a broken container is found when it is built.

    Raises:
        EngineError, AutograderError: it is broken.
    """
    settings = msgspec.json.decode((root / "source" / SETTINGS).read_bytes(), type=Settings)
    with tempfile.TemporaryDirectory(prefix="autograder-") as folder:
        (Path(folder) / "submission").mkdir()
        entry = Entry("nobody", Path(folder), (Piece("submission"),))
        graded = grade_one(entry, root / "source" / SOLUTIONS, settings.assignments)
    if graded.score is None:
        raise EngineError(graded.final.record.grader_error)
    print(f"ready: isolation tier {graded.tier}, {graded.seconds:.1f} s for a submission without a file")


def main(arguments: list[str]) -> int:
    """`ROOT`, or `--check ROOT` when the container is built; returns the exit code."""
    if arguments[0] == "--check":
        check_here(Path(arguments[1]))
        return 0
    root = Path(arguments[0])
    try:
        data = encoded(grade_here(root))
    except BaseException:
        # Whatever it is, it is ours. Standard output is for staff alone.
        traceback.print_exc(file=sys.stdout)
        data = encoded(withheld(traceback.format_exc()))
    write_whole(root / "results" / "results.json", data, lasting=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
