"""A plugin for otter-grader 7.0 under which `otter run` grades with our engine, and starts no kernel.

In the grading process nothing of a submission is run, imported or unpickled: its cells are read as text and run in the
sandbox. otter's public hooks alone would still start a kernel, in which a notebook can reach what otter grades with; so
the function that starts it is replaced. That is why the version is pinned, and a test names what is relied on:
`otter.run.run_autograder.runners.python_runner.grade_notebook`, the hooks `during_assign` and `before_grading`, and the
order in which `PythonRunner.run` calls them.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import nbformat
import otter
from otter.check.notebook import OTTER_LOG_FILENAME
from otter.plugins import AbstractOtterPlugin
from otter.run.run_autograder.runners import python_runner

from autograder.course.solutions import load_solutions
from autograder.errors import EngineError, OtterVersionError
from autograder.exports.results_json import encoded, withheld
from autograder.files.writing import write_whole
from autograder.integrations.carrying import unpack
from autograder.integrations.otter.master import SOLUTIONS_FILE
from autograder.integrations.otter.results import EngineResults
from autograder.integrations.single import GradedEntry, grade_one
from autograder.integrations.trusted import refuse_another
from autograder.submissions import Entry
from autograder.submissions.submission import Piece

TESTED = ("7.0.0",)
# Made by otter beside the submission, or of no use to a grader that does not run it.
NOT_THE_STUDENTS = {"tests", "__init__.py", "otter.py", "otter", OTTER_LOG_FILENAME}
SUFFIXES = (".ipynb", ".py")


class Engine(AbstractOtterPlugin):  # type: ignore[misc]  # otter has no types
    """The plugin. Its configuration names the assignment, and a tier of isolation where the best is not wanted."""

    def during_assign(self, assignment: Any) -> None:
        """Put the students' test files in the place of those that otter made."""
        for folder in (assignment.get_stu_path(), assignment.get_ag_path()):
            tests = Path(folder) / "tests"
            shutil.rmtree(tests, ignore_errors=True)
            shutil.copytree("tests", tests, ignore=shutil.ignore_patterns("__pycache__"))

    def before_grading(self, config: Any) -> None:
        """Take away the log, which otter would unpickle, and what starts a kernel."""
        if otter.__version__ not in TESTED:
            raise OtterVersionError(
                f"otter-grader {otter.__version__} was not tested with this plugin; install one that was: "
                f"python -m pip install 'otter-grader=={TESTED[-1]}'"
            )
        log = Path(OTTER_LOG_FILENAME)
        if log.is_file() or log.is_symlink():
            log.unlink()
        # None of these is made from the students' own files, or with their help.
        config.grade_from_log, config.pdf, config.token = False, False, None
        original = python_runner.grade_notebook

        def grade_notebook(path: str, **_: Any) -> EngineResults:
            # One grading only: another autograder in this process is not ours.
            python_runner.grade_notebook = original
            return self._grade(Path(path))

        python_runner.grade_notebook = grade_notebook

    def _grade(self, path: Path) -> EngineResults:
        """Grade the submission in the present folder, of which otter has found the notebook or module at `path`."""
        try:
            graded = self._graded(path)
            if graded.score is None:
                raise EngineError(graded.final.record.grader_error)
        except Exception as error:
            write_whole(
                Path("../results/results.json").resolve(), encoded(withheld(f"{type(error).__name__}: {error}"))
            )
            raise EngineError(f"no score was recorded, since the grader itself failed: {error}") from error
        made = EngineResults.of(graded)
        made.notebook = nbformat.v4.new_notebook()
        return made

    def _graded(self, path: Path) -> GradedEntry:
        name, source = self.plugin_config["assignment"], Path("../source/files").resolve()
        given = {item.name for item in source.iterdir()} if source.is_dir() else set()
        with tempfile.TemporaryDirectory(prefix="autograder-") as folder:
            solutions = Path(folder) / "solutions"
            unpack(source / SOLUTIONS_FILE, solutions)
            (solution,) = load_solutions(solutions, [name])
            here, taken = Path.cwd(), []
            for item in sorted(here.iterdir()):
                if item.name in NOT_THE_STUDENTS | given:
                    continue
                # otter takes the only notebook for the submission, whatever it is called.
                own = item.name == path.name and path.suffix in SUFFIXES
                target = f"{solution.assignment.module}{path.suffix}" if own else item.name
                taken.append(Piece(item.name, target))
            entry = Entry("submission", here, tuple(taken))
            graded = grade_one(entry, solutions, [name], self.plugin_config.get("isolation"))
            refuse_another(graded.final.record, graded.loaded, entry)
            return graded
