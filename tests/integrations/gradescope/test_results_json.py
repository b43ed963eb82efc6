"""The one maker of results.json: documented fields, the reveal policy, marks, and our own failure."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from autograder.cli.gradescope import VISIBILITIES
from autograder.course.settings import read_course
from autograder.exports.results_json import (
    MOST_TEXT,
    PublicTest,
    ResultsOptions,
    Visibility,
    encoded,
    results_json,
    withheld,
)
from autograder.gradebook.final import Final, final
from autograder.gradebook.marks import Mark
from autograder.gradebook.marks_file import Marks
from autograder.integrations.gradescope.submission_metadata import NOBODY, read_metadata
from autograder.judging.levels import Reveal
from autograder.judging.verdicts import Verdict
from autograder.records.record import Result
from tests.feedback.making import check, question, record
from tests.integrations.gradescope.container import METADATA
from tests.integrations.gradescope.schema import read_results
from tests.small import SOLUTIONS

COURSE = read_course(SOLUTIONS / "course.toml")


def finished(result: Result, *marks: Mark) -> Final:
    return final(result, Marks.of(marks), COURSE)


def fields(found: Final, look: ResultsOptions | None = None, **more: Any) -> dict[str, Any]:
    return read_results(encoded(results_json(found, found.score, look or ResultsOptions(), **more)))


WRITTEN = question(
    "written_1",
    [check("criterion_1", 0.0, 2.0, Verdict.UNGRADED, kind="criterion", title="Names the step")],
    written=True,
)
PARTLY = question("f", [check("one", 2.0, 2.0), check("two", 0.5, 1.0, hint="Half a hint", brief="A brief")])


def test_the_fields_and_their_defaults() -> None:
    found = fields(finished(record("anna", [PARTLY, WRITTEN])))
    assert found["score"] == 2.5, f"{found}"
    scored = [test for test in found["tests"] if "score" in test]
    assert [(test["score"], test["max_score"], test["status"]) for test in scored] == [
        (2.0, 2.0, "passed"),
        (0.5, 1.0, "failed"),
    ], "a check each; part of the points is no pass"
    assert {test["visibility"] for test in scored} == {"after_published"}, f"{scored}"
    assert "leaderboard" not in found and "Names the step" not in json.dumps(found), "criteria say what is right"
    assert [test["number"] for test in found["tests"]] == ["1", "2", "3"], "in order"


def test_what_may_be_chosen() -> None:
    look = ResultsOptions(hidden=Visibility.VISIBLE, leaderboard=True)
    public = [PublicTest("f: by hand", passed=False, text="f(1)\n  returned 2")]
    found = fields(finished(record("anna", [PARTLY])), look, public=public, facts={"execution_time": 1.5})
    assert found["leaderboard"] == [{"name": "Score", "value": 2.5}] and found["execution_time"] == 1.5, f"{found}"
    assert {test["visibility"] for test in found["tests"]} == {"visible"}, f"{found}"
    (test,) = [test for test in found["tests"] if test.get("tags") == ["public"]]
    assert "score" not in test and test["output"] == "f(1)\n  returned 2", f"no points for it: {test}"


@pytest.mark.parametrize(("level", "told"), [(Reveal.VERDICT, False), (Reveal.HINT, True)])
def test_hints_are_told_by_the_policy(level: Reveal, told: bool) -> None:
    text = json.dumps(fields(finished(record("anna", [PARTLY])), ResultsOptions(reveal=level)))
    assert ("Half a hint" in text) == told and ("A brief" in text) == told, f"{level}: {text}"


def test_marks_of_a_person_are_tests_of_their_own() -> None:
    result = record("anna", [PARTLY, WRITTEN])
    found = fields(
        finished(
            result, Mark("anna", "a1_first.written_1.1", 1.5, "Well begun."), Mark("anna", "a1_first.f", 3.0, "Right.")
        )
    )
    scored = {test["name"]: test for test in found["tests"] if "score" in test}
    assert scored["f"]["score"] == 3.0 and "Right." in scored["f"]["output"], f"an override: {scored}"
    (written,) = [test for name, test in scored.items() if name.startswith("Written answer 1")]
    assert written["score"] == 1.5 and "Well begun." in written["output"], f"a mark: {scored}"
    assert found["score"] == 4.5, f"{found['score']}"


def test_our_own_failure_has_no_score() -> None:
    result = replace(record("anna", [PARTLY]), score=None, grader_error="Traceback: secret")
    found = fields(finished(result))
    assert "score" not in found and not [test for test in found["tests"] if "score" in test], f"{found}"
    assert [test["visibility"] for test in found["tests"]] == ["hidden"], f"{found}"
    assert "secret" in found["tests"][0]["output"] and "secret" not in found["output"], f"{found}"


def test_texts_are_bounded_and_hide_nothing() -> None:
    long = withheld("a" * MOST_TEXT + "\u202e the end")
    text = long["tests"][0]["output"]
    assert len(text) < MOST_TEXT + 100 and text.endswith("\\u202e the end"), (
        f"the end of a traceback says most: {text[-40:]}"
    )
    found = fields(
        finished(record("anna", [question("f", [check("one", 0.0, 1.0, brief="b\x1b[31m" + "x" * 20_000)])]))
    )
    (scored,) = [test for test in found["tests"] if "score" in test]
    assert "\x1b" not in scored["output"] and "more characters]" in scored["output"], f"{scored['output'][-60:]}"


def test_what_is_no_number_is_never_written() -> None:
    found = results_json(finished(record("anna", [PARTLY])), math.nan, ResultsOptions())
    with pytest.raises(ValueError, match="not JSON compliant"):
        encoded(found)


def test_the_command_knows_the_visibilities() -> None:
    assert tuple(Visibility) == VISIBILITIES, f"the command offers {VISIBILITIES}"


def metadata(folder: Path, content: str) -> Path:
    path = folder / "submission_metadata.json"
    path.write_text(content)
    return path


def test_who_handed_in_and_when(tmp_path: Path) -> None:
    student, handed_in, note = read_metadata(metadata(tmp_path, json.dumps(METADATA)))
    assert (student, note) == ("anna@uni.example", ""), f"{student} {note}"
    assert handed_in.at == METADATA["created_at"] and handed_in.attempt == "2", f"{handed_in}"
    group = {**METADATA, "users": [{"email": "a@x", "id": 1, "name": "A"}, {"email": "b@x", "id": 2, "name": "B"}]}
    _, handed_in, _ = read_metadata(metadata(tmp_path, json.dumps(group)))
    assert handed_in.members == ("a@x", "b@x"), f"a group: {handed_in}"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"users": 3}', "{}", "[" * 100_000])
def test_metadata_that_cannot_be_used_cost_only_the_name(tmp_path: Path, content: str) -> None:
    student, _, note = read_metadata(metadata(tmp_path, content))
    assert student == NOBODY and note, f"{student}: {note}"
    assert read_metadata(tmp_path / "absent.json")[0] == NOBODY, "nor where there are none"
