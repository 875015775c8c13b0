"""A small bureau by hand for pages of management: three stations, eleven officers, and hints that management must not see."""

from __future__ import annotations

from datetime import date
from typing import Any

SECRET = {
    "flag": "F-0d15ea5e",
    "summary": "nobody-of-management-reads-this",
    "score": 73.9173,
    "family": "procedure_gap",
}
"""What stands in the night about one officer, in forms that stand nowhere else."""

NAMES = {"OF001": "林一", "OF002": "陈二", "OF003": "王三", "OF004": "赵四"}


def quarters() -> list[date]:
    """First days of the twelve quarters up to the night."""
    return [date(year, month, 1) for year in (2023, 2024, 2025, 2026) for month in (1, 4, 7, 10)][2:14]


def reminder(officer_id: str, status: str, clock: str, years: float, **more: Any) -> dict[str, Any]:
    """One row of rotation_plan."""
    return {
        "officer_id": officer_id,
        "status": status,
        "clock": clock,
        "years": years,
        "from_post": "case_handling",
        "from_institution_id": "S1",
        "reason_zh": f"任职{years}年",
        "reason_en": f"{years} years there",
        **more,
    }


def unit_row(institution_id: str, quarter: date, scope: str = "own", **more: Any) -> dict[str, Any]:
    """One row of unit_aggregate; what is not given is not told."""
    row = {"institution_id": institution_id, "scope": scope, "quarter_start_on": quarter, "is_complete": True}
    return {**row, "quarter_end_on": quarter, "officer_count": 6, **more}


def merchant(number: int, institution_id: str, **more: Any) -> dict[str, Any]:
    """One row of merchant_risk."""
    row = {"merchant_id": f"M{number}", "institution_id": institution_id, "patrol_tier": "A", "model_risk_tier": "A"}
    return {**row, "required_visits_per_year": 2, "capped_visits_per_year": 2, "is_overdue": False, **more}


def covered(unit_id: str, measure: str, numerator: int | None, denominator: int, **more: Any) -> dict[str, Any]:
    """One row of coverage."""
    share = None if numerator is None else numerator / denominator
    kind = "bureau" if unit_id == "all" else "institution"
    row = {
        "unit_kind": kind,
        "unit_id": unit_id,
        "measure": measure,
        "numerator": numerator,
        "denominator": denominator,
    }
    return {**row, "share": share, "target": 0.8, "is_met": None if share is None else share >= 0.8, **more}


def tables() -> dict[str, list[dict[str, Any]]]:
    """The night of this bureau."""
    stations = [("B", "局机关", None), ("S1", "东所", "B"), ("S2", "西所", "B"), ("S3", "南所", "B")]
    told = quarters()
    return {
        "institution": [
            {
                "institution_id": key,
                "name": name,
                "kind": "station",
                "parent_id": parent,
                "unit_id": key,
                "officer_count": 6,
            }
            for key, name, parent in stations
        ],
        "officer": [
            {"officer_id": key, "name": name, "institution_id": "S1", "unit_id": "S1", "is_serving": True}
            for key, name in NAMES.items()
        ],
        "rotation_plan": [
            reminder("OF001", "overdue", "post", 7.25),
            reminder("OF001", "due", "station", 8.5),
            reminder("OF002", "due", "post", 5.1),
            reminder("OF003", "watch", "grid", 3.4, from_institution_id="S2"),
        ],
        "merchant_risk": [
            merchant(1, "S1"),
            merchant(2, "S1", patrol_tier="C", is_overdue=True, overdue_days=10),
            merchant(3, "S1", is_overdue=True, overdue_days=30),
            merchant(4, "S2", model_risk_tier=None),
        ],
        "coverage": [
            covered("all", "visit_within_cap", 3, 4),
            covered("S1", "visit_within_cap", 1, 3),
            covered("S2", "visit_within_cap", 1, 1),
            covered("all", "effort_on_top_20", None, 7, reason_zh="没有模型", reason_en="there is no model"),
        ],
        "unit_aggregate": [
            *(unit_row("S1", day, finding_share=0.1 + number / 100) for number, day in enumerate(told)),
            *(unit_row(key, told[-1], finding_share=0.5) for key in ("S2", "S3", "S4", "S5")),
            unit_row("B", told[-1], "small_units", visits_per_officer=4.5),
        ],
        "hint_aggregate": [
            hint("all", "low_finding_rate", 40, 6),
            hint("S1", "low_finding_rate", 6, 0),
            hint("S1", SECRET["family"], 6, None),
        ],
        "red_flag": [
            {
                "flag_id": SECRET["flag"],
                "subject_kind": "officer",
                "subject_id": "OF001",
                "family": SECRET["family"],
                "strength": "strong",
                "summary_zh": SECRET["summary"],
                "summary_en": SECRET["summary"],
            }
        ],
        "officer_score": [{"officer_id": "OF001", "integrity_score": SECRET["score"], "rank": 1, "is_evaluable": True}],
    }


def hint(unit_id: str, family: str, judged: int, count: int | None) -> dict[str, Any]:
    """One row of hint_aggregate."""
    kind = "bureau" if unit_id == "all" else "institution"
    row = {"unit_kind": kind, "unit_id": unit_id, "family": family, "strength": "moderate"}
    return {**row, "evaluable_officer_count": judged, "hint_count": count}
