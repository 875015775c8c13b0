"""The checker of rotation plans finds exactly the rule that a plan breaks, and nothing where it breaks none."""

from datetime import date

import pytest

from tests.rotation.checker import broken, unaccounted
from tests.rotation.hand_bureau import Q1, Q2, clock, hand_bureau, held, move, move_to, officer, planned, swap
from tests.rotation.tables import NIGHT, table

LONG = date(2016, 1, 1)


def rules(bureau, *rows) -> list[str]:
    """Codes of the rules that these moves break."""
    return [breach.rule for breach in broken(*bureau.asked, planned(*rows))]


def pair(one=None, other=None, **rows):
    """A, due at S1 by his station's clock, and B at S2, each beside two others who stay; `rows` as in hand_bureau."""
    a = officer("A") | {"grid_id": "G1"} | (one or {})
    b = officer("B", "S2", "registration") | (other or {})
    stay = [officer(name, unit) for name, unit in (("C", "S1"), ("D", "S1"), ("E", "S2"), ("F", "S2"))]
    rows.setdefault("clock", [clock(a)])
    return a, b, hand_bureau([a, b, *stay], **rows)


def swap_breaks(one=None, other=None, move_on=Q1, **rows) -> list[str]:
    """Rules that the swap of A and B breaks."""
    a, b, bureau = pair(one, other, **rows)
    return rules(bureau, *swap(a, b, move_on))


def test_a_swap_of_two_settled_officers_breaks_nothing_and_so_does_no_move_at_all():
    assert swap_breaks() == []
    assert rules(pair()[2]) == []


@pytest.mark.parametrize(
    ("clocked", "other", "is_broken"),
    [
        ({"name": "post"}, {"post": "patrol"}, True),
        ({"name": "post"}, {"post": "registration"}, False),
        ({"name": "station"}, {"unit": "S1"}, True),
        ({"name": "station"}, {"post": "patrol"}, False),
        ({"name": "grid"}, {"post": "registration", "grid": "G1"}, True),
        ({"name": "grid"}, {"post": "patrol", "grid": "G2"}, False),
        ({"name": "grid"}, {"post": "patrol", "grid": None}, False),
        ({"name": "area"}, {"post": "registration"}, True),
        ({"name": "area"}, {"post": "registration", "area_id": None}, True),
        ({"name": "area"}, {"post": "registration", "area_id": "A2"}, False),
    ],
)
def test_a_due_officer_goes_where_his_clock_stops(clocked, other, is_broken):
    a = officer("A", "S1", "patrol", "G1")
    b = officer("B", **{"unit": "S2", "post": "registration", **other})
    stay = [officer("C", "S1"), officer("D", b["unit_id"], area_id=b["area_id"])]
    bureau = hand_bureau([a, b, *stay], clock=[clock(a, **clocked)]).with_policy(station_move_share=1.0)
    assert rules(bureau, *swap(a, b)) == ["clock"] * is_broken


def test_the_post_clock_of_one_who_leads_stops_where_he_leads_another_station():
    heads = [officer(name, unit, "station_head", rank="head") for name, unit in (("A", "S1"), ("B", "S2"))]
    bureau = hand_bureau(heads, clock=[clock(heads[0], "post", 5.5)])
    assert rules(bureau, *swap(*heads)) == []
    others = [officer(name, unit, "permit") for name, unit in (("A", "S1"), ("B", "S2"))]
    assert rules(hand_bureau(others, clock=[clock(others[0], "post", 5.5)]), *swap(*others)) == ["clock"]


def test_every_clock_that_has_run_out_must_stop_and_one_that_is_watched_need_not():
    a = officer("A")
    clocks = [clock(a), clock(a, "post", 3.5, "watch")]
    assert swap_breaks(other={"post": "patrol"}, clock=clocks) == []
    clocks[1]["status"] = "overdue"
    assert swap_breaks(other={"post": "patrol"}, clock=clocks) == ["clock"]


@pytest.mark.parametrize(
    ("given", "is_broken"),
    [
        ({"certificate_valid_to_on": Q1}, False),
        ({"certificate_valid_to_on": date(2026, 9, 30)}, True),
        ({"certificate_valid_to_on": None}, True),
        ({"may_be_certified": False}, True),
    ],
)
def test_a_certified_post_asks_for_a_certificate_on_the_day_of_moving(given, is_broken):
    assert swap_breaks(other=given) == ["certificate"] * is_broken
    assert swap_breaks(one={"post": "registration"}, other=given) == []


