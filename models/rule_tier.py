"""The patrol tier of a merchant by rule: A far, B middle, C near, D at zero distance (远、中、近、零距离监管).

Source: 辖区监管责任制方案, as DOMAIN.md 1.1 and 1.9 read it, gaps decided there. D goes before C before B before A.
A tier by rule needs no damping from night to night: only a fact that is new, or one that leaves its window of two years
(90 days for complaints), moves it, and neither comes and goes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.policy import TierPolicy

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
    "annual_report": ("B", "近两年年报逾期或未报", "annual report late or missing within two years"),
    "young": ("B", "成立不久,暂列B类", "registered not long ago: B for the time being"),
    "clean": ("A", "近两年无不良行为记录且年报合格", "no bad record in two years and annual reports in order"),
    "clean_but_for_reports": (
        "A",
        "近两年无不良行为记录,年报未交付、无法判断",
        "no bad record in two years; annual reports were not delivered",
    ),
}
"""Every rule by its code, in order of precedence: tier, Chinese and English wording."""


def rule_tiers(frame: pd.DataFrame, policy: TierPolicy) -> pd.DataFrame:
    """The tier of each merchant, and the rule that gave it, named and in words.

    `frame` has the columns of feature.merchant, one row per merchant; a case that ended in a penalty weighs like a severe
    visit. Returns a frame with its index: patrol_tier (A to D,
    D the worst), patrol_tier_rule (a code of RULES), patrol_tier_reason_zh and patrol_tier_reason_en. A limb whose facts
    were not delivered does not hold.
    """
    severe, minor = _count(frame, "severe_record_count_730"), _count(frame, "minor_record_count_730")
    # a visit and the penalty that it led to are one record, a case of its own is another
    record = severe + minor + _count(frame, "case_record_count_730")
    holds = {
        "unlicensed": (frame["kind"] == "unlicensed") | (frame["status"] == "unlicensed"),
        "closed_by_order": frame["status"].isin(["suspended", "revoked"]),
        "complaints_and_refusal": (_count(frame, "complaint_upheld_count_90") >= policy.d_complaint_upheld_count)
        & (_count(frame, "recheck_failed_count_730") >= policy.d_refusal_count),
        "repeated_records": record >= policy.d_record_threshold,
        "key_industry_record": frame["is_key_industry"].to_numpy(dtype=bool) & (record >= 1),
        "severe_record": (severe >= 1) | (_count(frame, "case_punished_count_730") >= 1),
        "minor_record": minor >= 1,
        "annual_report": _count(frame, "annual_report_failed_count_730") >= 1,
        "young": frame["age_days"].to_numpy(dtype=float, na_value=np.nan) < policy.young_merchant_days,
        "clean": frame["annual_report_failed_count_730"].notna().to_numpy(),
        "clean_but_for_reports": np.ones(len(frame), dtype=bool),
    }
    codes = list(RULES)
    first = np.argmax(np.column_stack([np.asarray(holds[code], dtype=bool) for code in codes]), axis=1)
    said = {
        name: np.array([RULES[code][place] for code in codes], dtype=object)[first]
        for place, name in enumerate(("patrol_tier", "patrol_tier_reason_zh", "patrol_tier_reason_en"))
    }
    said["patrol_tier_rule"] = np.array(codes, dtype=object)[first]
    return pd.DataFrame(said, index=frame.index)


def _count(frame: pd.DataFrame, column: str) -> np.ndarray:
    # a count that is not known cannot make a rule hold
    return frame[column].to_numpy(dtype=float, na_value=0.0)
