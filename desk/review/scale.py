"""From values to places in a picture: a line with round marks."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """A straight line from `low` at `start` to `high` at `end` (units of the picture, which has one decimal)."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The place of a value; values beyond the ends lie at the ends."""
        width = self.high - self.low
        share = 0.5 if width == 0 else (min(max(value, self.low), self.high) - self.low) / width
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self, count: int = 5) -> list[tuple[float, str]]:
        """Places and words of about `count` round values."""
        width = self.high - self.low
        if width <= 0:
            return [(self.at(self.low), f"{self.low:g}")]
        power = 10 ** math.floor(math.log10(width / count))
        step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if width / (power * factor) <= count)
        first = math.ceil(self.low / step)
        last = math.floor(self.high / step)
        return [(self.at(number * step), f"{round(number * step, 10):,g}") for number in range(first, last + 1)]


def over(values: Iterable[float | None], start: float, end: float, *, also: Iterable[float] = ()) -> Scale:
    """A scale that holds all these values, with a little room at both ends."""
    known = [value for value in (*values, *also) if value is not None and math.isfinite(value)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    room = 0.04 * (high - low) or 0.5
    return Scale(low - room, high + room, start, end)
