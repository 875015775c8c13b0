"""How well a score ranks visits by the same officer: that is knowledge of merchants, not of officers."""

from __future__ import annotations

import numpy as np
import pandas as pd


def within_officer_auc(
    label: np.ndarray, score: np.ndarray, officer: np.ndarray, weight: np.ndarray | None = None
) -> float:
    """Share of pairs of visits by one officer, one with a severe finding and one without, that `score` ranks rightly.

    All arrays have shape (n_visits,); ties count half; `weight` counts a visit so many times. 0.5 is blind, 1 perfect;
    NaN where no officer has a visit of either kind. With one officer for all it is the usual AUC.
    """
    weight = np.ones(len(label)) if weight is None else weight
    code = pd.factorize(pd.Series(np.asarray(officer)))[0]
    order = np.lexsort((score, code))
    code, score = code[order], np.asarray(score)[order]
    bad = np.where(np.asarray(label)[order] > 0, weight[order], 0.0)
    good = np.where(np.asarray(label)[order] > 0, 0.0, weight[order])
    # a run: visits of one officer with one score
    starts = np.flatnonzero(np.r_[True, (code[1:] != code[:-1]) | (score[1:] != score[:-1])])
    run_bad, run_good = np.add.reduceat(bad, starts), np.add.reduceat(good, starts)
    officers = np.flatnonzero(np.r_[True, code[starts][1:] != code[starts][:-1]])
    below = np.cumsum(run_good) - run_good
    first_of_officer = np.repeat(officers, np.diff(np.r_[officers, len(starts)]))
    below = below - below[first_of_officer]
    right = (run_bad * (below + run_good / 2)).sum()
    pairs = (np.add.reduceat(run_bad, officers) * np.add.reduceat(run_good, officers)).sum()
    return float(right / pairs) if pairs > 0 else float("nan")
