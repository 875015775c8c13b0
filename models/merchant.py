"""Merchant risk: the calibrated probability that the next visit finds something severe.

A row to learn from is a visit that took place, described by what was known the day before. Nobody who visited is part
of that description: an officer who finds little would make his merchants look safe. What an officer, his quarter and
the kind of visit add is taken off first (models.officer_effect), and left off when merchants are scored.

The score is one sum: a ridge regression, and boosted trees that begin where it ends and learn what it leaves over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from models.boosted import BoostedTrees, NotTrainable
from models.boosted_regression import BoostedRegression
from models.calibration import calibrate, calibrated_elsewhere, sigmoid
from models.foreseen import draws_of, foreseen
from models.logistic import RidgeLogistic, fit_logistic
from models.merchant_card import card
from models.merchant_feature import DIRECTION, features
from models.merchant_fold import out_of_time
from models.merchant_setting import Setting
from models.model_tier import tier_cuts
from models.officer_effect import cross_fitted, visit_offset
from models.policy import RandomArmPolicy, TrainingPolicy
from models.random_correction import Correction, learned


@dataclass(frozen=True)
class MerchantModel:
    """A score, its calibration, and the scale of the training night.

    `slope` and `intercept` turn a raw score (log-odds) into a calibrated one, and `correction` that into one for merchants
    drawn at random (models.random_correction; None where too few were), which the probability itself has only where it
    `is_corrected`; `quantile` holds the probabilities of the
    merchants of the training night at 0 %, 0.1 %, … 100 %; `cut` the least probability of tiers B, C and D. `card` is what
    was measured at the training (models.merchant_card); it is kept beside the model and not in its state. `reference` is
    what later nights are compared with (models.drift); `blind` the score that knew nothing of the last fold, None where
    there was none (models.challenge); `foreseen` what was foretold of the visits learned from (models.foreseen), not kept.
    """

    score: BoostedRegression
    slope: float
    intercept: float
    quantile: np.ndarray
    cut: dict[str, float]
    card: dict[str, Any] = field(default_factory=dict)
    reference: dict[str, Any] = field(default_factory=dict)
    blind: BoostedRegression | None = None
    correction: Correction | None = None
    is_corrected: bool = False
    foreseen: pd.DataFrame | None = None

    def probability(self, features: pd.DataFrame) -> np.ndarray:
        """Calibrated probabilities of shape (n_rows,); higher is worse. A row alone scores as in company."""
        odds = self._log_odds(features)
        return sigmoid(self.correction.corrected(odds) if self.is_corrected else odds)

    def drawn_probability(self, features: pd.DataFrame) -> np.ndarray:
        """The same if the merchant were drawn at random, whoever else would be chosen; NaN where too few were drawn."""
        odds = self._log_odds(features)
        return np.full(len(odds), np.nan) if self.correction is None else sigmoid(self.correction.corrected(odds))

    def _log_odds(self, features: pd.DataFrame) -> np.ndarray:
        return self.slope * self.score.raw_score(features) + self.intercept

    def percentile(self, probability: np.ndarray) -> np.ndarray:
        """Share of the training night's merchants at or below each probability, 0..1; higher is worse."""
        return np.interp(probability, self.quantile, np.linspace(0, 1, len(self.quantile)))

    def to_state(self) -> dict[str, Any]:
        """All but the trees, their blind twin and the card, as plain values that JSON keeps exactly."""
        return {
            "linear": self.score.linear.to_state(),
            "blind_linear": self.blind and self.blind.linear.to_state(),
            "slope": self.slope,
            "intercept": self.intercept,
            "quantile": self.quantile.tolist(),
            "cut": self.cut,
            "reference": self.reference,
            "correction": self.correction and asdict(self.correction),
            "is_corrected": self.is_corrected,
        }

    @classmethod
    def from_state(
        cls, trees: BoostedTrees, state: Mapping[str, Any], blind: BoostedTrees | None = None
    ) -> MerchantModel:
        """The model that `to_state`, its trees and those of its blind twin describe."""
        kept = {name: value for name, value in state.items() if name not in ("linear", "blind_linear", "correction")}
        return cls(
            BoostedRegression(RidgeLogistic.from_state(state["linear"]), trees),
            **{**kept, "quantile": np.asarray(state["quantile"], dtype=float)},
            blind=blind and BoostedRegression(RidgeLogistic.from_state(state["blind_linear"]), blind),
            correction=state["correction"] and Correction(**state["correction"]),
        )


