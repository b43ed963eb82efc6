"""What comes back from a worker counts only if its hashes are those of the run and of what was sent."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import autograder
from autograder.errors import BackendError, UngradableError
from autograder.integrations.dask.backend import DaskBackend
from autograder.integrations.dask.protocol import decode
from tests.integrations.dask.cluster import Processes
from tests.needed import needed
from tests.small import REFERENCE
from tests.small.making import hand_in, run

needed("distributed", "the package distributed is not installed")

# Dask's own threads end a little after its client is closed, and the pages' processes are forked beside them.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")

ANSWER = "GradedReply(*worker.record(job.student, job.wanted, partial(_given, job)), *made_by)"
# No part of the engine's hash, as the whole of the integrations: the worker is not refused before it answers.
LIES = {
    "engine": 'GradedReply(*worker.record(job.student, job.wanted, partial(_given, job)), "0" * 20, made_by[1])',
    "exam": 'GradedReply(*worker.record(job.student, job.wanted, partial(_given, job)), made_by[0], "0" * 20)',
    "submission": """GradedReply(*worker.record(job.student, job.wanted, lambda: __import__("dataclasses").replace(
                job.submission, works={}, problems=dict.fromkeys(job.wanted, "another"))), *made_by)""",
}


@contextmanager
def lying(folder: Path, lie: str) -> Iterator[Processes]:
    """A cluster whose worker grades with the same engine, and answers otherwise."""
    shutil.copytree(Path(autograder.__file__).parent, folder / "other" / "autograder")
    source = folder / "other" / "autograder" / "integrations" / "dask" / "grading_process.py"
    text = source.read_text()
    assert text.count(ANSWER) == 1, "the worker's answer is made there"
    source.write_text(text.replace(ANSWER, LIES[lie]))
    (folder / "cluster").mkdir()
    with Processes(folder / "cluster", home=folder / "other") as cluster:
        cluster.start_worker()
        yield cluster


@pytest.mark.slow
@pytest.mark.parametrize("lie", ["engine", "exam"])
def test_a_reply_of_another_run_is_refused(lie: str, tmp_path: Path) -> None:
    submissions = hand_in(tmp_path / "class", {"anna": REFERENCE})
    with lying(tmp_path, lie) as cluster, pytest.raises(BackendError, match=f"reply is refused: its {lie} differs"):
        run(submissions, tmp_path / "out", place=DaskBackend(cluster.address))
    assert not list((tmp_path / "out").glob("results/*")), "nothing of it is written down"


@pytest.mark.slow
def test_a_reply_on_another_submission_is_no_score(tmp_path: Path) -> None:
    submissions = hand_in(tmp_path / "class", {"anna": REFERENCE})
    with lying(tmp_path, "submission") as cluster:
        (record,) = run(submissions, tmp_path / "out", place=DaskBackend(cluster.address))
    assert record.score is None, f"neither its score nor 0: {record.score}"
    assert "reply is refused" in record.grader_error and "another hand-in" in record.grader_error, record.grader_error


def test_a_reply_of_another_protocol_is_told() -> None:
    with pytest.raises(UngradableError, match="Install the same version"):
        decode(b"\x81\xa4type\xabGradedReply")
