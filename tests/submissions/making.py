"""What students hand in, made for tests: folders, and zips down to the flags of a member."""

import io
import struct
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from autograder.submissions import Entry, Submission, read_submission
from autograder.submissions.asked import Asked, AskedWork
from autograder.submissions.handed_out import content_hash
from autograder.submissions.submission import Piece

MODULES = {"a3_kl_normal": "kl_normal", "a4_smooth_ap": "smooth_ap"}
SOURCE = b"def smooth_ap(d_pos, d_neg, tau):\n    return 1.0\n"


def folder(path: Path, files: Mapping[str, bytes]) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def zipped(path: Path, files: Mapping[str, bytes]) -> Path:
    path = path.with_name(f"{path.name}.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return path


def pieced(path: Path, files: Mapping[str, bytes]) -> Entry:
    """A folder among others, as platforms hand them out."""
    folder(path, files)
    return Entry(path.name, path.parent, (Piece(path.name),))


def bulk(path: Path, files: Mapping[str, bytes]) -> Entry:
    """A folder in the zip of a class."""
    others = {"anna-b/smooth_ap.py": b"another's", "ann/smooth_ap.py": b"another's", "zoe.py": b""}
    own = {f"{path.name}/{name}": data for name, data in files.items()}
    return Entry(
        path.name, zipped(path.with_name("class"), {**others, **own, f"{path.name}/": b""}), (Piece(path.name),)
    )


def flagged(path: Path, *, flag: int = 0, method: int | None = None) -> Path:
    """Sets a flag or the method of every member, which zipfile itself would not write."""
    data = bytearray(path.read_bytes())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(signature)
        while start >= 0:
            data[start + at] |= flag
            if method is not None:
                data[start + at + 2] = method
            start = data.find(signature, start + 4)
    path.write_bytes(data)
    return path


@cache
def bomb() -> bytes:
    """A zip of 5 MB that holds a module of 1 GB of zeros."""
    data, zeros = io.BytesIO(), bytes(1 << 24)
    packing = zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with packing as archive, archive.open("smooth_ap.py", "w") as file:
        for _ in range(64):
            file.write(zeros)
    return data.getvalue()


def claiming(data: bytes, size: int | None) -> bytes:
    """A zip whose last member claims to have so many bytes; None leaves it honest."""
    at = data.rindex(b"PK\x01\x02") + 24
    return data if size is None else data[:at] + struct.pack("<I", size) + data[at + 4 :]


def read(path: Path | Entry, modules: Mapping[str, Asked] = MODULES) -> Submission:
    submission = read_submission(path if isinstance(path, Entry) else Entry("anna", path), modules)
    both, either = set(submission.works) & set(submission.problems), set(submission.works) | set(submission.problems)
    assert not both and either == set(modules), f"each assignment has a work or a problem: {submission}"
    return submission


def told(submission: Submission) -> str:
    return "\n".join([*submission.problems.values(), *submission.notes])


# What is asked, as a course asks it: a few functions, and the hashes of what was handed out.
FUNCTIONS = ("pair_loss", "smooth_ap", "smooth_map")
STUB = "".join(
    f'def {name}(x):\n    """Doc."""\n    raise NotImplementedError("write {name} here")\n\n\n' for name in FUNCTIONS
).encode()
OURS = {
    "README.md": b"# The task\n",
    "smooth_ap.py": STUB,
    "test_smooth_ap.py": b"import smooth_ap as m\nfrom autograder.public import call\n\ndef test_f__one():\n    pass\n",
    "answers.md": b"# Written answers\n\n## 4a. Why (2 points)\n\nWhy?\n\n*Your answer:*\n",
    "tests/smooth_ap.py": b"from otter.test_files import test_case\n\n\ndef smooth_ap__one(smooth_ap):\n    pass\n",
    "tests/pair_loss.py": b"from otter.test_files import test_case\n\n\ndef pair_loss__one(pair_loss):\n    pass\n",
    "figures/ranks.png": b"\x89PNG ours",
}


def written(*names: str, by: str = "1") -> bytes:
    """A module as it was given out, with some functions written."""
    source = STUB.decode()
    for name in names:
        source = source.replace(f'raise NotImplementedError("write {name} here")', f"return {by}")
    return source.encode()


def asked(*, listed: bool = True) -> dict[str, AskedWork]:
    """What is asked; `listed` says whether what was handed out is known."""
    handed_out = {path: [content_hash(path, data)] for path, data in OURS.items()} if listed else {}
    own = AskedWork("smooth_ap", FUNCTIONS, ("4a",), handed_out)
    return {"a3_kl_normal": AskedWork("kl_normal", ("kl_normal",), ("3",)), "a4_smooth_ap": own}
