"""Names of students are safe on disk and on a page, and stay different."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.files.names import LONGEST_FILE_NAME, enumerated, safe_name, shown, visible_name

AWKWARD = st.text(st.sampled_from("aAé%2F/\\.- \x00\u202e\u0301\udce9中CONcon1:~"), max_size=12)


@pytest.mark.parametrize("name", ["anna", "Žofie Nováková", "a.b_c-d@e+f 2", "中村", "1234567_8"])
def test_ordinary_names_stay(name: str) -> None:
    assert safe_name(name) == name, f"{name!r} is safe as it is: {safe_name(name)!r}"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a/b", "a%2Fb"),
        ("50%", "50%25"),
        ("..", "%2E%2E"),
        (".git", "%2Egit"),
        ("-rf", "%2Drf"),
        ("a.", "a%2E"),
        ("a ", "a%20"),
        ("", "%"),
        ("con", "%63on"),
        ("Com1.txt", "%43om1.txt"),
        ("LPT9 .x", "%4CPT9 .x"),
        ("console", "console"),
        ("a\u202eb", "a%E2%80%AEb"),
        ("a\udce9", "a%ED%B3%A9"),
        ("Zoe\u0308", "Zoe%CC%88"),
        ("\u212bsa", "%E2%84%ABsa"),
        ("a:b*c?", "a%3Ab%2Ac%3F"),
    ],
)
def test_awkward_names_are_encoded(name: str, safe: str) -> None:
    assert safe_name(name) == safe, f"{name!r} should become {safe!r}: {safe_name(name)!r}"


@given(AWKWARD | st.text(), AWKWARD | st.text())
def test_different_names_stay_different(one: str, other: str) -> None:
    for function in (safe_name, visible_name):
        same = function(one) == function(other)
        assert same == (one == other), f"{function.__name__} must keep {one!r} and {other!r} apart"
    spelled = [unicodedata.normalize("NFC", safe_name(name)) for name in (one, other)]
    assert (spelled[0] == spelled[1]) == (one == other), f"{one!r} and {other!r} meet where spellings are folded"


@given(AWKWARD | st.text(max_size=300), st.integers(1, 30))
def test_every_safe_name_is_short_and_harmless(name: str, times: int) -> None:
    safe = safe_name(name * times)
    assert 0 < len(safe.encode()) <= LONGEST_FILE_NAME, f"{len(safe.encode())} bytes are too long"
    assert not set(safe) & set('/\\:*?"<>|\x00\n'), f"{safe!r} has what a file system refuses"
    assert safe[0] not in ".-" and safe[-1] not in ". ", f"{safe!r} begins or ends badly"


def test_long_names_that_begin_alike_stay_different() -> None:
    one, other = safe_name("é" * 500 + "1"), safe_name("é" * 500 + "2")
    assert one != other, "the hash must tell them apart"
    assert safe_name(one) != one, "no student can be named so that it meets a cut name"


def test_visible_shows_what_hides() -> None:
    shows = visible_name("a\u202eb\x07\n\udce9 é\\")
    assert shows == "a\\u202eb\\x07\\n\\udce9 é\\\\", f"each must be seen: {shows}"
    assert shows.isprintable(), "all of it prints"


def test_long_lists_and_long_paths_are_cut_and_say_so() -> None:
    assert enumerated(["a"]) == "a", "one name alone"
    assert enumerated(["a", "b"]) == "a and b", "two names"
    assert enumerated(list("abcdefgh")) == "a, b, c, d, e and 3 more", "the rest is counted"
    assert len(shown("x" * 5000)) < 250, "a long path does not fill the page"
