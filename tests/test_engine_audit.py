"""The audit of the engine can begin: what people wrote for it still fits the engine as it is."""

from tests.engine_audit import modules
from tests.engine_audit.engine_mutants import by_hand
from tests.engine_audit.excuses import Excuse, read_excuses
from tests.repository import ROOT


def test_each_mutant_by_hand_has_its_place() -> None:
    assert len(by_hand()) > 10, "a text that does not stand once in its module is an error that names it"


def test_each_audited_module_has_tests() -> None:
    missing = [name for module in modules.audited() for name in modules.tests_of(module) if not (ROOT / name).exists()]
    assert not missing, f"these tests are gone or renamed: {missing}"


def test_each_excuse_is_of_lines_that_there_are() -> None:
    stale = []
    for excuse in read_excuses():
        if isinstance(excuse, Excuse):
            lines = [line.strip() for line in modules.path_of(excuse.module).read_text(encoding="utf-8").splitlines()]
            if excuse.before not in " ".join(lines):
                stale.append(f"{excuse.module}, {excuse.function}: {excuse.before}")
    assert not stale, f"an excuse of lines that are gone excuses nothing: {stale}"
