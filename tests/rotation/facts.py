"""What the frames of a night say of every officer and unit, as plain dicts, sets and days: read once, for loops to ask."""

from __future__ import annotations

import functools
from collections import defaultdict
from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd

from models.policy import RotationPolicy

DUE = ("due", "overdue")
WISHED = ("accepted", "changed")


class Place(NamedTuple):
    """What one officer holds."""

    unit: str
    post: str
    grid: str | None


def plain(value):
    """A day as a date, and None for anything missing."""
    # NaN alone differs from itself; asked of every cell, pd.isna is slow
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def records(frame: pd.DataFrame) -> list[dict]:
    """Rows as dicts of plain values."""
    columns = [[plain(value) for value in frame[name].tolist()] for name in frame]
    return [dict(zip(frame, row, strict=True)) for row in zip(*columns, strict=True)]


def place_of(row: dict, prefix: str = "") -> Place:
    """The place that a row names, in columns that begin with the prefix."""
    return Place(row[f"{prefix}unit_id"], row[f"{prefix}post"], row[f"{prefix}grid_id"])


@functools.cache
def years_before(day: date, years: float) -> date:
    """The same day so many years earlier."""
    return (pd.Timestamp(day) - pd.DateOffset(months=round(12 * years))).date()


class Facts:
    """One night: officers by name, who is due, who stands where, what bars whom."""

    def __init__(self, frames: dict[str, pd.DataFrame], night: date, policy: RotationPolicy) -> None:
        self.night, self.policy = night, policy
        self.days = _move_days(night, policy, records(frames["decided"]))
        self.officers = {row["officer_id"]: row for row in records(frames["staff"])}
        self.place = {name: place_of(row) for name, row in self.officers.items()}
        self.there: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self.officers):
            self.there[self.place[name].unit].append(name)
        self.unit = {row["unit_id"]: row for row in records(frames["unit"])}
        self.due: dict[str, dict[str, dict]] = defaultdict(dict)
        self.key_merchants: dict[str, float] = {}
        for row in records(frames["clock"]):
            if row["officer_id"] not in self.officers:
                continue
            if row["status"] in DUE:
                self.due[row["officer_id"]][row["clock"]] = row
            if row["clock"] == "grid":
                self.key_merchants[row["officer_id"]] = row.get("key_merchant_count") or 0.0
        self.due = dict(self.due)
        self.held: dict[str, list[dict]] = defaultdict(list)
        for row in records(frames["held"]):
            self.held[row["officer_id"]].append(row)
        self.interest: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
        for row in records(frames["interest"]):
            self.interest[row["officer_id"]].append((row["unit_id"], row["grid_id"]))
        # no row at all: there was no plan last night from which this one could differ
        self.last = {row["officer_id"]: place_of(row) for row in records(frames["last"])}
        # accepted: place and day of the wished moves that the quarters reach; decided: whoever has such a move at all
        self.declined, self.accepted, self.decided = set(), {}, set()
        for row in sorted(records(frames["decided"]), key=lambda row: (row["decided_on"], row["officer_id"])):
            if row["verdict"] not in WISHED:
                if row["decided_on"] >= night - timedelta(days=policy.declined_days):
                    self.declined.add((row["officer_id"], row["unit_id"], row["post"]))
            elif not row["is_done"]:
                self.decided.add(row["officer_id"])
                on = [day for day in self.days if day >= row["move_on"]]
                if on:
                    self.accepted[row["officer_id"]] = (place_of(row), on[0])
        self.stations = {
            unit: row["demand"]
            for unit, row in sorted(self.unit.items())
            if row["kind"] == "station" and row["demand"] > 0 and self.there.get(unit)
        }
        heads = sum(len(self.there[unit]) for unit in self.stations)
        self.mean_load = sum(self.stations.values()) / heads if heads else 0.0

    def is_certified(self, name: str, day: date) -> bool:
        """Whether he may and does hold a certificate that is valid on that day."""
        valid_to = self.officers[name]["certificate_valid_to_on"]
        return bool(self.officers[name]["may_be_certified"]) and valid_to is not None and valid_to >= day

    def is_handler(self, name: str) -> bool:
        """Whether he is an experienced case handler."""
        who = self.officers[name]
        return (
            who["handling_years"] >= self.policy.handler_years or who["handled_case_count"] >= self.policy.handler_cases
        )

    def has_left(self, name: str, day: date) -> bool:
        """Whether the day on which he is known to leave has come."""
        leaves_on = self.officers[name]["leaves_on"]
        return leaves_on is not None and leaves_on <= day

    def is_accepted(self, name: str, place: Place, day: date) -> bool:
        """Whether this is the move that management accepted, as it is; where it named no grid, any will do."""
        wished, on = self.accepted.get(name, (None, None))
        return on == day and wished in (place, place._replace(grid=None))


def _move_days(night: date, policy: RotationPolicy, decided: list[dict]) -> list[date]:
    wished = [row["move_on"] for row in decided if row["verdict"] in WISHED and not row["is_done"]]
    days, year, month, regular = [], night.year, 1, 0
    while regular < policy.quarter_count:
        day = date(year, month, 1)
        if day > night and (day - night).days >= policy.notice_days:
            regular += 1
            days.append(day)
        elif day > night and any(night < move_on <= day for move_on in wished):
            days.append(day)
        year, month = (year + 1, 1) if month == 10 else (year, month + 3)
    return days
