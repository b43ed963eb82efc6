"""Pictures: well-formed whatever the numbers, and told by shape as well as colour."""

import math
import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from autograder.feedback import figures
from autograder.judging.evidence import Element, Number
from autograder.records.record import CurveResult

ANY = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["nan", "inf", "-inf"]))


def coordinates(svg: str) -> list[float]:
    names = ("x", "y", "width", "height", "cx", "cy")
    return [float(node.attrib[name]) for node in ET.fromstring(svg).iter() for name in names if name in node.attrib]


def assert_drawable(svg: str | None) -> None:
    if svg is None:
        return
    for value in coordinates(svg):
        assert math.isfinite(value), f"a browser cannot draw {value}"
        assert -10 <= value <= figures.WIDTH + 10, f"{value} lies outside the picture"


@given(st.lists(st.tuples(ANY, ANY, st.booleans()), min_size=1, max_size=40))
def test_bars_can_be_drawn_whatever_the_numbers(values: list[tuple[Number, Number, bool]]) -> None:
    assert_drawable(figures.bars([Element(f"x[{i}]", *v) for i, v in enumerate(values)], "label"))


@given(st.lists(st.tuples(st.one_of(ANY, st.none()), ANY), min_size=2, max_size=30), st.booleans(), st.booleans())
def test_curves_can_be_drawn_whatever_the_numbers(
    values: list[tuple[Number | None, Number]], log: bool, shows: bool
) -> None:
    over = tuple(10.0 ** (i / 10 - 1) for i in range(len(values)))
    got, expected = tuple(v[0] for v in values), tuple(v[1] for v in values) if shows else ()
    assert_drawable(figures.curve(CurveResult("title", "tau", log, over, got, expected), "label"))


@given(st.lists(st.floats(0, 100), max_size=50))
def test_every_student_is_in_the_histogram(scores: list[float]) -> None:
    svg = figures.histogram(scores, 100.0)
    assert (svg is None) == (not scores), "a picture where there is something to see"
    if svg:
        assert_drawable(svg)
        labels = [node for node in ET.fromstring(svg).iter("text") if node.get("class") == "mid"]
        # Those below the axis are the numbers of points.
        counted = [int(node.text or "") for node in labels if float(node.get("y", "0")) < 160]
        assert sum(counted) == len(scores), f"{sum(counted)} of {len(scores)} students"


def test_given_and_right_differ_in_shape_too() -> None:
    svg = figures.bars([Element("a", 1.0, 2.0, False), Element("b", 1.0, 1.0, True)], "label")
    assert svg is not None
    kinds = [node.get("class") for node in ET.fromstring(svg).iter("rect")]
    assert kinds.count("given") == kinds.count("right") == 2, f"one of each for every number: {kinds}"
    assert svg.count("✗") == 1, "the wrong one is marked by a sign"
    assert 'role="img"' in svg and 'aria-label="label"' in svg, "and the picture has a name"


def test_what_a_label_holds_is_text() -> None:
    hostile = '"><script>alert(1)</script>'
    for svg in (
        figures.bars([Element(hostile, 1.0, 2.0, False)] * 2, hostile),
        figures.curve(CurveResult(hostile, hostile, False, (0.0, 1.0), (1.0, 2.0), ()), hostile),
    ):
        assert svg is not None
        assert "<script" not in svg, f"{svg}"
        ET.fromstring(svg)


def test_ticks_are_round_and_few() -> None:
    assert figures.ticks(0.0, 1.0) == [0.0, 0.25, 0.5, 0.75, 1.0], f"{figures.ticks(0.0, 1.0)}"
    assert figures.ticks(-3e-7, 2e-7) == [-2e-7, 0.0, 2e-7], f"{figures.ticks(-3e-7, 2e-7)}"
    assert figures.log_ticks(0.01, 3.0) == [0.01, 0.1, 1.0], f"{figures.log_ticks(0.01, 3.0)}"
