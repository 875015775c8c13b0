"""How many persons a figure about a unit must rest on before management reads it, and which quarters are told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from pydantic import Field

from models.policy.dated import Dated

MONTHS = 3


def _first_of_quarter(day: date, back: int) -> date:
    """The first day of the quarter that lies `back` quarters before that of the day."""
    number = day.year * 12 + day.month - 1
    year, month = divmod(number - number % MONTHS - MONTHS * back, 12)
    return date(year, month + 1, 1)


class AggregatePolicy(Dated):
    """A figure that rests on fewer than min_officers is a person's, a share of fewer than min_denominator is chance.

    Neither may be set lower than the desk's rule (n >= 5). quarter_count : complete quarters that are told.
    """

    min_officers: int = Field(ge=5)
    min_denominator: int = Field(ge=10)
    quarter_count: int = Field(ge=1)

    def quarters(self, as_of: date) -> list[dict[str, Any]]:
        """The complete quarters up to the night and its own, latest first, as rows for SQL: first day, last day, is_complete."""
        rows = []
        for back in range(self.quarter_count + 1):
            end_on = _first_of_quarter(as_of, back - 1) - timedelta(days=1)
            begin_on = _first_of_quarter(as_of, back)
            rows.append({"quarter_start_on": begin_on, "quarter_end_on": end_on, "is_complete": end_on <= as_of})
        complete = [row for row in rows if row["is_complete"]][: self.quarter_count]
        return [row for row in rows if not row["is_complete"]] + complete
