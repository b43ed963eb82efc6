"""Our results in place of a kernel's: what is put into the cells of a notebook, and what is written down.

nbgrader's own SaveAutoGrades goes by cells' outputs, and takes what it cannot read for full points. Scores here never
come from an output; outputs are still such that it would read the same, or nothing.
"""

import math
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, cast

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.errors import CourseFolderError
from autograder.gradebook.journal import read_marks
from autograder.gradebook.marks import Mark, mark_hash
from autograder.gradebook.marks_file import MARKS
from autograder.integrations.nbgrader.cell_ids import SHOWS, STAFF, comment_cell, is_written, question_of
from autograder.integrations.nbgrader.cell_outputs import CellOutputs, told_of
from autograder.integrations.nbgrader.config import CONFIG
from autograder.integrations.nbgrader.course_folder import CourseFolder, place_of
from autograder.integrations.nbgrader.fresh_record import fresh_record
from autograder.integrations.nbgrader.new_cells import markdown_cell, numbered
from autograder.integrations.nbgrader.shown_hash import shown_hash
from autograder.records.record import Result, points

# Under this name in nbgrader's resources of one notebook.
GIVEN = "autograder"
# As nbgrader has it.
NO_RESPONSE = "No response."
NO_RESULT = "there is no result of this cell; a person looks at it"


def converter_of(step: NbGraderPreprocessor) -> Autograde:
    """The run of nbgrader that a step belongs to.

    Raises:
        CourseFolderError: it belongs to none: the course's settings name it in another place.
    """
    parent = getattr(step.parent, "parent", None)
    if not isinstance(parent, Autograde):
        raise CourseFolderError(f"{type(step).__name__} belongs in c.Autograde.autograde_preprocessors of {CONFIG}")
    return parent


def clamped(score: float, most: float) -> float:
    """A score between 0 and the most that there is; 0 for what is no number."""
    return min(max(float(score), 0.0), most) if math.isfinite(score) else 0.0


class EngineGrades(NbGraderPreprocessor):
    """In place of nbgrader's Execute: no kernel is started, no code of a student runs in this process."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """The notebook with points and messages as outputs, and the rubric beside written answers."""
        converter, names = converter_of(self), resources["nbgrader"]
        try:
            place = place_of(Path(converter.coursedir.root), converter.config)
            record = fresh_record(converter, place, names["assignment"], names["student"])
            told = told_of(record, names["assignment"], place)
        except Exception:
            # Whatever it is, nbgrader tells it; the score of an earlier hand-in must not stand for this one.
            with Gradebook(names["db_url"]) as gradebook:
                take_scores_away(gradebook, names["assignment"], names["student"])
            raise
        resources[GIVEN] = (record, told, place)
        nb.metadata[SHOWS] = shown_hash(record, names["assignment"], place)
        cells = []
        for cell in nb.cells:
            cells.append(cell)
            question = question_of(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
                if utils.is_grade(cell):
                    cell.outputs = _outputs(cell, told, question)
            elif question in told.staff:
                # Shown by our filter, and by it alone: without it, the cell is empty.
                cells.append(markdown_cell("", **{STAFF: told.staff_on(question, cell.source)}))
        nb.cells = numbered(cells)
        return nb, resources


def _outputs(cell: NotebookNode, told: CellOutputs, question: str) -> list[NotebookNode]:
    """The points first, as a plain number, which nbgrader reads; an error where there are none."""
    score = told.score(question)
    if score is None:
        return [new_output("error", ename="NoResult", evalue=NO_RESULT, traceback=[f"NoResult: {NO_RESULT}"])]
    most = float(cell.metadata.nbgrader["points"])
    shown = told.outputs.get(question, "") or f"{points(score)} of {points(most)} points"
    data = NotebookNode({"text/plain": repr(clamped(score, most)), "text/markdown": shown})
    return [NotebookNode(output_type="execute_result", execution_count=None, metadata=NotebookNode(), data=data)]


class EngineSaves(NbGraderPreprocessor):
    """In place of nbgrader's SaveAutoGrades, or after it: scores and comments as the record has them."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Nothing of the notebook changes."""
        names = resources["nbgrader"]
        record, told, place = cast(tuple[Result, CellOutputs, CourseFolder], resources[GIVEN])
        changed = {
            cell.metadata.nbgrader["grade_id"]
            for cell in nb.cells
            if utils.is_grade(cell) and cell.metadata.nbgrader.get("checksum") != utils.compute_checksum(cell)
        }
        with Gradebook(names["db_url"]) as gradebook:
            notebook = gradebook.find_submission_notebook(names["notebook"], names["assignment"], names["student"])
            write_down(notebook, record, told, place, changed)
            gradebook.db.commit()
        return nb, resources


def write_down(notebook: Any, record: Result, told: CellOutputs, place: CourseFolder, changed: Collection[str]) -> None:
    """Put a record's scores and comments into a row of the gradebook.

    Args:
        notebook: of a submission, as the gradebook has it.
        record: of the student.
        told: of the assignment.
        place: of the course, whose pulled marks say what a person has settled.
        changed: the ids of the cells in which something was written.
    """
    marks = read_marks(place.records / MARKS).student(record.student)
    comments = {comment.name: comment for comment in notebook.comments}
    for grade in notebook.grades:
        question = question_of(grade.name)
        if is_written(question):
            # Who wrote in a file and not in the cell has answered, too.
            waits = grade.name in changed or bool(told.written(question))
            grade.auto_score = None if waits else 0.0
            comment = None if waits else NO_RESPONSE
        else:
            score = told.score(question)
            grade.auto_score = None if score is None else clamped(score, float(grade.max_score))
            comment = told.comments.get(question)
        if comment_cell(question) in comments:
            comments[comment_cell(question)].auto_comment = comment
        grade.needs_manual_grade = _needs_person(grade, record, f"{told.assignment.name}.{question}", marks)


def take_scores_away(gradebook: Gradebook, assignment: str, student: str) -> None:
    """Let no score of the machine's stand for a submission, of which there is no record: a person looks at it.

    What a person gave stays. A submission that the gradebook does not have needs nothing.
    """
    try:
        submission = gradebook.find_submission(assignment, student)
    except MissingEntry:
        return
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            grade.auto_score = None
            grade.needs_manual_grade = True
        for comment in notebook.comments:
            comment.auto_comment = None
    gradebook.db.commit()


def _needs_person(grade: Any, record: Result, item: str, marks: Mapping[str, Mark]) -> bool:
    """Whether a person must look at a score: there is none, or what it was given on has changed since it was pulled."""
    if grade.manual_score is None:
        return grade.auto_score is None
    mark = marks.get(item)
    return mark is None or mark.of != mark_hash(record, item) or mark.points != grade.manual_score
