"""What the merchant model foretold of past visits, out of time: never by trees or a calibration that knew them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from models.calibration import sigmoid
from models.merchant_fold import Fold
from models.model_tier import model_tiers
from models.policy import RandomArmPolicy
from models.random_correction import Learned, held_out_corrections, learned
from models.reference import log_odds


def correction_of(folds: Sequence[Fold], probability: Sequence[np.ndarray] | None, policy: RandomArmPolicy) -> Learned:
    """The correction that the drawn visits of the quarters teach; `probability` from calibrated_elsewhere.

    Without two quarters nothing is out of time for model and calibration alike, and nothing is learned.
    """
    return learned(*_drawn(folds, probability), policy)


def foreseen(
    visit_count: int,
    folds: Sequence[Fold],
    probability: Sequence[np.ndarray] | None,
    taught: Learned,
    cut: dict[str, float],
    policy: RandomArmPolicy,
) -> pd.DataFrame:
    """One row per visit learned from: predicted_share, corrected_share and model_risk_tier, empty outside the quarters.

    predicted_share is before the correction, corrected_share after the one that the other quarters teach (0..1). The tier
    is that of tonight's cuts, which are on the scale of the published probability.
    """
    told = pd.DataFrame(
        {
            "predicted_share": np.nan,
            "corrected_share": np.nan,
            "model_risk_tier": pd.Series([None] * visit_count, dtype=object),
        },
        index=range(visit_count),
    )
    if probability is None:
        return told
    corrections = held_out_corrections(*_drawn(folds, probability), policy)
    for fold, known, correction in zip(folds, probability, corrections, strict=True):
        odds = log_odds(known)
        told.loc[fold.place, "predicted_share"] = known
        told.loc[fold.place, "corrected_share"] = sigmoid(correction.corrected(odds))
        told.loc[fold.place, "model_risk_tier"] = model_tiers(sigmoid(taught.published(odds)), cut)
    return told


def _drawn(
    folds: Sequence[Fold], probability: Sequence[np.ndarray] | None
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    if probability is None:
        return [], []
    odds = [log_odds(known)[fold.was_drawn] for fold, known in zip(folds, probability, strict=True)]
    return odds, [fold.label[fold.was_drawn] for fold in folds]
