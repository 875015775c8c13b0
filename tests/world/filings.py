"""Filings: visits announced before they are made, annual reports, permits, meals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.world.calendar import DAY_SECONDS, is_working
from tests.world.ground import Ground


def file_visits(visits: pd.DataFrame, ground: Ground, random: np.random.Generator) -> pd.Series:
    """True for each visit that was filed; an officer of the pattern files less than half."""
    staff, planted = ground.staff, ground.planted
    lead, day = visits["lead"].to_numpy(), visits["day"].to_numpy()
    much = np.clip(random.uniform(0.4, 0.7, staff.count) * planted.intensity, 0.05, 0.95)
    unfiled = np.where(planted.on("unfiled_visits", lead, day), much[lead], staff.unfiled_share[lead])
    return pd.Series(random.random(len(visits)) >= unfiled, index=visits.index)


def all_filings(visits: pd.DataFrame, ground: Ground, random: np.random.Generator) -> pd.DataFrame:
    """Every filing: kind, officer, merchant, filed, event (seconds, -1 for none), due, valid_to (days), status.

    Those of the filed visits come first, in the order of the visits.
    """
    filed = visits[visits["is_filed"]]
    ahead = random.exponential(20 * 3600, len(filed)).astype(int) + 1800
    started = filed["started"].to_numpy()
    announced = pd.DataFrame(
        {
            "kind": "visit",
            "officer": filed["lead"].to_numpy(),
            "merchant": filed["merchant"].to_numpy(),
            "filed": started - ahead,
            "event": started + random.integers(-40, 41, len(filed)) * 60,
            "due": -1,
            "valid_to": -1,
            "status": "approved",
        }
    )
    parts = [announced, _annual_reports(ground, random), _permits(ground, random), _meals(ground, random)]
    return pd.concat(parts, ignore_index=True)


def _annual_reports(ground: Ground, random: np.random.Generator) -> pd.DataFrame:
    town, calendar = ground.town, ground.calendar
    years = np.arange(calendar.first, calendar.last + 1).astype("datetime64[D]").astype("datetime64[Y]")
    due = np.unique(years).astype("datetime64[D]").astype(int) + 180
    due = due[(due > calendar.first + 30) & (due <= calendar.last)]
    merchant = np.tile(np.arange(len(town.merchant_grid)), len(due))
    due = np.repeat(due, len(town.merchant_grid))
    owes = (town.registered[merchant] < due - 180) & (town.closed[merchant] > due)
    merchant, due = merchant[owes], due[owes]
    draw = random.random(len(due))
    status = np.select([draw < 0.92, draw < 0.97], ["on_time", "late"], "missing")
    day = np.where(status == "late", due + random.integers(1, 60, len(due)), due - random.integers(0, 170, len(due)))
    is_ahead = day > calendar.last
    status = np.where(is_ahead, "missing", status)
    moment = day * DAY_SECONDS + random.integers(8 * 3600, 20 * 3600, len(due))
    return pd.DataFrame(
        {
            "kind": "annual_report",
            "officer": -1,
            "merchant": merchant,
            "filed": np.where(status == "missing", -1, moment),
            "event": -1,
            "due": due,
            "valid_to": -1,
            "status": status,
        }
    )


def _permits(ground: Ground, random: np.random.Generator) -> pd.DataFrame:
    town, calendar = ground.town, ground.calendar
    merchant = np.flatnonzero(random.random(len(town.merchant_grid)) < 0.15)
    given = np.maximum(town.registered[merchant], calendar.last - random.integers(0, 5 * 365, len(merchant)))
    return pd.DataFrame(
        {
            "kind": "permit",
            "officer": -1,
            "merchant": merchant,
            "filed": given * DAY_SECONDS + 36_000,
            "event": -1,
            "due": -1,
            "valid_to": given + 5 * 365,
            "status": "approved",
        }
    )


def _meals(ground: Ground, random: np.random.Generator) -> pd.DataFrame:
    calendar = ground.calendar
    officer = np.repeat(np.arange(ground.staff.count), random.poisson(0.8 * calendar.years, ground.staff.count))
    day = random.integers(calendar.first, calendar.last - 3, len(officer))
    day = np.where(is_working(day), day, day - 2)
    return pd.DataFrame(
        {
            "kind": "meal_activity",
            "officer": officer,
            "merchant": -1,
            "filed": day * DAY_SECONDS + 40_000,
            "event": (day + 1) * DAY_SECONDS + 66_000,
            "due": -1,
            "valid_to": -1,
            "status": "approved",
        }
    )
