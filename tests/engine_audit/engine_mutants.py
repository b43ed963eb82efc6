"""Mutants of the engine: cosmic-ray's, as of references, and some by hand that it would not make."""

import ast
import random
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import msgspec

from autograder.audit.mutants import mutants
from tests.engine_audit.modules import path_of

BY_HAND = Path(__file__).parent / "by_hand.toml"


class EngineMutant(msgspec.Struct, frozen=True):
    """A module of the engine with one change.

    Args:
        module: from below the package, such as `records.reveal`.
        function: that the change stands in, as `Class.method`; empty at the module's top.
        line: of the module.
        before: the changed lines, without their indentation.
        after: the same after the change.
        source: of the whole module.
        by_hand: whether a person thought of it.
    """

    module: str
    function: str
    line: int
    before: str
    after: str
    source: str
    by_hand: bool = False


class HandMutant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change that a person thought of: a text that stands once in the module, what takes its place, and the harm."""

    module: str
    before: str
    after: str
    harm: str


class _HandMutants(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    mutant: tuple[HandMutant, ...] = ()


def _functions(source: str) -> list[tuple[int, int, str]]:
    """Every function of a module: its first and last line, and its name with the classes around it."""
    found = []

    def walk(node: ast.AST, around: str) -> None:
        for below in ast.iter_child_nodes(node):
            inner = around
            if isinstance(below, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                inner = f"{around}{below.name}."
                first = min([below.lineno, *(each.lineno for each in below.decorator_list)])
                found.append((first, below.end_lineno or below.lineno, inner.removesuffix(".")))
            walk(below, inner)

    walk(ast.parse(source), "")
    return found


def of_module(module: str) -> list[EngineMutant]:
    """Every mutant that cosmic-ray makes of a module."""
    source = path_of(module).read_text(encoding="utf-8")
    spans = _functions(source)

    def function(line: int) -> str:
        # The innermost comes last.
        return next((name for first, last, name in reversed(spans) if first <= line <= last), "")

    return [
        EngineMutant(module, function(each.line), each.line, each.before, each.after, each.source)
        for each in mutants(source)
    ]


def of_modules(modules: Sequence[str], jobs: int) -> list[EngineMutant]:
    """Every mutant that cosmic-ray makes of some modules, made by several processes."""
    with ProcessPoolExecutor(jobs, get_context("fork")) as pool:
        return [mutant for found in pool.map(of_module, modules) for mutant in found]


def by_hand() -> list[EngineMutant]:
    """The mutants that people thought of.

    Raises:
        ValueError: the text of one does not stand once in its module.
    """
    made = []
    for each in msgspec.toml.decode(BY_HAND.read_bytes(), type=_HandMutants).mutant:
        source = path_of(each.module).read_text(encoding="utf-8")
        if source.count(each.before) != 1:
            raise ValueError(
                f"{BY_HAND.name}: {each.before!r} stands {source.count(each.before)} times in {each.module}"
            )
        at = source.index(each.before)
        line = source.count("\n", 0, at) + 1
        spans = _functions(source)
        function = next((name for first, last, name in reversed(spans) if first <= line <= last), "")
        changed = source.replace(each.before, each.after)
        made.append(EngineMutant(each.module, function, line, each.before, each.after, changed, by_hand=True))
    return made


def sample(found: Iterable[EngineMutant], count: int, seed: int) -> list[EngineMutant]:
    """Some of the mutants, in order: the same ones for the same seed, as long as the engine stays the same."""
    every = list(found)
    places = sorted(random.Random(seed).sample(range(len(every)), min(count, len(every))))
    return [every[place] for place in places]
