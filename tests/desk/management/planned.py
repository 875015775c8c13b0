"""The small bureau with a plan: two chains of moves, somebody whom recusal bars, somebody left for later."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.desk.management.bureau import NAMES, merchant, reminder, tables

FIRST, SECOND = date(2026, 10, 1), date(2027, 1, 1)
SECRET_REASON = "此句不得出现在未安排清单"
"""What a night says of somebody whom recusal bars; the list of who is left has the rule in words and nothing behind it."""


def move(officer_id: str, begin: str, end: str, chain: int, **more: Any) -> dict[str, Any]:
    """One row of rotation_move; places as `unit post grid`."""
    row = {"officer_id": officer_id, "role": "successor", "status": "proposed", "chain": chain, "move_on": FIRST}
    for prefix, place in (("from", begin), ("to", end)):
        names = (f"{prefix}_institution_id", f"{prefix}_post", f"{prefix}_grid_id")
        row |= dict(zip(names, [*place.split(), None][:3], strict=True))
    return {
        **row,
        "reason_zh": f"{officer_id}的理由",
        "reason_en": f"why {officer_id}",
        "alternative_zh": f"{officer_id}的其他安排",
        "alternative_en": f"what else for {officer_id}",
        **more,
    }


def moves() -> list[dict[str, Any]]:
    """A swap in the first quarter, and a chain that ends in a relieved station in the second."""
    due = {"role": "due"}
    return [
        move("OF003", "S2 case_handling", "S1 case_handling", 1, succeeds_officer_id="OF001", swap_with_officer_id="OF001"),
        move("OF001", "S1 case_handling", "S2 case_handling", 1, succeeds_officer_id="OF003", swap_with_officer_id="OF003", **due),
        move("OF004", "S3 patrol G31", "S2 patrol", 2, role="relief", move_on=SECOND),
        move("OF002", "S1 patrol", "S3 patrol G31", 2, succeeds_officer_id="OF004", move_on=SECOND, distance_kilometres=12.34, **due),
    ]  # fmt: skip


def summary(**more: Any) -> dict[str, Any]:
    """The row of rotation_summary."""
    counts = {"due_officer": 3, "overdue_officer": 1, "due_moved": 1, "overdue_moved": 1, "other_moved": 2}
    row = {f"{name}_count": count for name, count in {**counts, "barred": 1, "later": 1, "late": 0}.items()}
    row |= {"short_station_count": 0, "load_spread_before": 0.25, "load_spread_after": 0.125, "is_optimal": False}
    return {**row, "objective": 12.5, "bound": 12.35, "gap_share": 0.012, **more}


def planned(**more: Any) -> dict[str, list[dict[str, Any]]]:
    """The night of this bureau; `more` takes the place of its tables."""
    made = tables()
    posts = {"OF001": ("S1", "case_handling"), "OF002": ("S1", "patrol"), "OF003": ("S2", "case_handling")}
    names = {**NAMES, "OF005": "钱五", "OF006": "孙六"}
    made["officer"] = [
        {"officer_id": key, "name": name, "institution_id": unit, "unit_id": unit, "post": post, "is_serving": True}
        for key, name in names.items()
        for unit, post in [posts.get(key, ("S3", "patrol"))]
    ]
    left = {"reason_zh": SECRET_REASON, "reason_en": "not for the list of who is left", "from_institution_id": "S3"}
    barred = {"outcome": "barred", "barring_rule": "interest", "compensating_control": "special_audit", **left}
    made["rotation_plan"] = [
        reminder("OF001", "overdue", "post", 7.25, outcome="move"),
        reminder("OF002", "due", "post", 5.1, outcome="move", from_post="patrol"),
        reminder("OF003", "watch", "grid", 3.4, outcome="watch", from_institution_id="S2"),
        reminder("OF005", "due", "post", 5.5, **barred),
        reminder("OF005", "overdue", "station", 9.25, **barred),
        reminder("OF006", "due", "grid", 5.75, outcome="later", barring_rule="capacity", **left),
    ]  # fmt: skip
    made["merchant_risk"] = [*made["merchant_risk"], merchant(9, "S3", grid_id="G31"), merchant(8, "S2", grid_id="G21")]
    return {**made, "rotation_move": moves(), "rotation_summary": [summary()], **more}
