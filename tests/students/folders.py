"""A student's folder for tests: a small assignment with quick checks, or one of the four."""

import shutil
from pathlib import Path

from tests.repository import ASSIGNMENTS

CHECKS = '''"""Public checks."""
import small as m
from autograder.public import expect

def test_f__one() -> None:
    """Doubles one"""
    expect(m.f, 1.0, gives=2.0, because="2 times 1")

def test_f__two() -> None:
    """Doubles two"""
    expect(m.f, 2.0, gives=4.0, because="2 times 2")

def test_g__one() -> None:
    """Is one"""
    expect(m.g, gives=1.0, because="it is one")

def test_h__one() -> None:
    """Is two"""
    expect(m.h, gives=2.0, because="it is two")
'''
STUB = "".join(
    f'def {name}:\n    """Doc."""\n    raise NotImplementedError("write {name[0]} here")\n\n'
    for name in ("f(x)", "g()", "h()")
)
RIGHT = "def f(x):\n    return 2 * x\n\ndef g():\n    return 1\n\ndef h():\n    return 2\n"
ANSWERS = """# Written answers

## 1a. Why (2 points)

Why?

*Your answer:*

## 1b. How (1 point)

How?

*Your answer:*
"""


def small(folder: Path, **files: str | bytes) -> Path:
    """A folder with the checks; `small_py="..."` is the file small.py."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {"test_small_py": CHECKS, **files}.items():
        stem, _, suffix = name.rpartition("_")
        path = folder / f"{stem}.{suffix}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def handout(folder: Path, name: str = "a4_smooth_ap") -> Path:
    """A copy of what students are given."""
    shutil.copytree(ASSIGNMENTS / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    return folder / name
