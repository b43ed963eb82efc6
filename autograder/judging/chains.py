"""What a page, and who marks, can show of a derivation: its lines, what each link uses, and where it breaks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.judging.assumptions import Uses
from autograder.judging.derivations import RELATIONS, Broken, Claim, Line, agree
from autograder.judging.evidence import MOST_LINES, Chain, ChainLine, Number, number
from autograder.judging.numbers import Floats
from autograder.judging.tolerance import Tolerance


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a chain, so that equal mistakes are known as equal.

    Args:
        code: of what was found.
        relation: of the line at fault; where no line is, all that the chain has beside "=".
        values: of the line at fault, on the ordinary cases.
    """

    code: str
    relation: str
    values: tuple[Floats, ...]

    def is_like(self, other: "Fault", tolerance: Tolerance) -> bool:
        """Whether two chains are wrong by the same line."""
        if (self.code, self.relation, len(self.values)) != (other.code, other.relation, len(other.values)):
            return False
        pairs = zip(self.values, other.values, strict=True)
        return all(one.shape == two.shape and bool(agree(one, two, tolerance).all()) for one, two in pairs)


def fault_of(lines: Sequence[Line], found: Broken, claim: Claim) -> Fault:
    """What was found of a chain, to be held against what was found of another."""
    if found.at is None:
        return Fault(found.finding.code, " ".join(sorted({line.relation for line in lines[1:]} - {"="})), ())
    line = lines[found.at - 1]
    values = tuple(value for case in claim.ordinary if (value := line.values[case]) is not None)
    return Fault(found.finding.code, line.relation, values)


def _at(value: Floats | None, index: tuple[int, ...], shape: tuple[int, ...]) -> Number | None:
    """One number of a value, where it has the right shape."""
    if value is None or value.shape != shape or len(index) != len(shape):
        return None
    return number(float(value[index]))


def chain_of(
    lines: Sequence[Line], found: Broken | None, claim: Claim, used: Sequence[Sequence[str]], equal: Sequence[int]
) -> Chain:
    """A derivation line by line; a relation is a student's text, and only known ones are kept.

    Args:
        lines: as they were read.
        found: what is wrong with them.
        claim: as they are led.
        used: for each link the assumptions that it uses, in their words; empty where that was not looked at.
        equal: the numbers of lines that only repeat the one before.
    """
    case = None if found is None else found.case
    index = () if found is None else found.index
    shape = () if case is None else claim.sides[case][0].shape
    told = tuple(
        ChainLine(
            line.relation if line.relation in ("start", *RELATIONS) else "?",
            None if case is None else _at(line.values[case], index, shape),
            "" if case is None else line.reasons[case],
            tuple(used[place - 1]) if place and used else (),
            place + 1 in equal,
        )
        for place, line in enumerate(lines[:MOST_LINES])
    )
    if found is None:
        return Chain(told)
    ends = None
    if case is not None:
        left, right = (_at(np.asarray(side), index, shape) for side in claim.sides[case])
        ends = None if left is None or right is None else (left, right)
    return Chain(told, found.at, found.link, ends)


def words_of(uses: Uses, sentences: Sequence[str]) -> list[list[str]]:
    """For each link the assumptions that it uses, in their words."""
    return [[sentences[each] for each in sorted(used)] for used in uses]
