"""Which visits a merchant is owed within a year, how many of them the cap allows, and when the next one falls due.

The seed's minimum of visits and today's cap on visits pull apart: the duty is min(required, cap), and both are shown.
Source: DOMAIN.md 1.1 (#6, #8, #11, #15), 2.8 (国办发〔2024〕54号: the cap counts visits on site by kind of visit).
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from models.policy import TierPolicy

DAYS_PER_YEAR = 365


def visit_duty(frame: pd.DataFrame, tier: pd.Series, policy: TierPolicy, night: date) -> pd.DataFrame:
    """What each merchant is owed tonight.

    frame : feature.merchant_duty, one row per merchant. tier : patrol_tier, in the same order. Returns a frame with the
    index of `frame`:

    required_visits_per_year : visits per year that its tier, or its industry where that is more, asks for.
    required_visits_rule : `tier`, `key_industry`, or the code of the policy's industry that asks for more than the tier.
    capped_visits_per_year : the same, never more than the cap.
    visit_count_this_year : visits of this calendar year that count under the cap.
    capped_visits_left_this_year : visits that the cap still allows this year.
    next_due_on : the interval (365 / capped visits, full days) after the last visit at which someone was met, or after
        registration; not before next year where the cap is used up, nor before this one where last year's was; empty
        where no visit is owed.
    is_overdue, overdue_days : the due date has passed, and by how many days; 0 where not, empty where none is owed.
    """
    required, rule = _required(frame, tier, policy)
    capped = np.minimum(required, policy.visit_cap_per_year)
    used = frame["cap_visit_count_year"].to_numpy(dtype=np.int64)
    left = np.maximum(policy.visit_cap_per_year - used, 0)
    seen = _days(frame["last_inspected_on"])
    start = np.where(np.isnat(seen), _days(frame["registered_on"]), seen)
    interval = DAYS_PER_YEAR // np.maximum(capped, 1)
    due = start + interval.astype("timedelta64[D]")
    # postponed for want of visits last year, it does not fall back to an earlier day when the year turns
    was_used_up = frame["cap_visit_count_last_year"].to_numpy(dtype=np.int64) >= policy.visit_cap_per_year
    due = np.where(was_used_up, np.maximum(due, np.datetime64(date(night.year, 1, 1))), due)
    due = np.where(left == 0, np.maximum(due, np.datetime64(date(night.year + 1, 1, 1))), due)
    is_owed = capped > 0
    late = (np.datetime64(night) - due).astype(np.int64)
    is_overdue = is_owed & (late > 0)
    return pd.DataFrame(
        {
            "required_visits_per_year": required,
            "required_visits_rule": rule,
            "capped_visits_per_year": capped,
            "visit_count_this_year": used,
            "capped_visits_left_this_year": left,
            "next_due_on": pd.Series(due.astype("datetime64[s]"), index=frame.index).where(is_owed),
            "is_overdue": is_overdue,
            "overdue_days": pd.Series(np.where(is_overdue, late, 0), index=frame.index, dtype="Int64").where(is_owed),
        },
        index=frame.index,
    )


def _required(frame: pd.DataFrame, tier: pd.Series, policy: TierPolicy) -> tuple[np.ndarray, np.ndarray]:
    by_tier = dict(policy.required_visits_per_year)
    if policy.a_patrol_policy == "exempt":
        by_tier["A"] = 0
    required = np.array(tier.map(by_tier), dtype=np.int64)
    rule = np.full(len(frame), "tier", dtype=object)
    code = frame["industry_code"].astype("str").str
    overrides = [("key_industry", frame["is_key_industry"], policy.key_industry_visits_per_year)]
    overrides += [
        (entry.code, code.startswith(entry.prefixes), entry.visits_per_year) for entry in policy.industry_visits
    ]
    for name, is_of_it, visits in overrides:
        more = is_of_it.to_numpy(dtype=bool) & (visits > required)
        required[more], rule[more] = visits, name
    return required, rule


def _days(column: pd.Series) -> np.ndarray:
    return pd.to_datetime(column).to_numpy(dtype="datetime64[D]")
