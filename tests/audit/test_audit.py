"""The audit of the grader: it passes the grader as it stands, and notices when a check is broken on purpose."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from autograder.audit.audit import audit
from autograder.audit.findings import Counter, Findings
from autograder.audit.mutants import Mutant, mutants, reaching
from autograder.audit.report import as_json, print_findings
from autograder.audit.standards import Equivalent, Standards, read_equivalents, read_standards
from autograder.audit.subjects import Subject, SubjectKind
from autograder.audit.trials import SeedTrial, Trial
from autograder.authoring import growing
from autograder.authoring.wrong_versions import imprecise, line_spoiled, spoiled, swallowing
from autograder.cli import main
from autograder.errors import StandardsError
from autograder.sandbox.canary import best_tier
from tests.needed import needed
from tests.repository import SOLUTIONS

ASSIGNMENT = "a2_kl_factorized"

needed("cosmic_ray", 'no mutants without cosmic-ray: python -m pip install -e ".[audit]"')


def replaced(old: str, new: str, count: int = 1) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert len(re.findall(old, text)) >= count, f"{old} is to be changed"
        return re.sub(old, new, text)

    return change


FEWER_CASES = "from autograder.authoring import assignment\nassignment.growing = lambda *_: (1,)\n\\g<0>"
# Each breaks the grader in one file of the assignment, or of the course.
BREAKAGES: dict[str, tuple[str, Callable[[str], str]]] = {
    "a tolerance loosened a thousandfold": (
        "course.toml",
        replaced("value = { relative = 1e-9, absolute = 1e-12 }", "value = { relative = 1e-6, absolute = 1e-9 }"),
    ),
    "the tolerance of derivations loosened a thousandfold": (
        "course.toml",
        replaced(
            "derivation = { relative = 1e-8, absolute = 1e-10 }", "derivation = { relative = 1e-5, absolute = 1e-7 }"
        ),
    ),
    "a check dropped": (
        f"{ASSIGNMENT}/questions.py",
        replaced(r'@a2.check\("kl", points=0.5\)\ndef zeros_in_both', "def zeros_in_both"),
    ),
    "a check of silence dropped": (f"{ASSIGNMENT}/questions.py", replaced(r"a2.quiet\(.*\n", "")),
    "a check of the arguments dropped": (
        f"{ASSIGNMENT}/questions.py",
        replaced(r'a2.untouched\("joint".*\n', ""),
    ),
    "the cases of every check cut to one": (
        f"{ASSIGNMENT}/questions.py",
        replaced(r"a2 = Assignment\(", FEWER_CASES),
    ),
}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    shutil.copytree(SOLUTIONS, tmp_path / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "solutions"


@pytest.mark.slow
def test_the_grader_as_it_stands_is_good_enough(tmp_path: Path) -> None:
    told = tmp_path / "audit.json"
    code = main(["audit", "--assignment", ASSIGNMENT, "--seeds", "2", "--json", str(told)])
    content = msgspec.json.decode(told.read_bytes())
    assert content["problems"] == [], f"nothing is wrong with it: {content['problems']}"
    assert code == 0, "and the command says so"
    assert content["seeds"] == 2, "so many seeds were asked for"
    (kl,) = [found for found in content["functions"] if found["function"] == "kl"]
    assert kl["wrongs"] > kl["known"] > 5, f"known mistakes and further wrong versions were tried: {kl}"
    assert kl["mutants"] > 20, f"mutants were tried: {kl}"


QUICK = ["--assignment", ASSIGNMENT, "--seeds", "1", "--without-mutants"]


@pytest.mark.slow
def test_a_quick_look_finds_it_good_enough_too() -> None:
    assert main(["audit", *QUICK]) == 0, "otherwise what follows would show nothing"


@pytest.mark.slow
@pytest.mark.parametrize("name", BREAKAGES)
def test_a_broken_check_is_noticed(name: str, course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # One of these reaches into the package: what it sets there is set back after the test, as every test needs it.
    monkeypatch.setattr("autograder.authoring.assignment.growing", growing)
    file, change = BREAKAGES[name]
    (course / file).write_text(change((course / file).read_text()))
    code = main(["audit", "--solutions", str(course), *QUICK])
    assert code == 1, f"{name}: the audit must say so by its exit code"


# --- mutants ---------------------------------------------------------------------------------------------------------

SOURCE = '''
import numpy as np

Floats = np.ndarray | None


def helper(x):
    """Doubles."""
    return 2 * x


def other(x: Floats | None) -> Floats | None:
    """Adds."""
    for _ in range(1):
        x = x + 1
    return x


def top(x):
    if x > 0:
        return helper(x)
    return other(x)
'''


def test_mutants_change_one_thing_each() -> None:
    found = mutants(SOURCE)
    changes = {(mutant.function, mutant.before, mutant.after) for mutant in found}
    assert ("other", "x = x + 1", "x = x - 1") in changes, f"an operator: {changes}"
    assert ("helper", "return 2 * x", "return 3 * x") in changes, f"a number: {changes}"
    assert any(before == "for _ in range(1):" and "[]" in after for _, before, after in changes), "a loop not run"
    assert ("top", "if x > 0:", "if x >= 0:") in changes, f"a comparison: {changes}"
    assert not any("Floats" in before for _, before, _ in changes), f"annotations mean nothing: {changes}"
    sources = [mutant.source for mutant in found]
    assert len(set(sources)) == len(sources), "each is made once"
    lines = SOURCE.splitlines()
    for mutant in found:
        assert lines[mutant.line - 1].strip() == mutant.before, f"the line must be the changed one: {mutant}"


def test_a_reference_that_catches_several_exceptions_by_dotted_names_has_mutants() -> None:
    caught = "    except (OSError, zlib.error):\n        return 0\n"
    source = f"import zlib\ndef f(x):\n    try:\n        return x + 1\n{caught}"
    changes = {mutant.after for mutant in mutants(source)}
    assert "return x - 1" in changes, f"what cosmic-ray cannot replace costs nothing else: {changes}"
    assert any("CosmicRay" in after and "zlib.error" in after for after in changes), f"the plain name is: {changes}"


def test_a_change_is_tried_on_all_that_it_can_reach() -> None:
    assert reaching(SOURCE, "helper") == frozenset({"helper", "top"}), "top calls helper"
    assert reaching(SOURCE, "top") == frozenset({"top"}), "nobody calls top"
    assert reaching(SOURCE, "") is None, "what stands outside of functions can reach everything"


# --- counting --------------------------------------------------------------------------------------------------------


def subject(kind: SubjectKind, name: str = "x", function: str = "f", caught_by: str = "value") -> Subject:
    return Subject("a", kind, name, function, "m", {}, None, caught_by)  # type: ignore[arg-type]


def trial(of: Subject, *failed: tuple[str, str], named: tuple[str, ...] = (), score: float = 0.5) -> Trial:
    return Trial(of, tuple((f, check, "why") for f, check in failed), {"f": named} if named else {}, score)


EASY = Standards(alternatives=0, idle=("a.f.values", "a.f.quiet", "a.g.values"))


def counted(*trials: Trial, standards: Standards = EASY) -> Findings:
    counter = Counter({("a", "f"): {"values": "value", "quiet": "quiet"}, ("a", "g"): {"values": "value"}})
    for each in trials:
        counter.add(each)
    return counter.findings(standards)


def test_nothing_wrong_is_no_problem() -> None:
    assert counted().problems == [], "an empty audit has nothing to complain of"


WRONG = {
    "right work fails": [trial(subject(SubjectKind.ALTERNATIVE), ("f", "values"))],
    "a stub earns points": [trial(subject(SubjectKind.STUB), ("f", "values"), score=0.1)],
    "a wrong version is not caught": [trial(subject(SubjectKind.WRONG))],
    "it is caught only by a check of something else": [trial(subject(SubjectKind.WRONG), ("f", "quiet"))],
    "it loses points elsewhere": [trial(subject(SubjectKind.WRONG), ("f", "values"), ("g", "values"))],
    "a mistake is not named": [trial(subject(SubjectKind.MISTAKE), ("f", "values"))],
    "a mistake is named with another": [trial(subject(SubjectKind.MISTAKE), ("f", "values"), named=("x", "y"))],
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_good_enough_is_said(name: str) -> None:
    # What catches something alone may not be listed as idle; here that is beside the point.
    standards = msgspec.structs.replace(EASY, idle=())
    problems = [text for text in counted(*WRONG[name], standards=standards).problems if "catches nothing" not in text]
    assert problems, f"{name}: it must be said"


def test_a_mutant_survives_or_is_killed_or_is_excused() -> None:
    mutant = Mutant("f", 1, "a + b", "a - b", "")
    excuse = Equivalent("f", "a + b", "b is 0", "a - b")

    def problems(*failed: tuple[str, str], excuses: tuple[Equivalent, ...] = ()) -> list[str]:
        counter = Counter({("a", "f"): {"values": "value"}})
        counter.add_mutant(mutant, trial(subject(SubjectKind.MUTANT), *failed), excuses)
        counter.check_excuses("a", excuses)
        standards = Standards(alternatives=0, idle=() if failed else ("a.f.values",))
        return counter.findings(standards).problems

    assert problems(("f", "values")) == [], "it is killed"
    assert "mutants are killed" in problems()[0], "it survives"
    assert problems(excuses=(excuse,)) == [], "it survives and is excused"
    assert "is killed" in problems(("f", "values"), excuses=(excuse,))[0], "an excuse that is not needed is told"
    stranger = Equivalent("f", "a * b", "why", "a / b")
    assert "no mutant is f: a * b" in problems(("f", "values"), excuses=(stranger,))[0], "nor one that fits nothing"


def test_a_false_alarm_at_one_seed_of_many_is_a_problem() -> None:
    counter = Counter({("a", "f"): {"values": "value"}})
    for seed in range(10):
        failed = [("f", "values")] if seed == 7 else []
        counter.add_seed(SeedTrial(seed, (trial(subject(SubjectKind.REFERENCE), *failed),), ()))
    (problem, *_) = [text for text in counter.findings(EASY).problems if "right work" in text]
    assert "fails 1 times" in problem, f"one is too many: {problem}"
    assert counter.findings(EASY).functions["a", "f"].false_alarms[0].startswith("reference"), "and it is listed"


def test_findings_are_told_to_people_and_programs(capsys: pytest.CaptureFixture[str]) -> None:
    found = counted(
        trial(subject(SubjectKind.WRONG, "swapped")), trial(subject(SubjectKind.ALTERNATIVE, "loops"), ("g", "values"))
    )
    print_findings(found)
    said = capsys.readouterr().out
    assert "not good enough" in said, f"the verdict in words: {said}"
    assert "swapped" in said, f"what was not caught: {said}"
    assert "loops fails values" in said, f"what failed although it is right: {said}"
    content = msgspec.json.decode(as_json(found))
    assert not content["good_enough"], "programs are told the verdict"
    assert content["caught"] == 0.0, "and the shares"


# --- standards and ways to be wrong ----------------------------------------------------------------------------------


def test_standards_have_defaults_and_are_checked(tmp_path: Path) -> None:
    assert read_standards(tmp_path) == Standards(), "without a file, the usual ones"
    assert read_equivalents(tmp_path) == (), "and nothing is excused"
    (tmp_path / "audit.toml").write_text("kiled = 0.5\n")
    with pytest.raises(StandardsError, match=r"audit\.toml.*kiled"):
        read_standards(tmp_path)
    (tmp_path / "equivalent.toml").write_text('[[mutant]]\nfunction = "f"\nbefore = "a"\nreason = " "\n')
    with pytest.raises(StandardsError, match="excused by a reason"):
        read_equivalents(tmp_path)


def test_ways_to_be_wrong() -> None:
    def right(x: float) -> float:
        if x < 0:
            raise ValueError
        return x

    assert spoiled(right, lambda x: x > 1)(2.0) == 3.0, "off where it should be"
    assert spoiled(right, lambda x: x > 1)(0.5) == 0.5, "right elsewhere"
    assert imprecise(right, 0.5)(2.0) == 3.0, "off by its error"
    assert swallowing(right, ValueError)(-1.0) == 0.0, "no error comes"

    def lines() -> list[tuple[str, Callable[[float], float]]]:
        return [("start", lambda x: x), ("=", lambda x: x)]

    wrong = line_spoiled(lines, 1, lambda x: x > 1)()
    assert (wrong[0][1](2.0), wrong[1][1](0.5), wrong[1][1](2.0)) == (2.0, 0.5, 2.0 + 1e6), "one line, where it should"


@pytest.mark.slow
def test_an_audit_tells_how_far_it_is() -> None:
    steps: list[tuple[str, int, int]] = []
    standards = Standards(seeds=2, power_seeds=1)
    audit(
        SOLUTIONS,
        best_tier()[0],
        assignments=[ASSIGNMENT],
        with_mutants=False,
        standards=standards,
        tell=lambda *step: steps.append(step),
    )
    last = {name: (done, total) for name, done, total in steps}
    wanted = {"wrong versions and mutants", "pages of wrong work", "seeds"}
    assert set(last) == wanted, f"each step is told: {last}"
    assert all(done == total for done, total in last.values()), f"to its end: {last}"