@pytest.mark.parametrize(
    ("post", "given", "past", "is_broken"),
    [
        ("legal_review", {}, [], True),
        ("legal_review", {}, [held("A", "X9", "case_handling", LONG, 1.9)], True),
        (
            "legal_review",
            {},
            [held("A", "X9", "case_handling", LONG, 1.9), held("A", "X8", "legal_review", LONG, 0.2)],
            False,
        ),
        ("station_head", {}, [held("A", "X9", "station_head", LONG, 9.0)], True),
        ("station_head", {"rank": "deputy_head"}, [], False),
        ("station_head", {"post": "station_head", "rank": "staff"}, [], False),
        ("registration", {}, [], False),
    ],
)
def test_a_post_asks_for_years_on_certain_posts_or_for_a_rank_unless_he_holds_it_already(post, given, past, is_broken):
    broke = swap_breaks(one=given, other={"post": post, "rank": "head"}, past=("patrol",), held=past)
    # B, where he is a head, comes down by the swap: another rule
    assert [rule for rule in broke if rule != "rank"] == ["qualification"] * is_broken


@pytest.mark.parametrize(("post", "is_broken"), [("registration", True), ("team_head", False)])
def test_who_leads_goes_on_to_lead(post, is_broken):
    head = {"rank": "head", "post": "station_head"}
    assert swap_breaks(one=head, other={"post": post, "rank": "head"}) == ["rank"] * is_broken
    # the other way round it is no rotation's matter: who rises must be qualified
    assert swap_breaks(one={"rank": "head"}, other={"rank": "head", "post": "registration"}) == []


def test_nobody_goes_where_an_interest_of_his_lies_and_another_interest_bars_nothing():
    row = {"officer_id": "A", "unit_id": "S2", "grid_id": "G9", "kind": "relative"}
    assert swap_breaks(interest=[row]) == ["interest"]
    assert swap_breaks(interest=[row | {"unit_id": "S1"}, row | {"officer_id": "C"}]) == []


@pytest.mark.parametrize(
    ("unit", "post", "last_on", "is_broken"),
    [
        ("S2", "sampling", date(2024, 1, 1), True),
        ("S2", "sampling", date(2023, 9, 30), False),
        ("S3", "registration", date(2024, 1, 1), False),
    ],
)
def test_nobody_goes_back_to_a_unit_that_he_left_less_than_three_years_ago(unit, post, last_on, is_broken):
    assert swap_breaks(held=[held("A", unit, post, last_on)]) == ["returned"] * is_broken


@pytest.mark.parametrize(("post", "is_broken"), [("registration", True), ("sampling", False)])
def test_inside_a_unit_only_the_same_post_and_grid_is_a_return(post, is_broken):
    a, b = officer("A"), officer("B", post="registration")
    rows = {"clock": [clock(a, "grid")], "held": [held("A", "S1", post, date(2025, 1, 1))]}
    bureau = hand_bureau([a, b, officer("C")], **rows).with_policy(station_move_share=1.0)
    assert rules(bureau, *swap(a, b)) == ["returned"] * is_broken


@pytest.mark.parametrize(
    ("until", "move_on", "is_broken"),
    [(Q1, Q1, True), (Q1, Q2, False), (NIGHT, Q2, True), (date(2026, 9, 30), Q1, False)],
)
def test_nobody_moves_before_his_open_major_case_must_have_ended(until, move_on, is_broken):
    given = {"major_case_until_on": until}
    assert swap_breaks(one=given, move_on=move_on) == ["major_case"] * is_broken
    assert swap_breaks(other=given, move_on=move_on) == ["major_case"] * is_broken


@pytest.mark.parametrize(("leaves_on", "is_broken"), [(date(2027, 6, 30), True), (date(2027, 7, 2), False)])
def test_who_leaves_within_a_year_is_not_moved(leaves_on, is_broken):
    assert swap_breaks(other={"leaves_on": leaves_on}) == ["leaving"] * is_broken


