"""The rotation plan keeps every rule, costs what it says, and names the rule where somebody cannot be moved."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import Phase, given, settings

from tests.rotation.bureau import random_bureau, small_bureaus
from tests.rotation.checker import broken, unaccounted
from tests.rotation.cost import cost
from tests.rotation.every_plan import least_cost
from tests.rotation.greedy import greedy_plan
from tests.rotation.hand_bureau import Q1, Q2, clock, hand_bureau, officer, planned
from tests.rotation.tables import NIGHT

# every summand of the objective is rounded to a thousandth of a quarter
ROUNDING = 0.0005


def checked(bureau):
    """The plan, once the checker has found nothing broken and nobody forgotten."""
    plan = bureau.plan()
    assert broken(*bureau.asked, plan.moves) == []
    assert unaccounted(*bureau.asked, plan.moves, plan.left) == []
    return plan


def places(plan) -> dict[str, tuple]:
    """Where everybody goes whom the plan moves: (unit, post, day)."""
    moves = plan.moves
    days = [day.isoformat()[:10] for day in moves["move_on"]]
    return dict(zip(moves["officer_id"], zip(moves["to_unit_id"], moves["to_post"], days, strict=True), strict=True))


def why(plan) -> dict[str, tuple[str, str]]:
    """Outcome and rule of everybody who is due and stays."""
    left = plan.left
    return dict(zip(left["officer_id"], zip(left["outcome"], left["rule"], strict=True), strict=True))


# a bureau's seed cannot be made smaller to any purpose: no shrinking
@settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(small_bureaus())
def test_no_plan_breaks_a_rule_or_forgets_anybody_and_it_costs_what_it_says(bureau):
    plan = checked(bureau)
    officers, units = len(bureau.frames["staff"]), len(bureau.frames["unit"])
    assert plan.objective == pytest.approx(cost(*bureau.asked, plan.moves), abs=ROUNDING * (5 * officers + units))
    assert plan.bound <= plan.objective + ROUNDING
    assert cost(*bureau.asked, plan.moves) <= cost(*bureau.asked, planned()) + ROUNDING * 5 * officers


@pytest.mark.parametrize(("seed", "decided_share"), [(0, 0.03), (1, 0.03), (6, 0.03), (13, 0.4), (22, 0.4), (23, 0.4)])
def test_a_plan_costs_no_more_than_one_made_by_hand_and_lies_within_two_percent_of_its_bound(seed, decided_share):
    bureau = random_bureau(seed, 5, 24, 0.4, decided_share)
    plan = checked(bureau)
    assert plan.objective - plan.bound <= 0.02 * plan.bound
    assert cost(*bureau.asked, plan.moves) <= cost(*bureau.asked, greedy_plan(*bureau.asked)) + ROUNDING * 120


@pytest.mark.parametrize("seed", [0, 4, 9, 10, 13, 18, 20, 22, 24, 29, 33, 35])
def test_of_all_plans_that_keep_the_rules_none_costs_less_and_none_lies_below_the_bound(seed):
    """Nine officers and two quarters: every plan can be tried."""
    bureau = random_bureau(seed, 3, 9, 0.5, 0.05).with_policy(quarter_count=2, load_quarters=20.0, min_certified=1)
    plan = checked(bureau)
    least, _ = least_cost(bureau)
    assert plan.bound <= least + ROUNDING * 60
    assert least - ROUNDING * 60 <= plan.objective <= least * 1.02
    if plan.is_optimal:
        assert plan.objective == pytest.approx(least, abs=ROUNDING * 60)


def test_nobody_moves_where_nobody_is_due():
    plan = checked(hand_bureau([officer("A"), officer("B", "S2")]))
    assert plan.moves.empty and plan.left.empty


def test_the_same_inputs_make_the_same_plan_and_the_order_of_their_rows_changes_nothing():
    bureau = random_bureau(5, 4, 18, 0.4)
    turned = {name: frame[::-1].reset_index(drop=True) for name, frame in bureau.frames.items()}
    # staff is given in the order of officer_id
    turned["staff"] = bureau.frames["staff"]
    one, again, other = bureau.plan(), bureau.plan(), bureau.with_frames(**turned).plan()
    for plan in (again, other):
        assert one.moves.equals(plan.moves) and one.left.equals(plan.left)
        assert (one.objective, one.bound) == (plan.objective, plan.bound)


def test_officers_of_two_stations_of_two_swap():
    a, b = officer("A", "S1"), officer("B", "S2", "registration")
    officers = [a, b, officer("C", "S1", "station_head", rank="head"), officer("D", "S2", "station_head", rank="head")]
    plan = checked(hand_bureau(officers, clock=[clock(a)]))
    assert places(plan) == {"A": ("S2", "registration", "2026-10-01"), "B": ("S1", "patrol", "2026-10-01")}
    assert plan.moves["chain"].nunique() == 1
    assert plan.moves.set_index("officer_id")["succeeds_officer_id"].to_dict() == {"A": "B", "B": "A"}


def test_the_more_urgent_of_two_goes_first_where_one_may_leave_in_a_quarter():
    late, later = officer("A"), officer("B")
    others = [officer("C", "S2", "registration"), officer("D", "S3", "registration")]
    clocks = [clock(late, years=8.2), clock(later, years=9.6, status="overdue")]
    plan = checked(hand_bureau([late, later, *others], clock=clocks))
    days = {name: day for name, (_, _, day) in places(plan).items() if name in "AB"}
    assert days == {"A": "2027-01-01", "B": "2026-10-01"}


def stuck(one=None, other=None, **rows):
    """A of S1, due by his station's clock, and B of S2: nobody else is there."""
    a = officer("A") | (one or {})
    b = officer("B", "S2", "registration") | (other or {})
    rows.setdefault("clock", [clock(a)])
    return hand_bureau([a, b], **rows)


