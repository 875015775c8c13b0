"""Where a record stands among like records of other officers that were known before it: a rank, not a mean, so that a few
monstrous cases move nobody."""

from __future__ import annotations

import numpy as np
import pandas as pd

FEWEST_OTHERS = 20
"""Fewer like records of others than this give no rank; then all kinds of record together are asked."""
ROWS_AT_ONCE = 256


def share_below(
    value: pd.Series, kind: pd.Series, officer: pd.Series, known_on: pd.Series, lookback_days: int
) -> np.ndarray:
    """Share (0..1), shape (n,), of like records of others known in the lookback before that have a smaller value.

    kind : what makes records alike. Equal values count half. Where fewer than FEWEST_OTHERS of the kind were known, all
    kinds together are asked; NaN where those are too few as well, or where the value is missing.
    """
    values = value.to_numpy(dtype=float, na_value=np.nan)
    day = pd.to_datetime(known_on).to_numpy().astype("datetime64[D]").astype(np.int64)
    code = pd.factorize(officer, sort=True)[0]
    group = pd.factorize(kind, sort=True)[0]
    share = np.full(len(values), np.nan)
    usable = np.flatnonzero(~np.isnan(values))
    for number in range(int(group.max(initial=-1)) + 1):
        _fill(share, usable[group[usable] == number], usable[group[usable] == number], values, day, code, lookback_days)
    rest = usable[np.isnan(share[usable])]
    _fill(share, rest, usable, values, day, code, lookback_days)
    return share


def _fill(share, asked, others, values, day, officer, lookback_days: int) -> None:
    order = others[np.argsort(day[others], kind="stable")]
    sorted_day = day[order]
    asked = asked[np.argsort(day[asked], kind="stable")]
    for start in range(0, len(asked), ROWS_AT_ONCE):
        rows = asked[start : start + ROWS_AT_ONCE]
        # those asked are in order of time: only this stretch of the others can be in anybody's lookback
        low = np.searchsorted(sorted_day, day[rows[0]] - lookback_days, side="left")
        high = np.searchsorted(sorted_day, day[rows[-1]], side="left")
        near = order[low:high]
        is_like = (day[near] < day[rows][:, None]) & (day[near] >= day[rows][:, None] - lookback_days)
        is_like &= officer[near] != officer[rows][:, None]
        count = is_like.sum(axis=1)
        below = (is_like & (values[near] < values[rows][:, None])).sum(axis=1)
        equal = (is_like & (values[near] == values[rows][:, None])).sum(axis=1)
        enough = count >= FEWEST_OTHERS
        share[rows[enough]] = (below[enough] + 0.5 * equal[enough]) / count[enough]
