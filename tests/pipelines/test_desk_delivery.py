"""What reviewers concluded on the desk comes in as a delivery of its own, beside the bureau's."""

from datetime import date

import duckdb

from pipelines.desk_delivery import TABLES, take_in_decisions
from pipelines.ingest import deliveries, intake, load_raw
from pipelines.places import Places
from pipelines.publishing import is_synthetic
from tests.pipelines.ingest.small_bureau import BUREAU, DELIVERED_ON, write_csv

HEADER = "decision_id,flag_key,subject_kind,subject_id,family,outcome,decided_at,reviewer_hash,supersedes,disposition,replied_on\n"
FIRST = "D1,k1,officer,O1,leniency,exonerated,2026-06-29 10:00:00,0123456789abcdef0123456789abcdef,,,2026-06-20\n"
LATER = "D2,k2,officer,O2,leniency,transferred_to_lead,2026-07-09 10:00:00,0123456789abcdef0123456789abcdef,,held,\n"


def bureau(tmp_path) -> Places:
    """A home whose first delivery has been taken in."""
    places = Places(home=tmp_path / "home")
    source = tmp_path / "delivery"
    write_csv(source, BUREAU)
    intake(source, places.raw, delivered_on=DELIVERED_ON)
    return places


def deliver(places: Places, text: str) -> None:
    places.desk_delivery.mkdir(parents=True, exist_ok=True)
    (places.desk_delivery / "decision.csv").write_text(HEADER + text, encoding="utf-8")


def decisions(places: Places, ids=None) -> list[tuple]:
    with duckdb.connect() as connection:
        load_raw(connection, places.raw, ids)
        return connection.execute(
            "select decision_id, outcome, disposition, replied_on from raw.decision order by 1"
        ).fetchall()


def test_a_home_without_a_desk_and_a_desk_without_decisions_deliver_nothing(tmp_path):
    places = bureau(tmp_path)
    assert take_in_decisions(places, DELIVERED_ON) is None
    places.desk_delivery.mkdir(parents=True)
    assert take_in_decisions(places, DELIVERED_ON) is None
    assert len(deliveries(places.raw)) == 1


def test_decisions_are_a_second_delivery_and_the_same_ones_are_taken_in_once(tmp_path):
    places = bureau(tmp_path)
    deliver(places, FIRST)
    taken = take_in_decisions(places, DELIVERED_ON)
    assert (taken.number, taken.is_new, taken.tables["decision"].kept) == (2, True, 1)
    assert decisions(places) == [("D1", "exonerated", None, date(2026, 6, 20))]
    assert not take_in_decisions(places, date(2026, 7, 1)).is_new and len(deliveries(places.raw)) == 2


def test_what_a_night_had_is_what_its_replay_has(tmp_path):
    """A decision of today must not change what last night is made again from."""
    places = bureau(tmp_path)
    deliver(places, FIRST)
    take_in_decisions(places, DELIVERED_ON)
    had = [delivery.id for delivery in deliveries(places.raw)]
    deliver(places, FIRST + LATER)
    take_in_decisions(places, date(2026, 7, 10))
    assert [row[0] for row in decisions(places)] == ["D1", "D2"]
    assert [row[0] for row in decisions(places, had)] == ["D1"]


def test_a_decision_never_lies_in_the_future_of_its_own_delivery(tmp_path):
    """A night of an earlier day is run again: its delivery is old, the desk's is not."""
    places = bureau(tmp_path)
    deliver(places, FIRST + LATER)
    taken = take_in_decisions(places, DELIVERED_ON)
    assert taken.delivered_on == date(2026, 7, 9) and taken.tables["decision"].quarantined == 0


MOVES = "decision_id,officer_id,verdict,to_institution_id,to_post,to_grid_id,move_on,decided_at,supersedes\n"
MOVE = "000001a,{officer},changed,{unit},patrol,,2026-10-01,{at},\n"


def move(at: str) -> str:
    """A decision on a move of somebody of the bureau, to the station of somebody else."""
    (officer, unit) = (BUREAU["officer"][0]["officer_id"], BUREAU["institution"][0]["institution_id"])
    return MOVES + MOVE.format(officer=officer, unit=unit, at=at)


def test_decisions_on_moves_come_in_with_conclusions_as_one_delivery_of_the_last_day_of_both(tmp_path):
    places = bureau(tmp_path)
    deliver(places, FIRST)
    (places.desk_delivery / "rotation_decision.csv").write_text(move("2026-07-05 10:00:00"), encoding="utf-8")
    taken = take_in_decisions(places, DELIVERED_ON)
    assert set(taken.tables) == TABLES and taken.delivered_on == date(2026, 7, 5)
    with duckdb.connect() as connection:
        load_raw(connection, places.raw, None)
        query = "select verdict, to_grid_id, move_on from raw.rotation_decision"
        assert connection.execute(query).fetchall() == [("changed", None, date(2026, 10, 1))]
    assert decisions(places) == [("D1", "exonerated", None, date(2026, 6, 20))]


def test_decisions_on_moves_are_delivered_alone_too_and_leave_a_synthetic_night_synthetic(tmp_path):
    places = bureau(tmp_path)
    places.desk_delivery.mkdir(parents=True)
    (places.desk_delivery / "rotation_decision.csv").write_text(move("2026-06-29 10:00:00"), encoding="utf-8")
    taken = take_in_decisions(places, DELIVERED_ON)
    assert (set(taken.tables), taken.delivered_on) == ({"rotation_decision"}, DELIVERED_ON)
    made = deliveries(places.raw)[0].model_copy(update={"is_synthetic": True})
    assert is_synthetic([made, taken]) and not is_synthetic([taken])
