"""Cases compared with one behind a hint: alike in violation, amount and facts, and decided by others."""

from datetime import date

import pandas as pd

from models.comparable_case import COLUMNS, SHOWN, comparable_cases

NIGHT = date(2026, 6, 30)
FLAGS = pd.DataFrame(
    [
        {"flag_id": "f1", "subject_kind": "officer", "subject_id": "R1"},
        {"flag_id": "f3", "subject_kind": "institution", "subject_id": "S1"},
    ]
)


def case(name: str, **changes) -> dict:
    plain = {
        "case_id": name,
        "lead_officer_id": "R2",
        "co_officer_id": "R3",
        "institution_id": "S2",
        "unit_id": "S2",
        "violation_code": "FO01",
        "outcome": "fined",
        "outcome_known_on": pd.Timestamp("2026-03-01"),
        "discretion_tier": "ordinary",
        "fine_yuan": 600.0,
        "statutory_min_yuan": 200.0,
        "statutory_max_yuan": 1000.0,
        "amount_involved_yuan": 1000.0,
        "is_first_offence": True,
        "was_corrected_promptly": True,
        "is_natural_person": True,
        "is_simple_procedure": False,
        "prior_penalty_count_24m": 0,
        "mitigation_count": 0,
        "has_exemption": False,
    }
    return plain | changes


OWN = case("A1", lead_officer_id="R1", co_officer_id="R7", institution_id="S1", unit_id="S1")


def compared(*others: dict, flag_id: str = "f1", own: dict = OWN) -> pd.DataFrame:
    records = pd.DataFrame({"flag_id": [flag_id], "table": ["penalty"], "record_id": [own["case_id"]]})
    booleans = [
        "is_first_offence",
        "was_corrected_promptly",
        "is_natural_person",
        "is_simple_procedure",
        "has_exemption",
    ]
    cases = pd.DataFrame([own, *others]).astype(dict.fromkeys(booleans, "boolean"))
    return comparable_cases(FLAGS, records, cases, NIGHT, 730)


def order(*others: dict, **given) -> list[str]:
    return compared(*others, **given)["compared_case_id"].tolist()


def test_no_officer_is_named():
    told = compared(case("B1"))
    assert list(told.columns) == list(COLUMNS)
    assert not [name for name in COLUMNS if "officer" in name]
    assert not told.astype("str").isin(["R1", "R2", "R3", "R7"]).any(axis=None)


def test_the_position_is_that_of_the_fine_decided_and_a_case_without_a_fine_counts_as_none():
    told = compared(case("B1"), case("B2", outcome="warned", fine_yuan=None)).set_index("compared_case_id")
    assert told["position"].to_dict() == {"B1": 0.5, "B2": -0.25}
    assert told["fine_yuan"].to_dict() == {"B1": 600.0, "B2": 0.0}


def test_an_amount_twice_as_large_is_as_far_off_as_one_fact():
    assert order(
        case("B1", amount_involved_yuan=4100.0),
        case("B2", is_first_offence=False),
        case("B3", amount_involved_yuan=1900.0),
        case("B4"),
        case("B5", is_first_offence=False, mitigation_count=2),
    ) == ["B4", "B3", "B2", "B5", "B1"]


def test_a_gap_is_like_a_gap_and_unlike_anything_else():
    own = OWN | {"amount_involved_yuan": None, "was_corrected_promptly": None}
    assert order(
        case("B1"),
        case("B2", was_corrected_promptly=None),
        case("B3", was_corrected_promptly=None, amount_involved_yuan=None),
        own=own,
    ) == ["B3", "B2", "B1"]


def test_of_equally_near_cases_the_latest_comes_first_and_then_the_first_by_name():
    earlier = pd.Timestamp("2025-11-01")
    assert order(case("B3"), case("B1", outcome_known_on=earlier), case("B2")) == ["B2", "B3", "B1"]


def test_no_more_than_ten_are_told():
    told = compared(*(case(f"B{number:02}") for number in range(14)))
    assert told["nearness_rank"].tolist() == list(range(1, SHOWN + 1))


def test_his_own_cases_and_those_of_who_handled_this_one_with_him_are_not_compared():
    assert order(
        case("B1", lead_officer_id="R1"),
        case("B2", co_officer_id="R1"),
        case("B3", lead_officer_id="R7"),
        case("B4", co_officer_id="R7"),
        case("B5", co_officer_id=None),
    ) == ["B5"]


def test_who_is_flagged_for_another_ones_case_is_not_compared_with_his_own():
    own = OWN | {"lead_officer_id": "R5", "co_officer_id": None}
    assert order(case("B1", lead_officer_id="R1"), case("B2", co_officer_id=None), own=own) == ["B2"]


def test_an_institution_is_not_compared_with_itself_even_under_its_old_name():
    assert order(case("B1", institution_id="S0", unit_id="S1"), case("B2"), flag_id="f3") == ["B2"]


def test_other_violations_older_and_open_cases_and_those_without_a_range_are_not_compared():
    assert order(
        case("B1", violation_code="FO02"),
        case("B2", outcome_known_on=pd.Timestamp("2024-06-30")),
        case("B3", outcome="withdrawn"),
        case("B4", outcome="pending", outcome_known_on=None),
        case("B5", statutory_max_yuan=None),
        case("B6", fine_yuan=None),
        case("B7", outcome_known_on=pd.Timestamp("2024-07-01")),
        case("B8", outcome_known_on=pd.Timestamp("2026-07-01")),
    ) == ["B7"]


def test_a_record_without_a_range_is_compared_with_nothing_and_a_pending_one_is_compared():
    assert compared(case("B1"), own=OWN | {"statutory_max_yuan": None}).empty
    assert order(case("B1"), own=OWN | {"outcome": "pending", "outcome_known_on": None}) == ["B1"]


def test_the_order_in_which_cases_are_read_changes_nothing():
    others = [case(f"B{number:02}", amount_involved_yuan=500.0 * (number % 3 + 1)) for number in range(30)]
    assert order(*others) == order(*reversed(others))
