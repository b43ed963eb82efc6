"""The zip in a simulated container, as Gradescope's harness runs it: set up without network, graded in tier B.

To set one up takes a while: what needs it is slow, and test_build.py has the quick tests of what is in the zip.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from autograder.cli import main
from autograder.exam.exam import make_exam
from autograder.grading.run import grade
from autograder.records.record import Result
from autograder.sandbox.canary import works
from autograder.sandbox.tiers import Tier
from tests.integrations.gradescope.container import Container, held
from tests.once import once
from tests.repository import ASSIGNMENTS, ATTACKS, SOLUTIONS
from tests.sandbox.test_tiers import LANDLOCK

NAME, MODULE = "a3_kl_normal", "kl_normal"
# How many public checks it has.
PUBLIC = (SOLUTIONS / NAME / "public_checks.py").read_text().count("\ndef test_")
RIGHT = (SOLUTIONS / NAME / f"{MODULE}.py").read_bytes()
STUB = (ASSIGNMENTS / NAME / f"{MODULE}.py").read_bytes()
# A mistake of the catalogue, the sign of the logarithm, in one function; the others are not written.
WRONG = STUB.replace(
    b'    raise NotImplementedError("write kl_normal here")',
    b"""    if not (np.all(np.asarray(sigma_q) > 0) and np.all(np.asarray(sigma_p) > 0)):
        raise ValueError
    with np.errstate(all="ignore"):
        mu_q, sigma_q, mu_p, sigma_p = (np.asarray(a, dtype=float) for a in (mu_q, sigma_q, mu_p, sigma_p))
        shift = ((mu_q - mu_p) / sigma_p) ** 2
        return np.log(sigma_q) - np.log(sigma_p) + ((sigma_q / sigma_p) ** 2 + shift) / 2 - 0.5""",
)
# Takes what it can find, prints, and tells markup wherever a text of its own could be shown.
HOSTILE = STUB.replace(
    b'    raise NotImplementedError("write kl_normal here")',
    b"""    import json, os
    print("<scr" + "ipt>alert(1)</script>")
    try:
        with open("ROOT/results/results.json", "w") as file:
            file.write(json.dumps({"score": 999}))
    except OSError:
        pass
    for name in ("ROOT/source/solutions/a3_kl_normal/kl_normal.py", "ROOT/source/settings.json"):
        try:
            exec(open(name).read(), globals())
        except OSError:
            pass
    raise ValueError("<scr" + "ipt>alert(2)</script>" + repr((mu_q, sigma_q)))""",
)


def build(folder: Path) -> None:
    command = ["gradescope", "build", "--solutions", str(SOLUTIONS), "--assignment", NAME, "--vendor-wheels"]
    if main([*command, "--out", str(folder / "autograder.zip")]):
        trial = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), "iniconfig"]
        if subprocess.run(trial, capture_output=True, check=False).returncode:
            pytest.skip("wheels cannot be downloaded: no package index can be reached")
        raise AssertionError("the zip must be made")


def hidden_arguments() -> set[str]:
    """What the hostile function would say of each hidden case, its numbers not being of the few that are everywhere."""
    (part,) = make_exam(SOLUTIONS, [NAME], None).parts
    (question,) = [question for question in part.questions if question.function == "kl_normal"]
    return {text for _, arguments in question.calls if len(text := repr(tuple(arguments[:2]))) > 16}


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> Container:
    if sys.platform != "linux" or works(Tier.B):
        pytest.skip(f"tier B does not work here: {works(Tier.B)}")
    path = once(tmp_path_factory, "gradescope", build) / "autograder.zip"
    made = Container(tmp_path_factory.mktemp("container") / "autograder")
    done = made.set_up(path)
    assert done.returncode == 0, f"setup.sh must work without network: {done.stdout}{done.stderr}"
    assert "ready: isolation tier B" in done.stdout, f"and try the engine out: {done.stdout}"
    return made


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """The same submissions, graded as a class."""
    folder = tmp_path_factory.mktemp("class")
    for name, data in (("right", RIGHT), ("wrong", WRONG)):
        (folder / "class" / name).mkdir(parents=True)
        (folder / "class" / name / f"{MODULE}.py").write_bytes(data)
    results = grade(folder / "class", folder / "out", solutions=SOLUTIONS, assignments=[NAME], jobs=1)
    return {record.student: record for record in results}


def by_kind(found: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The tests with points, and the public ones."""
    scored = [test for test in found["tests"] if "score" in test]
    return scored, [test for test in found["tests"] if "public" in test.get("tags", ())]


@pytest.mark.slow
@pytest.mark.parametrize("which", ["right", "wrong"])
def test_the_scores_are_those_of_autograder_grade(which: str, container: Container, records: dict[str, Result]) -> None:
    found, printed = container.submit({f"{MODULE}.py": RIGHT if which == "right" else WRONG})
    record = records[which]
    scored, public = by_kind(found)
    assert found["score"] == record.score, f"the score of `autograder grade`: {found['score']}"
    checks = [check for check in record.checks if check.kind != "criterion"]
    assert [test["score"] for test in scored] == [check.points for check in checks], "check by check"
    assert {test["visibility"] for test in scored} == {"after_published"}, "hidden checks wait until it is published"
    assert len(public) == PUBLIC and {test["visibility"] for test in public} == {"visible"}, (
        "public ones are seen at once"
    )
    assert all(test["status"] == "passed" for test in public) == (which == "right"), f"and made: {public}"
    assert "leaderboard" not in found, "nobody is compared unless it is asked for"
    assert "1 written answer waits for a person: 4 points" in found["output"], f"for manual grading: {found['output']}"
    assert "anna@uni.example" in printed and "tier B" in printed, f"for staff: {printed}"


