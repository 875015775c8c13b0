"""Policy of due-date tasks: which kinds are listed, how long before, when they fall due and which visit they call for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal

from pydantic import Field, model_validator

from models.policy.dated import Dated, Strict
from models.policy.tiers import VisitKind

RECORDED_KINDS = (
    "rectification_due",
    "post_penalty_revisit",
    "annual_report",
    "permit_expiry",
    "complaint_to_verify",
    "first_offence_recheck",
)
"""The kinds of task that the records of the contract can tell."""


class DueTaskRule(Strict):
    """How one kind of task is listed.

    horizon_days : days before the due date from which it is listed. due_after_days : days from the event (order, decision,
    receipt) to the due date; 0 where the record itself bears the date. visit_kind : the visit that it calls for, empty
    for a mere reminder. visit_only_once_overdue : before the due date it is a reminder too. not_before_due : the visit must
    not be made before the due date, for that is when a term ends. is_cap_exempt : the visit is
    made even where the yearly cap is used up.
    """

    is_on: bool
    horizon_days: int = Field(ge=0)
    due_after_days: int = Field(ge=0)
    visit_kind: VisitKind | Literal[""]
    visit_only_once_overdue: bool
    not_before_due: bool
    is_cap_exempt: bool


class DueTaskPolicy(Dated):
    """Due-date tasks of merchants; tasks overdue for more than `lookback_days` are no longer listed."""

    due_soon_days: int = Field(ge=0)
    lookback_days: int = Field(ge=1)
    annual_report_due_month: int = Field(ge=1, le=12)
    annual_report_due_day: int = Field(ge=1, le=31)
    rules: dict[str, DueTaskRule]

    @model_validator(mode="after")
    def _is_whole(self) -> DueTaskPolicy:
        if set(self.rules) != set(RECORDED_KINDS):
            raise ValueError(f"rules must name {', '.join(RECORDED_KINDS)}, no more and no less")
        date(2001, self.annual_report_due_month, self.annual_report_due_day)
        return self

    def annual_report_due_on(self, as_of: date) -> date:
        """The due date of annual reports that is listed on that night: the latest one within the horizon."""
        until = as_of + timedelta(days=self.rules["annual_report"].horizon_days)
        due_on = date(until.year, self.annual_report_due_month, self.annual_report_due_day)
        return due_on if due_on <= until else due_on.replace(year=until.year - 1)

    def rule_rows(self) -> list[dict[str, Any]]:
        """The rules as rows with their kind, for SQL to join."""
        return [{"kind": kind, **self.rules[kind].model_dump()} for kind in RECORDED_KINDS]
