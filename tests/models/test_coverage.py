"""Coverage: who was seen of those who must be, and where the effort went."""

from datetime import date

import pandas as pd
import pytest

from models import policy
from models.coverage import coverage

NIGHT = date(2026, 6, 30)
POLICY = policy.on(NIGHT)

MERCHANT = {
    "institution_id": "S1",
    "industry_code": "5211",
    "is_key_industry": False,
    "hot_industry": None,
    "registered_on": date(2015, 3, 1),
    "inspected_count_365": 0,
    "campaign_count_365": 0,
    "cap_visit_count_365": 0,
    "cap_visit_count_year": 0,
    "percentile": 0.5,
    "next_due_on": date(2026, 9, 1),
    "is_overdue": False,
    "capped_visits_left_this_year": 1,
    "planned_visit_count": 0,
}


def measured(merchants: list[dict], measure: str, unit: str = "all", in_force=POLICY) -> pd.Series:
    frame = pd.DataFrame([{**MERCHANT, **facts} for facts in merchants])
    rows = coverage(frame, in_force, NIGHT).set_index(["measure", "unit_id"])
    return rows.loc[(measure, unit)]


def test_重点行业每年不少于1次实地检查():
    seen, not_seen, new = {"inspected_count_365": 1}, {}, {"registered_on": date(2026, 1, 5)}
    row = measured([{"is_key_industry": True, **facts} for facts in (seen, not_seen, new)], "key_industry_onsite")
    assert (row["numerator"], row["denominator"], row["share"], row["is_met"]) == (1, 2, 0.5, False)


@pytest.mark.parametrize(("reached", "is_met"), [(1, False), (2, True)])
def test_热点行业每年至少一次不少于总数50(reached, is_met):
    cafes = [{"hot_industry": "9013", "campaign_count_365": int(place < reached)} for place in range(4)]
    row = measured(cafes, "hot_industry_population")
    assert (row["numerator"], row["denominator"], row["is_met"]) == (reached, 4, is_met)


@pytest.mark.parametrize(("risky", "is_met"), [(7, False), (8, True)])
def test_集中80的力量监管20的潜在高风险企业(risky, is_met):
    merchants = [
        {"percentile": 0.81, "cap_visit_count_365": risky},
        {"percentile": 0.8, "cap_visit_count_365": 10 - risky},
    ]
    row = measured(merchants, "effort_on_top_20")
    assert (row["numerator"], row["denominator"], row["is_met"]) == (risky, 10, is_met)


def test_where_the_plan_sends_people_is_held_against_the_risk_and_says_how_often_the_cap_forbids_it():
    top = {"percentile": 0.9}
    merchants = [
        {**top, "planned_visit_count": 1},
        {**top, "capped_visits_left_this_year": 0},
        {"planned_visit_count": 1, "institution_id": "S2"},
        {"capped_visits_left_this_year": 0},
    ]
    row = measured(merchants, "planned_effort_on_top_20")
    assert (row["numerator"], row["denominator"], row["is_met"]) == (1, 2, False)
    assert (row["window_start_on"].date(), row["window_end_on"].date()) == (date(2026, 7, 1), date(2026, 7, 30))
    assert "2户中,本年度检查频次已用完的有1户(50.0%)" in row["reason_zh"] and "of 2 merchants" in row["reason_en"]
    other = measured(merchants, "planned_effort_on_top_20", "S2")
    assert other["share"] == 0 and "of 0 merchants" in other["reason_en"]
    assert measured(merchants, "effort_on_top_20")["window_end_on"].date() == NIGHT


@pytest.mark.parametrize("measure", ["effort_on_top_20", "planned_effort_on_top_20"])
def test_without_a_model_the_effort_is_not_computable_with_its_reason_and_never_zero(measure):
    row = measured([{"percentile": None, "cap_visit_count_365": 3, "planned_visit_count": 1}], measure)
    assert pd.isna(row["numerator"]) and pd.isna(row["share"]) and pd.isna(row["is_met"])
    assert row["reason_zh"] and "no merchant model" in row["reason_en"]


def test_where_there_is_nobody_of_a_kind_the_share_is_empty_and_says_so():
    row = measured([{}], "hot_industry_population")
    assert (row["numerator"], row["denominator"]) == (0, 0)
    assert pd.isna(row["share"]) and pd.isna(row["is_met"]) and row["reason_en"]


def test_who_owes_no_visit_is_no_part_of_the_visits_within_the_cap():
    row = measured([{}, {"is_overdue": True}, {"next_due_on": None}], "visit_within_cap")
    assert (row["numerator"], row["denominator"]) == (1, 2)


def test_more_visits_than_the_cap_are_told():
    row = measured([{"cap_visit_count_year": 2}, {"cap_visit_count_year": 3}], "visit_cap_kept")
    assert (row["numerator"], row["denominator"], row["is_met"]) == (1, 2, False)
    assert row["window_start_on"].date() == date(2026, 1, 1)


def test_institutions_add_up_to_the_bureau():
    merchants = [{"institution_id": "S1"}, {"institution_id": "S2", "is_overdue": True}, {"institution_id": "S2"}]
    parts = [measured(merchants, "visit_within_cap", unit) for unit in ("S1", "S2")]
    whole = measured(merchants, "visit_within_cap")
    assert sum(part["numerator"] for part in parts) == whole["numerator"] == 2
    assert sum(part["denominator"] for part in parts) == whole["denominator"] == 3
