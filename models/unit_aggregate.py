"""Figures of a unit by quarter for management: never a person's in disguise, and no hint about anybody.

A unit with fewer than min_officers officers has no row: it is told together with all such units of the institution above
it, and not at all where these are too few as well. A share or a median must rest on min_officers officers who led its
records (eight officers of whom one decides every case are one) and on min_denominator records; a mean per officer on
min_officers officers. Complaints of 1 to 4 complainants are empty (models.complaint_cell). Source: DOMAIN.md 2.11.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from models.complaint_cell import is_small
from models.flags import NotComputable
from models.policy import AggregatePolicy

FAMILY = "unit_aggregate"

GROUP = ["institution_id", "scope"]

SHARES = {
    "finding_share": ("finding_visit_count", "inspected_count", "inspecting_officer_count"),
    "severe_share": ("severe_visit_count", "inspected_count", "inspecting_officer_count"),
    "referred_share": ("referred_visit_count", "inspected_count", "inspecting_officer_count"),
    "fined_share": ("fined_count", "decided_count", "deciding_officer_count"),
    "no_penalty_share": ("no_penalty_count", "decided_count", "deciding_officer_count"),
    "dropped_share": ("dropped_count", "decided_count", "deciding_officer_count"),
    "filed_visit_share": ("filed_visit_count", "visit_count", "visiting_officer_count"),
}
"""Each share: what is counted, of how many records, and how many officers led these."""

COUNTS = ("officer_count", "visit_count", "case_count", "decided_count")

NEEDED = {
    "has_patrol": (
        ("visit_count", "visits_per_officer", "finding_share", "referred_share"),
        "没有交付巡查记录",
        "no visits were delivered",
    ),
    "has_finding_severity": (("severe_share",), "没有交付严重问题数", "severe findings were not delivered"),
    "has_visit_filing": (("filed_visit_share",), "没有交付入企检查报备", "no filings of visits were delivered"),
    "has_penalty": (("case_count",), "没有交付案件", "no cases were delivered"),
    "has_outcome_date": (
        ("decided_count", "fined_share", "no_penalty_share", "dropped_share"),
        "案件没有决定日期或结案日期",
        "cases bear neither the day of the decision nor that of the closing",
    ),
    "has_decided_on": (
        ("median_days_to_decision",),
        "案件没有决定日期",
        "cases do not bear the day of the decision",
    ),
    "has_complaint_officer": (
        ("complaint_count_per_officer",),
        "投诉举报没有被反映人",
        "complaints do not name the officer concerned",
    ),
}
"""What the delivery must hold (core.delivery), the columns that are empty without it, and the reason in both languages."""


def unit_aggregate(quarters: pd.DataFrame, overdue: pd.DataFrame, policy: AggregatePolicy, night: date) -> pd.DataFrame:
    """The rows of the published table `unit_aggregate`, by institution, scope and quarter.

    quarters : feature.unit_quarter. overdue : `overdue_share`, told in the row of the night's own quarter alone.
    Counts are counts, shares 0..1, means per officer and quarter, the median in days; empty is never 0. Lower or higher
    is not worse by itself: the figures are to be compared between like units.
    """
    rows = quarters[(quarters["officer_count"] >= policy.min_officers).to_numpy(dtype=bool)].reset_index(drop=True)
    numbers = {name: rows[name].to_numpy(dtype=float, na_value=np.nan) for name in rows.columns if "count" in name}
    told = rows[[*GROUP, "quarter_start_on", "quarter_end_on", "is_complete"]].assign(as_of=pd.Timestamp(night))
    for name in COUNTS:
        told[name] = rows[name].astype("Int64")
    told["visits_per_officer"] = numbers["visit_count"] / numbers["officer_count"]
    for name, (part, whole, officers) in SHARES.items():
        is_told = _is_told(numbers[whole], numbers[officers], policy)
        told[name] = numbers[part] / np.where(is_told, numbers[whole], np.nan)
    is_told = _is_told(numbers["dated_count"], numbers["dated_officer_count"], policy)
    days = rows["median_days_to_decision"].to_numpy(dtype=float, na_value=np.nan)
    told["median_days_to_decision"] = np.where(is_told, days, np.nan)
    is_cell = np.array([is_small(count) for count in numbers["complainant_count"]], dtype=bool)
    told["complaint_count_per_officer"] = (
        np.where(is_cell, np.nan, numbers["complaint_count"]) / numbers["officer_count"]
    )
    own = pd.to_datetime(told["quarter_start_on"]) == pd.to_datetime(told["quarter_start_on"]).max()
    found = told[GROUP].merge(overdue, on=GROUP, how="left", validate="many_to_one")["rotation_overdue_share"]
    return told.assign(rotation_overdue_share=found.astype(float).where(own.to_numpy()).to_numpy())


def _is_told(record_count: np.ndarray, officer_count: np.ndarray, policy: AggregatePolicy) -> np.ndarray:
    """Whether what rests on so many records, led by so many officers, is told; not where either is unknown."""
    return (record_count >= policy.min_denominator) & (officer_count >= policy.min_officers)


def overdue_share(
    groups: pd.DataFrame, officers: pd.DataFrame, rotation: pd.DataFrame, policy: AggregatePolicy
) -> pd.DataFrame:
    """Of the officers who serve tonight, the share with a clock that is overdue (0..1, higher is worse), by institution and scope.

    groups : feature.unit_group of the night's own quarter. officers : feature.officer_directory. rotation : the night's
    rotation_plan. Empty where fewer than min_denominator officers serve.
    """
    late = rotation.loc[rotation["status"] == "overdue", "officer_id"]
    serving = officers[officers["is_serving"].to_numpy(dtype=bool)]
    held = serving.assign(is_late=serving["officer_id"].isin(late)).merge(
        groups.loc[groups["institution_id"].notna(), ["unit_id", *GROUP]].rename(columns={"institution_id": "told_id"}),
        on="unit_id",
    )
    found = held.groupby(["told_id", "scope"])["is_late"].agg(["sum", "size"])
    share = (found["sum"] / found["size"]).where(_is_told(found["size"], found["size"], policy))
    return share.rename("rotation_overdue_share").rename_axis(GROUP).reset_index()


def unit_gaps(
    groups: pd.DataFrame, quarters: pd.DataFrame, holds: Mapping[str, bool], policy: AggregatePolicy
) -> list[NotComputable]:
    """Which units are told in no row tonight, and which columns are empty for want of records, with the reason.

    groups : feature.unit_group of the night's own quarter. quarters : feature.unit_quarter of it. holds : core.delivery.
    """
    gaps = [
        NotComputable("bureau", "all", f"{FAMILY}.{column}", zh, en)
        for question, (columns, zh, en) in NEEDED.items()
        if not holds[question]
        for column in columns
    ]
    enough = quarters.loc[(quarters["officer_count"] >= policy.min_officers).to_numpy(dtype=bool), GROUP]
    has_row = pd.MultiIndex.from_frame(groups[GROUP]).isin(pd.MultiIndex.from_frame(enough))
    hidden = groups[~has_row & (groups["officer_count"] > 0).to_numpy(dtype=bool)].sort_values("unit_id")
    least = policy.min_officers
    zh = f"本季度任职不足{least}人,与同一上级机构的其他小单位合计后仍不足{least}人(或没有上级机构),为避免指向个人,不公布合计数据"
    en = (
        f"fewer than {least} officers this quarter, also together with the other small units of the institution above it "
        "(or there is none above it): no figures are told, lest they be a person's"
    )
    return [*gaps, *(NotComputable("institution", unit, FAMILY, zh, en) for unit in hidden["unit_id"])]
