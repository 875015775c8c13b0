"""The register of unlicensed operation and its monthly bulletin, from a handful of stages by hand."""

import pytest

from pipelines.contract import published_tables
from pipelines.warehouse.statement import statements
from tests.sql.one_night import TONIGHT, rows_of, warehouse
from tests.sql.test_due_task import day, merchant, visit

UNLICENSED = {"kind": "unlicensed", "status": "unlicensed"}
USUAL = ("patrol", "found", "recorded", "disposed", "rechecked", "copied", "investigated", "reported_back")


def event(stage: str, days_ago: int, name: str = "M1", **facts) -> dict:
    return {"merchant_id": name, "stage": stage, "occurred_at": f"{day(days_ago)} 10:00"} | facts


def register(events: list[dict], absent=(), merchants=None, **rows) -> list[dict]:
    given = {"merchant": merchants or [merchant("M1", **UNLICENSED)], "unlicensed_event": events, **rows}
    connection = warehouse("feature.unlicensed_register", absent=absent, **given)
    return rows_of(connection, "from feature.unlicensed_register order by merchant_id")


def test_the_stage_is_the_one_reached_last_since_it_was_entered_with_its_deadline():
    (row,) = register([event("patrol", 20), event("found", 19), event("recorded", 16, officer_id="R7")])
    assert (row["stage"], row["stage_since_on"], row["days_in_stage"]) == ("recorded", day(16), 16)
    assert (row["stage_due_on"], row["is_late"], row["is_stuck"]) == (day(-5), False, False)
    assert (row["found_on"], row["officer_id"], row["officer_is_of"]) == (day(19), "R7", "stage")


@pytest.mark.parametrize(("days_ago", "is_late"), [(21, False), (22, True)])
def test_a_stage_is_late_from_the_day_after_its_deadline(days_ago, is_late):
    assert register([event("recorded", days_ago)])[0]["is_late"] is is_late


@pytest.mark.parametrize(("days_ago", "is_stuck"), [(90, False), (91, True)])
def test_what_rests_in_one_stage_for_more_than_ninety_days_is_stuck(days_ago, is_stuck):
    row = register([event("investigated", days_ago)])[0]
    assert (row["is_stuck"], row["is_late"]) == (is_stuck, is_stuck)


def test_a_stage_that_is_recorded_twice_running_was_entered_the_first_time():
    (row,) = register([event("disposed", 50), event("rechecked", 40), event("rechecked", 5)])
    assert (row["stage"], row["stage_since_on"]) == ("rechecked", day(40))
    (row,) = register([event("rechecked", 60), event("disposed", 50), event("rechecked", 5)])
    assert row["stage_since_on"] == day(5)


def test_of_two_stages_at_the_same_moment_the_later_one_counts():
    assert register([event("recorded", 3), event("found", 3)])[0]["stage"] == "recorded"


def test_who_is_found_twice_again_after_a_disposal_is_listed_as_coming_back():
    again = [event("found", 80), event("disposed", 70), event("found", 60), event("disposed", 50, disposal="取缔")]
    (row,) = register(again)
    assert (row["found_again_count"], row["is_repeat_refuser"], row["disposal"]) == (1, False, "取缔")
    (row,) = register([*again, event("found", 10)])
    assert (row["found_again_count"], row["is_repeat_refuser"], row["disposal"]) == (2, True, "取缔")
    (row,) = register([event("found", 80), event("found", 60), event("found", 10)])
    assert (row["found_again_count"], row["is_repeat_refuser"]) == (0, False)


def test_an_event_after_the_night_is_not_used():
    (row,) = register([event("found", 2), event("recorded", -1), event("reported_back", -3)])
    assert (row["stage"], row["is_closed"]) == ("found", False)


def test_what_is_reported_back_licensed_or_closed_is_done_and_neither_late_nor_stuck():
    merchants = [
        merchant("M1", **UNLICENSED),
        merchant("M2"),
        merchant("M3", kind="unlicensed", status="closed", closed_on=day(100)),
        merchant("M4"),
    ]
    events = [event("reported_back", 200), event("disposed", 200, "M2"), event("disposed", 200, "M3")]
    rows = register(events, merchants=merchants)
    assert {row["merchant_id"]: row["closed_by"] for row in rows} == {
        "M1": "reported_back",
        "M2": "licensed",
        "M3": "closed",
    }
    for row in rows:
        assert (row["is_closed"], row["is_late"], row["is_stuck"]) == (True, False, False)
        assert row["stage_due_on"] is None and row["days_in_stage"] is None


def test_who_was_reported_back_and_is_found_anew_is_open_again():
    (row,) = register([event("disposed", 90), event("reported_back", 60), event("found", 2)])
    assert (row["stage"], row["is_closed"], row["found_again_count"]) == ("found", False, 1)


