"""A proof whose every line is a function: (relation, step) pairs that lead from one side of a claim to the other."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from autograder.authoring.kinds.kind import Arguments, Case, Drawing, DrawnCheck, GenericWrong, Kind, copied
from autograder.judging import judgement
from autograder.judging.derivations import RELATIONS, Broken, Line, Relation, judge_lines, read_lines
from autograder.judging.evidence import MOST_LINES, Chain, ChainLine, Evidence, number
from autograder.judging.judgement import PASS, Judgement, SmallestCase
from autograder.judging.literals import show, show_arguments, show_code
from autograder.judging.outcomes import no_value
from autograder.sandbox.answers import Answer, Returned

Ends = Sequence[tuple[float, float]]

WRONG_LINES = """
def line_off(right, number):
    lines = right()
    relation, step = lines[number]
    lines[number] = (relation, lambda *case: step(*case) + 1e6)  # more than any slack of an inequality
    return lines


def turned(right):
    other = {"<=": ">=", ">=": "<=", "=": "<="}
    return [(other.get(relation, relation), step) for relation, step in right()]
"""


def _chain(lines: Sequence[Line], broken: Broken, ends: Ends) -> Chain:
    """A derivation with the place where it breaks; a relation is a student's text, and only known ones are kept."""
    case = broken.case or 0
    told = tuple(
        ChainLine(
            line.relation if line.relation in ("start", *RELATIONS) else "?",
            None if broken.case is None or (value := line.values[case]) is None else number(value),
            "" if broken.case is None else line.reasons[case],
        )
        for line in lines[:MOST_LINES]
    )
    both = None if broken.case is None else (number(ends[case][0]), number(ends[case][1]))
    return Chain(told, broken.at, broken.link, both)


@dataclass(frozen=True, slots=True)
class Derivation(Kind):
    """Lines from `start` to `end`, both given as functions of a case, that prove `start claim end`."""

    name: ClassVar[str] = "derivation"
    tolerances: ClassVar[tuple[str, ...]] = ("derivation",)
    has_lines: ClassVar[bool] = True

    start: Callable[..., float]
    end: Callable[..., float]
    claim: Relation

    def parameters(self, function: Callable[..., Any]) -> tuple[str, ...]:
        """Those of a line: the function itself takes none."""
        return tuple(inspect.signature(self.start).parameters)

    def draw(self, drawing: Drawing) -> DrawnCheck:
        """Each case with the two sides of the claim; all are asked in one call, line by line."""
        drawn = drawing.cases()
        cases = [Case(args, (self.start(*copied(args)), self.end(*copied(args)))) for args in drawn]
        for _, step in drawing.reference(drawing.check.function)():
            for arguments in drawn:
                drawing.stopwatch.timed(step)(*arguments)
        return drawing.drawn(cases, [("steps", drawn)])

    def judge(self, check: DrawnCheck, answers: Sequence[Answer]) -> Judgement:
        """The first thing that is wrong with the lines."""
        answer = answers[0]
        wrong = no_value(answer)
        if wrong is not None or not isinstance(answer, Returned):
            assert wrong is not None
            return judgement.of(wrong)
        lines = read_lines(answer.value, len(check.cases))
        ends = [(float(case.expected[0]), float(case.expected[1])) for case in check.cases]
        broken = lines if isinstance(lines, Broken) else judge_lines(lines, ends, self.claim, check.tolerance)
        if broken is None:
            return PASS
        evidence = None
        if not isinstance(lines, Broken):
            code = ""
            if broken.case is not None:
                code = show_code("", check.parameters, check.cases[broken.case].arguments)
            evidence = Evidence(code=code, chain=_chain(lines, broken, ends))
        if broken.case is None:
            return judgement.of(broken.finding, evidence)
        arguments = show_arguments(check.parameters, check.cases[broken.case].arguments)
        if broken.left is None or broken.right is None:
            shown = SmallestCase(arguments, outcome=broken.finding)
        else:
            shown = SmallestCase(arguments, show(broken.left), show(broken.right))
        return Judgement(broken.verdict, broken.finding, None, shown, evidence=evidence)

    def generic_wrongs(self, function: str, right: Callable[..., Any], case: Arguments) -> Iterator[GenericWrong]:
        """A line off, the relations turned, the ends alone."""
        name = f"reference.{function}"
        for at in range(len(right())):
            yield GenericWrong(f"line_{at + 1}_off", f"lambda: line_off({name}, {at})", helpers=WRONG_LINES)
        yield GenericWrong("relations_turned", f"lambda: turned({name})", helpers=WRONG_LINES)
        yield GenericWrong("ends_only", f"lambda: [{name}()[0], {name}()[-1]]", helpers=WRONG_LINES)
