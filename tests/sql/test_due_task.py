"""Due-date tasks from a handful of records: each category of the seed that a record can tell, and when it is done."""

from datetime import date, timedelta

import duckdb
import pytest

from models import policy
from pipelines.contract import published_tables
from pipelines.nights import bound_values
from pipelines.warehouse.build import build
from pipelines.warehouse.statement import statements
from tests.records import raw_records

TONIGHT = date(2026, 6, 30)
NEEDED = (
    "core.merchant",
    "core.patrol",
    "core.complaint",
    "core.penalty",
    "core.filing",
    "core.delivery",
    "feature.due_task",
)


def day(days_ago: int) -> str:
    return (TONIGHT - timedelta(days=days_ago)).isoformat()


def merchant(name: str = "M1", **facts) -> dict:
    return {
        "merchant_id": name,
        "kind": "individual",
        "industry_code": "5211",
        "institution_id": "S1",
        "grid_id": "G1",
        "registered_on": "2015-03-01",
        "status": "active",
    } | facts


def visit(number: int, days_ago: int, **facts) -> dict:
    return {
        "patrol_id": f"P{number}",
        "merchant_id": "M1",
        "institution_id": "S1",
        "lead_officer_id": "R1",
        "visit_kind": "routine",
        "started_at": f"{day(days_ago)} 10:00",
        "entered_at": f"{day(days_ago)} 12:00",
        "result": "normal",
        "finding_count": 0,
        "severe_finding_count": 0,
    } | facts


def case(number: int, decided: int, **facts) -> dict:
    return {
        "case_id": f"C{number}",
        "merchant_id": "M1",
        "institution_id": "S1",
        "lead_officer_id": "R1",
        "source": "patrol",
        "violation_code": "V1",
        "procedure": "ordinary",
        "filed_on": day(decided + 30),
        "decided_on": day(decided),
        "outcome": "fined",
    } | facts


def complaint(number: int, days_ago: int, **facts) -> dict:
    return {
        "complaint_id": f"T{number}",
        "received_at": f"{day(days_ago)} 09:00",
        "kind": "violation_report",
        "channel": "12315",
        "merchant_id": "M1",
        "category": "food",
        "outcome": "pending",
    } | facts


def filing(number: int, kind: str, **facts) -> dict:
    return {"filing_id": f"F{number}", "kind": kind, "merchant_id": "M1"} | facts


def warehouse(as_of: date = TONIGHT, **rows: list[dict]) -> duckdb.DuckDBPyConnection:
    connection = raw_records({"merchant": [merchant()], **rows}, threads=1)
    values = bound_values(as_of, policy.on(as_of), is_training=False)
    for table, statement in statements().items():
        if table in NEEDED:
            build(connection, statement, values)
    return connection


def tasks(as_of: date = TONIGHT, **rows: list[dict]) -> list[tuple]:
    columns = "kind, record_id, cast(due_on as varchar), status, needs_visit, visit_kind"
    query = f"select {columns} from feature.due_task order by kind, record_id"
    return warehouse(as_of, **rows).execute(query).fetchall()


def test_责令改正到期():
    ordered = visit(1, 25, result="order_to_correct", finding_count=2)
    assert tasks(patrol=[ordered]) == [("rectification_due", "P1", day(-5), "due", True, "recheck")]


@pytest.mark.parametrize(("days_ago", "status"), [(10, "upcoming"), (30, "due"), (31, "overdue")])
def test_a_task_is_upcoming_then_due_then_overdue(days_ago, status):
    assert tasks(patrol=[visit(1, days_ago, result="order_to_correct")])[0][3] == status


def test_an_order_is_done_once_someone_was_met_there_on_a_later_day_and_not_by_a_closed_door():
    ordered = visit(1, 25, result="order_to_correct")
    assert tasks(patrol=[ordered, visit(2, 5, visit_kind="recheck")]) == []
    assert len(tasks(patrol=[ordered, visit(2, 5, visit_kind="recheck", result="closed_on_arrival")])) == 1


def test_a_recheck_that_is_not_entered_yet_does_not_close_its_task():
    late = visit(2, 5, visit_kind="recheck", entered_at=f"{day(-2)} 08:00")
    assert len(tasks(patrol=[visit(1, 25, result="order_to_correct"), late])) == 1


def test_行政处罚待回访():
    assert tasks(penalty=[case(1, 80)]) == [("post_penalty_revisit", "C1", day(-10), "upcoming", True, "recheck")]
    assert tasks(penalty=[case(1, 80)], patrol=[visit(1, 20)]) == []


def test_a_case_that_is_decided_after_the_night_is_no_task():
    assert tasks(penalty=[case(1, -3)]) == []


def test_首违不罚待复查():
    (task,) = tasks(penalty=[case(1, 70, outcome="no_penalty", is_first_offence=True)])
    assert task == ("first_offence_recheck", "C1", day(10), "overdue", True, "recheck")


def reports(*filed: str) -> list[dict]:
    facts = {"filed_at": "2026-03-02 09:00", "due_on": "2026-06-30", "status": "on_time"}
    return [filing(number, "annual_report", merchant_id=name, **facts) for number, name in enumerate(filed)]


