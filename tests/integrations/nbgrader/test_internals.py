"""What of nbgrader's insides the bridge rests on; where one has moved, its test says what needs it."""

import inspect
import sys

import pytest

pytest.importorskip(
    "nbgrader", reason="nbgrader is not installed: python -m pip install 'seminar-autograder[nbgrader]'"
)
if sys.platform != "linux":
    pytest.skip("nbgrader's exchange and the sandbox need Linux", allow_module_level=True)

from importlib.metadata import version

from nbgrader import api, utils
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import BaseConverter
from nbgrader.exchange import ExchangeFactory
from nbgrader.exchange.default.collect import ExchangeCollect
from nbgrader.plugins import ExportPlugin, LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties, Execute, NbGraderPreprocessor

from autograder.integrations.nbgrader import preconditions as checking

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.slow]


def has_traits(owner: type, *names: str) -> list[str]:
    """Those of the names that are no configurable traits of a class."""
    return [name for name in names if name not in owner.class_traits(config=True)]  # type: ignore[attr-defined]


def test_the_version_is_one_that_was_tested() -> None:
    found = tuple(int(part) for part in version("nbgrader").split(".")[:3])
    assert checking.TESTED[0] <= found < checking.TESTED[1], f"nbgrader {version('nbgrader')} was never tried"


@pytest.mark.parametrize(
    ("owner", "names", "whose"),
    [
        (
            Autograde,
            ["sanitize_preprocessors", "autograde_preprocessors", "exporter_class", "pre_convert_hook"],
            "config",
        ),
        (ExchangeFactory, ["collect"], "collect.SafeCollect"),
        (AssignLatePenalties, ["plugin_class"], "late.CoursePenalty"),
        (ExportPlugin, ["to", "student", "assignment"], "export.QuotedCsv"),
        (GenerateFeedback, ["preprocessors"], "markdown_filter, whose filter feedback goes through"),
    ],
)
def test_settings_are_where_the_generated_file_puts_them(owner: type, names: list[str], whose: str) -> None:
    assert not has_traits(owner, *names), f"{owner.__name__} has no {has_traits(owner, *names)}: see {whose}"


@pytest.mark.parametrize(
    ("owner", "name", "arguments", "whose"),
    [
        (BaseConverter, "init_destination", ["assignment_id", "student_id"], "recording.RecordingAutograde"),
        (BaseConverter, "_format_dest", ["assignment_id", "student_id"], "recording.RecordingAutograde"),
        (BaseConverter, "run_pre_convert_hook", [], "links.take_links_away"),
        (ExchangeCollect, "do_copy", ["src", "dest"], "collect.SafeCollect"),
        (LateSubmissionPlugin, "late_submission_penalty", ["student_id", "score", "total_seconds_late"], "late"),
        (NbGraderPreprocessor, "preprocess", ["nb", "resources"], "sanitize and scoring"),
        (api.Gradebook, "find_submission_notebook", ["notebook", "assignment", "student"], "scoring.EngineSaves"),
        (api.Gradebook, "update_or_create_submission", ["assignment", "student"], "recording"),
    ],
)
def test_methods_take_what_we_give(owner: type, name: str, arguments: list[str], whose: str) -> None:
    assert hasattr(owner, name), f"{owner.__name__}.{name} has moved: see {whose}"
    found = list(inspect.signature(getattr(owner, name)).parameters)
    missing = [argument for argument in arguments if argument not in found]
    assert not missing, f"{owner.__name__}.{name} takes {found}: see {whose}"


def test_a_step_finds_the_run_it_belongs_to() -> None:
    assert Autograde._sanitizing is True, "Autograde._sanitizing tells read_notebook which of the two passes it is"
    assert Execute in Autograde().autograde_preprocessors, "what the settings leave out starts kernels"


def test_the_gradebook_has_the_columns_that_we_write() -> None:
    for owner, names in ((api.Grade, ["auto_score", "manual_score", "needs_manual_grade", "extra_credit"]),
                         (api.Comment, ["auto_comment", "manual_comment"])):  # fmt: skip
        missing = [name for name in names if not hasattr(owner, name)]
        assert not missing, f"{owner.__name__} has no {missing}: see scoring.write_down and pull"
    assert callable(api.create_engine) and callable(api.Base.metadata.create_all), "see running.one_engine"


def test_checksums_and_marks_of_cells_are_as_we_use_them() -> None:
    for name in ("compute_checksum", "is_grade", "is_solution", "ignore_patterns"):
        assert callable(getattr(utils, name, None)), f"nbgrader.utils.{name} has moved"
