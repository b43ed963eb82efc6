"""The five proofs, drawn and judged without a sandbox, and chains without a step that are made of their ends."""

import importlib
from collections.abc import Callable, Iterator
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

from autograder.authoring.kinds.derivation import Derivation
from autograder.authoring.kinds.kind import Check, Drawing, DrawnCheck
from autograder.course.solutions import load_solutions
from autograder.judging.judgement import Judgement
from autograder.sandbox.answers import Returned
from tests.references.common import COURSE
from tests.repository import SOLUTIONS

PROOFS = {
    "lower_bound_derivation": "a1_noisy_labels",
    "decomposition_derivation": "a2_kl_factorized",
    "kl_normal_derivation": "a3_kl_normal",
    "surrogate_derivation": "a4_smooth_ap",
    "expectation_derivation": "a4_smooth_ap",
}

Step = Callable[..., Any]
Lines = list[tuple[str, Step]]


@cache
def _declared(function: str) -> tuple[Check, Any]:
    (solution,) = load_solutions(SOLUTIONS, [PROOFS[function]])
    (check,) = [each for each in solution.assignment.checks if each.function == function]
    return check, solution.reference


def kind_of(function: str) -> Derivation:
    kind = _declared(function)[0].kind
    assert isinstance(kind, Derivation), f"{function} is a derivation"
    return kind


def reference_of(function: str) -> Any:
    return _declared(function)[1]


def alternatives(assignment: str) -> dict[str, ModuleType]:
    names = sorted(path.stem for path in (SOLUTIONS / assignment / "alternatives").glob("*.py"))
    return {name: importlib.import_module(f"solutions.{assignment}.alternatives.{name}") for name in names}


def drawn(function: str, seed: int) -> DrawnCheck:
    """The check of a proof with the cases of a seed."""
    check, reference = _declared(function)
    drawing = Drawing(
        check=check,
        rng=np.random.default_rng(seed),
        reference=lambda name: getattr(reference, name),
        parameters=check.kind.parameters(getattr(reference, function)),
        tolerance=COURSE.tolerances[check.close],
        tolerances=COURSE.tolerances,
    )
    return check.kind.draw(drawing)


def judged(check: DrawnCheck, lines: Lines) -> Judgement:
    """What is found of lines, evaluated as the sandbox evaluates them."""

    def value(step: Step, arguments: Any) -> list[Any]:
        try:
            return ["ok", step(*arguments)]
        except Exception as error:
            return ["raised", {"types": [type(error).__name__]}]

    with np.errstate(all="ignore"):
        evaluated = [[relation, [value(step, case.arguments) for case in check.cases]] for relation, step in lines]
        return check.check.kind.judge(check, [Returned(evaluated)])


# --- chains without a step -------------------------------------------------------------------------------------------


def _number(step: Step) -> Step:
    return lambda *case: np.asarray(step(*case), dtype=np.float64)


