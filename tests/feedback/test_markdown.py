"""Markdown and formulas of students: useful where they are honest, inert where they are not."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.feedback.markdown import MATH_TAGS, MOST_FORMULA, TEXT_TAGS, inline, markdown


class Collector(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def parsed(html: str) -> Collector:
    collector = Collector()
    collector.feed(html)
    return collector


def assert_inert(html: str) -> None:
    found = parsed(html)
    stray = set(found.tags) - MATH_TAGS - TEXT_TAGS
    assert not stray, f"{stray} must not come through: {html}"
    for name, value in found.attributes:
        assert not name.startswith("on"), f"no handler: {name}={value}"
        assert name not in ("style", "src", "srcset", "formaction", "xlink:href"), f"no {name}={value}"
        if name == "href":
            assert value.split(":")[0] in ("http", "https", "mailto"), f"no link to {value}"


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](http://tracker.example/x.png)",
    "[x](javascript:alert(1)) [y](data:text/html,<script>alert(1)</script>)",
    r"$\text{<img src=x onerror=alert(1)>}$",
    r"$\text{</math><script>alert(1)</script>}$ after",
    r"$\href{javascript:alert(1)}{x}$",
    r"$\color{red;background:url(http://x)}{x}$",
    r"$\style{background:url(http://x)}{x}$ $\class{a}{x}$",
    "<svg><animate onbegin=alert(1)></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "`<script>` ```\n<script>",
    "<style>*{background:url(http://x)}</style>",
    '<a href="x" onclick="alert(1)">x</a>',
    "[x]: javascript:alert(1)\n[x]",
    "<http://x onmouseover=alert(1)>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markdown_is_inert(text: str) -> None:
    assert_inert(markdown(text))
    assert_inert(inline(text))


@given(st.text(alphabet="ab$\\{}<>&\"'[]()!`*_#|-=:/ \n\u202e", max_size=80))
def test_whatever_comes_is_inert_and_never_fails(text: str) -> None:
    html = markdown(text)
    assert_inert(html)
    assert "\u202e" not in html, "what reorders text stands as an escape"


def test_honest_markdown_reads_as_meant() -> None:
    html = markdown(
        "**Bound.** $\\frac{1}{T} \\sum_p d_p$ and\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[source](https://x.example)"
    )
    found = parsed(html)
    for tag in ("strong", "math", "mfrac", "table", "a"):
        assert tag in found.tags, f"<{tag}> is wanted: {html}"
    assert 'rel="noopener noreferrer nofollow"' in html, "a link tells the other side nothing"


def test_a_formula_that_cannot_be_read_is_shown_as_its_source() -> None:
    assert '<code class="tex">' in markdown("$" + "{" * 40 + "$"), "the source helps more than nothing"
    long = "x" * (MOST_FORMULA + 1)
    assert long in markdown(f"${long}$"), "a very long one is not converted"


def test_one_formula_cannot_swallow_the_next() -> None:
    html = markdown(r"$\text{<b>}$ then $y$")
    assert html.count("<math") == 2, f"both stand: {html}"
    assert "</math> then" in html, f"the text between is outside: {html}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("![my proof](attachment:my%20proof.png)", "[picture: my proof.png]"),
        ("![](attachment:image.png)", "[picture: image.png]"),
        ("![a proof]()", "[picture: a proof]"),
        ("![a plot](data:image/png;base64,AAAA)", "[picture: a plot]"),
        ("![x](%3Cscript%3E.png)", "[picture: &lt;script&gt;.png]"),
        (f"![x]({'a' * 500}.png)", f"[picture: {'a' * 120}]"),
    ],
)
def test_a_picture_is_named_and_no_link_to_nowhere(text: str, told: str) -> None:
    made = markdown(text)
    assert told in made and "<a" not in made and "<img" not in made, f"{text}: {made}"
    assert "\u202e" not in markdown("![x](%E2%80%AEgnp.exe)"), "what turns text around is made visible there, too"
