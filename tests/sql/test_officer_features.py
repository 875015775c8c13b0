"""The officers' tables on a bureau that a reader can hold in his head."""

from datetime import date, timedelta

import duckdb
import pytest

from models import policy
from pipelines.nights import bound_values
from pipelines.warehouse.build import build
from pipelines.warehouse.statement import statements
from tests.records import raw_records

TONIGHT = date(2026, 6, 30)
STATIONS = ("S1", "S2")
BUILT = ("officer", "patrol", "case_", "filed_visit", "visit_record", "visit_filing", "kin_contact", "merchant_agent")
LISTS = ("officer_duty", "officer_month")


def day(days_ago: int) -> str:
    return (TONIGHT - timedelta(days=days_ago)).isoformat()


def bureau(rows: dict[str, list[dict]], as_of: date = TONIGHT) -> duckdb.DuckDBPyConnection:
    """The tables of sql/ on these records; every column of the contract counts as delivered."""
    given = {
        "institution": [{"institution_id": "B", "kind": "bureau"}]
        + [{"institution_id": name, "kind": "station", "is_rural": False} for name in STATIONS],
        "grid": [
            {"grid_id": "G1", "institution_id": "S1", "kind": "market"},
            {"grid_id": "G2", "institution_id": "S1", "kind": "street"},
        ],
        "officer": [
            {"officer_id": name, "institution_id": "S1", "employment_kind": "civil_servant", "rank": "staff"}
            for name in ("R1", "R2", "R3")
        ],
        "posting": [
            {
                "posting_id": f"T{name}",
                "officer_id": name,
                "institution_id": "S1",
                "post": "patrol",
                "started_on": day(1000),
            }
            for name in ("R1", "R2", "R3")
        ],
        "merchant": [
            {
                "merchant_id": name,
                "kind": "individual",
                "industry_code": "5211",
                "institution_id": "S1",
                "grid_id": grid,
                "registered_on": day(3000),
                "status": "active",
            }
            for name, grid in (("M1", "G1"), ("M2", "G2"))
        ],
    } | rows
    connection = raw_records(given, threads=1)
    make(connection, as_of)
    return connection


def make(connection: duckdb.DuckDBPyConnection, as_of: date = TONIGHT, **flag_policy: int) -> None:
    """Make the tables from the records as they are now; `flag_policy` names what the policy of flags says otherwise."""
    in_force = policy.on(as_of)
    flags = in_force.flags.model_copy(update=flag_policy)
    values = bound_values(as_of, in_force.model_copy(update={"flags": flags}), is_training=True)
    for statement in statements().values():
        if statement.schema == "core" or (statement.name.startswith(BUILT) and statement.name not in LISTS):
            build(connection, statement, values)


def undeliver(connection: duckdb.DuckDBPyConnection, columns: list[str]) -> None:
    """Make the tables as if these columns (`table.column`) had not been delivered."""
    connection.execute(
        "delete from raw.delivered_column where list_contains(?, table_name || '.' || column_name)", [columns]
    )
    make(connection)


def tonight(
    connection: duckdb.DuckDBPyConnection, table: str, columns: str, officer: str = "R1", also: str = ""
) -> tuple:
    query = f"select {columns} from {table} where officer_id = ? and as_of_on = ? {also}"
    (row,) = connection.execute(query, [officer, TONIGHT]).fetchall()
    return row


def case(number: int, known: int, **changes) -> dict:
    return {
        "case_id": f"C{number}",
        "merchant_id": "M1",
        "institution_id": "S1",
        "lead_officer_id": "R1",
        "source": "patrol",
        "violation_code": "A1",
        "procedure": "ordinary",
        "filed_on": day(known + 30),
        "decided_on": day(known),
        "outcome": "fined",
        "statutory_min_yuan": 1000,
        "statutory_max_yuan": 5000,
        "fine_yuan": 2000,
    } | changes


def complaint(number: int, received: int, **changes) -> dict:
    return {
        "complaint_id": f"Q{number}",
        "received_at": day(received),
        "kind": "officer_feedback",
        "channel": "12345",
        "officer_id": "R1",
        "category": "delay",
        "outcome": "pending",
        "complainant_hash": f"who{number:04d}",
    } | changes


def visit(number: int, ago: int, **changes) -> dict:
    return {
        "patrol_id": f"V{number}",
        "merchant_id": "M1",
        "institution_id": "S1",
        "lead_officer_id": "R1",
        "visit_kind": "routine",
        "started_at": day(ago),
        "result": "normal",
        "finding_count": 0,
        "severe_finding_count": 0,
    } | changes


def posting(number: int, started: int, ended: int | None, **changes) -> dict:
    return {
        "posting_id": f"T{number}",
        "officer_id": "R1",
        "institution_id": "S1",
        "post": "case_handling",
        "started_on": day(started),
        "ended_on": None if ended is None else day(ended),
    } | changes


