"""A proof whose every line is a function: (relation, step) pairs that lead from one side of a claim to the other.

A step takes the ingredients of the claim. Each assumption of the claim is switched off in cases of its own; a link that
breaks there uses it. Every assumption must be used, and no link may use two: so the claim written twice is no proof.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np

from autograder.authoring.kinds.assumption import Assumption
from autograder.authoring.kinds.kind import (
    Arguments,
    Case,
    Drawing,
    DrawnCheck,
    GenericWrong,
    Kind,
    Stopwatch,
    copied,
)
from autograder.authoring.kinds.wrong_lines import WRONG_LINES, wrong_lines
from autograder.authoring.sizes import growing
from autograder.errors import AuthoringError
from autograder.judging import judgement
from autograder.judging.assumptions import Uses, equal_lines, judge_uses, uses_of
from autograder.judging.chains import Fault, chain_of, fault_of, words_of
from autograder.judging.derivations import (
    RELATIONS,
    Broken,
    Claim,
    Line,
    Relation,
    holding,
    judge_formulas,
    judge_lines,
    led,
    read_lines,
    relation_of,
)
from autograder.judging.evidence import Evidence
from autograder.judging.finding import Finding
from autograder.judging.judgement import Judgement, SmallestCase
from autograder.judging.literals import show, show_arguments, show_code
from autograder.judging.numbers import Floats
from autograder.judging.outcomes import no_value
from autograder.judging.tolerance import Tolerance
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Answer, Returned
from autograder.sandbox.inside.function_argument import FunctionArgument

Side = Callable[..., Any]
# To see in the audit which links of a reference use something.
LOOSE = Tolerance(1e-8, 1e-10)
# With one alone, the claim in a single step would use one at a time.
FEWEST_ASSUMPTIONS = 2


# Cases that are drawn for one on which the claim fails to the side that is wanted.
MOST_DRAWS = 60
# Orders of the cases in which an assumption fails, of which the most mixed one is taken.
ORDERS = 8


def _mixed(numbers: Sequence[int], rng: np.random.Generator) -> Sequence[int]:
    """Places in an order in which equal numbers seldom stand together: no line may know by counting which fails."""
    orders = [[int(place) for place in rng.permutation(len(numbers))] for _ in range(ORDERS)]
    return max(orders, key=lambda order: sum(numbers[one] != numbers[two] for one, two in pairwise(order)))


def claim_of(check: DrawnCheck, relation: Relation) -> Claim:
    """What is to be proved, on the cases of a check."""
    return Claim(relation, tuple(case.expected for case in check.cases), tuple(case.facts for case in check.cases))


def steps_call(cases: Sequence[Arguments]) -> tuple[str, Any]:
    """The call that evaluates every line on every case: functions go as texts, each with its place."""
    places = [place for place, value in enumerate(cases[0]) if isinstance(value, FunctionArgument)] if cases else []
    plain = [tuple(None if place in places else value for place, value in enumerate(case)) for case in cases]
    return "steps", [plain, [[place, [case[place].text for case in cases]] for place in places]]


def _evaluated(derivation: Callable[[], Any], check: DrawnCheck, stopwatch: Stopwatch) -> list[Line]:
    """The lines of a derivation of ours on every case."""
    lines = []
    for relation, step in derivation():
        timed = stopwatch.timed(step)
        values = [np.asarray(timed(*case.arguments), dtype=np.float64) for case in check.cases]
        lines.append(Line(relation_of(relation), tuple(values), ("",) * len(values)))
    return lines


@dataclass(frozen=True, slots=True)
class _Judged:
    """What is wrong with lines, the claim as they are led, and, where that was looked at, what each link uses."""

    claim: Claim
    found: Broken | None
    uses: Uses = ()
    equal: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Derivation(Kind):
    """Lines that prove `sides[0] claim sides[1]`, from either side.

    Args:
        ingredients: the names of a step's arguments.
        sides: of the claim, each as a function of the ingredients: one number, or a table of them.
        claim: the relation of the first to the second.
        assumptions: at least two.
    """

    name: ClassVar[str] = "derivation"
    tolerances: ClassVar[tuple[str, ...]] = ("derivation",)
    has_lines: ClassVar[bool] = True

    ingredients: tuple[str, ...]
    sides: tuple[Side, Side]
    claim: Relation
    assumptions: tuple[Assumption, ...]

    def __post_init__(self) -> None:
        if self.claim not in RELATIONS:
            raise AuthoringError(f"a derivation's claim is {self.claim!r}; it must be one of {', '.join(RELATIONS)}")
        if len(self.sides) != 2:
            raise AuthoringError(f"a derivation has {len(self.sides)} sides; a claim has two")
        if len(self.assumptions) < FEWEST_ASSUMPTIONS:
            raise AuthoringError(
                f"a derivation has {len(self.assumptions)} assumptions and needs {FEWEST_ASSUMPTIONS}: with fewer, the "
                "claim in a single step would pass. Which facts does its proof use, one after the other?"
            )
        sentences = [assumption.sentence for assumption in self.assumptions]
        if len(set(sentences)) < len(sentences):
            raise AuthoringError("two assumptions of a derivation are in the same words")

    @property
    def sentences(self) -> tuple[str, ...]:
        """What each assumption says."""
        return tuple(assumption.sentence for assumption in self.assumptions)

    def parameters(self, function: Callable[..., Any]) -> tuple[str, ...]:
        """Those of a line: the function itself takes none."""
        return self.ingredients

    def draw(self, drawing: Drawing) -> DrawnCheck:
        """Ordinary cases in order of size, among those in which an assumption fails; all are asked in one call."""
        made: list[tuple[int | None, Arguments]] = [(None, case) for case in drawing.cases()]
        for _, case in made:
            self._hold(drawing, None, case)
        without = [self._without(drawing, number) for number in range(len(self.assumptions))]
        self._refuse_one_sided(drawing, without)
        further = [(number, case) for number, cases in enumerate(without) for case in cases]
        for each in _mixed([number for number, _ in further], drawing.rng):
            made.insert(int(drawing.rng.integers(len(made) + 1)), further[each])
        return self._drawn(drawing, made)

    def _without(self, drawing: Drawing, number: int) -> list[Arguments]:
        """Cases in which one assumption alone fails, and the claim with it: of an equality by turns to either side."""
        found = []
        assumption = self.assumptions[number]
        for turn, size in enumerate(growing(assumption.cases, max(drawing.check.sizes))):
            kept = None
            for _ in range(MOST_DRAWS):
                made = assumption.fails(drawing.rng, size)
                self._hold(drawing, number, made)
                side = self._larger(drawing, made)
                kept = made if side else kept
                if side and (self.claim != "=" or side == (1 if turn % 2 else -1)):
                    break
            if kept is None:
                # A chain could use it and take it back, and need nothing of it for the claim.
                raise drawing.refuse(
                    f"the claim holds on every case made for it to fail that {assumption.sentence}: "
                    "make it fail by more"
                )
            found.append(kept)
        return found

    def _larger(self, drawing: Drawing, arguments: Arguments) -> int:
        """Which side is larger where the claim does not hold: 1 the left one, -1 the right one; 0 where it holds."""
        left, right = self._both(drawing, arguments)
        wrong = ~holding(self.claim, left, right, drawing.tolerance)
        return (1 if (left - right)[wrong].flat[0] > 0 else -1) if wrong.any() else 0

    def _refuse_one_sided(self, drawing: Drawing, without: Sequence[Sequence[Arguments]]) -> None:
        """Else the smaller of both sides, or the larger, would use one assumption at a time."""
        if self.claim != "=":
            return
        sides = [{self._larger(drawing, made) for made in cases} for cases in without]
        if all(len(found) == 1 for found in sides) and len(set.union(*sides)) > 1:
            raise drawing.refuse(
                "each assumption alone makes always the same side of the claim larger, and not all the same one: "
                "let one of them fail to either side"
            )

    def fresh(self, drawing: Drawing) -> list[DrawnCheck]:
        """An ordinary case by itself: those in which an assumption fails are nobody's business."""
        return [self._drawn(drawing, [(None, made) for made in drawing.cases()])]

    def again(self, drawing: Drawing, fresh: DrawnCheck, arguments: Arguments) -> DrawnCheck:
        """On other arguments, on which every assumption must hold too."""
        return self._drawn(drawing, [(None, arguments)])

    def _drawn(self, drawing: Drawing, made: Sequence[tuple[int | None, Arguments]]) -> DrawnCheck:
        for fails, arguments in made:
            self._hold(drawing, fails, arguments)
        cases = [Case(arguments, self._both(drawing, arguments), facts=fails) for fails, arguments in made]
        check = drawing.drawn(cases, [steps_call([arguments for _, arguments in made])])
        self._reference_passes(drawing, check)
        return check

    def _hold(self, drawing: Drawing, fails: int | None, arguments: Arguments) -> None:
        """A case is what it is made for: with all assumptions, or without one."""
        if not isinstance(arguments, tuple) or len(arguments) != len(self.ingredients):
            count = len(arguments) if isinstance(arguments, tuple) else "no tuple of"
            raise drawing.refuse(f"a maker gives {count} ingredients; there are {len(self.ingredients)}")
        of = "an ordinary case" if fails is None else f"a case in which it fails that {self.sentences[fails]}"
        for place, assumption in enumerate(self.assumptions):
            if bool(assumption.holds(*copied(arguments))) != (place != fails):
                how = "does not fail" if place == fails else "fails too" if fails is not None else "fails"
                case = show_arguments(self.ingredients, arguments)
                raise drawing.refuse(f"in {of} it {how} that {assumption.sentence}: {case}")
        if fails is None and self._larger(drawing, arguments):
            case = show_arguments(self.ingredients, arguments)
            raise drawing.refuse(f"the claim itself does not hold at {case}")

    def _both(self, drawing: Drawing, arguments: Arguments) -> tuple[Floats, Floats]:
        left, right = (np.asarray(side(*copied(arguments)), dtype=np.float64) for side in self.sides)
        case = show_arguments(self.ingredients, arguments)
        if left.shape != right.shape:
            raise drawing.refuse(f"the sides of the claim have the shapes {left.shape} and {right.shape}, at {case}")
        if not (np.isfinite(left).all() and np.isfinite(right).all()):
            raise drawing.refuse(f"a side of the claim is not finite, at {case}")
        return left, right

    def _reference_passes(self, drawing: Drawing, check: DrawnCheck) -> None:
        lines = _evaluated(drawing.reference(drawing.check.function), check, drawing.stopwatch)
        found = self._judged(lines, check).found
        if found is not None:
            where = "" if found.at is None else f" at line {found.at}"
            told = ", ".join(f"{key} {value}" for key, value in found.finding.about.items() if key != "line")
            raise drawing.refuse(f"the reference's derivation is no proof{where}: {found.finding.code} {told}".strip())

    def _judged(self, lines: Sequence[Line], check: DrawnCheck) -> _Judged:
        claim = led(lines, claim_of(check, self.claim), check.tolerance)
        found = judge_lines(lines, claim, check.tolerance)
        if found is None and claim.further:
            found = judge_formulas(lines, claim, check.tolerance)
        if found is not None or not claim.further:
            return _Judged(claim, found)
        uses = uses_of(lines, claim, check.tolerance)
        return _Judged(claim, judge_uses(uses, self.sentences), uses, equal_lines(lines, claim, check.tolerance))

    def judge(self, check: DrawnCheck, answers: Sequence[Answer]) -> Judgement:
        """The first thing that is wrong with the lines; of a proof, what each of its links uses."""
        answer = answers[0]
        wrong = no_value(answer)
        if wrong is not None or not isinstance(answer, Returned):
            assert wrong is not None
            return judgement.of(wrong)
        lines = read_lines(answer.value, len(check.cases))
        if isinstance(lines, Broken):
            return judgement.of(lines.finding)
        judged = self._judged(lines, check)
        found = judged.found
        chain = chain_of(lines, found, judged.claim, words_of(judged.uses, self.sentences), judged.equal)
        if found is None:
            return Judgement(Verdict.PASSED, share=1.0, evidence=Evidence(chain=chain))
        if found.case is None:
            return replace(judgement.of(found.finding, Evidence(chain=chain)), hint=self._hint(found.finding))
        arguments = check.cases[found.case].arguments
        evidence = Evidence(code=show_code("", check.parameters, arguments), chain=chain)
        written = show_arguments(check.parameters, arguments)
        if found.left is None or found.right is None:
            shown = SmallestCase(written, outcome=found.finding)
        else:
            shown = SmallestCase(written, show(found.left), show(found.right))
        return Judgement(found.verdict, found.finding, None, shown, evidence=evidence)

    def _hint(self, finding: Finding) -> Finding | None:
        """The hints of the assumptions that a finding is about."""
        facts = finding.about.get("facts")
        told = [each.hint for each in self.assumptions if isinstance(facts, list) and each.sentence in facts]
        return Finding(finding.verdict, "facts_hints", {"hints": told}) if told else None

    def fault(self, check: DrawnCheck, answers: Sequence[Answer]) -> Fault | None:
        """What is wrong with the lines that came back; None where they are right, or no lines."""
        value = answers[0].value if isinstance(answers[0], Returned) else None
        lines = read_lines(value, len(check.cases))
        return None if isinstance(lines, Broken) else self._fault(lines, check)

    def fault_of_known(self, check: DrawnCheck, wrong: Callable[[], Any]) -> Fault | None:
        """The same of a known mistake, which is a derivation of ours."""
        with np.errstate(all="ignore"):
            return self._fault(_evaluated(wrong, check, Stopwatch()), check)

    def _fault(self, lines: Sequence[Line], check: DrawnCheck) -> Fault | None:
        judged = self._judged(lines, check)
        return None if judged.found is None else fault_of(lines, judged.found, judged.claim)

    def generic_wrongs(self, function: str, right: Callable[..., Any], case: Arguments) -> Iterator[GenericWrong]:
        """Lines off, relations turned, and chains without a step: the ends, mixtures of them, lines repeated, ..."""
        for name, expression in wrong_lines(f"reference.{function}", len(right()), self._using(right, case)):
            yield GenericWrong(name, expression, helpers=WRONG_LINES)

    def _using(self, right: Callable[..., Any], case: Arguments) -> list[tuple[int, frozenset[int]]]:
        """The links of a right derivation that use an assumption, by number from 1, and which."""
        rng, size = np.random.default_rng(0), 3
        made: list[tuple[int | None, Arguments]] = [(None, case)]
        made += [(n, each.fails(rng, size)) for n, each in enumerate(self.assumptions) for _ in range(each.cases)]
        cases = [
            Case(made_of, tuple(np.asarray(side(*copied(made_of)), dtype=np.float64) for side in self.sides), facts=n)
            for n, made_of in made
        ]
        lines = [
            Line(relation, tuple(np.asarray(step(*copied(each.arguments)), dtype=np.float64) for each in cases), ())
            for relation, step in right()
        ]
        claim = Claim(self.claim, tuple(each.expected for each in cases), tuple(each.facts for each in cases))
        uses = uses_of(lines, claim, LOOSE)
        return [(number, used) for number, used in enumerate(uses, start=1) if used]
