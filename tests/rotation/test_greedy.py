"""The planner by hand keeps every rule that the solver keeps, and the cost is what the design says, summand by summand."""

from datetime import date

import numpy as np
import pytest

from tests.rotation.bureau import random_bureau
from tests.rotation.checker import broken
from tests.rotation.cost import cost
from tests.rotation.every_plan import least_cost
from tests.rotation.greedy import greedy_plan
from tests.rotation.hand_bureau import Q1, Q2, clock, hand_bureau, held, move_to, officer, planned, swap

WEIGHTS = dict.fromkeys(
    ["successor_quarters", "kilometre_quarters", "unfamiliar_quarters", "changed_quarters", "load_quarters"], 0.0
)


def test_plans_by_hand_break_no_rule_on_fifty_random_bureaus_and_help_most_of_who_is_due():
    moved = due = 0
    for seed in range(50):
        random = np.random.default_rng(seed)
        stations = int(random.integers(2, 5))
        officers = int(random.integers(2 * stations, 19))
        bureau = random_bureau(seed, stations, officers, float(random.choice([0.2, 0.5]))).with_policy(
            min_certified=int(random.integers(0, 4)),
            station_move_share=float(random.choice([0.25, 1.0])),
            movable_posts=("patrol", "registration")[: int(random.integers(0, 3))],
            load_quarters=float(random.choice([4.0, 40.0])),
        )
        moves = greedy_plan(*bureau.asked)
        assert broken(*bureau.asked, moves) == [], seed
        assert cost(*bureau.asked, moves) <= cost(*bureau.asked, planned())
        moved += (moves["role"] == "due").sum()
        frame = bureau.frames["clock"]
        due += frame.loc[frame["status"] != "watch", "officer_id"].nunique()
    assert moved > due / 2


def test_no_plan_by_hand_costs_less_than_the_best_of_all_plans_and_some_cost_more():
    above = []
    for seed in (4, 10, 13, 22, 33):
        bureau = random_bureau(seed, 3, 9, 0.5, 0.05).with_policy(quarter_count=2, load_quarters=20.0, min_certified=1)
        least, count = least_cost(bureau)
        assert count > 1
        above.append(cost(*bureau.asked, greedy_plan(*bureau.asked)) - least)
    assert min(above) > -1e-9 and max(above) > 1


def test_every_plan_of_two_who_are_due_is_none_and_their_swap_on_each_day():
    a, b = officer("A"), officer("B", "S2", "registration")
    bureau = hand_bureau([a, b], clock=[clock(a), clock(b)]).with_policy(quarter_count=3)
    assert least_cost(bureau) == (0, 4)
    officers = [officer(f"A{number}", "S1") for number in range(4)] + [
        officer(f"B{number}", "S2") for number in range(2)
    ]
    relief = hand_bureau(officers, demand={"S1": 300.0, "S2": 300.0}).with_policy(quarter_count=3)
    # nobody, or one of four on one of three days
    assert least_cost(relief) == (pytest.approx(0.5), 13)


def test_the_same_bureau_is_made_and_planned_the_same_twice():
    one, two = (random_bureau(7, 4, 18, 0.5) for _ in range(2))
    for name, frame in one.frames.items():
        assert frame.equals(two.frames[name]), name
    assert greedy_plan(*one.asked).equals(greedy_plan(*two.asked))


def test_a_random_bureau_of_full_size_has_about_a_fifth_of_its_officers_due_and_stations_of_two():
    frames = random_bureau(3).frames
    due = frames["clock"].query("status != 'watch'")["officer_id"].nunique()
    assert len(frames["staff"]) == 351 and 45 <= due <= 95
    sizes = frames["staff"].query("unit_kind == 'station'").groupby("unit_id").size()
    assert len(sizes) == 39 and sizes.min() == 2


def pair(**rows):
    a, b = officer("A", "S1", "case_handling"), officer("B", "S2", "patrol")
    rows.setdefault("clock", [clock(a, years=8.5)])
    return a, b, hand_bureau([a, b], **rows)


def added(bureau, *rows, **weights) -> float:
    """Cost of these moves under these weights, the others being 0, beyond what waiting costs."""
    weighed = bureau.with_policy(**(WEIGHTS | weights))
    return cost(*weighed.asked, planned(*rows))


