"""What a rotation plan is made on: who serves where since when, where he served before, and where he must not go."""

import duckdb

from models import policy
from pipelines.nights import bound_values
from pipelines.temporary_warehouse import needed_for
from pipelines.warehouse.build import build
from tests.records import raw_records
from tests.sql.test_directory import INSTITUTIONS, officer
from tests.sql.test_officer_features import TONIGHT, case, day, posting

TABLES = tuple(f"feature.rotation_{name}" for name in ("staff", "place", "interest", "unit"))


def made(rows: dict[str, list[dict]]) -> duckdb.DuckDBPyConnection:
    connection = raw_records({"institution": INSTITUTIONS} | rows, threads=1)
    values = bound_values(TONIGHT, policy.on(TONIGHT), is_training=False)
    for statement in needed_for(*TABLES, "core.rotation_decision", "feature.officer_tenure"):
        build(connection, statement, values)
    return connection


def merchant(name: str, station: str, **given) -> dict:
    return {
        "merchant_id": name,
        "kind": "individual",
        "industry_code": "5211",
        "institution_id": station,
        "grid_id": "G1",
        "registered_on": day(3000),
        "status": "active",
    } | given


def test_an_officer_stands_where_his_last_posting_is_since_he_came_to_that_post_and_place():
    """A gap of weeks and a new name of the station make nobody a newcomer; another post does."""
    found = made(
        {
            "officer": [
                officer("R1", rank="head"),
                officer("R2", employment_kind="contract"),
                officer("R3", left_on=day(1)),
            ],
            "posting": [
                posting(1, 2000, 1000),
                posting(2, 960, 301),
                posting(3, 300, None, extension_ref="延1"),
                posting(4, 700, None, officer_id="R2", post="patrol", grid_id="G1"),
                posting(5, 700, None, officer_id="R3"),
            ],
            "penalty": [case(1, 100), case(2, 50), case(3, 10, lead_officer_id="R2")],
        }
    )
    told = found.execute(
        "select officer_id, unit_id, post, grid_id, since_on, is_extended, may_be_certified, rank, handled_case_count"
        " from feature.rotation_staff order by officer_id"
    ).fetchall()
    since = [found.execute(f"select date '{day(days)}'").fetchall()[0][0] for days in (2000, 700)]
    assert told == [
        ("R1", "S1", "case_handling", None, since[0], True, True, "head", 2),
        ("R2", "S1", "patrol", "G1", since[1], False, False, None, 1),
    ]


def test_every_place_that_was_held_is_told_with_its_last_day_and_tonight_for_the_present_one():
    found = made(
        {
            "officer": [officer("R1")],
            "posting": [posting(1, 2000, 1271), posting(2, 1270, None, institution_id="S2", post="permit")],
        }
    )
    places = found.execute("select unit_id, post, last_on, years from feature.rotation_place order by 1").fetchall()
    assert [(unit, post) for unit, post, *_ in places] == [("S1", "case_handling"), ("S2", "permit")]
    assert places[1][2] == TONIGHT and [round(years, 2) for *_, years in places] == [2.0, 3.48]


def test_recusals_and_declared_relatives_keep_an_officer_from_the_station_and_name_nobody():
    found = made(
        {
            "officer": [officer("R1"), officer("R2")],
            "posting": [posting(1, 900, None), posting(2, 900, None, officer_id="R2")],
            "merchant": [merchant("M1", "S2"), merchant("M2", "S1"), merchant("M3", "S1", closed_on=day(5))],
            "recusal": [
                {"recusal_id": "Q1", "officer_id": "R1", "merchant_id": "M1", "approved_on": day(30)},
                {"recusal_id": "Q2", "officer_id": "R2", "merchant_id": "M3", "approved_on": day(30)},
            ],
            "declared_relative": [
                {"officer_id": "R2", "person_hash": "p", "relation": "spouse", "declared_on": day(50)},
            ],
            "merchant_relation": [
                {"merchant_id": "M2", "person_hash": "p", "relation": "manager", "from_on": day(400)}
            ],
        }
    )
    assert found.execute("from feature.rotation_interest order by all").fetchall() == [
        ("R1", "S2", "G1"),
        ("R2", "S1", "G1"),
    ]


