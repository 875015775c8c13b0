"""Units by quarter: who is told in whose row, and what a quarter holds that has ended and whose beginning is on record."""

from datetime import date

import duckdb
import pytest

from models import policy
from pipelines.nights import bound_values
from pipelines.temporary_warehouse import needed_for
from pipelines.warehouse.build import build
from tests.records import raw_records
from tests.sql.test_directory import INSTITUTIONS, officer

TONIGHT = date(2026, 5, 14)
RUNNING, LAST, BEFORE = date(2026, 4, 1), date(2026, 1, 1), date(2025, 10, 1)
OFFICERS = {"S1": 5, "S2": 4, "S3": 2}
"""S1 has enough officers for a row of its own, S2 and S3 have not and lie below B."""


def bureau(rows: dict[str, list[dict]] | None = None, undelivered: tuple[str, ...] = ()) -> duckdb.DuckDBPyConnection:
    people = [f"{unit}-{number}" for unit, count in OFFICERS.items() for number in range(count)]
    third = {"institution_id": "S3", "name": "Third station", "kind": "station", "parent_id": "B"}
    given = {
        "institution": [*INSTITUTIONS, third],
        "officer": [officer(name) for name in people],
        "posting": [
            {"posting_id": f"T{name}", "officer_id": name, "institution_id": name[:2], "post": "patrol"}
            | {"started_on": "2020-01-01"}
            for name in people
        ],
        "patrol": [visit("old", "2025-09-30")],
        "penalty": [case("old", "2025-09-01", decided_on="2025-09-30")],
        "complaint": [complaint("old", "2025-09-30")],
    }
    for name, more in (rows or {}).items():
        given[name] = given.get(name, []) + more
    connection = raw_records(given, threads=1)
    connection.execute(
        "delete from raw.delivered_column where list_contains(?, table_name || '.' || column_name)", [list(undelivered)]
    )
    values = bound_values(TONIGHT, policy.on(TONIGHT), is_training=False)
    for statement in needed_for("feature.unit_quarter"):
        build(connection, statement, values)
    return connection


def visit(name: str, on: str, **given) -> dict:
    return {
        "patrol_id": f"V{name}",
        "merchant_id": "M1",
        "institution_id": "S1",
        "lead_officer_id": "S1-0",
        "visit_kind": "routine",
        "started_at": on,
        "result": "normal",
        "finding_count": 0,
        "severe_finding_count": 0,
    } | given


def case(name: str, filed: str, **given) -> dict:
    return {
        "case_id": f"C{name}",
        "merchant_id": "M1",
        "institution_id": "S1",
        "lead_officer_id": "S1-0",
        "source": "patrol",
        "violation_code": "A1",
        "procedure": "ordinary",
        "filed_on": filed,
        "outcome": "fined",
    } | given


def complaint(name: str, received: str, **given) -> dict:
    return {
        "complaint_id": f"Q{name}",
        "received_at": received,
        "kind": "officer_feedback",
        "channel": "12345",
        "officer_id": "S1-0",
        "category": "delay",
        "outcome": "pending",
        "complainant_hash": f"who{name}",
    } | given


def told(
    found: duckdb.DuckDBPyConnection, columns: str, unit: str = "S1", quarter: date = LAST, scope: str = "own"
) -> tuple | None:
    query = (
        f"select {columns} from feature.unit_quarter where institution_id = ? and quarter_start_on = ? and scope = ?"
    )
    return found.execute(query, [unit, quarter, scope]).fetchone()


def test_small_units_of_one_institution_are_told_in_one_row_of_it_and_in_none_of_their_own():
    visits = [
        visit("1", "2026-01-01", institution_id="S2", lead_officer_id="S2-0"),
        visit("2", "2026-03-31", institution_id="S3", lead_officer_id="S3-0"),
        visit("3", "2026-02-01"),
    ]
    found = bureau({"patrol": visits})
    counts = "officer_count, visit_count, visiting_officer_count"
    assert told(found, counts, "B", scope="small_units") == (6, 2, 2)
    assert told(found, counts) == (5, 1, 1)
    assert told(found, counts, "S2") is None and told(found, counts, "S3") is None
    # the bureau's own office has no officers: a small unit with nothing above it
    assert told(found, counts, "B") is None


def test_an_officer_of_two_small_units_is_one_officer():
    moved = {
        "posting_id": "T9",
        "officer_id": "S2-0",
        "institution_id": "S3",
        "post": "permit",
        "started_on": "2025-01-01",
    }
    assert told(bureau({"posting": [moved]}), "officer_count", "B", scope="small_units") == (6,)


