"""From a night's tables to the ground of its rotation plan: open major cases, experience, and what management decided."""

import pandas as pd
import pytest

from models.rotation.gather import gathered, major_case_until, pending


def cases(*rows: dict) -> pd.DataFrame:
    usual = {
        "case_id": "C",
        "lead_officer_id": "R1",
        "co_officer_id": None,
        "party_kind": "natural",
        "filed_on": pd.Timestamp("2026-06-01"),
        "outcome_known_on": pd.NaT,
        "amount_involved_yuan": 10_000.0,
        "illegal_gain_yuan": None,
    }
    return pd.DataFrame([usual | row for row in rows])


def test_a_major_case_holds_its_lead_until_it_must_have_ended_by_law():
    """90 days and 30 of extension from the filing; the last of several counts."""
    found = major_case_until(cases({}, {"filed_on": pd.Timestamp("2026-06-11")}))
    assert found.to_dict() == {"R1": pd.Timestamp("2026-10-09")}


@pytest.mark.parametrize(
    "row",
    [
        {"amount_involved_yuan": 9_999.0},
        {"party_kind": "legal"},
        {"party_kind": None, "amount_involved_yuan": 99_999.0},
        {"outcome_known_on": pd.Timestamp("2026-06-20")},
        {"amount_involved_yuan": None},
    ],
)
def test_a_small_case_and_one_that_has_ended_hold_nobody(row):
    assert major_case_until(cases(row)).empty


def test_what_was_gained_makes_a_case_major_as_well():
    assert len(major_case_until(cases({"amount_involved_yuan": None, "illegal_gain_yuan": 12_000.0}))) == 1


STAFF = pd.DataFrame(
    [("R1", "S1", "patrol", "G1"), ("R2", "S2", "permit", None)], columns=["officer_id", "unit_id", "post", "grid_id"]
)


HELD = STAFF.assign(last_on=pd.Timestamp("2026-06-30"))
"""Where they stand tonight, and where R1 stood before."""


def decision(number: int, **given) -> dict:
    return {
        "decision_id": f"D{number}",
        "officer_id": "R1",
        "verdict": "accepted",
        "unit_id": "S2",
        "post": "permit",
        "grid_id": None,
        "move_on": pd.Timestamp("2026-10-01"),
        "decided_at": pd.Timestamp("2026-06-20 09:00") + pd.Timedelta(hours=number),
        "is_superseded": False,
    } | given


def told(*rows: dict) -> list[tuple[str, str, str]]:
    found = pending(pd.DataFrame(rows), HELD)
    return list(found[["officer_id", "verdict", "unit_id"]].itertuples(index=False, name=None))


def test_what_was_replaced_is_forgotten_and_a_refusal_of_another_place_leaves_a_move_as_it_is():
    changed = decision(2, verdict="changed", unit_id="S3")
    assert told(decision(1, is_superseded=True), changed) == [("R1", "changed", "S3")]
    assert told(decision(1, is_superseded=True), decision(2, verdict="declined")) == [("R1", "declined", "S2")]
    elsewhere = decision(2, verdict="declined", unit_id="S3")
    assert told(decision(1), elsewhere) == [("R1", "accepted", "S2"), ("R1", "declined", "S3")]


def test_a_move_that_was_carried_out_is_done_and_asks_for_nothing():
    assert told(decision(1, officer_id="R2")) == []
    assert told(decision(1, unit_id="S1", post="patrol", grid_id="G1")) == []
    assert told(decision(1, unit_id="S1", post="patrol", grid_id="G2")) == [("R1", "accepted", "S1")]


def test_what_was_carried_out_stays_done_after_he_moved_on():
    """A decision of years ago must not call him back."""
    long_ago = pd.Timestamp("2022-03-01")
    before = pd.DataFrame([("R1", "S2", "permit", None, pd.Timestamp("2024-05-31"))], columns=list(HELD))
    held = pd.concat([HELD, before], ignore_index=True)
    assert pending(pd.DataFrame([decision(1, decided_at=long_ago)]), held).empty
    assert len(pending(pd.DataFrame([decision(1)]), held)) == 1


def test_the_second_handler_of_a_major_case_stays_as_its_lead_does():
    found = major_case_until(cases({"co_officer_id": "R2"}))
    assert sorted(found.index) == ["R1", "R2"]


def test_experience_and_place_stand_beside_each_officer():
    staff = STAFF.assign(handled_case_count=3, is_extended=False)
    place = pd.DataFrame(
        [("R1", "S1", "case_handling", 1.5), ("R1", "S2", "case_handling", 1.0), ("R1", "S1", "patrol", 2.0)],
        columns=["officer_id", "unit_id", "post", "years"],
    ).assign(grid_id=None, last_on=pd.Timestamp("2024-01-31"))
    unit = pd.DataFrame([("S1", "station", "B"), ("S2", "team", "B")], columns=["unit_id", "kind", "area_id"])
    ground = gathered(
        staff=staff,
        place=place,
        interest=pd.DataFrame(),
        unit=unit,
        status=pd.DataFrame({"officer_id": ["R1", "R9"], "clock": "post"}),
        cases=cases({"lead_officer_id": "R2"}),
        demand=pd.Series({"S1": 400}),
        decision=pd.DataFrame([decision(1)]),
        last=pd.DataFrame(columns=["officer_id", "unit_id", "post", "grid_id", "move_on"]),
    )
    rows = ground.staff.set_index("officer_id")
    assert rows["handling_years"].to_dict() == {"R1": 2.5, "R2": 0.0}
    assert rows["unit_kind"].to_dict() == {"R1": "station", "R2": "team"}
    assert pd.isna(rows.loc["R1", "major_case_until_on"]) and rows.loc["R2", "major_case_until_on"].month == 9
    assert ground.clock["officer_id"].tolist() == ["R1"]
    assert ground.unit["demand"].tolist() == [400.0, 0.0]
