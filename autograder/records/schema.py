"""The published form of a record: `python -m autograder.records.schema` prints docs/record.schema.json."""

import sys
from typing import Any

import msgspec

from autograder.records.record import SCHEMA_VERSION, Result

CHANGES_RECORDS = False


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of `results/<student>.json`."""
    made = msgspec.json.schema(Result)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"The record of one student, version {SCHEMA_VERSION}",
        **made,
    }


def encoded() -> bytes:
    """The schema as it is published."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2) + b"\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(encoded())
