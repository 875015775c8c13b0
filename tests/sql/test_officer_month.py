"""The monthly work of officers, from a handful of records by hand: counts with what they are held against, shares only of enough."""

import re

import pytest

from pipelines.contract import published_tables
from pipelines.warehouse.statement import statements
from tests.sql.one_night import TONIGHT, rows_of, warehouse
from tests.sql.test_due_task import case, complaint, day, merchant, visit

OFFICER = {"institution_id": "S1", "employment_kind": "civil_servant"}
POSTED = {"officer_id": "R1", "institution_id": "S1", "post": "patrol"}
STAFF = {
    "officer": [{"officer_id": "R1", **OFFICER}],
    "posting": [{**POSTED, "posting_id": "T1", "started_on": "2020-01-01"}],
}
YEAR = "last_12_months"


def work(as_of=TONIGHT, absent=(), officer="R1", **rows) -> dict[str, dict]:
    given = {**STAFF, "merchant": [merchant(f"M{number}") for number in range(1, 31)], **rows}
    connection = warehouse("feature.officer_month", as_of=as_of, absent=absent, **given)
    found = rows_of(connection, "from feature.officer_month")
    return {row["period"]: row for row in found if row["officer_id"] == officer}


def many(count: int, days_ago: int = 10, first: int = 1, **facts) -> list[dict]:
    return [visit(number, days_ago, **facts) for number in range(first, first + count)]


def test_days_of_service_are_counted_once_and_leave_beside_them():
    postings = [
        {**POSTED, "posting_id": "T1", "started_on": "2026-05-11", "ended_on": "2026-06-20"},
        {**POSTED, "posting_id": "T2", "institution_id": "S2", "started_on": "2026-06-11"},
    ]
    leave = [{"officer_id": "R1", "from_on": "2026-05-01", "to_on": "2026-05-12"}]
    rows = work(posting=postings, leave=leave)
    told = {period: (row["service_day_count"], row["leave_day_count"]) for period, row in rows.items()}
    assert told == {"2026-05": (21, 2), "2026-06": (30, 0), YEAR: (51, 2)}
    assert (rows["2026-05"]["institution_id"], rows["2026-06"]["institution_id"]) == ("S1", "S2")


def test_the_running_month_is_told_as_such_and_its_days_up_to_the_night():
    rows = work(TONIGHT.replace(day=10))
    assert (rows["2026-06"]["is_complete"], rows["2026-06"]["service_day_count"]) == (False, 10)
    assert rows["2026-05"]["is_complete"] and not rows[YEAR]["is_complete"]
    assert min(rows) == "2025-07" and len(rows) == 13


def test_visits_led_and_joined_days_and_merchants_are_counted_apart():
    visits = [
        visit(1, 10, finding_count=2),
        visit(2, 10, merchant_id="M2", result="not_found", finding_count=0),
        visit(3, 9, lead_officer_id="R2", co_officer_id="R1", merchant_id="M3", finding_count=5),
        visit(4, 40, merchant_id="M1", finding_count=1),
    ]
    rows = work(patrol=visits)
    names = ("led_visit_count", "assisted_visit_count", "visit_day_count", "merchant_count", "finding_count")
    assert [rows["2026-06"][name] for name in names] == [2, 1, 2, 2, 2]
    assert [rows[YEAR][name] for name in names] == [3, 1, 3, 2, 3]


def test_entry_on_the_same_day_is_a_share_of_the_visits_that_say_when_they_were_entered():
    visits = many(9) + [visit(10, 10, entered_at=f"{day(8)} 09:00"), visit(11, 10, entered_at=None)]
    row = work(patrol=visits)["2026-06"]
    assert (row["entered_visit_count"], row["same_day_share"]) == (10, 0.9)


def test_a_share_of_fewer_than_ten_records_is_empty_with_its_reason():
    row = work(patrol=many(9))["2026-06"]
    assert (row["entered_visit_count"], row["same_day_share"]) == (9, None)
    assert "不足10条" in row["reason_zh"] and "fewer than 10 records" in row["reason_en"]
    assert work(patrol=many(10), absent=("complaint.handler_officer_id",))["2026-06"]["reason_zh"] is None


def test_a_record_that_is_entered_after_the_night_is_not_counted():
    assert work(patrol=many(2) + [visit(3, 3, entered_at=f"{day(-2)} 09:00")])["2026-06"]["led_visit_count"] == 2


def filed(number: int, hour: str, **facts) -> dict:
    facts = {"filed_at": f"{day(10)} {hour}", "status": "approved"} | facts
    return {"filing_id": f"F{number}", "kind": "visit", "officer_id": "R1", "merchant_id": f"M{number}", **facts}


