"""The published JSON Schema of a record is the one of the code, and every record keeps to it."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from autograder.records.record import SCHEMA_VERSION, Result, decode
from autograder.records.schema import encoded
from tests.repository import ROOT
from tests.small import REFERENCE
from tests.small.making import WRONG, hand_in, run

if TYPE_CHECKING:
    import jsonschema

PUBLISHED = ROOT / "docs" / "record.schema.json"
# Each ends in another verdict, or leaves another part of the record filled.
WORKS = {
    "right": REFERENCE,
    "wrong": WRONG,
    "syntax": "x = (\n",
    "ends": REFERENCE.replace("return 2.0 * x", "import os; os._exit(3)"),
    "loops": REFERENCE.replace("return 2.0 * x", "while True: pass"),
    "statement": REFERENCE + "\n1 / 0\n",
    "empty": "",
}


@pytest.fixture(scope="module")
def validator() -> "jsonschema.Draft202012Validator":
    import jsonschema  # which may load a grammar, for seconds: once, and not in each of pytest's processes

    schema = json.loads(PUBLISHED.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    home = tmp_path_factory.mktemp("schema")
    hand_in(home / "submissions", WORKS, {"right": "By expansion."})
    run(home / "submissions", home / "out")
    return [json.loads(path.read_bytes()) for path in sorted((home / "out" / "results").glob("*.json"))]


def test_what_is_published_is_what_the_code_writes() -> None:
    told = (
        "python -m autograder.records.schema > docs/record.schema.json; a changed meaning asks for a new SCHEMA_VERSION"
    )
    assert PUBLISHED.read_bytes() == encoded(), f"the published schema is not that of the code: {told}"


def test_every_record_keeps_to_it(records: list[dict[str, Any]], validator: "jsonschema.Draft202012Validator") -> None:
    assert len(records) == len(WORKS), f"a record each: {[record['student'] for record in records]}"
    for record in records:
        wrong = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(record)]
        assert not wrong, f"{record['student']}: {wrong}"
        assert record["schema_version"] == SCHEMA_VERSION, f"{record['student']}: the version stands in it"
    verdicts = {c["verdict"] for r in records for a in r["assignments"] for q in a["questions"] for c in q["checks"]}
    assert {"passed", "failed", "crashed", "timeout", "missing", "raised"} <= verdicts, f"of all kinds: {verdicts}"


def test_what_is_no_record_does_not_keep_to_it(
    records: list[dict[str, Any]], validator: "jsonschema.Draft202012Validator"
) -> None:
    for broken in ({}, {**records[0], "score": "20"}, {**records[0], "assignments": [{"name": "a"}]}):
        assert not validator.is_valid(broken), f"the schema must refuse {str(broken)[:80]}"


def test_a_record_of_before_the_version_can_be_read(records: list[dict[str, Any]]) -> None:
    old = {name: value for name, value in records[0].items() if name != "schema_version"}
    for assignment in old["assignments"]:
        for name in ("failure", "failed_statements"):
            assignment.pop(name)
        for question in assignment["questions"]:
            for check in question["checks"]:
                for name in ("finding", "failing", "notes", "diagnosis"):
                    check.pop(name)
    read: Result = decode(json.dumps(old).encode())
    assert read.student == records[0]["student"], f"records of version 0.1 had none of these: {read.student}"


def test_the_path_of_the_schema_is_told() -> None:
    assert "record.schema.json" in (ROOT / "docs" / "week.md").read_text(), "programs look for it"
