"""Two stations of merchants by hand, with what nights publish about them."""

from __future__ import annotations

from datetime import date
from typing import Any


def risk(merchant_id: str, institution_id: str, **more: Any) -> dict[str, Any]:
    """A merchant's row: tier A by both, low risk, no visit owed."""
    return {
        "merchant_id": merchant_id,
        "institution_id": institution_id,
        "grid_id": "G1",
        "industry_code": "5212",
        "probability": 0.02,
        "percentile": 0.3,
        "patrol_tier": "A",
        "patrol_tier_rule": "clean",
        "patrol_tier_reason_zh": "近两年无不良行为记录",
        "patrol_tier_reason_en": "no bad record of two years",
        "model_risk_tier": "A",
        "model_risk_tier_tonight": "A",
        "required_visits_per_year": 2,
        "required_visits_rule": "tier",
        "capped_visits_per_year": 2,
        "visit_count_this_year": 1,
        "capped_visits_left_this_year": 1,
        "is_overdue": False,
        "overdue_days": 0,
        **more,
    }


def reasons(merchant_id: str) -> list[dict[str, Any]]:
    """Three reasons that add up from -3 to -2."""
    told = [("complaint_count_365", 2.0, 0.7), ("days_since_visit", 400.0, 0.5), ("is_individual", 1.0, -0.2)]
    return [
        {
            "merchant_id": merchant_id,
            "feature": feature,
            "value": value,
            "contribution": adds,
            "base_value": -3.0,
            "raw_score": -2.0,
        }
        for feature, value, adds in told
    ]


def planned(merchant_id: str, day: date, order: int) -> list[dict[str, Any]]:
    """One visit of station S1 by R1 and R2."""
    return [
        {
            "merchant_id": merchant_id,
            "officer_id": officer_id,
            "role": role,
            "visit_on": day,
            "due_on": date(2026, 6, 1),
            "visit_kind": "routine",
            "institution_id": "S1",
            "grid_id": "G1",
            "round_id": f"S1-{day:%Y%m%d}-1",
            "round_order": order,
            "reason": "到期",
            "reason_en": "it is due",
        }
        for officer_id, role in (("R1", "lead"), ("R2", "co"))
    ]


def tables() -> dict[str, list[dict[str, Any]]]:
    """S1 has M1 (D by rule, B by model, overdue, planned) and M2 (not computable); S2 has M3."""
    late = {"is_overdue": True, "overdue_days": 9, "next_due_on": date(2026, 6, 21), "last_visit_on": date(2025, 5, 1)}
    return {
        "merchant_risk": [
            risk("M1", "S1", patrol_tier="D", model_risk_tier="B", percentile=0.9, probability=0.1, **late),
            risk("M2", "S1", model_risk_tier=None, model_risk_tier_tonight=None, percentile=None, probability=None),
            risk("M3", "S2"),
        ],
        "merchant_reason": reasons("M1"),
        "tier_disagreement": [
            {
                "merchant_id": "M1",
                "institution_id": "S1",
                "patrol_tier": "D",
                "patrol_tier_rule": "repeated_records",
                "model_risk_tier": "B",
                "probability": 0.1,
                "direction": "rule_higher",
                "reason_zh": "规则判为D类",
                "reason_en": "tier D by rule",
            }
        ],
        "due_task": [
            {
                "merchant_id": "M1",
                "kind": "rectification_due",
                "record_id": "V1",
                "institution_id": "S1",
                "grid_id": "G1",
                "due_on": date(2026, 6, 1),
                "status": "overdue",
                "needs_visit": True,
                "visit_kind": "recheck",
                "is_cap_exempt": True,
                "reason_zh": "责令改正已到期",
                "reason_en": "its rectification is due",
            }
        ],
        "patrol_plan": planned("M1", date(2026, 7, 1), 1),
        "unplaced_visit": [
            {
                "merchant_id": "M3",
                "institution_id": "S2",
                "due_on": date(2026, 7, 9),
                "visit_kind": "routine",
                "code": "capacity",
                "reason_zh": "人力已排满",
                "reason_en": "all hands are taken",
            }
        ],
    }