def test_an_extended_officer_is_not_moved_unless_another_clock_of_his_is_due():
    assert swap_breaks(other={"is_extended": True}) == ["extended"]
    assert swap_breaks(one={"is_extended": True}) == []


@pytest.mark.parametrize(("since_on", "is_broken"), [(date(2025, 10, 2), True), (date(2025, 9, 30), False)])
def test_who_came_less_than_a_year_ago_moves_for_nobody_else_but_for_himself(since_on, is_broken):
    assert swap_breaks(other={"since_on": since_on}) == ["settled"] * is_broken
    assert swap_breaks(one={"since_on": since_on}) == []


def decided(name: str, place: dict, verdict: str = "accepted", **given) -> dict:
    """What management decided on this officer's going to that place in the first quarter."""
    to = {key: place[key] for key in ("unit_id", "post", "grid_id")}
    usual = {"officer_id": name, "verdict": verdict, "move_on": Q1, "decided_on": date(2026, 5, 1), "is_done": False}
    return {**usual, **to, **given}


def test_two_who_are_not_due_do_not_move_for_each_other():
    a, b, bureau = pair(clock=[])
    assert rules(bureau, *swap(a, b, roles=("successor", "successor"))) == ["needed", "needed"]


def test_an_accepted_move_needs_nobody_due_and_no_settled_year_but_its_successor_must_be_settled():
    new = {"since_on": date(2026, 3, 1)}
    roles = ("successor", "successor")
    a, b, bureau = pair(new, clock=[], decided=[decided("A", officer("B", "S2", "registration"))])
    assert rules(bureau, *swap(a, b, roles=roles)) == []
    assert rules(bureau, *swap(a, b, Q2, roles=roles)) == ["settled", "decided", "needed", "needed"]
    a, b, bureau = pair({}, new, clock=[], decided=[decided("A", officer("B", "S2", "registration"), "changed")])
    assert rules(bureau, *swap(a, b, roles=roles)) == ["settled"]


def test_for_whom_management_decided_a_move_no_other_is_proposed_unless_it_is_done():
    elsewhere = decided("A", {"unit_id": "S2", "post": "permit", "grid_id": None})
    assert swap_breaks(decided=[elsewhere]) == ["decided"]
    assert swap_breaks(decided=[elsewhere | {"move_on": date(2029, 1, 1)}]) == ["decided"]
    assert swap_breaks(decided=[elsewhere | {"is_done": True}]) == []
    assert swap_breaks(decided=[decided("A", officer("B", "S2", "registration"))]) == []


@pytest.mark.parametrize(
    ("given", "is_broken"),
    [
        ({}, True),
        ({"decided_on": date(2025, 6, 1)}, False),
        ({"post": "patrol"}, False),
    ],
)
def test_nobody_goes_to_a_post_that_management_declined_within_a_year(given, is_broken):
    row = decided("A", officer("B", "S2", "registration"), "declined")
    assert swap_breaks(decided=[row | given]) == ["declined"] * is_broken


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        ("station_certified", {"certificate_valid_to_on": None}),
        ("station_certified", {"certificate_valid_to_on": date(2026, 12, 31)}),
        ("station_handler", {"handling_years": 1.9, "handled_case_count": 19}),
    ],
)
def test_a_station_keeps_its_certified_officers_and_its_handler_quarter_after_quarter(rule, given):
    """A, certified and a handler, leaves S1 to B, who is not; with C such as A there is somebody to spare."""
    a, b = officer("A", post="registration"), officer("B", "S2", "registration", **given)
    weak = {"handling_years": 0.0, "handled_case_count": 0}
    for unit_kind, companions, is_broken in (
        ("station", [officer("C", **weak)], True),
        ("station", [officer("C"), officer("D")], False),
        ("team", [officer("C", unit_kind="team", **weak)], True),
        ("office", [officer("C", unit_kind="office", **weak)], False),
        # nobody but A is certified: what it has without a move is what it must keep
        ("station", [officer("C", certificate_valid_to_on=None, **weak)], True),
        # who has left by then is not counted
        ("station", [officer("C"), officer("D", leaves_on=date(2026, 9, 1))], rule == "station_certified"),
    ):
        a["unit_kind"] = unit_kind
        rows = [a, b, *companions, officer("E", "S2"), officer("F", "S2")]
        assert set(rules(hand_bureau(rows, clock=[clock(a)]), *swap(a, b))) == ({rule} if is_broken else set())


