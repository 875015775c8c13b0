"""How well a score ranks visits by the same officer: that is knowledge of merchants, not of officers."""

from __future__ import annotations

import numpy as np
import pandas as pd


def within_officer_auc(
    label: np.ndarray, score: np.ndarray, officer: np.ndarray, weight: np.ndarray | None = None
) -> float | np.ndarray:
    """Share of pairs of visits by one officer, one with a severe finding and one without, that `score` ranks rightly.

    Arrays have shape (n_visits,); ties count half. `weight` counts a visit so many times; of shape (n_draws, n_visits) it
    gives as many shares. 0.5 is blind, 1 perfect; NaN where no officer has a visit of either kind. With one officer for
    all it is the usual AUC.
    """
    weight = np.ones(len(label)) if weight is None else np.asarray(weight)
    code = pd.factorize(pd.Series(np.asarray(officer)))[0]
    order = np.lexsort((score, code))
    code, score, is_bad = code[order], np.asarray(score)[order], np.asarray(label)[order] > 0
    ordered = weight[..., order]
    # a run: visits of one officer with one score
    starts = np.flatnonzero(np.r_[True, (code[1:] != code[:-1]) | (score[1:] != score[:-1])])
    run_bad = np.add.reduceat(np.where(is_bad, ordered, 0.0), starts, axis=-1)
    run_good = np.add.reduceat(np.where(is_bad, 0.0, ordered), starts, axis=-1)
    officers = np.flatnonzero(np.r_[True, code[starts][1:] != code[starts][:-1]])
    below = np.cumsum(run_good, axis=-1) - run_good
    first_of_officer = np.repeat(officers, np.diff(np.r_[officers, len(starts)]))
    below = below - below[..., first_of_officer]
    right = (run_bad * (below + run_good / 2)).sum(axis=-1)
    pairs = np.add.reduceat(run_bad, officers, axis=-1) * np.add.reduceat(run_good, officers, axis=-1)
    pairs = pairs.sum(axis=-1)
    share = np.divide(right, pairs, out=np.full(np.shape(pairs), np.nan), where=pairs > 0)
    return share if weight.ndim > 1 else float(share)
