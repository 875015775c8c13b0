"""Key industries once a year, hot industries half of them by campaigns: who was seen, told with its denominator."""

from datetime import date

import pandas as pd

from models import policy
from models.coverage import coverage
from tests.sql.one_night import TONIGHT, rows_of, warehouse
from tests.sql.test_due_task import day, merchant, visit

RESTAURANT, CAFE, FIREWORKS = {"industry_code": "6210"}, {"industry_code": "9013"}, {"industry_code": "2672"}


def key(as_of=TONIGHT, **rows) -> list[dict]:
    connection = warehouse("feature.key_industry_coverage", as_of=as_of, **rows)
    return rows_of(connection, "from feature.key_industry_coverage order by merchant_id")


def test_a_visit_counts_where_somebody_was_met_this_year_and_a_closed_door_does_not():
    merchants = [merchant(f"M{number}", **RESTAURANT) for number in range(1, 5)] + [merchant("M5")]
    visits = [
        visit(1, 30),
        visit(2, 30, merchant_id="M2", result="closed_on_arrival"),
        visit(3, 200, merchant_id="M3"),
        visit(4, 5, merchant_id="M5"),
    ]
    told = {row["merchant_id"]: row for row in key(merchant=merchants, patrol=visits)}
    assert [(name, row["is_visited"], row["last_on_site_on"]) for name, row in told.items()] == [
        ("M1", True, day(30)),
        ("M2", False, None),
        ("M3", False, day(200)),
        ("M4", False, None),
    ]
    assert told["M1"]["on_site_count_year"] == told["M1"]["required_count_year"] == 1
    assert told["M1"]["days_left_in_year"] == 184


def test_a_visit_that_is_entered_after_the_night_and_a_closed_merchant_are_not_there():
    late = visit(1, 3, entered_at=f"{day(-1)} 08:00")
    closed = merchant("M2", **RESTAURANT, status="closed", closed_on=day(1))
    (row,) = key(merchant=[merchant(**RESTAURANT), closed], patrol=[late, visit(2, 3, merchant_id="M2")])
    assert (row["merchant_id"], row["is_visited"]) == ("M1", False)


def test_where_no_visit_was_delivered_nobody_is_said_to_be_unseen():
    (row,) = key(merchant=[merchant(**RESTAURANT)])
    assert (row["is_visited"], row["on_site_count_year"]) == (None, None)


def hot(as_of=TONIGHT, **rows) -> dict[tuple, dict]:
    connection = warehouse("feature.hot_industry_coverage", as_of=as_of, **rows)
    found = rows_of(connection, "from feature.hot_industry_coverage")
    return {(row["unit_id"], row["hot_industry"]): row for row in found}


def bureau() -> dict[str, list[dict]]:
    return {
        "merchant": [
            merchant("M1", **CAFE),
            merchant("M2", **CAFE),
            merchant("M3", **CAFE, institution_id="S2"),
            merchant("M4", **FIREWORKS, institution_id="S2"),
            merchant("M5", **RESTAURANT),
        ],
        "patrol": [
            visit(1, 10, visit_kind="special"),
            visit(2, 10, merchant_id="M2"),
            visit(3, 300, merchant_id="M3", visit_kind="special"),
            visit(4, 10, merchant_id="M4", visit_kind="special", result="not_found"),
            visit(5, 10, merchant_id="M5", visit_kind="special"),
        ],
    }


def test_hot_industries_are_told_by_unit_for_the_half_year_and_the_year_against_the_target():
    rows = hot(**bureau())
    assert set(rows) == {("all", "9013"), ("S1", "9013"), ("S2", "9013"), ("all", "267"), ("S2", "267")}
    row = rows["all", "9013"]
    assert (row["merchant_count"], row["visited_count_365"], row["visited_count_half_year"]) == (3, 2, 1)
    assert (row["share_365"], row["share_half_year"], row["target"], row["is_met"]) == (2 / 3, 1 / 3, 0.5, True)
    assert (row["unit_kind"], row["industry_zh"], row["industry_en"]) == ("bureau", "网吧", "internet cafes")
    assert (row["window_start_on"], row["half_year_start_on"]) == ("2025-07-01", "2026-01-01")
    assert rows["S1", "9013"]["share_365"] == 0.5 and rows["S2", "267"]["is_met"] is False


def test_the_second_half_year_begins_on_the_first_of_july():
    rows = hot(date(2026, 7, 1), **bureau())
    assert rows["all", "9013"]["visited_count_half_year"] == 0
    assert rows["all", "9013"]["half_year_start_on"] == "2026-07-01"


def test_the_industries_of_a_unit_add_up_to_what_coverage_says_of_it():
    connection = warehouse("feature.hot_industry_coverage", **bureau())
    duty = connection.execute("from feature.merchant_duty order by merchant_id").df()
    never = {"percentile": None, "next_due_on": pd.NaT, "is_overdue": False, "capped_visits_left_this_year": 1}
    frame = duty.assign(**never, planned_visit_count=0)
    told = coverage(frame, policy.on(TONIGHT), TONIGHT)
    told = told[told["measure"] == "hot_industry_population"]
    sums = connection.execute(
        "select unit_id, sum(visited_count_365), sum(merchant_count) from feature.hot_industry_coverage group by 1"
    ).fetchall()
    assert sorted(sums) == sorted(
        (row.unit_id, row.numerator, row.denominator) for row in told.itertuples() if row.denominator
    )