@pytest.mark.parametrize(("years", "cases", "is_broken"), [(2.0, 0, False), (0.0, 20, False), (1.9, 19, True)])
def test_years_or_cases_make_an_experienced_handler(years, cases, is_broken):
    a, b = officer("A", post="registration"), officer("B", "S2", "registration")
    b |= {"handling_years": years, "handled_case_count": cases}
    assert set(rules(hand_bureau([a, b], clock=[clock(a)]), *swap(a, b))) == (
        {"station_handler"} if is_broken else set()
    )


def test_a_station_that_has_fewer_than_asked_may_stay_so():
    a, b = (
        officer("A", post="registration", may_be_certified=False),
        officer("B", "S2", "registration", may_be_certified=False),
    )
    assert rules(hand_bureau([a, b], clock=[clock(a)]), *swap(a, b)) == []


def test_a_quarter_of_a_station_may_leave_in_a_quarter_and_one_always_may():
    for size, is_broken in ((8, False), (7, True)):
        here = [officer(f"A{number}") for number in range(size)]
        there = [officer(f"B{number}", f"S{number + 2}", "registration") for number in range(2)]
        bureau = hand_bureau([*here, *there], clock=[clock(who) for who in here])
        both = [*swap(here[0], there[0]), *swap(here[1], there[1], chain=2)]
        assert rules(bureau, *both) == ["station_share"] * is_broken
        staggered = [*swap(here[0], there[0]), *swap(here[1], there[1], Q2, chain=2)]
        assert rules(bureau, *staggered) == []


def test_moves_inside_a_unit_count_into_its_share():
    a, b, c = officer("A"), officer("B", post="registration"), officer("C")
    assert rules(hand_bureau([a, b, c], clock=[clock(a, "grid")]), *swap(a, b)) == ["station_share"]


def relieved(quiet: int = 3, busy: int = 3, demand=(100.0, 900.0), post="patrol", **given):
    """S1 with so many officers and little work, S2 with much; R of S1 is due and goes along with his post."""
    one = [officer("R", "S1", post)] + [officer(f"A{number}", "S1", **given) for number in range(quiet - 1)]
    two = [officer(f"B{number}", "S2") for number in range(busy)]
    return one[0], hand_bureau([*one, *two], demand=dict(zip(("S1", "S2"), demand, strict=True)), clock=[clock(one[0])])


NEW = {"unit_id": "S2", "post": "patrol", "grid_id": None}


def test_a_movable_post_goes_from_a_station_with_little_work_to_one_with_much():
    who, bureau = relieved()
    assert rules(bureau, move_to(who, NEW, Q1, 1, "due")) == []
    spare = officer("A0", "S1")
    assert rules(bureau, move_to(spare, NEW, Q1, 1, "relief")) == []


@pytest.mark.parametrize(
    ("given", "new"),
    [
        ({"quiet": 2, "demand": (1.0, 900.0)}, {}),
        ({"demand": (500.0, 600.0)}, {}),
        ({"demand": (600.0, 600.0)}, {}),
        ({"demand": (0.0, 900.0)}, {}),
        ({"post": "registration"}, {}),
        ({}, {"grid_id": "G2"}),
        ({}, {"post": "registration"}),
    ],
)
def test_a_post_lapses_and_opens_only_where_relief_allows_it(given, new):
    who, bureau = relieved(**given)
    bureau = bureau.with_policy(min_certified=0)
    assert set(rules(bureau, move_to(who, NEW | new, Q1, 1, "due"))) == {"relief"}


def test_a_post_opens_only_where_the_load_is_above_the_mean_and_only_as_many_as_lapse():
    who, _ = relieved()
    calm = [officer(name, "S2") for name in ("B0", "B1")]
    busy = [officer(name, "S3") for name in ("C0", "C1")]
    officers = [who, officer("A0"), officer("A1"), *calm, *busy]
    demand = {"S1": 30.0, "S2": 40.0, "S3": 900.0}
    bureau = hand_bureau(officers, demand=demand, clock=[clock(who)]).with_policy(
        movable_posts=("patrol", "registration")
    )
    assert rules(bureau, move_to(who, NEW, Q1, 1, "due")) == ["relief"]
    there = NEW | {"unit_id": "S3"}
    assert rules(bureau, move_to(who, there, Q1, 1, "due")) == []
    # a post on patrol lapses and one at the registration opens
    assert rules(bureau, move_to(who, there | {"post": "registration"}, Q1, 1, "due")) == ["relief", "relief"]