def test_an_approval_counts_where_it_came_before_the_visit_and_was_not_rejected():
    visits = [visit(number, 10, merchant_id=f"M{number}") for number in range(1, 11)]
    filings = [filed(1, "09:00"), filed(2, "10:00"), filed(3, "10:01"), filed(4, "09:00", status="rejected")]
    row = work(patrol=visits, filing=filings)["2026-06"]
    assert (row["filed_visit_count"], row["approved_before_share"]) == (10, 0.2)
    assert work(patrol=visits)["2026-06"]["filed_visit_count"] is None


def test_an_order_is_rechecked_in_time_by_whoever_is_there_before_its_days_are_over():
    orders = [visit(number, 60, merchant_id=f"M{number}", result="order_to_correct") for number in range(1, 11)]
    again = [
        visit(20, 60, merchant_id="M1"),
        visit(21, 15, merchant_id="M2", lead_officer_id="R2", visit_kind="recheck"),
        visit(22, 14, merchant_id="M3", visit_kind="recheck"),
        visit(23, 20, merchant_id="M4", visit_kind="recheck", result="closed_on_arrival"),
    ]
    rows = work(patrol=[*orders, *again])
    assert (rows["2026-06"]["ended_order_count"], rows["2026-06"]["recheck_share"]) == (10, 0.1)
    assert rows["2026-05"]["ended_order_count"] == 0
    open_still = work(patrol=[visit(1, 44, result="order_to_correct")])
    assert open_still[YEAR]["ended_order_count"] == 0


def matters(resolved: int, open_since: int) -> list[dict]:
    done = {"handler_officer_id": "R1", "outcome": "upheld", "resolved_at": f"{day(60)} 10:00"}
    return [complaint(number, 70, **done) for number in range(resolved)] + [
        complaint(100 + number, 70, handler_officer_id="R1") for number in range(open_since)
    ]


def test_matters_are_counted_over_twelve_months_and_never_of_one_to_four():
    row = work(complaint=matters(8, 2))
    told = row[YEAR]
    assert (told["resolved_matter_count"], told["ended_matter_count"], told["matter_in_time_share"]) == (8, 10, 0.8)
    assert [row["2026-05"][name] for name in ("resolved_matter_count", "ended_matter_count")] == [None, None]
    assert "twelve months only" in row["2026-05"]["reason_en"]
    few = work(complaint=matters(4, 1))[YEAR]
    assert (few["resolved_matter_count"], few["ended_matter_count"]) == (None, 5)
    assert "不足5件" in few["reason_zh"]


def test_a_matter_that_is_resolved_after_the_night_was_not_in_time():
    later = [dict(row, resolved_at=f"{day(-1)} 10:00") for row in matters(10, 0)]
    row = work(complaint=later)[YEAR]
    assert (row["resolved_matter_count"], row["ended_matter_count"], row["matter_in_time_share"]) == (0, 10, 0)


def test_a_case_is_in_time_within_its_term_and_what_the_head_may_add_and_open_ones_count_too():
    cases = [case(number, 30, filed_on=day(130), decided_on=day(10)) for number in range(8)]
    cases += [case(8, 9, filed_on=day(130), decided_on=day(9)), case(9, 0, filed_on=day(130), decided_on=day(-5))]
    rows = work(penalty=cases)
    row = rows["2026-06"]
    assert (row["ended_case_count"], row["case_in_time_share"], row["case_count"]) == (10, 0.8, 0)
    assert rows["2026-02"]["case_count"] == 10
    assert (
        work(penalty=cases, absent=("penalty.decided_on", "penalty.closed_on"))["2026-06"]["ended_case_count"] is None
    )


def test_cases_that_legal_review_did_not_agree_with_are_a_share_of_those_it_dealt_with():
    results = ["disagreed", *["approved"] * 9, None]
    cases = [
        case(number, 10, legal_reviewed_on=day(12), legal_review_result=result) for number, result in enumerate(results)
    ]
    row = work(penalty=cases)["2026-06"]
    assert (row["reviewed_case_count"], row["returned_share"]) == (10, 0.1)


@pytest.mark.parametrize("fine", [0, 90_000])
def test_a_fine_changes_nothing_in_the_statistic(fine):
    """Fines are never a merit: whatever was fined, and whether, the work is the same."""
    plain = work(penalty=[case(number, 10, outcome="warned") for number in range(12)])
    fined = [case(number, 10, outcome="fined", fine_yuan=fine, confiscated_yuan=fine) for number in range(12)]
    assert work(penalty=fined) == plain


def test_no_column_and_no_word_of_the_text_is_of_a_fine():
    text = statements()["feature.officer_month"].text
    body = text[text.index("with told_month") :]
    assert not re.search(r"fine|yuan|confiscat|penalty\.outcome\b|discretion", body.replace("core.penalty", ""))
    told = published_tables()["officer_month"]
    assert not [name for name in told.column_names if re.search("fine|yuan|rank|percentile|score", name)]
    assert not [column.zh for column in told.columns if re.search("罚|没收|排名", column.zh)]
