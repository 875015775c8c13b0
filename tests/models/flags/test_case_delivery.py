"""The families of cases before deliveries that lack something: said once for the bureau, and unknown where it is an excuse."""

import numpy as np
import pandas as pd
import pytest

from models.case_end import ordinary_cases, visits_to_be_filed
from models.flags import (
    Night,
    case_dropped,
    duty_not_separated,
    fine_driven,
    procedure_gap,
    process_delay,
    threshold_bunching,
)
from models.flags.process_delay import EXPLANATIONS
from tests.models.flags.docket import docket, drop, hints, night_of, some_of, verdicts, visits

CASE_FAMILIES = (case_dropped, duty_not_separated, fine_driven, procedure_gap, process_delay, threshold_bunching)


@pytest.fixture(scope="module")
def mixed() -> pd.DataFrame:
    """Cases in which R05 drops half, and R14 has no second handler in two of five."""
    cases = docket()
    cases = drop(cases, some_of(cases, "R05", 0.5))
    cases.loc[some_of(cases, "R14", 0.4), "co_officer_id"] = None
    return cases.assign(finder_officer_id=np.where(np.arange(len(cases)) % 3 == 0, "P1", None))


def bureau_gaps(judgement) -> list[str]:
    return [gap.reason_en for gap in judgement.not_computable if gap.subject_kind == "bureau"]


@pytest.mark.parametrize("family", CASE_FAMILIES, ids=lambda family: family.FAMILY)
def test_a_family_of_cases_reads_no_column_that_it_does_not_name(family, mixed):
    night = night_of(mixed)
    taken = {
        name: night.frames[name][list(columns)] if columns else night.frames[name]
        for name, columns in family.NEEDS.items()
    }
    assert family.NEEDS["feature.case_record"] and len(taken["feature.case_record"].columns) < len(mixed.columns)
    narrow, wide = family.judge(Night(night.as_of, night.policy, taken)), family.judge(night)
    assert narrow.flags == wide.flags and narrow.not_computable == wide.not_computable
    pd.testing.assert_frame_equal(narrow.indicator, wide.indicator)


@pytest.mark.parametrize("family", CASE_FAMILIES, ids=lambda family: family.FAMILY)
def test_without_the_day_of_the_outcome_the_bureau_is_told_the_columns(family, mixed):
    undated = mixed.assign(decided_on=pd.NaT, closed_on=pd.NaT, outcome_known_on=pd.NaT, outcome=None)
    judged = family.judge(night_of(undated, without=("has_decided_on", "has_outcome_date", "has_stage")))
    assert any("decided_on" in reason for reason in bureau_gaps(judged)) and judged.flags == ()
    if family is not duty_not_separated:
        assert {gap.subject_kind for gap in judged.not_computable} == {"bureau"}


def test_who_keeps_what_he_finds_is_told_without_the_day_of_the_outcome(mixed):
    undated = mixed.assign(decided_on=pd.NaT, closed_on=pd.NaT, outcome_known_on=pd.NaT, outcome=None)
    own = some_of(undated, "R10", 1.0) & undated["finder_officer_id"].notna().to_numpy()
    undated.loc[own, "finder_officer_id"] = "R10"
    judged = duty_not_separated.judge(night_of(undated, without=("has_decided_on", "has_outcome_date")))
    flag = hints(judged)["R10"]
    assert flag.facts == ("self_handover",) and "outcome not on file" in flag.evidence[0].note_en


@pytest.mark.parametrize("family", [threshold_bunching, fine_driven], ids=lambda family: family.FAMILY)
def test_fines_without_a_statutory_maximum_are_fines(family, mixed):
    judged = family.judge(night_of(mixed.assign(statutory_max_yuan=np.nan), without=("has_statutory_maximum",)))
    assert len(judged.indicator) and not any("no fines" in reason for reason in bureau_gaps(judged))
    if family is fine_driven:
        assert any("statutory maximum" in reason for reason in bureau_gaps(judged))


@pytest.mark.parametrize(
    ("column", "code"), [("has_merchant_closed", "merchant_closed"), ("has_posting_end", "handler_leaving")]
)
def test_an_excuse_whose_column_was_not_delivered_is_unknown_and_not_refuted(column, code, mixed):
    assert verdicts(hints(case_dropped.judge(night_of(mixed)))["R05"])[code] == "not_supported"
    assert verdicts(hints(case_dropped.judge(night_of(mixed, without=(column,))))["R05"])[code] == "unknown"


def test_the_closing_of_merchants_is_unknown_of_visits_as_well(mixed):
    seen = visits([{"patrol_id": "P1"}, {"patrol_id": "P2", "merchant_id": mixed["merchant_id"].iloc[0]}])
    night = night_of(mixed, without=("has_merchant_closed",), **{"feature.visit_record": seen})
    assert visits_to_be_filed(night)["is_merchant_closed"].isna().all()
    assert ordinary_cases(night)["is_merchant_closed"].isna().all()


def test_who_referred_what_he_found_did_not_leave_it_unfiled(mixed):
    """Whether the office that handles cases then filed one is another's to answer for."""
    seen = visits([{"patrol_id": "P1", "result": "case_referred"}, {"patrol_id": "P2"}])
    found = visits_to_be_filed(night_of(mixed, **{"feature.visit_record": seen})).set_index("patrol_id")["is_hit"]
    assert found.to_dict() == {"P1": False, "P2": True}


@pytest.mark.parametrize(
    ("column", "code"), [("has_amount_involved", "large_case"), ("has_review_result", "review_disagreed")]
)
def test_amounts_and_reviews_that_were_not_delivered_explain_no_delay_and_refute_nothing(column, code, mixed):
    night = night_of(mixed, without=(column,))
    cases = process_delay._investigated(night, night.frames["core.delivery"].iloc[0])
    (explanation,) = (each for each in EXPLANATIONS if each.code == code)
    assert explanation.points_at(cases).isna().all()


@pytest.mark.parametrize("column", ["has_case_visit", "has_patrol"])
def test_whether_a_fine_came_from_a_campaign_is_unknown_where_cases_name_no_visit(column, mixed):
    night = night_of(mixed, without=(column,))
    assert fine_driven.CAMPAIGN.points_at(fine_driven._decided(night)).isna().all()
    assert not fine_driven.CAMPAIGN.points_at(fine_driven._decided(night_of(mixed))).isna().any()
