"""The visits that the next days want, one per merchant: 综合查一次, several reasons are one joint visit.

    priority = 1 + wait              for a due task (recheck, complaint, a legal date)
    priority = chance · wait         for the visit that a merchant's tier asks for
    wait     = days from the due date to the end of the horizon, as a share of longest_wait_days, at most 1
    chance   = probability of a severe finding; without a model, the tier's visits per year over those of tier D

So tasks come first (priority above 1), and among the others whoever has waited long and is likely to need it. A
higher priority goes first. Source: DOMAIN.md 1.1 (frequency, due tasks, duplicate visits), 2.8 (cap per year).
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from models.policy import Policy

COMPLAINT = "complaint_to_verify"
"""Kind of task of which a merchant has one need, however many there are."""

NEED_COLUMNS = [
    "merchant_id",
    "visit_kind",
    "rank",
    "due_on",
    "earliest_on",
    "priority",
    "is_exempt",
    "reason_zh",
    "reason_en",
]


def visit_demand(
    risk: pd.DataFrame, due_task: pd.DataFrame, places: pd.DataFrame, night: date, policy: Policy
) -> pd.DataFrame:
    """One row per merchant that wants a visit within the horizon, the most pressing first.

    Parameters
    ----------
    risk : merchant_risk of the night, one row per open merchant.
    due_task : feature.due_task of the night; rows that need a visit and are due within the horizon count.
    places : feature.patrol_place, one row per open merchant.

    Returns merchant_id, institution_id, grid_id, industry_code, visit_kind, due_on (it may lie in the past), priority,
    earliest_on (the visit must not be made before that day; empty: any day will do), is_capped_out (the yearly cap allows
    no visit of this kind within the horizon), reason_zh, reason_en and the columns of `places`. Of several kinds the one
    exempt from the cap wins; the earliest due date holds. Where this year's cap is used up and the horizon reaches the
    next year, the visit may be made from 1 January.
    """
    until = pd.Timestamp(night + timedelta(days=policy.patrol.horizon_days))
    needs = pd.concat(
        [_tasks(due_task, until, policy), _routine(risk, night, until, policy)], ignore_index=True
    ).sort_values(["merchant_id", "rank", "due_on", "visit_kind", "reason_zh"], kind="stable", ignore_index=True)
    visits = _joined(_of_one_visit(needs))
    here = risk[["merchant_id", "institution_id", "grid_id", "industry_code", "capped_visits_left_this_year"]]
    visits = visits.merge(here, on="merchant_id").merge(places, on="merchant_id", how="left")
    is_used_up = ~visits["is_exempt"] & (visits["capped_visits_left_this_year"] <= 0)
    next_year = pd.Timestamp(night.year + 1, 1, 1)
    visits["is_capped_out"] = is_used_up & (next_year > until)
    visits["earliest_on"] = visits["earliest_on"].mask(is_used_up & (next_year <= until), next_year)
    visits = visits.drop(columns=["is_exempt", "capped_visits_left_this_year"])
    return visits.sort_values(["priority", "due_on", "merchant_id"], ascending=[False, True, True], ignore_index=True)


def _tasks(due_task: pd.DataFrame, until: pd.Timestamp, policy: Policy) -> pd.DataFrame:
    exempt = policy.tiers.cap_exempt_visit_kinds
    due_on = pd.to_datetime(due_task["due_on"])
    tasks = due_task.assign(due_on=due_on)[due_task["needs_visit"].astype(bool) & (due_on <= until)].copy()
    # one visit sees to all complaints; to tell each would tell how many there are
    complaints = tasks[tasks["kind"] == COMPLAINT].sort_values("due_on", kind="stable")
    tasks = tasks.drop(complaints.index[complaints["merchant_id"].duplicated()])
    tasks["is_exempt"] = tasks["is_cap_exempt"].astype(bool)
    # exempt kinds in the order of the policy, then the other tasks; the routine visit comes last
    order = {kind: place for place, kind in enumerate(exempt)}
    tasks["rank"] = tasks["visit_kind"].map(lambda kind: order.get(kind, len(exempt))).astype(np.int64)
    waits = {kind for kind, rule in policy.due_tasks.rules.items() if rule.not_before_due}
    tasks["earliest_on"] = tasks["due_on"].where(tasks["kind"].isin(waits))
    tasks["priority"] = 1 + _wait(tasks["due_on"], until, policy)
    return tasks[NEED_COLUMNS]


def _routine(risk: pd.DataFrame, night: date, until: pd.Timestamp, policy: Policy) -> pd.DataFrame:
    due_on = pd.to_datetime(risk["next_due_on"])
    wanted = risk.assign(due_on=due_on)[(due_on <= until).to_numpy()]
    probability = wanted["probability"].to_numpy(dtype=float, na_value=np.nan)
    required = policy.tiers.required_visits_per_year
    by_tier = wanted["patrol_tier"].map({tier: count / max(required.values()) for tier, count in required.items()})
    chance = np.where(np.isnan(probability), by_tier.to_numpy(dtype=float), probability)
    zh, en = _routine_reasons(wanted, probability, night, policy)
    return pd.DataFrame(
        {
            "merchant_id": wanted["merchant_id"],
            "visit_kind": "routine",
            "rank": len(policy.tiers.cap_exempt_visit_kinds) + 1,
            "due_on": wanted["due_on"],
            "earliest_on": pd.Series(pd.NaT, index=wanted.index, dtype=wanted["due_on"].dtype),
            "priority": chance * _wait(wanted["due_on"], until, policy),
            "is_exempt": False,
            "reason_zh": zh,
            "reason_en": en,
        }
    )


def _wait(due_on: pd.Series, until: pd.Timestamp, policy: Policy) -> np.ndarray:
    days = (until - due_on).dt.days.to_numpy(dtype=float) + 1
    return np.minimum(days / policy.patrol.longest_wait_days, 1)


def _routine_reasons(
    wanted: pd.DataFrame, probability: np.ndarray, night: date, policy: Policy
) -> tuple[pd.Series, pd.Series]:
    zh, en = _who_asks(wanted, policy)
    required, capped = (wanted[f"{which}_visits_per_year"] for which in ("required", "capped"))
    is_capped = capped < required
    zh += "应查" + required.astype(str) + "次/年"
    zh += (",频次上限内" + capped.astype(str) + "次").where(is_capped, "")
    en += " asks for " + required.astype(str) + " visits a year"
    en += (", " + capped.astype(str) + " within the cap").where(is_capped, "")
    due = wanted["due_on"].dt.strftime("%Y-%m-%d")
    late = (pd.Timestamp(night) - wanted["due_on"]).dt.days
    days = late.astype(str)
    percent = pd.Series(np.nan_to_num(probability * 100).round(1), index=wanted.index).astype(str)
    zh += ",应于" + due + "前检查"
    zh += (",已逾期" + days + "天").where(late > 0, "")
    zh += (",严重问题概率" + percent + "%").where(~np.isnan(probability), "")
    en += ", due on " + due
    en += (", " + days + " days overdue").where(late > 0, "")
    en += (", probability of a severe finding " + percent + "%").where(~np.isnan(probability), "")
    return zh, en


def _who_asks(wanted: pd.DataFrame, policy: Policy) -> tuple[pd.Series, pd.Series]:
    """Whose number of visits it is: the tier's, or that of the industry rule that asks for more."""
    rule, tier = wanted["required_visits_rule"], wanted["patrol_tier"]
    named = {entry.code: (entry.name_zh, entry.name_en) for entry in policy.tiers.industry_visits}
    named["key_industry"] = ("重点行业", "key industries")
    zh, en = (rule.map({code: names[place] for code, names in named.items()}) for place in (0, 1))
    is_tier = rule == "tier"
    return ("行业规则(" + zh + ")").mask(is_tier, "规则分类" + tier + "类"), ("the rule for " + en).mask(
        is_tier, "tier " + tier + " by rule"
    )


def _of_one_visit(needs: pd.DataFrame) -> pd.DataFrame:
    """The needs without those whose day has not come when another task of the merchant falls due: they stay for later."""
    first = needs["due_on"].where(needs["priority"] > 1).groupby(needs["merchant_id"]).transform("min")
    return needs[~(needs["earliest_on"] > first)]


def _joined(needs: pd.DataFrame) -> pd.DataFrame:
    """One visit per merchant of its needs, which come in the order in which their reasons are told."""
    several = needs["merchant_id"].duplicated(keep=False).to_numpy()
    shared = (
        needs[several]
        .groupby("merchant_id", sort=True)
        .agg(
            visit_kind=("visit_kind", "first"),
            due_on=("due_on", "min"),
            earliest_on=("earliest_on", "max"),
            priority=("priority", "max"),
            is_exempt=("is_exempt", "any"),
            reason_zh=("reason_zh", lambda told: ";".join(dict.fromkeys(told))),
            reason_en=("reason_en", lambda told: "; ".join(dict.fromkeys(told))),
        )
        .reset_index()
    )
    return pd.concat([needs[~several].drop(columns="rank"), shared], ignore_index=True)
