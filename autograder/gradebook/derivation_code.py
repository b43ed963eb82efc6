"""A student's derivation as a person who marks the written proof reads it: its code, and what each link uses."""

import ast
from collections.abc import Collection

from autograder.judging.evidence import Chain
from autograder.records.record import AssignmentResult, QuestionResult


def code_of(assignment: AssignmentResult, function: str) -> str:
    """The source of a function as it was handed in; empty where it does not stand in one piece."""
    # Of two definitions the later one counts, as in Python.
    for source in reversed(assignment.sources):
        try:
            tree = ast.parse(source.text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for node in reversed(tree.body):
            if isinstance(node, ast.FunctionDef) and node.name == function:
                return ast.get_source_segment(source.text, node) or ""
    return ""


def called(code: str, graded: Collection[str]) -> list[str]:
    """The graded functions that a derivation names: a line may rest on one of them, and so on nothing."""
    if not code:
        return []
    own = ast.parse(code).body[0]
    names = {node.id for node in ast.walk(own) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(own) if isinstance(node, ast.Attribute)}
    return sorted(names & set(graded))


def chain_of_proof(question: QuestionResult) -> Chain | None:
    """The lines of a derivation that were judged, if there were any."""
    found = (check.evidence.chain for check in question.checks if check.evidence is not None)
    return next((chain for chain in found if chain is not None), None)


def notes_on_lines(chain: Chain | None) -> list[str]:
    """What each link uses, and which lines only repeat the one before, in the order of the lines."""
    told = []
    for number, line in enumerate(chain.lines if chain is not None else (), start=1):
        if line.uses:
            told.append(f"line {number} uses that {', and that '.join(line.uses)}")
        elif line.same:
            told.append(f"line {number} says what line {number - 1} says")
    return told
