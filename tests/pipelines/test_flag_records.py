"""The records behind flags are read from the warehouse as they are known that night, and of complaints not at all."""

from datetime import timedelta

import duckdb
import pandas as pd
import pytest

from models import policy
from pipelines.flag_records import RECORD_TABLES, RECORDS, record_frames
from pipelines.warehouse.frames import write_frame
from pipelines.warehouse.statement import statements
from tests.sql.test_officer_features import TONIGHT, bureau, case, complaint, day, undeliver, visit

RULES = policy.on(TONIGHT).flags
FLAGS = pd.DataFrame(
    [
        {"flag_id": "f1", "family": "low_finding_rate", "subject_kind": "officer", "subject_id": "R1"},
        {"flag_id": "f2", "family": "clustered_complaints", "subject_kind": "officer", "subject_id": "R1"},
        {"flag_id": "f3", "family": "retaliation", "subject_kind": "officer", "subject_id": "R1"},
    ]
)
BEHIND = [("patrol", "V1"), ("penalty", "C1"), ("filing", "F1"), ("posting", "TR1"), ("complaint", "Q1")]
BEHIND += [("self_check", "S1|2026-05"), ("rectification", "I1")]
EVIDENCE = pd.DataFrame(
    [(flag, table, record, 1.0) for flag in FLAGS["flag_id"] for table, record in BEHIND],
    columns=["flag_id", "table", "record_id", "weight"],
)
ROWS = {
    "patrol": [
        visit(1, 50, started_at=day(50) + " 09:00:00", ended_at=day(50) + " 09:20:00", visit_filing_id="F1"),
        visit(2, 40, lead_officer_id="R2", co_officer_id="R1", finding_count=3, result="order_to_correct"),
        visit(3, 30, lead_officer_id="R2"),
        visit(4, 1200),
        visit(5, -1),
    ],
    "penalty": [
        case(1, 20, reviewer_officer_id="R1", collective_discussed_on=day(25), patrol_id="V1"),
        case(2, 10, lead_officer_id="R2", approver_officer_id="R1", amount_involved_yuan=900),
        case(3, -5, lead_officer_id="R2", fine_yuan=2500),
    ],
    "filing": [
        {
            "filing_id": "F1",
            "kind": "visit",
            "officer_id": "R1",
            "merchant_id": "M1",
            "filed_at": day(51),
            "event_at": day(50),
        },
        {"filing_id": "F2", "kind": "meal_activity", "officer_id": "R1", "merchant_id": "M1", "filed_at": day(9)},
        {
            "filing_id": "F3",
            "kind": "visit",
            "officer_id": "R1",
            "merchant_id": "M1",
            "filed_at": day(0),
            "event_at": day(-3),
        },
    ],
    "recusal": [{"recusal_id": "X1", "officer_id": "R1", "merchant_id": "M1", "approved_on": day(5)}],
    "complaint": [complaint(1, 60, merchant_id="M1")],
    "self_check": [{"institution_id": "S1", "month": "2026-05", "reported_on": day(28), "problem_count": 0}],
    "rectification": [
        {
            "item_id": "I1",
            "institution_id": "S1",
            "problem": "x",
            "owner_officer_id": "R1",
            "due_on": day(3),
            "status": "open",
        }
    ],
}


def on(days_ago: int) -> pd.Timestamp:
    return pd.Timestamp(TONIGHT - timedelta(days=days_ago))


@pytest.fixture(scope="module")
def warehouse() -> duckdb.DuckDBPyConnection:
    return bureau(ROWS)


@pytest.fixture(scope="module")
def found(warehouse) -> dict[str, pd.DataFrame]:
    return record_frames(warehouse, FLAGS, EVIDENCE, TONIGHT, RULES)


