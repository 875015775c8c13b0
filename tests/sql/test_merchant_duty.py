"""What decides a merchant's duty tonight: visits that count, reports that failed, the last fact that became known."""

from datetime import date, timedelta

import pytest

from models import policy
from models.rule_tier import rule_tiers
from pipelines.nights import bound_values
from pipelines.warehouse.build import build
from pipelines.warehouse.statement import statements
from tests.records import raw_records
from tests.sql.test_due_task import TONIGHT, case, complaint, day, filing, merchant, visit

PLACES = {
    "institution": [{"institution_id": "S1", "kind": "station", "name": "S1"}],
    "grid": [{"grid_id": "G1", "institution_id": "S1"}],
}


def night(as_of: date = TONIGHT, tables: tuple[str, ...] = ("feature.merchant_duty",), **rows):
    connection = raw_records({**PLACES, "merchant": [merchant()], **rows}, threads=1)
    values = bound_values(as_of, policy.on(as_of), is_training=False)
    for table, statement in statements().items():
        if statement.schema == "core" or table in tables:
            build(connection, statement, values)
    return connection


def duty(columns: str, **rows) -> tuple:
    return night(**rows).execute(f"select {columns} from feature.merchant_duty").fetchall()[0]


def test_visits_of_the_year_count_under_the_cap_unless_their_kind_is_exempt_or_nobody_was_met():
    visits = [
        visit(1, 10),
        visit(2, 20, visit_kind="random"),
        visit(3, 30, visit_kind="complaint"),
        visit(4, 40, visit_kind="recheck"),
        visit(5, 50, result="closed_on_arrival"),
        visit(6, 200),
        visit(7, 365),
    ]
    columns = "cap_visit_count_year, cap_visit_count_365, inspected_count_365"
    assert duty(columns, patrol=visits) == (2, 3, 5)


def test_visits_of_last_year_are_those_between_its_first_and_its_last_day():
    days_ago = [
        (TONIGHT - date(year, month, on)).days for year, month, on in ((2026, 1, 1), (2025, 12, 31), (2025, 1, 1))
    ]
    visits = [visit(number, days) for number, days in enumerate([*days_ago, days_ago[-1] + 1])]
    visits.append(visit(9, days_ago[1], visit_kind="recheck"))
    assert duty("cap_visit_count_year, cap_visit_count_last_year", patrol=visits) == (1, 2)


def test_the_next_visit_is_counted_from_the_last_one_at_which_someone_was_met():
    visits = [visit(1, 90), visit(2, 10, result="not_found")]
    assert duty("cast(last_inspected_on as varchar)", patrol=visits) == (day(90),)


def test_campaigns_are_visits_of_the_kinds_that_the_policy_names():
    visits = [visit(1, 10), visit(2, 20, visit_kind="special"), visit(3, 400, visit_kind="special")]
    assert duty("campaign_count_365", patrol=visits) == (1,)


def test_annual_reports_late_or_missing_within_two_years_count_and_undelivered_ones_are_not_zero():
    late = filing(1, "annual_report", filed_at="2025-08-01 09:00", due_on="2025-06-30", status="late")
    old = filing(2, "annual_report", due_on="2024-06-28", status="missing")

    def failed(**rows) -> tuple:
        tables = tuple(table for table in statements() if table.startswith("feature."))
        found = night(tables=tables, **rows).execute("select annual_report_failed_count_730 from feature.merchant")
        return found.fetchall()[0]

    assert failed(filing=[late, old]) == (1,)
    assert failed() == (None,)


@pytest.mark.parametrize(
    ("rows", "known_on"),
    [
        ({"patrol": [visit(1, 9, entered_at=f"{day(2)} 08:00")]}, day(2)),
        ({"complaint": [complaint(1, 9)]}, day(9)),
        ({"complaint": [complaint(1, 9, outcome="upheld", resolved_at=f"{day(3)} 08:00")]}, day(3)),
        ({"complaint": [complaint(1, 9, outcome="upheld", resolved_at=f"{day(-3)} 08:00")]}, day(9)),
        ({"penalty": [case(1, 4)]}, day(4)),
        ({"penalty": [case(1, -4, legal_reviewed_on=day(1))]}, day(1)),
        ({"filing": [filing(1, "permit", filed_at=f"{day(5)} 08:00", valid_to_on=day(-900))]}, day(5)),
        ({"filing": [filing(1, "visit", filed_at=f"{day(5)} 08:00")]}, None),
        ({}, None),
    ],
    ids=["visit entered", "complaint", "outcome", "outcome ahead", "decision", "legal review", "permit", "visit filed", "nothing"],
)  # fmt: skip
def test_the_last_fact_is_the_last_day_on_which_something_about_it_became_known(rows, known_on):
    assert duty("cast(last_fact_on as varchar)", **rows) == (known_on,)


def test_a_tier_by_rule_moves_only_with_a_fact_or_when_one_leaves_its_window_and_so_needs_no_damping():
    records = [visit(number, 700 + number, result="order_to_correct", finding_count=1) for number in range(3)]

    def tier(days_on: int) -> str:
        as_of = TONIGHT + timedelta(days=days_on)
        connection = night(
            as_of, tuple(table for table in statements() if table.startswith("feature.")), patrol=records
        )
        frame = connection.execute("select * from feature.merchant").df()
        return rule_tiers(frame, policy.on(as_of).tiers)["patrol_tier_rule"].iloc[0]

    assert [tier(days_on) for days_on in (0, 1, 27, 28, 29, 30)] == [
        "repeated_records",
        "repeated_records",
        "repeated_records",
        "minor_record",
        "minor_record",
        "clean_but_for_reports",
    ]
