"""A small bureau by hand for the lists: two stations, two officers, and one row or two of each list."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.desk.small_night import NIGHT

NAMES = {"OF001": "林一", "OF002": "陈二"}


def key(number: int, institution_id: str, is_visited: bool | None, **more: Any) -> dict[str, Any]:
    """One row of key_industry_coverage."""
    row = {"merchant_id": f"M{number}", "institution_id": institution_id, "grid_id": "G1", "industry_code": "6210"}
    return {**row, "is_visited": is_visited, "required_count_year": 1, "days_left_in_year": 184, **more}


def hot(unit_id: str, count: int, reached: int, **more: Any) -> dict[str, Any]:
    """One row of hot_industry_coverage; as many were reached this half-year as in the year."""
    share = reached / count
    row = {
        "unit_kind": "bureau" if unit_id == "all" else "institution",
        "unit_id": unit_id,
        "hot_industry": "9013",
        "industry_zh": "网吧",
        "industry_en": "internet cafes",
        "merchant_count": count,
        "target": 0.5,
        "is_met": share >= 0.5,
    }
    reach = {"visited_count_365": reached, "share_365": share}
    return {**row, **reach, "visited_count_half_year": reached, "share_half_year": share, **more}


def unlicensed(number: int, institution_id: str, stage: str | None, **more: Any) -> dict[str, Any]:
    """One row of unlicensed_register: open, in time, of OF001."""
    row = {
        "merchant_id": f"U{number}",
        "institution_id": institution_id,
        "grid_id": "G1",
        "industry_code": "6210",
        "opened_on": date(2026, 1, 5),
        "stage": stage,
        "is_late": None if stage is None else False,
        "is_stuck": None if stage is None else False,
        "is_repeat_refuser": False,
        "officer_id": "OF001",
        "is_closed": False,
    }
    return {**row, **more}


def task(number: int, kind: str, status: str, **more: Any) -> dict[str, Any]:
    """One row of officer_task, of OF001 by his grid."""
    row = {
        "merchant_id": f"M{number}",
        "kind": kind,
        "record_id": f"P{number}",
        "charge": "grid",
        "officer_id": "OF001",
        "institution_id": "S1",
        "grid_id": "G1",
        "due_on": NIGHT,
        "status": status,
        "reason_zh": "期满应复查",
        "reason_en": "to be rechecked",
    }
    return {**row, **more}


def month(officer_id: str, period: str, **more: Any) -> dict[str, Any]:
    """One row of officer_month."""
    row = {"officer_id": officer_id, "period": period, "is_complete": True, "institution_id": "S1"}
    return {**row, "service_day_count": 30, "led_visit_count": 12, "finding_count": 3, "case_count": 1, **more}


def tables() -> dict[str, list[dict[str, Any]]]:
    """The night of this bureau."""
    return {
        "institution": [
            {"institution_id": name, "name": called, "kind": "station", "parent_id": "B", "unit_id": name}
            for name, called in (("S1", "东所"), ("S2", "西所"))
        ],
        "officer": [
            {"officer_id": name, "name": called, "institution_id": "S1", "unit_id": "S1", "is_serving": True}
            for name, called in NAMES.items()
        ],
        "merchant_risk": [
            {"merchant_id": f"M{number}", "institution_id": unit} for number, unit in ((1, "S1"), (2, "S1"), (3, "S2"))
        ],
        "key_industry_coverage": [
            key(1, "S1", True, on_site_count_year=2, last_on_site_on=date(2026, 3, 2)),
            key(2, "S1", False, on_site_count_year=0, planned_visit_on=date(2026, 7, 9)),
            key(3, "S2", False, on_site_count_year=0),
        ],
        "hot_industry_coverage": [hot("all", 4, 1), hot("S1", 3, 1), hot("S2", 1, 0)],
        "unlicensed_register": [
            unlicensed(1, "S1", "recorded", days_in_stage=40, stage_due_on=date(2026, 6, 10), is_late=True),
            unlicensed(2, "S1", "disposed", days_in_stage=100, is_late=True, is_stuck=True, is_repeat_refuser=True),
            unlicensed(3, "S2", None),
            unlicensed(4, "S2", "reported_back", is_closed=True, closed_by="reported_back"),
        ],
        "unlicensed_bulletin": [
            {
                "institution_id": unit,
                "month": "2026-06",
                "is_complete": True,
                "found_count": 1,
                "checked_merchant_count": 48,
                "found_checked_count": 1,
                "detection_share": 1 / 48,
            }
            for unit in ("S1", "S2")
        ],
        "officer_task": [
            task(1, "rectification_due", "overdue"),
            task(2, "matter", "due", record_id="matter_OF002", officer_id="OF002", charge="handler"),
            task(3, "annual_report", "upcoming", officer_id=None, charge="nobody", institution_id="S2"),
            task(1, "planned_visit", "due", charge="lead", visit_on=date(2026, 7, 9), reason_en="a round"),
            task(1, "planned_visit", "due", charge="co", visit_on=date(2026, 7, 9), officer_id="OF002"),
        ],
        "officer_month": [
            month("OF001", "last_12_months", led_visit_count=140, entered_visit_count=140, same_day_share=0.95),
            month("OF001", "2026-06", reason_en="a share of fewer than 10 records is not told"),
            month("OF002", "last_12_months", service_day_count=365),
        ],
    }
