"""Days of a world: numbers since 1970-01-01, working days with their weights, campaign months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

MONTH_WEIGHTS = np.array([0.7, 0.5, 1.1, 1.1, 1.05, 1.2, 0.85, 0.85, 1.15, 0.9, 1.1, 1.25])
"""How much is done in each month: little round the spring festival and in the heat."""

CAMPAIGN_WEIGHT = 1.4
DAY_SECONDS = 86_400
YEAR_DAYS = 365.25


@dataclass(frozen=True)
class Calendar:
    """The window of the records: first and last day as numbers, its working days, and how busy each is."""

    first: int
    last: int
    working: np.ndarray
    weight: np.ndarray
    campaign_months: np.ndarray

    @property
    def years(self) -> float:
        """Length of the window in years."""
        return (self.last - self.first + 1) / YEAR_DAYS

    def is_campaign(self, day: np.ndarray) -> np.ndarray:
        """True on the days of a campaign month."""
        return np.isin(month_of(day), self.campaign_months)

    def working_days(self, count: int, random: np.random.Generator) -> np.ndarray:
        """So many working days, busy ones more often."""
        return random.choice(self.working, count, p=self.weight / self.weight.sum())

    def working_after(self, day: np.ndarray, steps: np.ndarray) -> np.ndarray:
        """The working day so many steps after each day (0: the same day, or the next working one); past the end too."""
        until = np.arange(self.first, self.last + 400)
        working = until[is_working(until)]
        return working[np.minimum(np.searchsorted(working, day) + steps, len(working) - 1)]


def make_calendar(until: date, years: int, random: np.random.Generator) -> Calendar:
    """The window of so many years that ends on that day."""
    last = (until - date(1970, 1, 1)).days
    first = last - round(years * YEAR_DAYS) + 1
    everything = np.arange(first, last + 1)
    working = everything[is_working(everything)]
    campaign_months = random.choice(np.arange(3, 13), 2, replace=False)
    months = month_of(working)
    weight = MONTH_WEIGHTS[months - 1] * np.where(np.isin(months, campaign_months), CAMPAIGN_WEIGHT, 1.0)
    return Calendar(first, last, working, weight, campaign_months)


def is_working(day: np.ndarray) -> np.ndarray:
    """Monday to Friday."""
    return (day + 3) % 7 < 5


def month_of(day: np.ndarray) -> np.ndarray:
    """Month of each day, 1 to 12."""
    return np.asarray(day, dtype="datetime64[D]").astype("datetime64[M]").astype(int) % 12 + 1


def month_end(day: np.ndarray) -> np.ndarray:
    """The last day of the month of each day."""
    months = np.asarray(day, dtype="datetime64[D]").astype("datetime64[M]")
    return (months + 1).astype("datetime64[D]").astype(int) - 1
