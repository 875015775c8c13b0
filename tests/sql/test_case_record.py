"""Cases on record, pending ones too: who acted, what was decided, and what came after."""

from datetime import date, timedelta

import duckdb
import pytest

from tests.sql.test_officer_features import TONIGHT, bureau, case, day, make, visit


def on(days_ago: int) -> date:
    return TONIGHT - timedelta(days=days_ago)


def facts(found: duckdb.DuckDBPyConnection, columns: str, number: int = 1) -> tuple:
    (row,) = found.execute(f"select {columns} from feature.case_record where case_id = ?", [f"C{number}"]).fetchall()
    return row


def test_cases_filed_within_the_record_are_in_it_pending_ones_too():
    found = bureau({"penalty": [case(1, 1790, filed_on=day(1825)), case(2, 1790, filed_on=day(1826)), case(3, -5)]})
    listed = found.execute("select case_id, outcome from feature.case_record order by case_id").fetchall()
    assert listed == [("C1", "fined"), ("C3", "pending")]


def test_a_stage_that_lies_ahead_is_not_yet_a_fact():
    stages = {
        "discovered_on": day(40),
        "investigation_closed_on": day(-2),
        "closed_on": day(-9),
        "confiscated_yuan": 300,
        "fine_yuan": 2000,
    }
    found = bureau({"penalty": [case(1, -5, **stages), case(2, 1, **stages)]})
    columns = "discovered_on, investigation_closed_on, decided_on, closed_on, confiscated_yuan, total_yuan"
    assert facts(found, columns, 1) == (on(40), None, None, None, None, None)
    assert facts(found, columns, 2) == (on(40), None, on(1), None, 300.0, 2300.0)


@pytest.mark.parametrize(
    ("fine", "confiscated", "total"), [(100, 50, 150.0), (100, None, 100.0), (None, 50, 50.0), (None, None, None)]
)
def test_fine_and_confiscation_are_one_total_and_two_unknowns_are_not_0(fine, confiscated, total):
    found = bureau({"penalty": [case(1, 5, fine_yuan=fine, confiscated_yuan=confiscated)]})
    assert facts(found, "total_yuan") == (total,)


def test_the_finder_is_who_led_the_visit_that_the_case_names():
    found = bureau(
        {
            "patrol": [visit(1, 50, lead_officer_id="R2", co_officer_id="R3")],
            "penalty": [case(1, 5, patrol_id="V1"), case(2, 5, patrol_id="gone"), case(3, 5)],
        }
    )
    assert [facts(found, "finder_officer_id", n)[0] for n in (1, 2, 3)] == ["R2", None, None]


def test_what_others_find_in_the_180_days_after_the_outcome_is_counted():
    found = bureau(
        {
            "patrol": [
                visit(1, 120, lead_officer_id="R3", finding_count=1),
                visit(2, 119, lead_officer_id="R3", finding_count=1),
                visit(3, 299, lead_officer_id="R3", finding_count=4),
                visit(4, 300, lead_officer_id="R3", finding_count=1),
                visit(5, 200, lead_officer_id="R3"),
                visit(6, 200, finding_count=1),
                visit(7, 200, lead_officer_id="R2", finding_count=1),
            ],
            "penalty": [case(1, 300, co_officer_id="R2"), case(2, -1, filed_on=day(5))],
        }
    )
    assert facts(found, "later_finding_count", 1) == (2,)
    assert facts(found, "later_finding_count", 2) == (None,)


def test_how_long_others_are_awaited_after_the_outcome_is_the_policys():
    found = bureau(
        {"patrol": [visit(1, 100, lead_officer_id="R3", finding_count=1)], "penalty": [case(1, 200)]},
    )
    assert facts(found, "later_finding_count") == (1,)
    make(found, later_finding_days=99)
    assert facts(found, "later_finding_count") == (0,)


def test_certificates_of_both_handlers_are_held_against_the_day_of_filing():
    officers = [
        {"officer_id": name, "institution_id": "S1", "employment_kind": "civil_servant", "certificate_valid_to_on": to}
        for name, to in (("R1", day(40)), ("R2", day(41)), ("R3", None))
    ]
    cases = [case(1, 5, filed_on=day(40), co_officer_id="R2"), case(2, 5, filed_on=day(40), co_officer_id="R3")]
    found = bureau({"officer": officers, "penalty": cases})
    assert facts(found, "is_lead_certified, is_co_certified", 1) == (True, False)
    assert facts(found, "is_co_certified", 2) == (None,)


def test_the_facts_of_a_case_are_those_by_which_its_handler_is_measured():
    cases = [case(1, 300), case(2, 5, mitigation_codes="A;B", exemption_code="E1", party_kind="natural")]
    found = bureau({"penalty": cases})
    columns = (
        "unit_id, is_simple_procedure, is_natural_person, is_individual_merchant, industry_division,"
        " mitigation_count, has_exemption, prior_penalty_count_24m"
    )
    assert facts(found, columns, 2) == ("S1", False, True, True, 52.0, 2, True, 1)
    measured = found.execute(f"select {columns} from feature.officer_case where case_id = 'C2'").fetchall()
    assert measured == [facts(found, columns, 2)]
