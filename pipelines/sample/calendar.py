"""The days of a bureau: the window of its records, working days and how busy each of them is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

EXEMPTION_LIST_FROM = date(2025, 1, 1)
"""First day of the first national lists of first and slight offences that are not punished (DOMAIN.md 2.4)."""

COMPLAINT_RULE_FROM = date(2026, 4, 15)
"""First day of order 121 on complaints and reports (DOMAIN.md 2.5)."""

DAY_SECONDS = 86_400


def day_number(day: date) -> int:
    """Days from 1970-01-01."""
    return (day - date(1970, 1, 1)).days


def calendar_parts(days: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Year, month (1 to 12) and day of the month of each day number."""
    dates = np.asarray(days).astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    month_numbers = months.astype(np.int64)
    return month_numbers // 12 + 1970, month_numbers % 12 + 1, (dates - months).astype(np.int64) + 1


def day_in_year(year: np.ndarray, month: int, day: int) -> np.ndarray:
    """The day number of that date in each year."""
    months = ((np.asarray(year) - 1970) * 12 + month - 1).astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64) + day - 1


@dataclass(frozen=True)
class Calendar:
    """The window of the records, first and last day included, and its working days."""

    first: int
    last: int
    working: np.ndarray
    """Working days from the window's first day to a year after its last, so that deadlines can be counted."""
    busyness: np.ndarray
    """Cumulated share of the year's work, at each working day of the window."""

    @property
    def day_count(self) -> int:
        """Days of the window."""
        return self.last - self.first + 1

    @property
    def years(self) -> float:
        """Length of the window in years."""
        return self.day_count / 365.25

    def working_day(self, share: np.ndarray) -> np.ndarray:
        """The working day by which that share (0 to 1) of the window's work is done."""
        return self.working[np.minimum(np.searchsorted(self.busyness, share), len(self.busyness) - 1)]

    def share(self, days: np.ndarray) -> np.ndarray:
        """The share (0 to 1) of the window's work done before each day."""
        position = np.searchsorted(self.working[: len(self.busyness)], days)
        return np.concatenate([[0.0], self.busyness])[position]

    def after(self, days: np.ndarray, working_days: np.ndarray) -> np.ndarray:
        """The day that many working days after each day of the window (0: that day, or the next working one)."""
        position = np.searchsorted(self.working, days) + np.asarray(working_days, dtype=np.int64)
        return self.working[np.clip(position, 0, len(self.working) - 1)]


def make_calendar(until: date, years: int) -> Calendar:
    """The calendar of the given years up to and including the last day."""
    last = day_number(until)
    first = int(day_in_year(np.array([until.year - years]), until.month, min(until.day, 28))[0]) + 1
    first += max(0, until.day - 28)
    all_days = np.arange(first, last + 400)
    _, month, day = calendar_parts(all_days)
    weekday = (all_days + 3) % 7
    is_holiday = (((month == 1) & (day <= 3)) | ((month == 2) & (day <= 7)) | ((month == 5) & (day <= 5))) | (
        (month == 10) & (day <= 7)
    )
    working = all_days[(weekday < 5) & ~is_holiday]
    in_window = working[working <= last]
    _, month, day = calendar_parts(in_window)
    weight = 1 + 0.25 * np.isin(month, (3, 9, 11)) - 0.2 * (month <= 2) + 0.25 * (day >= 27)
    return Calendar(first, last, working, np.cumsum(weight) / weight.sum())
