"""What management decided on moves, as known on the night, and which decision holds."""

from datetime import date, datetime, time, timedelta

import duckdb
import pytest

from pipelines.warehouse.build import build
from pipelines.warehouse.statement import statements
from tests.records import raw_records

TONIGHT = date(2026, 6, 30)
DAY = TONIGHT + timedelta(days=93)


def decision(name: str, ago: int, verdict: str = "accepted", unit: str = "S2", **more) -> dict:
    """A decision on R1, taken so many days before the night at nine."""
    at = datetime.combine(TONIGHT - timedelta(days=ago), time(9))
    row = {"decision_id": name, "officer_id": "R1", "verdict": verdict, "to_institution_id": unit, "to_post": "patrol"}
    return {**row, "move_on": DAY, "decided_at": at, **more}


def known(*rows: dict) -> duckdb.DuckDBPyConnection:
    """The decisions that the night knows."""
    connection = raw_records({"rotation_decision": list(rows)}, threads=1)
    build(connection, statements()["core.rotation_decision"], {"as_of_date": TONIGHT})
    return connection


def held(*rows: dict) -> dict[str, bool]:
    """Whether each decision that the night knows is superseded."""
    return dict(
        known(*rows).execute("select decision_id, is_superseded from core.rotation_decision order by 1").fetchall()
    )


def test_a_decision_counts_from_its_day_on_and_its_own_day_may_lie_ahead():
    found = known(decision("D1", 0), decision("D2", -1))
    assert found.execute("select decision_id, move_on from core.rotation_decision").fetchall() == [("D1", DAY)]


def test_a_later_decision_supersedes_only_once_it_has_been_taken():
    first, later = decision("D1", 5), decision("D2", 2, "declined", "S3", supersedes="D1")
    assert held(first, later) == {"D1": True, "D2": False}
    assert held(first, decision("D2", -1, supersedes="D1")) == {"D1": False}


@pytest.mark.parametrize(
    ("first", "later", "is_superseded"),
    [
        (("accepted", "S2"), ("changed", "S3"), True),
        (("declined", "S2"), ("accepted", "S2"), True),
        (("accepted", "S2"), ("declined", "S2"), True),
        (("declined", "S2"), ("declined", "S3"), False),
        (("declined", "S2"), ("accepted", "S3"), False),
        (("accepted", "S2"), ("declined", "S3"), False),
    ],
)
def test_nobody_goes_to_two_places_and_the_last_word_on_a_post_holds(first, later, is_superseded):
    assert held(decision("D1", 5, *first), decision("D2", 2, *later)) == {"D1": is_superseded, "D2": False}


def test_of_two_in_one_second_the_later_identifier_is_the_later_decision():
    assert held(decision("000002a", 3, "declined"), decision("000001b", 3)) == {"000001b": True, "000002a": False}


def test_another_officers_decision_changes_nothing():
    assert held(decision("D1", 5), decision("D2", 2, officer_id="R2")) == {"D1": False, "D2": False}


def test_a_move_to_a_post_without_a_grid_is_no_fault_of_the_table():
    column = next(column for column in statements()["core.rotation_decision"].columns if column.name == "to_grid_id")
    assert column.is_nullable
    assert known(decision("D1", 5)).execute("select to_grid_id from core.rotation_decision").fetchall() == [(None,)]
