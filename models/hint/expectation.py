"""How often like records are hits, learned from the records of everybody but the officer himself, known by then.

Trees over the cells of like facts, weighed by their records. Officers are dealt into folds and judged by trees that saw
none of their fold, so that nobody's habit enters his own expectation (cross-fitting). Trees see no station either:
what a station shares is measured apart.

Source: Chernozhukov and others, "Double/debiased machine learning", Econometrics Journal 21 (2018), for cross-fitting.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from models.boosted import BoostedTrees
from models.hint.ledger import Ledger

FEWEST_HITS = 30
"""With fewer hits (or fewer others) than this nothing is learned of facts: all records are expected alike."""
ROUNDS = 60
LEAST_WEIGHT = 100
"""Records that a leaf holds at least."""
BOUNDS = (1e-4, 1 - 1e-4)


def expected_shares(ledger: Ledger, learned_on: date, days: int) -> np.ndarray:
    """The expected share of hits of every record of the ledger, shape (n,), by what was known in the `days` before."""
    taught = np.zeros(len(ledger.day), dtype=bool)
    taught[ledger.inside(learned_on, days)] = True
    own = ledger.fold[ledger.officer]
    expected = np.full(len(ledger.day), 0.5)
    for fold in np.unique(ledger.fold):
        judged = own == fold
        rest = taught & ~judged
        if not rest.any():
            rest = taught
        expected[judged] = _share_by_cell(ledger, rest)[ledger.cell[judged]]
    return np.clip(expected, *BOUNDS)


def _share_by_cell(ledger: Ledger, taught: np.ndarray) -> np.ndarray:
    size = len(ledger.cells)
    cell = ledger.cell[taught]
    count = np.bincount(cell, minlength=size)
    hit = np.bincount(cell, weights=ledger.hit[taught], minlength=size)
    total, hits = float(count.sum()), float(hit.sum())
    # half a hit and half a miss: a share of nothing is never certain
    level = (hits + 0.5) / (total + 1)
    if min(hits, total - hits) < FEWEST_HITS or ledger.cells.shape[1] == 0 or size < 2:
        return np.full(size, level)
    seen = count > 0
    trees = BoostedTrees(
        "regression",
        rounds=ROUNDS,
        leaves=12,
        learning_rate=0.1,
        min_rows_per_leaf=1,
        min_weight_per_leaf=LEAST_WEIGHT,
        feature_share=1.0,
        row_share=1.0,
        threads=1,
    )
    trees.fit(ledger.cells[seen], hit[seen] / count[seen], weight=count[seen])
    share = np.clip(trees.predict(ledger.cells), *BOUNDS)
    return share * hits / float((share * count).sum())
