"""Days on which an officer led visits: how many, and how many are beyond what officers of such stations do."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.hint.question import Words
from models.policy import FlagPolicy

LEARNED_DAYS = 365
"""The limit of a quarter is learned from the year before it, so that no day is judged by later ones."""
FEWEST_DAYS = 200
"""From fewer days of officers no limit is learned."""
OWN_DAYS = 10
"""An officer who is always busy (a market of many stalls), or has been since a change of post, crowds no day: as many of
his own days before and after speak as well. A day is judged when they are known."""
NORMAL_MEDIAN_DEVIATION = 1.4826
"""Standard deviations of a normal value in one median absolute deviation."""


def visit_days(visits: pd.DataFrame, policy: FlagPolicy) -> pd.DataFrame:
    """One record per officer and day of `led_visits`, of the days whose limit is known.

    Columns: record_id (the first visit of the day), officer_id, unit_id, visited_on, known_on (when the last of its visits
    and those of OWN_DAYS after were), day_visit_count, day_limit (median + crowded_day_deviations robust standard
    deviations: of officers of such stations in the year before the quarter, or of his own days around it, whichever is
    higher), is_hit (more visits than that), is_market, is_recheck (more than half of them were so; NA where not on file),
    is_rural, quarter.
    """
    day = pd.to_datetime(visits["visited_on"]).to_numpy().astype("datetime64[D]").astype(np.int64)
    officer = pd.factorize(visits["officer_id"], sort=True)[0].astype(np.int64)
    _, first, group = np.unique(officer * (1 << 20) + day, return_index=True, return_inverse=True)
    size = np.bincount(group)
    known = pd.to_datetime(visits["known_on"]).to_numpy().astype("datetime64[D]").astype(np.int64)
    last_known = np.zeros(len(size), dtype=np.int64)
    np.maximum.at(last_known, group, known)

    def mostly(column: pd.Series) -> pd.Series:
        values = column.astype("boolean")
        said = np.bincount(group, weights=values.notna())
        true = np.bincount(group, weights=values.fillna(False).astype(float))
        return pd.Series(2 * true > said, dtype="boolean").mask(said == 0)

    head = visits.iloc[first]
    days = pd.DataFrame(
        {
            "record_id": head["record_id"].to_numpy(),
            "officer_id": head["officer_id"].to_numpy(),
            "unit_id": head["unit_id"].to_numpy(),
            "visited_on": pd.to_datetime(head["visited_on"]).to_numpy(),
            "day_visit_count": size,
            "is_market": mostly(visits["is_market"]),
            "is_recheck": mostly(visits["visit_kind"] == "recheck"),
            "is_rural": head["is_rural"].astype("Float64").to_numpy(dtype=float, na_value=np.nan),
            "quarter": head["quarter"].to_numpy(),
        }
    )
    own, settled = _own_days(officer[first], size, last_known, policy)
    # a missing limit wins: nobody is judged by the days of others alone
    limit = np.maximum(_peer_limits(day[first], size, days["is_rural"].to_numpy(), policy), own)
    days = days.assign(
        day_limit=limit, is_hit=size > limit, known_on=settled.astype("datetime64[D]").astype("datetime64[s]")
    )
    return days[days["day_limit"].notna()].reset_index(drop=True)


def _peer_limits(day: np.ndarray, count: np.ndarray, is_rural: np.ndarray, policy: FlagPolicy) -> np.ndarray:
    """The peers' limit of each day, shape (n,); NaN where too few days came before its quarter."""
    limit = np.full(len(day), np.nan)
    begins = (3 * _quarter(day)).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    kind = np.nan_to_num(is_rural, nan=-1.0)
    for side in np.unique(kind):
        held = np.flatnonzero(kind == side)
        held = held[np.argsort(day[held], kind="stable")]
        for start in np.unique(begins[held]):
            low, high = np.searchsorted(day[held], [start - LEARNED_DAYS, start])
            if high - low < FEWEST_DAYS:
                continue
            before = count[held[low:high]]
            middle = np.median(before)
            limit[held[begins[held] == start]] = _limit(middle, np.median(np.abs(before - middle)), policy)
    return limit


def _limit(middle, away, policy: FlagPolicy):
    """Median and robust deviations; counts vary by chance at least as the root of what is usual (Poisson)."""
    return middle + policy.crowded_day_deviations * np.maximum(np.sqrt(middle), NORMAL_MEDIAN_DEVIATION * away)


def _own_days(
    officer: np.ndarray, count: np.ndarray, known: np.ndarray, policy: FlagPolicy
) -> tuple[np.ndarray, np.ndarray]:
    """The limit of each day by the officer's OWN_DAYS before and after it, and when these are known, both of shape (n,).

    officer, count, known : of days that stand in the order of officer and day. NaN where fewer days came after.
    """
    usual = pd.Series(count, dtype=float).groupby(officer)
    usual = usual.rolling(2 * OWN_DAYS + 1, center=True, min_periods=OWN_DAYS + 1).median().to_numpy()
    after = pd.Series(known, dtype=float).groupby(officer).shift(-OWN_DAYS).to_numpy()
    limit = np.where(np.isnan(after), np.nan, _limit(usual, 0.0, policy))
    return limit, np.fmax(known, after).astype(np.int64)


def _quarter(day: np.ndarray) -> np.ndarray:
    return day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) // 3


def day_note(row: pd.Series) -> Words:
    """A day in words: how many visits, and what the limit is."""
    day = pd.Timestamp(row["visited_on"])
    return (
        f"{day:%Y-%m-%d}主检{int(row['day_visit_count'])}次,同类上限{row['day_limit']:.1f}次",
        f"{int(row['day_visit_count'])} visits led on {day:%Y-%m-%d}, the limit of peers being {row['day_limit']:.1f}",
    )
