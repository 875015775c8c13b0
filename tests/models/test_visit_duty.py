"""Visits owed: min(required, cap), shown side by side, and when the next one falls due."""

from datetime import date

import pandas as pd
import pytest

from models import policy
from models.policy.tiers import IndustryVisits
from models.visit_duty import visit_duty

NIGHT = date(2026, 6, 30)
TIERS = policy.on(NIGHT).tiers

QUIET = {
    "industry_code": "5211",
    "is_key_industry": False,
    "registered_on": date(2015, 3, 1),
    "last_inspected_on": date(2026, 2, 1),
    "cap_visit_count_year": 1,
    "cap_visit_count_last_year": 0,
}


def duty(tier="A", in_force=TIERS, night=NIGHT, **facts) -> pd.Series:
    frame = pd.DataFrame([{**QUIET, **facts}])
    return visit_duty(frame, pd.Series([tier]), in_force, night).iloc[0]


def in_force(**changes):
    return TIERS.model_copy(update=changes)


@pytest.mark.parametrize(
    ("tier", "required"),
    [
        pytest.param("A", 2, id="a类每半年不少于一次"),
        pytest.param("B", 4, id="b类每季度不少于一次"),
        pytest.param("C", 12, id="c类每月不少于一次"),
        pytest.param("D", 24, id="d类每月不少于两次"),
    ],
)
def test_a_tier_asks_for_its_visits_and_the_cap_limits_them_and_both_are_shown(tier, required):
    row = duty(tier)
    assert (row["required_visits_per_year"], row["required_visits_rule"]) == (required, "tier")
    assert row["capped_visits_per_year"] == min(required, TIERS.visit_cap_per_year)


def test_a类一般免于日常巡查_where_the_bureau_has_decided_so():
    row = duty("A", in_force(a_patrol_policy="exempt"))
    assert (row["required_visits_per_year"], row["capped_visits_per_year"]) == (0, 0)
    assert pd.isna(row["next_due_on"]) and pd.isna(row["overdue_days"]) and not row["is_overdue"]


def test_重点行业每年不少于1次实地检查_holds_where_its_tier_asks_for_none():
    row = duty("A", in_force(a_patrol_policy="exempt"), is_key_industry=True)
    assert (row["required_visits_per_year"], row["required_visits_rule"]) == (1, "key_industry")
    assert row["next_due_on"].date() == date(2027, 2, 1)


def test_每周巡查_of_one_industry_names_its_rule_and_stays_under_the_cap():
    weekly = IndustryVisits(
        code="vehicle_repair", name_zh="机动车维修", name_en="vehicle repair", prefixes=("811",), visits_per_year=52
    )
    row = duty("B", in_force(industry_visits=(weekly,)), industry_code="8111")
    assert (row["required_visits_per_year"], row["required_visits_rule"]) == (52, "vehicle_repair")
    assert row["capped_visits_per_year"] == TIERS.visit_cap_per_year
    assert duty("B", in_force(industry_visits=(weekly,)), industry_code="5211")["required_visits_rule"] == "tier"


def test_an_industry_that_asks_for_less_than_the_tier_changes_nothing():
    yearly = IndustryVisits(
        code="advertising", name_zh="广告业", name_en="advertising", prefixes=("725",), visits_per_year=1
    )
    row = duty("B", in_force(industry_visits=(yearly,)), industry_code="7251")
    assert (row["required_visits_per_year"], row["required_visits_rule"]) == (4, "tier")


@pytest.mark.parametrize(
    ("last", "due", "days"),
    [(date(2025, 12, 30), date(2026, 6, 30), 0), (date(2025, 12, 29), date(2026, 6, 29), 1)],
)
def test_a_visit_is_overdue_the_day_after_it_fell_due(last, due, days):
    row = duty("A", last_inspected_on=last)
    assert (row["next_due_on"].date(), row["is_overdue"], row["overdue_days"]) == (due, days > 0, days)


def test_a_merchant_that_was_never_visited_is_counted_from_its_registration():
    row = duty("A", last_inspected_on=None, registered_on=date(2026, 1, 15), cap_visit_count_year=0)
    assert row["next_due_on"].date() == date(2026, 7, 16)


def test_where_the_cap_is_used_up_nothing_is_due_before_next_year():
    row = duty("D", last_inspected_on=date(2025, 12, 1), cap_visit_count_year=2)
    assert (row["visit_count_this_year"], row["capped_visits_left_this_year"]) == (2, 0)
    assert (row["next_due_on"].date(), row["is_overdue"]) == (date(2027, 1, 1), False)


@pytest.mark.parametrize(
    ("night", "this_year", "last_year", "due", "overdue_days"),
    [
        (date(2026, 12, 31), 2, 0, date(2027, 1, 1), 0),
        (date(2027, 1, 1), 0, 2, date(2027, 1, 1), 0),
        (date(2027, 1, 4), 0, 2, date(2027, 1, 1), 3),
        (date(2027, 1, 1), 0, 1, date(2026, 9, 8), 115),
    ],
    ids=["used up", "the year has turned", "days later", "was not used up"],
)
def test_a_due_date_that_the_cap_postponed_stays_where_it_is_when_the_year_turns(
    night, this_year, last_year, due, overdue_days
):
    counts = {"cap_visit_count_year": this_year, "cap_visit_count_last_year": last_year}
    row = duty("A", night=night, last_inspected_on=date(2026, 3, 10), **counts)
    assert (row["next_due_on"].date(), row["overdue_days"]) == (due, overdue_days)


def test_more_visits_than_the_cap_leave_none_and_never_a_negative_number():
    assert duty("D", cap_visit_count_year=7)["capped_visits_left_this_year"] == 0


def test_a_merchant_alone_is_owed_what_it_is_owed_in_company():
    frame = pd.DataFrame([QUIET, {**QUIET, "last_inspected_on": None}, {**QUIET, "cap_visit_count_year": 2}])
    tier = pd.Series(["A", "C", "D"])
    together = visit_duty(frame, tier, TIERS, NIGHT)
    pd.testing.assert_frame_equal(visit_duty(frame.iloc[[1]], tier.iloc[[1]], TIERS, NIGHT), together.iloc[[1]])
