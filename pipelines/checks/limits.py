"""How far a table may lie from the previous night, and how old its newest event may be."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True)
class RowCountLimits:
    """How a table may change from one night to the next, as shares of the previous night's rows.

    A fall or a growth beyond its share warns; a fall beyond `collapse_share` blocks where the table is a history.
    """

    fall_share: float = 0.10
    growth_share: float = 1.00
    collapse_share: float = 0.50


@dataclass(frozen=True)
class Freshness:
    """The newest event of a table may be at most `days` days older than `as_of`."""

    as_of: datetime.date
    days: int = 31

    @property
    def oldest(self) -> datetime.datetime:
        """The earliest moment that the newest event may have."""
        return datetime.datetime.combine(self.as_of, datetime.time.min) - datetime.timedelta(days=self.days)
