"""A submission in the sandbox: what ends one function leaves the others graded, and nothing but data comes back."""

from dataclasses import replace

import numpy as np
import pytest

from autograder.authoring.kinds.derivation import steps_call
from autograder.sandbox.answers import Ended, Missing, Raised, Returned, Unreadable, read_sheet
from autograder.sandbox.call_plan import QuestionCalls
from autograder.sandbox.inside.function_argument import FunctionArgument
from autograder.sandbox.inside.wire import pack
from autograder.sandbox.slot import Slot
from tests.sandbox.running import ask, sit, waiting


def test_a_value_comes_back(slot: Slot) -> None:
    answer = ask(slot, "def f(x): return x * 2", np.arange(3.0))
    assert isinstance(answer, Returned), f"the call should return: {answer}"
    assert answer.value.tolist() == [0.0, 2.0, 4.0], f"the value should be twice the argument: {answer.value}"


ENDINGS = {
    "a loop that swallows everything": (
        "while True:\n        try:\n            while True: pass\n        except BaseException: pass",
        "timeout",
    ),
    "a loop in C": ("import itertools\n    max(itertools.repeat(1))", "timeout"),
    "the clock turned off": (
        "import signal\n    signal.setitimer(signal.ITIMER_REAL, 0)\n    while True: pass",
        "timeout",
    ),
    "os._exit(0)": ("import os\n    os._exit(0)", "crashed"),
    "a segmentation fault": ("import ctypes\n    ctypes.string_at(0)", "crashed"),
    "abort": ("import os\n    os.abort()", "crashed"),
}


@pytest.mark.parametrize("body", ENDINGS)
def test_an_end_costs_one_function(slot: Slot, body: str) -> None:
    costs_one_function(slot, body, *ENDINGS[body])


@pytest.mark.slow
@waiting
def test_sleep_costs_one_function(slot: Slot) -> None:
    costs_one_function(slot, "sleep", "import time\n    time.sleep(60)", "timeout")


def costs_one_function(slot: Slot, body: str, code: str, how: str) -> None:
    source = f"def first(): return 1\ndef f():\n    {code}\ndef last(): return 3"
    calls: list[tuple[str, list[object]]] = [("call", [])]
    asked = [QuestionCalls("first", calls, 1.0), QuestionCalls("f", calls * 2, 0.3), QuestionCalls("last", calls, 1.0)]
    run = sit(slot, source, *asked)
    first, ended, last = (answers[0] for answers in run.answers)
    assert isinstance(first, Returned), f"the function before must be graded: {first}"
    assert isinstance(ended, Ended), f"{body} must end its function: {ended}"
    assert ended.how == how, f"{body} must count as {how}: {ended}"
    assert "f" in ended.detail, f"the function must be named: {ended.detail}"
    assert isinstance(last, Returned), f"the function after must be graded: {last}"
    assert not ended.after, "it was in this call that it ended"
    assert run.answers[1][1] == replace(ended, after=True), "calls after it were never made, and say so"
    # The limits of all functions together are above 3 s of the processor: none may be used up by one of them.
    assert run.processor < 2.0, f"{body} must end by its own limit, not by the outer one: {run.processor} s"


@waiting
def test_a_question_may_have_its_own_memory_and_time(slot: Slot) -> None:
    source = """
import time, numpy as np
def large(): return float(np.ones(600 << 17).sum())
def slow():
    started = time.process_time()
    while time.process_time() < started + 0.6: pass
    return 1.0
"""
    calls: list[tuple[str, list[object]]] = [("call", [])]
    asked = [
        QuestionCalls("large", calls, 5.0),
        QuestionCalls("large", calls, 5.0, memory=2 << 30),
        QuestionCalls("slow", calls, 5.0),
        QuestionCalls("slow", calls, 0.2),
    ]
    run = sit(slot, source, *asked)
    small, roomy, patient, hasty = (answers[0] for answers in run.answers)
    assert isinstance(small, Raised), f"600 MB are more than the slot's 256 MB: {small}"
    assert isinstance(roomy, Returned), f"this question was given 2 GB: {roomy}"
    assert isinstance(patient, Returned), f"this question was given 5 s: {patient}"
    assert isinstance(hasty, Ended), f"this question was given 0.2 s: {hasty}"


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("raise SystemExit(0)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("return f()", "RecursionError"),
        ("import numpy as np\n    return np.ones(10**12)", "MemoryError"),
        ("return list(range(10**9))", "MemoryError"),
        ("raise NotImplementedError", "NotImplementedError"),
    ],
)
def test_an_exception_is_reported_by_its_class(slot: Slot, body: str, name: str) -> None:
    answer = ask(slot, f"def f():\n    {body}")
    assert isinstance(answer, Raised), f"the call must raise: {answer}"
    assert answer.is_a(name), f"{name} must be among {answer.types}"


