"""What complaints cannot tell: officers who cannot be measured, each with his reason, and those who have gone."""

from __future__ import annotations

import pandas as pd

from models.flags import Night, NotComputable


def gone(complaints: pd.DataFrame, serving: pd.Series, family: str) -> list[NotComputable]:
    """One row for the hint and one for the score that tell how many with complaints hold no open posting tonight."""
    count = complaints.loc[~complaints["officer_id"].isin(serving), "officer_id"].nunique()
    if count == 0:
        return []
    return [
        NotComputable(
            "bureau",
            "all",
            name,
            f"近12个月被反映的人员中{count}人已离任或当前无在任岗位,未予评价",
            f"{count} officers with complaints in 12 months have left or hold no open posting tonight: not evaluated",
        )
        for name in (family, "officer_score")
    ]


def unmeasured(row, rows: pd.DataFrame, night: Night, family: str) -> NotComputable:
    """Why an officer cannot be measured: too little exposure, too few peers, or peers of whom nobody was complained."""
    policy = night.policy.flags
    if row.officer_id not in rows.index:
        visits = 0 if pd.isna(row.visit_count_12m) else int(row.visit_count_12m)
        return NotComputable(
            "officer",
            row.officer_id,
            family,
            f"近12个月巡查{visits}次(至少{policy.min_visits}次)、在岗{row.service_day_count_12m}日"
            f"(至少{policy.min_service_days}日),均不足",
            f"{visits} visits (at least {policy.min_visits}) and {row.service_day_count_12m} days of service "
            f"(at least {policy.min_service_days}) in 12 months: too little of either",
        )
    group = rows.loc[row.officer_id, "peer_group"]
    count = int((rows["peer_group"] == group).sum()) - 1
    if count >= policy.min_peers:
        return NotComputable(
            "officer",
            row.officer_id,
            family,
            f"同类{count}人近12个月无人被反映,无从预期",
            f"none of {count} peers was complained of in 12 months: nothing can be expected",
        )
    return NotComputable(
        "officer",
        row.officer_id,
        family,
        f"同岗位同类机构可比人员{count}人,至少需要{policy.min_peers}人",
        f"{count} peers of the same post and kind of station; at least {policy.min_peers} are needed",
    )
