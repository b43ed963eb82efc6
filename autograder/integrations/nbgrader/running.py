"""Runs nbgrader in this process, with a course's settings."""

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from nbgrader import api
from nbgrader.apps import NbGrader
from sqlalchemy.exc import SAWarning

from autograder.integrations.nbgrader.course_folder import read_settings, with_own_programs


@contextmanager
def one_engine() -> Iterator[None]:
    """Let all gradebooks that nbgrader opens share what SQLAlchemy has compiled, and look for what is missing once.

    nbgrader opens a gradebook in every step of every notebook, and each compiles the same few queries anew: half of
    the time of writing a submission down.
    """
    made, tables = cache(api.create_engine), cache(api.Base.metadata.create_all)
    courses: set[str] = set()
    check_course = api.Gradebook.check_course

    def check_once(gradebook: Any, course_id: str) -> None:
        key = f"{gradebook.engine.url} {course_id}"
        if key not in courses:
            check_course(gradebook, course_id=course_id)
            courses.add(key)

    before, api.create_engine = api.create_engine, lambda url, **options: made(url, **options)
    api.Base.metadata.create_all = lambda bind: tables(bind)
    api.Gradebook.check_course = check_once
    try:
        yield
    finally:
        api.create_engine, api.Gradebook.check_course = before, check_course
        del api.Base.metadata.create_all


@contextmanager
def opened(course: Path, level: int = logging.ERROR) -> Iterator[NbGrader]:
    """nbgrader's application, as its commands make it in the course's folder.

    Args:
        course: the folder.
        level: of its log; what it logs goes to stderr.

    Raises:
        CourseFolderError: the folder is no course.
    """
    read_settings(course)
    with_own_programs()
    before, course = Path.cwd(), course.absolute()
    os.chdir(course)
    app = NbGrader(log_level=level)
    # nbgrader's own, of every submission that is new; it says nothing to an assistant.
    warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")
    try:
        app.initialize([], root=str(course))
        yield app
    finally:
        app.deinit_logging()
        os.chdir(before)
