"""How many officers a station had on a day: where two serve, nobody can do everything by halves."""

from __future__ import annotations

import numpy as np
import pandas as pd

SMALL_STATION = 2
"""Up to so many officers duties cannot be separated within the station."""
FAR = pd.Timestamp("2262-01-01")


def is_small_station(unit: pd.Series, day: pd.Series, postings: pd.DataFrame) -> np.ndarray:
    """Whether each unit, shape (n,), had at most SMALL_STATION officers on each day; False where nobody served there.

    postings : rows of feature.officer_posting (clock, officer_id, unit_id, tenure_began_on, ended_on).
    """
    held = postings[postings["clock"] == "station"]
    ended = pd.to_datetime(held["ended_on"]).fillna(FAR)
    tenures = (
        held.assign(until=ended).groupby(["unit_id", "officer_id", "tenure_began_on"], as_index=False)["until"].max()
    )
    moment = pd.to_datetime(day).to_numpy()
    units = unit.to_numpy()
    count = np.zeros(len(units), dtype=np.int64)
    for name, part in tenures.groupby("unit_id"):
        here = units == name
        begun = np.searchsorted(np.sort(pd.to_datetime(part["tenure_began_on"]).to_numpy()), moment[here], side="right")
        gone = np.searchsorted(np.sort(part["until"].to_numpy()), moment[here], side="left")
        count[here] = begun - gone
    return (count > 0) & (count <= SMALL_STATION)