@dataclass(frozen=True)
class Ground:
    """What every setting begins from: the visits as numbers, what they found, and the raw score before the first tree."""

    matrix: pd.DataFrame
    label: np.ndarray
    linear: RidgeLogistic
    start: np.ndarray

    def grown(self, setting: Setting) -> BoostedRegression:
        """The score whose trees are grown by that setting."""
        trees = BoostedTrees(
            "binary",
            monotone={name: sign for name, sign in DIRECTION.items() if sign},
            rounds=setting.rounds,
            leaves=setting.leaves,
            depth=setting.depth,
            learning_rate=setting.learning_rate,
            min_rows_per_leaf=setting.min_rows_per_leaf,
            ridge=setting.ridge,
            feature_share=setting.feature_share,
        ).fit(self.matrix, self.label, start=self.start)
        return BoostedRegression(self.linear, trees)


def ground(visits: pd.DataFrame) -> Ground:
    """Learn the regression from visits that are all known: rows of feature.merchant of the day before each.

    `visits` also has merchant_id, lead_officer_id, visit_kind, visited_on and is_severe; the first three and the day
    only tell what a finding owes to who visited and why.
    """
    label = visits["is_severe"].to_numpy(dtype=float)
    matrix = features(visits)

    def usual(frame: pd.DataFrame, known: np.ndarray):
        fitted = fit_logistic(frame, known, direction=DIRECTION)
        return lambda rows: sigmoid(fitted.raw_score(rows))

    offset = visit_offset(visits, label, cross_fitted(matrix, label, visits["merchant_id"], usual))
    linear = fit_logistic(matrix, label, start=offset, direction=DIRECTION)
    return Ground(matrix, label, linear, offset + linear.raw_score(matrix))


def train(
    learning: pd.DataFrame,
    tonight: pd.DataFrame,
    as_of: date,
    policy: TrainingPolicy,
    mix: dict[str, float],
    arm: RandomArmPolicy,
) -> MerchantModel:
    """Learn from past visits, calibrate out of time, correct by the random arm, take the scale from tonight's merchants.

    Parameters
    ----------
    learning : feature.merchant of the day before each visit, with lead_officer_id, visit_kind, visited_on, known_on,
        is_severe, was_drawn (the merchant was drawn at random) and draw_stratum (of like chance to be drawn); one row per
        visit.
    tonight : feature.merchant of tonight with draw_stratum, one row per merchant.

    Raises NotTrainable where there are too few visits, or too few with a severe finding.
    """
    severe_count = int(learning["is_severe"].sum())
    _require(len(learning), severe_count, policy)
    tried = out_of_time(learning, as_of, policy, ground)
    slope, intercept = calibrate(tried.raw_score, tried.label)
    known = calibrated_elsewhere(tried.folds)
    draws = draws_of(tried.folds, known, learning["draw_stratum"], tonight["draw_stratum"])
    taught = learned(draws, arm)
    score = ground(learning).grown(tried.setting)
    probability = sigmoid(taught.published(slope * score.raw_score(features(tonight)) + intercept))
    cut = tier_cuts(probability, mix)
    return MerchantModel(
        score,
        slope,
        intercept,
        np.quantile(probability, np.linspace(0, 1, 1001)),
        cut,
        card(learning, len(tonight), as_of, policy, tried, (slope, intercept), known, taught),
        blind=tried.blind,
        correction=taught.correction,
        is_corrected=taught.is_used,
        foreseen=foreseen(len(learning), tried.folds, known, draws, taught, cut, arm),
    )


def _require(rows: int, positives: int, policy: TrainingPolicy) -> None:
    if rows < policy.min_rows or min(positives, rows - positives) < policy.min_positives:
        raise NotTrainable(
            f"可学习的检查{rows}次,其中有严重问题{positives}次;至少需要{policy.min_rows}次,有无严重问题各{policy.min_positives}次",
            f"{rows} visits to learn from, {positives} with a severe finding; at least {policy.min_rows} are needed, "
            f"and {policy.min_positives} with and without one",
        )
