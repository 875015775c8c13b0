"""What the officer model learns from: what came of a past night within the following year, and how much of it is known.

Outcomes. A row is positive where an integrity matter was opened within the horizon after its night and is known
tonight to be substantiated. A row without one is not innocent, only unlabelled: findings come late, and much is never
found. With c the share of a year's findings that is known by now (models.officer_delay), P(labelled) = c x P(positive)
(Elkan and Noto, KDD 2008, with c from the time that has passed instead of one constant). Findings are rare, so that in
log-odds this is an offset of log c: every row starts there, the model learns the eventual rate, and rows of which
little can be known yet say little. What is never found is beyond any record: the score ranks, and is no probability.

Weak. Where too few officers have an outcome, what the officer's own families say in the year after stands in: for every
family the share of the nights on which he crosses its threshold, smoothed by half a night whose content is how far up
his measure lies among his peers; over all families 1 - product (1 - share). It is never 0 and never 1: unflagged is not
innocent, flagged is not guilty, and a bureau in which nobody crosses anything still learns who lies furthest out.
Always the future of a past night.

Decisions of the desk raise a label (models.decision_label); that somebody was flagged is never a label.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.boosted import NotTrainable
from models.officer_delay import estimated_delay
from models.policy import Policy

MIN_KNOWN_SHARE = 0.05
"""Nights of whose findings less than this is known yet teach nothing, and their offset would rest on a guess."""

PSEUDO_NIGHTS = 0.5
"""Weight of an officer's place among his peers beside the nights counted: Jeffreys' half an observation."""

RANK_POWER = 19
"""The place (0..1) is raised to it, so that it is worth 1 / (RANK_POWER + 1) = 5 % on average, as a test at 95 %."""

WEAK_FOLLOW_DAYS = 182
"""A night has a weak label once families had half a year to say something after it."""

WEAK_MIN_ROWS = 40
WEAK_MIN_OFFICERS = 5
"""Weak labels are graded: few rows suffice, but not one or two officers, whom the model would only name."""


@dataclass(frozen=True)
class Labels:
    """Labels of panel rows, indexed as the rows that may learn: `label` (0..1), `offset` (log of the share known yet, 0
    where all is known), and where they come from: `outcomes` or `weak`."""

    label: pd.Series
    offset: pd.Series
    source: str


def label_panel(
    panel: pd.DataFrame, families: Sequence[str], outcomes: pd.DataFrame, as_of: pd.Timestamp, policy: Policy
) -> Labels:
    """What came of each past night: substantiated outcomes, or weak labels where fewer than min_outcome_officers have one.

    panel : officer_id, as_of_on and, of each of the families, <family>_index and <family>_crosses. outcomes : rows of
    core.integrity_outcome (known tonight). Raises NotTrainable where neither teaches anything.
    """
    as_of = pd.Timestamp(as_of)
    horizon_days = policy.training.outcome_horizon_days
    past = panel[panel["as_of_on"] <= as_of - pd.Timedelta(days=horizon_days)]
    label = outcome_label(past, outcomes, as_of, horizon_days)
    found = past.loc[label.index[label == 1], "officer_id"].nunique()
    if found >= policy.training.min_outcome_officers and len(label) >= policy.training.min_rows:
        share = pd.Series(estimated_delay(outcomes, as_of).knowable(past["as_of_on"], as_of, horizon_days), past.index)
        kept = share >= MIN_KNOWN_SHARE
        return _varied(panel, Labels(label[kept].astype(float), np.log(share[kept]), "outcomes"))
    weak = weak_label(panel, families, as_of, horizon_days)
    officers = panel.loc[weak.index, "officer_id"].nunique()
    if len(weak) < WEAK_MIN_ROWS or officers < WEAK_MIN_OFFICERS:
        least = policy.training.min_outcome_officers
        raise NotTrainable(
            f"有属实处置的{found}人(至少{least}人);以其后各类统计量为弱标签仅{len(weak)}行{officers}人(至少"
            f"{WEAK_MIN_ROWS}行{WEAK_MIN_OFFICERS}人),人员模型无法训练",
            f"{found} officers with a substantiated outcome (at least {least} are needed), and weak labels on {len(weak)} "
            f"rows of {officers} officers (at least {WEAK_MIN_ROWS} rows of {WEAK_MIN_OFFICERS}): no model can be learned",
        )
    return _varied(panel, Labels(weak, pd.Series(0.0, weak.index), "weak"))


def outcome_label(past: pd.DataFrame, outcomes: pd.DataFrame, as_of: pd.Timestamp, horizon_days: int) -> pd.Series:
    """1 where a matter opened within the horizon after the row's night is known on `as_of` to be substantiated, else 0."""
    opened_on, closed_on = pd.to_datetime(outcomes["opened_on"]), pd.to_datetime(outcomes["closed_on"])
    is_found = (outcomes["result"] == "substantiated") & (closed_on <= as_of)
    matters = outcomes.loc[is_found, ["officer_id"]].assign(opened_on=opened_on[is_found])
    # the next matter after the night is the one that counts
    rows = past[["officer_id", "as_of_on"]].reset_index(names="place").sort_values("as_of_on", kind="stable")
    rows["as_of_on"] = rows["as_of_on"].astype("datetime64[ns]")
    matters = matters.astype({"opened_on": "datetime64[ns]"}).sort_values(["opened_on", "officer_id"])
    joined = pd.merge_asof(
        rows,
        matters.astype({"officer_id": rows["officer_id"].dtype}),
        left_on="as_of_on",
        right_on="opened_on",
        by="officer_id",
        direction="forward",
        allow_exact_matches=False,
        tolerance=pd.Timedelta(days=horizon_days),
    )
    return joined.set_index("place")["opened_on"].notna().astype(int).reindex(past.index).rename("label")