def test_where_no_stage_was_delivered_merchants_are_listed_and_nothing_is_said_of_their_stage():
    (row,) = register([], absent=("unlicensed_event.stage",))
    assert row["merchant_id"] == "M1" and row["is_closed"] is False
    told = ("stage", "stage_due_on", "is_late", "is_stuck", "found_again_count", "is_repeat_refuser")
    assert [row[name] for name in told] == [None] * 6


def test_a_merchant_without_a_stage_on_record_is_neither_late_nor_in_time():
    (row,) = register([])
    assert (row["stage"], row["is_late"], row["found_again_count"], row["is_repeat_refuser"]) == (None, None, 0, False)


def test_who_answers_for_the_grid_answers_where_no_stage_names_an_officer():
    posting = {"officer_id": "R1", "institution_id": "S1", "grid_id": "G1", "post": "patrol"}
    staff = {
        "officer": [
            {"officer_id": name, "institution_id": "S1", "employment_kind": "civil_servant"} for name in "R1 R2".split()
        ],
        "posting": [
            {**posting, "posting_id": "T1", "started_on": "2024-01-01"},
            {**posting, "posting_id": "T2", "officer_id": "R2", "started_on": "2023-01-01"},
        ],
    }
    (row,) = register([event("found", 5)], **staff)
    assert (row["officer_id"], row["officer_is_of"]) == ("R2", "grid")
    staff["posting"][1]["ended_on"] = day(1)
    assert register([event("found", 5)], **staff)[0]["officer_id"] == "R1"


def bulletin(events, absent=(), **rows) -> dict[tuple, dict]:
    given = {"unlicensed_event": events, **rows}
    connection = warehouse("feature.unlicensed_bulletin", absent=absent, **given)
    return {
        (row["institution_id"], row["month"]): row for row in rows_of(connection, "from feature.unlicensed_bulletin")
    }


def test_the_rate_of_detection_is_told_with_its_denominator_and_not_of_a_few():
    merchants = [merchant(f"M{number}", **(UNLICENSED if number < 2 else {})) for number in range(12)]
    visits = [visit(number, 10, merchant_id=f"M{number}") for number in range(10)]
    visits += [visit(20, 9, merchant_id="M0"), visit(21, 8, merchant_id="M10", result="closed_on_arrival")]
    # M1 was found in a month without a visit to it: by others, so that it is no part of the share
    events = [event("found", 10, "M0"), event("found", 9, "M0"), event("found", 40, "M1"), event("disposed", 3, "M0")]
    rows = bulletin(events, merchant=merchants, patrol=visits)
    row = rows["S1", "2026-06"]
    assert (row["checked_merchant_count"], row["found_checked_count"], row["detection_share"]) == (10, 1, 0.1)
    assert (row["found_count"], row["disposed_count"], row["reported_back_count"]) == (1, 1, 0)
    row = rows["S1", "2026-05"]
    assert (row["found_count"], row["checked_merchant_count"], row["detection_share"]) == (1, 0, None)
    fewer = bulletin(events, merchant=merchants, patrol=visits[:9])["S1", "2026-06"]
    assert (fewer["checked_merchant_count"], fewer["detection_share"]) == (9, None)


def test_the_bulletin_has_twelve_months_for_every_unit_and_no_row_where_stages_were_not_delivered():
    merchants = [merchant("M1", **UNLICENSED), merchant("M2", institution_id="S2")]
    rows = bulletin([event("found", 10), event("found", 400)], merchant=merchants)
    assert len(rows) == 24 and rows["S1", "2026-06"]["is_complete"]
    assert sum(row["found_count"] for row in rows.values()) == 1
    assert bulletin([], absent=("unlicensed_event.stage",), merchant=merchants) == {}


@pytest.mark.parametrize(
    "name", ["unlicensed_register", "unlicensed_bulletin", "officer_month", "hot_industry_coverage"]
)
def test_header_and_contract_describe_the_same_table(name):
    made, published = statements()[f"feature.{name}"], published_tables()[name]
    assert made.grain == published.key
    for column, told in zip(made.columns, published.columns, strict=True):
        assert (column.name, column.unit, column.zh, column.en) == (told.name, told.type, told.zh, told.en)
        assert (column.values or ()) == tuple(told.values)
        assert column.is_nullable != told.must_be_present


def test_every_stage_has_a_column_of_the_bulletin():
    assert {f"{stage}_count" for stage in USUAL} <= set(published_tables()["unlicensed_bulletin"].column_names)
    assert tuple(published_tables()["unlicensed_register"].column("stage").values) == USUAL
    assert TONIGHT.isoformat() == day(0)