def interest(name: str, unit: str) -> dict:
    return {"officer_id": name, "unit_id": unit, "grid_id": None, "kind": "recusal"}


@pytest.mark.parametrize(
    ("bureau", "rule"),
    [
        (stuck(interest=[interest("A", "S2")]), "interest"),
        (stuck(other={"post": "legal_review"}, past=("sampling",)), "qualification"),
        (stuck({"certificate_valid_to_on": None}, {"post": "patrol"}), "certificate"),
        (stuck({"leaves_on": date(2026, 12, 1)}), "leaving"),
        (stuck({"major_case_until_on": NIGHT}), "major_case"),
        (stuck({"post": "registration"}, clock=[clock(officer("A", post="registration"), "post")]), "clock"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_where_one_rule_stands_in_the_way_of_every_move_of_his_it_is_named(bureau, rule):
    plan = checked(bureau)
    assert plan.moves.empty
    assert why(plan) == {"A": ("barred", rule)}


@pytest.mark.parametrize(
    ("bureau", "rule"),
    [
        (stuck(interest=[interest("B", "S1")]), "interest"),
        (stuck(other={"certificate_valid_to_on": None}), "certificate"),
        (stuck({"post": "legal_review"}, past=("patrol",)), "qualification"),
        (stuck(other={"leaves_on": date(2026, 12, 1)}), "leaving"),
        (stuck({"post": "registration"}, {"is_extended": True}), "extended"),
        (stuck(other={"since_on": date(2026, 6, 29)}).with_policy(quarter_count=2), "settled"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_where_one_rule_keeps_everybody_from_his_place_it_is_named(bureau, rule):
    plan = checked(bureau)
    assert plan.moves.empty
    assert why(plan) == {"A": ("barred", rule)}


def test_where_nobody_is_certified_and_where_all_are_recused_the_plan_still_comes():
    officers = [officer(f"A{number}", f"S{number // 2}", certificate_valid_to_on=None) for number in range(6)]
    clocks = [clock(who) for who in officers[:3]]
    plan = checked(hand_bureau(officers, clock=clocks))
    assert plan.moves.empty
    assert why(plan) == dict.fromkeys(["A0", "A1", "A2"], ("barred", "certificate"))
    officers = [officer(f"A{number}", f"S{number // 2}") for number in range(6)]
    rows = [interest(who["officer_id"], f"S{unit}") for who in officers for unit in range(3)]
    plan = checked(hand_bureau(officers, clock=clocks, interest=rows))
    assert plan.moves.empty
    assert why(plan) == dict.fromkeys(["A0", "A1", "A2"], ("barred", "interest"))


def test_a_station_of_two_that_would_lose_its_last_certified_officer_names_that_rule():
    """A is one of two certified officers of S1; whoever could come has no certificate."""
    a = officer("A", "S1", "registration")
    others = [officer(f"B{number}", "S2", "permit", may_be_certified=False) for number in range(3)]
    plan = checked(hand_bureau([a, officer("C", "S1"), *others], clock=[clock(a)]))
    assert plan.moves.empty
    assert {name: rule for name, (_, rule) in why(plan).items()} == {"A": "station_certified"}


def accepted(name: str, place: dict, **given) -> dict:
    row = {"officer_id": name, "verdict": "accepted", "move_on": Q1, "decided_on": date(2026, 6, 1), "is_done": False}
    return row | {key: place[key] for key in ("unit_id", "post", "grid_id")} | given


def choice():
    """A of S1 is due; B of S2 and C of S3, ten times as far, may both take his place."""
    a, b, c = officer("A"), officer("B", "S2", "registration"), officer("C", "S3", "registration")
    coordinates = {"S1": (28.0, 121.0), "S2": (28.1, 121.0), "S3": (29.0, 121.0)}
    return a, b, c, {"officers": [a, b, c], "clock": [clock(a)], "coordinates": coordinates}


def test_an_accepted_move_is_kept_on_its_day_though_another_costs_less():
    a, _, c, rows = choice()
    assert places(checked(hand_bureau(**rows)))["A"] == ("S2", "registration", "2026-10-01")
    wished = hand_bureau(**rows, decided=[accepted("A", c, move_on=Q2, verdict="changed")])
    assert places(checked(wished))["A"] == ("S3", "registration", "2027-01-01")
    late = hand_bureau(**rows, decided=[accepted("A", c, move_on=date(2026, 5, 1))])
    assert places(checked(late))["A"] == ("S3", "registration", "2026-10-01")
    done = hand_bureau(**rows, decided=[accepted("A", a, is_done=True)])
    assert places(checked(done))["A"][0] == "S2"


def test_an_accepted_move_of_one_who_is_not_due_and_came_lately_is_carried_out():
    a, b, _, rows = choice()
    rows["officers"][0] |= {"since_on": date(2026, 6, 1)}
    rows |= {"clock": [], "decided": [accepted("A", b)]}
    assert places(checked(hand_bureau(**rows)))["A"] == ("S2", "registration", "2026-10-01")


@pytest.mark.parametrize(
    ("one", "other", "interests"),
    [
        ({}, {}, [("A", "S2")]),
        ({}, {}, [("B", "S1")]),
        ({"is_extended": True}, {}, []),
        ({"leaves_on": date(2026, 12, 1)}, {}, []),
        ({"major_case_until_on": NIGHT}, {}, []),
        ({}, {"certificate_valid_to_on": None}, []),
        ({}, {"since_on": date(2026, 6, 29)}, []),
    ],
)
def test_an_accepted_move_is_never_carried_out_against_a_rule(one, other, interests):
    _, b, _, rows = choice()
    officers = [rows["officers"][0] | one, rows["officers"][1] | other]
    rows |= {"officers": officers, "clock": [], "decided": [accepted("A", b)]}
    assert checked(hand_bureau(**rows, interest=[interest(*each) for each in interests])).moves.empty


def test_a_declined_place_is_not_proposed_again_within_a_year():
    _, b, _, rows = choice()
    declined = accepted("A", b, verdict="declined")
    assert places(checked(hand_bureau(**rows, decided=[declined])))["A"][0] == "S3"
    old = declined | {"decided_on": date(2025, 6, 1)}
    assert places(checked(hand_bureau(**rows, decided=[old])))["A"][0] == "S2"


def test_last_nights_proposal_stays_where_another_is_hardly_better():
    _, _, c, rows = choice()
    rows["coordinates"] = rows["coordinates"] | {"S3": (28.11, 121.0)}
    last = [{"officer_id": "A", "unit_id": "S3", "post": "registration", "grid_id": None, "move_on": Q1}]
    assert places(checked(hand_bureau(**rows)))["A"][0] == "S2"
    assert places(checked(hand_bureau(**rows, last=last)))["A"][0] == "S3"


def test_the_same_place_on_another_day_is_the_same_proposal():
    a, b, _, rows = choice()
    last = [{"officer_id": "A", "unit_id": "S2", "post": "registration", "grid_id": None, "move_on": Q2}]
    last += [{"officer_id": "B", "unit_id": "S1", "post": "patrol", "grid_id": None, "move_on": Q2}]
    bureau = hand_bureau(**rows, last=last)
    plan = checked(bureau)
    assert places(plan)["A"] == ("S2", "registration", "2026-10-01")
    assert plan.objective == pytest.approx(cost(*bureau.asked, plan.moves), abs=0.01)


def test_only_a_post_of_the_kind_that_lapses_opens_elsewhere():
    """R must leave the registration; that patrol lacks an officer at S2 does not make his post one on patrol."""
    who = officer("R", post="registration")
    officers = [who, officer("A0"), officer("A1"), officer("B0", "S2"), officer("B1", "S2")]
    bureau = hand_bureau(officers, demand={"S1": 30.0, "S2": 900.0}, clock=[clock(who, "post", 5.5)])
    checked(bureau.with_policy(movable_posts=("patrol", "registration")))


def test_a_movable_post_goes_to_the_station_with_more_work_than_the_mean():
    officers = [officer(f"A{number}", "S1") for number in range(4)] + [
        officer(f"B{number}", "S2") for number in range(2)
    ]
    plan = checked(hand_bureau(officers, demand={"S1": 300.0, "S2": 300.0}, clock=[clock(officers[0])]))
    assert places(plan) == {"A0": ("S2", "patrol", "2026-10-01")}
    assert plan.moves["succeeds_officer_id"].isna().all() and plan.moves["role"].tolist() == ["due"]
    assert plan.objective == pytest.approx(0, abs=0.001)


def test_an_accepted_move_keeps_its_day_when_that_is_nearer_than_the_notice_and_nobody_else_moves_so_soon():
    """On 10 September a move decided for 1 October is still one for 1 October."""
    a, b, _, rows = choice()
    c, d = officer("D", "S4"), officer("E", "S5", "registration")
    rows["officers"] += [c, d]
    bureau = hand_bureau(**rows | {"clock": [clock(a), clock(c)]}, decided=[accepted("A", b, move_on=Q1)])
    plan = checked(replace(bureau, night=date(2026, 9, 10)))
    assert {name: day for name, (_, _, day) in places(plan).items()} == {
        "A": "2026-10-01",
        "B": "2026-10-01",
        "D": "2027-01-01",
        "E": "2027-01-01",
    }


def test_a_plan_still_comes_where_the_solver_finds_nothing_in_time(monkeypatch):
    monkeypatch.setattr("models.rotation.solve.TIME_LIMIT", 0.0)
    bureau = random_bureau(3, 5, 24, 0.4)
    plan = checked(bureau)
    assert plan.bound <= plan.objective + ROUNDING


def test_the_rule_named_is_one_without_which_there_would_be_a_move():
    """A has an interest at B's place, which B cannot leave anyhow: without the interest A would stay all the same."""
    alone = stuck(interest=[interest("A", "S2")])
    assert why(checked(alone)) == {"A": ("barred", "interest")}
    blocked = stuck(other={"leaves_on": date(2026, 12, 1)}, interest=[interest("A", "S2")])
    assert why(checked(blocked))["A"] != ("barred", "interest")


def test_an_interest_in_one_grid_bars_that_grid_and_who_has_the_whole_station():
    a, b, c = officer("A"), officer("B", "S2", grid_id="G1"), officer("C", "S2", grid_id="G2")
    row = interest("A", "S2") | {"grid_id": "G1"}
    rows = {"officers": [a, b, c], "clock": [clock(a)], "interest": [row]}
    assert places(checked(hand_bureau(**rows)))["A"][:2] == ("S2", "patrol")
    assert checked(hand_bureau(**rows)).moves.set_index("officer_id").loc["A", "to_grid_id"] == "G2"
    rows["officers"] = [a, b | {"grid_id": None}, c | {"grid_id": None}]
    assert checked(hand_bureau(**rows)).moves.empty


def test_a_decision_that_names_no_grid_takes_any_place_of_that_post_and_unit():
    a, b, c = officer("A"), officer("B", "S2", "sampling", grid_id="G1"), officer("C", "S2", "registration")
    rows = {"officers": [a, b, c], "clock": [clock(a)], "decided": [accepted("A", b | {"grid_id": None}, move_on=Q2)]}
    assert places(checked(hand_bureau(**rows)))["A"] == ("S2", "sampling", "2027-01-01")