def test_a_prior_penalty_counts_from_the_day_it_was_known_and_for_24_months():
    found = bureau(
        {
            "penalty": [
                case(1, 900),
                case(2, 300),
                case(3, 290, outcome="no_penalty", fine_yuan=None),
                case(4, 100),
                case(5, 265, filed_on=day(310)),
            ]
        }
    )
    priors = dict(found.execute("select case_id, prior_penalty_count_24m from feature.officer_case").fetchall())
    assert priors == {"C1": 0, "C2": 1, "C3": 1, "C4": 2, "C5": 1}


@pytest.mark.parametrize(
    ("outcome", "fine", "counted"),
    [("fined", 2000, 2000.0), ("warned", None, 0.0), ("no_penalty", 500, 0.0), ("withdrawn", 500, None)],
)
def test_a_warning_counts_as_no_fine_and_a_withdrawn_case_as_none_at_all(outcome, fine, counted):
    found = bureau({"penalty": [case(1, 10, outcome=outcome, fine_yuan=fine)]})
    assert found.execute("select fine_counted_yuan from feature.officer_case").fetchall() == [(counted,)]


@pytest.mark.parametrize(
    ("outcome", "proposed", "counted", "decided"),
    [("fined", 3500, 3500.0, 2000.0), ("fined", None, 2000.0, 2000.0), ("warned", 3500, 0.0, 0.0)],
)
def test_of_a_fined_case_the_handler_is_measured_by_what_he_proposed(outcome, proposed, counted, decided):
    found = bureau({"penalty": [case(1, 10, outcome=outcome, proposed_fine_yuan=proposed)]})
    columns = "fine_counted_yuan, fine_decided_yuan, fine_proposed_yuan"
    assert found.execute(f"select {columns} from feature.officer_case").fetchall() == [(counted, decided, proposed)]


def test_a_proposal_is_known_with_the_outcome_and_not_before():
    found = bureau({"penalty": [case(1, -5, proposed_fine_yuan=3500)]})
    assert found.execute("select outcome, proposed_fine_yuan from core.penalty").fetchall() == [("pending", None)]


def test_a_case_of_a_renamed_station_is_one_of_its_present_name():
    renamed = [
        row
        for number, officer in enumerate(("R1", "R2"))
        for row in (
            posting(10 + number, 2000, 801, officer_id=officer),
            posting(20 + number, 800, None, officer_id=officer, institution_id="S2"),
        )
    ]
    found = bureau({"posting": renamed, "penalty": [case(1, 900), case(2, 10, institution_id="S2")]})
    units = found.execute("select institution_id, unit_id from feature.officer_case order by case_id").fetchall()
    assert units == [("S1", "S2"), ("S2", "S2")]


def test_mitigating_facts_are_counted():
    found = bureau({"penalty": [case(1, 10, mitigation_codes="A;B;C"), case(2, 10, mitigation_codes="A"), case(3, 10)]})
    counts = found.execute("select case_id, mitigation_count from feature.officer_case order by case_id").fetchall()
    assert counts == [("C1", 3), ("C2", 1), ("C3", 0)]


def test_a_complaint_knows_the_market_the_penalty_and_the_campaign_before_it():
    found = bureau(
        {
            "penalty": [case(1, 100)],
            "patrol": [visit(1, 20, visit_kind="special", co_officer_id="R2")],
            "complaint": [
                complaint(1, 10, merchant_id="M1"),
                complaint(2, 10, merchant_id="M2"),
                complaint(3, 10),
                complaint(4, 10, merchant_id="M1", officer_id="R2"),
            ],
        }
    )
    facts = found.execute(
        "select complaint_id, is_market, was_penalised_before, follows_special_visit"
        " from feature.officer_complaint order by complaint_id"
    ).fetchall()
    assert facts == [
        ("Q1", True, True, True),
        ("Q2", False, False, False),
        ("Q3", None, None, None),
        ("Q4", True, False, True),
    ]


def test_visits_led_and_joined_are_exposure_and_the_expected_findings_leave_the_officer_out():
    found = bureau(
        {
            "patrol": [visit(1, 10, finding_count=1, co_officer_id="R3"), visit(2, 11)]
            + [visit(number, 20, lead_officer_id="R2", finding_count=number % 4) for number in range(3, 11)]
            + [visit(20, 400)]
        }
    )
    columns = "visit_count_12m, finding_visit_count_12m, expected_finding_visit_count_12m"
    assert tonight(found, "feature.officer_visit", columns) == (2, 1, 1.5)
    assert tonight(found, "feature.officer", "visit_count_12m, market_visit_share_12m", "R3") == (1, 1.0)


