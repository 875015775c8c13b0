"""The values that the texts of the lists bind: months, year's and half-year's bounds, deadlines, hot industries, stages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd

from models import policy
from models.policy import SMALL_CELL, Policy


def list_values(as_of: date, in_force: Policy) -> dict[str, Any]:
    """What the lists of a night bind besides the values of every night, finished."""
    terms, stages = in_force.coverage, in_force.unlicensed
    months = in_force.work.months(as_of)
    start_on = months[-1]["month_start_on"]
    return {
        "year_end_on": date(as_of.year, 12, 31),
        "half_year_start_on": date(as_of.year, 1 if as_of.month <= 6 else 7, 1),
        "key_industry_visits_per_year": in_force.tiers.key_industry_visits_per_year,
        "hot_industry_pattern": terms.hot_industry_pattern,
        "hot_industries": terms.hot_industry_rows(),
        "hot_industry_target": terms.hot_industry_target,
        "unlicensed_stage_rules": stages.stage_rows(),
        "unlicensed_stuck_days": stages.stuck_days,
        "unlicensed_repeat_count": stages.repeat_count,
        "told_months": months,
        "told_month_start_on": start_on,
        "min_quality_records": in_force.aggregate.min_denominator,
        "small_cell": SMALL_CELL,
        "recheck_days": in_force.due_tasks.rules["rectification_due"].due_after_days + in_force.work.recheck_grace_days,
        "matter_days": in_force.due_tasks.rules["complaint_to_verify"].due_after_days,
        "case_deadlines": _case_deadlines(start_on, as_of),
        "task_until_on": as_of + timedelta(days=in_force.patrol.horizon_days),
    }


def _case_deadlines(start_on: date, as_of: date) -> list[dict[str, Any]]:
    """For every day on which a case may have been filed whose term ends in the months that are told: filed_on, due_on.

    The term is the one in force on the day of filing, with what the head may add: whether he did is not on record, and
    nobody is counted late for that. Days before the first rule have none.
    """
    longest = 366
    filed = pd.Series(pd.date_range(start_on - timedelta(days=longest), as_of))
    days = policy.each("deadlines", lambda rule: rule.case_days + rule.case_extension_days, filed)
    return [
        {"filed_on": at.date(), "due_on": at.date() + timedelta(days=int(term))}
        for at, term in zip(filed, days, strict=True)
        if not pd.isna(term)
    ]
