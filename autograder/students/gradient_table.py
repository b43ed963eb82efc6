"""What is said of a gradient that fails its public check: number by number, and what all of them have in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from autograder.judging.differences import Arguments, Derivative, at, coordinates, derivative
from autograder.judging.literals import show
from autograder.judging.tolerance import Tolerance

# Of so many coordinates each is looked at (five calls of the student's function), and so many are shown.
MOST_COORDINATES, MOST_ROWS = 200, 8
# Ratios that agree to this are one factor; the differences have more right digits.
ONE_FACTOR = 1e-4


@dataclass(frozen=True, slots=True)
class ComparedNumber:
    """One coordinate.

    Args:
        label: as code.
        parameter: the name of the one that it stands in.
        said: by the gradient.
        measured: by differences of the function.
        right: whether these agree.
    """

    label: str
    parameter: str
    said: float
    measured: float
    right: bool

    @property
    def ratio(self) -> float | None:
        """What was said, in terms of what was measured; None where that is 0 or not finite."""
        found = self.said / self.measured if self.measured else np.inf
        return found if np.isfinite(found) else None


def rows(
    how: Derivative,
    names: Sequence[str],
    arguments: Arguments,
    gradient: Any,
    ask: Callable[[Arguments], Any],
    tolerance: Tolerance,
) -> list[ComparedNumber]:
    """A gradient beside the differences of its function, number by number; none where they cannot be compared so.

    Args:
        how: it is a derivative.
        names: the parameters of the gradient.
        arguments: of its call.
        gradient: what it returned.
        ask: gives what the function returns for some arguments.
        tolerance: how close is right.
    """
    found = []
    for each in islice(coordinates(how, names, arguments), MOST_COORDINATES):
        said, measured = at(how, each, gradient), derivative(how, each, [ask(call) for call in each.probe.calls])
        if said is None or measured is None:
            return []
        close = abs(said - measured) <= tolerance.absolute + tolerance.relative * max(abs(said), abs(measured))
        # A derivative of 0 is measured as 1e-13, and no ratio to that means anything.
        plain = 0.0 if abs(measured) <= tolerance.absolute else measured
        found.append(ComparedNumber(each.label, how.wrt[each.parameter], said, plain, bool(close)))
    return found


def table(found: Sequence[ComparedNumber], of: str) -> str:
    """The rows as lines of text, those at fault marked: all of a few, else the first that are wrong."""
    shown = found if len(found) <= MOST_ROWS else [row for row in found if not row.right][:MOST_ROWS]
    head = ("by", "your gradient", f"your {of} changes by", "ratio", "")
    lines = [head]
    for row in shown:
        ratio = "" if row.ratio is None else f"{row.ratio:.4g}"
        lines.append((row.label, f"{row.said:.6g}", f"{row.measured:.6g}", ratio, "" if row.right else "<- differs"))
    widths = [max(len(line[column]) for line in lines) for column in range(4)]
    text = [
        "    " + "  ".join([line[0].ljust(widths[0]), *(line[n].rjust(widths[n]) for n in (1, 2, 3)), line[4]]).rstrip()
        for line in lines
    ]
    left = len(found) - len(shown)
    return "\n".join([*text, *([f"    and {left} more"] if left else [])])


def in_common(found: Sequence[ComparedNumber]) -> str:
    """One sentence on what the rows have in common, or nothing."""
    wrong = [row for row in found if not row.right]
    ratios = [row.ratio for row in wrong]
    known = [ratio for ratio in ratios if ratio is not None]
    # A derivative of 0 is right with any factor.
    every = all(not row.right or row.said == row.measured == 0.0 for row in found)
    if len(known) == len(wrong) > 1 and max(abs(ratio - known[0]) for ratio in known) <= ONE_FACTOR * abs(known[0]):
        what = "All" if every else "Those that differ all"
        if abs(known[0] + 1.0) <= ONE_FACTOR:
            return f"{what} have the opposite sign."
        return f"{what} are {show(float(f'{known[0]:.4g}'))} times what the differences say."
    parameters = dict.fromkeys(row.parameter for row in found)
    at_fault = {row.parameter for row in wrong}
    fine = [name for name in parameters if name not in at_fault]
    if fine:
        return f"By {' and '.join(fine)} it is right; by {' and '.join(sorted(at_fault))} it differs."
    return ""
