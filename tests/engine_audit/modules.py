"""Which modules are audited, and the tests that can notice a change of each, fast ones first."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.repository import ROOT

PACKAGE = ROOT / "autograder"

# Every module of these rooms is audited, a new one with the room's own tests.
ROOMS: Mapping[str, tuple[str, ...]] = {
    "judging": ("judging",),
    "authoring.kinds": ("authoring",),
}
_FORM = ("authoring/test_kind_form.py", "authoring/test_kind_judgements.py")
_KINDS = ("authoring/test_kind_judgements.py",)
_OUTCOMES = ("authoring/test_kind_outcomes.py",)
_DERIVATION = ("authoring/test_derivation_kind.py",)
_SMALL = ("judging/test_small_values.py",)
# Beside them these. A mutant that survives meets all of its tests, so that none of these grades a class.
TESTS: Mapping[str, tuple[str, ...]] = {
    "authoring.kinds": _KINDS,
    "authoring.kinds.comparing": _FORM,
    "authoring.kinds.assumption": _DERIVATION,
    "authoring.kinds.derivation": _DERIVATION,
    "authoring.kinds.follow_through": _FORM,
    "authoring.kinds.gradient": _KINDS,
    "authoring.kinds.kind": _FORM,
    "authoring.kinds.quiet": _KINDS,
    "authoring.kinds.simpler": ("authoring/test_simpler.py",),
    "authoring.kinds.raises": _OUTCOMES,
    "authoring.kinds.training": _OUTCOMES,
    "authoring.kinds.untouched": _KINDS,
    "authoring.kinds.value": _KINDS,
    "authoring.kinds.wrong_lines": _DERIVATION,
    "judging.assumptions": ("judging/test_derivations_units.py",),
    "judging.chains": ("judging/test_derivations_units.py", *_DERIVATION),
    "judging.changed_arguments": ("judging/test_changed_arguments.py",),
    "judging.derivations": ("judging/test_derivations_units.py",),
    "judging.diagnosis": ("judging/test_diagnosis_units.py",),
    "judging.counterexample": _SMALL,
    "judging.differences": ("judging/test_differences.py",),
    "judging.evidence": ("judging/test_evidence.py", *_SMALL, *_DERIVATION),
    "judging.finding": _SMALL,
    "judging.judgement": _SMALL,
    "judging.levels": _SMALL,
    "judging.literals": ("judging/test_literals.py",),
    "judging.numbers": _SMALL,
    "judging.outcomes": _SMALL,
    "judging.parts": ("judging/test_parts.py",),
    "judging.relations": ("judging/test_relations.py",),
    "judging.situations": ("judging/test_situations.py",),
    "judging.tolerance": _SMALL,
    "judging.values": ("judging/test_values_units.py",),
    "judging.verdicts": _SMALL,
    "records.reveal": ("records/test_reveal.py",),
    "records.store": ("records/test_store.py",),
    "records.fingerprint": ("records/test_digests.py", "records/test_fingerprint.py"),
    "gradebook.final": ("gradebook/test_final_units.py",),
    "gradebook.policy": ("gradebook/test_policy_units.py",),
    "gradebook.marks": ("gradebook/test_marks_units.py",),
    "gradebook.marks_file": ("gradebook/test_marks_file_units.py",),
    "gradebook.changes": ("gradebook/test_changes_units.py",),
    "grading.following": ("grading/test_following_units.py",),
}
# Mutants by hand may be of any module.
OTHERS: Mapping[str, tuple[str, ...]] = {
    "grading.plan": ("grading/test_plan_units.py",),
    "sandbox.inside.landlock": ("sandbox/test_landlock.py",),
    "sandbox.inside.seccomp": ("sandbox/test_tiers.py", "sandbox/test_landlock.py", "sandbox/test_layers.py"),
}
# What the preparation of a worker leaves alone: it is heavy, optional, or runs when it is imported.
_NOT_PREPARED = ("autograder.__main__", "autograder.integrations", "autograder.sandbox.inside.boot")


def path_of(module: str) -> Path:
    """The file of a module, named from below the package: `records.reveal`."""
    base = PACKAGE.joinpath(*module.split("."))
    return base / "__init__.py" if base.is_dir() else base.with_suffix(".py")


def audited() -> list[str]:
    """The modules whose mutants are tried, in order."""
    found = set(TESTS)
    for room in ROOMS:
        found |= {f"{room}.{path.stem}" for path in path_of(room).parent.glob("*.py") if path.stem != "__init__"}
        found.add(room)
    return sorted(found)


def tests_of(module: str) -> tuple[str, ...]:
    """The tests that can notice a change of a module.

    Raises:
        KeyError: none are declared.
    """
    room = next((room for room in ROOMS if module == room or module.startswith(f"{room}.")), None)
    names = TESTS.get(module) or OTHERS.get(module) or (ROOMS[room] if room else None)
    if names is None:
        raise KeyError(
            f"no tests are declared that could notice a change of {module}: see tests/engine_audit/modules.py"
        )
    return tuple(f"tests/{name}" for name in names)


def chosen(names: Sequence[str]) -> list[str]:
    """The audited modules that these names mean: a module, or a room with all that is in it; all where none is given.

    Raises:
        ValueError: a name means none.
    """
    every = audited()
    if not names:
        return every
    found: dict[str, None] = {}
    for name in names:
        plain = name.removesuffix(".py").removeprefix("autograder/").replace("/", ".").removeprefix("autograder.")
        those = [module for module in every if module == plain or module.startswith(f"{plain}.")]
        if not those:
            raise ValueError(f"{name} is no module that is audited; there are {', '.join(every)}")
        found |= dict.fromkeys(those)
    return list(found)


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def unaffected(module: str) -> list[str]:
    """The modules of the package that may be loaded before a mutant of `module` is: none of them comes to need it."""
    needs: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        # To import a module is to import the packages that it stands in.
        above = name.split(".")
        needs[name] = {*_imported(path), *(".".join(above[:count]) for count in range(1, len(above)))}
    needed_by = defaultdict(set)
    for name, others in needs.items():
        for other in others & set(needs):
            needed_by[other].add(name)
    affected, more = set[str](), {f"autograder.{module}"}
    while more:
        affected |= more
        more = {name for each in more for name in needed_by[each]} - affected
    return sorted(name for name in needs if name not in affected and not name.startswith(_NOT_PREPARED))
