"""The settings file of a course: names of classes here, and folders; no code."""

from pathlib import Path

from autograder.integrations.nbgrader.source_notebooks import STUB
from autograder.submissions.notebook_cells_json import YOUR_ANSWER

CONFIG = "nbgrader_config.py"
_OURS = "autograder.integrations.nbgrader"
SANITIZE = (f"{_OURS}.canonical.Canonical",)
AUTOGRADE = (
    f"{_OURS}.scoring.EngineGrades",
    f"{_OURS}.scoring.EngineSaves",
    "nbgrader.preprocessors.AssignLatePenalties",
)


def _list(names: tuple[str, ...]) -> str:
    return "[\n" + "".join(f'    "{name}",\n' for name in names) + "]"


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
c.Autograde.exporter_class = "{_OURS}.intake.HandedInExporter"
c.Autograde.pre_convert_hook = "{_OURS}.links.take_links_away"
c.Autograde.sanitize_preprocessors = {_list(SANITIZE)}
c.Autograde.autograde_preprocessors = {_list(AUTOGRADE)}
c.AssignLatePenalties.plugin_class = "{_OURS}.late.CoursePenalty"

# Links in the exchange are not followed; Markdown of students comes out clean in formgrader and in feedback.
c.ExchangeFactory.collect = "{_OURS}.collect.SafeCollect"
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {{
    "markdown2html": "{_OURS}.markdown.markdown2html",
    "clean_html": "{_OURS}.markdown.clean_html",
}}

c.ExportApp.plugin_class = "{_OURS}.export.QuotedCsv"

# What stands in a cell that waits for an answer.
c.ClearSolutions.code_stub = {{"python": {STUB!r}}}
c.ClearSolutions.text_stub = {YOUR_ANSWER!r}
'''
