"""Whether another record of the same subject lies within some days: asked of many at once, without a join."""

from __future__ import annotations

import numpy as np
import pandas as pd

SPAN = 1 << 20
"""Days that a key leaves room for: more than any calendar of records holds."""


def count_near(key: pd.Series, on: pd.Series, other_key: pd.Series, other_on: pd.Series, first: int, last: int):
    """How many of the others have the same key and a day from `first` to `last` days after `on`; shape (n,), integers.

    key, on : n subjects and their days; other_key, other_on : the others. A missing key or day meets nothing.
    """
    code, other = pd.factorize(pd.concat([key, other_key], ignore_index=True))[0].astype(np.int64), len(key)
    mine, theirs = code[:other], code[other:]
    day, their_day = _days(on), _days(other_on)
    held = (theirs >= 0) & (their_day >= 0)
    ordered = np.sort(theirs[held] * SPAN + their_day[held])
    low = np.searchsorted(ordered, mine * SPAN + np.maximum(day + first, 0), side="left")
    high = np.searchsorted(ordered, mine * SPAN + day + last, side="right")
    return np.where((mine >= 0) & (day >= 0), np.maximum(high - low, 0), 0)


def _days(on: pd.Series) -> np.ndarray:
    """Days since 1970, -1 where there is none."""
    values = pd.to_datetime(on).to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(values), -1, values.astype(np.int64))
