"""Meals and activities that an officer filed with a merchant whose case he handled at the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from models.flags import CounterEvidence, Evidence, Flag
from models.hint.told import window_words
from models.policy import FlagPolicy

PATTERN = "meal_with_case_party"
IN_ORDER = ("approved", "on_time")
OUT_OF_ORDER = ("rejected", "late", "missing")
"""States of a filing that somebody found wanting; a filing without a state is neither in order nor out of it."""


@dataclass(frozen=True)
class _Counted:
    """Of one officer's meals with a party: how many there are, in order, out of order, and of all meals he filed."""

    all: int
    in_order: int
    out_of_order: int
    filed: int

    @property
    def unknown(self) -> int:
        return self.all - self.in_order - self.out_of_order


def case_meals(filings: pd.DataFrame, cases: pd.DataFrame, night: date, policy: FlagPolicy) -> pd.DataFrame:
    """Filings of kind meal_activity of the last long_days whose merchant was party to a case of the same officer.

    filings : core.filing. cases : core.penalty; the officer led or joined, and the event lay between the day of discovery
    (of filing, where none is on file: nobody knew of a case before) and meal_case_days after the outcome. One row per
    filing: filing_id, officer_id, event_on, filed_on, status, case_id (the first), filed_meal_count (all meals that he
    filed in that time, with whomever).
    """
    meals = filings[(filings["kind"] == "meal_activity") & filings["officer_id"].notna()]
    event = pd.to_datetime(meals["event_at"]).dt.normalize()
    meals = meals.assign(event_on=event.fillna(pd.to_datetime(meals["filed_on"])))
    first = pd.Timestamp(night) - pd.Timedelta(days=policy.long_days)
    meals = meals[(meals["event_on"] > first) & (meals["event_on"] <= pd.Timestamp(night))]
    meals = meals.assign(filed_meal_count=meals.groupby("officer_id")["filing_id"].transform("count"))
    columns = ["case_id", "officer_id", "merchant_id", "discovered_on", "filed_on", "outcome_known_on"]
    handlers = [cases.rename(columns={role: "officer_id"})[columns] for role in ("lead_officer_id", "co_officer_id")]
    met = meals[meals["merchant_id"].notna()].merge(
        pd.concat(handlers).dropna(subset="officer_id"), on=["officer_id", "merchant_id"], suffixes=("", "_case")
    )
    filed = pd.to_datetime(met["filed_on_case"])
    discovered = pd.to_datetime(met["discovered_on"])
    begun = discovered.where(discovered <= filed, filed)
    ended = pd.to_datetime(met["outcome_known_on"]) + pd.Timedelta(days=policy.meal_case_days)
    is_open = (met["event_on"] >= begun) & (ended.isna() | (met["event_on"] <= ended))
    found = met[is_open].sort_values(["filing_id", "case_id"]).drop_duplicates("filing_id")
    kept = ["filing_id", "officer_id", "event_on", "filed_on", "status", "case_id", "filed_meal_count"]
    return found[kept].reset_index(drop=True)


def meal_hints(meals: pd.DataFrame, family: str, night: date, policy: FlagPolicy) -> list[Flag]:
    """One hint per officer of `case_meals`: weak; moderate from min_case_meals on that were rejected, late or missing."""
    return [_hint(str(name), rows, family, night, policy) for name, rows in meals.groupby("officer_id")]


