"""Policy behind the lists: stages with a deadline each, months, hot industries that do not overlap."""

from datetime import date

import pytest
from pydantic import ValidationError

from models import policy
from models.policy.unlicensed import STAGES

NIGHT = date(2026, 6, 30)
IN_FORCE = policy.on(NIGHT)


def changed(version, **settings):
    return type(version)(**{**version.model_dump(), **settings})


def test_every_stage_but_the_last_has_a_deadline():
    days = {row["stage"]: row["stage_days"] for row in IN_FORCE.unlicensed.stage_rows()}
    assert tuple(days) == STAGES and [stage for stage, term in days.items() if term is None] == ["reported_back"]
    fewer = {stage: term for stage, term in IN_FORCE.unlicensed.stage_days.items() if stage != "copied"}
    with pytest.raises(ValidationError, match="no more and no less"):
        changed(IN_FORCE.unlicensed, stage_days=fewer)


def test_what_is_stuck_is_late_before():
    with pytest.raises(ValidationError, match="what is stuck is late before"):
        changed(IN_FORCE.unlicensed, stuck_days=89)


def test_no_merchant_belongs_to_two_hot_industries():
    doubled = [*IN_FORCE.coverage.model_dump()["hot_industries"], {"prefix": "2671", "name_zh": "甲", "name_en": "a"}]
    with pytest.raises(ValidationError, match="no prefix may begin another"):
        changed(IN_FORCE.coverage, hot_industries=doubled)


def test_the_months_end_with_that_of_the_night_across_the_turn_of_a_year():
    months = changed(IN_FORCE.work, month_count=3).months(date(2026, 1, 15))
    assert [(row["month"], row["is_complete"]) for row in months] == [
        ("2026-01", False),
        ("2025-12", True),
        ("2025-11", True),
    ]
    assert months[0]["month_end_on"] == date(2026, 1, 31) and months[1]["month_start_on"] == date(2025, 12, 1)
    assert IN_FORCE.work.months(NIGHT)[0]["is_complete"]
