"""Drawing with replacement, vectorised: how often each row counts in each draw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

DRAWS = 300
SEED = 20_250_101


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


def drawn_together(clusters: Sequence[Sequence], draws: int = DRAWS, seed: int = SEED) -> Iterator[list[np.ndarray]]:
    """How often each row of each part counts, one array of shape (draws, n_rows) per part, a chunk of draws at a time.

    A cluster is drawn with all its rows of all parts. The first thing that comes is one draw in which all count once.
    """
    whole = np.concatenate([np.asarray(cluster) for cluster in clusters])
    ends = np.cumsum([len(cluster) for cluster in clusters])[:-1]
    yield np.split(np.ones((1, len(whole))), ends, axis=1)
    for weight in weight_chunks(whole, draws, seed):
        yield np.split(weight, ends, axis=1)
