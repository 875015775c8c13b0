"""Merchant risk: the calibrated probability that the next visit finds something severe.

A row to learn from is a visit that took place, described by what was known the day before. Nobody who visited is part
of that description: an officer who finds little would make his merchants look safe.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from models.boosted import BoostedTrees, NotTrainable
from models.policy import TrainingPolicy
from models.tier import tier_cuts

NOT_FEATURES = ("merchant_id", "as_of_on", "kind", "status", "last_visit_on")
"""Columns of feature.merchant that name a row or are words, and therefore no features."""

LABEL_COLUMNS = ("patrol_id", "visited_on", "known_on", "is_severe")
"""What a frame to learn from has besides: the visit, its day, the day it was known, and what it found."""

FOLD_DAYS = 91
FOLD_COUNT = 3


@dataclass(frozen=True)
class MerchantModel:
    """Trees, their calibration, and the scale of the training night.

    `slope` and `intercept` turn a raw score (log-odds) into a calibrated one; `quantile` holds the probabilities of the
    merchants of the training night at 0 %, 0.1 %, … 100 %; `cut` the least probability of tiers B, C and D. `reference`
    is what later nights are compared with (models.drift); `blind` the trees that knew nothing of the last fold, None where
    there was none (models.challenge).
    """

    trees: BoostedTrees
    slope: float
    intercept: float
    quantile: np.ndarray
    cut: dict[str, float]
    card: dict[str, Any]
    reference: dict[str, Any] = field(default_factory=dict)
    blind: BoostedTrees | None = None

    def probability(self, features: pd.DataFrame) -> np.ndarray:
        """Calibrated probabilities of shape (n_rows,); higher is worse. A row alone scores as in company."""
        return _sigmoid(self.slope * self.trees.raw_score(features) + self.intercept)

    def percentile(self, probability: np.ndarray) -> np.ndarray:
        """Share of the training night's merchants at or below each probability, 0..1; higher is worse."""
        return np.interp(probability, self.quantile, np.linspace(0, 1, len(self.quantile)))

    def to_state(self) -> dict[str, Any]:
        """All but the trees and their blind twin, as plain values that JSON keeps exactly."""
        return {
            "slope": self.slope,
            "intercept": self.intercept,
            "quantile": self.quantile.tolist(),
            "cut": self.cut,
            "card": self.card,
            "reference": self.reference,
        }

    @classmethod
    def from_state(cls, trees: BoostedTrees, state: Mapping[str, Any]) -> MerchantModel:
        """The model that `to_state` and its trees describe."""
        return cls(trees, **{**state, "quantile": np.asarray(state["quantile"], dtype=float)})


def features(frame: pd.DataFrame) -> pd.DataFrame:
    """The feature columns of a frame of feature.merchant, as float64 with NaN where not known, indexed by merchant."""
    columns = [column for column in frame.columns if column not in NOT_FEATURES + LABEL_COLUMNS]
    numbers = {column: frame[column].to_numpy(dtype=np.float64, na_value=np.nan) for column in columns}
    return pd.DataFrame(numbers, index=pd.Index(frame["merchant_id"], name="merchant_id"))


