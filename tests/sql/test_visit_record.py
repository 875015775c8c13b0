"""Visits on record: what was done, how it was entered, and what came before and after."""

from datetime import date, timedelta

import duckdb
import pytest

from tests.sql.test_officer_features import TONIGHT, bureau, case, day, make, posting, undeliver, visit


def on(days_ago: int) -> date:
    return TONIGHT - timedelta(days=days_ago)


def at(days_ago: int, clock: str) -> str:
    return f"{day(days_ago)} {clock}"


def facts(found: duckdb.DuckDBPyConnection, columns: str, number: int = 1) -> tuple:
    (row,) = found.execute(f"select {columns} from feature.visit_record where patrol_id = ?", [f"V{number}"]).fetchall()
    return row


def filing(number: int, filed_at: str, **given) -> dict:
    usual = {"kind": "visit", "officer_id": "R1", "merchant_id": "M1", "status": "approved", "filed_at": filed_at}
    return {"filing_id": f"F{number}", **usual, **given}


def test_a_visit_older_than_the_record_is_not_in_it_but_is_still_somebodys_earlier_visit():
    found = bureau({"patrol": [visit(1, 1825), visit(2, 1826, lead_officer_id="R2")]})
    assert found.execute("select patrol_id, prior_visit_count from feature.visit_record").fetchall() == [("V1", 1)]


def test_earlier_visits_of_others_count_from_the_day_after_their_record_was_entered():
    others = [
        visit(2, 30, lead_officer_id="R2", finding_count=2, severe_finding_count=1),
        visit(3, 20, lead_officer_id="R2", finding_count=1),
        visit(4, 15, lead_officer_id="R2", finding_count=1, entered_at=at(10, "09:00")),
        visit(5, 14, lead_officer_id="R2", result="closed_on_arrival"),
        visit(6, 13),
    ]
    found = bureau({"patrol": [visit(1, 10), *others]})
    columns = "prior_visit_count, prior_finding_count, prior_severe_count"
    assert facts(found, columns) == (2, 2, 1)


def test_what_others_find_in_the_90_days_after_counts_and_the_pairs_own_return_does_not():
    after = [
        visit(2, 110, lead_officer_id="R3", finding_count=1),
        visit(3, 111, lead_officer_id="R3", finding_count=2, severe_finding_count=1),
        visit(4, 109, lead_officer_id="R3", finding_count=1),
        visit(5, 150, lead_officer_id="R2", finding_count=1),
        visit(6, 150, finding_count=1),
        visit(7, 150, lead_officer_id="R3", result="not_found"),
    ]
    found = bureau({"patrol": [visit(1, 200, co_officer_id="R2"), *after]})
    columns = "later_other_visit_count, later_other_finding_count"
    assert facts(found, columns) == (2, 2)


def test_the_first_unannounced_visit_within_60_days_is_told_with_the_day_it_was_known():
    after = [
        visit(2, 190, lead_officer_id="R2", visit_kind="routine", finding_count=1, severe_finding_count=1),
        visit(3, 170, lead_officer_id="R2", visit_kind="random", finding_count=1, entered_at=at(168, "10:00")),
        visit(4, 160, lead_officer_id="R2", visit_kind="complaint", finding_count=1, severe_finding_count=1),
    ]
    columns = "first_unannounced_after_on, first_unannounced_severe, first_unannounced_finding"
    assert facts(bureau({"patrol": [visit(1, 200), *after]}), columns) == (on(168), False, True)
    assert facts(bureau({"patrol": [visit(1, 240), *after]}), columns) == (None, None, None)


def test_the_clock_tells_how_long_a_visit_took_and_whether_it_lay_outside_hours():
    began = (("06:59:00", True), ("07:00:00", False), ("20:00:00", False), ("20:01:00", True))
    visits = [visit(n, n, started_at=at(n, clock), ended_at=at(n, "21:00:30")) for n, (clock, _) in enumerate(began, 1)]
    found = bureau({"patrol": visits})
    assert [facts(found, "is_outside_hours", n)[0] for n in range(1, 5)] == [outside for _, outside in began]
    assert facts(found, "visit_minutes, start_minute_of_day", 4) == (59.5, 1201.0)


