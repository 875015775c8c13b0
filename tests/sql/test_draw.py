"""What the warehouse knows of random draws: the last crew of each merchant, who could be sent that day, who must not be."""

from datetime import date

import duckdb
import pytest

from models import policy
from pipelines.contract import published_tables
from pipelines.draw_figures import DRAW_TABLES, draw_figures, draw_gaps
from pipelines.nights import bound_values
from pipelines.publish import SOURCES
from pipelines.temporary_warehouse import needed_for
from pipelines.warehouse.build import build
from pipelines.warehouse.frames import write_frame
from pipelines.warehouse.statement import statements
from tests.records import raw_records
from tests.sql.test_directory import INSTITUTIONS, officer
from tests.sql.test_officer_features import TONIGHT, day, posting

TABLES = (
    "feature.draw_pair",
    "feature.draw_officer",
    "feature.draw_substitution",
    "feature.recusal_directory",
    *DRAW_TABLES,
)
VALID = "2027-01-01"


def made(rows: dict[str, list[dict]], as_of: date = TONIGHT) -> duckdb.DuckDBPyConnection:
    connection = raw_records({"institution": INSTITUTIONS} | rows, threads=1)
    values = bound_values(as_of, policy.on(as_of), is_training=False)
    for statement in needed_for(*TABLES, "core.delivery"):
        build(connection, statement, values)
    return connection


def drawn(draw: str, merchant: str, person: str, ago: int, **more) -> dict:
    return {"draw_id": draw, "merchant_id": merchant, "officer_id": person, "drawn_on": day(ago), **more}


def merchant(name: str, **more) -> dict:
    place = {"institution_id": "S1", "grid_id": "G1", "industry_code": "5211", "kind": "company", "status": "active"}
    return {"merchant_id": name, "registered_on": day(2000), **place, **more}


def substituted(number: int, ago: int, replaced: str | None = None, person: str = "R2") -> dict:
    row = {"draw_id": "D1", "substitution_number": number, "merchant_id": "M1", "replaced_officer_id": replaced}
    row |= {"officer_id": person, "reason_code": "leave", "decided_by": "室主任"}
    return row | {"substituted_at": f"{day(ago)} 23:00:00"}


def test_the_last_crew_is_who_really_went_after_the_last_draw():
    """R1 was replaced by R3 and R2 by R4, who was put back; what is substituted tomorrow has not happened."""
    lot = [drawn("D1", "M1", person, 30) for person in ("R1", "R2")]
    hand = [drawn("D1", "M1", person, 30, is_substituted=True) for person in ("R3", "R4")]
    moves = [substituted(1, 3, "R1", "R3"), substituted(2, 2, "R2", "R4"), substituted(3, 1, "R4", "R2")]
    moves += [substituted(4, -1, "R2", "R4")]
    records = {"random_draw": [drawn("D0", "M1", "R9", 60), *lot, *hand], "draw_substitution": moves}
    found = made(records).execute("select officer_id, draw_id from feature.draw_pair order by all")
    assert found.fetchall() == [("R2", "D1"), ("R3", "D1")]


def test_where_nobody_logged_who_was_replaced_all_that_were_named_are_the_last_crew():
    rows = [
        drawn("D1", "M1", "R1", 60),
        drawn("D1", "M1", "R2", 60),
        drawn("D2", "M1", "R3", 30),
        drawn("D2", "M1", "R4", 30),
        drawn("D2", "M1", "R5", 30, is_substituted=True),
        drawn("D3", "M1", "R6", -5),
        drawn("D1", "M2", "R1", 60),
    ]
    found = made({"random_draw": rows}).execute(
        "select merchant_id, officer_id, draw_id from feature.draw_pair order by all"
    )
    assert found.fetchall() == [*(("M1", f"R{seat}", "D2") for seat in (3, 4, 5)), ("M2", "R1", "D1")]


ABLE = [
    ({}, {}, True),
    ({"certificate_valid_to_on": day(30)}, {}, True),
    ({"certificate_valid_to_on": day(31)}, {}, False),
    ({"certificate_valid_to_on": None}, {}, False),
    ({"employment_kind": "contract"}, {}, False),
    ({"left_on": day(30)}, {}, False),
    ({"left_on": day(29)}, {}, True),
    ({"joined_on": day(29)}, {}, False),
    ({}, {"post": "legal_review"}, False),
    ({}, {"started_on": day(29)}, False),
    ({}, {"ended_on": day(31)}, False),
    ({}, {"ended_on": day(30)}, True),
]


def test_who_could_be_drawn_is_who_was_certified_and_on_a_post_that_goes_out_that_very_day():
    records = {
        "officer": [
            officer(f"R{number}", **({"certificate_valid_to_on": VALID} | person))
            for number, (person, _post, _is_able) in enumerate(ABLE)
        ],
        "posting": [
            posting(number, 900, None, officer_id=f"R{number}", **({"post": "patrol"} | post))
            for number, (_person, post, _is_able) in enumerate(ABLE)
        ],
        "random_draw": [drawn("D1", "M1", "R9", 30)],
    }
    found = made(records).execute("select officer_id, institution_id from feature.draw_officer").fetchall()
    assert sorted(found) == sorted((f"R{number}", "S1") for number, case in enumerate(ABLE) if case[2])


