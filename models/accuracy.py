"""How well raw scores rank visits and probabilities tell what they find, with intervals over the merchants visited."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from models.bootstrap import DRAWS, SEED, interval, weight_chunks
from models.measure import average_precision, brier, weighted_mean
from models.within_officer import within_officer_auc

MEASURES = ("auc", "within_officer_auc", "average_precision", "brier", "mean_predicted", "mean_observed")
DIGITS = 5


def measured(
    label: np.ndarray,
    raw_score: np.ndarray,
    probability: np.ndarray | None,
    officer: np.ndarray,
    merchant: np.ndarray,
    quarter: np.ndarray,
) -> dict[str, dict[str, float | None]]:
    """Figures of visits by name, each with value, interval_low and interval_high (95 %, by drawing merchants).

    auc, within_officer_auc and average_precision (1 is best), brier (0 is best), mean_predicted and mean_observed (share
    of severe findings). Arrays have shape (n_visits,); visits are ranked only against those of their own `quarter`. What
    cannot be computed is None, as are the figures of a `probability` that is None.
    """
    label = np.asarray(label, dtype=float)
    both = pd.Series(np.asarray(officer)).astype(str) + "|" + pd.Series(np.asarray(quarter)).astype(str)
    figures: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "auc": lambda weight: within_officer_auc(label, raw_score, quarter, weight),
        "within_officer_auc": lambda weight: within_officer_auc(label, raw_score, both.to_numpy(), weight),
        "average_precision": lambda weight: _precision(label, raw_score, quarter, weight),
        "mean_observed": lambda weight: weighted_mean(label, weight),
    }
    if probability is not None:
        figures["brier"] = lambda weight: brier(label, probability, weight)
        figures["mean_predicted"] = lambda weight: weighted_mean(probability, weight)
    drawn: dict[str, list[np.ndarray]] = {name: [figure(np.ones((1, len(label))))] for name, figure in figures.items()}
    for weight in weight_chunks(merchant, DRAWS, SEED):
        for name, figure in figures.items():
            drawn[name].append(figure(weight))
    unknown = dict.fromkeys(("value", "interval_low", "interval_high"))
    return {name: _told(np.concatenate(drawn[name])) if name in drawn else unknown for name in MEASURES}


def _precision(label: np.ndarray, score: np.ndarray, quarter: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Average precision within each quarter, the mean over severe findings; NaN in a draw without one."""
    found, severe = np.zeros(len(weight)), (weight * label).sum(axis=-1)
    for name in np.unique(quarter):
        here = quarter == name
        part = (weight[:, here] * label[here]).sum(axis=-1)
        with np.errstate(invalid="ignore"):
            precision = average_precision(label[here], score[here], weight[:, here])
        found += np.where(part > 0, part * precision, 0)
    return np.divide(found, severe, out=np.full(len(weight), np.nan), where=severe > 0)


def _told(values: np.ndarray) -> dict[str, float | None]:
    """The first of the values, and the interval of the others; a draw without the figure does not count."""
    value, drawn = values[0], values[1:]
    low, high = (np.nan, np.nan) if np.isnan(drawn).all() else interval(drawn)
    named = {"value": value, "interval_low": low, "interval_high": high}
    return {name: None if np.isnan(figure) else round(float(figure), DIGITS) for name, figure in named.items()}