def test_a_day_without_a_time_says_nothing_of_hours_minutes_or_the_order_of_a_filing():
    found = bureau({"patrol": [visit(1, 5, ended_at=day(5))], "filing": [filing(1, at(5, "09:00"))]})
    columns = "visit_minutes, start_minute_of_day, is_outside_hours, filing_lag_minutes, was_filed"
    assert facts(found, columns) == (None, None, None, None, True)


@pytest.mark.parametrize(
    ("by", "co", "was_by_other"), [("R1", "R2", False), ("R2", "R2", False), ("R3", "R2", True), (None, "R2", None)]
)
def test_a_record_entered_by_one_of_the_two_is_their_own(by, co, was_by_other):
    found = bureau({"patrol": [visit(1, 5, entered_by=by, co_officer_id=co, entered_at=at(3, "08:00"))]})
    assert facts(found, "was_entered_by_other, entry_lag_days") == (was_by_other, 2)


def test_a_note_repeats_where_the_same_officer_wrote_it_earlier_about_another_merchant():
    found = bureau(
        {
            "patrol": [
                visit(1, 5, note_hash="n"),
                visit(2, 6, note_hash="n", merchant_id="M2"),
                visit(3, 371, note_hash="n", merchant_id="M2"),
                visit(4, 7, note_hash="n"),
                visit(5, 8, note_hash="n", merchant_id="M2", lead_officer_id="R2"),
                visit(6, 9, merchant_id="M2"),
            ]
        }
    )
    assert [facts(found, "note_repeat_count", n)[0] for n in (1, 2, 5, 6)] == [1, 1, 0, None]


def test_the_way_from_the_visit_before_on_the_same_day_is_measured_and_the_first_has_none():
    place = {"latitude": 28.0, "longitude": 112.0}
    found = bureau(
        {
            "patrol": [
                visit(1, 5, started_at=at(5, "10:00:00"), latitude=28.1, longitude=112.0),
                visit(2, 5, started_at=at(5, "09:00:00"), ended_at=at(5, "09:20:00"), merchant_id="M2", **place),
                visit(3, 5, started_at=at(5, "11:00:00")),
                visit(4, 4, started_at=at(4, "09:00:00"), **place),
            ]
        }
    )
    columns = "previous_kilometres, previous_gap_minutes"
    assert facts(found, columns, 1) == (pytest.approx(11.119, abs=0.001), 40.0)
    assert facts(found, columns, 2) == (None, None)
    assert facts(found, columns, 3) == (None, 60.0)
    assert facts(found, columns, 4) == (None, None)


def test_leave_covers_its_first_and_last_day_and_is_unknown_where_none_was_delivered():
    leave = [{"officer_id": "R1", "from_on": day(10), "to_on": day(8)}]
    found = bureau({"leave": leave, "patrol": [visit(n, n) for n in (11, 10, 8, 7)]})
    assert [facts(found, "is_on_leave", n)[0] for n in (11, 10, 8, 7)] == [False, True, True, False]
    undeliver(found, ["leave.officer_id"])
    assert facts(found, "is_on_leave", 10) == (None,)


def test_the_last_three_days_of_a_month_are_its_end():
    found = bureau({"patrol": [visit(n, n) for n in (0, 2, 3, 29)]})
    assert [facts(found, "is_month_end", n)[0] for n in (0, 2, 3, 29)] == [True, True, False, False]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"filed_at": at(6, "09:00"), "event_at": at(5, "08:00")}, (True, False, -1500.0)),
        ({"filed_at": at(4, "10:00")}, (True, False, 1440.0)),
        ({"filed_at": at(3, "10:00")}, (False, False, None)),
        ({"filed_at": at(5, "09:00"), "officer_id": "R2"}, (True, False, -60.0)),
        ({"filed_at": at(5, "09:00"), "officer_id": "R3"}, (False, False, None)),
        ({"filed_at": at(5, "09:00"), "merchant_id": "M2"}, (False, False, None)),
        ({"filed_at": at(5, "09:00"), "status": "rejected"}, (False, True, -60.0)),
        ({"filed_at": at(5, "09:00"), "status": None}, (True, False, -60.0)),
        ({"filed_at": at(5, "09:00"), "kind": "meal_activity"}, (False, False, None)),
        ({"filed_at": at(40, "10:00"), "filing_id": "named"}, (True, False, -35 * 1440.0)),
    ],
)
def test_a_visit_is_filed_by_the_filing_it_names_or_by_one_of_either_officer_within_a_day(given, expected):
    seen = visit(1, 5, started_at=at(5, "10:00"), co_officer_id="R2", visit_filing_id="named")
    # another filing that has nothing to do with the visit: filings of visits were delivered
    found = bureau({"patrol": [seen], "filing": [filing(9, at(300, "08:00")), filing(1, **given)]})
    assert facts(found, "was_filed, was_filing_rejected, filing_lag_minutes") == expected


