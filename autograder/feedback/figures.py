"""Small pictures as inline SVG: plain shapes with classes, so that the page's style colours them in light and dark.

They are written by hand since a page has many and must stay small: one of them takes 0.2 ms and 3 kB, where matplotlib
takes 78 ms and 22 kB. What is told by colour is told by shape too: given values are filled, right ones outlined.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from autograder.judging.evidence import Element, Number
from autograder.records.record import CurveResult

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 64, 12, 14, 40


@dataclass(frozen=True, slots=True)
class Axis:
    """Maps numbers from `low` to `high` to pixels from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """The pixel of a value."""
        low, high = (math.log(self.low), math.log(self.high)) if self.log else (self.low, self.high)
        place = math.log(value) if self.log else value
        return self.start + (place / (high - low) - low / (high - low)) * (self.end - self.start)


def finite(values: Sequence[Number | None]) -> list[float]:
    """The numbers among values that may be drawn; what is so large that its square overflows is not."""
    return [float(v) for v in values if isinstance(v, int | float) and abs(v) < 1e150]


def ticks(low: float, high: float, most: int = 4) -> list[float]:
    """Round numbers from `low` to `high`: at most about `most` of them."""
    span = high - low
    # So small a span has no round numbers in it that floating point tells apart.
    if not span > 1e-300:
        return [low]
    raw = span / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next((power * by for by in (1, 2, 2.5, 5, 10) if power * by >= raw * (1 - 1e-9)), 10 * power)
    first = math.ceil(low / step - 1e-9)
    return [
        round(i * step, 12) if abs(step) > 1e-9 else i * step for i in range(first, math.floor(high / step + 1e-9) + 1)
    ]


def log_ticks(low: float, high: float) -> list[float]:
    """Powers of ten from `low` to `high`; the ends where there are fewer than two."""
    powers = [10.0**e for e in range(math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9) + 1)]
    return powers if len(powers) >= 2 else [low, high]


