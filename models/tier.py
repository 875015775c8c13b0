"""The patrol tier of a merchant by rule: A far, B middle, C near, D at zero distance (远、中、近、零距离监管).

Source: 辖区监管责任制方案, as DOMAIN.md 1.1 and 1.9 read it, gaps decided there. D goes before C before B before A.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.policy import TIERS, TierPolicy

RULES = {
    "unlicensed": ("D", "无证无照经营", "operates without a licence"),
    "closed_by_order": ("D", "责令停业或吊销", "suspended or revoked"),
    "complaints_and_refusal": (
        "D",
        "投诉集中且不服管理",
        "upheld complaints cluster and a recheck still found something",
    ),
    "repeated_records": ("D", "多次不良行为记录", "repeated bad records"),
    "key_industry_record": ("C", "重点行业且有不良行为记录", "key industry with a bad record"),
    "severe_record": ("B", "有较重不良行为记录,未达D类次数", "a severe bad record, fewer than tier D needs"),
    "minor_record": ("B", "有轻微不良行为记录", "minor bad records only"),
    "annual_report": ("B", "年报逾期或未报", "annual report late or missing"),
    "young": ("B", "成立不满两年,暂列B类", "registered less than two years ago: B for the time being"),
    "clean": ("A", "近两年无不良行为记录且年报合格", "no bad record and annual reports in order"),
    "clean_but_for_reports": (
        "A",
        "近两年无不良行为记录,年报未交付、无法判断",
        "no bad record; annual reports were not delivered",
    ),
}
"""Every rule by its code, in order of precedence: tier, Chinese and English wording."""


def rule_tiers(frame: pd.DataFrame, policy: TierPolicy) -> pd.DataFrame:
    """The tier of each merchant and the rule that gave it.

    `frame` has the columns of feature.merchant, one row per merchant. Returns a frame with its index: patrol_tier (A to
    D, D the worst), patrol_tier_rule (a code of RULES), required_visits_per_year (by the tier), and
    capped_visits_per_year (never more than the policy's cap). A limb whose facts were not delivered does not hold.
    """
    # a visit that led to a penalty is one record, not two
    severe = np.maximum(_count(frame, "severe_record_count_730"), _count(frame, "case_punished_count_730"))
    minor = _count(frame, "minor_record_count_730")
    record = severe + minor
    late = _count(frame, "annual_report_late_count_1095") + _count(frame, "annual_report_missing_count_1095")
    age_days = frame["age_years"].to_numpy(dtype=float, na_value=np.nan) * 365.25
    holds = {
        "unlicensed": (frame["kind"] == "unlicensed") | (frame["status"] == "unlicensed"),
        "closed_by_order": frame["status"].isin(["suspended", "revoked"]),
        "complaints_and_refusal": (_count(frame, "complaint_upheld_count_90") >= policy.d_complaint_upheld_count)
        & (_count(frame, "recheck_failed_count_730") >= 1),
        "repeated_records": record >= policy.d_record_threshold,
        "key_industry_record": frame["is_key_industry"].to_numpy(dtype=bool) & (record >= 1),
        "severe_record": severe >= 1,
        "minor_record": minor >= 1,
        "annual_report": late >= 1,
        "young": age_days < policy.young_merchant_days,
        "clean": frame["annual_report_late_count_1095"].notna().to_numpy(),
        "clean_but_for_reports": np.ones(len(frame), dtype=bool),
    }
    codes = list(RULES)
    first = np.argmax(np.column_stack([np.asarray(holds[code], dtype=bool) for code in codes]), axis=1)
    rule = np.array(codes, dtype=object)[first]
    tier = np.array([RULES[code][0] for code in codes], dtype=object)[first]
    required = dict(policy.required_visits_per_year)
    if policy.a_patrol_policy == "exempt":
        required["A"] = 0
    required_visits = np.array([required[letter] for letter in tier], dtype=np.int64)
    return pd.DataFrame(
        {
            "patrol_tier": tier,
            "patrol_tier_rule": rule,
            "required_visits_per_year": required_visits,
            "capped_visits_per_year": np.minimum(required_visits, policy.visit_cap_per_year),
        },
        index=frame.index,
    )


def overdue(frame: pd.DataFrame, visits_per_year: np.ndarray) -> np.ndarray:
    """Whether the interval that `visits_per_year` sets has passed since the last visit, or since registration.

    Returns booleans of shape (n_rows,). A merchant that owes no visit is never overdue.
    """
    interval_days = np.divide(365.0, visits_per_year, out=np.full(len(frame), np.inf), where=visits_per_year > 0)
    since_visit = frame["days_since_visit"].to_numpy(dtype=float, na_value=np.nan)
    since_start = frame["age_years"].to_numpy(dtype=float, na_value=np.nan) * 365.25
    return np.nan_to_num(np.where(np.isnan(since_visit), since_start, since_visit), nan=0.0) > interval_days


def model_tiers(probability: np.ndarray, cut: dict[str, float]) -> np.ndarray:
    """The tier of each probability: the highest tier whose cut it reaches (`cut` from tier_cuts)."""
    tier = np.full(len(probability), TIERS[0], dtype=object)
    for letter in TIERS[1:]:
        tier[probability >= cut[letter]] = letter
    return tier


def tier_cuts(probability: np.ndarray, mix: dict[str, float]) -> dict[str, float]:
    """The least probability of tiers B, C and D that splits `probability` by the policy's mix of tiers."""
    below = np.cumsum([mix[letter] for letter in TIERS])[:-1]
    return {letter: float(np.quantile(probability, share)) for letter, share in zip(TIERS[1:], below, strict=True)}


def _count(frame: pd.DataFrame, column: str) -> np.ndarray:
    # a count that is not known cannot make a rule hold
    return frame[column].to_numpy(dtype=float, na_value=0.0)
