"""Markdown with `$formulas$` to HTML with MathML, safe whoever wrote it: what comes out passed an allow-list."""

import html
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from urllib.parse import unquote

import nh3
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.dollarmath import dollarmath_plugin

from autograder.files.visible import visible

# A longer formula stands as its source: nobody reads it either way, and converting takes its time.
MOST_FORMULA = 2000

# Of the name of a picture so many characters are told.
MOST_NAME = 120

MATH_TAGS = frozenset(
    "math mrow mi mo mn mtext mspace ms mfrac msqrt mroot mstyle mpadded mphantom msub msup msubsup munder mover "
    "munderover mmultiscripts mtable mtr mtd".split()
)
TEXT_TAGS = frozenset(
    "p br hr em strong s code pre blockquote ul ol li h1 h2 h3 h4 h5 h6 table thead tbody tr th td a span".split()
)
_MATH_ATTRIBUTES = {
    "math": {"display"},
    "mo": {
        "stretchy",
        "fence",
        "separator",
        "lspace",
        "rspace",
        "form",
        "minsize",
        "maxsize",
        "largeop",
        "movablelimits",
    },
    "mi": {"mathvariant"},
    "mspace": {"width"},
    "mfrac": {"linethickness"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "mtd": {"columnalign"},
    "mtable": {"columnalign", "rowspacing", "columnspacing"},
    "mover": {"accent"},
    "munder": {"accentunder"},
}


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(MATH_TAGS | TEXT_TAGS),
        clean_content_tags={"script", "style"},
        attributes={**_MATH_ATTRIBUTES, "a": {"href"}, "ol": {"start"}, "span": {"class"}, "code": {"class"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )


@lru_cache(maxsize=4096)
def mathml(formula: str, block: bool = False) -> str:
    """A formula in TeX as clean MathML; its source where it cannot be read."""
    source = f'<code class="tex">{html.escape(formula)}</code>'
    if len(formula) > MOST_FORMULA:
        return source
    try:
        found = convert(re.sub(r"\\tag\{([^{}]*)\}", r"\\qquad (\1)", formula), display="block" if block else "inline")
    except Exception:
        # The converter raises what happens to fail; a student's formula may be anything.
        return source
    # The converter does not escape texts: cleaned by itself, a formula cannot swallow what stands after it.
    return _cleaner().clean(found)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": 20}).enable("table")
    dollarmath_plugin(parser, allow_labels=False, allow_digits=True, double_inline=True)

    def inline(tokens: Sequence[Token], index: int, *_: object) -> str:
        return mathml(tokens[index].content)

    def block(tokens: Sequence[Token], index: int, *_: object) -> str:
        return f"<p>{mathml(tokens[index].content, block=True)}</p>"

    def picture(tokens: Sequence[Token], index: int, *_: object) -> str:
        # None is fetched or shown here; a link in its place would lead nowhere.
        token = tokens[index]
        target = str(token.attrs.get("src", "")).removeprefix("attachment:")
        name = token.content if target.startswith("data:") else visible(unquote(target)) or token.content
        return f"<em>[picture: {html.escape(name[:MOST_NAME])}]</em>"

    parser.renderer.rules |= {  # type: ignore[attr-defined]
        "image": picture,
        "math_inline": inline,
        "math_inline_double": block,
        "math_block": block,
        "math_block_label": block,
    }
    return parser


def markdown(text: str) -> Markup:
    """Markdown as clean HTML: text, tables, links to http, formulas; no image, no script, no style."""
    text = visible(text)
    try:
        rendered = _parser().render(text)
    except Exception:
        # Whatever a student found that the parser cannot read, a person can.
        rendered = f"<pre>{html.escape(text)}</pre>"
    return Markup(_cleaner().clean(rendered))  # noqa: S704  cleaned by an allow-list


def cleaned(text: str) -> Markup:
    """HTML that others made, by the same allow-list."""
    return Markup(_cleaner().clean(text))  # noqa: S704  cleaned by an allow-list


@lru_cache(maxsize=1024)
def inline(text: str) -> Markup:
    """One line of the staff's Markdown as clean HTML, without a paragraph around it."""
    return Markup(_cleaner().clean(_parser().renderInline(visible(text))))  # noqa: S704  cleaned by an allow-list