def test_waiting_costs_urgency_times_risk_each_quarter_and_never_moving_eight():
    a, b, bureau = pair()
    # half a year of the year from due to overdue; case handling weighs 1.5
    assert added(bureau) == pytest.approx(8 * 1.5 * 1.5)
    assert added(bureau, *swap(a, b)) == 0
    assert added(bureau, *swap(a, b, Q2)) == pytest.approx(1.5 * 1.5)


def test_the_most_urgent_clock_counts_and_key_merchants_of_the_grid_add_to_the_risk():
    a = officer("A", "S1", "patrol", "G1")
    clocks = [clock(a, years=8.5), clock(a, "grid", 6.0, "overdue", key_merchant_count=50.0)]
    bureau = hand_bureau([a, officer("B", "S2")], clock=clocks)
    assert added(bureau) == pytest.approx(8 * 2.0 * 1.5)


def test_successors_kilometres_and_new_posts_cost_what_the_policy_says():
    degree = {"S1": (28.0, 121.0), "S2": (29.0, 121.0)}
    a, b, bureau = pair(coordinates=degree, past=("case_handling",))
    rows = swap(a, b)
    assert added(bureau, *rows, successor_quarters=0.5) == pytest.approx(0.5)
    # A never was on patrol, B handled cases before
    assert added(bureau, *rows, unfamiliar_quarters=0.2) == pytest.approx(0.2)
    assert added(bureau, *rows, kilometre_quarters=0.01) == pytest.approx(2 * 1.112, abs=0.001)
    nowhere = pair()
    assert added(nowhere[2], *swap(*nowhere[:2]), kilometre_quarters=0.01) == 0


def test_what_differs_from_last_night_costs_and_what_is_the_same_does_not():
    a, b, _ = pair()
    to_b = {"officer_id": "A", "unit_id": "S2", "post": "patrol", "grid_id": None, "move_on": Q2}
    bureau = pair(last=[to_b])[2]
    waits = 8 * 1.5 * 1.5
    # A as last night, B not proposed then
    assert added(bureau, *swap(a, b), changed_quarters=0.25) == pytest.approx(0.25)
    assert added(bureau, changed_quarters=0.25) == pytest.approx(waits + 0.25)
    other = pair(last=[to_b | {"post": "sampling"}])[2]
    assert added(other, *swap(a, b), changed_quarters=0.25) == pytest.approx(0.5)
    none = pair()[2]
    assert added(none, *swap(a, b), changed_quarters=0.25) == 0


def test_an_accepted_move_that_is_not_carried_out_as_it_is_costs_fifty_quarters():
    accepted = {"officer_id": "B", "verdict": "accepted", "unit_id": "S1", "post": "case_handling", "grid_id": None}
    accepted |= {"move_on": date(2026, 5, 1), "decided_on": date(2026, 4, 1), "is_done": False}
    a, b, bureau = pair(decided=[accepted])
    assert added(bureau, *swap(a, b)) == 0
    assert added(bureau, *swap(a, b, Q2)) == pytest.approx(50 + 1.5 * 1.5)
    assert added(bureau) == pytest.approx(50 + 8 * 1.5 * 1.5)


def test_the_load_of_stations_costs_the_square_of_its_distance_from_the_mean_of_tonight():
    officers = [officer(f"A{number}", "S1") for number in range(4)] + [
        officer(f"B{number}", "S2") for number in range(2)
    ]
    bureau = hand_bureau(officers, demand={"S1": 300.0, "S2": 300.0})
    assert added(bureau, load_quarters=4.0) == pytest.approx(4 * (0.25**2 + 0.5**2))
    relief = move_to(officers[0], {"unit_id": "S2", "post": "patrol", "grid_id": None}, Q1, 1, "relief")
    assert added(bureau, relief, load_quarters=4.0) == pytest.approx(0)
    assert planned(relief).equals(greedy_plan(*bureau.asked))


def test_the_planner_by_hand_takes_a_swap_in_the_first_quarter_and_a_chain_of_three_where_no_swap_is_allowed():
    a, b, bureau = pair()
    assert greedy_plan(*bureau.asked)["officer_id"].tolist() == ["A", "B"]
    # B was at S1 last year and may not go back; C may, and B may go to C's place
    c = officer("C", "S3", "registration")
    three = hand_bureau(
        [a, b, c],
        clock=[clock(a), clock(b)],
        held=[held("B", "S1", "patrol", date(2025, 1, 1)), held("A", "S3", "patrol", date(2025, 1, 1))],
    )
    moves = greedy_plan(*three.asked)
    assert moves["officer_id"].tolist() == ["A", "B", "C"] and (moves["move_on"].dt.date == Q1).all()