def _hint(officer_id: str, rows: pd.DataFrame, family: str, night: date, policy: FlagPolicy) -> Flag:
    rows = rows.sort_values(["event_on", "filing_id"])
    counted = _Counted(
        len(rows),
        int(rows["status"].isin(IN_ORDER).sum()),
        int(rows["status"].isin(OUT_OF_ORDER).sum()),
        int(rows["filed_meal_count"].iloc[0]),
    )
    span_zh, span_en = window_words(policy.long_days)
    return Flag(
        subject_kind="officer",
        subject_id=officer_id,
        family=family,
        strength="moderate" if counted.out_of_order >= policy.min_case_meals else "weak",
        window_start_on=night - pd.Timedelta(days=policy.long_days - 1),
        window_end_on=night,
        statistic_name="record_count",
        statistic=float(counted.all),
        observed=float(counted.all),
        expected=0.0,
        interval_low=None,
        interval_high=None,
        exposure_count=counted.filed,
        exposure_unit="filing",
        peer_group="rule",
        peer_count=0,
        peer_median=None,
        p_value=None,
        q_value=None,
        summary_zh=f"风险提示:近{span_zh}其报备的餐饮活动{counted.filed}件,其中{counted.all}件的对方为其承办或协办案件的"
        f"当事人(自发现或立案起至结果后{policy.meal_case_days}日);该{counted.all}件中{counted.in_order}件已获批准或按时报备,"
        f"{counted.out_of_order}件未获批准、逾期或缺报,{counted.unknown}件未载明状态",
        summary_en=f"Risk hint: {counted.all} of the {counted.filed} meals or activities that he filed in {span_en} were "
        f"with a party to a case that he handled (from its discovery or filing to {policy.meal_case_days} days after the "
        f"outcome); {counted.in_order} of them were approved or on time, {counted.out_of_order} rejected, late or missing, "
        f"and of {counted.unknown} the state is not on file",
        rule_trace=f"pattern {PATTERN}: meal_activity filings with a merchant under a case led or joined, from discovery or "
        f"filing to {policy.meal_case_days} days after the outcome: {counted.all}; rejected, late or missing "
        f"{counted.out_of_order}, moderate from {policy.min_case_meals} on; state not on file {counted.unknown}",
        facts=(PATTERN,),
        evidence=tuple(_evidence(row) for row in rows.head(policy.evidence_limit).itertuples()),
        counter_evidence=(
            _in_order(counted, policy),
            _filed_openly(rows, policy),
            _few(counted.all, policy),
            _other_guests(),
        ),
    )


def _evidence(row) -> Evidence:
    day = pd.Timestamp(row.event_on)
    return Evidence(
        "filing",
        str(row.filing_id),
        1.0 if row.status in OUT_OF_ORDER else 0.5,
        f"{day:%Y-%m-%d}餐饮活动报备,对方为案件{row.case_id}当事人",
        f"meal or activity filed for {day:%Y-%m-%d}, with the party to case {row.case_id}",
    )


def _in_order(counted: _Counted, policy: FlagPolicy) -> CounterEvidence:
    code = "approved_beforehand"
    if counted.unknown == counted.all:
        return CounterEvidence(
            code,
            "unknown",
            "交付记录未载明报备是否获批准",
            "the records delivered do not say whether they were approved",
        )
    left = counted.all - counted.in_order
    return CounterEvidence(
        code,
        "supported" if counted.in_order and left < policy.min_case_meals else "not_supported",
        f"{counted.all}件中{counted.in_order}件已获批准或按时报备",
        f"{counted.in_order} of {counted.all} were approved or on time",
        float(left),
    )


def _filed_openly(rows: pd.DataFrame, policy: FlagPolicy) -> CounterEvidence:
    """Who files a meal himself, before it takes place, hides nothing; one that was refused is not excused by it."""
    filed_on = pd.to_datetime(rows["filed_on"])
    code = "filed_openly"
    if filed_on.isna().all():
        return CounterEvidence(
            code, "unknown", "交付记录未载明报备日期", "the records delivered do not say when they were filed"
        )
    is_open = (filed_on <= rows["event_on"]) & ~rows["status"].isin(OUT_OF_ORDER)
    count, left = int(is_open.sum()), int((~is_open).sum())
    return CounterEvidence(
        code,
        "supported" if count and left < policy.min_case_meals else "not_supported",
        f"{len(rows)}件中{count}件由本人不晚于活动当日主动报备且未被否决",
        f"{count} of {len(rows)} were filed openly by himself by the day of the event, and not refused",
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
        "活动是否实际举行、是否为公务活动、他人同席或与案件无关,记录未载明,请核对",
        "whether it took place, was an official occasion, who else came, and what it had to do with the case is not on file; "
        "to be checked",
    )
