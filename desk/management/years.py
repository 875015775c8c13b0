"""The picture of one rotation clock: how many officers have been there for how many years, against the limits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desk.management.words import CLOCKS, STATUSES

WIDTH, HEIGHT, LEFT, RIGHT, TOP, FOOT = 440, 150, 28, 10, 26, 24
STEP = 0.5
"""Years a bar stands for: half a year is as fine as a yearly plan of moves can use."""

WHOLE = 1.0
"""Years a bar stands for where names are hidden: a finer figure is looked up in a list of staff."""


@dataclass(frozen=True)
class Bar:
    """Officers of one status within one step, stacked upon those of the status before."""

    x: float
    y: float
    width: float
    height: float
    status: str
    count: int


@dataclass(frozen=True)
class Mark:
    """A place on the axis of years, with what is written there."""

    x: float
    label: str
    years: float


@dataclass(frozen=True)
class Years:
    """One clock drawn: all lengths in the units of its viewBox. `rows` are the same numbers as a table."""

    clock: str
    label: str
    bars: tuple[Bar, ...]
    limits: tuple[Mark, ...]
    ticks: tuple[Mark, ...]
    most: int
    officer_count: int
    step: float
    rows: tuple[dict[str, Any], ...]
    legend: tuple[dict[str, Any], ...] = tuple({"status": status, "label": label} for status, label in STATUSES.items())
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    floor: int = HEIGHT - FOOT


def drawn(clock: str, rows: list[dict[str, Any]], limits: Mapping[str, float], step: float = STEP) -> Years:
    """The picture of the clock, in bars of `step` years.

    rows : of rotation_plan, of this clock. limits : years from which it is watched, due and overdue; the axis begins a
    year before the first of them, since nobody below it is in the plan.
    """
    first = max(0.0, math.floor(min([*limits.values(), *(row["years"] for row in rows)])) - 1)
    last = math.ceil(max([*limits.values(), *(row["years"] for row in rows)]) + step)
    counted: dict[float, dict[str, int]] = {}
    for row in rows:
        begins = math.floor(row["years"] / step) * step
        of_status = counted.setdefault(begins, dict.fromkeys(STATUSES, 0))
        of_status[row["status"]] += 1
    most = max((sum(of_status.values()) for of_status in counted.values()), default=0)

    def place(years: float) -> float:
        return round(LEFT + (years - first) / (last - first) * (WIDTH - LEFT - RIGHT), 1)

    bars = []
    for begins, of_status in sorted(counted.items()):
        below = 0
        for status, count in of_status.items():
            if count:
                high = (HEIGHT - FOOT - TOP) / most
                top = round(HEIGHT - FOOT - (below + count) * high, 1)
                wide = round(place(begins + step) - place(begins) - 1, 1)
                bars.append(Bar(place(begins), top, wide, round(count * high, 1), status, count))
                below += count
    apart = max(1, math.ceil((last - first) / 12))
    return Years(
        clock=clock,
        label=CLOCKS[clock],
        bars=tuple(bars),
        limits=tuple(Mark(place(years), STATUSES[status], years) for status, years in limits.items()),
        ticks=tuple(Mark(place(years), "", years) for years in range(int(first), int(last) + 1, apart)),
        most=most,
        officer_count=len({row["officer_id"] for row in rows}),
        step=step,
        rows=tuple(
            {"from": begins, "to": begins + step, "cells": [of_status[status] for status in STATUSES]}
            for begins, of_status in sorted(counted.items())
        ),
    )
