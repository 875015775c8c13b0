"""What a reviewer's conclusion teaches: a transfer is worth what that reviewer's transfers were worth before.

That somebody was flagged is never a label, nor is a conclusion that found nothing: only reviewed hints have conclusions, and
who was not reviewed is not innocent. Transferred to a lead (转问题线索) and process correction (流程整改) raise the label
of the nights of the horizon before the conclusion. By how much is the reviewer's record: the share of his settled transfers
whose officer was then found, shrunk to that of all reviewers by a beta-binomial whose spread is by moments (Robbins
1956; DOMAIN.md 3.0); a reviewer without a record has the mean of all. A transfer that has been settled is worth what came of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from models.decision import standing
from models.officer_label import Labels
from models.policy import Policy

TRANSFER, CORRECTION = "transferred_to_lead", "process_correction"

PRIOR_BOUNDS = (1.0, 1000.0)
"""Weight of the mean beside a reviewer's own transfers, in transfers: never none, and finite where reviewers are alike."""


def settled_transfers(decided: pd.DataFrame, outcomes: pd.DataFrame, as_of: date, horizon_days: int) -> pd.DataFrame:
    """The transfers about officers, with `is_settled` (a matter opened within the horizon has a result) and `is_found`."""
    transfers = decided[(decided["outcome"] == TRANSFER) & (decided["subject_kind"] == "officer")].copy()
    transfers["decided_on"] = pd.to_datetime(transfers["decided_on"])
    closed = outcomes[pd.to_datetime(outcomes["closed_on"]) <= pd.Timestamp(as_of)]
    matters = pd.DataFrame(
        {
            "subject_id": closed["officer_id"].astype("str"),
            "opened_on": pd.to_datetime(closed["opened_on"]),
            "is_found": closed["result"] == "substantiated",
        }
    )
    pairs = (
        transfers[["decision_id", "subject_id", "decided_on"]]
        .astype({"subject_id": "str"})
        .merge(matters, on="subject_id")
    )
    days = (pairs["opened_on"] - pairs["decided_on"]).dt.days
    result = pairs[(days >= 0) & (days <= horizon_days)].groupby("decision_id")["is_found"].any()
    transfers["is_settled"] = transfers["decision_id"].isin(result.index)
    transfers["is_found"] = transfers["decision_id"].map(result).astype("boolean").fillna(False).astype(bool)
    return transfers


def reviewer_records(transfers: pd.DataFrame) -> tuple[pd.Series, float]:
    """By reviewer_hash the share (0..1) of his transfers that are worth a finding, shrunk; and the mean for all others.

    transfers : of `settled_transfers`. Without any settled transfer the mean is one half (Jeffreys).
    """
    settled = transfers[transfers["is_settled"]]
    by_reviewer = settled.groupby("reviewer_hash")["is_found"].agg(["sum", "count"]).sort_index()
    found, count = by_reviewer["sum"].to_numpy(dtype=float), by_reviewer["count"].to_numpy(dtype=float)
    mean = float((found.sum() + 0.5) / (count.sum() + 1))
    prior = _prior_weight(found, count, mean)
    return pd.Series((found + prior * mean) / (count + prior), by_reviewer.index), mean


def _prior_weight(found: np.ndarray, count: np.ndarray, mean: float) -> float:
    """Transfers that the mean is worth: from how far reviewers' shares lie apart beyond chance."""
    if len(count) < 2:
        return PRIOR_BOUNDS[1]
    spread = (count * (found / count - mean) ** 2).sum() - (len(count) - 1) * mean * (1 - mean)
    variance = spread / (count.sum() - (count**2).sum() / count.sum())
    if variance <= 0:
        return PRIOR_BOUNDS[1]
    return float(np.clip(mean * (1 - mean) / variance - 1, *PRIOR_BOUNDS))


def with_decisions(
    labels: Labels, panel: pd.DataFrame, decisions: pd.DataFrame, outcomes: pd.DataFrame, as_of: date, policy: Policy
) -> Labels:
    """The labels, raised by what reviewers concluded about officers: 1 - (1 - label) x (1 - worth) of each conclusion."""
    horizon_days = policy.training.outcome_horizon_days
    decided = standing(decisions, as_of)
    transfers = settled_transfers(decided, outcomes, as_of, horizon_days)
    record, mean = reviewer_records(transfers)
    worth = (
        transfers["reviewer_hash"].map(record).fillna(mean).where(~transfers["is_settled"], transfers["is_found"] * 1.0)
    )
    corrections = decided[(decided["outcome"] == CORRECTION) & (decided["subject_kind"] == "officer")]
    said = pd.concat(
        [
            transfers.assign(worth=worth.astype(float)),
            corrections.assign(
                worth=policy.decision.correction_weight
                * corrections["reviewer_hash"].map(record).fillna(mean).astype(float)
            ),
        ]
    )[["subject_id", "decided_on", "worth"]]
    if said.empty:
        return labels
    rows = panel.loc[labels.label.index, ["officer_id", "as_of_on"]].reset_index(names="place")
    pairs = rows.astype({"officer_id": "str"}).merge(
        said.astype({"subject_id": "str"}), left_on="officer_id", right_on="subject_id"
    )
    days = (pairs["decided_on"] - pairs["as_of_on"]).dt.days
    pairs = pairs[(days > 0) & (days <= horizon_days)]
    left = (1 - pairs["worth"]).groupby(pairs["place"]).prod().reindex(labels.label.index).fillna(1.0)
    return replace(labels, label=1 - (1 - labels.label) * left)
