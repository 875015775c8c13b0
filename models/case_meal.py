"""Meals and activities that an officer filed with a merchant whose case he handled at the time."""

from __future__ import annotations

from datetime import date

import pandas as pd

from models.flags import CounterEvidence, Evidence, Flag
from models.hint.told import window_words
from models.policy import FlagPolicy

PATTERN = "meal_with_case_party"


def case_meals(filings: pd.DataFrame, cases: pd.DataFrame, night: date, policy: FlagPolicy) -> pd.DataFrame:
    """Filings of kind meal_activity of the last long_days whose merchant was party to a case of the same officer.

    filings : core.filing. cases : core.penalty; the officer led or joined, and the case was open within meal_case_days of
    the event. One row per filing: filing_id, officer_id, event_on, status, case_id (the first).
    """
    meals = filings[
        (filings["kind"] == "meal_activity") & filings["officer_id"].notna() & filings["merchant_id"].notna()
    ]
    event = pd.to_datetime(meals["event_at"]).dt.normalize()
    meals = meals.assign(event_on=event.fillna(pd.to_datetime(meals["filed_on"])))
    first = pd.Timestamp(night) - pd.Timedelta(days=policy.long_days)
    meals = meals[(meals["event_on"] > first) & (meals["event_on"] <= pd.Timestamp(night))]
    handlers = [
        cases.rename(columns={role: "officer_id"})[
            ["case_id", "officer_id", "merchant_id", "filed_on", "outcome_known_on"]
        ]
        for role in ("lead_officer_id", "co_officer_id")
    ]
    met = meals.merge(
        pd.concat(handlers).dropna(subset="officer_id"), on=["officer_id", "merchant_id"], suffixes=("", "_case")
    )
    around = pd.Timedelta(days=policy.meal_case_days)
    begun = pd.to_datetime(met["filed_on_case"]) - around
    ended = pd.to_datetime(met["outcome_known_on"]) + around
    is_open = (met["event_on"] >= begun) & (ended.isna() | (met["event_on"] <= ended))
    found = met[is_open].sort_values(["filing_id", "case_id"]).drop_duplicates("filing_id")
    return found[["filing_id", "officer_id", "event_on", "status", "case_id"]].reset_index(drop=True)


def meal_hints(meals: pd.DataFrame, family: str, night: date, policy: FlagPolicy) -> list[Flag]:
    """One hint per officer of `case_meals`: weak; moderate from min_case_meals without approval on."""
    return [_hint(str(name), rows, family, night, policy) for name, rows in meals.groupby("officer_id")]


def _hint(officer_id: str, rows: pd.DataFrame, family: str, night: date, policy: FlagPolicy) -> Flag:
    rows = rows.sort_values(["event_on", "filing_id"])
    count, approved = len(rows), int((rows["status"] == "approved").sum())
    span_zh, span_en = window_words(policy.long_days)
    is_clear = count - approved >= policy.min_case_meals
    return Flag(
        subject_kind="officer",
        subject_id=officer_id,
        family=family,
        strength="moderate" if is_clear else "weak",
        window_start_on=night - pd.Timedelta(days=policy.long_days - 1),
        window_end_on=night,
        statistic_name="record_count",
        statistic=float(count),
        observed=float(count),
        expected=0.0,
        interval_low=None,
        interval_high=None,
        exposure_count=count,
        exposure_unit="filing",
        peer_group="rule",
        peer_count=0,
        peer_median=None,
        p_value=None,
        q_value=None,
        summary_zh=f"风险提示:近{span_zh}报备的餐饮活动中{count}件,对方为其承办或协办案件的当事人"
        f"(案件办理期间及前后{policy.meal_case_days}日),其中{approved}件已获批准",
        summary_en=f"Risk hint: {count} meals or activities filed in {span_en} were with a party to a case that he handled "
        f"(while it was open, or within {policy.meal_case_days} days of that); {approved} of them were approved",
        rule_trace=f"pattern {PATTERN}: meal_activity filings with a merchant under a case led or joined, "
        f"+-{policy.meal_case_days} days: {count}; without approval {count - approved}, moderate from "
        f"{policy.min_case_meals} on",
        facts=(PATTERN,),
        evidence=tuple(_evidence(row) for row in rows.head(policy.evidence_limit).itertuples()),
        counter_evidence=(_approved(count, approved, policy), _few(count, policy), _other_guests()),
    )


def _evidence(row) -> Evidence:
    day = pd.Timestamp(row.event_on)
    return Evidence(
        "filing",
        str(row.filing_id),
        0.5 if row.status == "approved" else 1.0,
        f"{day:%Y-%m-%d}餐饮活动报备,对方为案件{row.case_id}当事人",
        f"meal or activity filed for {day:%Y-%m-%d}, with the party to case {row.case_id}",
    )


def _approved(count: int, approved: int, policy: FlagPolicy) -> CounterEvidence:
    left = count - approved
    return CounterEvidence(
        "approved_beforehand",
        "supported" if approved and left < policy.min_case_meals else "not_supported",
        f"{count}件中{approved}件已获批准",
        f"{approved} of {count} were approved",
        float(left),
    )


def _few(count: int, policy: FlagPolicy) -> CounterEvidence:
    return CounterEvidence(
        "few_records",
        "supported" if count < policy.min_case_meals else "not_supported",
        f"共{count}件",
        f"{count} in all",
    )


def _other_guests() -> CounterEvidence:
    return CounterEvidence(
        "official_occasion",
        "unknown",
        "是否为公务活动、他人同席或活动与案件无关,记录未载明,请核对",
        "whether it was an official occasion, who else came, and what it had to do with the case is not on file; to be checked",
    )