def train(
    learning: pd.DataFrame, tonight: pd.DataFrame, as_of: date, policy: TrainingPolicy, mix: dict[str, float]
) -> MerchantModel:
    """Learn from past visits, calibrate out of time, and take the scale from the merchants of tonight.

    Parameters
    ----------
    learning : feature.merchant of the day before each visit, with visited_on, known_on and is_severe; one row per visit.
    tonight : feature.merchant of tonight, one row per merchant.

    Raises NotTrainable where there are too few visits, or too few with a severe finding.
    """
    label = learning["is_severe"].to_numpy(dtype=float)
    _require(len(learning), int(label.sum()), policy)
    matrix = features(learning)
    visited_on = learning["visited_on"].to_numpy(dtype="datetime64[D]")
    known_on = learning["known_on"].to_numpy(dtype="datetime64[D]")
    raw, tested, folds, blind = _out_of_time(matrix, label, visited_on, known_on, as_of, policy)
    slope, intercept = _calibrate(raw[tested], label[tested])
    trees = BoostedTrees("binary").fit(matrix, label)
    probability = _sigmoid(slope * trees.raw_score(features(tonight)) + intercept)
    card = {
        "label": "severe finding at a visit that took place",
        "trained_on": as_of.isoformat(),
        "visit_count": len(learning),
        "severe_count": int(label.sum()),
        "first_visit_on": str(visited_on.min()),
        "last_visit_on": str(visited_on.max()),
        "folds": folds,
        "calibration": "logistic on out-of-time raw scores"
        if folds
        else "none: too little history for a fold out of time",
        "calibration_deciles": _deciles(_sigmoid(slope * raw[tested] + intercept), label[tested]),
        "features": list(matrix.columns),
        "must_not_be_used_for": "a penalty, or any consequence without a visit by a human",
    }
    return MerchantModel(
        trees,
        slope,
        intercept,
        np.quantile(probability, np.linspace(0, 1, 1001)),
        tier_cuts(probability, mix),
        card,
        blind=blind,
    )


def _require(rows: int, positives: int, policy: TrainingPolicy) -> None:
    if rows < policy.min_rows or min(positives, rows - positives) < policy.min_positives:
        raise NotTrainable(
            f"可学习的检查{rows}次,其中有严重问题{positives}次;至少需要{policy.min_rows}次,有无严重问题各{policy.min_positives}次",
            f"{rows} visits to learn from, {positives} with a severe finding; at least {policy.min_rows} are needed, "
            f"and {policy.min_positives} with and without one",
        )


def _out_of_time(matrix, label, visited_on, known_on, as_of: date, policy: TrainingPolicy):
    """Raw scores of the last quarters, each by trees that knew nothing of it; which rows they are; the figures; the trees
    of the last quarter, None where it was left out."""
    from sklearn.metrics import average_precision_score, roc_auc_score

    raw = np.full(len(label), np.nan)
    figures, blind = [], None
    for fold in range(FOLD_COUNT, 0, -1):
        start = np.datetime64(as_of - timedelta(days=FOLD_DAYS * fold - 1))
        end = np.datetime64(as_of - timedelta(days=FOLD_DAYS * (fold - 1)))
        past = (visited_on < start) & (known_on < start)
        test = (visited_on >= start) & (visited_on <= end)
        positives = int(label[past].sum())
        if past.sum() < policy.min_rows or positives < policy.min_positives or len(np.unique(label[test])) < 2:
            continue
        trees = BoostedTrees("binary").fit(matrix[past], label[past])
        raw[test] = trees.raw_score(matrix[test])
        blind = trees if fold == 1 else None
        figures.append(
            {
                "first_on": str(start),
                "last_on": str(end),
                "visit_count": int(test.sum()),
                "severe_count": int(label[test].sum()),
                "auc": round(float(roc_auc_score(label[test], raw[test])), 4),
                "average_precision": round(float(average_precision_score(label[test], raw[test])), 4),
            }
        )
    return raw, ~np.isnan(raw), figures, blind


def _calibrate(raw: np.ndarray, label: np.ndarray) -> tuple[float, float]:
    if len(raw) == 0:
        return 1.0, 0.0
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=1e6).fit(raw.reshape(-1, 1), label)
    slope = float(fitted.coef_[0, 0])
    if slope <= 0:
        raise NotTrainable(
            f"在训练之后的{len(raw)}次检查上,得分不能区分有无严重问题",
            f"on {len(raw)} visits after the training the score does not tell severe findings from none",
        )
    return slope, float(fitted.intercept_[0])


def _deciles(probability: np.ndarray, label: np.ndarray) -> list[dict[str, float]]:
    """Mean probability and share observed in ten groups of equal size, from the least probable."""
    groups = [group for group in np.array_split(np.argsort(probability, kind="stable"), 10) if len(group)]
    return [
        {"predicted": float(probability[group].mean()), "observed": float(label[group].mean()), "count": len(group)}
        for group in groups
    ]


def _sigmoid(value: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-value))