def test_the_best_filing_is_one_that_was_accepted():
    filings = [filing(1, at(5, "07:00"), status="rejected"), filing(2, at(5, "11:00")), filing(3, at(5, "12:00"))]
    found = bureau({"patrol": [visit(1, 5, started_at=at(5, "10:00"))], "filing": filings})
    assert facts(found, "was_filed, was_filing_rejected, filing_lag_minutes") == (True, False, 60.0)


def test_without_filings_of_visits_nothing_is_said_of_filing():
    found = bureau({"patrol": [visit(1, 5)], "filing": [filing(1, at(5, "08:00"), kind="meal_activity")]})
    assert facts(found, "was_filed, was_filing_rejected") == (None, None)


def test_the_case_that_names_the_visit_is_its_case_before_any_other_within_60_days():
    found = bureau(
        {
            "patrol": [visit(1, 100), visit(2, 50), visit(3, 300)],
            "penalty": [
                case(1, 0, filed_on=day(90)),
                case(2, 0, filed_on=day(30), patrol_id="V1"),
                case(3, 0, filed_on=day(239)),
            ],
        }
    )
    columns = "referred_case_id, referred_on"
    assert facts(found, columns, 1) == ("C2", on(30))
    assert facts(found, columns, 2) == ("C2", on(30))
    assert facts(found, columns, 3) == (None, None)


def test_how_long_a_case_may_be_taken_for_the_visits_is_the_policys():
    found = bureau({"patrol": [visit(1, 100)], "penalty": [case(1, 0, filed_on=day(50))]})
    assert facts(found, "referred_case_id") == ("C1",)
    make(found, referral_days=49)
    assert facts(found, "referred_case_id") == (None,)


def test_a_visit_knows_its_place_its_merchant_and_its_unit_under_the_last_name():
    renamed = [
        row
        for number, officer in enumerate(("R1", "R2"))
        for row in (
            posting(10 + number, 2000, 801, officer_id=officer),
            posting(20 + number, 800, None, officer_id=officer, institution_id="S2"),
        )
    ]
    found = bureau({"posting": renamed, "patrol": [visit(1, 900), visit(2, 5, merchant_id="M2")]})
    columns = "unit_id, is_market, is_individual_merchant, is_rural, industry_division"
    assert facts(found, columns) == ("S2", True, True, False, 52.0)
    assert facts(found, "is_market", 2) == (False,)


def test_a_filing_is_missed_from_the_day_after_its_event_and_not_before():
    filings = [
        filing(1, at(9, "08:00"), event_at=at(5, "10:00")),
        filing(2, at(9, "08:00"), event_at=at(1, "10:00")),
        filing(3, at(9, "08:00"), event_at=at(0, "10:00")),
        filing(4, at(3, "08:00")),
        filing(5, at(9, "08:00"), merchant_id=None),
    ]
    found = bureau({"patrol": [visit(1, 4, lead_officer_id="R2", co_officer_id="R1")], "filing": filings})
    listed = found.execute(
        "select filing_id, event_on, known_on, was_visited from feature.visit_filing order by filing_id"
    ).fetchall()
    assert listed == [
        ("F1", on(5), on(4), True),
        ("F2", on(1), on(0), False),
        ("F4", on(3), on(2), True),
    ]
