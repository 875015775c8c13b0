"""A small picture of one figure over quarters: a line with gaps where nothing is told, and the median beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from desk.management.aggregate import Measure

WIDTH, HEIGHT, LEFT, RIGHT, TOP, FOOT = 300, 130, 8, 8, 24, 20


@dataclass(frozen=True)
class Point:
    """One quarter: where it lies (y empty where nothing is told), and its figures."""

    quarter: date
    x: float
    y: float | None
    value: float | None
    median: float | None


@dataclass(frozen=True)
class Line:
    """One measure drawn: paths of the unit (`own`) and of the median (`beside`), one per run of quarters without a gap."""

    measure: Measure
    points: tuple[Point, ...]
    own: tuple[str, ...]
    beside: tuple[str, ...]
    highest: float | None
    last: Point | None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = HEIGHT - FOOT


def drawn(
    measure: Measure, quarters: Sequence[date], values: Sequence[float | None], medians: Sequence[float | None]
) -> Line:
    """The picture of one measure; the axis begins at 0, so that a small change looks small.

    quarters : in the order of time; values, medians : beside them, None where nothing is told.
    """
    told = [float(value) for value in [*values, *medians] if value is not None]
    highest = max(told, default=None)
    across = (WIDTH - LEFT - RIGHT) / max(1, len(quarters) - 1)

    def level(value: float | None) -> float | None:
        if value is None:
            return None
        return round(HEIGHT - FOOT - float(value) / (highest or 1) * (HEIGHT - FOOT - TOP), 1)

    xs = [round(LEFT + number * across, 1) for number in range(len(quarters))]
    points = tuple(
        Point(quarter, x, level(value), value, median)
        for quarter, x, value, median in zip(quarters, xs, values, medians, strict=True)
    )
    return Line(
        measure=measure,
        points=points,
        own=_paths(xs, [level(value) for value in values]),
        beside=_paths(xs, [level(median) for median in medians]),
        highest=highest,
        last=next((point for point in reversed(points) if point.value is not None), None),
    )


def _paths(xs: Sequence[float], ys: Sequence[float | None]) -> tuple[str, ...]:
    """Points of each run without a gap, as an SVG polyline names them; a lone quarter is no line."""
    runs: list[list[str]] = [[]]
    for x, y in zip(xs, ys, strict=True):
        if y is None:
            runs.append([])
        else:
            runs[-1].append(f"{x},{y}")
    return tuple(" ".join(run) for run in runs if len(run) > 1)
