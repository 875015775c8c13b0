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


def chunks(rank: np.ndarray, size: int) -> np.ndarray:
    """The round of each visit: `size` neighbours of the walk at a time, numbered from 0."""
    number = np.empty(len(rank), dtype=np.int64)
    number[np.argsort(rank)] = np.arange(len(rank)) // size
    return number
