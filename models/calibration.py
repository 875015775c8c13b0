"""From raw scores to probabilities as observed: a line in log-odds, made and held out of time (Platt 1999)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from models.boosted import NotTrainable

if TYPE_CHECKING:
    from models.merchant_fold import Fold


def calibrate(raw_score: np.ndarray, label: np.ndarray, weight: np.ndarray | None = None) -> tuple[float, float]:
    """Slope and intercept that turn out-of-time raw scores into log-odds as observed; 1 and 0 where there are none.

    Raises NotTrainable where a higher score does not go with more severe findings.
    """
    if len(raw_score) == 0:
        return 1.0, 0.0
    slope, intercept = platt_line(raw_score, label, weight)
    if slope <= 0:
        raise NotTrainable(
            f"在训练之后的{len(raw_score)}次检查上,得分不能区分有无严重问题",
            f"on {len(raw_score)} visits after the training the score does not tell severe findings from none",
        )
    return slope, intercept


def calibrated_elsewhere(folds: Sequence[Fold]) -> list[np.ndarray] | None:
    """Of each fold the probabilities of its visits, calibrated on the other folds; None with fewer than two folds.

    A calibration held against the visits that it was made from would always look right.
    """
    if len(folds) < 2:
        return None
    found = []
    for fold in folds:
        others = [other for other in folds if other is not fold]
        raw_score, label = (
            np.concatenate([getattr(other, name) for other in others]) for name in ("raw_score", "label")
        )
        slope, intercept = platt_line(raw_score, label)
        found.append(sigmoid(slope * fold.raw_score + intercept))
    return found


def platt_line(raw_score: np.ndarray, label: np.ndarray, weight: np.ndarray | None = None) -> tuple[float, float]:
    """Slope and intercept of the line in log-odds that fits the visits best, whatever its direction."""
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=1e6).fit(raw_score.reshape(-1, 1), label, sample_weight=weight)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def deciles(probability: np.ndarray, label: np.ndarray) -> list[dict[str, float]]:
    """Mean probability and share observed in ten groups of equal size, from the least probable."""
    groups = [group for group in np.array_split(np.argsort(probability, kind="stable"), 10) if len(group)]
    return [
        {"predicted": float(probability[group].mean()), "observed": float(label[group].mean()), "count": len(group)}
        for group in groups
    ]


def sigmoid(log_odds: np.ndarray) -> np.ndarray:
    """Probabilities of log-odds, in their shape."""
    return 1 / (1 + np.exp(-log_odds))
