"""How well raw scores rank visits and probabilities tell what they find, with intervals over the merchants visited."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from models.bootstrap import cluster_weights, interval
from models.within_officer import within_officer_auc

MEASURES = ("auc", "within_officer_auc", "average_precision", "brier", "mean_predicted", "mean_observed")
DIGITS = 5


def auc(label: np.ndarray, score: np.ndarray, weight: np.ndarray | None = None) -> float | np.ndarray:
    """Area under the curve, 0..1: 0.5 is blind, 1 perfect; weights and gaps as in `within_officer_auc`."""
    return within_officer_auc(label, score, np.zeros(len(label), dtype=int), weight)


def average_precision(label: np.ndarray, score: np.ndarray, weight: np.ndarray | None = None) -> float | np.ndarray:
    """Mean precision over the severe findings, 0..1, from the highest score down; blind, it is their share.

    `weight` counts a visit so many times; of shape (n_draws, n_visits) it gives as many. NaN without a severe finding.
    """
    weight = np.ones(len(label)) if weight is None else np.asarray(weight)
    order = np.argsort(-np.asarray(score), kind="stable")
    score, is_bad, ordered = np.asarray(score)[order], np.asarray(label)[order] > 0, weight[..., order]
    starts = np.flatnonzero(np.r_[True, score[1:] != score[:-1]])
    bad = np.add.reduceat(np.where(is_bad, ordered, 0.0), starts, axis=-1)
    seen = np.cumsum(np.add.reduceat(ordered, starts, axis=-1), axis=-1)
    found = np.cumsum(bad, axis=-1)
    precision = np.divide(found, seen, out=np.zeros_like(seen), where=seen > 0)
    total = found[..., -1]
    mean = np.divide((bad * precision).sum(axis=-1), total, out=np.full(np.shape(total), np.nan), where=total > 0)
    return mean if weight.ndim > 1 else float(mean)


def weighted_mean(value: np.ndarray, weight: np.ndarray | None = None) -> float | np.ndarray:
    """The mean of `value` of shape (n,); with `weight` of shape (n_draws, n) as many means."""
    return float(value.mean()) if weight is None else weight @ value / weight.sum(axis=-1)


def measured(
    label: np.ndarray,
    raw_score: np.ndarray,
    probability: np.ndarray | None,
    officer: np.ndarray,
    merchant: np.ndarray,
) -> dict[str, dict[str, float | None]]:
    """Figures of visits by name, each with value, interval_low and interval_high (95 %, by resampling merchants).

    auc, within_officer_auc and average_precision (1 is best), brier (0 is best), mean_predicted and mean_observed (share
    of severe findings). All arrays have shape (n_visits,); what cannot be computed is None, as are the figures of a
    probability that is None.
    """
    label = np.asarray(label, dtype=float)
    figures: dict[str, Callable] = {
        "auc": lambda weight: auc(label, raw_score, weight),
        "within_officer_auc": lambda weight: within_officer_auc(label, raw_score, officer, weight),
        "average_precision": lambda weight: average_precision(label, raw_score, weight),
        "mean_observed": lambda weight: weighted_mean(label, weight),
    }
    if probability is not None:
        figures["mean_predicted"] = lambda weight: weighted_mean(probability, weight)
        figures["brier"] = lambda weight: weighted_mean((probability - label) ** 2, weight)
    drawn: dict[str, list] = {name: [] for name in figures}
    for weight in cluster_weights(merchant):
        for name, figure in figures.items():
            drawn[name].append(figure(weight))
    told = {name: _told(figure(None), np.concatenate(drawn[name])) for name, figure in figures.items()}
    unknown = {"value": None, "interval_low": None, "interval_high": None}
    return {name: told.get(name, unknown) for name in MEASURES}


def _told(value: float, drawn: np.ndarray) -> dict[str, float | None]:
    low, high = interval(drawn)
    known = {"value": None if np.isnan(value) else value, "interval_low": low, "interval_high": high}
    return {name: figure if figure is None else round(figure, DIGITS) for name, figure in known.items()}