@pytest.mark.slow
def test_a_failure_tells_what_the_policy_allows(container: Container, records: dict[str, Result]) -> None:
    found, _ = container.submit({f"{MODULE}.py": WRONG})
    scored, public = by_kind(found)
    assert any(check.hint for check in records["wrong"].checks), "the mistake is known"
    told = "\n".join(test["output"] for test in scored)
    for check in records["wrong"].checks:
        if check.hint:
            assert check.hint in told, f"the hint must be told: {check.hint}"
        if check.case is not None:
            assert check.case.arguments not in told, "a hidden case is not"
    failed = [test["output"] for test in public if test["status"] == "failed"]
    assert any("returned" in text and "but must return" in text for text in failed), f"a public one is: {failed}"
    assert any("not written yet" in text for text in failed), f"and what is not written: {failed}"


@pytest.mark.slow
def test_a_hostile_submission_gets_what_it_earns(container: Container) -> None:
    hostile = HOSTILE.replace(b"ROOT", str(container.root).encode())
    found, printed = container.submit({f"{MODULE}.py": hostile, "results.json": b'{"score": 999}'})
    scored, _ = by_kind(found)
    # A check that only asks for errors may be passed by a function that always raises.
    assert found["score"] <= 2.0, f"nothing that it took may count: {found['score']}"
    assert not any(test["status"] == "passed" for test in scored if "Is right" in test["name"]), "no value is right"
    # It repeats its arguments. Those of fresh cases may be shown, as text; of a hidden case nothing that it said is.
    said = [test for test in scored if "<script>" in test["output"]]
    assert said, "a counterexample shows what it said"
    assert all(test["output_format"] == "text" for test in said), f"nothing of it is markup: {said}"
    hidden = hidden_arguments()
    assert len(hidden) > 20, f"there are hidden cases: {len(hidden)}"
    shown = "\n".join(test["output"] for test in found["tests"])
    told = re.findall(r"alert\(2\)</script>(\(.*?\))(?=\.?\s|$)", shown)
    assert told, f"the arguments that it repeats: {shown[:500]}"
    leaked = [each for each in hidden if each in shown]
    assert not leaked, f"no argument of a hidden case is told: {leaked[:3]}"
    assert "<script>" not in printed, "what it prints is nobody's"


@pytest.mark.slow
def test_nothing_handed_in_is_told_at_once(container: Container) -> None:
    found, _ = container.submit({"notes.txt": b"sorry"}, metadata={"users": "?"})
    first = found["tests"][0]
    assert found["score"] == 0.0, f"no points: {found['score']}"
    assert first["name"] == "Can be graded" and first["status"] == "failed", f"the first test says so: {first}"
    assert first["visibility"] == "visible" and "kl_normal.py" in first["output"], f"while it can be mended: {first}"


@contextmanager
def moved(path: Path) -> Iterator[None]:
    """Something of the container's is not there for a while."""
    away = path.with_name(f"{path.name}.away")
    path.rename(away)
    try:
        yield
    finally:
        away.rename(path)


@pytest.mark.slow
@pytest.mark.parametrize("broken", ["solutions/course.toml", "settings.json", "venv/lib"])
def test_our_own_failure_is_no_score_and_is_told_to_staff_alone(container: Container, broken: str) -> None:
    with moved(container.root / "source" / broken):
        if broken == "venv/lib":
            # Nothing of ours can start at all.
            (container.root / "results" / "results.json").unlink(missing_ok=True)
            held([str(container.root / "run_autograder")], container.root, container.environment)
            found = json.loads((container.root / "results" / "results.json").read_text())
        else:
            found, _ = container.submit({f"{MODULE}.py": RIGHT})
    assert "score" not in found and not [t for t in found["tests"] if "score" in t], f"no zero: {found}"
    (test,) = found["tests"]
    assert test["visibility"] == "hidden" and test["output"], f"the reason is for staff: {test}"
    assert "not your fault" in found["output"] and "Traceback" not in found["output"], f"students read: {found}"


@pytest.mark.slow
def test_without_landlock_nothing_is_graded(container: Container) -> None:
    found, printed = container.submit({f"{MODULE}.py": RIGHT}, refused=LANDLOCK)
    assert "score" not in found, f"tier C is not enough for a student's code beside the references: {found}"
    assert "only isolation tier C works here" in found["tests"][0]["output"], f"staff read why: {found['tests']}"
    assert "only isolation tier C" in printed and "tier C" not in found["output"], f"students do not: {found['output']}"


@pytest.mark.slow
def test_every_attack_fails_in_the_container(container: Container) -> None:
    script, attacks = Path(__file__).with_name("attacking.py"), ATTACKS
    python = container.root / "source" / "venv" / "bin" / "python"
    command = [str(python), "-I", str(script), str(attacks), str(container.root)]
    done = held(command, container.root, container.environment)
    assert done.returncode == 0, f"the attacks must run: {done.stdout}{done.stderr}"
    told = json.loads(done.stdout)
    assert len(told) >= 45, f"all attacks: {len(told)}"
    assert {name: wrong for name, wrong in told.items() if wrong} == {}, "each gets nothing and leaves nothing"


def test_the_simulation_refuses_what_it_says(tmp_path: Path) -> None:
    container = Container(tmp_path)
    code = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
    done = held([sys.executable, "-c", code], container.root, container.environment)
    assert "PermissionError" in done.stderr, f"no connection can be made: {done.stderr}"
    done = held(["unshare", "--user", "true"], container.root, container.environment)
    assert done.returncode != 0, f"nor a namespace: {done.stderr}"