def test_who_must_not_be_sent_is_told_with_nothing_of_why():
    records = {
        "recusal": [{"recusal_id": "H1", "officer_id": "R1", "merchant_id": "M1", "approved_on": day(3)}],
        "declared_relative": [
            {"officer_id": "R2", "person_hash": "p", "relation": "spouse", "declared_on": day(9)},
        ],
        "merchant_relation": [{"merchant_id": "M2", "person_hash": "p", "relation": "manager"}],
    }
    found = made(records).execute("select officer_id, merchant_id from feature.recusal_directory order by all")
    assert found.fetchall() == [("R1", "M1"), ("R2", "M2")]
    assert set(published_tables()["recusal"].column_names) == {"as_of", "officer_id", "merchant_id"}


@pytest.mark.parametrize("name", ["recusal", "draw_pair", "draw_substitution"])
def test_header_and_contract_describe_the_same_table(name):
    text, published = statements()[SOURCES[name]], published_tables()[name]
    assert text.grain == published.key
    for column, told in zip(text.columns, published.columns, strict=True):
        assert (column.name, column.unit, column.zh, column.en) == (told.name, told.type, told.zh, told.en)


def test_a_substitution_is_told_from_the_day_it_was_made_with_the_unit_that_it_concerns():
    records = {"merchant": [merchant("M1")], "draw_substitution": [substituted(1, 0), substituted(2, -1)]}
    found = made(records).execute(
        "select substitution_number, unit_id, replaced_officer_id, decided_by from feature.draw_substitution"
    )
    assert found.fetchall() == [(1, "S1", None, "室主任")]


def figures(records: dict[str, list[dict]]):
    connection = made(records)
    connection.execute(
        "create schema score; create table score.merchant_risk as "
        "select merchant_id, 'A' as patrol_tier, 'B' as model_risk_tier from core.merchant"
    )
    return connection, *draw_figures(connection, policy.on(TONIGHT).draws, TONIGHT)


def test_the_figures_of_past_draws_are_written_as_the_contract_says():
    shops = [merchant(f"M{number}", credit_risk_class="D" if number < 4 else None) for number in range(20)]
    people = [officer(f"R{number}", certificate_valid_to_on=VALID) for number in range(4)]
    posts = [posting(number, 900, None, officer_id=f"R{number}", post="patrol") for number in range(4)]
    draws = [
        drawn("D1", f"M{number}", f"R{seat}", 30, seed="c0ffee", is_substituted=False)
        for number in range(6)
        for seat in (number % 4, (number + 1) % 4)
    ]
    records = {"merchant": shops, "officer": people, "posting": posts, "random_draw": draws}
    connection, frames, gaps = figures(records)
    assert write_frame(connection, "flag", "draw", frames["draw"]) == 6
    assert write_frame(connection, "flag", "draw_audit", frames["draw_audit"]) > 5 and not gaps
    told = connection.execute(
        "select draw_class, pool_count, drawn_count, seed from flag.draw where unit_id = 'all' order by 1"
    )
    assert told.fetchall() == [
        ("A", 16, 2, None),
        ("B", 0, 0, None),
        ("C", 0, 0, None),
        ("D", 4, 4, None),
        ("all", 20, 6, "c0ffee"),
    ]


def frozen(draw: str, ago: int, **more) -> dict:
    row = {"draw_id": draw, "committed_at": f"{day(ago)} 09:00:00", "pool_sha256": "c0ffee", "object_count": 9}
    return row | {"is_differing": False} | more


def test_every_commit_is_published_with_what_had_become_of_it_by_that_night():
    commits = [
        frozen("D1", 40, revealed_at=f"{day(30)} 09:00:00", drawn_count=1),
        frozen("D2", 9),
        frozen("D3", 8, closed_at=f"{day(7)} 09:00:00"),
        frozen("D4", 6, closed_at=f"{day(-1)} 09:00:00"),
        frozen("D5", 5, is_differing=True),
        frozen("D6", 4, revealed_at=f"{day(3)} 09:00:00", drawn_count=2),
        {"draw_id": "D7", "is_differing": True},
        frozen("D8", -1),
    ]
    draws = [drawn("D1", "M1", person, 30, seed="s", is_substituted=False) for person in ("R1", "R2")]
    people = [officer(f"R{number}", certificate_valid_to_on=VALID) for number in (1, 2)]
    records = {"draw_commit": commits, "random_draw": draws, "merchant": [merchant("M1")], "officer": people}
    connection, frames, gaps = figures(records)
    write_frame(connection, "flag", "draw", frames["draw"])
    told = connection.execute(
        "select draw_id, state, pool_count, drawn_count, pool_sha256 from flag.draw"
        " where draw_class = 'all' and unit_id = 'all' order by 1"
    )
    assert told.fetchall() == [
        ("D1", "drawn", 1, 1, "c0ffee"),
        ("D2", "not_revealed", 9, 0, "c0ffee"),
        ("D3", "closed", 9, 0, "c0ffee"),
        ("D4", "not_revealed", 9, 0, "c0ffee"),
        ("D5", "differing", 9, 0, "c0ffee"),
        ("D6", "drawn", 9, 2, "c0ffee"),
    ]
    assert [name for name in ("D1", "D5", "D7") if any(name in gap.reason_zh for gap in gaps)] == ["D5", "D7"]
    alone = figures({"draw_commit": [frozen("D2", 9)]})[1]
    assert alone["draw"]["state"].tolist() == ["not_revealed"] and alone["draw_audit"].empty


def test_without_draws_nothing_is_told_of_them():
    connection, frames, _gaps = figures({})
    assert [write_frame(connection, "flag", name, frame) for name, frame in frames.items()] == [0, 0]


def test_what_was_not_delivered_is_told():
    said = draw_gaps({"has_random_draw": False, "has_recusal": False, "has_certificate": True})
    assert [gap.family for gap in said] == ["draw", "draw"]
    assert "whether they were random is not known" in said[0].reason_en and "no recusal" in said[1].reason_en
