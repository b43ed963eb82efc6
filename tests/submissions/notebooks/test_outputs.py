"""What a notebook has shown costs nothing: plots of any size are passed over before anything is decoded."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.submissions import intake_limits as limits
from autograder.submissions.notebook_outputs import without_outputs
from autograder.submissions.notebook_reader import read_notebook
from autograder.submissions.tree import RefusedError
from tests.submissions.making import folder, read
from tests.submissions.notebooks.making import code, notebook, text

WORK = "def f():\n    return 1\n"
NAME = "a4_smooth_ap"


def shown(outputs: Any, **more: Any) -> bytes:
    """A notebook of which the first of two cells has shown something."""
    cells = [{**code("x = 1"), "outputs": outputs}, code(WORK)]
    return json.dumps({"cells": cells, "metadata": more, "nbformat": 4}, indent=1).encode()


PICTURE = {"output_type": "display_data", "data": {"image/png": "A" * 6_000_000}}


def trace() -> dict[str, Any]:
    """A plot of many points."""
    return {"data": [{"x": list(range(300_000)), "y": [0.5] * 300_000}] * 2}


# Made where they are used: together they take seconds.
LARGE: dict[str, Callable[[], bytes]] = {
    "many pictures": lambda: shown([PICTURE] * 3),
    "more values than are read": lambda: shown([{"output_type": "display_data", "data": {"plotly": trace()}}]),
    "the state of widgets": lambda: shown([], widgets={"state": {f"w{i}": [1, 2, 3, 4] for i in range(300_000)}}),
}


@pytest.mark.parametrize("what", LARGE)
def test_work_is_read_whatever_was_shown(tmp_path: Path, what: str) -> None:
    data = LARGE[what]()
    assert len(data) > limits.NOTEBOOK_BYTES or data.count(b",") > limits.NOTEBOOK_VALUES, "it would be too much"
    submission = read(folder(tmp_path / "anna", {"smooth_ap.ipynb": data}))
    assert NAME in submission.works, f"the work is read: {submission.problems}"
    assert submission.works[NAME].files["cell 2"] == WORK.encode(), f"whole: {submission.works[NAME].files}"


ODD: dict[str, Any] = {
    "brackets and quotes in texts": [{"text": ["]]}{[", 'a "quoted" ]', "back\\slash\\", '\\"', "\u2028"]}],
    "the word itself": [{"outputs": [{"outputs": {}}], "text": '"outputs": ['}],
    "nothing": [],
    "an object": {"a": []},
    "a number": 3,
    "a text": '"outputs": [1]',
    "no outputs": None,
}


@pytest.mark.parametrize("what", ODD)
def test_only_outputs_go(what: str) -> None:
    source = 'x = {"outputs": [1]}  # "outputs": [ \\" ]\n'
    cells = [{**code(source), "outputs": ODD[what]}, text('"outputs": [1, 2] and \\"widgets\\": {'), code(WORK)]
    data = json.dumps({"cells": cells, "nbformat": 4}, indent=1).encode()
    found = json.loads(without_outputs(data))
    assert [cell["source"] for cell in found["cells"]] == [cell["source"] for cell in cells], "sources stay"
    kept = found["cells"][0]["outputs"]
    assert not kept or not isinstance(ODD[what], list | dict), f"outputs go: {kept}"


def test_attachments_stay_and_count() -> None:
    picture = {"proof.png": {"image/png": "A" * 1000}}
    cell = {**text("![proof](attachment:proof.png)"), "attachments": picture}
    found = json.loads(without_outputs(notebook([cell, code(WORK)])))
    assert found["cells"][0]["attachments"] == picture, "a picture of a proof is no output"
    heavy = {**cell, "attachments": {"proof.png": {"image/png": "A" * limits.NOTEBOOK_BYTES}}}
    with pytest.raises(RefusedError, match="bytes beside its outputs"):
        read_notebook(notebook([heavy]))


def test_lines_keep_their_numbers() -> None:
    broken = shown([{"text": ["a", "b"]}])[:-2] + b"\n, }"
    line = broken.count(b"\n") + 1
    with pytest.raises(RefusedError, match=f"malformed in line {line} "):
        read_notebook(broken)


def test_random_json_loses_its_outputs_and_nothing_else() -> None:
    drawn = random.Random(7)

    def value(depth: int) -> Any:
        kind = drawn.randrange(6 if depth < 4 else 3)
        if kind < 3:
            return [drawn.randrange(9), "".join(drawn.choices('a"\\[]{}:, \n', k=4)), None][kind]
        if kind < 5:
            return {drawn.choice(("outputs", "a", '"outputs"', "b\\")): value(depth + 1) for _ in range(2)}
        return [value(depth + 1) for _ in range(3)]

    def without(found: Any) -> Any:
        if isinstance(found, dict):
            gone = {key: type(inner)() for key, inner in found.items() if key == "outputs" and inner in ([], {})}
            rest = {key: without(inner) for key, inner in found.items()}
            emptied = {
                key: type(inner)()
                for key, inner in found.items()
                if key in ("outputs", "widgets") and isinstance(inner, list | dict)
            }
            return {**rest, **emptied, **gone}
        return [without(inner) for inner in found] if isinstance(found, list) else found

    for _ in range(500):
        made = [value(0) for _ in range(3)]
        indent = drawn.choice((None, 1))
        found = json.loads(without_outputs(json.dumps(made, indent=indent).encode()))
        assert found == without(made), f"{made} became {found}"


HOSTILE = {
    "open brackets": b'{"cells": [{"outputs": ' + b"[" * 5_000_000,
    "keys within keys": b'"outputs":[' * 2_000_000,
    "an open text of escapes": b'"outputs":["' + b'\\"' * 2_000_000,
    "an open text of backslashes": b'"outputs":["' + b"\\" * 4_000_001,
    "spaces": b'"outputs"' + b" " * 4_000_000,
    "many keys": b'"outputs":[],' * 1_000_000,
    "cut off": shown([PICTURE])[:-60],
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_notebook_is_refused_and_read_once(what: str) -> None:
    with pytest.raises(RefusedError):
        read_notebook(HOSTILE[what])
