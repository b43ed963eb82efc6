"""The student's page: what comes first, what is said once, and how numbers are told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from autograder.feedback.case_view import FRESH, two_numbers
from autograder.feedback.causes import first_steps
from autograder.feedback.chain_words import mark_of
from autograder.feedback.highlighting import excerpt, highlighted
from autograder.feedback.messages import WRONG_VALUE
from autograder.feedback.pages import student_page
from autograder.feedback.student_page import assignment_view
from autograder.judging.counterexample import Counterexample
from autograder.judging.evidence import Chain, ChainLine, Element, Evidence
from autograder.judging.finding import Finding
from autograder.judging.judgement import SmallestCase
from autograder.judging.levels import Reveal
from autograder.judging.verdicts import Verdict
from autograder.records.record import CheckResult, Result, SourceFile
from tests.feedback.making import check, question, record


def page(result: Result, level: Reveal = Reveal.FULL, applied: tuple[str, ...] = ()) -> str:
    return student_page(result, "course", level, applied)


def test_a_hint_that_all_failed_checks_share_stands_once_and_first() -> None:
    checks = [check(f"c{i}", 0.0, hint="Think of the sign.", brief=WRONG_VALUE) for i in range(4)]
    html = page(record("anna", [question("f", checks)]), Reveal.HINT)
    article = html[html.index("<article") :]
    assert article.count("Think of the sign.") == 1, "once for the function, not for each check"
    assert article.index("Think of the sign.") < article.index("Title of c0"), "before the checks"
    assert WRONG_VALUE not in article, "the verdict says it already"


def test_checks_that_fail_each_in_its_way_say_so_each() -> None:
    checks = [check("a", 0.0, brief="Returns nan (not a number)."), check("b", 0.0, brief="Line 2 breaks.")]
    html = page(record("anna", [question("f", checks)]), Reveal.HINT)
    assert html.count("Line 2 breaks.") == 1, "beside its check"
    article = html[html.index("<article") :]
    assert article.index("Title of b") < article.index("Line 2 breaks."), "below its title"


def test_where_to_begin_is_what_blocks_most_then_what_has_a_hint() -> None:
    questions = [
        question("large", [check("c", 0.0, 9.0, brief="Raises KeyError.")]),
        question("hinted", [check("c", 0.0, 2.0, hint="Sum, not mean.")]),
        question("right", [check("c", 1.0)]),
        question("small", [check("c", 0.0, 1.0, hint="A hint.")]),
    ]
    result = record("anna", questions)
    broken = replace(result.assignments[0], name="a2", problem="a2.py cannot be imported.")
    views = [assignment_view(a) for a in (*result.assignments, broken)]
    told = ["a2.py cannot be imported.", "Sum, not mean.", "A hint.", "Raises KeyError."]
    assert [step.text for step in first_steps(views)] == told, "and no failed function is left out"
    assert [step.name for step in first_steps(views[:1])] == ["hinted", "small", "large"], "hints before mere errors"


def test_what_people_say_is_shown_with_the_points() -> None:
    criteria = [
        check("k1", 1.0, brief="Very clear.", kind="criterion"),
        check("k2", 0.5, brief="Half of it.", kind="criterion"),
        check("k3", 0.0, kind="criterion"),
    ]
    written = question("written_1", criteria, written=True, task="Prove $x$.", comment="Well *done*.")
    html = page(record("anna", [written]), Reveal.VERDICT, ("Late by two days: 10 % less.",))
    for told in (
        "Very clear.",
        "Half of it.",
        "partly right",
        "not given",
        "<em>done</em>",
        "Late by two days",
        "<math",
    ):
        assert told in html, f"{told!r} must be shown"
    assert "wrong value" not in html, "a criterion is no value"


def test_an_unmarked_answer_hides_its_criteria_and_shows_the_answer() -> None:
    written = question("written_1", [check("k", 0.0, verdict=Verdict.UNGRADED, kind="criterion")], written=True)
    result = record("anna", [written])
    sheet = replace(result.assignments[0], answers="## 1. Proof\n\n*Your answer:*\n\nIt is **clear**.")
    html = page(replace(result, assignments=(sheet,)))
    assert "Title of k" not in html, "a criterion says what is right"
    assert "It is <strong>clear</strong>." in html, "the student's own text"


def failing(name: str, arguments: str, got: str = "1.5") -> CheckResult:
    """A check that a counterexample was found of."""
    case = SmallestCase(arguments, got, "1.0", "The error is 0.5.")
    evidence = Evidence(code=f"x = {arguments}\nf(x)", elements=(Element("", float(got), 1.0, False),), count=1)
    example = Counterexample(Finding(Verdict.FAILED, "wrong_value"), case, evidence)
    return check(name, 0.0, brief=WRONG_VALUE, example=example)


def test_a_counterexample_stands_beside_its_check_and_says_what_is_right() -> None:
    html = page(record("anna", [question("f", [failing("a", "2.0"), failing("b", "3.0")])]), Reveal.HINT)
    article = html[html.index("<article") :]
    assert f'<p class="label">{FRESH}</p>' in article, "the first is open"
    assert f"<summary>{FRESH}</summary>" in article, "the second waits for a click"
    assert "x = 2.0\nf(x)" in article and "x = 3.0\nf(x)" in article, "both as code to paste"
    assert "<dd>1.5</dd>" in article and "<dd>1</dd>" in article, "what came back, and what is right"
    assert FRESH not in page(record("anna", [question("f", [failing("a", "2.0")])]), Reveal.VERDICT), "not at verdict"


def test_a_case_that_several_checks_share_stands_once() -> None:
    html = page(record("anna", [question("f", [failing("a", "2.0"), failing("b", "2.0")])]), Reveal.HINT)
    assert html.count("x = 2.0") == 1, "the same case once"
    assert "Fails on the same case as “Title of a”." in html, "and said of the other"


def test_where_no_case_could_be_found_the_page_says_why() -> None:
    none = check("a", 0.0, example=Counterexample(Finding(Verdict.FAILED, "on_none_of_these", {"tried": 31})))
    assert "on none of 31 others that were tried" in page(record("anna", [question("f", [none])]), Reveal.HINT), "why"


def test_a_function_without_a_hint_begins_with_its_case() -> None:
    views = [assignment_view(a) for a in record("anna", [question("f", [failing("a", "x=2.0")])]).assignments]
    assert [step.text for step in first_steps(views)] == ["f(x=2.0) gives 1.5; 1.0 is right."], "in one sentence"


def test_a_derivation_shows_its_lines_once() -> None:
    hidden = Chain((ChainLine("start", None), ChainLine("=", None)), 2, True)
    valued = Chain((ChainLine("start", 1.25), ChainLine("=", 2.5)), 2, True)
    finding = Finding(Verdict.FAILED, "broken_link", {"line": 1, "relation": "="})
    example = Counterexample(finding, SmallestCase("x=1.0", "1.25", "2.5"), Evidence(code="x = 1.0", chain=valued))
    each = check("c", 0.0, kind="derivation", brief="breaks", evidence=Evidence(chain=hidden), example=example)
    html = page(record("anna", [question("f", [each])]), Reveal.HINT)
    assert html.count('<table class="chain">') == 1, "not once more without values"
    assert "2.5" in html, "with the values of the fresh case"


def test_the_line_that_raised_is_marked_in_its_code() -> None:
    source = "import numpy as np\n\ndef f(x):\n    '''Two\n    lines'''\n    return x[99]\n"
    evidence = Evidence("m.py", 6)
    result = record("anna", [question("f", [check("c", 0.0, verdict=Verdict.RAISED, brief="b", evidence=evidence)])])
    result = replace(result, assignments=(replace(result.assignments[0], sources=(SourceFile("m.py", source),)),))
    html = page(result, Reveal.HINT)
    marked = [line for line in html.split("<li") if line.startswith(' class="mark"')]
    assert len(marked) == 2, f"beside the check, and in the whole file: {marked}"
    assert all("x[<i class=n>99</i>]" in line for line in marked), f"line 6: {marked}"
    assert "mark" not in page(result, Reveal.VERDICT).partition("<body>")[2], "the line is told from hint on"


@given(st.text(alphabet="ab\n\r\t #'\"\\()=1\u2028\x0c", max_size=60))
def test_highlighting_keeps_every_line(source: str) -> None:
    plain = source.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    lines = highlighted(source)
    wanted = plain.split("\n") if plain else []
    assert [line.number for line in lines] == list(range(1, len(lines) + 1)), "numbered from 1"
    assert len(lines) == max(len(wanted), len(lines) if not plain else 0), f"{source!r} became {lines}"


def test_an_excerpt_ends_with_the_file() -> None:
    lines = highlighted("a\nb\nc\n")
    assert [line.number for line in excerpt(lines, 1)] == [1, 2, 3], "no line before the first"
    assert [line.number for line in excerpt([], 5)] == [], "nothing of a file that is not there"


@pytest.mark.parametrize(
    ("got", "expected", "shown"),
    [
        (1.0, 2.0, ("1", "2")),
        (0.1234567, 0.1234568, ("0.1234567", "0.1234568")),
        (1.0, 1.0000000000000002, ("1", "1.0000000000000002")),
        ("nan", 0.5, ("nan", "0.5")),
    ],
)
def test_two_numbers_have_as_many_digits_as_tell_them_apart(
    got: float | str, expected: float | str, shown: tuple[str, str]
) -> None:
    assert two_numbers(got, expected) == shown, f"{two_numbers(got, expected)}"


def test_a_relation_that_is_none_is_shown_as_such() -> None:
    lines = (ChainLine("start", 1.0), ChainLine("?", 2.0), ChainLine("<=", None, "raises ValueError"))
    chain = Evidence(chain=Chain(lines, 3, False, (1.0, 4.0)))
    html = page(record("anna", [question("f", [check("c", 0.0, kind="derivation", evidence=chain)])]))
    assert "raises ValueError" in html and "this line" in html, "why there is no value, and where"
    assert "The two sides of the claim are 1 and 4" in html, "what is right, under full"


def test_what_a_link_uses_stands_beside_it() -> None:
    sentences = ("q is a product", "q sums to 1")
    lines = (ChainLine("start"), ChainLine("=", same=True), ChainLine("=", uses=sentences[:1]), ChainLine("="))
    chain = Evidence(chain=Chain((*lines[:3], ChainLine("=", uses=sentences)), 4, True))
    for level in (Reveal.HINT, Reveal.FULL):
        html = page(record("anna", [question("f", [check("c", 0.0, kind="derivation", evidence=chain)])]), level)
        assert "says the same as the line before" in html, f"a line that is no step, at {level}"
        assert "uses that q is a product</td>" in html, f"beside the link that uses it, at {level}"
        assert "✗ too much in one step</span> uses that q is a product, and that q sums to 1" in html, f"at {level}"
        assert "breaks here" not in html, "it holds, where both are so"
    cut = Chain(tuple(lines), 9, True)
    assert [mark_of(cut, number) for number in (1, 9)] == ["", "✗ breaks here"], "of a line that is not kept, too"
