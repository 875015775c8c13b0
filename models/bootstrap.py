"""Intervals by resampling: clusters are drawn whole with replacement, since visits to one merchant are not independent.

Source: Efron and Tibshirani 1993, percentile interval; Field and Welsh 2007, cluster bootstrap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

DRAWS = 300
SEED = 20_250_101
CHUNK = 25
"""Draws that are handed out together: few enough for the memory, many enough for the speed."""


def cluster_weights(cluster: Sequence, draws: int = DRAWS, seed: int = SEED) -> Iterator[np.ndarray]:
    """How often each row counts in each draw, in chunks of shape (at most CHUNK, n_rows); the same ones every time.

    Rows of one `cluster` count alike; `np.arange(n_rows)` draws single rows.
    """
    code, names = pd.factorize(pd.Series(np.asarray(cluster)))
    random = np.random.default_rng(seed)
    for begun in range(0, draws, CHUNK):
        size = min(CHUNK, draws - begun)
        drawn = random.integers(len(names), size=(size, len(names))) + np.arange(size)[:, None] * len(names)
        counted = np.bincount(drawn.ravel(), minlength=size * len(names)).reshape(size, len(names))
        yield counted[:, code].astype(float)


def interval(values: np.ndarray) -> tuple[float | None, float | None]:
    """The 95 % percentile interval of a figure over its draws; (None, None) where no draw has the figure.

    NaN is a draw without the figure, as an area under the curve is without a severe finding.
    """
    known = values[~np.isnan(values)]
    if len(known) == 0:
        return None, None
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)
