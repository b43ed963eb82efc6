"""Markdown for comments: inert, bounded, and the same words as the page."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from autograder.feedback.comment import code_block, comment, escaped
from autograder.judging.levels import Reveal
from autograder.records.reveal import revealed
from tests.feedback.making import check, question, record

GITHUB = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
ANY_TEXT = st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), max_size=60)


class Texts(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@given(ANY_TEXT)
def test_an_escaped_text_shows_itself_and_does_nothing(text: str) -> None:
    html = GITHUB.render(f"x {escaped(text)} y")
    found = Texts(html)
    assert set(found.tags) <= {"p"}, f"{text!r} became {html}"
    assert " ".join(found.text.split()) == " ".join(f"x {text} y".split()), f"{text!r} became {found.text!r}"


def test_nobody_is_mentioned_and_nothing_is_linked() -> None:
    assert "@someone" not in escaped("@someone"), "a mention would write to a person"
    # The platforms make a link of these wherever they stand in the source.
    text = escaped("see https://x.example and www.x.example")
    assert "://" not in text and "www." not in text, f"no link: {text}"


@given(ANY_TEXT)
def test_a_block_of_code_cannot_be_left(text: str) -> None:
    html = GITHUB.render(code_block(text))
    assert set(Texts(html).tags) <= {"pre", "code"}, f"{text!r} left its block: {html}"


def test_a_comment_is_bounded_and_says_what_it_left_out() -> None:
    questions = [question(f"f{i}", [check("c", 0.0, brief="wrong " * 50)]) for i in range(500)]
    text = comment(revealed(record("anna", questions), Reveal.FULL), "course", most=20_000)
    assert len(text) <= 20_000, f"{len(text)} characters"
    assert "more parts did not fit here" in text, "what is missing is counted"
    assert "## The first" in text, "what fits is there"


def test_a_hostile_student_writes_no_markup() -> None:
    hostile = "</details><img src=x> [a](http://x) `x` **b** @all"
    questions = [question("f", [check("c", 0.0, brief=hostile, hint=hostile)])]
    text = comment(revealed(record(hostile, questions, notes=(hostile,)), Reveal.FULL), hostile)
    found = Texts(GITHUB.render(text))
    assert not {"img", "a", "details"} & set(found.tags), f"{found.tags}"
    assert hostile.split()[1] in found.text, "it is shown, as text"
