"""Who has what to do in the coming days: due-date tasks with the visits that are planned for them, and planned visits.

A due-date task stands once, with the one officer who answers for it: who handles the matter, else who leads the visit that
is planned for it, else who answers for the grid. A planned visit stands once for each of its two officers. The two kinds
of row are not to be added up: the visit may be what the task calls for. Source: DOMAIN.md 1.1 (#10), 1.8.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

PLANNED_VISIT = "planned_visit"

COLUMNS = (
    "as_of",
    "merchant_id",
    "kind",
    "record_id",
    "charge",
    "officer_id",
    "institution_id",
    "grid_id",
    "due_on",
    "status",
    "visit_on",
    "reason_zh",
    "reason_en",
)


def planned_visits(plan: pd.DataFrame) -> pd.DataFrame:
    """The visits of a patrol_plan, one row each: merchant_id, lead_id, visit_on; a merchant has one visit at most."""
    led = plan.loc[plan["role"] == "lead", ["merchant_id", "officer_id", "visit_on"]]
    return led.rename(columns={"officer_id": "lead_id"})


def officer_tasks(duty: pd.DataFrame, plan: pd.DataFrame, night: date, due_soon_days: int) -> pd.DataFrame:
    """The rows of the published table `officer_task`.

    duty : feature.officer_duty. plan : the night's patrol_plan. due_soon_days : days before the due date from which a task
    is due rather than upcoming, as for due-date tasks.
    """
    told = pd.concat([_due(duty, plan), _planned(plan, night, due_soon_days)], ignore_index=True)
    return told.assign(as_of=pd.Timestamp(night))[list(COLUMNS)]


def _due(duty: pd.DataFrame, plan: pd.DataFrame) -> pd.DataFrame:
    tasks = duty.merge(planned_visits(plan), on="merchant_id", how="left", validate="many_to_one")
    is_planned = tasks["needs_visit"].astype(bool) & tasks["lead_id"].notna()
    is_led = is_planned & (tasks["charge"] != "handler")
    return tasks.assign(
        visit_on=pd.to_datetime(tasks["visit_on"]).where(is_planned),
        officer_id=tasks["lead_id"].where(is_led, tasks["officer_id"]),
        charge=tasks["charge"].mask(is_led, "lead"),
    ).drop(columns=["needs_visit", "lead_id"])


def _planned(plan: pd.DataFrame, night: date, due_soon_days: int) -> pd.DataFrame:
    due_on = pd.to_datetime(plan["due_on"])
    soon = pd.Timestamp(night + timedelta(days=due_soon_days))
    status = np.select([due_on < pd.Timestamp(night), due_on <= soon], ["overdue", "due"], "upcoming")
    return pd.DataFrame(
        {
            "merchant_id": plan["merchant_id"],
            "kind": PLANNED_VISIT,
            "record_id": plan["round_id"],
            "charge": plan["role"],
            "officer_id": plan["officer_id"],
            "institution_id": plan["institution_id"],
            "grid_id": plan["grid_id"],
            "due_on": due_on,
            "status": status,
            "visit_on": pd.to_datetime(plan["visit_on"]),
            "reason_zh": plan["reason"],
            "reason_en": plan["reason_en"],
        }
    )