def test_a_post_that_is_not_movable_does_not_lapse():
    who, bureau = relieved(post="registration")
    told = broken(*bureau.asked, planned(move_to(who, NEW | {"post": "registration"}, Q1, 1, "due")))
    assert {breach.who for breach in told if breach.rule == "relief"} == {"S1", "S2"}


def test_relief_goes_through_a_successor_as_well_and_at_most_once_per_station():
    who, third = officer("R"), officer("C", "S3")
    officers = [who, officer("A0"), officer("A1"), officer("B0", "S2"), officer("B1", "S2")]
    others = [officer(f"C{number}", "S3", "registration") for number in range(2)]
    bureau = hand_bureau(
        [*officers, third, *others],
        demand={"S1": 30.0, "S2": 900.0, "S3": 900.0},
        clock=[clock(third)],
    ).with_policy(min_certified=0)
    through = [move_to(third, NEW, Q1, 1, "due"), move(who, third, Q1, 1, "successor")]
    assert rules(bureau, *through) == []
    again = move_to(officer("A0", "S1"), NEW | {"unit_id": "S3"}, Q2, 2, "relief")
    assert rules(bureau, again) == []
    # both S1 would lose two and nobody else
    assert rules(bureau, *through, again) == ["relief"]
    twice = [move_to(officer("A0", "S1"), NEW, Q2, 2, "relief"), through[0], through[1]]
    assert rules(bureau, *twice) == ["relief", "relief"]


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        ("place_not_free", lambda a, b, c: [move(a, b)]),
        ("place_taken_twice", lambda a, b, c: [*swap(a, b), move(c, a, role="successor")]),
        ("moves_twice", lambda a, b, c: [*swap(a, b), move(a, c)]),
        ("chain", lambda a, b, c: [move(a, b), move(b, a, Q2, role="successor")]),
        ("chain", lambda a, b, c: [move(a, b), move(b, a, chain=2, role="successor")]),
        ("from", lambda a, b, c: [move(a | {"post": "permit"}, b), move(b, a, role="successor")]),
        ("to", lambda a, b, c: [move(a, b | {"grid_id": "G8"}), move(b, a, role="successor")]),
        ("day", lambda a, b, c: swap(a, b, date(2026, 11, 1))),
        ("role", lambda a, b, c: swap(a, b, roles=("due", "due"))),
        ("relief", lambda a, b, c: [move(a, b), move_to(b, NEW | {"unit_id": "S1"}, Q1, 1, "relief")]),
    ],
)
def test_places_and_people_are_conserved(rule, rows):
    a, b, bureau = pair()
    c = officer("C", "S1")
    assert rule in rules(bureau, *rows(a, b, c))


def test_two_chains_under_one_number_are_found():
    here = [officer(f"A{number}", f"S{number}") for number in range(4)]
    bureau = hand_bureau(here, clock=[clock(who) for who in here])
    roles = ("due", "due")
    two = [*swap(here[0], here[1], roles=roles), *swap(here[2], here[3], roles=roles)]
    assert rules(bureau, *two) == ["chain"]
    two = [*swap(here[0], here[1], roles=roles), *swap(here[2], here[3], roles=roles, chain=2)]
    assert rules(bureau, *two) == []


def test_everybody_who_is_due_moves_or_is_told_of_as_left_with_the_rule():
    a, b, bureau = pair()

    def wrong(moves, *left):
        return len(unaccounted(*bureau.asked, planned(*moves), table(list(left), ["officer_id", "outcome", "rule"])))

    barred = {"officer_id": "A", "outcome": "barred", "rule": "interest"}
    assert wrong(swap(a, b)) == 0
    assert wrong([], barred) == 0
    assert wrong([]) == 1
    assert wrong(swap(a, b), barred) == 1
    assert wrong([], barred | {"rule": None}) == 1
    assert wrong([], barred | {"outcome": "later", "rule": None}) == 0
