"""Policy is dated, frozen and strict: a typo is an error, never a default."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from models import policy
from models.policy import PatrolPolicy, RotationPolicy, TierPolicy

POLICY_WORDS = {
    "key_industries": "key_industry_pattern",
    "rules": "rule_rows",
    "annual_report_due_month": "annual_report_due_on",
    "annual_report_due_day": "annual_report_due_on",
    **dict.fromkeys(("first_look", "information", "signature", "opinion", "reply", "report"), "desk, code"),
    "quarter_count": "quarters",
    "hot_industries": "hot_industry_rows",
    "stage_days": "stage_rows",
    "month_count": "months",
    **dict.fromkeys(
        ("watch_years", "due_years", "overdue_years", "station_years", "grid_years", "area_years"), "limits"
    ),
}
"""Settings that are read by another name, and that name."""


def test_the_version_in_force_on_the_day_of_the_act_is_chosen():
    """A rule that came into force in 2025 must not judge an act of 2024."""
    assert policy.on(date(2024, 12, 31)).discretion.effective_from == date(2000, 1, 1)
    assert policy.on(date(2025, 1, 1)).discretion.effective_from == date(2025, 1, 1)


def test_each_act_is_judged_by_the_rule_of_its_own_day():
    """The ceiling of the simple procedure rose on 2021-07-15; what has no day, or is older than all rules, has none."""
    days = pd.Series(pd.to_datetime(["2021-07-14", "2021-07-15", None, "1999-12-31"]))
    found = policy.each("thresholds", lambda rule: rule.simple_legal_yuan, days)
    assert found[:2].tolist() == [1000.0, 3000.0] and np.isnan(found[2:]).all()


def test_a_day_before_every_version_is_refused_with_the_file_named():
    with pytest.raises(ValueError, match="tiers.toml: no version is in force on 1999-01-01"):
        policy.on(date(1999, 1, 1))


def test_an_unknown_setting_is_refused():
    known = policy.on(date(2026, 1, 1)).rotation.model_dump()
    with pytest.raises(ValidationError, match="overdue_yeers"):
        RotationPolicy(**known, overdue_yeers=7)


def test_a_mix_of_tiers_that_does_not_add_up_is_refused():
    known = policy.on(date(2026, 1, 1)).tiers.model_dump()
    with pytest.raises(ValidationError, match="must add up to 1"):
        TierPolicy(**{**known, "model_tier_mix": {"A": 0.9, "B": 0.2, "C": 0.05, "D": 0.02}})


def test_clocks_that_do_not_rise_are_refused():
    known = policy.on(date(2026, 1, 1)).rotation.model_dump()
    with pytest.raises(ValidationError, match="must rise"):
        RotationPolicy(**{**known, "watch_years": 9})


def test_a_post_that_is_both_regular_and_relief_is_refused():
    known = policy.on(date(2026, 1, 1)).patrol.model_dump()
    with pytest.raises(ValidationError, match="both name patrol"):
        PatrolPolicy(**{**known, "relief_posts": ["patrol"]})


def test_a_rural_pair_that_visits_more_than_an_urban_one_is_refused():
    known = policy.on(date(2026, 1, 1)).patrol.model_dump()
    with pytest.raises(ValidationError, match="the way is longer there"):
        PatrolPolicy(**{**known, "rural_visits_per_pair_day": 99})


def test_every_setting_of_the_policy_is_read_by_something():
    """A bureau that changes a number which nothing reads changes nothing, and believes that it did."""
    root = Path(__file__).resolve().parents[2]
    code = "".join(
        path.read_text(encoding="utf-8")
        for room in ("models", "pipelines", "desk")
        for path in (root / room).rglob("*.py")
        if path.parent.name != "policy"
    )
    # read by way of what the type makes of them
    code += "".join(f".{name}" for name in POLICY_WORDS if f".{POLICY_WORDS[name]}" in code)
    for name, field in policy.Policy.model_fields.items():
        unread = [
            setting
            for setting in field.annotation.model_fields
            if setting not in ("effective_from", "legal_basis") and f".{setting}" not in code
        ]
        assert not unread, name
