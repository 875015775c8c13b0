"""The picture of the plan: a column for each quarter, in which lines lead from the units that officers leave to those they go
to. Every unit keeps its line of text across all quarters, so that the eye follows it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from desk.management.move import Move

WIDTH, LABEL, TOP, FOOT, ROW = 960, 190, 34, 12, 18
GAP = 26
"""Between the columns of two quarters: there stand the points of either side."""
LONGEST = 13
"""Characters of a unit's name beside the picture; the table has the whole of it."""


@dataclass(frozen=True)
class Line:
    """Officers who go from one unit to another in a quarter: a curve, or a point where they stay in the unit."""

    path: str
    width: float
    is_inside: bool
    x: float
    y: float
    css: str


@dataclass(frozen=True)
class Row:
    """One line of the table: the same as a line of the picture."""

    quarter: date
    from_unit: str
    to_unit: str
    count: int


@dataclass(frozen=True)
class Flow:
    """The picture; lengths in the units of the viewBox. columns : left, right, middle and first day of each quarter."""

    units: tuple[tuple[str, float], ...]
    columns: tuple[tuple[float, float, float, date], ...]
    lines: tuple[Line, ...]
    rows: tuple[Row, ...]
    height: float
    width: int = WIDTH
    label_x: int = LABEL - 10
    far_x: int = WIDTH - LABEL + 10
    top: int = TOP

    @property
    def floor(self) -> float:
        """Where the columns end."""
        return self.height - FOOT


def drawn(moves: Sequence[Move], names: Mapping[str, str]) -> Flow | None:
    """The picture of the moves that the night proposes; None where there is none."""
    counted: Counter[tuple[date, str, str, bool]] = Counter()
    for move in moves:
        if move.is_planned:
            ends = (move.row["from_institution_id"], move.row["to_institution_id"])
            counted[(move.row["move_on"], *ends, move.row["role"] == "due")] += 1
    if not counted:
        return None
    days = sorted({day for day, *_ends in counted})
    units = sorted({unit for _day, begin, end, _is_due in counted for unit in (begin, end)})
    height = {unit: TOP + ROW * number + ROW / 2 for number, unit in enumerate(units)}
    across = (WIDTH - 2 * LABEL - GAP * (len(days) - 1)) / len(days)
    left = {day: round(LABEL + number * (across + GAP), 1) for number, day in enumerate(days)}
    lines = [
        _line(left[day], round(left[day] + across, 1), height[begin], height[end], count, is_due=is_due)
        for (day, begin, end, is_due), count in sorted(counted.items())
    ]
    told: Counter[tuple[date, str, str]] = Counter()
    for (day, begin, end, _is_due), count in counted.items():
        told[(day, begin, end)] += count
    return Flow(
        units=tuple((_short(names.get(unit, unit)), height[unit]) for unit in units),
        columns=tuple((left[day], round(left[day] + across, 1), round(left[day] + across / 2, 1), day) for day in days),
        lines=tuple(lines),
        rows=tuple(
            Row(day, names.get(begin, begin), names.get(end, end), count)
            for (day, begin, end), count in sorted(told.items())
        ),
        height=TOP + ROW * len(units) + FOOT,
    )


def _line(left: float, right: float, begin: float, end: float, count: int, *, is_due: bool) -> Line:
    half = round((left + right) / 2, 1)
    return Line(
        path=f"M{left},{begin} C{half},{begin} {half},{end} {right},{end}",
        width=min(6.0, 1.25 + 0.75 * count),
        is_inside=begin == end,
        x=half,
        y=begin,
        css="flow-due" if is_due else "flow-other",
    )


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"