class Bogus:
    """Chains that prove nothing, made of the two sides of a claim by chance; `rng` decides on what is left open."""

    def __init__(self, function: str, check: DrawnCheck, rng: np.random.Generator) -> None:
        kind = kind_of(function)
        self.rng, self.relation = rng, str(kind.claim)
        self.left, self.right = (_number(side) for side in kind.sides)
        self.proof: Lines = getattr(reference_of(function), function)()
        evidence = judged(check, self.proof).evidence
        assert evidence is not None, "a proof is shown with what it uses"
        assert evidence.chain is not None, "line by line"
        self.using = [number for number, line in enumerate(evidence.chain.lines) if line.uses]

    def chains(self) -> Iterator[tuple[str, Lines]]:
        """One of each kind."""
        for make in (
            self.ends,
            self.mixtures,
            self.beyond_the_ends,
            self.padding,
            self.small_factors,
            self.smaller_or_larger,
            self.place_by_place,
            self.line_off,
            self.turned,
            self.without_the_middle,
            self.late_or_early,
            self.remembered,
            self.counted_calls,
            self.as_long_as_they_agree,
        ):
            yield make.__name__, make()

    def _between(self, *steps: Step) -> Lines:
        return [("start", self.left), *[(self.relation, step) for step in steps], (self.relation, self.right)]

    def ends(self) -> Lines:
        first, last = self.rng.integers(0, 4, 2)
        middle = [(self.relation, self.right), *[("=", self.right)] * int(last)]
        return [("start", self.left), *[("=", self.left)] * int(first), *middle]

    def _mixed(self, share: float) -> Step:
        return lambda *case: (1.0 - share) * self.left(*case) + share * self.right(*case)

    def mixtures(self) -> Lines:
        return self._between(*map(self._mixed, np.sort(self.rng.uniform(0.0, 1.0, int(self.rng.integers(1, 6))))))

    def beyond_the_ends(self) -> Lines:
        return self._between(*map(self._mixed, self.rng.uniform(-2.0, 3.0, int(self.rng.integers(1, 4)))))

    def padding(self) -> Lines:
        number = float(self.rng.uniform(1.0, 9.0))
        padded = (lambda *case: self.left(*case) + number - number), (lambda *case: self.left(*case) * number / number)
        return [("start", self.left), *[("=", step) for step in padded], (self.relation, self.right)]

    def small_factors(self) -> Lines:
        factors = 1.0 + self.rng.uniform(-4e-9, 4e-9, int(self.rng.integers(1, 5)))
        steps = [lambda *case, f=f: self.left(*case) * f for f in factors]
        return [("start", self.left), *[("=", step) for step in steps], (self.relation, self.right)]

    def smaller_or_larger(self) -> Lines:
        choose = (np.minimum, np.maximum)[int(self.rng.integers(2))]
        return self._between(lambda *case: choose(self.left(*case), self.right(*case)))

    def place_by_place(self) -> Lines:
        # By digits that nobody can foretell, this side or that.
        of = float(self.rng.uniform(10.0, 1e4))

        def either(*case: Any) -> Any:
            left, right = self.left(*case), self.right(*case)
            return np.where(np.floor(of * (0.3 * left + right)) % 2.0 == 0.0, left, right)

        return self._between(either)

    def line_off(self) -> Lines:
        lines = list(self.proof)
        number = int(self.rng.integers(len(lines)))
        relation, step = lines[number]
        by = float(self.rng.choice([-1.0, 1.0]) * 10.0 ** self.rng.uniform(3.0, 6.0))
        lines[number] = relation, lambda *case: np.asarray(step(*case)) + by
        return lines

    def turned(self) -> Lines:
        other = {"<=": ">=", ">=": "<=", "=": str(self.rng.choice(["<=", ">="]))}
        return [(other.get(relation, relation), step) for relation, step in self.proof]

    def without_the_middle(self) -> Lines:
        # The lines of a proof, but for those that keep its assumptions apart: padded, so that none is missed.
        first = list(self.proof[:1]) * int(self.rng.integers(1, 3))
        lines = [*first, (self.relation, self.proof[-1][1])]
        return [
            (relation if n == 0 else relation.replace("start", "="), step) for n, (relation, step) in enumerate(lines)
        ]

    def late_or_early(self) -> Lines:
        # What an assumption gives stands in the first line already, or not yet in the last.
        kept = self.proof[self.using[0] :] if self.rng.random() < 0.5 else self.proof[: self.using[-1]]
        return [("start", kept[0][1]), *kept[1:]]

    def remembered(self) -> Lines:
        kept: dict[int, Any] = {}

        def once(number: int, step: Step) -> Step:
            return lambda *case: kept.setdefault(number, step(*case))

        return [(relation, once(number, step)) for number, (relation, step) in enumerate(self.proof)]

    def counted_calls(self) -> Lines:
        # The one side on the first calls, the other on the later ones.
        calls, until = [0], int(self.rng.integers(1, 22))

        def either(*case: Any) -> Any:
            calls[0] += 1
            return self.left(*case) if calls[0] <= until else self.right(*case)

        return self._between(either)

    def as_long_as_they_agree(self) -> Lines:
        near = float(10.0 ** self.rng.uniform(-6.0, 0.0))

        def one_or_the_mean(*case: Any) -> Any:
            left, right = self.left(*case), self.right(*case)
            return np.where(np.abs(left - right) < near, left, (left + right) / 2.0)

        return self._between(one_or_the_mean)
