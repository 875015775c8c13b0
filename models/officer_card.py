"""What the officer model is worth: how it ranks officers it never saw, and nights after those it learned from."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import numpy as np
import pandas as pd

from models.boosted_regression import BoostedRegression

FOLDS = 5
ROW_LIMIT = 60_000
"""With more rows than this, other officers are ranked on a sample of officers."""
LABEL_DAYS = 365
"""No label that is learned from lies within the nights that are predicted."""


Learn = Callable[[pd.DataFrame, np.ndarray, np.ndarray], BoostedRegression]
"""Makes a score from the rows of a frame, their labels and their offsets."""


def card(frame: pd.DataFrame, rows: pd.DataFrame, label: np.ndarray, offset: np.ndarray, learn: Learn) -> dict:
    """Figures by name: rows, positives, positive_officers, officers, nights, four AUC and beats_complaints_alone.

    frame : what the model reads of the labelled rows; rows : their officer_id, as_of_on and complainant_count_24m;
    label : 0..1, what came of them; offset : log of the share known yet; learn : makes a score. positives : the sum of the
    labels. positive_officers : officers with a label above one half, who say more of how much there was to learn than
    their nights do.

    auc_other_officers ranks officers by a score that saw none of them; auc_later_nights ranks the later half of the nights
    by a score that learned on nights whose labels were complete before. Both compare officers of the same night. Beside
    each stands `_complaints_alone`, the AUC of complainant_count_24m and nothing else on the same rows: what the model
    must beat. A graded label counts as that share of a positive and the rest of a negative. An AUC that cannot be
    measured (one class on either side) is None. beats_complaints_alone : whether the model's AUC is higher in every
    comparison that could be measured; None where there is none.
    """
    figures = {
        "rows": len(rows),
        "positives": float(label.sum()),
        "positive_officers": int(rows.loc[label > 0.5, "officer_id"].nunique()),
        "officers": int(rows["officer_id"].nunique()),
        "nights": int(rows["as_of_on"].nunique()),
    }
    night = rows["as_of_on"].to_numpy()
    middle = np.unique(night)[figures["nights"] // 2]
    is_later = night > middle
    later = np.full(len(rows), np.nan)
    later[is_later] = _predicted(
        learn, frame, label, offset, night <= middle - np.timedelta64(LABEL_DAYS, "D"), is_later
    )
    officers = (
        rows["officer_id"].map({name: zlib.crc32(name.encode()) for name in rows["officer_id"].unique()}).to_numpy()
    )
    fold = officers % FOLDS
    # with many rows the folds are measured on fewer officers; nobody is both learned from and ranked
    sampled = officers // FOLDS % max(1, -(-len(rows) // ROW_LIMIT)) == 0
    other = np.full(len(rows), np.nan)
    for left_out in range(FOLDS):
        ranked = sampled & (fold == left_out)
        other[ranked] = _predicted(learn, frame, label, offset, sampled & (fold != left_out), ranked)
    alone = rows["complainant_count_24m"].to_numpy(dtype=float)
    compared = []
    for name, score in (("auc_other_officers", other), ("auc_later_nights", later)):
        figures[name] = _auc(label, score, night)
        baseline = f"{name}_complaints_alone"
        figures[baseline] = _auc(label, np.where(np.isnan(score), np.nan, alone), night)
        if figures[name] is not None and figures[baseline] is not None:
            compared.append(figures[name] > figures[baseline])
    figures["beats_complaints_alone"] = all(compared) if compared else None
    return figures


def _predicted(
    learn: Learn, frame: pd.DataFrame, label: np.ndarray, offset: np.ndarray, known: np.ndarray, asked: np.ndarray
) -> np.ndarray:
    if not asked.any() or not known.any() or label[known].max() == label[known].min():
        return np.full(int(asked.sum()), np.nan)
    return learn(frame[known], label[known], offset[known]).raw_score(frame[asked])


def _auc(label: np.ndarray, score: np.ndarray, night: np.ndarray) -> float | None:
    """The mean over nights of how often a positive row outranks a negative one of the same night, by positives."""
    from sklearn.metrics import roc_auc_score

    measured = []
    for moment in np.unique(night):
        inside = (night == moment) & ~np.isnan(score)
        positive, negative = label[inside].sum(), (1 - label[inside]).sum()
        if min(positive, negative) > 0 and label[inside].max() > label[inside].min():
            twice = np.repeat([1, 0], inside.sum())
            weight = np.concatenate([label[inside], 1 - label[inside]])
            measured.append((roc_auc_score(twice, np.tile(score[inside], 2), sample_weight=weight), positive))
    if not measured:
        return None
    auc, weight = np.array(measured).T
    return float(np.average(auc, weights=weight))
