"""What the merchant model foretold of past visits, out of time: never by trees or a calibration that knew them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from models.calibration import sigmoid
from models.drawn_share import stratum_weight
from models.merchant_fold import Fold
from models.model_tier import model_tiers
from models.policy import RandomArmPolicy
from models.random_correction import Draws, Learned, held_out_corrections
from models.reference import log_odds


def draws_of(
    folds: Sequence[Fold], probability: Sequence[np.ndarray] | None, stratum: pd.Series, merchants: pd.Series
) -> list[Draws]:
    """The drawn visits of each quarter; `probability` from calibrated_elsewhere.

    stratum : by which each visit learned from was drawn, in their order. merchants : that of every merchant of tonight,
    whom the drawn visits stand for. Without two quarters nothing is out of time for model and calibration alike: none.
    """
    if probability is None:
        return []
    names = sorted({*stratum.unique(), *merchants.unique()})
    layer, people = (pd.Categorical(frame, categories=names).codes for frame in (stratum, merchants))
    drawn = [fold.place[fold.was_drawn] for fold in folds]
    count = np.bincount(layer[np.concatenate(drawn)], minlength=len(names))
    share = stratum_weight(np.bincount(people, minlength=len(names)).astype(float), count)
    weight = np.divide(share, count, out=np.zeros(len(names)), where=count > 0)
    return [
        Draws(log_odds(known[fold.was_drawn]), fold.label[fold.was_drawn], weight[layer[place]])
        for fold, known, place in zip(folds, probability, drawn, strict=True)
    ]


def foreseen(
    visit_count: int,
    folds: Sequence[Fold],
    probability: Sequence[np.ndarray] | None,
    draws: Sequence[Draws],
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
    corrections = held_out_corrections(draws, policy)
    for fold, known, correction in zip(folds, probability, corrections, strict=True):
        odds = log_odds(known)
        told.loc[fold.place, "predicted_share"] = known
        told.loc[fold.place, "corrected_share"] = sigmoid(correction.corrected(odds))
        told.loc[fold.place, "model_risk_tier"] = model_tiers(sigmoid(taught.published(odds)), cut)
    return told
