"""A simulated container: Gradescope's folders below a temporary root, in which namespaces and the network are refused.

What the harness does is taken from its documentation: the zip is unpacked to source/, run_autograder copied beside it,
setup.sh run once; then for each submission submission/ and submission_metadata.json are there, the working directory is
the root, and results/results.json is what is read.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.sandbox.inside import kernel
from tests.integrations.gradescope.schema import read_results
from tests.sandbox.test_tiers import EPERM, NAMESPACES, REFUSING

# The filter holds for whatever is run after it.
_HELD = REFUSING.rpartition("sys.argv =")[0] + "os.execvp(sys.argv[4], sys.argv[4:])\n"
# No grader needs to call `connect`, so that the engine's own table does not have it.
CONNECT = {"x86_64": 42, "aarch64": 203}
METADATA = {
    "id": 123456,
    "created_at": "2026-07-01T14:22:32.365935-07:00",
    "assignment": {"id": 25828, "title": "Week 6", "due_date": "2026-07-31T23:00:00.000000-07:00"},
    "submission_method": "upload",
    "users": [{"email": "anna@uni.example", "id": 77, "name": "Anna Nováková"}],
    "previous_submissions": [{"submission_time": "2026-06-30T14:24:48.087023-07:00", "score": 0.0, "results": {}}],
}


def held(
    command: list[str], cwd: Path, environment: Mapping[str, str], more: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Run a command where namespaces and connections are refused, as root or not; and `more` system calls."""
    numbers = kernel.numbers()
    calls = [*(numbers[name] for name in (*NAMESPACES, *more)), CONNECT[platform.machine()]]
    refused = ",".join(map(str, calls))
    around = [sys.executable, "-c", _HELD, str(EPERM), refused, str(numbers["clone"])]
    return subprocess.run(
        [*around, *command], cwd=cwd, capture_output=True, text=True, check=False, env=dict(environment), timeout=300
    )


@dataclass(frozen=True)
class Container:
    """One container."""

    root: Path

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of this machine's, and no package index that pip could be told of."""
        return {
            "PATH": os.defpath + os.pathsep + str(Path(sys.executable).resolve().parent),
            "AUTOGRADER_ROOT": str(self.root),
            "PIP_CONFIG_FILE": os.devnull,
            "HOME": str(self.root),
            "LANG": "C.UTF-8",
        }

    def set_up(self, path: Path) -> subprocess.CompletedProcess[str]:
        """Unpack an autograder's zip, and run its setup.sh."""
        source = self.root / "source"
        for folder in (source, self.root / "submission", self.root / "results"):
            folder.mkdir(parents=True)
        with zipfile.ZipFile(path) as archive:
            archive.extractall(source)
            assert {"setup.sh", "run_autograder"} <= set(archive.namelist()), "both must be at the zip's top"
        shutil.copy(source / "run_autograder", self.root)
        (self.root / "run_autograder").chmod(0o755)
        return held(["bash", str(source / "setup.sh")], self.root, self.environment)

    def submit(
        self, files: Mapping[str, bytes], metadata: Any = METADATA, refused: tuple[str, ...] = ()
    ) -> tuple[dict[str, Any], str]:
        """Grade a submission; the fields of results.json, and what was printed."""
        for folder in (self.root / "submission", self.root / "results"):
            shutil.rmtree(folder)
            folder.mkdir()
        for name, data in files.items():
            (self.root / "submission" / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / "submission" / name).write_bytes(data)
        (self.root / "submission_metadata.json").write_text(json.dumps(metadata))
        done = held([str(self.root / "run_autograder")], self.root, self.environment, refused)
        assert not done.stderr, f"nothing unexpected may be printed: {done.stderr}"
        return read_results((self.root / "results" / "results.json").read_bytes()), done.stdout
