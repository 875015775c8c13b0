"""Figures of a score on visits that took place, each for one weighing of the visits or for many at once.

Every function takes arrays of shape (n_visits,) and `weight`, how often each visit counts, of shape (n_visits,) or
(n_draws, n_visits), and returns a number or one per draw.
"""

from __future__ import annotations

import numpy as np

from models.within_officer import within_officer_auc


def weighted_mean(value: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The mean of a value of the visits, in its own unit."""
    return (weight * value).sum(axis=-1) / weight.sum(axis=-1)


def area_under_curve(label: np.ndarray, score: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Share of pairs of visits, one with a severe finding and one without, ranked rightly; 0.5 is blind, 1 perfect."""
    return within_officer_auc(label, score, np.zeros(len(label), dtype=np.int8), weight)


def average_precision(label: np.ndarray, score: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Mean share of severe visits among those scored as high or higher, over the severe visits; higher is better."""
    order = np.argsort(-score, kind="stable")
    label, score, weight = label[order], score[order], weight[..., order]
    ends = np.flatnonzero(np.r_[score[1:] != score[:-1], True])
    found = np.cumsum(weight * label, axis=-1)[..., ends]
    seen = np.cumsum(weight, axis=-1)[..., ends]
    precision = np.divide(found, seen, out=np.zeros_like(found), where=seen > 0)
    gained = np.diff(found, axis=-1, prepend=0)
    return (precision * gained).sum(axis=-1) / found[..., -1]


def brier(label: np.ndarray, probability: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Mean squared distance of probability and finding; 0 is perfect."""
    return weighted_mean((probability - label) ** 2, weight)


def calibration_ratio(label: np.ndarray, probability: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Mean probability over the share observed; 1 is right, above 1 too dark a view."""
    return weighted_mean(probability, weight) / weighted_mean(label, weight)


def first_half_share(label: np.ndarray, score: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Share of the severe visits found in the first half of the visits, done in order of score; 0.5 is blind."""
    return share_found(label, score, weight, 0.5)


def share_found(label: np.ndarray, score: np.ndarray, weight: np.ndarray, visited: float) -> np.ndarray:
    """Share of the severe visits among the `visited` share of visits of highest score; ties as the records lie."""
    order = np.argsort(-score, kind="stable")
    label, weight = label[order], weight[..., order]
    reached = np.cumsum(weight, axis=-1) <= visited * weight.sum(axis=-1, keepdims=True)
    return (weight * label * reached).sum(axis=-1) / (weight * label).sum(axis=-1)


def precision_at(label: np.ndarray, score: np.ndarray, weight: np.ndarray, capacity: float) -> np.ndarray:
    """Share of severe visits among the `capacity` share of visits of highest score; higher is better."""
    return share_found(label, score, weight, capacity) * weighted_mean(label, weight) / capacity


def days_moved(day: np.ndarray, score: np.ndarray) -> np.ndarray:
    """By how many days each visit would have come earlier, shape (n_visits,), later being negative.

    The same visits are made, as many on each day as there were, in order of score (ties as the records lie): the
    measure of the City of Chicago's food inspection forecasting study (2015).
    """
    moved = np.empty(len(day))
    order = np.argsort(-score, kind="stable")
    moved[order] = np.sort(day)
    return day - moved


def days_earlier(label: np.ndarray, moved: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Mean days by which a severe finding would have come earlier; `moved` from days_moved. Higher is better."""
    return (weight * label * moved).sum(axis=-1) / (weight * label).sum(axis=-1)