def test_an_exception_names_the_line_of_the_students_own_file(slot: Slot) -> None:
    answer = ask(slot, "import numpy as np\ndef f(x):\n    y = x + 1\n    return np.linalg.inv(y)", np.zeros((2, 3)))
    assert isinstance(answer, Raised), f"the call must raise: {answer}"
    assert (answer.file, answer.line) == ("work.py", 4), f"the line must be the student's: {answer}"
    assert answer.code == "return np.linalg.inv(y)", f"the code must be shown: {answer.code}"


def test_the_code_shown_is_what_was_handed_in(slot: Slot) -> None:
    source = """
import linecache
def f():
    linecache.cache["work.py"] = (1, None, ["forged\\n"] * 9, "work.py")
    raise ValueError("x")
"""
    answer = ask(slot, source)
    assert isinstance(answer, Raised), f"the call must raise: {answer}"
    assert answer.code == 'raise ValueError("x")', f"a submission must not choose what is shown: {answer.code}"


def test_each_call_gets_fresh_arguments(slot: Slot) -> None:
    x = np.zeros(2)
    asked = QuestionCalls("f", [("call", [x]), ("call", [x]), ("arguments", [x])], 1.0)
    answers = sit(slot, "def f(x):\n    x += 1\n    return x.sum()", asked).answers[0]
    values = [answer.value for answer in answers if isinstance(answer, Returned)]
    assert values[:2] == [2.0, 2.0], f"an in-place change must not reach the next call: {values}"
    assert values[2][1][0].tolist() == [1.0, 1.0], f"what became of the arguments must come back: {values[2]}"


def test_a_missing_function_names_those_that_are_there(slot: Slot) -> None:
    answer = ask(slot, "def g(): pass")
    assert isinstance(answer, Missing), f"there is no f: {answer}"
    assert answer.names == ("g",), f"the functions there must be told: {answer.names}"


@pytest.mark.parametrize(
    ("source", "name", "line"),
    [("x = (\n", "SyntaxError", 1), ("import scipy", "ImportError", 1), ("\n1 / 0", "ZeroDivisionError", 2)],
)
def test_a_module_that_fails_on_import_says_where(slot: Slot, source: str, name: str, line: int) -> None:
    run = sit(slot, source, QuestionCalls("f", [("call", [])], 1.0))
    failure = run.import_failure
    assert isinstance(failure, Raised), f"the import must fail: {failure}"
    assert failure.is_a(name), f"{name} must be among {failure.types}"
    assert failure.line == line, f"the line must be {line}: {failure}"


@waiting
def test_a_hang_on_import_ends(slot: Slot) -> None:
    run = sit(slot, "while True: pass", QuestionCalls("f", [("call", [])], 1.0))
    assert isinstance(run.import_failure, Ended), f"the import must end: {run.import_failure}"
    assert run.import_failure.how == "timeout", f"by the clock: {run.import_failure}"


def test_helpers_beside_the_module_are_imported(slot: Slot) -> None:
    files = {"helper.py": b"def two(): return 2", "pack/__init__.py": b"", "pack/deep.py": b"three = 3"}
    source = "from helper import two\nfrom pack.deep import three\ndef f(): return two() + three"
    run = sit(slot, source, QuestionCalls("f", [("call", [])], 1.0), files=files)
    assert run.answers[0] == [Returned(5, None, run.answers[0][0].seconds)], f"2 + 3: {run.answers}"


def test_only_numpy_and_the_standard_library_are_there(slot: Slot) -> None:
    for name in ("scipy", "msgspec", "rich", "solutions", "autograder.exam.exam"):
        answer = ask(slot, f"def f():\n    import {name}\n    return {name.split('.')[0]}.__file__")
        assert isinstance(answer, Raised), f"{name} must not be importable by a submission: {answer}"


def test_what_few_submissions_use_is_there_too(slot: Slot) -> None:
    for use in (
        "np.ma.masked_array([1.0, 2.0], [True, False]).sum()",
        "np.polynomial.Polynomial([0.0, 2.0])(1.0)",
        "np.fft.fft([2.0, 0.0])[0].real",
        "__import__('statistics').fmean([1.0, 3.0])",
    ):
        answer = ask(slot, f"import numpy as np\ndef f():\n    return float({use})")
        assert isinstance(answer, Returned) and answer.value == 2.0, f"{use}: {answer}"