def test_a_station_lies_in_the_middle_of_its_merchants_and_in_the_area_of_what_is_above_it():
    places = [(30.0, 120.0), (30.1, 120.1), (31.0, 121.0)]
    merchants = [
        merchant(f"M{number}", "S1", latitude=latitude, longitude=longitude)
        for number, (latitude, longitude) in enumerate(places)
    ]
    found = made({"merchant": merchants})
    told = found.execute(
        "select unit_id, area_id, latitude, longitude from feature.rotation_unit order by 1"
    ).fetchall()
    assert told == [("B", None, None, None), ("S1", "B", 30.1, 120.1), ("S2", "B", None, None)]


def test_a_leading_posts_clock_begins_anew_at_another_station_and_the_areas_runs_on():
    """To lead another station is a rotation; to patrol in another one is not."""
    heads = [
        posting(1, 2000, 701, post="station_head"),
        posting(2, 700, None, post="station_head", institution_id="S2"),
        posting(3, 2000, 701, officer_id="R2", post="permit"),
        posting(4, 700, None, officer_id="R2", post="permit", institution_id="S2"),
        # somebody stays, or the station would only have been renamed
        posting(5, 2000, None, officer_id="R3", post="patrol"),
    ]
    found = made({"officer": [officer("R1"), officer("R2"), officer("R3")], "posting": heads})
    told = found.execute(
        "select officer_id, clock, round(merged_years, 1) from feature.officer_tenure where as_of_on = ? and clock <> 'grid'"
        " order by all",
        [TONIGHT],
    ).fetchall()
    years = {(officer_id, clock): float(value) for officer_id, clock, value in told}
    assert years["R1", "post"] == years["R1", "station"] == 1.9
    assert years["R1", "area"] == years["R2", "post"] == 5.5
    assert ("R2", "area") not in years


def test_a_merger_resets_no_clock_and_a_station_whose_officers_scatter_carries_nothing_on():
    """All of S1 goes into S2, which was there before: years at S1 count on at S2."""
    into = [posting(number, 2000, 701, officer_id=f"R{number}", post="patrol") for number in (1, 2)] + [
        posting(number + 2, 700, None, officer_id=f"R{number}", post="patrol", institution_id="S2") for number in (1, 2)
    ]
    there = [posting(9, 1500, None, officer_id="R3", post="patrol", institution_id="S2")]
    people = [officer(f"R{number}") for number in (1, 2, 3)]

    def years(postings: list[dict]) -> dict[str, float]:
        found = made({"officer": people, "posting": postings})
        query = "select officer_id, round(merged_years, 1) from feature.officer_tenure where clock = 'station' and as_of_on = ?"
        return {name: float(told) for name, told in found.execute(query, [TONIGHT]).fetchall()}

    assert years(into + there) == {"R1": 5.5, "R2": 5.5, "R3": 4.1}
    scattered = [*into[:3], into[3] | {"institution_id": "B"}, *there]
    assert years(scattered) == {"R1": 1.9, "R2": 1.9, "R3": 4.1}


def test_a_decision_counts_from_its_own_day_and_one_that_was_replaced_is_known_as_such():
    row = {
        "officer_id": "R1",
        "verdict": "accepted",
        "to_institution_id": "S2",
        "to_post": "permit",
        "move_on": "2026-10-01",
    }
    found = made(
        {
            "officer": [officer("R1")],
            "rotation_decision": [
                row | {"decision_id": "D1", "decided_at": f"{day(3)} 09:00:00"},
                row
                | {"decision_id": "D2", "decided_at": f"{day(1)} 09:00:00", "supersedes": "D1", "verdict": "declined"},
                row | {"decision_id": "D3", "decided_at": f"{day(-1)} 09:00:00", "supersedes": "D2"},
            ],
        }
    )
    told = found.execute("select decision_id, verdict, is_superseded from core.rotation_decision order by 1").fetchall()
    assert told == [("D1", "accepted", True), ("D2", "declined", False)]
