"""Who goes on patrol from where: working days, the institution that serves each place, and who is fit on which day.

Two certified officers per visit: 行政处罚法 Art 42. Contract and auxiliary staff never inspect: 国办发〔2024〕54号,
DOMAIN.md 2.8. A certificate counts up to the day it names; where none is known the officer is not certified. Who is
known to leave goes out up to his last day.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from models.policy import PatrolPolicy

CREW_SIZE = 2
"""Officers per visit, by law."""

COUNT_FROM = np.datetime64("2000-01-01")
"""The day from which working days are counted; any would do that never changes."""


@dataclass(frozen=True)
class Unit:
    """An institution whose officers serve one or several institutions.

    `is_certified` and `is_here` have shape (officers, working days): serves and holds a valid certificate, is not away.
    `day_number` has shape (working days,), see `working_day_numbers`.
    """

    institution_id: str
    officer_id: np.ndarray
    grid_id: np.ndarray
    is_relief: np.ndarray
    is_certified: np.ndarray
    is_here: np.ndarray
    day_number: np.ndarray
    visits_per_pair_day: int

    @property
    def is_able(self) -> np.ndarray:
        """Who could go out on which day, booleans of shape (officers, working days)."""
        return self.is_certified & self.is_here

    @property
    def is_fit(self) -> np.ndarray:
        """Who may go out on which day: a relief post only where fewer than two others are able to."""
        able = self.is_able
        is_short = able[~self.is_relief].sum(axis=0) < CREW_SIZE
        return able & (~self.is_relief[:, None] | is_short)


def working_days(night: date, policy: PatrolPolicy) -> np.ndarray:
    """The working days of the horizon after `night`, as datetime64[D]."""
    days = np.datetime64(night) + 1 + np.arange(policy.horizon_days)
    holidays, added = _special_days(policy)
    return days[(np.is_busday(days, holidays=holidays)) | np.isin(days, added)]


def years_without_holidays(night: date, policy: PatrolPolicy) -> list[int]:
    """The years of the horizon for which no public holiday is entered: every year has some, so its calendar is missing."""
    years = {(night + timedelta(days=1)).year, (night + timedelta(days=policy.horizon_days)).year}
    return sorted(years - {holiday.year for holiday in policy.public_holidays})


def working_day_numbers(days: np.ndarray, policy: PatrolPolicy) -> np.ndarray:
    """Working days from COUNT_FROM up to the day before each of `days`: consecutive, whichever night plans them."""
    holidays, added = _special_days(policy)
    # a Saturday or Sunday that is worked is none of numpy's working days
    extra = np.unique(added[~np.is_busday(added, holidays=holidays) & (added >= COUNT_FROM)])
    return np.busday_count(COUNT_FROM, days, holidays=holidays) + np.searchsorted(extra, days)


def _special_days(policy: PatrolPolicy) -> tuple[np.ndarray, np.ndarray]:
    return tuple(
        np.array(special, dtype="datetime64[D]") for special in (policy.public_holidays, policy.working_weekend_days)
    )


def serving_units(
    institution: pd.DataFrame, roster: pd.DataFrame, leave: pd.DataFrame, days: np.ndarray, policy: PatrolPolicy
) -> dict[str, Unit | None]:
    """The unit that serves each institution: itself, else the nearest one above it that can send two on some day.

    Where none can, the nearest that could if nobody were away; None where there is none either. `institution` has
    institution_id, parent_id and is_rural; `roster` is feature.patrol_roster; `leave` has officer_id, from_on, to_on.
    Where a unit or an institution it serves is rural, its pairs do a rural day's visits.
    """
    roster = roster.sort_values("officer_id", ignore_index=True)
    certified = _certified(roster, days)
    here = _here(roster, leave, days)
    is_relief = roster["is_relief"].to_numpy(dtype=bool)
    day_number = working_day_numbers(days, policy)
    units = {
        name: Unit(
            name,
            roster["officer_id"].to_numpy(dtype=object)[rows],
            roster["grid_id"].astype(object).where(roster["grid_id"].notna(), None).to_numpy()[rows],
            is_relief[rows],
            certified[rows],
            here[rows],
            day_number,
            policy.visits_per_pair_day,
        )
        for name, rows in _holders(roster, certified)
    }
    able = {name for name, unit in units.items() if (unit.is_fit.sum(axis=0) >= CREW_SIZE).any()}
    certain = {name for name, unit in units.items() if (unit.is_certified.sum(axis=0) >= CREW_SIZE).any()}
    above = dict(zip(institution["institution_id"], institution["parent_id"], strict=True))
    served_by = {
        name: nearest(name, above, able) or nearest(name, above, certain) for name in institution["institution_id"]
    }
    rural = institution.loc[institution["is_rural"].astype("boolean").fillna(False), "institution_id"]
    for name in {served_by[name] for name in rural} - {None}:
        units[name] = replace(units[name], visits_per_pair_day=policy.rural_visits_per_pair_day)
    return {name: units.get(unit) for name, unit in served_by.items()}


def _holders(roster: pd.DataFrame, certified: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """The rows of each institution that hold a certificate on some day."""
    for name, rows in roster.groupby("institution_id", sort=True).indices.items():
        yield name, rows[certified[rows].any(axis=1)]


def nearest(name: str | None, above: dict[str, str | None], wanted: Container[str]) -> str | None:
    """`name` or the nearest institution above it that is among `wanted`; None where none is, or in a circle of parents."""
    seen = set()
    while isinstance(name, str) and name not in seen:
        if name in wanted:
            return name
        seen.add(name)
        name = above.get(name)
    return None


def _certified(roster: pd.DataFrame, days: np.ndarray) -> np.ndarray:
    valid_to = pd.to_datetime(roster["certificate_valid_to_on"]).to_numpy(dtype="datetime64[D]")
    until = pd.to_datetime(roster["serves_until_on"]).to_numpy(dtype="datetime64[D]")
    # NaT compares false: no certificate known, none held; no last day known, none past
    holds = roster["may_be_certified"].to_numpy(dtype=bool)[:, None] & (valid_to[:, None] >= days[None, :])
    return holds & ~(until[:, None] < days[None, :])


def _here(roster: pd.DataFrame, leave: pd.DataFrame, days: np.ndarray) -> np.ndarray:
    here = np.ones((len(roster), len(days)), dtype=bool)
    place = pd.Index(roster["officer_id"]).get_indexer(leave["officer_id"])
    first = pd.to_datetime(leave["from_on"]).to_numpy(dtype="datetime64[D]")
    last = pd.to_datetime(leave["to_on"]).to_numpy(dtype="datetime64[D]")
    for officer, from_on, to_on in zip(place, first, last, strict=True):
        if officer >= 0:
            here[officer] &= ~((days >= from_on) & (days <= to_on))
    return here
