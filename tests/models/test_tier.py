"""The tier by rule: the seed's rule, its gaps as decided, D before C before B before A."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import policy
from models.tier import RULES, model_tiers, overdue, rule_tiers, tier_cuts

TIERS = policy.on(date(2026, 6, 30)).tiers

CLEAN = {
    "kind": "company",
    "status": "active",
    "is_key_industry": False,
    "age_years": 9.0,
    "minor_record_count_730": 0,
    "severe_record_count_730": 0,
    "case_punished_count_730": 0,
    "annual_report_late_count_1095": 0,
    "annual_report_missing_count_1095": 0,
    "complaint_upheld_count_90": 0,
    "recheck_failed_count_730": 0,
    "days_since_visit": 100,
}


def tier_of(**facts) -> tuple[str, str]:
    row = rule_tiers(pd.DataFrame([{**CLEAN, **facts}]), TIERS).iloc[0]
    return row["patrol_tier"], row["patrol_tier_rule"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ("A", "clean")),
        ({"is_key_industry": True}, ("A", "clean")),
        ({"age_years": 1.5}, ("B", "young")),
        ({"minor_record_count_730": 1}, ("B", "minor_record")),
        ({"severe_record_count_730": 1}, ("B", "severe_record")),
        ({"case_punished_count_730": 2}, ("B", "severe_record")),
        ({"annual_report_missing_count_1095": 1}, ("B", "annual_report")),
        ({"is_key_industry": True, "minor_record_count_730": 1}, ("C", "key_industry_record")),
        ({"minor_record_count_730": 3}, ("D", "repeated_records")),
        ({"severe_record_count_730": 2, "case_punished_count_730": 2}, ("B", "severe_record")),
        ({"complaint_upheld_count_90": 3}, ("A", "clean")),
        ({"complaint_upheld_count_90": 3, "recheck_failed_count_730": 1}, ("D", "complaints_and_refusal")),
        ({"kind": "unlicensed"}, ("D", "unlicensed")),
        ({"status": "revoked"}, ("D", "closed_by_order")),
        ({"annual_report_late_count_1095": None}, ("A", "clean_but_for_reports")),
        ({"complaint_upheld_count_90": None, "recheck_failed_count_730": 1}, ("A", "clean")),
    ],
)
def test_each_rule_and_each_gap_of_the_seed_is_decided_as_written(facts, expected):
    assert tier_of(**facts) == expected


def test_every_rule_names_a_tier_and_rules_stand_in_order_of_precedence():
    letters = [tier for tier, _, _ in RULES.values()]
    assert letters == sorted(letters, reverse=True)


@given(
    st.integers(0, 6),
    st.integers(0, 6),
    st.booleans(),
    st.sampled_from(["minor_record_count_730", "severe_record_count_730", "annual_report_late_count_1095"]),
)
def test_one_more_bad_record_never_makes_the_tier_better(minor, severe, is_key, column):
    facts = {"minor_record_count_730": minor, "severe_record_count_730": severe, "is_key_industry": is_key}
    worse = {**facts, column: facts.get(column, 0) + 1}
    assert tier_of(**worse)[0] >= tier_of(**facts)[0]


def test_required_visits_are_shown_beside_the_cap_that_limits_them():
    row = rule_tiers(pd.DataFrame([{**CLEAN, "minor_record_count_730": 3}]), TIERS).iloc[0]
    assert (row["required_visits_per_year"], row["capped_visits_per_year"]) == (24, TIERS.visit_cap_per_year)


def test_a_merchant_is_overdue_once_its_interval_has_passed_and_never_where_no_visit_is_owed():
    frame = pd.DataFrame({"days_since_visit": [182, 183, 900, None], "age_years": [9.0, 9.0, 9.0, 0.2]})
    assert overdue(frame, np.array([2, 2, 0, 2])).tolist() == [False, True, False, False]


def test_cuts_split_the_night_by_the_mix_of_the_policy():
    probability = np.linspace(0, 1, 1001)
    tiers = model_tiers(probability, tier_cuts(probability, {"A": 0.7, "B": 0.2, "C": 0.08, "D": 0.02}))
    shares = {letter: round((tiers == letter).mean(), 2) for letter in "ABCD"}
    assert shares == {"A": 0.7, "B": 0.2, "C": 0.08, "D": 0.02}
