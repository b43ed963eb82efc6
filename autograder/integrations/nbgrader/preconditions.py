"""Looks a course over before submissions are collected or graded: links, and settings that keep it safe."""

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nbgrader.apps import NbGrader
from nbgrader.exchange.default import Exchange

from autograder.errors import CourseFolderError
from autograder.integrations.nbgrader import config
from autograder.integrations.nbgrader.course_folder import place_of
from autograder.integrations.nbgrader.links import links_in
from autograder.integrations.nbgrader.running import opened

# As in pyproject.toml, for whom pip did not keep to it.
TESTED = ((0, 9, 5), (0, 10))
_SETTINGS: dict[tuple[str, str], Any] = {
    ("Autograde", "exporter_class"): config.EXPORTER,
    ("Autograde", "pre_convert_hook"): config.BEFORE,
    ("ExchangeFactory", "collect"): config.COLLECT,
    ("HTMLExporter", "filters"): config.FILTERS,
    ("Autograde", "sanitize_preprocessors"): list(config.SANITIZE),
    ("Autograde", "autograde_preprocessors"): list(config.AUTOGRADE),
}


def problems(course: Path) -> Iterator[str]:
    """What a person should see to, one line each.

    Raises:
        CourseFolderError: the folder is no course.
    """
    found = tuple(int(part) for part in version("nbgrader").split(".")[:3] if part.isdigit())
    if not TESTED[0] <= found < TESTED[1]:
        yield f"nbgrader {version('nbgrader')} is installed; this was tested with 0.9.5 and later, before 0.10."
    with opened(course) as app:
        yield from _settings(app)
        try:
            place = place_of(course, app.config)
        except CourseFolderError as error:
            yield str(error)
            return
        inbound = Path(Exchange(coursedir=app.coursedir, parent=app).root) / app.coursedir.course_id / "inbound"
        for folder in (inbound, place.submitted):
            yield from (str(link) for link in links_in(folder))


def _settings(app: NbGrader) -> Iterator[str]:
    for (section, name), wanted in _SETTINGS.items():
        given = app.config.get(section, {}).get(name)
        kept = all(step in (given or ()) for step in wanted) if isinstance(wanted, list) else given == wanted
        if isinstance(wanted, dict):
            kept = isinstance(given, dict) and all(given.get(key) == value for key, value in wanted.items())
        if not kept:
            shown = ", ".join(wanted) if isinstance(wanted, list) else wanted
            yield f"c.{section}.{name} in {config.CONFIG} is not as `autograder nbgrader init` makes it: {shown}"