def test_gaps_under_the_policys_days_reset_no_clock_and_longer_ones_do():
    found = bureau(
        {
            "posting": [
                posting(1, 3000, 2000),
                posting(2, 1950, 900),
                posting(3, 700, None),
                posting(4, 100, None, officer_id="R2"),
            ]
        }
    )
    columns = "began_on, gap_days, posting_count, institution_count"
    assert tonight(found, "feature.officer_tenure", columns, also="and clock = 'post'") == (
        TONIGHT - timedelta(days=700),
        0,
        1,
        1,
    )
    assert TONIGHT == date(2026, 6, 30)
    night = TONIGHT - timedelta(days=30 * 30)
    (row,) = found.execute(
        "select began_on, gap_days, posting_count from feature.officer_tenure"
        " where officer_id = 'R1' and clock = 'post' and as_of_on = ?",
        [night],
    ).fetchall()
    assert row == (TONIGHT - timedelta(days=3000), 49, 2)


def test_overlapping_postings_are_served_once():
    found = bureau({"posting": [posting(1, 730, 300), posting(2, 500, None)]})
    years = tonight(found, "feature.officer_tenure", "merged_years, served_years, gap_days", also="and clock = 'post'")
    assert years[:2] == pytest.approx((2.0, 2.0), abs=0.01) and years[0] == years[1] and years[2] == 0
    assert tonight(found, "feature.officer", "service_day_count_12m, service_day_count_24m") == (365, 730)


@pytest.mark.parametrize(("began", "is_due"), [("2021-07-01", True), ("2021-07-02", False), ("2021-06-30", True)])
def test_five_full_calendar_years_are_five(began, is_due):
    found = bureau({"posting": [posting(1, 0, None, started_on=began)]})
    merged, served = tonight(found, "feature.officer_tenure", "merged_years, served_years", also="and clock = 'post'")
    assert (merged >= 5) is is_due and served == merged


def test_an_extension_excuses_the_post_it_was_given_for_and_not_the_station():
    found = bureau({"posting": [posting(1, 4000, None, extension_ref="延1")]})
    columns = "has_extension, extension_ref"
    assert tonight(found, "feature.officer_tenure", columns, also="and clock = 'post'") == (True, "延1")
    assert tonight(found, "feature.officer_tenure", columns, also="and clock = 'station'") == (False, None)


def test_a_new_name_of_the_station_resets_no_clock_and_a_move_does():
    renamed = [
        row
        for number, officer in enumerate(("R1", "R2"))
        for row in (
            posting(10 + number, 2000, 801, officer_id=officer),
            posting(20 + number, 800, None, officer_id=officer, institution_id="S2"),
        )
    ]
    columns = "began_on, has_rename, institution_count"
    station = "and clock = 'station'"
    found = tonight(bureau({"posting": renamed}), "feature.officer_tenure", columns, also=station)
    assert found == (TONIGHT - timedelta(days=2000), True, 1)
    assert tonight(bureau({"posting": renamed}), "feature.officer", "institution_id, unit_id") == ("S2", "S2")
    one_moves = bureau({"posting": [*renamed[:2], posting(30, 2000, None, officer_id="R2")]})
    assert tonight(one_moves, "feature.officer_tenure", columns, also=station) == (
        TONIGHT - timedelta(days=800),
        False,
        1,
    )


def test_the_grid_clock_counts_the_key_merchants_who_were_there_from_the_beginning():
    usual = {"kind": "individual", "institution_id": "S1", "status": "active"}
    merchants = [
        usual | {"merchant_id": name, "grid_id": grid, "industry_code": industry, "registered_on": day(ago)}
        for name, grid, industry, ago in (
            ("M1", "G1", "6210", 3000),
            ("M2", "G1", "6210", 100),
            ("M3", "G1", "5299", 3000),
            ("M4", "G2", "6210", 3000),
        )
    ]
    found = bureau({"posting": [posting(1, 2000, None, grid_id="G1")], "merchant": merchants})
    columns = "grid_id, began_on, key_merchant_count"
    began = TONIGHT - timedelta(days=2000)
    assert tonight(found, "feature.officer_tenure", columns, also="and clock = 'grid'") == ("G1", began, 1)
    assert tonight(found, "feature.officer_tenure", "key_merchant_count", also="and clock = 'post'") == (None,)


def test_the_hot_post_names_the_tenure_of_one_who_holds_two():
    found = bureau(
        {"posting": [posting(1, 400, None, post="patrol"), posting(2, 300, None, post="permit", extension_ref="延1")]}
    )
    columns = "post, is_hot_post, has_extension, extension_ref"
    assert tonight(found, "feature.officer_tenure", columns, also="and clock = 'post'") == ("permit", True, True, "延1")


def test_peers_leave_the_officer_out():
    found = bureau({"complaint": [complaint(number, 10) for number in range(6)] + [complaint(9, 10, officer_id="R2")]})
    assert tonight(found, "feature.officer", "peer_count, expected_complainant_count_12m") == (2, 0.5)
    assert tonight(found, "feature.officer", "peer_count, expected_complainant_count_12m", "R2") == (2, 3.0)


def test_what_was_not_delivered_is_empty_and_not_0():
    found = bureau({})
    columns = "visit_count_12m, led_case_count_12m, finding_ratio_12m, substantiated_count_60m"
    assert tonight(found, "feature.officer", columns) == (None, None, None, None)
