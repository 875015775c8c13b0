"""Tasks of officers from duties and a plan by hand: one officer for a task, both for a planned visit."""

from datetime import date

import pandas as pd

from models.officer_task import officer_tasks
from pipelines.contract import published_tables

NIGHT = date(2026, 6, 30)
DUTY = {
    "merchant_id": "M1",
    "kind": "rectification_due",
    "record_id": "P1",
    "institution_id": "S1",
    "grid_id": "G1",
    "due_on": date(2026, 7, 5),
    "status": "due",
    "needs_visit": True,
    "officer_id": "R1",
    "charge": "grid",
    "reason_zh": "理由",
    "reason_en": "reason",
}
VISIT = {
    "merchant_id": "M1",
    "officer_id": "R5",
    "role": "lead",
    "visit_on": date(2026, 7, 6),
    "due_on": date(2026, 7, 5),
    "institution_id": "S1",
    "grid_id": "G1",
    "round_id": "S1-1",
    "reason": "计划",
    "reason_en": "planned",
}


def tasks(duties: list[dict], visits: list[dict]) -> list[tuple]:
    duty = pd.DataFrame([{**DUTY, **row} for row in duties], columns=list(DUTY))
    plan = pd.DataFrame([{**VISIT, **row} for row in visits], columns=list(VISIT))
    told = officer_tasks(duty, plan, NIGHT, due_soon_days=7)
    assert tuple(told.columns) == published_tables()["officer_task"].column_names
    assert not told.duplicated(["merchant_id", "kind", "record_id", "charge"]).any()
    days = [None if pd.isna(day) else day.date().isoformat() for day in told["visit_on"]]
    return list(zip(told["kind"], told["officer_id"], told["charge"], told["status"], days, strict=True))


def test_a_task_is_of_who_leads_the_visit_that_is_planned_for_it():
    assert tasks([{}], [{}, {"officer_id": "R6", "role": "co"}]) == [
        ("rectification_due", "R5", "lead", "due", "2026-07-06"),
        ("planned_visit", "R5", "lead", "due", "2026-07-06"),
        ("planned_visit", "R6", "co", "due", "2026-07-06"),
    ]


def test_a_matter_stays_with_its_handler_whoever_is_sent():
    (task, _visit) = tasks(
        [{"kind": "matter", "record_id": "matter_R2", "officer_id": "R2", "charge": "handler"}], [{}]
    )
    assert task == ("matter", "R2", "handler", "due", "2026-07-06")


def test_a_task_that_calls_for_no_visit_and_one_without_a_plan_stay_with_the_grid():
    assert tasks([{"needs_visit": False}], [{}])[0] == ("rectification_due", "R1", "grid", "due", None)
    assert tasks([{}], []) == [("rectification_due", "R1", "grid", "due", None)]
    assert tasks([{"officer_id": None, "charge": "nobody"}], [])[0][1:3] == (None, "nobody")


def test_a_planned_visit_is_overdue_due_or_upcoming_by_the_day_it_was_due():
    dues = [date(2026, 6, 29), date(2026, 6, 30), date(2026, 7, 7), date(2026, 7, 8)]
    visits = [{"merchant_id": f"M{number}", "due_on": due_on} for number, due_on in enumerate(dues)]
    assert [status for *_, status, _day in tasks([], visits)] == ["overdue", "due", "due", "upcoming"]
