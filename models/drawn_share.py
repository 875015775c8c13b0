"""A share among visits drawn at random, for all merchants that they stand for, with an exact interval.

Where strata were drawn in other proportions than merchants have, each drawn visit stands for as many merchants of its
stratum as there are per drawn visit (Horvitz and Thompson 1952). The interval is that of Clopper and Pearson (1934), exact
for equal weights; with unequal ones it is read at the effective number of visits (Korn and Graubard, Survey Methodology 24,
1998), here Kish's, which supposes a share alike in all strata.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class DrawnShare:
    """A share (0..1) with its interval, and the visits that it is worth: no more than were drawn."""

    value: float
    low: float
    high: float
    effective_count: float


def exact_interval(hits: float, count: float, confidence: float) -> tuple[float, float]:
    """Clopper and Pearson's interval for `hits` of `count`, which may be effective numbers and not whole."""
    from scipy.stats import beta

    tail = (1 - confidence) / 2
    low = 0.0 if hits <= 0 else float(beta.ppf(tail, hits, count - hits + 1))
    high = 1.0 if hits >= count else float(beta.ppf(1 - tail, hits + 1, count - hits))
    return low, high


def stratum_weight(population: np.ndarray, count: np.ndarray) -> np.ndarray:
    """What share of all merchants each stratum stands for, shape (n_strata,), of those with a drawn visit; sums to 1.

    population : merchants by stratum; count : drawn visits by stratum. Where no stratum drawn from has merchants today,
    the visits stand for themselves.
    """
    held = np.where(count > 0, population, 0.0)
    return held / held.sum() if held.sum() > 0 else count / max(count.sum(), 1)


def drawn_share(hits: np.ndarray, count: np.ndarray, weight: np.ndarray, confidence: float) -> DrawnShare:
    """The weighed share; `hits` and `count` by stratum, shape (n_strata,), `weight` from stratum_weight."""
    seen = count > 0
    value = float((weight[seen] * hits[seen] / count[seen]).sum())
    effective = float(1 / (weight[seen] ** 2 / count[seen]).sum())
    # sums of parts miss whole numbers by a last digit, and more visits than were made nobody has
    effective = min(effective, float(count.sum()))
    return DrawnShare(value, *exact_interval(value * effective, effective, confidence), effective)


def ratio_interval(
    share: float, count: float, base: float, base_count: float, confidence: float
) -> tuple[float, float, float] | None:
    """share / base with the interval of its logarithm (Katz et al., Biometrics 34, 1978); None where either is 0."""
    from scipy.stats import norm

    if share <= 0 or base <= 0:
        return None
    spread = np.sqrt((1 - share) / (share * count) + (1 - base) / (base * base_count))
    factor = float(np.exp(norm.ppf((1 + confidence) / 2) * spread))
    return share / base, share / base / factor, share / base * factor
