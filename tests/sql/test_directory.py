"""What the desk names and scopes things by: officers, institutions, merchants and declared interests, as known tonight."""

from datetime import date

import duckdb
import pytest

from models import policy
from pipelines.contract import published_tables
from pipelines.nights import bound_values
from pipelines.publish import SOURCES
from pipelines.temporary_warehouse import needed_for
from pipelines.warehouse.build import build
from pipelines.warehouse.statement import statements
from tests.records import raw_records
from tests.sql.test_officer_features import TONIGHT, day, posting

PUBLISHED_AS_MADE = ("officer", "institution", "merchant", "declared_interest")
TABLES = tuple(SOURCES[name] for name in PUBLISHED_AS_MADE)
INSTITUTIONS = [
    {"institution_id": "B", "name": "County bureau", "kind": "bureau"},
    {"institution_id": "S1", "name": "First station", "kind": "station", "parent_id": "B", "is_rural": False},
    {"institution_id": "S2", "name": "Second station", "kind": "station", "parent_id": "B", "is_rural": True},
]


def officer(officer_id: str, **given) -> dict:
    return {"officer_id": officer_id, "institution_id": "S1", "employment_kind": "civil_servant"} | given


def made(rows: dict[str, list[dict]], as_of: date = TONIGHT) -> duckdb.DuckDBPyConnection:
    connection = raw_records({"institution": INSTITUTIONS} | rows, threads=1)
    values = bound_values(as_of, policy.on(as_of), is_training=False)
    for statement in needed_for(*TABLES):
        build(connection, statement, values)
    return connection


def rows_of(found: duckdb.DuckDBPyConnection, name: str, columns: str) -> list[tuple]:
    return found.execute(f"select {columns} from {SOURCES[name]} order by all").fetchall()


def test_an_officer_is_where_his_post_of_tonight_is_and_not_where_an_old_record_says():
    found = made(
        {
            "officer": [officer("R1", name="甲"), officer("R2"), officer("R3", left_on=day(0))],
            "posting": [
                posting(1, 900, 400),
                posting(2, 399, None, institution_id="S2", post="permit"),
                posting(3, 500, 30, officer_id="R2", institution_id="S2"),
                posting(4, 500, None, officer_id="R3"),
            ],
        }
    )
    assert rows_of(found, "officer", "officer_id, name, institution_id, unit_id, post, is_serving") == [
        ("R1", "甲", "S2", "S2", "permit", True),
        ("R2", None, "S2", "S2", None, False),
        ("R3", None, "S1", "S1", None, False),
    ]


def test_an_officer_without_any_posting_is_where_his_record_says_and_one_who_joins_later_is_not_known_yet():
    found = made({"officer": [officer("R1", institution_id="S2"), officer("R2", joined_on=day(-1))]})
    assert rows_of(found, "officer", "officer_id, unit_id, post, is_serving") == [("R1", "S2", None, False)]


def test_a_day_of_leaving_that_lies_ahead_is_not_told():
    found = made({"officer": [officer("R1", left_on=day(-20))], "posting": [posting(1, 900, -20)]})
    assert rows_of(found, "officer", "left_on, is_serving") == [(None, True)]


def test_officers_of_a_renamed_institution_count_under_its_last_name_alone():
    people = ("R1", "R2")
    moved = [
        posting(10 * turn + number, *span, officer_id=name, institution_id=unit)
        for number, name in enumerate(people)
        for turn, (unit, span) in enumerate((("S1", (900, 101)), ("S2", (100, None))))
    ]
    found = made({"officer": [officer(name) for name in people], "posting": moved})
    assert rows_of(found, "institution", "institution_id, unit_id, officer_count") == [
        ("B", "B", 0),
        ("S1", "S2", 0),
        ("S2", "S2", 2),
    ]
    assert rows_of(found, "institution", "name, kind, parent_id, is_rural")[1] == (
        "First station",
        "station",
        "B",
        False,
    )


def merchant(name: str, **given) -> dict:
    return {
        "merchant_id": name,
        "name": f"firm {name}",
        "kind": "individual",
        "industry_code": "5211",
        "institution_id": "S1",
        "grid_id": "G1",
        "registered_on": day(3000),
        "status": "active",
    } | given


def test_a_merchant_without_a_licence_has_no_firm_name_to_tell_and_a_closed_one_is_still_listed():
    others = [
        merchant("M2", kind="unlicensed", status="unlicensed"),
        merchant("M3", status="closed", closed_on=day(5)),
        merchant("M4", registered_on=day(-1)),
    ]
    found = made({"merchant": [merchant("M1"), *others]})
    assert rows_of(found, "merchant", "merchant_id, name, status") == [
        ("M1", "firm M1", "active"),
        ("M2", None, "unlicensed"),
        ("M3", "firm M3", "closed"),
    ]


LONG_AGO = policy.on(TONIGHT).flags.record_days


@pytest.mark.parametrize(
    ("declared", "from_on", "to_on", "is_listed"),
    [
        (10, 400, None, True),
        (-1, 400, None, False),
        (10, -1, None, False),
        (10, None, 30, True),
        (10, None, LONG_AGO - 1, True),
        (10, None, LONG_AGO, False),
    ],
)
def test_a_relatives_firm_is_listed_once_both_are_known_and_as_long_as_hints_look_back(
    declared, from_on, to_on, is_listed
):
    tie = {"merchant_id": "M1", "person_hash": "p1", "relation": "manager"}
    tie |= {name: day(ago) for name, ago in (("from_on", from_on), ("to_on", to_on)) if ago is not None}
    found = made(
        {
            "declared_relative": [
                {"officer_id": "R1", "person_hash": "p1", "relation": "spouse", "declared_on": day(declared)}
            ],
            "merchant_relation": [tie, {"merchant_id": "M2", "person_hash": "p2", "relation": "manager"}],
        }
    )
    assert (
        rows_of(found, "declared_interest", "officer_id, merchant_id, relation")
        == [("R1", "M1", "manager")] * is_listed
    )


def test_two_relatives_with_the_same_part_in_a_firm_make_one_row():
    relatives = [
        {"officer_id": "R1", "person_hash": person, "relation": "child", "declared_on": day(10)} for person in "pq"
    ]
    ties = [{"merchant_id": "M1", "person_hash": person, "relation": "shareholder"} for person in "pq"]
    found = made({"declared_relative": relatives, "merchant_relation": ties})
    assert rows_of(found, "declared_interest", "merchant_id, relation") == [("M1", "shareholder")]


def test_nothing_of_a_relative_and_nobody_behind_a_firm_is_published():
    for name in PUBLISHED_AS_MADE:
        columns = set(published_tables()[name].column_names)
        assert not columns & {"person_hash", "declared_relation", "declared_on", "uscc"}, name
    assert set(published_tables()["declared_interest"].column_names) == {
        "as_of",
        "officer_id",
        "merchant_id",
        "relation",
    }


@pytest.mark.parametrize("name", PUBLISHED_AS_MADE)
def test_header_and_contract_describe_the_same_table(name):
    """The text makes what is published as it is: two descriptions that differ would be two truths."""
    text, published = statements()[SOURCES[name]], published_tables()[name]
    assert text.grain == published.key
    for column, told in zip(text.columns, published.columns, strict=True):
        assert (column.name, column.unit, column.zh, column.en) == (told.name, told.type, told.zh, told.en)
        assert (column.values or ()) == tuple(told.values)
        assert column.is_nullable != told.must_be_present
