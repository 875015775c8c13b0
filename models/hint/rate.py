"""Officers' shares of hits against what like records lead to expect: station first, then the officer within it.

Shares of honest officers differ, too: in log-odds by a normal spread, estimated beside the few who may be anywhere (they
must not make standing out usual). Chance is what this spread and the binomial bring together. How far an officer truly
lies from what is expected is told by a prior in which most are so spread and a few may be anywhere, so that one who
stands out is not drawn to the others more than his records bear. A station's habit is what its other officers share; of
bureau and station whichever is nearer to the officer is what is expected of him, so that strict colleagues make nobody
conspicuous.

Sources: Robbins, "An empirical Bayes approach to statistics" (1956); Jones and Spiegelhalter, "The identification of
unusual health-care providers from a hierarchical model", American Statistician 65 (2011); DOMAIN.md 3.0.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.shrinkage import nested_effects

SPREAD_BOUNDS = (0.02, 3.0)
"""The spread among officers (log-odds) is sought between these: from nearly alike to saints and outcasts."""
LIKELY_SPREAD = 0.25
LIKELY_DEVIATION = 0.7
"""Honest people differ: by about a quarter of log-odds, give or take this factor in logarithms."""
UNUSUAL_SHARE = 0.05
WIDE_SPREAD = 1.5
"""A few officers may lie anywhere: this share of them, as far as this standard deviation of log-odds."""
DEVIATION_LIMIT = 3.0
"""Log-odds by which one officer may speak for his station at most."""
INTERVAL_TAIL = 0.025
REACH = 8.0
"""Integrals reach this many deviations to either side."""
GRID = np.linspace(-REACH, REACH, 161)


def officer_rates(
    table: pd.DataFrame, odds_ratio: float, *, is_fewer_worse: bool, with_chance: bool = True
) -> pd.DataFrame:
    """The officers of `Ledger.table`, measured; indexed as they are.

    odds_ratio : how many times the expected odds (one over that, where fewer are worse) a share must lie beyond.

    Columns added: bureau_expected_count (of like records in the bureau), station_shift (log-odds that his colleagues
    share beyond the bureau, shrunk), expected_count (now with the station's habit where that is nearer), ratio (his
    share, shrunk, against the expected one; 1 = as expected), ratio_low and ratio_high (95 % credible interval),
    log_odds_ratio (the same in log-odds, positive = worse), probability (that his true share lies beyond odds_ratio),
    p_value (exact binomial tail over the spread of his peers; only `with_chance`), unit_shift and unit_deviation
    (log-odds that all of his station share, and their posterior deviation), peer_spread (log-odds).
    """
    count, hit = (table[name].to_numpy(dtype=float) for name in ("exposure_count", "hit_count"))
    usual = np.clip(table["expected_count"].to_numpy(dtype=float) / count, 1e-4, 1 - 1e-4)
    information = count * usual * (1 - usual)
    deviation = np.clip((hit - count * usual) / information, -DEVIATION_LIMIT, DEVIATION_LIMIT)
    unit = np.unique(table["unit_id"].to_numpy(dtype=str), return_inverse=True)[1] if len(table) else np.empty(0, int)
    split = nested_effects(deviation, 1 / information, unit)
    nearer = np.minimum(split.colleagues, 0) if is_fewer_worse else np.maximum(split.colleagues, 0)
    share = _shifted(usual, split.centre + nearer)
    # how far officers lie from their own colleagues, in either direction
    noise = spread(count, hit, _shifted(usual, split.centre + split.colleagues))
    worse = -1 if is_fewer_worse else 1
    effect, low, high, beyond = _posterior(count, hit, share, noise, worse * float(np.log(odds_ratio)))
    found = table.assign(
        bureau_expected_count=count * _shifted(usual, split.centre),
        station_shift=split.colleagues,
        expected_count=count * share,
        ratio=_shifted(share, effect) / share,
        ratio_low=_shifted(share, low) / share,
        ratio_high=_shifted(share, high) / share,
        log_odds_ratio=worse * effect,
        probability=1 - beyond if is_fewer_worse else beyond,
        unit_shift=split.group,
        unit_deviation=split.group_deviation,
        peer_spread=noise,
    )
    if with_chance:
        found["p_value"] = binomial_tail(count, hit, share, noise, is_fewer=is_fewer_worse)
    return found


def spread(count: np.ndarray, hit: np.ndarray, share: np.ndarray) -> float:
    """How far true shares of most officers lie from the expected ones, as a standard deviation of log-odds.

    count, hit, share : shape (n,). Maximum a posteriori of the prior that `_posterior` holds as well: few (UNUSUAL_SHARE)
    may be anywhere, so that who stands out does not make standing out usual. A dozen officers cannot tell that all are
    alike: LIKELY_SPREAD is what is taken for granted until records say otherwise.

    Source: Efron, "Large-scale simultaneous hypothesis testing: the choice of a null hypothesis", JASA 99 (2004).
    """
    from scipy.optimize import minimize_scalar

    if len(count) == 0:
        return SPREAD_BOUNDS[0]
    logit = np.log(share / (1 - share))[:, None]
    log_weight = -0.5 * GRID**2 - np.log(np.exp(-0.5 * GRID**2).sum())

    def log_likelihood(deviation: float) -> np.ndarray:
        log_odds = logit + deviation * GRID
        every = hit[:, None] * log_odds - count[:, None] * np.logaddexp(0, log_odds) + log_weight
        top = every.max(axis=1, keepdims=True)
        return np.log(np.exp(every - top).sum(axis=1)) + top[:, 0]

    anywhere = np.log(UNUSUAL_SHARE) + log_likelihood(WIDE_SPREAD)

    def loss(log_spread: float) -> float:
        prior = 0.5 * ((log_spread - np.log(LIKELY_SPREAD)) / LIKELY_DEVIATION) ** 2
        usual = np.log(1 - UNUSUAL_SHARE) + log_likelihood(np.exp(log_spread))
        return prior - float(np.logaddexp(usual, anywhere).sum())

    low, high = np.log(SPREAD_BOUNDS)
    return float(np.exp(minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-3}).x))


def binomial_tail(
    count: np.ndarray, hit: np.ndarray, share: np.ndarray, spread: float, *, is_fewer: bool
) -> np.ndarray:
    """Chance, shape (n,), of at least (at most, where `is_fewer`) as many hits for an officer as varied as his peers.

    The exact binomial tail at every log-odds that a peer may have, integrated over their normal spread.
    """
    from scipy.special import betainc

    weight = np.exp(-0.5 * GRID**2)
    true = _shifted(share[:, None], spread * GRID)
    first = hit + 1 if is_fewer else np.maximum(hit, 1)
    # P(X >= x) = I_share(x, n - x + 1)
    reached = betainc(first[:, None], np.maximum(count - first + 1, 1e-9)[:, None], true)
    tail = (1 - reached if is_fewer else reached) @ weight / weight.sum()
    certain = (hit >= count) if is_fewer else (hit <= 0)
    return np.where(certain, 1.0, np.clip(tail, 1e-12, 1.0))


def _posterior(
    count: np.ndarray, hit: np.ndarray, share: np.ndarray, usual: float, margin: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Log-odds effects of shape (n,): posterior mean, bounds of the 95 % interval, and the chance of more than margin.

    The prior: most officers lie within the usual spread, a few (UNUSUAL_SHARE) anywhere within the wide one.
    """
    logit = np.log(share / (1 - share))
    mode = np.zeros(len(count))
    for _ in range(25):
        true = 1 / (1 + np.exp(-(logit + mode)))
        curvature = count * true * (1 - true) + 1 / WIDE_SPREAD**2
        mode = mode + np.clip((hit - count * true - mode / WIDE_SPREAD**2) / curvature, -1, 1)
    effect = mode[:, None] + GRID / np.sqrt(curvature)[:, None]
    log_odds = logit[:, None] + effect
    density = hit[:, None] * log_odds - count[:, None] * np.logaddexp(0, log_odds)
    density = np.exp(density - density.max(axis=1, keepdims=True))
    density *= (1 - UNUSUAL_SHARE) * np.exp(-0.5 * (effect / usual) ** 2) / usual + UNUSUAL_SHARE * np.exp(
        -0.5 * (effect / WIDE_SPREAD) ** 2
    ) / WIDE_SPREAD
    density /= density.sum(axis=1, keepdims=True)
    below = np.cumsum(density, axis=1) - density / 2
    mean = (density * effect).sum(axis=1)

    def at(chance: float) -> np.ndarray:
        step = np.clip((below < chance).sum(axis=1), 1, len(GRID) - 1)
        row = np.arange(len(count))
        left, right = below[row, step - 1], below[row, step]
        part = np.clip((chance - left) / np.maximum(right - left, 1e-300), 0, 1)
        return effect[row, step - 1] + part * (effect[row, step] - effect[row, step - 1])

    return mean, at(INTERVAL_TAIL), at(1 - INTERVAL_TAIL), 1 - _below(effect, below, margin)


def _below(effect: np.ndarray, below: np.ndarray, margin: float) -> np.ndarray:
    """The posterior chance that each effect lies under the margin, read off its grid."""
    step = np.clip((effect < margin).sum(axis=1), 1, effect.shape[1] - 1)
    row = np.arange(len(effect))
    left, right = effect[row, step - 1], effect[row, step]
    part = np.clip((margin - left) / (right - left), 0, 1)
    # sums of the grid may lie a rounding beyond 1
    return np.clip(below[row, step - 1] + part * (below[row, step] - below[row, step - 1]), 0, 1)


def _shifted(share: np.ndarray, log_odds: np.ndarray | float) -> np.ndarray:
    odds = share / (1 - share) * np.exp(log_odds)
    return np.clip(odds / (1 + odds), 1e-4, 1 - 1e-4)
