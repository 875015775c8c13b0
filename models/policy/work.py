"""Policy of the work statistic: how many months are told, and until when an order to correct counts as rechecked in time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from pydantic import Field

from models.policy.dated import Dated


class WorkPolicy(Dated):
    """Months that are told, the running one among them, and days after the end of a term in which a recheck is in time."""

    month_count: int = Field(ge=1)
    recheck_grace_days: int = Field(ge=0)

    def months(self, as_of: date) -> list[dict[str, Any]]:
        """The months up to that of the night, latest first, as rows for SQL: month (YYYY-MM), month_start_on, month_end_on, is_complete."""
        rows, after = [], date(as_of.year + as_of.month // 12, as_of.month % 12 + 1, 1)
        for _ in range(self.month_count):
            end_on = after - timedelta(days=1)
            after = end_on.replace(day=1)
            rows.append(
                {
                    "month": f"{after:%Y-%m}",
                    "month_start_on": after,
                    "month_end_on": end_on,
                    "is_complete": end_on <= as_of,
                }
            )
        return rows
