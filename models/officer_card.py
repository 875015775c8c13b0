"""What the officer model is worth: how it ranks officers it never saw, and nights after those it learned from."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import numpy as np
import pandas as pd

from models.boosted import BoostedTrees

FOLDS = 5
ROW_LIMIT = 60_000
"""With more rows than this, other officers are ranked on a sample of officers."""
LABEL_DAYS = 365
"""No label that is learned from lies within the nights that are predicted."""


def card(frame: pd.DataFrame, rows: pd.DataFrame, labels: pd.Series, make_trees: Callable[[int], BoostedTrees]) -> dict:
    """Figures by name: rows, positives, positive_officers, officers, nights, four AUC and beats_complaints_alone.

    frame : what the model reads of the labelled rows; rows : their officer_id, as_of_on and complainant_count_24m;
    make_trees : untrained trees for a number of rows. positive_officers : distinct officers among the positives, who
    say more of how much there was to learn than their nights do.

    auc_other_officers ranks officers by trees that saw none of them; auc_later_nights ranks the later half of the nights
    by trees that learned on nights whose labels were complete before. Both compare officers of the same night. Beside
    each stands `_complaints_alone`, the AUC of complainant_count_24m and nothing else on the same rows: what the model
    must beat. An AUC that cannot be measured (one class on either side) is None. beats_complaints_alone : whether the
    model's AUC is higher in every comparison that could be measured; None where there is none.
    """
    label = labels.to_numpy()
    figures = {
        "rows": len(rows),
        "positives": int(label.sum()),
        "positive_officers": int(rows.loc[label == 1, "officer_id"].nunique()),
        "officers": int(rows["officer_id"].nunique()),
        "nights": int(rows["as_of_on"].nunique()),
    }
    night = rows["as_of_on"].to_numpy()
    middle = np.unique(night)[figures["nights"] // 2]
    is_later = night > middle
    later = np.full(len(rows), np.nan)
    later[is_later] = _predicted(make_trees, frame, label, night <= middle - np.timedelta64(LABEL_DAYS, "D"), is_later)
    officers = (
        rows["officer_id"].map({name: zlib.crc32(name.encode()) for name in rows["officer_id"].unique()}).to_numpy()
    )
    fold = officers % FOLDS
    # with many rows the folds are measured on fewer officers; nobody is both learned from and ranked
    sampled = officers // FOLDS % max(1, -(-len(rows) // ROW_LIMIT)) == 0
    other = np.full(len(rows), np.nan)
    for left_out in range(FOLDS):
        ranked = sampled & (fold == left_out)
        other[ranked] = _predicted(make_trees, frame, label, sampled & (fold != left_out), ranked)
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
    make_trees, frame: pd.DataFrame, label: np.ndarray, learn: np.ndarray, predict: np.ndarray
) -> np.ndarray:
    if len(np.unique(label[learn])) < 2 or not predict.any():
        return np.full(int(predict.sum()), np.nan)
    return make_trees(int(learn.sum())).fit(frame[learn], label[learn]).predict(frame[predict])


def _auc(label: np.ndarray, score: np.ndarray, night: np.ndarray) -> float | None:
    """The mean over nights of how often a positive row outranks a negative one of the same night, by positives."""
    from sklearn.metrics import roc_auc_score

    measured = []
    for moment in np.unique(night):
        inside = (night == moment) & ~np.isnan(score)
        if len(np.unique(label[inside])) == 2:
            measured.append((roc_auc_score(label[inside], score[inside]), label[inside].sum()))
    if not measured:
        return None
    auc, weight = np.array(measured).T
    return float(np.average(auc, weights=weight))
