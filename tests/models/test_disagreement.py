"""Tiers that are far apart are listed with what each rests on; near ones are not."""

import numpy as np
import pandas as pd
import pytest

from models.disagreement import Label, disagreements, tier_distance
from models.reasons import Reasons

LABELS = {
    "visit_count_365": Label("count", "近一年检查次数", "visits in 365 days"),
    "severe_share": Label("share", "严重问题占比", "share of visits with a severe finding"),
    "days_since_visit": Label("days", "距上次检查天数", "days since the last visit"),
    "was_last_severe": Label("boolean", "上次有严重问题", "the last visit had a severe finding"),
}


def listed(
    tiers: list[tuple], contribution: list[float], value: list[float], least_distance: int = 2, labels=LABELS
) -> pd.DataFrame:
    risk = pd.DataFrame(
        {
            "as_of": pd.Timestamp("2026-06-30"),
            "merchant_id": [f"M{place}" for place in range(len(tiers))],
            "institution_id": "S1",
            "patrol_tier": [rule for rule, _ in tiers],
            "patrol_tier_rule": "minor_record",
            "patrol_tier_reason_zh": "有轻微不良行为记录",
            "patrol_tier_reason_en": "minor bad records only",
            "model_risk_tier": [model for _, model in tiers],
            "probability": 0.25,
        }
    )
    frame = pd.DataFrame([value] * len(tiers), columns=list(labels), index=pd.Index(risk["merchant_id"]))
    added = np.array([contribution] * len(tiers), dtype=float)
    reasons = Reasons(frame, np.zeros(len(tiers)), added, added.sum(axis=1))
    return disagreements(risk, reasons, labels, least_distance)


def test_only_tiers_as_far_apart_as_the_policy_says_are_listed_and_a_missing_one_is_not():
    tiers = [("A", "A"), ("A", "B"), ("A", "C"), ("D", "B"), ("B", None)]
    found = listed(tiers, [0.1, 0, 0, 0], [1, 0, 0, 0])
    assert found[["merchant_id", "direction"]].values.tolist() == [["M2", "model_higher"], ["M3", "rule_higher"]]
    assert len(listed(tiers, [0.1, 0, 0, 0], [1, 0, 0, 0], least_distance=1)) == 3


def test_a_model_that_is_worse_tells_what_raises_the_probability_strongest_first_three_at_most():
    (row,) = listed([("A", "D")], [0.1, 0.9, 0.3, 0.2], [4, 0.334, 120, 1]).to_dict("records")
    assert row["reason_zh"] == (
        "规则判为A类:有轻微不良行为记录;模型判为D类:下次检查发现严重问题的概率25.0%,"
        "抬高概率的主要有:严重问题占比:33%、距上次检查天数:120天、上次有严重问题:是"
    )
    assert row["reason_en"] == (
        "tier A by rule: minor bad records only; tier D by model: a severe finding at the next visit has probability "
        "25.0%, raised most by share of visits with a severe finding: 33%; days since the last visit: 120; "
        "the last visit had a severe finding: yes"
    )


def test_a_rule_that_is_worse_tells_what_lowers_the_probability_and_nothing_that_raises_it():
    (row,) = listed([("D", "A")], [-0.4, 0.9, 0.3, 0.2], [4, 0.33, 120, 1]).to_dict("records")
    assert row["reason_zh"].endswith("压低概率的主要有:近一年检查次数:4")
    assert row["reason_en"].endswith("lowered most by visits in 365 days: 4")


def test_a_value_that_is_not_known_is_told_as_such_and_never_as_zero():
    (row,) = listed([("A", "D")], [0.4, 0, 0, 0], [np.nan, 0, 0, 0]).to_dict("records")
    assert row["reason_zh"].endswith("近一年检查次数:无记录")
    assert row["reason_en"].endswith("visits in 365 days: not on record")


@pytest.mark.parametrize(
    ("feature", "unit", "value", "zh", "en"),
    [
        ("complaint_count_365", "count", 3.0, "投诉:不足5", "complaints: fewer than 5"),
        ("complaint_count_365", "count", 0.0, "投诉:0", "complaints: 0"),
        ("complaint_count_365", "count", 5.0, "投诉:5", "complaints: 5"),
        ("days_since_complaint", "days", 12.0, "投诉(数值不显示)", "complaints (value not told)"),
        ("complaint_decayed_90", "rate", 1.7, "投诉(数值不显示)", "complaints (value not told)"),
    ],
)
def test_few_complaints_are_not_counted_nor_dated_in_a_sentence(feature, unit, value, zh, en):
    (row,) = listed([("A", "D")], [0.4], [value], labels={feature: Label(unit, "投诉", "complaints")}).to_dict(
        "records"
    )
    assert row["reason_zh"].endswith(zh) and row["reason_en"].endswith(en)


def test_a_merchant_that_disagrees_without_an_explanation_is_an_error():
    risk = pd.DataFrame({"merchant_id": ["M9"], "patrol_tier": ["A"], "model_risk_tier": ["D"]})
    nobody = pd.DataFrame(columns=list(LABELS), index=pd.Index([], dtype="str"))
    with pytest.raises(KeyError, match="M9 has no reasons"):
        disagreements(risk, Reasons(nobody, np.empty(0), np.empty((0, 4)), np.empty(0)), LABELS, 2)


def test_the_distance_is_signed_towards_the_worse_tier_of_the_model():
    risk = pd.DataFrame({"patrol_tier": ["A", "D", "C"], "model_risk_tier": ["C", "A", None]})
    assert tier_distance(risk).tolist() == [2, -3, 0]
