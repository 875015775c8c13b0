"""The picture of the register: a bar for each of the eight stages, as long as open matters rest there, the late ones dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LEFT, ACROSS, RIGHT, STEP, TALL = 150, 420, 60, 24, 16


@dataclass(frozen=True)
class Bar:
    """One stage: its words, its counts, and how far the bar and its late part reach."""

    label: Any
    y: int
    open_count: int
    late_count: int
    width: float
    late_width: float

    @property
    def end(self) -> float:
        """Where the number beside the bar stands."""
        return round(LEFT + self.width + 6, 1)


@dataclass(frozen=True)
class Stages:
    """The bars, in the order of the stages; lengths in the units of the viewBox."""

    bars: tuple[Bar, ...]
    open_count: int
    width: int = LEFT + ACROSS + RIGHT
    left: int = LEFT
    tall: int = TALL

    @property
    def height(self) -> int:
        """Height of the picture."""
        return STEP * len(self.bars) + 4


def drawn(rows: Sequence[Mapping[str, Any]], words: Mapping[str, Any]) -> Stages:
    """The picture of unlicensed.by_stage; words : what each stage is called."""
    most = max((row["open_count"] for row in rows), default=0) or 1
    bars = tuple(
        Bar(
            words[row["stage"]],
            STEP * number + 4,
            row["open_count"],
            row["late_count"],
            round(ACROSS * row["open_count"] / most, 1),
            round(ACROSS * row["late_count"] / most, 1),
        )
        for number, row in enumerate(rows)
    )
    return Stages(bars, sum(bar.open_count for bar in bars))