def test_年检期限到期_is_today_the_annual_report_and_a_reminder_without_a_visit():
    found = tasks(merchant=[merchant("M1"), merchant("M2")], filing=reports("M1"))
    assert found == [("annual_report", "annual_report_2026", "2026-06-30", "due", False, None)]


def test_nobody_is_told_to_lack_a_report_where_none_of_that_year_was_delivered():
    assert tasks(merchant=[merchant("M1"), merchant("M2")]) == []


def test_a_merchant_registered_within_the_year_and_one_without_a_licence_owe_no_report():
    others = [merchant("M2", registered_on="2026-02-01"), merchant("M3", kind="unlicensed", status="unlicensed")]
    assert tasks(merchant=[merchant("M1"), *others], filing=reports("M1")) == []


@pytest.mark.parametrize(
    ("valid_to", "expected"),
    [(day(-30), ("upcoming", False, None)), (day(-3), ("due", False, None)), (day(3), ("overdue", True, "targeted"))],
)
def test_许可证到期_is_a_reminder_first_and_calls_for_a_visit_once_it_has_ended(valid_to, expected):
    old = filing(1, "permit", filed_at="2016-05-01 09:00", valid_to_on="2021-05-01", status="approved")
    now = filing(2, "permit", filed_at="2021-05-02 09:00", valid_to_on=valid_to, status="approved")
    (task,) = tasks(filing=[old, now])
    assert (task[1], *task[3:]) == ("F2", *expected)


def test_投诉举报待核查_until_it_is_resolved_and_visited_once():
    assert tasks(complaint=[complaint(1, 20)]) == [
        ("complaint_to_verify", "T1", day(-1), "due", True, "complaint"),
    ]
    seen = tasks(complaint=[complaint(1, 20)], patrol=[visit(1, 10, visit_kind="complaint")])
    assert seen == [("complaint_to_verify", "T1", day(-1), "due", False, None)]
    assert tasks(complaint=[complaint(1, 20, outcome="upheld", resolved_at=f"{day(2)} 10:00")]) == []
    assert len(tasks(complaint=[complaint(1, 20, outcome="upheld", resolved_at=f"{day(-2)} 10:00")])) == 1


def test_the_handler_of_a_complaint_is_named_and_a_complaint_about_an_officer_is_no_task():
    about_officer = complaint(2, 20, kind="officer_feedback", officer_id="R1")
    connection = warehouse(complaint=[complaint(1, 20, handler_officer_id="R2"), about_officer])
    assert connection.execute("select record_id, officer_id from feature.due_task").fetchall() == [("T1", "R2")]


def test_nothing_is_due_at_a_closed_merchant():
    closed = merchant(status="closed", closed_on=day(3))
    assert tasks(merchant=[closed], patrol=[visit(1, 25, result="order_to_correct")]) == []


def test_what_is_far_ahead_and_what_is_long_past_is_not_listed():
    in_force = policy.on(TONIGHT).due_tasks
    far = filing(1, "permit", filed_at="2021-05-02 09:00", valid_to_on=day(-61), status="approved")
    assert tasks(filing=[far]) == []
    past = in_force.lookback_days + in_force.rules["rectification_due"].due_after_days
    assert tasks(patrol=[visit(1, past, result="order_to_correct")]) == []
    assert len(tasks(patrol=[visit(1, past - 1, result="order_to_correct")])) == 1


def test_every_task_is_told_in_both_languages_with_its_dates():
    connection = warehouse(patrol=[visit(1, 25, result="order_to_correct")])
    ((zh, en),) = connection.execute("select reason_zh, reason_en from feature.due_task").fetchall()
    assert zh == "2026-06-05检查责令改正,改正期限至2026-07-05,期满应复查,此后尚无实地检查"
    assert (
        en
        == "ordered on 2026-06-05 to correct by 2026-07-05, to be rechecked once that term ends; nobody has checked on site since"
    )


def test_a_complaint_is_told_as_a_matter_that_is_due_and_neither_its_day_nor_that_it_is_one():
    pending = complaint(1, 20)
    for visits, zh, en in (
        ([], "有事项应于2026-07-01前办理", "a matter is due by 2026-07-01"),
        (
            [visit(1, 10, visit_kind="complaint")],
            "有事项应于2026-07-01前办理,已于2026-06-20到场检查",
            "a matter is due by 2026-07-01; checked on site on 2026-06-20",
        ),
    ):
        connection = warehouse(complaint=[pending], patrol=visits)
        assert connection.execute("select reason_zh, reason_en from feature.due_task").fetchall() == [(zh, en)]


def test_header_and_contract_describe_the_same_table():
    """The text makes what is published as it is: two descriptions that differ would be two truths."""
    made, published = statements()["feature.due_task"], published_tables()["due_task"]
    assert made.grain == published.key
    for column, told in zip(made.columns, published.columns, strict=True):
        assert (column.name, column.unit, column.zh, column.en) == (told.name, told.type, told.zh, told.en)
        assert (column.values or ()) == tuple(told.values)
        assert column.is_nullable != told.must_be_present


def test_a_task_says_whether_the_cap_stands_in_its_way():
    expired = filing(1, "permit", filed_at="2023-06-01 09:00", valid_to_on=day(3), status="approved")
    found = warehouse(filing=[expired]).execute("select kind, is_cap_exempt from feature.due_task").fetchall()
    assert found == [("permit_expiry", True)]
