"""What stands beside a written proof: the derivation's code, what its links use, and graded functions that it calls."""

from autograder.gradebook.derivation_code import called, chain_of_proof, code_of, notes_on_lines
from autograder.judging.evidence import Chain, ChainLine, Evidence
from autograder.records.record import AssignmentResult, SourceFile
from tests.feedback.making import check, question

CODE = 'def bound():\n    return [("start", lambda q: kl(q)), ("=", lambda q: helper(m.joint(q)))]'
OLD = "def bound():\n    return []\n"


def assignment(*sources: str, chain: Chain | None = None) -> AssignmentResult:
    each = check("c", 1.0, kind="derivation", evidence=None if chain is None else Evidence(chain=chain))
    files = tuple(SourceFile(f"cell {n}", text) for n, text in enumerate(sources))
    return AssignmentResult("a", "A", 1.0, 1.0, (question("bound", [each]), question("kl", [])), sources=files)


def test_the_code_of_a_derivation_is_that_of_its_last_definition() -> None:
    assert code_of(assignment(f"import m\n\n{OLD}\n\n{CODE}\n\n\nx = 3\n"), "bound") == CODE, "alone"
    assert code_of(assignment(f"{OLD}", f"{CODE}\n"), "bound") == CODE, "of two cells the later one"
    assert code_of(assignment(f"{CODE}\n", "x = (\n"), "bound") == CODE, "a cell that cannot be read hides none"
    assert code_of(assignment("x = 3\n"), "bound") == "" == code_of(assignment(), "bound"), "there may be none"


def test_graded_functions_that_it_calls_are_named() -> None:
    assert called(CODE, {"kl", "joint", "other"}) == ["joint", "kl"], "by name, and of a module"
    assert called("", {"kl"}) == [], "of no code, none"


def test_what_each_link_uses_is_told_and_what_only_repeats() -> None:
    lines = (ChainLine("start"), ChainLine("=", same=True), ChainLine("=", uses=("a is b", "b is c")), ChainLine("<="))
    wanted = ["line 2 says what line 1 says", "line 3 uses that a is b, and that b is c"]
    assert notes_on_lines(Chain(lines)) == wanted, f"in the order of the lines: {notes_on_lines(Chain(lines))}"
    assert notes_on_lines(None) == [], "of a derivation that was never judged, nothing"
    found = assignment(chain=Chain(lines))
    assert chain_of_proof(found.questions[0]) == Chain(lines), "of the check that has lines"
    assert chain_of_proof(found.questions[1]) is None, "other functions have none"
