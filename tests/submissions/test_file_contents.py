"""What a file really holds is told with its cause: web pages, other kinds of file, merge conflicts, encodings."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from autograder.submissions import Entry
from tests.submissions.making import FUNCTIONS, asked, bulk, folder, pieced, read, told, written, zipped
from tests.submissions.notebooks.making import notebook

Make = Callable[[Path, Mapping[str, bytes]], Path | Entry]
both = pytest.mark.parametrize("make", [folder, zipped, pieced, bulk])
NAME = "a4_smooth_ap"
WORK = written(*FUNCTIONS)
PAGE = b"<!DOCTYPE html>\n<html><head><title>smooth_ap.py at main</title></head><body><table>%s</table></body></html>"

R = b'{"kernelspec": {"name": "ir", "language": "R"}}'
JULIA = b'{"language_info": {"name": "julia"}}'


def in_language(metadata: bytes, source: str) -> bytes:
    return notebook([source]).replace(b'"metadata": {}, "nbformat"', b'"metadata": ' + metadata + b', "nbformat"')


NO_PYTHON: dict[str, tuple[str, bytes, str]] = {
    "a web page": ("smooth_ap.py", PAGE % b"<td>def pair_loss(x):</td>", "is a web page (HTML)"),
    "a saved web page": ("smooth_ap.py", b"\xef\xbb\xbf\n<!-- saved --><HTML lang=en>", "is a web page (HTML)"),
    "a web page in place of a notebook": ("smooth_ap.ipynb", PAGE % b"{}", "is a web page (HTML)"),
    "a PDF": ("smooth_ap.py", b"%PDF-1.7\n", "is a PDF, not Python"),
    "a rich text": ("smooth_ap.py", b"{\\rtf1\\ansi def f(): pass}", "is a text of a word processor (RTF)"),
    "a zip": ("smooth_ap.py", b"PK\x03\x04rest", "is a zip, or a document of a word processor"),
    "an old document": ("smooth_ap.py", b"\xd0\xcf\x11\xe0\xa1\xb1", "is a document of a word processor"),
    "a picture": ("smooth_ap.py", b"\x89PNG\r\n", "is a picture"),
    "gzip": ("smooth_ap.ipynb", b"\x1f\x8b\x08", "is a gzip archive, not a notebook"),
    "a pointer": ("smooth_ap.py", b"version https://git-lfs.github.com/spec/v1\noid 1", "run `git lfs pull`"),
    "a server's answer": ("smooth_ap.py", b"404: Not Found", "what a server answers"),
    "a patch": ("smooth_ap.py", b"diff --git a/smooth_ap.py b/smooth_ap.py\n", "is a patch"),
    "a notebook": ("smooth_ap.py", notebook(["x = 1"]), "give it the ending .ipynb"),
    "Python": ("smooth_ap.ipynb", b"import numpy as np\n\n" + WORK, "give it the ending .py"),
    "R": ("smooth_ap.ipynb", in_language(R, "f <- 1"), "is a notebook in R, and only Python is graded"),
    "Julia": ("smooth_ap.ipynb", in_language(JULIA, "f = 1"), "is a notebook in julia"),
    "a conflict in a notebook": ("smooth_ap.ipynb", b'{\n "cells": [\n<<<<<<< HEAD\n', "merge conflict"),
    "too large a notebook": ("smooth_ap.ipynb", b'{"cells": "' + b" " * 16_000_000, "beside its outputs"),
}  # fmt: skip


@both
@pytest.mark.parametrize("what", NO_PYTHON)
def test_what_is_no_python_is_told_with_what_to_do(tmp_path: Path, make: Make, what: str) -> None:
    name, data, why = NO_PYTHON[what]
    submission = read(
        make(tmp_path / "anna", {f"a4/{name}": data, "kl_normal.py": b"def kl_normal(x): return 1"}), asked()
    )
    problem = submission.problems[NAME]
    assert problem.startswith(f"No file named {name} could be read: a4/{name}") and why in problem, f"{what}: {problem}"
    assert "a3_kl_normal" in submission.works, "the rest is graded"


def test_the_other_file_is_graded_and_the_reason_told(tmp_path: Path) -> None:
    files = {"smooth_ap.py": PAGE % b"", "smooth_ap.ipynb": notebook([WORK.decode()])}
    submission = read(folder(tmp_path / "anna", files), asked())
    assert submission.works[NAME].path == "smooth_ap.ipynb" and "web page" in told(submission), f"{told(submission)}"
    files = {"smooth_ap.py": PAGE % b"", "smooth_ap (1).py": WORK}
    submission = read(folder(tmp_path / "berta", files), asked())
    problem = submission.problems[NAME]
    assert "web page" in problem and "smooth_ap (1).py defines 3 of the 3" in problem, (
        f"the reason, and the offer: {problem}"
    )


def test_python_in_a_web_page_is_graded_as_far_as_it_goes(tmp_path: Path) -> None:
    page = PAGE % (b"<pre>\n" + WORK + b"</pre>")
    submission = read(folder(tmp_path / "anna", {"smooth_ap.py": page}), asked())
    assert submission.works[NAME].files["smooth_ap.py"] == page, "byte for byte"
    assert "is a web page (HTML)" in told(submission) and "was graded" in told(submission), f"{told(submission)}"


@pytest.mark.parametrize("language", ["python", "Python", "python3", "ipython3", ""])
def test_a_notebook_in_python_is_graded_whatever_its_kernel_is_called(tmp_path: Path, language: str) -> None:
    metadata = b'{"kernelspec": {"name": "conda-env-x", "language": "%s"}}' % language.encode()
    data = in_language(metadata, WORK.decode())
    assert NAME in read(folder(tmp_path / "anna", {"smooth_ap.ipynb": data}), asked()).works, f"{language!r} is Python"


def test_python_under_another_kernels_name_is_graded(tmp_path: Path) -> None:
    data = in_language(R, WORK.decode())
    assert NAME in read(folder(tmp_path / "anna", {"smooth_ap.ipynb": data}), asked()).works, "its cells are Python"


CONFLICT = b"<<<<<<< HEAD\ndef pair_loss(x):\n    return 0\n=======\n" + WORK + b">>>>>>> fix\n"


@pytest.mark.parametrize("name", ["smooth_ap.py", "smooth_ap.ipynb"])
def test_a_merge_conflict_is_told(tmp_path: Path, name: str) -> None:
    source = b"import numpy as np\n\n" + CONFLICT
    data = source if name.endswith(".py") else notebook(["x = 1", source.decode()])
    submission = read(folder(tmp_path / "anna", {name: data}), asked())
    (note,) = submission.notes
    where = "smooth_ap.py" if name.endswith(".py") else "cell 2 of smooth_ap.ipynb"
    assert note.startswith(f"{where} holds a merge conflict (line 3)"), f"where: {note}"
    assert "the lower version was graded" in note, f"and which version: {note}"


@pytest.mark.parametrize(
    "source", [b"x = 1 <<7\n", b'"""\n=======\nTitle\n=======\n"""\n', b"# <<<<<<< HEAD\n", b"<<<<<<< HEAD\n"]
)
def test_what_only_looks_like_a_conflict_is_none(tmp_path: Path, source: bytes) -> None:
    submission = read(folder(tmp_path / "anna", {"smooth_ap.py": source + WORK}), asked())
    assert not submission.notes, f"{source!r}: {submission.notes}"


@both
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_module_whose_mark_names_its_encoding_is_graded(tmp_path: Path, make: Make, encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    data = mark + WORK.decode().encode(encoding)
    submission = read(make(tmp_path / "anna", {"smooth_ap.py": data, "helper.py": data}), asked())
    work = submission.works[NAME]
    assert work.files["smooth_ap.py"].lstrip(b"\xef\xbb\xbf") == WORK, (
        f"{encoding}: {work.files['smooth_ap.py'][:40]!r}"
    )
    assert work.files["helper.py"] == work.files["smooth_ap.py"], "helpers, too"
    assert "smooth_ap.py is in UTF-" in told(submission) and "save it as UTF-8" in told(submission), (
        f"{told(submission)}"
    )


def test_a_notebook_in_utf16_is_read(tmp_path: Path) -> None:
    data = notebook([WORK.decode()]).decode().encode("utf-16")
    assert NAME in read(folder(tmp_path / "anna", {"smooth_ap.ipynb": data}), asked()).works, "its mark names it"
