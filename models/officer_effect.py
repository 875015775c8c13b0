"""What a visit's finding owes to who visited and why, and not to the merchant: the start from which the model learns.

A model without officer identity says what a visit would usually find; an officer, a quarter and a kind of visit are
strict or lenient against that (indirect standardisation, drawn to 1). Of a visit's own merchant nothing enters: an
officer's effect is what he finds elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

MILLION = 1_000_000
OFFICER_VISITS = 30
QUARTER_VISITS = 60
"""As many average visits an officer, and an officer's quarter, are drawn by."""


def cross_fitted(
    frame: pd.DataFrame, label: np.ndarray, merchant: Sequence, fit: Callable[[pd.DataFrame, np.ndarray], Callable]
) -> np.ndarray:
    """Probabilities of shape (n_rows,), each by a model that has seen nothing of the row's merchant.

    `fit(frame, label)` returns what turns a frame into probabilities; merchants are halved by the order of their names.
    """
    half = pd.factorize(pd.Series(np.asarray(merchant)), sort=True)[0] % 2
    usual = np.full(len(label), np.nan)
    for part in (0, 1):
        taught, judged = half != part, half == part
        if judged.any():
            usual[judged] = fit(frame[taught], label[taught])(frame[judged])
    return usual


def visit_offset(visits: pd.DataFrame, label: np.ndarray, usual: np.ndarray) -> np.ndarray:
    """Log-odds of shape (n_rows,) that kind of visit, officer and quarter add to a severe finding; higher: stricter.

    visits : merchant_id, lead_officer_id, visit_kind and visited_on of each visit. usual : probability of a severe
    finding by what the merchant is, from a model without officer identity.
    """
    keys = pd.DataFrame(
        {
            "merchant": np.asarray(visits["merchant_id"]),
            "officer": np.asarray(visits["lead_officer_id"]),
            "kind": np.asarray(visits["visit_kind"]),
            "quarter": pd.to_datetime(visits["visited_on"]).dt.to_period("Q").astype(str).to_numpy(),
        }
    )
    share = np.clip(label.mean(), 1 / MILLION, 1 - 1 / MILLION)
    by_kind = _elsewhere(keys, ["kind"], label, usual, OFFICER_VISITS * share, 1.0)
    usual = usual * by_kind
    by_officer = _elsewhere(keys, ["officer"], label, usual, OFFICER_VISITS * share, 1.0)
    by_quarter = _elsewhere(keys, ["officer", "quarter"], label, usual, QUARTER_VISITS * share, by_officer)
    expected = np.clip(share * by_kind * by_quarter, 0.002, 0.95)
    return np.log(expected / (1 - expected)) - np.log(share / (1 - share))


def _elsewhere(
    keys: pd.DataFrame,
    names: list[str],
    label: np.ndarray,
    usual: np.ndarray,
    drawn: float,
    towards: np.ndarray | float,
) -> np.ndarray:
    """Found against usual in the group of each row, without the row's own merchant, drawn `towards` by `drawn` findings."""
    # whole millionths: a sum less one's own part must not keep the row's own label in its last digits
    counted = pd.DataFrame(
        {"found": np.rint(label * MILLION).astype(np.int64), "usual": np.rint(usual * MILLION).astype(np.int64)}
    )
    group = counted.groupby([keys[name] for name in names], sort=False).transform("sum")
    own = counted.groupby([keys[name] for name in [*names, "merchant"]], sort=False).transform("sum")
    rest = (group - own).to_numpy(dtype=float) / MILLION
    return (rest[:, 0] + drawn * towards) / (rest[:, 1] + drawn)