def _padded(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    if low == high:
        low, high = low - (abs(low) or 1.0) / 2, high + (abs(high) or 1.0) / 2
    pad = 0.06 * (high - low)
    return low - pad, high + pad


def _n(value: float) -> str:
    """A pixel, as short as it may be."""
    return f"{value:.1f}".removesuffix(".0")


def _svg(label: str, parts: Sequence[str], height: int = HEIGHT) -> Markup:
    inner = "".join(parts)
    return Markup(  # noqa: S704  every text in it was escaped
        f'<svg role="img" aria-label="{escape(label)}" viewBox="0 0 {WIDTH} {height}" class="plot">{inner}</svg>'
    )


def _rows(axis: Axis, values: Sequence[float]) -> list[str]:
    """Grid lines with their numbers at the left."""
    found = []
    for value in values:
        y = _n(axis.at(value))
        found.append(
            f'<path class="grid" d="M{LEFT} {y}H{WIDTH - RIGHT}"/>'
            f'<text x="{LEFT - 8}" y="{y}" class="end">{escape(f"{value:.4g}")}</text>'
        )
    return found


def bars(elements: Sequence[Element], label: str) -> Markup | None:
    """Given numbers (filled) beside right ones (outlined), component by component; None where nothing can be drawn."""
    drawn = finite([e.got for e in elements]) + finite([e.expected for e in elements])
    if len(elements) < 2 or not drawn:
        return None
    low, high = _padded([0.0, *drawn])
    axis = Axis(low, high, HEIGHT - BOTTOM, TOP)
    zero, step = axis.at(0.0), (WIDTH - LEFT - RIGHT) / len(elements)
    width = min(26.0, 0.36 * step)
    shapes = _rows(axis, ticks(low, high))
    every = max(1, math.ceil(len(elements) / 10))
    for i, element in enumerate(elements):
        middle = LEFT + (i + 0.5) * step
        for kind, value, x in (("given", element.got, middle - width - 0.5), ("right", element.expected, middle + 0.5)):
            if finite([value]):
                y = axis.at(float(value))  # type: ignore[arg-type]
                top, tall = min(y, zero), max(abs(y - zero), 1.0)
                shapes.append(
                    f'<rect class="{kind}" x="{_n(x)}" y="{_n(top)}" width="{_n(width)}" height="{_n(tall)}"/>'
                )
            elif kind == "given":
                shapes.append(f'<text class="mid wrong" x="{_n(x)}" y="{_n(zero - 6)}">{escape(str(value))}</text>')
        if not element.right:
            shapes.append(f'<text class="mid wrong" x="{_n(middle)}" y="{HEIGHT - BOTTOM + 14}">✗</text>')
        if i % every == 0:
            shapes.append(f'<text class="mid" x="{_n(middle)}" y="{HEIGHT - 8}">{escape(element.place)}</text>')
    shapes.append(f'<path class="axis" d="M{LEFT} {_n(zero)}H{WIDTH - RIGHT}"/>')
    return _svg(label, shapes)


def _path(xs: Sequence[float], ys: Sequence[Number | None], across: Axis, up: Axis) -> str:
    """A line through the points that can be drawn, with a gap where one cannot."""
    pieces, pen = [], "M"
    for x, y in zip(xs, ys, strict=False):
        if not finite([y]):
            pen = "M"
            continue
        pieces.append(f"{pen}{_n(across.at(x))} {_n(up.at(float(y)))}")  # type: ignore[arg-type]
        pen = "L"
    return "".join(pieces)


def curve(result: CurveResult, label: str) -> Markup | None:
    """A student's curve (solid, with points), and the right one (dashed) if it may be seen; None if nothing is."""
    values = finite(result.got) + finite(result.expected)
    if len(result.over) < 2 or not finite(result.got):
        return None
    low, high = _padded(values)
    across = Axis(min(result.over), max(result.over), LEFT, WIDTH - RIGHT, result.log)
    up = Axis(low, high, HEIGHT - BOTTOM, TOP)
    shapes = _rows(up, ticks(low, high))
    marks = log_ticks(across.low, across.high) if result.log else ticks(across.low, across.high, 6)
    for value in marks:
        x = _n(across.at(value))
        shapes.append(
            f'<path class="grid" d="M{x} {TOP}V{HEIGHT - BOTTOM}"/>'
            f'<text class="mid" x="{x}" y="{HEIGHT - BOTTOM + 16}">{escape(f"{value:.4g}")}</text>'
        )
    shapes.append(
        f'<text class="mid" x="{(LEFT + WIDTH - RIGHT) / 2:g}" y="{HEIGHT - 6}">{escape(result.label)}</text>'
    )
    if result.expected:
        shapes.append(f'<path class="rightline" d="{_path(result.over, result.expected, across, up)}"/>')
    shapes.append(f'<path class="givenline" d="{_path(result.over, result.got, across, up)}"/>')
    shapes += [
        f'<circle class="dot" cx="{_n(across.at(x))}" cy="{_n(up.at(float(y)))}" r="2.4"/>'  # type: ignore[arg-type]
        for x, y in zip(result.over, result.got, strict=False)
        if finite([y])
    ]
    return _svg(label, shapes)


def histogram(scores: Sequence[float], most: float, bins: int = 20) -> Markup | None:
    """How many students reached how many points."""
    if not scores or not most > 0:
        return None
    counts = [0] * bins
    for score in scores:
        counts[min(bins - 1, max(0, int(bins * score / most)))] += 1
    height = 200
    up = Axis(0.0, max(counts) * 1.12, height - BOTTOM, TOP)
    across = Axis(0.0, most, LEFT, WIDTH - RIGHT)
    shapes = _rows(up, [t for t in ticks(0.0, up.high) if t == int(t)])
    wide = (WIDTH - RIGHT - LEFT) / bins
    for i, count in enumerate(counts):
        if count:
            x, y = LEFT + i * wide, up.at(count)
            shapes.append(
                f'<rect class="given" x="{_n(x + 1)}" y="{_n(y)}" width="{_n(wide - 2)}" '
                f'height="{_n(height - BOTTOM - y)}"/>'
                f'<text class="mid" x="{_n(x + wide / 2)}" y="{_n(y - 7)}">{count}</text>'
            )
    for value in ticks(0.0, most, 6):
        shapes.append(f'<text class="mid" x="{_n(across.at(value))}" y="{height - BOTTOM + 16}">{value:g}</text>')
    shapes.append(f'<text class="mid" x="{(LEFT + WIDTH - RIGHT) / 2:g}" y="{height - 6}">points</text>')
    shapes.append(f'<path class="axis" d="M{LEFT} {height - BOTTOM}H{WIDTH - RIGHT}"/>')
    mean = sum(scores) / len(scores)
    told = (
        f"Histogram of {len(scores)} scores from {min(scores):g} to {max(scores):g} of {most:g} points, mean {mean:.1f}"
    )
    return _svg(told, shapes, height)


def meter(share: float) -> Markup:
    """A thin bar, filled to a share from 0 to 1; the number beside it says the same."""
    filled = _n(100 * min(1.0, max(0.0, share)))
    return Markup(  # noqa: S704  numbers only
        f'<svg class="meter" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="track" width="100" height="6"/><rect class="fill" width="{filled}" height="6"/></svg>'
    )