def test_a_warning_is_reported_and_stops_nothing(slot: Slot) -> None:
    answer = ask(slot, "import numpy as np\ndef f(): return float(np.exp(np.float64(1e4)) > 0)")
    assert isinstance(answer, Returned), f"a warning must not become an exception: {answer}"
    assert answer.warning is not None, "the RuntimeWarning must be reported"
    assert "overflow" in answer.warning, f"the warning must be named: {answer.warning}"


def test_a_derivation_is_evaluated_line_by_line(slot: Slot) -> None:
    source = 'def f(): return [("start", lambda x, g: g(x)), ("=", lambda x, g: g(1 / x))]'
    _, (cases, functions) = steps_call(
        [(x, FunctionArgument(f"lambda u: {n}.0 + u")) for n, x in enumerate((0.0, 2.0))]
    )
    answer = ask(slot, source, cases, functions, mode="steps")
    assert isinstance(answer, Returned), f"the lines must come back: {answer}"
    (_, start), (relation, link) = answer.value
    assert start == [["ok", 0.0], ["ok", 3.0]], f"the first line, with the function of each case: {start}"
    assert relation == "=", f"the relation must come back: {relation}"
    assert [status for status, _ in link] == ["raised", "ok"], f"one case of the second line divides by 0: {link}"


@pytest.mark.parametrize(
    "body", ["x = []\n    x.append(x)\n    return x", "import numpy as np\n    return np.zeros(10**6)"]
)
def test_a_value_that_cannot_be_sent_is_a_wrong_answer(slot: Slot, body: str) -> None:
    answer = ask(slot, f"def f():\n    {body}")
    assert isinstance(answer, Unreadable), f"the value must be unreadable: {answer}"


def test_prints_and_input_are_harmless(slot: Slot) -> None:
    body = (
        "import os, sys\n    print('x' * 10**6)\n    os.write(1, b'x')\n    sys.stderr.write('y')\n    return input()"
    )
    answer = ask(slot, f"def f():\n    {body}")
    assert isinstance(answer, Raised), f"there is nobody to ask: {answer}"
    assert answer.is_a("EOFError"), f"input must meet the end of the file: {answer}"


def test_random_numbers_without_a_seed_are_the_same_in_each_run(slot: Slot) -> None:
    source = """
import os, random, secrets, numpy as np
def f():
    own = [np.random.default_rng().random() for _ in range(2)]
    assert own[0] != own[1], "each unseeded generator must be another"
    return [*own, random.random(), np.random.rand(), hash('a'), os.urandom(4).hex(), secrets.randbits(30)]
"""
    first, second = ask(slot, source), ask(slot, source)
    assert isinstance(first, Returned), f"the call must return: {first}"
    assert isinstance(second, Returned), f"the call must return: {second}"
    assert first.value == second.value, "two runs of one submission must give the same record"


def frame(*parts: object) -> bytes:
    packed = [pack(part) if place == 3 else part for place, part in enumerate(parts)]
    data = pack(packed)
    return len(data).to_bytes(4, "little") + data


IMPORTED = frame(-1, 0, "ok", None, 0.0, None)


@pytest.mark.parametrize(
    "sheet",
    [
        b"",
        b"\x01",
        b"\xff\xff\xff\xff" + bytes(100),
        frame(0, 0, "ok", 1, 0.0, None),
        IMPORTED + frame(0, 1, "ok", 1, 0.0, None),
        IMPORTED + frame(1, 0, "ok", 1, 0.0, None),
        IMPORTED + frame("0", 0, "ok", 1, 0.0, None),
        IMPORTED + frame(0, 0, np.arange(2.0), 1, 0.0, None),
        IMPORTED + frame(0, 0, "ok", 1),
        IMPORTED + frame(*range(3)),
        IMPORTED + b"\x05\x00\x00\x00\xc1\xc1\xc1\xc1\xc1",
    ],
    ids=[
        "empty",
        "cut",
        "long",
        "no import",
        "second first",
        "other question",
        "type",
        "array",
        "short",
        "numbers",
        "bytes",
    ],
)
def test_a_sheet_that_is_not_as_asked_gives_no_answer(sheet: bytes) -> None:
    reading = read_sheet(sheet, [1, 1], 0, {})
    assert reading.questions == [[], []], f"forged frames must not count: {reading.questions}"
