"""What Gradescope documents of results.json, and what is promised of ours beyond it."""

import json
from pathlib import Path
from typing import Any

SCHEMA = json.loads((Path(__file__).parent / "results.schema.json").read_text())
SEEN_AT_ONCE = "visible"


def _no_constant(name: str) -> float:
    raise AssertionError(f"{name} is no JSON")


def read_results(data: bytes) -> dict[str, Any]:
    """The fields of a results.json, which must be as documented."""
    import jsonschema  # which takes a second, and not every process that collects tests comes here

    found: dict[str, Any] = json.loads(data, parse_constant=_no_constant)
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    assert found["stdout_visibility"] == "hidden", "what the grader prints is for staff"
    for text in (found, *found["tests"]):
        # Students' work is in the texts: it must never become markup. The default at the top is "simple_format".
        assert text.get("output_format") == "text", f"never markup: {text}"
    for test in found["tests"]:
        if "score" in test:
            assert 0.0 <= test["score"] <= test["max_score"], f"between none and all: {test}"
    return found
