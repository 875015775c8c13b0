"""Drawing with replacement, vectorised: how often each row counts in each draw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd


def cluster_weights(cluster: Sequence, draws: int, seed: int) -> np.ndarray:
    """How often each row counts, shape (draws, n_rows): whole clusters are drawn with replacement, as many as there are."""
    code = pd.factorize(pd.Series(np.asarray(cluster)), sort=True)[0]
    count = int(code.max()) + 1
    drawn = np.random.default_rng(seed).integers(count, size=(draws, count)) + np.arange(draws)[:, None] * count
    return np.bincount(drawn.ravel(), minlength=draws * count).reshape(draws, count)[:, code].astype(float)


def interval(values: np.ndarray, share: float = 0.95) -> tuple[float, float]:
    """The middle `share` of the values: low and high."""
    low, high = np.nanquantile(values, [(1 - share) / 2, (1 + share) / 2])
    return float(low), float(high)


def weight_chunks(cluster: Sequence, draws: int, seed: int, size: int = 25) -> Iterator[np.ndarray]:
    """As `cluster_weights`, `size` draws at a time: of many visits the memory does not hold all of them at once."""
    for begun in range(0, draws, size):
        yield cluster_weights(cluster, min(size, draws - begun), seed + begun)
