"""Complaints and the place: markets and malls, and the very grids where an officer works, at the hands of others."""

from __future__ import annotations

import numpy as np

from models.complaint_setting import Setting, settled
from models.complaints import distinct_complainants, expected_counts
from models.flags import CounterEvidence
from models.shrinkage import gamma_shape, probability_rate_above, rate_posterior

MORE_THAN_PEERS = 1.25
"""Facts explain only where his share of them is this many times that of all other officers' complaints."""
GRID_COMPLAINANTS = 2
"""A grid's rate leans on the bureau's with the weight of the visits that bring this many complainants."""


def hard_grid(setting: Setting, officer_id: str) -> CounterEvidence:
    """Whether visits in markets and malls make the difference: measured anew within each kind of grid."""
    row = setting.rows.loc[officer_id]
    if row["exposure_unit"] != "visit" or setting.complaints["is_market"].isna().all():
        return CounterEvidence(
            "hard_grid",
            "unknown",
            "无足够巡查或反映未载主体,无法按网格类别再算",
            "too few visits, or complaints name no merchant: cannot be measured within the kind of grid",
        )
    rows = setting.rows[setting.rows["exposure_unit"] == "visit"]
    market = rows["market_visit_count_12m"].astype(float)
    complaints = setting.complaints
    in_market = distinct_complainants(complaints[complaints["is_market"].fillna(False).astype(bool)], rows.index)
    total = distinct_complainants(complaints, rows.index)
    expected = sum(
        expected_counts(rows.assign(exposure=visits), count, setting.policy)["expected"].fillna(0)
        for visits, count in ((market, in_market), (rows["exposure"] - market, (total - in_market).clip(lower=0)))
    )
    usable = (expected > 0) & rows.index.isin(setting.measured.index)
    shape = gamma_shape(total[usable].to_numpy(), expected[usable].to_numpy())
    observed = np.array([float(total[officer_id])])
    own_expected = np.array([float(expected[officer_id])])
    ratio = float(rate_posterior(observed, own_expected, shape, 0.95)[0][0])
    above = probability_rate_above(observed, own_expected, shape, setting.policy.complaint_rate_ratio)[0]
    share = float(market[officer_id] / rows.loc[officer_id, "exposure"])
    others = float((market.sum() - market[officer_id]) / (rows["exposure"].sum() - rows.loc[officer_id, "exposure"]))
    return settled(
        setting,
        officer_id,
        "hard_grid",
        share > MORE_THAN_PEERS * others,
        (ratio, bool(above >= setting.policy.posterior_confidence)),
        f"其巡查{share:.0%}在市场商场,其他人员{others:.0%};按网格类别预期{own_expected[0]:.1f}人",
        f"{share:.0%} of his visits are in markets and malls, {others:.0%} of others'; {own_expected[0]:.1f} complainants "
        "expected within the kind of grid",
    )


def same_grids(setting: Setting, officer_id: str) -> CounterEvidence:
    """Whether others are complained of as much where he works: each of his grids at the rate of all others there."""
    grids, code = setting.grids, "same_grids"
    own = grids[(grids["officer_id"] == officer_id) & (grids["visit_count_12m"] > 0)]
    others = (
        grids[grids["officer_id"] != officer_id].groupby("grid_id")[["visit_count_12m", "complainant_count_12m"]].sum()
    )
    here = others.reindex(own["grid_id"]).fillna(0)
    visits, found = float(here["visit_count_12m"].sum()), float(others["complainant_count_12m"].sum())
    if visits < setting.policy.min_visits or found == 0:
        return CounterEvidence(
            code,
            "unknown",
            f"他人在其网格巡查{visits:.0f}次(至少{setting.policy.min_visits}次)或反映未载主体,无从比较",
            f"others made {visits:.0f} visits in his grids (at least {setting.policy.min_visits} are needed), or complaints "
            "name no merchant: nothing to compare with",
        )
    usual = found / float(others["visit_count_12m"].sum())
    # drawn to the bureau's rate by two complainants' worth of visits
    rate = (here["complainant_count_12m"] + GRID_COMPLAINANTS) / (here["visit_count_12m"] + GRID_COMPLAINANTS / usual)
    level = float((own["visit_count_12m"].to_numpy() * rate.to_numpy()).sum()) / (usual * own["visit_count_12m"].sum())
    return settled(
        setting,
        officer_id,
        code,
        level >= MORE_THAN_PEERS,
        at_level(setting, officer_id, level),
        f"他人在其所巡网格的反映率为全局的{level:.1f}倍(他人巡查{visits:.0f}次);按此计入预期",
        f"in the grids where he works others are complained of {level:.1f} times as much as in the bureau ({visits:.0f} "
        "visits of theirs); with that expected",
    )


def at_level(setting: Setting, officer_id: str, level: float) -> tuple[float | None, bool]:
    """His ratio where `level` times as much is expected of him (never less), and whether it reaches the threshold."""
    row = setting.measured.loc[officer_id]
    observed, expected = np.array([row["observed"]]), np.array([row["expected"] * max(level, 1.0)])
    shape = float(row["gamma_shape"])
    ratio = float(rate_posterior(observed, expected, shape, 0.95)[0][0])
    above = probability_rate_above(observed, expected, shape, setting.policy.complaint_rate_ratio)[0]
    return ratio, bool(above >= setting.policy.posterior_confidence)
