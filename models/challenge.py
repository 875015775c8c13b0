"""Champion and challenger: a newly trained model replaces the one in use unless it is worse on the last fold.

Compared are not the models but their blind twins: trees of the same recipe that learned only from what was known before
the last fold of their own training night. Tonight's last fold lies after both, so neither twin has seen a visit of it,
while the model in use itself has learned from most of them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd

from models.bootstrap import interval, weight_chunks
from models.calibration import sigmoid
from models.measure import area_under_curve, brier, weighted_mean
from models.policy import DriftPolicy

DRAWS = 500
SEED = 20_250_101


class Twin(Protocol):
    """What can be compared: the columns it reads, and a raw score in log-odds of each row."""

    columns_: tuple[str, ...]

    def raw_score(self, frame: pd.DataFrame) -> np.ndarray:
        """Raw scores of shape (n_rows,)."""


@dataclass(frozen=True)
class Verdict:
    """Whether the challenger replaces the champion, why, and the figures (empty where nothing could be compared).

    `figures`: visit_count, severe_count, then auc (1 is best), log_loss and brier (0 is best) of both on the fold, with the
    challenger's less the champion's and its 95 % interval by paired resampling of visits.
    """

    replaces: bool
    reason_zh: str
    reason_en: str
    figures: dict[str, Any]

    def to_state(self) -> dict[str, Any]:
        """Plain values that JSON keeps exactly."""
        return asdict(self)


def challenge(
    challenger: Twin | None,
    champion: Twin | None,
    fold: pd.DataFrame,
    label: np.ndarray,
    policy: DriftPolicy,
) -> Verdict:
    """Whether the challenger replaces the champion, judged by their blind twins.

    `fold` holds the features of tonight's last fold, `label` what those visits found (0 or 1); `champion` is None where
    no model is in use. Where nothing can be compared the challenger takes over, and the reason says why.
    """
    if champion is None:
        return _uncontested("没有在用模型或其对照树", "no model, or no blind twin of one, is in use")
    if challenger is None:
        return _uncontested(
            "历史太短,新模型没有未见末段的对照树",
            "too little history for a twin of the new model that is blind to the fold",
        )
    if challenger.columns_ != tuple(fold.columns) or champion.columns_ != challenger.columns_:
        return _uncontested("两个模型的特征不同", "the two models do not have the same features")
    severe = int(label.sum())
    if len(label) < policy.min_rows or min(severe, len(label) - severe) < policy.min_severe:
        return _uncontested(
            f"最近一段检查{len(label)}次,其中有严重问题{severe}次,不足以比较"
            f"(至少{policy.min_rows}次,有无严重问题各{policy.min_severe}次)",
            f"{len(label)} visits in the last fold, {severe} with a severe finding: too few to compare (at least "
            f"{policy.min_rows}, and {policy.min_severe} with and without one)",
        )
    figures = compared(label, champion.raw_score(fold), challenger.raw_score(fold))
    auc = figures["auc"]
    replaces = auc["challenger"] >= auc["champion"] - policy.challenger_margin
    shown = f"AUC {auc['challenger']:.4f} / {auc['champion']:.4f}"
    return Verdict(
        replaces,
        f"新模型在最近一段{len(label)}次检查上{'不差于' if replaces else '差于'}在用模型({shown}),"
        f"{'替换' if replaces else '不替换'}",
        f"on the {len(label)} visits of the last fold the new model is {'no worse' if replaces else 'worse'} than the one in "
        f"use ({shown}): it {'replaces it' if replaces else 'does not replace it'}",
        figures,
    )


def compared(label: np.ndarray, champion: np.ndarray, challenger: np.ndarray) -> dict[str, Any]:
    """Figures of two rows of raw scores (log-odds) on the same visits; see Verdict."""
    label = np.asarray(label, dtype=float)
    whole = [_figures(label, raw, np.ones((1, len(label))))[0] for raw in (champion, challenger)]
    differences = np.concatenate(
        [
            _figures(label, challenger, weight) - _figures(label, champion, weight)
            for weight in weight_chunks(np.arange(len(label)), DRAWS, SEED)
        ]
    )
    named = {}
    for place, name in enumerate(("auc", "log_loss", "brier")):
        low, high = interval(differences[:, place])
        named[name] = {
            "champion": float(whole[0][place]),
            "challenger": float(whole[1][place]),
            "difference": float(whole[1][place] - whole[0][place]),
            "interval_low": low,
            "interval_high": high,
        }
    return {"visit_count": len(label), "severe_count": int(label.sum()), **named}


def _figures(label: np.ndarray, raw: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Area under the curve, log loss and Brier score for each row of weights, of shape (n_draws, 3)."""
    loss = np.logaddexp(0, raw) - label * raw
    probability = sigmoid(raw)
    parts = [area_under_curve(label, raw, weight), weighted_mean(loss, weight), brier(label, probability, weight)]
    return np.column_stack(parts)


def _uncontested(zh: str, en: str) -> Verdict:
    return Verdict(True, f"{zh},新模型直接投入使用", f"{en}: the new model takes over", {})