def weak_label(panel: pd.DataFrame, families: Sequence[str], as_of: pd.Timestamp, horizon_days: int) -> pd.Series:
    """The families' evidence (0..1) of the nights within the horizon after each row; rows with no such night are out."""
    nights = pd.DatetimeIndex(np.sort(panel["as_of_on"].unique()))
    night = np.searchsorted(nights, panel["as_of_on"].to_numpy())
    officer, names = pd.factorize(panel["officer_id"], sort=True)
    last = np.searchsorted(nights, nights + pd.Timedelta(days=horizon_days), side="right")
    clean = np.ones(len(panel))
    is_measured = np.zeros(len(panel), dtype=bool)
    for family in families:
        crosses, index = panel[f"{family}_crosses"], panel[f"{family}_index"]
        known = (crosses.notna() & index.notna()).to_numpy()
        if not known.any():
            continue
        peers = index.where(known).groupby(panel["as_of_on"])
        place = ((peers.rank() - 0.5) / peers.transform("count")).fillna(0).to_numpy() ** RANK_POWER
        crossed = crosses.fillna(False).to_numpy(dtype=float) * known
        sums = []
        for value in (known.astype(float), crossed, place * known):
            grid = np.zeros((len(names), len(nights) + 1))
            grid[officer, night + 1] = value
            total = grid.cumsum(axis=1)
            sums.append(total[officer, last[night]] - total[officer, night + 1])
        count, crossings, places = sums
        heard = count > 0
        mean_place = places / np.where(heard, count, 1)
        share = (crossings + PSEUDO_NIGHTS * mean_place) / (count + PSEUDO_NIGHTS)
        clean *= np.where(heard, 1 - share, 1.0)
        is_measured |= heard
    is_past = (panel["as_of_on"] <= as_of - pd.Timedelta(days=WEAK_FOLLOW_DAYS)).to_numpy()
    return pd.Series(1 - clean, panel.index, name="label")[is_past & is_measured]


def _varied(panel: pd.DataFrame, labels: Labels) -> Labels:
    by_night = labels.label.groupby(panel.loc[labels.label.index, "as_of_on"])
    if (by_night.max() - by_night.min() > 1e-9).any():
        return labels
    raise NotTrainable(
        "同一夜各人标签完全相同,人员模型无法训练", "the labels of each night are all alike: no model can be learned"
    )
