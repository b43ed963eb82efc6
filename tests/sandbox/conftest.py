"""A slot in each tier of isolation that works here."""

from collections.abc import Iterator

import pytest

from autograder.sandbox.canary import works
from autograder.sandbox.slot import Slot, SubmissionLimits
from autograder.sandbox.tiers import Tier


@pytest.fixture(scope="module", params=list(Tier))
def slot(request: pytest.FixtureRequest) -> Iterator[Slot]:
    # The layers must change nothing of all this: to the first process of a namespace, say, signals mean something else.
    reason = works(request.param)
    if reason:
        pytest.skip(f"tier {request.param} does not work here: {reason}")
    with Slot(SubmissionLimits(import_seconds=1.0, memory=256 << 20), request.param) as made:
        yield made
