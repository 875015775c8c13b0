"""What a visit's finding owes to who visited and why, and not to the merchant: the start from which the model learns.

A model without officer identity says what a visit would usually find; an officer, a quarter and a kind of visit are
strict or lenient against that (indirect standardisation, drawn to 1). Merchants are halved, and each half is told by the
other: what was found at a merchant never enters what is taken off there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

OFFICER_VISITS = 30
QUARTER_VISITS = 60
"""As many average visits an officer, and an officer's quarter, are drawn by."""


def cross_fitted(
    frame: pd.DataFrame, label: np.ndarray, merchant: Sequence, fit: Callable[[pd.DataFrame, np.ndarray], Callable]
) -> np.ndarray:
    """Probabilities of shape (n_rows,), each by a model that has seen nothing of the row's half of the merchants.

    `fit(frame, label)` returns what turns a frame into probabilities.
    """
    usual = np.full(len(label), np.nan)
    for judged in _halves(merchant):
        usual[judged] = fit(frame[~judged], label[~judged])(frame[judged])
    return usual


def visit_offset(visits: pd.DataFrame, label: np.ndarray, usual: np.ndarray) -> np.ndarray:
    """Log-odds of shape (n_rows,) that kind of visit, officer and quarter add to a severe finding; higher: stricter.

    visits : merchant_id, lead_officer_id, visit_kind and visited_on of each visit. usual : probability of a severe
    finding by what the merchant is, from a model without officer identity.
    """
    keys = pd.DataFrame(
        {
            "officer": np.asarray(visits["lead_officer_id"]),
            "kind": np.asarray(visits["visit_kind"]),
            "quarter": pd.to_datetime(visits["visited_on"]).dt.to_period("Q").astype(str).to_numpy(),
        }
    )
    offset = np.zeros(len(label))
    for judged in _halves(visits["merchant_id"]):
        offset[judged] = _told(keys, label, usual, ~judged)[judged]
    return offset


def _halves(merchant: Sequence) -> list[np.ndarray]:
    """The rows of each half of the merchants, halved by the order of their names; no half where there is one merchant."""
    half = pd.factorize(pd.Series(np.asarray(merchant)), sort=True)[0] % 2
    return [half == part for part in (0, 1)] if half.any() else []


def _told(keys: pd.DataFrame, label: np.ndarray, usual: np.ndarray, taught: np.ndarray) -> np.ndarray:
    """The offset of every row by what the rows of `taught` tell."""
    share = np.clip(label[taught].mean(), 1e-6, 1 - 1e-6)
    # at the level of these rows: that one half found a little more than the other is nobody's strictness
    usual = usual * (label[taught].sum() / usual[taught].sum())

    def against_usual(names: list[str], drawn: float, towards: np.ndarray | float) -> np.ndarray:
        counted = pd.DataFrame({"found": label * taught, "usual": usual * taught})
        group = counted.groupby([keys[name] for name in names], sort=False).transform("sum").to_numpy()
        return (group[:, 0] + drawn * towards) / (group[:, 1] + drawn)

    by_kind = against_usual(["kind"], OFFICER_VISITS * share, 1.0)
    usual = usual * by_kind
    by_officer = against_usual(["officer"], OFFICER_VISITS * share, 1.0)
    by_quarter = against_usual(["officer", "quarter"], QUARTER_VISITS * share, by_officer)
    expected = np.clip(share * by_kind * by_quarter, 0.002, 0.95)
    return np.log(expected / (1 - expected)) - np.log(share / (1 - share))
