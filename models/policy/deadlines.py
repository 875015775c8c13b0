"""Deadlines of a case, as the procedural rules in force on the day of the act set them."""

from __future__ import annotations

from pydantic import Field

from models.policy.dated import Dated


class DeadlinePolicy(Dated):
    """Deadlines of filing and of deciding a case.

    filing_workdays, filing_extension_workdays : working days from discovery to the decision on filing, and what the head
    may add. case_days, case_extension_days : days from filing to the decision, and what the head may add; beyond that
    the heads must extend it together. unlisted_holiday_workdays : working days that are forgiven where the calendar of
    public holidays was not entered (patrol.toml), so that a spring festival is nobody's delay.
    """

    filing_workdays: int = Field(gt=0)
    filing_extension_workdays: int = Field(ge=0)
    case_days: int = Field(gt=0)
    case_extension_days: int = Field(ge=0)
    unlisted_holiday_workdays: int = Field(ge=0)