def test_every_record_that_can_be_told_is_told_with_day_place_and_part(found):
    rows = found["flag_record"].set_index(["table", "record_id"])
    told = {key: (row.happened_on, row.merchant_id, row.institution_id, row.role) for key, row in rows.iterrows()}
    assert told == {
        ("filing", "F1"): (on(50), "M1", None, "filed"),
        ("patrol", "V1"): (on(50), "M1", "S1", "led"),
        ("penalty", "C1"): (on(20), "M1", "S1", "led;reviewed"),
        ("posting", "TR1"): (on(1000), None, "S1", "held"),
        ("rectification", "I1"): (on(3), None, "S1", "handled"),
        ("self_check", "S1|2026-05"): (on(28), None, "S1", None),
    }
    assert (rows.loc[("patrol", "V1"), "visit_minutes"], rows.loc[("patrol", "V1"), "was_filed"]) == (20.0, True)
    assert rows.loc[("penalty", "C1"), "was_collectively_discussed"]


def test_a_flag_that_rests_on_complaints_has_no_record_no_case_beside_it_and_no_contact(found):
    """Its evidence names a visit and a case here, which no family does: even then nothing of them is shown."""
    for name, rows in found.items():
        assert set(rows["flag_id"]) == {"f1"}, name
    assert "complaint" not in RECORDS and "core.complaint" not in RECORD_TABLES
    assert not found["flag_record"]["record_id"].eq("Q1").any()


def test_contacts_are_those_of_three_years_that_have_come_by_the_night(found):
    rows = found["flag_contact"]
    assert set(zip(rows["kind"], rows["record_id"], strict=True)) == {
        ("visit", "V1"),
        ("visit", "V2"),
        ("case_filed", "C1"),
        ("case_decided", "C1"),
        ("case_decided", "C2"),
        ("visit_filing", "F1"),
        ("meal_filing", "F2"),
        ("recusal_approved", "X1"),
    }
    assert rows["happened_on"].max() <= pd.Timestamp(TONIGHT)
    said = rows.set_index(["kind", "record_id"])["detail_zh"]
    assert said["visit", "V2"].startswith("协检") and said["case_decided", "C2"].startswith("审批")
    behind = set(rows.loc[rows["is_evidence"], "record_id"])
    assert behind == {"V1", "C1", "F1"}


def test_a_case_whose_decision_lies_ahead_is_not_compared_yet(found, warehouse):
    assert found["comparable_case"]["compared_case_id"].tolist() == ["C2"]
    next_week = bureau(ROWS, TONIGHT + timedelta(days=7))
    later = record_frames(next_week, FLAGS, EVIDENCE, TONIGHT + timedelta(days=7), RULES)
    assert sorted(later["comparable_case"]["compared_case_id"]) == ["C2", "C3"]


def test_the_frames_are_the_tables_of_the_contract(found, warehouse):
    for name, rows in found.items():
        assert write_frame(warehouse, "flag", name, rows) == len(rows) > 0


def test_what_was_not_delivered_is_empty_and_not_no():
    connection = bureau(ROWS | {"filing": []})
    undeliver(connection, ["penalty.collective_discussed_on"])
    rows = record_frames(connection, FLAGS, EVIDENCE, TONIGHT, RULES)["flag_record"].set_index("record_id")
    assert rows.loc["C1", "was_collectively_discussed"] is None
    assert rows.loc["V1", "was_filed"] is None


def test_a_night_without_flags_or_without_evidence_makes_empty_tables(warehouse):
    for flags, evidence in (
        (FLAGS.head(0), EVIDENCE.head(0)),
        (pd.DataFrame(), pd.DataFrame()),
        (FLAGS, EVIDENCE.head(0)),
    ):
        for rows in record_frames(warehouse, flags, evidence, TONIGHT, RULES).values():
            assert len(rows) == 0


def test_the_tables_that_are_read_are_tables_of_the_night():
    """A table that no text makes would be asked for in vain; one that is not named would be read before it is made."""
    assert set(RECORD_TABLES) <= set(statements())
