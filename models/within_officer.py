"""How well a score ranks visits by the same officer: that is knowledge of merchants, not of officers."""

from __future__ import annotations

import numpy as np
import pandas as pd


def within_officer_auc(
    label: np.ndarray, score: np.ndarray, officer: np.ndarray, weight: np.ndarray | None = None
) -> np.ndarray:
    """Share of pairs of visits by one officer, one with a severe finding and one without, that `score` ranks rightly.

    label, score, officer : shape (n_visits,). weight : how often each visit counts, shape (n_visits,) or (n_draws,
    n_visits). Returns a number, or one per draw; ties count half; 0.5 is blind, 1 perfect; NaN where no officer has
    visits of both kinds. With one officer for all it is the usual area under the curve.
    """
    weight = np.ones(len(label)) if weight is None else weight
    code = pd.factorize(pd.Series(np.asarray(officer)))[0]
    order = np.lexsort((score, code))
    code, score, weight = code[order], np.asarray(score)[order], weight[..., order]
    severe = np.asarray(label)[order] > 0
    # a run: visits of one officer with one score
    starts = np.flatnonzero(np.r_[True, (code[1:] != code[:-1]) | (score[1:] != score[:-1])])
    bad = np.add.reduceat(weight * severe, starts, axis=-1)
    good = np.add.reduceat(weight * ~severe, starts, axis=-1)
    officers = np.flatnonzero(np.r_[True, code[starts][1:] != code[starts][:-1]])
    below = np.cumsum(good, axis=-1) - good
    below = below - below[..., np.repeat(officers, np.diff(np.r_[officers, len(starts)]))]
    right = (bad * (below + good / 2)).sum(axis=-1)
    pairs = (np.add.reduceat(bad, officers, axis=-1) * np.add.reduceat(good, officers, axis=-1)).sum(axis=-1)
    return np.divide(right, pairs, out=np.full(np.shape(pairs), np.nan), where=pairs > 0)[()]
