"""The patrol plan keeps every rule on any roster, loses nobody, and is not behind a plan made by hand."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings

from tests.models.plan_by_hand import measures, plan_by_hand
from tests.models.plan_checker import broken
from tests.models.small_bureau import NIGHT, SmallBureau, bureaus, day, officer, visit

TWO = [officer("R1"), officer("R2")]


def told(unplaced: pd.DataFrame) -> dict[str, str]:
    return dict(zip(unplaced["merchant_id"], unplaced["code"], strict=True)) if len(unplaced) else {}


@settings(max_examples=150, deadline=None)
@given(bureaus())
def test_any_bureau_gets_a_plan_that_breaks_no_rule_and_loses_no_visit(bureau):
    bureau.checked_plan()


@settings(max_examples=60, deadline=None)
@given(bureaus())
def test_no_visit_waits_while_a_less_pressing_one_that_could_make_room_is_planned(bureau):
    """The urgent one that a recusal pushed out of its round must not fall behind those who were luckier."""
    frames = bureau.frames
    plan, _ = bureau.plan()
    by_hand = plan_by_hand(**frames, takes_neighbours=False)
    planned = plan[plan["role"] == "lead"] if len(plan) else by_hand[:0]
    ours = measures(frames["demand"], planned, NIGHT, bureau.patrol)
    theirs = measures(frames["demand"], by_hand, NIGHT, bureau.patrol)
    assert ours["placed_priority"] >= theirs["placed_priority"] - 1e-9


@settings(max_examples=30, deadline=None)
@given(bureaus())
def test_the_order_of_the_rows_does_not_change_the_plan(bureau):
    """The same inputs give the same bytes, whatever order an engine returns them in."""
    turned = SmallBureau(
        bureau.visits[::-1],
        bureau.officers[::-1],
        bureau.leave[::-1],
        bureau.recusals[::-1],
        bureau.institutions[::-1],
        bureau.patrol,
    )
    for one, other in zip(bureau.plan(), turned.plan(), strict=True):
        pd.testing.assert_frame_equal(one, other)


def test_the_checker_finds_what_is_broken():
    """A checker that finds nothing proves nothing."""
    bureau = SmallBureau([visit("M1"), visit("M2")], TWO, recusals=[])
    plan, unplaced = bureau.checked_plan()
    wrong = {
        "not two different officers": plan.assign(officer_id="R1"),
        "no working day": plan.assign(visit_on=day(4)),
        "nobody wanted": plan.replace({"merchant_id": {"M1": "M9"}}),
        "kind or due date": plan.assign(visit_kind="special"),
        "in a day": pd.concat([plan] * 8, ignore_index=True),
        "are not the 2 wanted": plan[plan["merchant_id"] == "M1"],
    }
    for said, altered in wrong.items():
        assert any(said in sentence for sentence in broken(plan=altered, unplaced=unplaced, **bureau.frames)), said
    for said, other in {
        "is recused": SmallBureau(bureau.visits, TWO, recusals=[("R1", "M1")]),
        "is away": SmallBureau(bureau.visits, TWO, leave=[("R2", 0, 30)]),
        "no valid certificate": SmallBureau(bureau.visits, [officer("R1"), officer("R2", may_be_certified=False)]),
        "has left by": SmallBureau(bureau.visits, [officer("R1", serves_until_on=day(0)), TWO[1]]),
        "serves neither": SmallBureau([visit("M1", institution_id="S2"), visit("M2")], TWO),
        "before it may be": SmallBureau([visit("M1", earliest_on=day(30)), visit("M2")], TWO),
        "beyond the cap": SmallBureau([visit("M1", is_capped_out=True), visit("M2")], TWO),
    }.items():
        assert any(said in sentence for sentence in broken(plan=plan, unplaced=unplaced, **other.frames)), said


def test_two_certified_officers_go_and_whoever_has_no_certificate_stays():
    """行政处罚法 Art 42: two who may enforce; an auxiliary is not made one by being there."""
    officers = [*TWO, officer("R0", may_be_certified=False), officer("R3", certificate_valid_to_on=day(-1))]
    plan, _ = SmallBureau([visit(f"M{n}") for n in range(40)], officers).checked_plan()
    assert set(plan["officer_id"]) == {"R1", "R2"}


@pytest.mark.parametrize(
    ("code", "bureau"),
    {
        "no_certified_pair": SmallBureau([visit("M1")], [officer("R1"), officer("R2", may_be_certified=False)]),
        "not_yet": SmallBureau([visit("M1", earliest_on=day(30))], TWO).with_policy(horizon_days=9),
        "on_leave": SmallBureau([visit("M1")], TWO, leave=[("R2", -3, 40)]),
        "recusal": SmallBureau([visit("M1")], TWO, recusals=[("R2", "M1")]),
        "cap_reached": SmallBureau([visit("M1", is_capped_out=True)], TWO),
        "certificate_not_delivered": SmallBureau(
            [visit("M1")],
            [officer("R1", certificate_valid_to_on=pd.NaT), officer("R2", certificate_valid_to_on=pd.NaT)],
            has_certificate=False,
        ),
        "no_working_day": SmallBureau([visit("M1")], TWO).with_policy(
            horizon_days=2, public_holidays=(date(2026, 7, 1), date(2026, 7, 2))
        ),
        "capacity": SmallBureau([visit("M0", priority=0.9), visit("M1")], TWO).with_policy(
            horizon_days=1, visits_per_pair_day=1
        ),
    }.items(),
)
def test_a_visit_that_found_no_place_says_why_in_both_languages(code, bureau):
    _, unplaced = bureau.checked_plan()
    assert told(unplaced) == {"M1": code}
    assert unplaced["reason_zh"].str.len().gt(5).all() and unplaced["reason_en"].str.isascii().all()


def test_a_station_without_officers_of_its_own_is_served_from_above():
    officers = [officer("R1", institution_id="B"), officer("R2", institution_id="B")]
    plan, unplaced = SmallBureau([visit("M1"), visit("M2", institution_id="S2")], officers).checked_plan()
    assert set(plan["merchant_id"]) == {"M1", "M2"} and not len(unplaced)


def test_case_handlers_go_out_only_where_too_few_hold_a_patrol_post():
    """巡办分离: who patrols does not handle the case, except where a station has nobody else."""
    handler = officer("R0", post="case_handling", is_relief=True)
    many = [visit(f"M{n}") for n in range(40)]
    assert "R0" not in set(SmallBureau(many, [handler, *TWO]).checked_plan()[0]["officer_id"])
    assert "R0" in set(SmallBureau(many, [handler, TWO[0]]).checked_plan()[0]["officer_id"])


def test_no_visit_is_made_before_its_first_day_and_the_pair_does_not_wait_for_it():
    late = [visit(f"L{n}", earliest_on=day(14), due_on=day(-90), priority=0.9) for n in range(20)]
    plan, unplaced = SmallBureau([*late, visit("M1", due_on=day(-9))], TWO).checked_plan()
    assert not len(unplaced)
    assert (
        plan.loc[plan["merchant_id"] == "M1", "visit_on"].max()
        < day(14)
        <= plan.loc[plan["merchant_id"] != "M1", "visit_on"].min()
    )


def test_a_visit_stays_on_the_day_of_last_nights_plan_unless_that_costs_more_than_moving_it():
    """Who has been told that they go on Friday should not find Wednesday in the morning."""
    ready = [visit("M1", due_on=day(-20), priority=0.3)]
    for held, kept in ((3, True), (1, True), (20, False)):
        plan, _ = SmallBureau(ready, TWO, last_plan={"M1": day(held)}).with_policy(moved_days=5.0).checked_plan()
        assert (plan["visit_on"] == day(held)).all() == kept
    plan, _ = SmallBureau(ready, TWO, last_plan={"M1": day(3)}).with_policy(moved_days=0.0).checked_plan()
    assert (plan["visit_on"] < day(3)).all()


def on_days(plan: pd.DataFrame, who: str) -> set:
    return set(plan.loc[plan["officer_id"] == who, "visit_on"])


def test_a_case_handler_stands_in_on_the_days_of_a_leave_and_on_no_other():
    handler = officer("R0", post="case_handling", is_relief=True)
    many = [visit(f"M{n:03d}", due_on=day(-9)) for n in range(200)]
    plan, _ = SmallBureau(many, [handler, *TWO], leave=[("R1", 0, 7)]).checked_plan()
    assert on_days(plan, "R0") and max(on_days(plan, "R0")) <= day(7) < min(on_days(plan, "R1"))


def test_the_unit_above_makes_what_a_station_on_leave_cannot():
    """One leave must not leave two hundred merchants without a visit while the unit above is at its desks."""
    team = [officer(f"B{n}", institution_id="B") for n in (1, 2)]
    due = visit("X", visit_kind="complaint", due_on=day(3), priority=1.1)
    many = [visit(f"M{n:03d}", due_on=day(-9)) for n in range(40)]
    plan, unplaced = SmallBureau([due, *many], [*TWO, *team], leave=[("R1", 0, 20)]).checked_plan()
    assert not len(unplaced)
    assert (plan.loc[plan["merchant_id"] == "X", "visit_on"] <= day(3)).all()
    alone, _ = SmallBureau(many, [*TWO, *team], leave=[("R1", 0, 40)]).checked_plan()
    assert set(alone["officer_id"]) == {"B1", "B2"}


def test_whoever_is_recused_is_replaced_by_a_relief_post_or_by_the_unit_above():
    head = officer("R0", post="station_head", is_relief=True)
    team = [officer(f"B{n}", institution_id="B") for n in (1, 2)]
    visits = [visit("M1"), visit("M2")]
    plan, _ = SmallBureau(visits, [head, *TWO], recusals=[("R1", "M1")]).checked_plan()
    assert set(plan.loc[plan["merchant_id"] == "M1", "officer_id"]) == {"R0", "R2"}
    plan, _ = SmallBureau(visits, [*TWO, *team], recusals=[("R1", "M1")]).checked_plan()
    assert set(plan.loc[plan["merchant_id"] == "M1", "officer_id"]) == {"B1", "B2"}
    assert set(plan.loc[plan["merchant_id"] == "M2", "officer_id"]) == {"R1", "R2"}


def test_a_complaint_that_is_due_goes_before_routine_visits_that_have_waited_longer():
    """A legal date that passes cannot be made good; a routine visit can."""
    routine = [visit(f"M{n:03d}", due_on=day(-200), priority=0.9) for n in range(60)]
    task = visit("X", visit_kind="complaint", due_on=day(3), priority=1.1)
    plan, _ = SmallBureau([*routine, task], TWO).checked_plan()
    assert (plan.loc[plan["merchant_id"] == "X", "visit_on"] <= day(3)).all()


def test_neighbours_go_into_one_round_and_the_officer_of_the_grid_leads():
    near = [visit(f"A{n}", grid_id="G1", latitude=28.6, due_on=day(-5)) for n in range(8)]
    far = [visit(f"B{n}", grid_id="G2", latitude=28.9, due_on=day(-5)) for n in range(8)]
    officers = [officer(f"R{n}", grid_id=grid) for n, grid in enumerate(("G1", "G3", "G4", "G2"), 1)]
    plan, _ = SmallBureau([*near, *far], officers).with_policy(unfamiliar_days=5).checked_plan()
    assert (plan.groupby("round_id")["grid_id"].nunique() == 1).all()
    leads = plan[plan["role"] == "lead"].groupby("grid_id")["officer_id"].unique()
    assert leads["G1"].tolist() == ["R1"] and leads["G2"].tolist() == ["R4"]


def test_the_two_who_came_last_time_do_not_come_again_where_others_can():
    """The same two with the same merchant, year in year out, is how favours grow."""
    again = [visit("M1", last_lead_officer_id="R2", last_co_officer_id="R1", due_on=day(-9))]
    officers = [officer(f"R{n}") for n in (1, 2, 3, 4)]
    plan, _ = SmallBureau(again, officers).checked_plan()
    assert set(plan["officer_id"]) != {"R1", "R2"}


def test_the_pairs_of_a_station_change_over_the_month():
    many = [visit(f"M{n:03d}", due_on=day(-9)) for n in range(400)]
    plan, unplaced = SmallBureau(many, [officer(f"R{n}") for n in range(4)]).checked_plan()
    pairs = plan.groupby("round_id")["officer_id"].agg(frozenset)
    assert pairs.nunique() == 6
    days = plan.groupby("officer_id")["visit_on"].nunique()
    assert days.max() - days.min() <= 1
    assert set(told(unplaced).values()) == {"capacity"}


def station_in_arrears() -> SmallBureau:
    """More visits wanted than four officers can make, overdue, due and tasks, over six grids."""
    visits = [
        visit(
            f"M{n:03d}",
            grid_id=f"G{n % 6}",
            latitude=28.6 + 0.02 * (n % 6) + 0.001 * (n * 7 % 11),
            longitude=124.2 + 0.001 * (n * 5 % 13),
            due_on=day((n * 37) % 330 - 300),
            priority=1.5 if n % 25 == 0 else 0.3 * ((n * 13) % 17 + 1) / 17,
        )
        for n in range(400)
    ]
    return SmallBureau(visits, [officer(f"R{n}", grid_id=f"G{n}") for n in range(4)])


def worth(bureau: SmallBureau) -> tuple[dict, dict, dict]:
    """The figures of the plan, of the most pressing first by hand, and of the most pressing with its neighbours."""
    plan, _ = bureau.checked_plan()
    frames = bureau.frames
    plans = [plan[plan["role"] == "lead"], *(plan_by_hand(**frames, takes_neighbours=near) for near in (False, True))]
    return tuple(measures(frames["demand"], planned, NIGHT, bureau.patrol) for planned in plans)


def test_the_plan_is_not_behind_one_made_by_hand_on_lateness_priority_or_way():
    """The head who takes the most pressing first drives more than twice as far; the one who takes neighbours is later."""
    ours, urgent, near = worth(station_in_arrears())
    assert ours["placed_priority"] >= max(urgent["placed_priority"], near["placed_priority"]) - 1e-9
    assert ours["task_days_late"] <= min(urgent["task_days_late"], near["task_days_late"])
    assert ours["weighted_days_late"] <= min(urgent["weighted_days_late"], near["weighted_days_late"])
    assert ours["km_from_middle"] < 0.5 * urgent["km_from_middle"]
