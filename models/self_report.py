"""Months of self-checks: what each institution reported, and what else was known of the same months."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from models.policy import FlagPolicy

KNOWN = ("has_complaint", "has_item", "has_outcome")
"""What a month may hold that a report of zero contradicts."""


def last_names(units: pd.DataFrame) -> dict[str, str]:
    """Every institution that was renamed, and the name under which it goes on; `units` is feature.officer_unit."""
    step = dict(zip(units["institution_id"], units["successor_id"], strict=True))
    return {old: step.get(new, new) for old, new in step.items()}


def monthly_reports(checks: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """One row per unit_id and month (first day): institution_id that reported, reported_on, problem_count,
    next_problem_count (NA while unknown)."""
    reports = checks.assign(
        unit_id=checks["institution_id"].replace(names),
        month=pd.to_datetime(checks["month"] + "-01"),
        reported_on=pd.to_datetime(checks["reported_on"]),
    )
    # under two names in the month of a change of name: the first report, with all it tells
    reports = reports.sort_values(["unit_id", "month", "reported_on", "institution_id"])
    reports = reports.groupby(["unit_id", "month"], as_index=False).agg(
        institution_id=("institution_id", "first"),
        reported_on=("reported_on", "min"),
        problem_count=("problem_count", "max"),
    )
    after = reports.assign(month=reports["month"] - pd.DateOffset(months=1))
    after = after.rename(columns={"problem_count": "next_problem_count"})[["unit_id", "month", "next_problem_count"]]
    return reports.merge(after, on=["unit_id", "month"], how="left")


def known_matters(
    complaints: pd.DataFrame, items: pd.DataFrame, outcomes: pd.DataFrame, postings: pd.DataFrame, names: dict[str, str]
) -> pd.DataFrame:
    """unit_id, month, kind (one of KNOWN) and known_on of every matter that a self-check of that month should tell.

    Complaints about officers found upheld, in the month they were received, accusations and repetitions left out; items
    of the rectification list, in the month they were closed, or fall due where they are open; outcomes against an
    officer of the institution, in the month they were settled.
    """
    upheld = complaints[
        complaints["outcome"].isin(["upheld", "partly_upheld"])
        & complaints["is_public"].astype(bool)
        & ~complaints["is_duplicate"].astype(bool)
        & complaints["institution_id"].notna()
    ]
    serving = outcomes[outcomes["result"] == "substantiated"].merge(postings, on="officer_id")
    opened = pd.to_datetime(serving["opened_on"])
    ended = pd.to_datetime(serving["ended_on"])
    serving = serving[(pd.to_datetime(serving["started_on"]) <= opened) & (ended.isna() | (ended >= opened))]
    parts = [
        _matters(upheld, "has_complaint", upheld["received_on"], upheld["resolved_on"]),
        _matters(items, "has_item", items["closed_on"].fillna(items["due_on"]), None),
        _matters(serving, "has_outcome", serving["closed_on"], None),
    ]
    matters = pd.concat(parts, ignore_index=True)
    return matters.assign(unit_id=matters["institution_id"].replace(names))


def _matters(rows: pd.DataFrame, kind: str, happened_on: pd.Series, known_on: pd.Series | None) -> pd.DataFrame:
    day = pd.to_datetime(happened_on)
    return pd.DataFrame(
        {
            "institution_id": rows["institution_id"].astype(object),
            "month": day.dt.to_period("M").dt.to_timestamp().astype("datetime64[us]"),
            "kind": kind,
            "known_on": day if known_on is None else pd.to_datetime(known_on),
        }
    )


def contradictable_months(reports: pd.DataFrame, matters: pd.DataFrame, policy: FlagPolicy) -> pd.DataFrame:
    """Reported months in which something was known by self_check_grace_days after the report, as records of the unit.

    Adds KNOWN as 0 or 1, is_hit (zero was reported), is_after_cutoff (all of it became known after the report),
    is_item_only, is_told_next_month (NA while the next report is not in), and known_on, when the grace is over.
    """
    joined = reports.merge(matters[["unit_id", "month", "kind", "known_on"]], on=["unit_id", "month"])
    grace = timedelta(days=policy.self_check_grace_days)
    joined = joined[joined["known_on"] <= joined["reported_on"] + grace]
    key = ["unit_id", "month"]
    kinds = joined.assign(one=1.0).pivot_table(index=key, columns="kind", values="one", aggfunc="max")
    kinds = kinds.reindex(columns=list(KNOWN)).fillna(0.0)
    months = reports.set_index(key).join(kinds, how="inner").reset_index()
    first = joined.groupby(key)["known_on"].min().reindex(pd.MultiIndex.from_frame(months[key])).to_numpy()
    return months.assign(
        record_id=months["institution_id"] + "|" + months["month"].dt.strftime("%Y-%m"),
        is_hit=months["problem_count"] == 0,
        is_after_cutoff=first > months["reported_on"].to_numpy(),
        is_item_only=(months["has_item"] > 0) & (months["has_complaint"] + months["has_outcome"] == 0),
        is_told_next_month=(months["next_problem_count"] > 0)
        .astype("boolean")
        .mask(months["next_problem_count"].isna()),
        known_on=months["reported_on"] + grace,
    )


def due_months(reports: pd.DataFrame, as_of: date, policy: FlagPolicy) -> pd.DataFrame:
    """Every month from a unit's first report on whose term was over by that night, as records of the unit.

    is_hit : no report was in self_check_due_days after the month's end. is_missing : none came at all.
    """
    parts = []
    for unit, own in reports.groupby("unit_id"):
        months = pd.date_range(own["month"].min(), pd.Timestamp(as_of), freq="MS", unit="us")
        parts.append(pd.DataFrame({"unit_id": unit, "month": months}))
    if not parts:
        return pd.DataFrame(
            columns=["record_id", "unit_id", "month", "reported_on", "known_on", "is_hit", "is_missing"]
        )
    every = pd.concat(parts, ignore_index=True).merge(
        reports[["unit_id", "month", "institution_id", "reported_on"]], on=["unit_id", "month"], how="left"
    )
    term = every["month"] + pd.offsets.MonthEnd(0) + timedelta(days=policy.self_check_due_days)
    is_in_time = every["reported_on"] <= term
    every = every.assign(
        # a month without a report is named by the unit: there is no record of it
        record_id=every["institution_id"].where(every["institution_id"].notna(), every["unit_id"])
        + "|"
        + every["month"].dt.strftime("%Y-%m"),
        known_on=term + timedelta(days=1),
        is_hit=np.asarray(~is_in_time.fillna(False)),
        is_missing=every["reported_on"].isna(),
    )
    return every[every["known_on"] <= pd.Timestamp(as_of)].reset_index(drop=True)
