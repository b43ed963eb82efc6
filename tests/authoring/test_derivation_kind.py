"""Derivations, drawn and judged without a sandbox: what is asked, what is found of the lines, and what is refused."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from autograder.authoring.kinds import assumption, derivation, wrong_lines
from autograder.authoring.kinds.assumption import Assumption
from autograder.authoring.kinds.derivation import Derivation, steps_call
from autograder.authoring.kinds.kind import DrawnCheck
from autograder.errors import AuthoringError, SolutionsError
from autograder.judging.evidence import Chain, ChainLine, Evidence
from autograder.judging.finding import Finding
from autograder.judging.judgement import Judgement, SmallestCase
from autograder.judging.verdicts import Verdict
from autograder.sandbox.answers import Returned
from autograder.sandbox.inside.function_argument import FunctionArgument
from tests.authoring.drawing import RAISED, drawing, drawn
from tests.values import changeable

FAILED = Verdict.FAILED

Step = Callable[..., float]


def left(x: float, y: float, s: float, e: float) -> float:
    return 2.0 * x * y


def right(x: float, y: float, s: float, e: float) -> float:
    return s + e


def two(rng: np.random.Generator, size: int) -> tuple[float, ...]:
    """Two numbers, the sum of their squares, and one that is not below 0"""
    return float(size), float(size + 1), float(size**2 + (size + 1) ** 2), float(size)


def other_sum(rng: np.random.Generator, size: int) -> tuple[float, ...]:
    x, y, _, e = two(rng, size)
    return x, y, 2.0 * x * y - 3.0 * e, e


def below_zero(rng: np.random.Generator, size: int) -> tuple[float, ...]:
    x, y, s, e = two(rng, size)
    return x, y, s, -e - 1.0


def proof() -> list[tuple[str, Step]]:
    return [
        ("start", left),
        ("<=", lambda x, y, s, e: x**2 + y**2),
        ("=", lambda x, y, s, e: s),
        ("<=", right),
    ]


SUM = Assumption("s is the sum of the squares", other_sum, lambda x, y, s, e: s == x**2 + y**2, "Which sum?", cases=2)
POSITIVE = Assumption("e is not below 0", below_zero, lambda x, y, s, e: e >= 0.0, "What may be added?", cases=2)
INGREDIENTS = ("x", "y", "s", "e")
BOUND = Derivation(INGREDIENTS, (left, right), "<=", (SUM, POSITIVE))
PROOF = {"bound": proof}


def check_of_bound() -> DrawnCheck:
    return drawn(BOUND, PROOF, two)


def lines(given: list[tuple[str, Step]], check: DrawnCheck) -> list[Any]:
    return [[relation, [["ok", step(*case.arguments)] for case in check.cases]] for relation, step in given]


def proved(given: list[tuple[str, Step]]) -> Judgement:
    check = check_of_bound()
    return BOUND.judge(check, [Returned(lines(given, check))])


def test_a_derivation_is_asked_line_by_line_in_one_call() -> None:
    check = check_of_bound()
    ((mode, (cases, functions)),) = check.calls
    assert mode == "steps" and functions == [], f"all cases in one call, and no function among them: {check.calls}"
    assert cases == [case.arguments for case in check.cases], f"in the order of the cases: {cases}"
    ordinary = [case for case in check.cases if case.facts is None]
    assert [case.arguments[0] for case in ordinary] == [1.0, 2.0, 3.0], f"in order of size: {ordinary}"
    assert [case.expected for case in ordinary] == [(4.0, 6.0), (12.0, 15.0), (24.0, 28.0)], "both sides of each"
    assert sorted(case.facts for case in check.cases if case.facts is not None) == [0, 0, 1, 1], "two of each"
    assert check.parameters == INGREDIENTS and BOUND.tolerances == ("derivation",) and BOUND.has_lines, "as declared"
    run: list[float] = []

    def counting(step: Step) -> Step:
        def counted(x: float, *others: float) -> float:
            run.append(x)
            return step(x, *others)

        return counted

    def counted() -> list[tuple[str, Step]]:
        return [(relation, counting(step)) for relation, step in proof()]

    check = drawn(BOUND, {"bound": counted}, two)
    assert run == [case.arguments[0] for case in check.cases] * 4, f"every line is run on every case, and timed: {run}"


def test_cases_in_which_a_fact_fails_stand_among_the_others() -> None:
    facts = [tuple(case.facts for case in drawn(BOUND, PROOF, two, sizes=(1,) * 8).cases)]
    assert facts[0] != (*[None] * 8, 0, 0, 1, 1), f"no line may know by counting which fact fails: {facts}"


def test_functions_go_as_texts_each_with_its_place() -> None:
    cases = [(1.0, FunctionArgument(f"lambda u: {n}.0 * u")) for n in (1, 2)]
    mode, (plain, functions) = steps_call(cases)
    assert (mode, plain) == ("steps", [(1.0, None), (1.0, None)]), f"{plain}"
    assert functions == [[1, ["lambda u: 1.0 * u", "lambda u: 2.0 * u"]]], f"{functions}"
    assert steps_call([]) == ("steps", [[], []]), "of no case"


def test_a_proof_passes_and_is_shown_with_what_each_link_uses() -> None:
    judged = proved(proof())
    assert judged.verdict is Verdict.PASSED and judged.share == 1.0, f"what proves it passes: {judged}"
    assert judged.evidence is not None and judged.evidence.chain is not None, "for who marks the written proof"
    assert [line.uses for line in judged.evidence.chain.lines] == [
        (),
        (),
        ("s is the sum of the squares",),
        ("e is not below 0",),
    ], f"{judged.evidence.chain}"
    start, bound, inserted, end = proof()
    again = proved([start, ("=", start[1]), bound, inserted, end]).evidence
    assert again is not None and again.chain is not None, "it is a proof, too"
    assert [line.same for line in again.chain.lines] == [False, True, False, False, False], f"one says nothing: {again}"
    back = proved([("start", right), (">=", inserted[1]), ("=", bound[1]), (">=", left)])
    assert back.verdict is Verdict.PASSED, f"from above: {back}"


@pytest.mark.parametrize(
    "between",
    [
        [],
        [("<=", lambda *case: (left(*case) + right(*case)) / 2)],
        [("<=", lambda x, y, s, e: x**2 + y**2)],
    ],
    ids=["in one step", "the mean of the ends", "both facts in the last step"],
)
def test_a_link_that_uses_two_facts_at_once_is_told_with_both(between: list[tuple[str, Step]]) -> None:
    judged = proved([("start", left), *between, ("<=", right)])
    assert judged.finding is not None and judged.finding.code == "facts_at_once", f"{judged}"
    assert judged.finding.about["facts"] == [SUM.sentence, POSITIVE.sentence], f"in order: {judged.finding}"
    hints = {"hints": [SUM.hint, POSITIVE.hint]}
    assert judged.hint is not None and judged.hint.about == hints, f"with the hint of each: {judged.hint}"
    assert judged.case is None and judged.share == 0.0, f"no case of these is shown: {judged}"


def test_a_fact_that_no_link_uses_is_named() -> None:
    # An inequality may hold of another sum too, where this is larger: which is not for the same reason.
    check = check_of_bound()
    given = lines([("start", left), ("<=", lambda x, y, s, e: s), ("<=", right)], check)
    for _, values in given:
        for number, case in enumerate(check.cases):
            if case.facts == 0:
                values[number] = ["ok", sum(case.expected)]
    sides = [(sum(case.expected),) * 2 if case.facts == 0 else case.expected for case in check.cases]
    cases = tuple(replace(case, expected=both) for case, both in zip(check.cases, sides, strict=True))
    judged = BOUND.judge(replace(check, cases=cases), [Returned(given)])
    assert judged.finding is not None and judged.finding.code == "facts_unused", f"{judged}"
    assert judged.finding.about == {"facts": [SUM.sentence]}, f"{judged.finding}"
    assert judged.hint is not None and judged.hint.about == {"hints": [SUM.hint]}, f"with its hint: {judged.hint}"


def test_an_assumption_without_which_the_claim_holds_all_the_same_is_refused() -> None:
    larger = replace(SUM, fails=lambda rng, size: (1.0, 2.0, 50.0, 1.0))
    told = refused(replace(BOUND, assumptions=(larger, POSITIVE)))
    assert "the claim holds on every case made for it" in told and SUM.sentence in told, told


def test_a_broken_link_is_shown_with_the_chain() -> None:
    start, bound, inserted, end = proof()
    broken = proved([start, ("=", lambda x, y, s, e: 2 * x * y + (x > 1)), bound, inserted, end])
    wanted = Finding(FAILED, "broken_link", {"line": 1, "relation": "="}, {"left": "12.0", "right": "13.0"})
    assert broken.finding == wanted, f"{broken}"
    case = SmallestCase("x=2.0, y=3.0, s=13.0, e=2.0", "12.0", "13.0")
    assert (broken.failing, broken.case) == (None, case), f"{broken}"
    values = [("start", 12.0), ("=", 13.0), ("<=", 13.0), ("=", 13.0), ("<=", 15.0)]
    told = tuple(ChainLine(relation, value) for relation, value in values)
    evidence = Evidence(code="x = 2.0\ny = 3.0\ns = 13.0\ne = 2.0", chain=Chain(told, 2, True, (12.0, 15.0)))
    assert broken.evidence == evidence, f"on the case that breaks it: {broken.evidence}"
    assert broken.share == 0.0, "it earns nothing"
    first = proved([start, ("=", lambda x, y, s, e: 2 * x * y + 1), bound, inserted, end])
    assert first.evidence is not None and first.evidence.chain is not None, "the chain is shown"
    assert first.evidence.chain.ends == (4.0, 6.0), f"of the first case that breaks it: {first.evidence.chain}"
    assert first.evidence.chain.lines[1] == ChainLine("=", 5.0), f"with its values: {first.evidence.chain}"


def place_of(check: DrawnCheck, x: float) -> int:
    (found,) = [n for n, case in enumerate(check.cases) if case.facts is None and case.arguments[0] == x]
    return found


def test_a_line_without_a_number_says_why() -> None:
    check = check_of_bound()
    given = lines(proof(), check)
    given[2][1][place_of(check, 2.0)] = ["raised", {"types": ["ZeroDivisionError"]}]
    judged = BOUND.judge(check, [Returned(given)])
    assert judged.finding is not None and judged.finding.code == "line_reason", f"{judged}"
    case = SmallestCase("x=2.0, y=3.0, s=13.0, e=2.0", outcome=judged.finding)
    assert judged.case == case, f"on the case where it does: {judged}"
    assert judged.evidence is not None and judged.evidence.chain is not None, "the chain is shown"
    assert judged.evidence.chain.lines[2] == ChainLine("=", None, "raises ZeroDivisionError"), "with the reason"
    assert judged.evidence.chain.lines[1] == ChainLine("<=", 13.0, ""), "beside the others' values"


def test_a_line_that_raises_where_a_fact_fails_shows_no_case() -> None:
    check = check_of_bound()
    given = lines(proof(), check)
    for number, case in enumerate(check.cases):
        if case.facts == 1:
            given[2][1][number] = ["raised", {"types": ["ZeroDivisionError"]}]
    judged = BOUND.judge(check, [Returned(given)])
    assert judged.finding is not None and judged.finding.code == "no_formula", f"{judged}"
    assert judged.case is None and judged.verdict is Verdict.RAISED, f"which case is nobody's business: {judged}"


def test_a_chain_without_its_form_has_no_case() -> None:
    start, bound, inserted, end = proof()
    odd = proved([start, ("same as above", bound[1]), inserted, end])
    assert odd.finding is not None and odd.finding.code == "no_relation" and odd.case is None, f"{odd}"
    wanted = Chain((ChainLine("start"), ChainLine("?"), ChainLine("="), ChainLine("<=")), 2, True)
    assert odd.evidence == Evidence(chain=wanted), f"a student's text is not kept: {odd.evidence}"
    meant = proved([("Start ", start[1]), (" ≤ ", bound[1]), ("==", inserted[1]), ("=<", end[1])])
    assert meant.verdict is Verdict.PASSED, f"what is meant is plain: {meant}"


def test_a_fault_is_the_line_at_which_a_chain_is_wrong() -> None:
    start, bound, inserted, end = proof()
    check = check_of_bound()

    def fault(given: list[tuple[str, Step]]) -> Any:
        return BOUND.fault(check, [Returned(lines(given, check))])

    def off(x: float, y: float, s: float, e: float) -> float:
        return 2.0 * x * y - 1.0

    found = fault([start, ("=", off), bound, inserted, end])
    assert (found.code, found.relation) == ("broken_link", "="), f"{found}"
    assert [float(value) for value in found.values] == [3.0, 11.0, 23.0], f"its values on ordinary cases: {found}"
    longer = fault([start, ("=", start[1]), ("=", off), bound, inserted, end])
    assert found.is_like(longer, check.tolerance), "wherever it stands"
    assert not found.is_like(fault([start, ("=", left), ("=", end[1]), end]), check.tolerance), (
        "another line is another"
    )
    known = BOUND.fault_of_known(check, lambda: [start, ("=", off), bound, inserted, end])
    assert known is not None and known.is_like(found, check.tolerance), f"of ours alike: {known}"
    turned = fault([start, (">=", end[1])])
    assert (turned.code, turned.relation, turned.values) == ("other_claim", ">=", ()), f"of no line: {turned}"
    assert fault(proof()) is None and BOUND.fault_of_known(check, proof) is None, "a proof has none"
    assert BOUND.fault(check, [Returned(3.0)]) is None and BOUND.fault(check, [RAISED]) is None, "nor has what is none"


def test_a_fresh_case_is_an_ordinary_one_by_itself() -> None:
    made = drawing(BOUND, PROOF, two)
    (fresh,) = BOUND.fresh(made)
    assert [case.facts for case in fresh.cases] == [None] * 3, f"no case without an assumption: {fresh.cases}"
    again = BOUND.again(made, fresh, (1.0, 1.0, 2.0, 0.5))
    assert [case.arguments for case in again.cases] == [(1.0, 1.0, 2.0, 0.5)], f"on other arguments: {again.cases}"
    with pytest.raises(SolutionsError, match="in an ordinary case it fails that s is the sum"):
        BOUND.again(made, fresh, (1.0, 1.0, 3.0, 0.5))
    start, _, inserted, end = proof()
    given = [start, ("=", lambda *case: 0.0), inserted, end]
    value = [[relation, [["ok", step(*case.arguments)] for case in fresh.cases]] for relation, step in given]
    judged = BOUND.judge(fresh, [Returned(value)])
    assert judged.finding is not None and judged.finding.code == "broken_link", f"it is judged alike: {judged}"


def test_what_is_no_derivation_is_said_to_be_none() -> None:
    check = check_of_bound()
    none = BOUND.judge(check, [Returned(3.0)])
    assert none.finding is not None and none.finding.code == "no_lines" and none.evidence is None, f"{none}"
    raised = BOUND.judge(check, [RAISED])
    assert raised.verdict is Verdict.RAISED and raised.evidence == Evidence("f.py", 3), f"with its place: {raised}"


def test_a_long_chain_is_cut() -> None:
    start, _, inserted, end = proof()
    wrong = proved([start, *[("=", left)] * 70, ("=", lambda *case: 0.0), inserted, end])
    assert wrong.evidence is not None and wrong.evidence.chain is not None, "the chain is shown"
    assert len(wrong.evidence.chain.lines) == 60 and wrong.evidence.chain.at == 72, f"60 lines of it: {wrong.evidence}"


def test_generic_wrong_versions_of_a_proof_prove_nothing() -> None:
    made = list(BOUND.generic_wrongs("bound", proof, (1.0, 2.0, 5.0, 1.0)))
    names = [each.name for each in made]
    assert {*(f"line_{n}_off" for n in range(1, 5)), "relations_turned", "ends_only"} <= set(names), f"{names}"
    assert len(names) == len(set(names)) >= 15, f"many kinds, each once: {names}"
    space: dict[str, Any] = {"np": np, "reference": type("reference", (), {"bound": staticmethod(proof)})}
    for each in made:
        exec(each.helpers, space)
        judged = proved(eval(each.expression, space)())
        assert judged.verdict is not Verdict.PASSED and each.caught_by == "value", f"{each.name}: {judged}"
    case = (1.0, 2.0, 5.0, 1.0)
    off = eval(made[1].expression, space)()
    assert [step(*case) for _, step in off] == [4.0, 1000005.0, 5.0, 6.0], "one line, by more than any slack"
    turned = eval(made[4].expression, space)()
    assert [relation for relation, _ in turned] == ["start", ">=", "<=", ">="], f"each is turned: {turned}"
    ends = eval(made[5].expression, space)()
    assert [step(*case) for _, step in ends] == [4.0, 6.0], "the first and the last"


# --- what an author may get wrong ------------------------------------------------------------------------------------


def refused(kind: Derivation, make: Callable[..., Any] = two, right: Callable[[], Any] = proof) -> str:
    with pytest.raises(SolutionsError) as caught:
        drawn(kind, {"bound": right}, make)
    return str(caught.value)


def test_a_declaration_that_cannot_be_is_refused_at_once() -> None:
    with pytest.raises(AuthoringError, match=r"claim is '<'; it must be one of =, <=, >="):
        Derivation(INGREDIENTS, (left, right), "<", (SUM, POSITIVE))  # type: ignore[arg-type]
    with pytest.raises(AuthoringError, match="has 1 sides; a claim has two"):
        Derivation(INGREDIENTS, (left,), "<=", (SUM, POSITIVE))  # type: ignore[arg-type]
    with pytest.raises(AuthoringError, match="has 1 assumptions and needs 2"):
        Derivation(INGREDIENTS, (left, right), "<=", (SUM,))
    with pytest.raises(AuthoringError, match="in the same words"):
        Derivation(INGREDIENTS, (left, right), "<=", (SUM, SUM))
    with pytest.raises(AuthoringError, match="without a full stop"):
        Assumption("It holds.", other_sum, lambda *_: True, "Why?")
    with pytest.raises(AuthoringError, match="has no hint"):
        Assumption("it holds", other_sum, lambda *_: True, " ")
    with pytest.raises(AuthoringError, match="at least one case"):
        Assumption("it holds", other_sum, lambda *_: True, "Why?", cases=0)


def test_a_case_that_is_not_what_it_is_made_for_is_refused() -> None:
    idle = replace(SUM, fails=two)
    told = refused(replace(BOUND, assumptions=(idle, POSITIVE)))
    assert "in a case in which it fails that s is the sum of the squares it does not fail that" in told, told
    both = replace(SUM, fails=lambda rng, size: (1.0, 2.0, 3.0, -1.0))
    told = refused(replace(BOUND, assumptions=(both, POSITIVE)))
    assert "it fails too that e is not below 0: x=1.0, y=2.0, s=3.0, e=-1.0" in told, f"with the case: {told}"
    told = refused(BOUND, other_sum)
    assert "in an ordinary case it fails that s is the sum of the squares" in told, told
    told = refused(BOUND, lambda rng, size: (1.0, 2.0))
    assert "a maker gives 2 ingredients; there are 4" in told, told


def test_a_claim_that_is_none_is_refused() -> None:
    told = refused(replace(BOUND, sides=(right, left)))
    assert "the claim itself does not hold at x=1.0, y=2.0, s=5.0, e=1.0" in told, told
    told = refused(replace(BOUND, sides=(left, lambda *case: np.zeros(2))))
    assert "the sides of the claim have the shapes () and (2,)" in told, told
    told = refused(replace(BOUND, sides=(lambda *case: np.zeros(3), lambda *case: np.zeros(2))))
    assert "the sides of the claim have the shapes (3,) and (2,)" in told, told
    told = refused(replace(BOUND, sides=(left, lambda *case: np.inf)))
    assert "a side of the claim is not finite" in told, told


def test_cases_without_an_assumption_lie_to_either_side_of_an_equality() -> None:
    def sides(x: float, a: float, b: float) -> tuple[float, float]:
        return x, x + a + b

    def fails(place: int, signs: tuple[float, ...]) -> Callable[..., tuple[float, ...]]:
        def make(rng: np.random.Generator, size: int) -> tuple[float, ...]:
            off = [0.0, 0.0]
            off[place] = float(rng.choice(signs) * rng.uniform(1.0, 2.0))
            return (float(size), *off)

        return make

    first = Assumption("a is 0", fails(0, (-1.0, 1.0)), lambda x, a, b: a == 0.0, "Put a in.")
    second = Assumption("b is 0", fails(1, (-1.0, 1.0)), lambda x, a, b: b == 0.0, "Put b in.")
    two_sides = (lambda *case: sides(*case)[0], lambda *case: sides(*case)[1])
    kind = Derivation(("x", "a", "b"), two_sides, "=", (first, second))
    steps: list[tuple[str, Callable[..., float]]] = [
        ("start", lambda x, a, b: x),
        ("=", lambda x, a, b: x + a),
        ("=", lambda x, a, b: x + a + b),
    ]
    check = drawn(kind, {"bound": lambda: steps}, lambda rng, size: (float(size), 0.0, 0.0))
    for number in (0, 1):
        larger = [case.expected[0] > case.expected[1] for case in check.cases if case.facts == number]
        assert sorted(larger) == [False] * 3 + [True] * 3, (
            f"by turns, for the smaller of both sides is no step: {larger}"
        )
    made = drawing(kind, {"bound": lambda: steps}, lambda rng, size: (float(size), 0.0, 0.0))
    for number in (0, 1):
        turns = [kind._larger(made, case) for case in kind._without(made, number)]
        assert turns == [-1, 1, -1, 1, -1, 1], f"by turns: {turns}"
    same_side = replace(
        kind, assumptions=(replace(first, fails=fails(0, (1.0,))), replace(second, fails=fails(1, (1.0,))))
    )
    drawn(same_side, {"bound": lambda: steps}, lambda rng, size: (float(size), 0.0, 0.0))
    half = replace(kind, assumptions=(first, replace(second, fails=fails(1, (-1.0,)))))
    drawn(half, {"bound": lambda: steps}, lambda rng, size: (float(size), 0.0, 0.0))
    one_sided = replace(
        kind, assumptions=(replace(first, fails=fails(0, (1.0,))), replace(second, fails=fails(1, (-1.0,))))
    )
    with pytest.raises(SolutionsError, match="let one of them fail to either side"):
        drawn(one_sided, {"bound": lambda: steps}, lambda rng, size: (float(size), 0.0, 0.0))


def test_a_reference_that_is_no_proof_is_refused() -> None:
    told = refused(BOUND, right=lambda: [("start", left), ("<=", right)])
    assert "the reference's derivation is no proof at line 2: facts_at_once" in told, told
    told = refused(BOUND, right=lambda: [("start", left), ("=", right)])
    assert "the reference's derivation is no proof at line 2: broken_link" in told, told
    assert "line 2" in told and told.count("line") == 1, f"its place is told once: {told}"


def test_values_do_not_change() -> None:
    loose = [name for module in (assumption, derivation, wrong_lines) for name in changeable(module)]
    assert loose == [], f"a value that can change is no fact: {loose}"


def test_links_that_use_another_fact_each_are_made_one_and_ends_are_cut_where_facts_come_in() -> None:
    one, other = frozenset({0}), frozenset({1})
    using = [(1, one), (3, one), (4, other), (6, one)]
    found = dict(wrong_lines.wrong_lines("right", 8, using))
    assert {name: text for name, text in found.items() if name.startswith("two_at_once")} == {
        "two_at_once_2": "lambda: at_once(right, 3, 4)",
        "two_at_once_3": "lambda: at_once(right, 4, 6)",
    }, f"neighbours that use the same fact are one use: {found}"
    assert found["begins_late"] == "lambda: part(right, 1, 8)", "from the first link that uses something"
    assert found["ends_early"] == "lambda: part(right, 0, 6)", "up to the last one"
    assert [name for name in found if name.endswith("_off")] == [f"line_{n}_off" for n in range(1, 9)], f"{found}"


@pytest.mark.parametrize("seed", range(4))
def test_cases_without_a_fact_are_mixed_as_far_as_some_orders_allow(seed: int) -> None:
    numbers = [0, 0, 0, 1, 1, 1, 2, 2]
    order = derivation._mixed(numbers, np.random.default_rng(seed))
    rng = np.random.default_rng(seed)
    tried = [rng.permutation(len(numbers)) for _ in range(8)]

    def changes_in(places: Any) -> int:
        return sum(numbers[one] != numbers[two] for one, two in pairwise(places))

    assert sorted(order) == list(range(8)), f"each once: {order}"
    assert changes_in(order) == max(map(changes_in, tried)), f"the most mixed of eight: {order}"


def test_which_side_is_larger_is_known_number_by_number() -> None:
    def sides_of(one: Any, two: Any) -> int:
        table = replace(BOUND, claim="=", sides=(lambda *case: np.asarray(one), lambda *case: np.asarray(two)))
        return table._larger(drawing(table, PROOF, two_numbers), two_numbers(np.random.default_rng(0), 1))

    two_numbers = two
    assert sides_of(1.0, 1.0) == 0, "it holds"
    assert (sides_of(2.0, 1.0), sides_of(1.0, 2.0), sides_of(0.0, -0.5), sides_of(-0.5, 0.0)) == (1, -1, 1, -1), (
        "by sign"
    )
    assert sides_of([1.0, 0.0, 9.0], [1.0, 3.0, 2.0]) == -1, "the first number at which it fails decides"
    assert sides_of([1.0, 3.0, 2.0], [1.0, 0.0, 9.0]) == 1, "in either direction"


def test_one_case_is_enough_for_a_fact_and_more_facts_than_two_may_be() -> None:
    assert Assumption("a", other_sum, lambda *case: True, "Why?", cases=1).cases == 1, "one is enough"
    with pytest.raises(AuthoringError, match="at least one case"):
        Assumption("a", other_sum, lambda *case: True, "Why?", cases=0)
    third = Assumption("x is a number", other_sum, lambda *case: True, "Why?", cases=1)
    assert replace(BOUND, assumptions=(SUM, POSITIVE, third)).sentences[2] == "x is a number", "three are no fault"
    for sides in ((left,), (left, right, left)):
        with pytest.raises(AuthoringError, match="a claim has two"):
            replace(BOUND, sides=sides)  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [3, 5])
def test_a_maker_gives_as_many_ingredients_as_there_are(count: int) -> None:
    def wrong(rng: np.random.Generator, size: int) -> tuple[float, ...]:
        return (*two(rng, size), 1.0)[:count]

    with pytest.raises(SolutionsError, match=f"a maker gives {count} ingredients; there are 4"):
        drawn(BOUND, PROOF, wrong)


def test_the_places_of_functions_are_those_of_the_first_case() -> None:
    mixed = [(1.0, FunctionArgument("np.log")), (FunctionArgument("np.exp"), 2.0)]
    with pytest.raises(AttributeError):
        steps_call(mixed)
    assert steps_call([(FunctionArgument("np.log"), 2.0)])[1] == [[(None, 2.0)], [[0, ["np.log"]]]], "the first one's"