def test_a_unit_is_as_large_as_those_who_served_there_on_any_day_of_that_quarter():
    late = {"posting_id": "T9", "officer_id": "S1-0", "institution_id": "S2", "post": "permit"}
    found = bureau({"posting": [late | {"started_on": "2026-02-01", "ended_on": "2026-03-01"}]})
    assert told(found, "officer_count", "S2") == (5,)
    assert told(found, "officer_count", "S2", RUNNING) is None
    gone = {"posting_id": "T9", "officer_id": "X", "institution_id": "S2", "post": "permit", "started_on": "2020-01-01"}
    found = bureau({"officer": [officer("X", left_on="2026-01-01")], "posting": [gone]})
    assert told(found, "officer_count", "S2") is None and told(found, "officer_count", "S2", BEFORE) == (5,)


def test_visits_of_a_quarter_by_hand():
    filing = {"filing_id": "F1", "kind": "visit", "officer_id": "S1-0", "merchant_id": "M1", "status": "approved"}
    filings = [
        filing | {"filed_at": "2026-01-10 08:00"},
        filing | {"filing_id": "F2", "filed_at": "2026-02-10 08:00", "status": "rejected"},
    ]
    visits = [
        visit("1", "2026-01-10", finding_count=2, severe_finding_count=1, result="case_referred"),
        visit("2", "2026-02-10", finding_count=1, lead_officer_id="S1-0"),
        visit("3", "2026-03-10", lead_officer_id="S1-1"),
        visit("4", "2026-03-11", lead_officer_id="S1-2", result="closed_on_arrival"),
        visit("5", "2026-04-01"),
        visit("6", "2026-03-12", entered_at="2026-05-15"),
    ]
    found = bureau({"patrol": visits, "filing": filings})
    columns = (
        "visit_count, visiting_officer_count, filed_visit_count, inspected_count, inspecting_officer_count,"
        " finding_visit_count, severe_visit_count, referred_visit_count"
    )
    assert told(found, columns) == (4, 3, 1, 3, 2, 2, 1, 1)


def test_cases_of_a_quarter_by_hand():
    cases = [
        case("1", "2025-12-01", decided_on="2026-01-10"),
        case("2", "2026-01-01", decided_on="2026-03-31", outcome="no_penalty", lead_officer_id="S1-1"),
        case("3", "2026-01-01", closed_on="2026-02-01", outcome="withdrawn", lead_officer_id="S1-2"),
        case("4", "2026-02-01", decided_on="2026-05-20"),
        case("5", "2026-03-01", decided_on="2026-04-02", outcome="terminated"),
    ]
    columns = (
        "case_count, decided_count, deciding_officer_count, fined_count, no_penalty_count, dropped_count, dated_count,"
        " dated_officer_count, median_days_to_decision"
    )
    assert told(bureau({"penalty": cases}), columns) == (4, 3, 3, 1, 1, 1, 2, 2, (40 + 89) / 2)


def test_complaints_about_officers_are_counted_once_and_accusations_never():
    complaints = [
        complaint("1", "2026-01-10"),
        complaint("2", "2026-01-11", kind="handling_complaint", complainant_hash="who1"),
        complaint("3", "2026-01-12", kind="accusation"),
        complaint("4", "2026-01-13", duplicate_of="Q1"),
        complaint("5", "2026-01-14", outcome="duplicate", resolved_at="2026-02-01"),
        complaint("6", "2026-01-15", kind="violation_report", officer_id=None, merchant_id="M1"),
    ]
    assert told(bureau({"complaint": complaints}), "complaint_count, complainant_count") == (2, 1)


def test_a_quarter_that_runs_has_only_its_officers():
    found = bureau({"patrol": [visit("1", "2026-05-01")]})
    columns = "is_complete, officer_count, visit_count, case_count, decided_count, complaint_count, dated_count"
    assert told(found, columns, quarter=RUNNING) == (False, 5, None, None, None, None, None)


@pytest.mark.parametrize(("first", "count"), [("2025-10-01", 1), ("2025-10-02", None)])
def test_a_quarter_whose_first_days_may_be_missing_is_not_told_as_if_it_were_whole(first, count):
    found = bureau()
    assert told(found, "visit_count", quarter=BEFORE) == (0,)
    found.execute("update raw.patrol set started_at = ?", [first])
    for statement in needed_for("feature.unit_quarter"):
        build(found, statement, bound_values(TONIGHT, policy.on(TONIGHT), is_training=False))
    assert told(found, "visit_count, inspected_count", quarter=BEFORE) == (count, count)
    assert told(found, "visit_count, case_count, complaint_count") == (0, 0, 0)


@pytest.mark.parametrize(
    ("column", "empty", "kept"),
    [
        ("patrol.severe_finding_count", "severe_visit_count", "visit_count"),
        ("penalty.decided_on", "median_days_to_decision, dated_count", "decided_count"),
        ("complaint.officer_id", "complaint_count, complainant_count", "visit_count"),
    ],
)
def test_what_a_delivery_does_not_hold_is_empty_and_never_0(column, empty, kept):
    found = bureau(undelivered=(column,))
    assert set(told(found, empty)) == {None} and told(found, kept) == (0,)
    assert told(found, "filed_visit_count") == (None,)
