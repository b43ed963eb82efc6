"""The settings file of a course: names of classes here, and folders; no code."""

from pathlib import Path

from autograder.integrations.nbgrader.source_notebooks import STUB
from autograder.submissions.unwritten import YOUR_ANSWER

CONFIG = "nbgrader_config.py"
_OURS = "autograder.integrations.nbgrader"
EXPORTER = f"{_OURS}.read_notebook.HandedInExporter"
BEFORE = f"{_OURS}.links.take_links_away"
COLLECT = f"{_OURS}.collect.SafeCollect"
PENALTY = f"{_OURS}.late.CoursePenalty"
EXPORT = f"{_OURS}.export.QuotedCsv"
FILTERS = {
    "markdown2html": f"{_OURS}.markdown_filter.markdown2html",
    "clean_html": f"{_OURS}.markdown_filter.clean_html",
}
SANITIZE = (f"{_OURS}.sanitize.Canonical",)
AUTOGRADE = (
    f"{_OURS}.scoring.EngineGrades",
    f"{_OURS}.scoring.EngineSaves",
    "nbgrader.preprocessors.AssignLatePenalties",
)


def _list(names: tuple[str, ...]) -> str:
    return "[\n" + "".join(f'    "{name}",\n' for name in names) + "]"


def _dict(names: dict[str, str]) -> str:
    return "{\n" + "".join(f'    "{key}": "{name}",\n' for key, name in names.items()) + "}"


def config_text(course_id: str, solutions: Path, exchange: Path | None) -> str:
    """The settings.

    Args:
        course_id: of nbgrader.
        solutions: the folder of the references.
        exchange: nbgrader's exchange, if not its default.
    """
    root = f"c.Exchange.root = {str(exchange)!r}\n" if exchange else ""
    return f'''# Settings of nbgrader, made by `autograder nbgrader init`. Yours to extend: it is never written anew.
c = get_config()  # noqa: F821

c.CourseDirectory.course_id = {course_id!r}
{root}
# Where the references are, and where our records, pages and marks go.
c.AutograderBridge.solutions = {str(solutions)!r}
c.AutograderBridge.records = "records"

# Grading without a kernel: submissions are read by an allow-list, run in the sandbox, and never in this process.
c.Autograde.exporter_class = "{EXPORTER}"
c.Autograde.pre_convert_hook = "{BEFORE}"
c.Autograde.sanitize_preprocessors = {_list(SANITIZE)}
c.Autograde.autograde_preprocessors = {_list(AUTOGRADE)}
c.AssignLatePenalties.plugin_class = "{PENALTY}"

# Links in the exchange are not followed; Markdown of students comes out clean in formgrader and in feedback.
c.ExchangeFactory.collect = "{COLLECT}"
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {_dict(FILTERS)}

c.ExportApp.plugin_class = "{EXPORT}"

# What stands in a cell that waits for an answer.
c.ClearSolutions.code_stub = {{"python": {STUB!r}}}
c.ClearSolutions.text_stub = {YOUR_ANSWER!r}
'''
