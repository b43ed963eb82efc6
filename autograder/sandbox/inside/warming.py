"""What the server does once, so that no child has to do it for the first time.

A fork shares its memory with the server until one of them writes to it, and a page written to is a page copied. Python
writes when it runs something first: it fills caches, and fits its bytecode to the types that it meets. So the server
lets a harmless submission answer harmless calls before it forks. Nothing of that is left but the caches.
"""

import linecache
import os
import sys
import warnings
from typing import Any

import numpy as np

from autograder.sandbox.inside.child import AnswerFile, Warnings, sit_question
from autograder.sandbox.inside.handed_in_files import HERE
from autograder.sandbox.inside.importing import import_submission
from autograder.sandbox.inside.reporting import report

# More were measured to spare a child less: what they leave in memory lies further apart.
ROUNDS = 3
NAME = "warming"
SHEET_BYTES = 1 << 16
# The C library gives the memory of a large array back at once, and each next one is made of new pages, until it has
# seen that such arrays come again: then it keeps memory for all up to that size. Of more than 32 MB it learns nothing.
LARGE_ARRAY_BYTES = (32 << 20) - (1 << 16)
# What coursework does with NumPy, in the forms in which beginners write it.
SOURCE = b'''"""A harmless submission."""
import numpy as np
from typing import Sequence


class Model:
    scale: float = 1.0

    def __init__(self, weights):
        self.weights = np.asarray(weights, dtype=float)


def numbers(x, y, scale=1.0):
    """Every kind of number."""
    x = np.asarray(x, dtype=float)
    total, parts = 0.0, []
    for i, value in enumerate(y):
        if value > 0 and np.isfinite(value):
            total += float(value) * scale
            parts.append(np.exp(-x) / (1.0 + np.exp(-x)))
    shares = np.array(parts) / np.sum(parts, axis=0, keepdims=True)
    apart = x[:, None] - x[None, :]
    ranks = 1 + np.sum(np.where(apart > 0, 1.0, 0.5), axis=-1)
    kept = np.log(np.clip(x[x > 0], 1e-12, None))
    order = np.argsort(-x, kind="stable")
    square = np.eye(len(x)) + apart @ apart.T
    solved = np.linalg.solve(square, x), np.linalg.slogdet(square)[1], np.trace(np.linalg.inv(square))
    sums = kept.mean(), np.cumsum(np.sort(x)), np.maximum(x, 0).max(), np.any(x < 0), np.zeros_like(x).sum()
    joined = np.concatenate([x, np.zeros(2), np.ones((1,))])
    return total, shares, ranks, [order, joined], {"solved": solved, "sums": sums}, Model(x).weights.dot(x)


def drawn(rng, count):
    """Random numbers, and a loop."""
    return [rng.normal(size=3).sum() for _ in range(count)], rng.permutation(count), rng.random(count)


def lines():
    """A derivation."""
    return [("", lambda x, f: np.mean(f(1.0) + x**2)), ("=", lambda x, f: sum(v * v for v in x) / len(x))]


def fails(x):
    """An exception."""
    raise ValueError(f"not {x}")
'''


def _plan() -> list[dict[str, Any]]:
    x, y = np.array([0.5, -1.0, 2.0]), [1.0, 2.0, 0.5]
    return [
        {"function": "numbers", "calls": [["call", [x, y]], ["arguments", [x, y, 2.0]], ["call", (x, 3)]]},
        {"function": "drawn", "calls": [["call", [np.random.default_rng(0), 3]]]},
        {"function": "lines", "calls": [["steps", [[[x, None], [y, None]], [[1, ["np.log", "lambda u: 2.0 * u"]]]]]]},
        {"function": "fails", "calls": [["call", [3]]]},
        {"function": "absent", "calls": [["call", []]]},
    ]


def warm_up(rounds: int = ROUNDS) -> None:
    """Import a harmless submission and make harmless calls of it, in this process."""
    np.empty(LARGE_ARRAY_BYTES, dtype=np.uint8)  # gone at once, and no page of it was touched
    files, plan, finders = {f"{NAME}.py": SOURCE}, _plan(), list(sys.meta_path)
    descriptor = os.memfd_create("autograder")
    os.ftruncate(descriptor, SHEET_BYTES)
    try:
        with warnings.catch_warnings():
            warned = Warnings()
            for _ in range(rounds):
                sheet = AnswerFile(descriptor)
                imported = import_submission(files, NAME, report=lambda error: report(error, files), begin=sheet.begin)
                for number, question in enumerate(plan):
                    sit_question(number, question, imported, files, sheet, warned)
                sys.meta_path[:] = finders
    finally:
        os.close(descriptor)
        sys.meta_path[:] = finders
        for name in (NAME, f"{HERE}.{NAME}"):
            sys.modules.pop(name, None)
        linecache.cache.pop(f"{NAME}.py", None)
