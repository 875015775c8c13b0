"""Near merchants in one round: an order of places in which neighbours stand next to each other."""

from __future__ import annotations

import numpy as np
import pandas as pd

HILBERT_BITS = 16


def place_rank(visits: pd.DataFrame) -> np.ndarray:
    """The position of each visit in one walk through the unit: by grid, grids and merchants along a Hilbert curve.

    `visits` has merchant_id, grid_id, industry_code, latitude and longitude (may be empty). A merchant without
    coordinates counts as lying in the middle of its grid; where a grid has none, its merchants follow by industry.
    Returns ranks from 0, all different.
    """
    place = visits[["latitude", "longitude"]].astype(float)
    middle = place.groupby(visits["grid_id"].to_numpy()).transform("mean")
    frame = pd.DataFrame(
        {
            "of_grid": hilbert(middle.to_numpy()),
            "grid": visits["grid_id"].to_numpy(),
            "own": hilbert(place.fillna(middle).to_numpy()),
            "industry": visits["industry_code"].to_numpy(),
            "merchant": visits["merchant_id"].to_numpy(),
        }
    )
    order = frame.sort_values(["of_grid", "grid", "own", "industry", "merchant"]).index.to_numpy()
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank


def hilbert(place: np.ndarray) -> np.ndarray:
    """Distance along the Hilbert curve over the box of all places; −1 where the place is not known.

    `place` has shape (n, 2): latitude and longitude in degrees. Near places have near values.
    """
    known = ~np.isnan(place).any(axis=1)
    distance = np.full(len(place), -1, dtype=np.int64)
    if not known.any():
        return distance
    shrink = np.array([1.0, np.cos(np.radians(place[known, 0].mean()))])
    flat = (place[known] - place[known].min(axis=0)) * shrink
    side = 2**HILBERT_BITS - 1
    y, x = (flat / max(flat.max(), 1e-9) * side).astype(np.int64).T
    found = np.zeros(len(x), dtype=np.int64)
    step = 2 ** (HILBERT_BITS - 1)
    while step:
        right, upper = (x & step) > 0, (y & step) > 0
        found += step * step * ((3 * right) ^ upper)
        turned = ~upper
        x, y = np.where(turned & right, side - x, x), np.where(turned & right, side - y, y)
        x, y = np.where(turned, y, x), np.where(turned, x, y)
        step //= 2
    distance[known] = found
    return distance


def make_rounds(rank: np.ndarray, day: np.ndarray, is_task: np.ndarray, size: int) -> np.ndarray:
    """The round of each visit of one stretch, numbered from 0; none holds more than `size`.

    Tasks of one day stay together, so that their round can keep that day, and their neighbours on the walk fill it up;
    whatever is left is cut into rounds along the walk. All are full but the last, unless tasks alone make a round.
    """
    number = np.full(len(rank), -1, dtype=np.int64)
    made = 0
    for each in np.unique(day[is_task]):
        tasks = np.flatnonzero(is_task & (day == each))
        tasks = tasks[np.argsort(rank[tasks])]
        for start in range(0, len(tasks), size):
            seed = tasks[start : start + size]
            free = np.flatnonzero(~is_task & (number < 0))
            away = np.abs(rank[free, None] - rank[seed]).min(axis=1)
            near = free[np.lexsort([rank[free], away])][: size - len(seed)]
            number[seed] = number[near] = made
            made += 1
    left = np.flatnonzero(number < 0)
    number[left[np.argsort(rank[left])]] = made + np.arange(len(left)) // size
    return number
