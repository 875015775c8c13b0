"""Whether another record of the same subject lies within some days: asked of many at once, without a join."""

from __future__ import annotations

import numpy as np
import pandas as pd

SPAN = 1 << 20
"""Days that a key leaves room for: more than any calendar of records holds."""


def count_near(
    key: pd.Series, on: pd.Series, other_key: pd.Series, other_on: pd.Series, first: int, last: int
) -> np.ndarray:
    """How many of the others have the same key and a day from `first` to `last` days after `on`; shape (n,), integers.

    key, on : n subjects and their days; other_key, other_on : the others. A missing key or day meets nothing.
    """
    _, low, high = _spans(key, on, other_key, other_on, first, last)
    return high - low


def pairs_near(
    key: pd.Series, on: pd.Series, other_key: pd.Series, other_on: pd.Series, first: int, last: int
) -> tuple[np.ndarray, np.ndarray]:
    """The same as positions: of the subjects, and beside each of the others; both of shape (pairs,)."""
    order, low, high = _spans(key, on, other_key, other_on, first, last)
    count = high - low
    subject = np.repeat(np.arange(len(key)), count)
    step = np.arange(len(subject)) - np.repeat(np.cumsum(count) - count, count)
    return subject, order[np.repeat(low, count) + step]


def _spans(key, on, other_key, other_on, first: int, last: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The others in an order of their own, and from where to where in it each subject meets them."""
    code = pd.factorize(pd.concat([key, other_key], ignore_index=True))[0].astype(np.int64)
    mine, theirs = code[: len(key)], code[len(key) :]
    day, their_day = _days(on), _days(other_on)
    held = np.flatnonzero((theirs >= 0) & (their_day >= 0))
    ordered = theirs[held] * SPAN + their_day[held]
    order = held[np.argsort(ordered, kind="stable")]
    ordered = np.sort(ordered)
    low = np.searchsorted(ordered, mine * SPAN + np.maximum(day + first, 0), side="left")
    high = np.searchsorted(ordered, mine * SPAN + np.maximum(day + last, 0), side="right")
    meets = (mine >= 0) & (day >= 0) & (high > low)
    return order, np.where(meets, low, 0), np.where(meets, high, 0)


def _days(on: pd.Series) -> np.ndarray:
    """Days since 1970, -1 where there is none."""
    values = pd.to_datetime(on).to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(values), -1, values.astype(np.int64))
