"""The reference of drift: kept exactly, like compared with like, and the index a distance."""

import json
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import policy
from models.drift import stability
from models.reference import (
    LOOK_BACK_DAYS,
    Reference,
    counted,
    of_the_night,
    psi,
    references,
    taken,
    taken_merchants,
    taken_visited,
)

AS_OF = date(2026, 6, 30)
RULES = policy.on(AS_OF).drift
SMALL = RULES.model_copy(update={"min_rows": 50})
COUNTS = st.lists(st.integers(0, 5000), min_size=1, max_size=12)
PAIRS = COUNTS.flatmap(
    lambda counts: st.tuples(
        st.just(counts), st.lists(st.integers(0, 5000), min_size=len(counts), max_size=len(counts))
    )
)


@given(PAIRS)
def test_the_index_is_never_negative_and_the_same_in_both_directions(pair):
    then, now = map(np.array, pair)
    assert psi(then, now) >= 0
    assert psi(then, now) == pytest.approx(psi(now, then), abs=1e-12)


@given(COUNTS)
def test_the_index_of_a_population_with_itself_is_zero(counts):
    assert psi(np.array(counts), np.array(counts)) == 0


@given(st.lists(st.floats(-1e6, 1e6) | st.just(np.nan), min_size=1, max_size=60), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(values, random):
    shuffled = random.sample(values, len(values))
    then, again = (taken("visited", pd.DataFrame({"a": list_}), AS_OF, AS_OF) for list_ in (values, shuffled))
    assert then.features["a"].counts == again.features["a"].counts
    assert then.features["a"].edges == again.features["a"].edges


def test_the_index_is_what_the_formula_gives_by_hand():
    """Shares (30.5, 70.5) / 101 against (60.5, 40.5) / 101: twice the same difference of 30/101."""
    by_hand = 30 / 101 * np.log(60.5 / 30.5) + 30 / 101 * np.log(70.5 / 40.5)
    assert psi(np.array([30, 70]), np.array([60, 40])) == pytest.approx(by_hand)


def bins(values) -> tuple[tuple[float, ...], tuple[int, ...]]:
    kept = taken("visited", pd.DataFrame({"a": values}), AS_OF, AS_OF).features["a"]
    return kept.edges, kept.counts


def test_many_values_make_tenths_few_make_a_bin_each_and_one_makes_three():
    assert bins(np.arange(1000.0))[1] == (100,) * 10
    assert bins([0.0, 0.0, 1.0, 2.0, 2.0, 2.0]) == ((0.0, 1.0), (2, 1, 3))
    edges, counts = bins([7.0] * 20)
    assert counts == (0, 20, 0)
    assert list(counted(edges, np.array([6.999, 7.0, 7.001]))) == [1, 1, 1]


def test_a_feature_that_is_nearly_always_at_its_top_still_has_two_sides():
    """A share that is 1 for nineteen in twenty: without the edge below the top, its fall would not be seen."""
    edges, counts = bins([1.0] * 190 + list(np.linspace(0.1, 0.9, 12)))
    assert counts == (12, 190) and edges == (0.9,)


def test_a_reference_kept_as_json_is_the_same_reference():
    random = np.random.default_rng(3)
    frame = pd.DataFrame({"a": random.normal(size=500), "b": np.nan, "c": random.integers(0, 3, size=500) / 3})
    reference = taken("visited", frame, AS_OF - timedelta(days=9), AS_OF)
    assert Reference.from_state(json.loads(json.dumps(reference.to_state(), allow_nan=False))) == reference


def test_recent_visits_are_no_part_of_what_they_are_compared_with():
    visited_on = np.datetime64(AS_OF) - np.arange(1000)
    reference = taken_visited(pd.DataFrame({"age": np.arange(1000.0)}), visited_on, AS_OF, SMALL)
    assert reference.row_count == 1000 - RULES.recent_days
    assert reference.end_on == AS_OF - timedelta(days=RULES.recent_days)
    assert reference.start_on == AS_OF - timedelta(days=999)


def test_what_is_usual_is_how_far_the_quarters_mostly_lay_from_the_whole_window():
    few = SMALL
    visited_on = np.datetime64(AS_OF) - np.arange(91 * 5)
    features = pd.DataFrame(
        {"same": np.tile([0.0, 1.0], 91 * 5)[: 91 * 5], "odd_quarter": np.arange(91 * 5) // 91 == 3}
    )
    usual = taken_visited(features.astype(float), visited_on, AS_OF, few).features
    assert usual["same"].usual_psi < 0.01
    assert usual["odd_quarter"].usual_psi > 1
    short = taken_visited(features[:200].astype(float), visited_on[:200], AS_OF, few).features
    assert short["odd_quarter"].usual_psi is None


def test_what_is_usual_between_two_nights_is_read_off_months_a_quarter_apart():
    """The share of one industry moves for all its merchants at once: a leap of bins, and no news."""
    few = SMALL
    age = np.arange(91 * 5).repeat(4)
    learning = pd.DataFrame({"industry_share": (age % 8 // 2) / 10 + age // 91 / 100, "own": age % 8 // 2 * 1.0})
    tonight = learning[age < 91]
    kept = taken_merchants(tonight, learning, np.datetime64(AS_OF) - age, AS_OF, few).features
    assert kept["industry_share"].usual_psi > 0.25 > 0.1 > kept["own"].usual_psi
    short = taken_merchants(tonight, tonight, np.datetime64(AS_OF) - age[age < 91], AS_OF, few).features
    assert short["own"].usual_psi is None


def test_what_tells_nights_apart_but_not_merchants_is_found():
    night = np.array(["2026-06-01", "2026-06-01", "2026-06-02", "2026-06-02"], dtype="datetime64[D]")
    features = pd.DataFrame(
        {"season": [0.1, 0.1, 0.2, 0.2], "own": [1.0, 2.0, 1.0, 2.0], "constant": 3.0, "unknown": np.nan}
    )
    assert of_the_night(features, night) == ("season",)


def window(as_of: date, before: dict, records_from: date = date(2020, 1, 1)) -> dict:
    random = np.random.default_rng(8)
    learning = pd.DataFrame({"a": random.normal(size=900), "season": np.sin(np.arange(900.0) // 3)})
    visited_on = np.datetime64(as_of) - np.arange(900) // 3
    tonight = pd.DataFrame({"a": random.normal(size=400), "season": 0.5})
    return references(learning, visited_on, tonight, np.zeros(400), as_of, SMALL, before, records_from)


def test_a_new_model_keeps_the_merchants_of_the_one_before_until_they_are_no_longer_recent():
    """Renewed with every weekly model, the reference would drift along and see nothing."""
    first = window(AS_OF, {})
    assert first["all_merchants"]["end_on"] == AS_OF.isoformat()
    week_later = window(AS_OF + timedelta(days=7), first)
    assert week_later["all_merchants"] == first["all_merchants"]
    assert week_later["score"]["end_on"] == (AS_OF + timedelta(days=7)).isoformat()
    later = AS_OF + timedelta(days=RULES.recent_days)
    assert window(later, week_later)["all_merchants"]["end_on"] == later.isoformat()


def test_a_value_of_the_night_is_compared_with_the_range_of_the_window_and_not_between_merchants():
    """A quarter never has the seasons of three years, nor two nights the same day in the year."""
    kept = window(AS_OF, {})
    assert "season" not in kept["all_merchants"]["features"]
    assert kept["visited"]["features"]["season"]["counts"][0] == kept["visited"]["features"]["season"]["counts"][2] == 0


def test_who_was_described_while_the_records_were_young_is_no_reference():
    """Two years are counted back: until then every count rises by itself, and that must not be called usual."""
    day = AS_OF - timedelta(days=LOOK_BACK_DAYS + 290)
    kept = window(AS_OF, {}, records_from=day)["visited"]
    assert (kept["start_on"], kept["row_count"]) == (
        (AS_OF - timedelta(days=289)).isoformat(),
        3 * (290 - RULES.recent_days),
    )
    young = window(AS_OF, {}, records_from=AS_OF - timedelta(days=LOOK_BACK_DAYS - 1))
    assert (young["visited"]["row_count"], young["all_merchants"]["row_count"]) == (0, 0)
    why = stability(Reference.from_state(young["visited"]), pd.DataFrame({"a": np.zeros(400)}), AS_OF, AS_OF, RULES)
    assert (why["status"] == "not_computable").all() and "recorded for 730 days" in why["reason_en"].iloc[0]
    next_night = window(AS_OF + timedelta(days=1), young, records_from=AS_OF - timedelta(days=LOOK_BACK_DAYS - 1))
    assert next_night["all_merchants"]["row_count"] == 400


def test_one_odd_quarter_among_many_does_not_make_its_distance_usual():
    few = SMALL
    age = np.arange(91 * 14)
    features = pd.DataFrame({"odd": (age // 91 == 5).astype(float)})
    visited_on = np.datetime64(AS_OF) - age
    assert taken_visited(features, visited_on, AS_OF, few).features["odd"].usual_psi < 0.25
    widest = few.model_copy(update={"usual_quantile": 1.0})
    assert taken_visited(features, visited_on, AS_OF, widest).features["odd"].usual_psi > 1


def test_a_history_that_has_only_recent_visits_gives_a_reference_without_rows():
    learning = pd.DataFrame({"a": np.arange(50.0), "season": 0.5})
    tonight = pd.DataFrame({"a": np.arange(20.0), "season": 0.6})
    visited_on = np.datetime64(AS_OF) - np.arange(50)
    kept = references(learning, visited_on, tonight, np.zeros(20), AS_OF, RULES, {}, date(2020, 1, 1))
    assert (kept["visited"]["row_count"], kept["all_merchants"]["row_count"]) == (0, 20)


def test_a_small_step_of_a_whole_industry_is_no_leap_between_two_nights():
    """One night's merchants share four figures; over the years these have wandered much farther than this."""
    random = np.random.default_rng(6)
    age = np.arange(91 * 8).repeat(8)
    industry = np.arange(len(age)) % 4 / 20
    learning = pd.DataFrame({"industry_share": industry + random.normal(0, 0.02, size=91 * 8).repeat(8)})
    tonight = pd.DataFrame({"industry_share": np.arange(400) % 4 / 20})
    reference = taken_merchants(tonight, learning, np.datetime64(AS_OF) - age, AS_OF, RULES)
    moved = stability(reference, tonight + 0.001, AS_OF, AS_OF, RULES).set_index("measure").loc["psi"]
    assert moved["status"] == "stable"
    assert (
        stability(reference, tonight + 0.2, AS_OF, AS_OF, RULES).set_index("measure").loc["psi", "status"] == "shifted"
    )
