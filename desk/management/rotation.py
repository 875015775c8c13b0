"""Rotation reminders of a night: who has been how long where, as a matter of staffing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from desk.management.words import CLOCKS, STATUSES
from desk.published.night import Night

ORDERS = {
    "status": "array_position(['overdue', 'due', 'watch'], status), years desc, officer_id, clock",
    "years": "years desc, officer_id, clock",
    "unit": "from_institution_id, array_position(['overdue', 'due', 'watch'], status), years desc, officer_id, clock",
    "post": "from_post, array_position(['overdue', 'due', 'watch'], status), years desc, officer_id, clock",
}
"""Orders of the list by name; each ends where no two rows are alike."""

HERE = "($units is null or from_institution_id in (select unnest($units)))"


@dataclass(frozen=True)
class Choice:
    """What of the list is shown: one unit, clock or status, empty for all; and its order."""

    unit: str = ""
    clock: str = ""
    status: str = ""
    order: str = "status"

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Choice:
        """The choice of a query string; what is no clock, status or order counts as not chosen."""
        return cls(
            unit=asked.get("unit", ""),
            clock=asked["clock"] if asked.get("clock") in CLOCKS else "",
            status=asked["status"] if asked.get("status") in STATUSES else "",
            order=asked["order"] if asked.get("order") in ORDERS else "status",
        )


def reminders(night: Night, units: Collection[str] | None, choice: Choice) -> list[dict[str, Any]]:
    """Rows of rotation_plan that lie in `units` (None: everywhere) and are chosen, in the order of the choice."""
    return night.rows(
        f"""
        select * from rotation_plan
        where {HERE}
            and ($unit = '' or from_institution_id = $unit)
            and ($clock = '' or clock = $clock)
            and ($status = '' or status = $status)
        order by {ORDERS[choice.order]}
        """,
        {"units": _listed(units), "unit": choice.unit, "clock": choice.clock, "status": choice.status},
    )


def counts(night: Night, units: Collection[str] | None) -> list[dict[str, Any]]:
    """Reminders by institution, clock and status: from_institution_id, clock, status, reminder_count."""
    return night.rows(
        f"""
        select from_institution_id, clock, status, count(*) as reminder_count from rotation_plan where {HERE}
        group by all order by all
        """,
        {"units": _listed(units)},
    )


def by_unit(counted: list[dict[str, Any]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The counts as a table: one row per institution, in the order of its identifier, with a cell per clock and status.

    `cells` follow the clocks that occur and, within each, the statuses from the furthest on; 0 is a count here, for every
    clock is judged for everybody who serves.
    """
    columns = [(clock, status) for clock in clocks(counted) for status in STATUSES]
    found = {(row["from_institution_id"], row["clock"], row["status"]): row["reminder_count"] for row in counted}
    units = sorted({row["from_institution_id"] for row in counted})
    return [
        {
            "unit": unit,
            "name": names.get(unit, unit),
            "cells": [found.get((unit, clock, status), 0) for clock, status in columns],
        }
        for unit in units
    ]


def clocks(rows: list[dict[str, Any]]) -> list[str]:
    """Clocks that occur in the rows, in the order of words.CLOCKS."""
    there = {row["clock"] for row in rows}
    return [clock for clock in CLOCKS if clock in there]


def _listed(units: Collection[str] | None) -> list[str] | None:
    return None if units is None else sorted(units)
