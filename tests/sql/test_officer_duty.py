"""Who answers for what falls due: the handler of a matter, else the officer of the grid, and never the complaint itself."""

from tests.sql.one_night import rows_of, warehouse
from tests.sql.test_due_task import complaint, day, filing, merchant, visit

STAFF = {
    "officer": [{"officer_id": "R1", "institution_id": "S1", "employment_kind": "civil_servant"}],
    "posting": [
        {
            "posting_id": "T1",
            "officer_id": "R1",
            "institution_id": "S1",
            "grid_id": "G1",
            "post": "patrol",
            "started_on": "2024-01-01",
        }
    ],
}


def duty(**rows) -> list[dict]:
    connection = warehouse("feature.officer_duty", **{"merchant": [merchant()], **STAFF, **rows})
    return rows_of(connection, "from feature.officer_duty order by kind, record_id")


def test_an_order_is_of_the_officer_of_the_grid_and_of_nobody_where_the_grid_has_none():
    ordered = visit(1, 25, result="order_to_correct", lead_officer_id="R9")
    (row,) = duty(patrol=[ordered])
    assert (row["kind"], row["record_id"], row["officer_id"], row["charge"]) == (
        "rectification_due",
        "P1",
        "R1",
        "grid",
    )
    (row,) = duty(patrol=[ordered], posting=[])
    assert (row["officer_id"], row["charge"]) == (None, "nobody")


def test_a_task_beyond_the_coming_thirty_days_is_left_out():
    def permit(days: int) -> dict:
        return filing(1, "permit", filed_at="2021-05-02 09:00", valid_to_on=day(-days), status="approved")

    assert len(duty(filing=[permit(30)])) == 1 and duty(filing=[permit(31)]) == []


def test_matters_of_one_handler_at_a_merchant_are_one_row_that_names_no_complaint():
    given = [
        complaint(1, 20, handler_officer_id="R7"),
        complaint(2, 15, handler_officer_id="R7"),
        complaint(3, 10, handler_officer_id=None),
    ]
    rows = duty(complaint=given)
    assert [(row["kind"], row["officer_id"], row["charge"], row["due_on"]) for row in rows] == [
        ("matter", "R7", "handler", day(-1)),
        ("matter", "R1", "grid", day(-11)),
    ]
    told = str(rows)
    assert not [name for name in ("T1'", "T2'", "T3'", "complaint", "投诉", day(20)) if name in told]
    assert {row["reason_en"] for row in rows} == {f"a matter is due by {day(-1)}", f"a matter is due by {day(-11)}"}


def test_who_has_left_the_bureau_answers_for_no_matter_any_more():
    left = {**STAFF["officer"][0], "officer_id": "R7", "left_on": day(3)}
    given = [complaint(1, 20, handler_officer_id="R7"), complaint(2, 15, handler_officer_id=None)]
    (row,) = duty(complaint=given, officer=[*STAFF["officer"], left])
    assert (row["officer_id"], row["charge"], row["record_id"]) == ("R1", "grid", "matter_grid")
    (row,) = duty(complaint=given, officer=[*STAFF["officer"], left], posting=[])
    assert (row["officer_id"], row["charge"]) == (None, "nobody")
